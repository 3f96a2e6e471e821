/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of the browser: the cursor, where one is, and marks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tui.h"

/* Segments 10 to 29, in the view of shared memory. */
static void begin(struct ui *ui)
{
        tui_start(ui, tui_segments(NULL, TUI_NOW, 10, 20), false);
        tui_type(ui, ":shm<Enter>");
        assert_string_equal(ui_level(ui)->view->name, "shm");
        assert_int_equal(ui->rows.n, 20);
}

/* --- the cursor ------------------------------------------------------------ */

static void it_begins_with_the_overview(void **state)
{
        struct ui ui;

        (void)state;
        tui_start(&ui, NULL, false);
        assert_ptr_equal(ui_level(&ui)->view, all_views[0]);
        assert_int_equal(ui.rows.n, 0);
        assert_null(ui_row(&ui));
        /* No key does harm before there is anything to see. */
        tui_type(&ui, "jkgGhl<Enter>xopti<Space>*UDSesyd:x<Esc>/x<Esc>nN<>c<Tab><S-Tab>Z+-?<Esc>");
        ui_done(&ui);
}

static void it_moves(void **state)
{
        struct ui ui;
        struct layout layout;

        (void)state;
        begin(&ui);
        assert_string_equal(tui_at(&ui), "shm:10");
        tui_type(&ui, "j<Down>");
        assert_string_equal(tui_at(&ui), "shm:12");
        tui_type(&ui, "k<Up><Up*5>");
        assert_string_equal(tui_at(&ui), "shm:10");
        tui_type(&ui, "G");
        assert_string_equal(tui_at(&ui), "shm:29");
        tui_type(&ui, "j<PgDn>");
        assert_string_equal(tui_at(&ui), "shm:29");
        layout_measure(&ui, &layout);
        assert_int_equal(ui_level(&ui)->top, 20 - layout.body_height);
        tui_type(&ui, "g");
        assert_string_equal(tui_at(&ui), "shm:10");
        assert_int_equal(ui_level(&ui)->top, 0);
        tui_type(&ui, "<PgDn>");
        assert_int_equal(ui_level(&ui)->at, layout.body_height < 19 ? layout.body_height : 19);
        tui_type(&ui, "<PgUp>");
        assert_string_equal(tui_at(&ui), "shm:10");
        ui_done(&ui);
}

static void the_cursor_stays_on_its_object(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "jjjjj");
        assert_string_equal(tui_at(&ui), "shm:15");
        tui_next(&ui, 2, 5, 20);                /* five more before it */
        assert_string_equal(tui_at(&ui), "shm:15");
        assert_int_equal(ui_level(&ui)->at, 10);
        tui_next(&ui, 10, 15, 20);              /* none before it: those are gone for long */
        ui_time(&ui, ui.now + 10 * TUI_SECOND);
        ui_settle(&ui);
        assert_string_equal(tui_at(&ui), "shm:15");
        assert_int_equal(ui_level(&ui)->at, 0);
        assert_int_equal(ui.rows.n, 20);
        ui_done(&ui);
}

static void the_cursor_stays_through_sorting(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "jjj:sort size_bytes<Enter>");
        assert_string_equal(tui_at(&ui), "shm:13");
        assert_int_equal(ui_level(&ui)->at, 16);        /* the larger the id, the smaller it is */
        tui_type(&ui, "I");
        assert_string_equal(tui_at(&ui), "shm:13");
        assert_int_equal(ui_level(&ui)->at, 3);
        assert_true(ui_settings(&ui, ui_level(&ui)->view)->descending);
        ui_done(&ui);
}

static void a_gone_object_stays_for_a_while(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        assert_string_equal(tui_at(&ui), "shm:10");
        tui_next(&ui, 2, 12, 18);                       /* 10 and 11 are gone */
        assert_string_equal(tui_at(&ui), "shm:10");
        assert_int_equal(ui_row(&ui)->type, ROW_GHOST);
        assert_int_equal(ui.rows.n, 20);
        tui_type(&ui, "<Enter>");                       /* there is no page of it */
        ui_time(&ui, ui.now + 6 * TUI_SECOND);
        if (ui.nlevels > 1)
                tui_type(&ui, "<Esc*2>");
        ui_settle(&ui);
        assert_int_equal(ui.rows.n, 18);
        assert_string_equal(tui_at(&ui), "shm:12");     /* what came to its place */
        assert_int_equal(ui_level(&ui)->at, 0);
        ui_done(&ui);
}

static void the_last_row_goes(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "G");
        tui_next(&ui, 2, 10, 3);
        ui_time(&ui, ui.now + 6 * TUI_SECOND);
        ui_settle(&ui);
        assert_string_equal(tui_at(&ui), "shm:12");
        assert_int_equal(ui_level(&ui)->top, 0);
        tui_next(&ui, 2, 10, 0);
        ui_time(&ui, ui.now + 6 * TUI_SECOND);
        ui_settle(&ui);
        assert_int_equal(ui.rows.n, 0);
        assert_null(ui_row(&ui));
        assert_int_equal(subject_type(ui_subject(&ui)), SUBJECT_NONE);
        tui_type(&ui, "jkG<PgUp>g<Space>*n<Enter>D<Esc>");
        tui_next(&ui, 2, 12, 3);
        assert_string_equal(tui_at(&ui), "shm:12");     /* it is there again */
        ui_done(&ui);
}

static void what_is_looked_at_stays_on_its_line(void **state)
{
        struct ui ui;
        size_t top;

        (void)state;
        tui_start(&ui, tui_segments(NULL, TUI_NOW, 100, 200), false);
        tui_type(&ui, ":shm<Enter>G<Up*3>");
        top = ui_level(&ui)->top;
        assert_true(top > 100);
        tui_next(&ui, 2, 90, 210);
        assert_string_equal(tui_at(&ui), "shm:296");
        assert_int_equal(ui_level(&ui)->top, top + 10);
        tui_type(&ui, "g");
        tui_next(&ui, 2, 80, 220);
        assert_string_equal(tui_at(&ui), "shm:90");
        assert_int_equal(ui_level(&ui)->top, 0);        /* what is new at the top is not pushed out */
        ui_done(&ui);
}

/* --- tabs and levels ------------------------------------------------------- */

static void tabs_remember_where_one_was(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "jjjj:findings<Enter>");
        assert_string_equal(ui_level(&ui)->view->name, "findings");
        tui_type(&ui, ":shm<Enter>");
        assert_string_equal(tui_at(&ui), "shm:14");
        ui_done(&ui);
}

static void tabs_go_round(void **state)
{
        struct ui ui;
        unsigned tabs = 0;

        (void)state;
        begin(&ui);
        for (unsigned i = 0; i < all_views_count; i++)
                tabs += all_views[i]->tab != NULL;
        for (unsigned i = 0; i < tabs; i++) {
                assert_int_equal(strcmp(ui_level(&ui)->view->name, "shm") == 0, i == 0);
                tui_key(&ui, UI_KEY_TAB);
        }
        assert_string_equal(ui_level(&ui)->view->name, "shm");
        for (unsigned i = 0; i < tabs; i++)
                tui_key(&ui, UI_KEY_BACK_TAB);
        assert_string_equal(ui_level(&ui)->view->name, "shm");
        for (unsigned i = 0; i < all_views_count; i++)
                if (all_views[i]->digit) {
                        tui_key(&ui, (uint32_t)all_views[i]->digit);
                        assert_ptr_equal(ui_level(&ui)->view, all_views[i]);
                }
        ui_done(&ui);
}

static void levels_are_a_stack(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "jj<Enter>");
        assert_ptr_equal(ui_level(&ui)->view, &view_page);
        assert_string_equal(ui_level(&ui)->title, "shm:12");
        assert_int_equal(ui.nlevels, 2);
        tui_type(&ui, "i");
        assert_ptr_equal(ui_level(&ui)->view, &view_json);
        tui_type(&ui, "i");                             /* what is open already */
        assert_int_equal(ui.nlevels, 3);
        tui_type(&ui, "<Esc><Backspace>");
        assert_int_equal(ui.nlevels, 1);
        assert_string_equal(tui_at(&ui), "shm:12");
        tui_type(&ui, "<Esc>");                         /* at the first it does nothing */
        assert_int_equal(ui.nlevels, 1);
        assert_int_equal(ui.nrequests, 0);
        ui_done(&ui);
}

static void the_stack_is_bounded(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        for (unsigned i = 0; i < 3 * LEVELS_MOST; i++) {
                struct buf title = { 0 };

                buf_printf(&title, "%u", i);
                ui_open(&ui, &view_help, subject_of(SUBJECT_NONE, 0, 0), title.data);
                buf_done(&title);
        }
        assert_int_equal(ui.nlevels, LEVELS_MOST);
        assert_string_equal(ui_level(&ui)->title, "95");
        tui_type(&ui, "<Esc*40>");
        assert_int_equal(ui.nlevels, 1);
        assert_string_equal(ui_level(&ui)->view->name, "shm");
        ui_done(&ui);
}

static void owner_and_peer_lead_on(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "o");                             /* 10 is app's */
        assert_ptr_equal(ui_level(&ui)->view, &view_contents);
        assert_string_equal(ui_level(&ui)->title, "app[100]");
        tui_type(&ui, "<Esc>jo");                       /* 11 is nobody's */
        assert_int_equal(ui.nlevels, 1);
        assert_true(ui.message.len > 0);
        tui_type(&ui, ":unix<Enter>p");
        assert_ptr_equal(ui_level(&ui)->view, &view_page);
        assert_string_equal(ui_level(&ui)->title, "unix:ino=501");
        tui_type(&ui, "o");
        assert_string_equal(ui_level(&ui)->title, "other[200]");
        ui_done(&ui);
}

static void escape_peels_one_thing_at_a_time(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "<Enter>/shm<Enter>");
        assert_true(ui.search.len > 0);
        ui_message(&ui, STYLE_NONE, "x");
        tui_type(&ui, ":");
        tui_type(&ui, "<Esc>");
        assert_int_equal(ui.prompt.type, PROMPT_NONE);
        ui_message(&ui, STYLE_NONE, "x");
        tui_type(&ui, "<Esc>");
        assert_int_equal(ui.message.len, 0);
        assert_true(ui.search.len > 0);
        tui_type(&ui, "<Esc>");
        assert_int_equal(ui.search.len, 0);
        assert_int_equal(ui.nlevels, 2);
        tui_type(&ui, "<Esc>");
        assert_int_equal(ui.nlevels, 1);
        ui_done(&ui);
}

/* --- marks ----------------------------------------------------------------- */

static void marks_are_bound_to_objects(void **state)
{
        const struct object **chosen;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "<Space><Space>j<Space>");        /* 10, 11, 13 */
        assert_int_equal(ui.marks.used, 3);
        assert_string_equal(tui_at(&ui), "shm:14");
        tui_next(&ui, 2, 11, 10);                       /* 10 is gone, and its mark with it */
        assert_int_equal(ui.marks.used, 2);
        assert_int_equal(ui_chosen(&ui, &chosen), 2);
        assert_string_equal(chosen[0]->ref.data, "shm:11");
        assert_string_equal(chosen[1]->ref.data, "shm:13");
        free(chosen);
        tui_next(&ui, 2, 10, 10);                       /* another one of that number is not marked */
        assert_int_equal(ui.marks.used, 2);
        tui_type(&ui, "g:sort size_bytes<Enter>g");
        tui_type(&ui, "/100b<Enter><Space>");         /* 11: marked, and so no more */
        assert_int_equal(ui.marks.used, 1);
        tui_type(&ui, "U");
        assert_int_equal(ui.marks.used, 0);
        assert_int_equal(ui_chosen(&ui, &chosen), 1);   /* that of the row */
        free(chosen);
        ui_done(&ui);
}

static void all_that_is_shown_is_marked(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "\\id <lt> 15<Enter>*");
        assert_int_equal(ui.rows.n, 5);
        assert_int_equal(ui.marks.used, 5);
        tui_type(&ui, "\\<C-u><Enter>");
        assert_int_equal(ui.rows.n, 20);
        assert_int_equal(ui.marks.used, 5);
        tui_type(&ui, "<Enter>");                       /* on a page, it is about what the page is about */
        {
                const struct object **chosen;

                assert_int_equal(ui_chosen(&ui, &chosen), 1);
                free(chosen);
        }
        tui_type(&ui, "<Esc>:findings<Enter><Space>*");
        assert_int_equal(ui.marks.used, 5);
        ui_done(&ui);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_begins_with_the_overview),
                cmocka_unit_test(it_moves),
                cmocka_unit_test(the_cursor_stays_on_its_object),
                cmocka_unit_test(the_cursor_stays_through_sorting),
                cmocka_unit_test(a_gone_object_stays_for_a_while),
                cmocka_unit_test(the_last_row_goes),
                cmocka_unit_test(what_is_looked_at_stays_on_its_line),
                cmocka_unit_test(tabs_remember_where_one_was),
                cmocka_unit_test(tabs_go_round),
                cmocka_unit_test(levels_are_a_stack),
                cmocka_unit_test(the_stack_is_bounded),
                cmocka_unit_test(owner_and_peer_lead_on),
                cmocka_unit_test(escape_peels_one_thing_at_a_time),
                cmocka_unit_test(marks_are_bound_to_objects),
                cmocka_unit_test(all_that_is_shown_is_marked),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
