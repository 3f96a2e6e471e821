/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of the browser: filter, sort, columns, search. */
#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tui.h"
#include "tui/needle.h"

/* Segments 10 to 29, in the view of shared memory. */
static void begin(struct ui *ui)
{
        tui_start(ui, tui_segments(NULL, TUI_NOW, 10, 20), false);
        tui_type(ui, ":shm<Enter>");
        assert_string_equal(ui_level(ui)->view->name, "shm");
        assert_int_equal(ui->rows.n, 20);
}

/* --- filter, sort, columns ------------------------------------------------- */

static void a_filter_is_kept_by_its_view(void **state)
{
        struct parse_error error;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "jjjj\\id > 12<Enter>");
        assert_int_equal(ui.rows.n, 17);
        assert_int_equal(ui.rows.all, 20);
        assert_string_equal(tui_at(&ui), "shm:14");
        tui_type(&ui, ":unix<Enter>");
        assert_null(ui_settings(&ui, ui_level(&ui)->view)->filter);
        tui_type(&ui, ":shm<Enter>");
        assert_int_equal(ui.rows.n, 17);
        tui_next(&ui, 2, 1, 20);
        assert_int_equal(ui.rows.n, 8 + 9);             /* 13 to 20, and nine that are just gone */
        assert_int_equal(ui_filter(&ui, ui_level(&ui)->view, "id >", &error), -EINVAL);
        assert_string_equal(ui_settings(&ui, ui_level(&ui)->view)->filter, "id > 12");
        assert_int_equal(ui_filter(&ui, ui_level(&ui)->view, "  ", &error), 0);
        assert_null(ui_settings(&ui, ui_level(&ui)->view)->filter);
        assert_null(ui_settings(&ui, ui_level(&ui)->view)->query);
        ui_done(&ui);
}

static void a_wrong_filter_stays_to_be_mended(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "\\id > 12 and nosuch == 3<Enter>");
        assert_int_equal(ui.prompt.type, PROMPT_FILTER);
        assert_string_equal(ui.prompt.text.data, "id > 12 and nosuch == 3");
        assert_int_equal(ui.prompt.fault, 12);
        assert_non_null(strstr(ui.prompt.hint.data, "13"));
        assert_int_equal(ui.rows.n, 20);
        tui_type(&ui, "<C-w*4><Enter>");
        assert_int_equal(ui.prompt.type, PROMPT_NONE);
        assert_int_equal(ui.rows.n, 17);
        tui_type(&ui, "\\");                            /* it is there to be changed */
        assert_string_equal(ui.prompt.text.data, "id > 12");
        tui_type(&ui, "<C-u><Esc>");
        assert_int_equal(ui.rows.n, 17);
        tui_type(&ui, ":findings<Enter>\\");
        assert_int_equal(ui.prompt.type, PROMPT_NONE);
        ui_done(&ui);
}

static void columns_are_sorted_by_in_turn(void **state)
{
        struct view_column columns[COLUMNS_MOST];
        struct view_settings *settings;
        unsigned n, steps = 0;
        struct ui ui;

        (void)state;
        begin(&ui);
        settings = ui_settings(&ui, ui_level(&ui)->view);
        n = ui_level(&ui)->view->columns(&ui, ui_level(&ui), columns);
        assert_int_equal(settings->sort, NO_SORT);
        do {
                tui_type(&ui, ">");
                assert_int_not_equal(settings->sort, COLUMN_ACTIVITY);
        } while (settings->sort != NO_SORT && ++steps < 100);
        assert_in_range(steps, n - 1, n);
        tui_type(&ui, "<lt>");
        assert_int_not_equal(settings->sort, NO_SORT);
        tui_type(&ui, ">");
        assert_int_equal(settings->sort, NO_SORT);
        tui_type(&ui, ":sort size_bytes:desc<Enter>");
        assert_int_equal(settings->sort, FIELD_SIZE_BYTES);
        assert_true(settings->descending);
        tui_type(&ui, ":sort nosuch<Enter>");
        assert_int_equal(ui.prompt.type, PROMPT_COMMAND);
        assert_int_equal(ui.prompt.fault, 5);
        tui_type(&ui, "<Esc>:sort none<Enter>");
        assert_int_equal(settings->sort, NO_SORT);
        ui_done(&ui);
}

static void columns_are_chosen_by_name(void **state)
{
        struct view_settings *settings;
        struct ui ui;

        (void)state;
        begin(&ui);
        settings = ui_settings(&ui, ui_level(&ui)->view);
        tui_type(&ui, ":columns ref,size_bytes,ref<Enter>");
        assert_int_equal(settings->ncolumns, 2);
        tui_type(&ui, ":columns +key,-size_bytes<Enter>");
        assert_int_equal(settings->ncolumns, 2);
        assert_int_equal(settings->columns[0], FIELD_REF);
        assert_int_equal(settings->columns[1], FIELD_KEY);
        tui_type(&ui, ":columns ref,nosuch<Enter>");
        assert_int_equal(ui.prompt.fault, 12);
        assert_int_equal(settings->ncolumns, 2);
        tui_type(&ui, "<Esc>:columns<Enter>");
        assert_int_equal(settings->ncolumns, 0);
        ui_done(&ui);
}

/* --- search ---------------------------------------------------------------- */

static void search_goes_along_while_one_types(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "jj/101");
        assert_string_equal(tui_at(&ui), "shm:16");
        tui_type(&ui, "c");
        assert_string_equal(tui_at(&ui), "shm:28");
        tui_type(&ui, "<Backspace>");
        assert_string_equal(tui_at(&ui), "shm:16");
        tui_type(&ui, "zz");
        assert_string_equal(tui_at(&ui), "shm:12");     /* not found: where it began */
        assert_true(ui.prompt.hint.len > 0);
        tui_type(&ui, "<Backspace*2>");
        assert_string_equal(tui_at(&ui), "shm:16");
        tui_type(&ui, "<Esc>");
        assert_string_equal(tui_at(&ui), "shm:12");
        assert_int_equal(ui.search.len, 0);
        tui_type(&ui, "/0000100<Enter>");
        assert_string_equal(tui_at(&ui), "shm:12");
        tui_type(&ui, "nnn");
        assert_string_equal(tui_at(&ui), "shm:15");
        tui_type(&ui, "n");                             /* round */
        assert_string_equal(tui_at(&ui), "shm:10");
        assert_true(ui.message.len > 0);
        tui_type(&ui, "N");
        assert_string_equal(tui_at(&ui), "shm:15");
        assert_true(ui.message.len > 0);
        ui_done(&ui);
}

static void search_minds_case_only_if_asked(void **state)
{
        const struct tui_segment segments[] = { { 1, 1, 0 }, { 2, 1, 1001 }, { 3, 1, 1000 } };
        struct ui ui;

        (void)state;
        tui_start(&ui, tui_scene(NULL, TUI_NOW, segments, 3), false);
        tui_type(&ui, ":shm<Enter>/anna<Enter>");
        assert_string_equal(tui_at(&ui), "shm:3");
        tui_type(&ui, "g/ANNA<Enter>");
        assert_string_equal(tui_at(&ui), "shm:1");
        tui_type(&ui, "/Anna<Enter>");
        assert_string_equal(tui_at(&ui), "shm:3");
        tui_type(&ui, "g/Bert<Enter>n");
        assert_string_equal(tui_at(&ui), "shm:1");
        assert_true(ui.message.len > 0);
        ui_done(&ui);
}

static void assert_found(const char *needle, const char *text, size_t at, size_t len)
{
        struct needle made;
        size_t found = 0, found_len = 0;

        needle_make(&made, text_of(needle));
        assert_int_equal(needle_find(&made, text_of(text), 0, &found, &found_len), len > 0);
        needle_done(&made);
        if (len == 0)
                return;
        assert_int_equal(found, at);
        assert_int_equal(found_len, len);
}

/* What is found is told in the bytes of the text, where upper and lower case may take different ones. */
static void search_minds_no_case_in_any_script(void **state)
{
        (void)state;
        assert_found("", "abc", 0, 0);
        assert_found("abc", "", 0, 0);
        assert_found("abcd", "xabc", 0, 0);
        assert_found("aab", "xaaab", 2, 3);
        if (!setlocale(LC_CTYPE, "C.UTF-8"))
                skip();
        assert_found("größe", "die GRÖẞE", 4, 8);
        assert_found("größe", "die Größe", 4, 7);
        assert_found("Größe", "die GRÖẞE", 0, 0);
        assert_found("Größe", "die Größe", 4, 7);
        assert_found("Ä", "ä", 0, 0);
        assert_found("ä", "xÄ", 1, 2);
        assert_found("жук", "ЖУК", 0, 6);
        assert_found("σασ", "ΣΑΣ σας", 0, 6);
        assert_found("c", "\xc4\x8d", 0, 0);
        setlocale(LC_CTYPE, "C");
}

static void matches_are_marked_until_esc(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        assert_int_equal(ui_sought(&ui).len, 0);
        tui_type(&ui, "/101");
        assert_true(text_equal(ui_sought(&ui), TEXT("101")));
        tui_type(&ui, "<Esc>");
        assert_int_equal(ui_sought(&ui).len, 0);
        tui_type(&ui, "/102<Enter>jj");
        assert_true(text_equal(ui_sought(&ui), TEXT("102")));
        tui_type(&ui, "/1<Esc>");
        assert_true(text_equal(ui_sought(&ui), TEXT("102")));
        tui_type(&ui, "<Esc>");
        assert_int_equal(ui_sought(&ui).len, 0);
        ui_done(&ui);
}

static void a_long_search_goes_on_with_the_next_key(void **state)
{
        enum { MANY = 50000 };
        struct ui ui;
        unsigned keys = 0;

        (void)state;
        tui_start(&ui, tui_segments(NULL, TUI_NOW, 1, MANY), false);
        tui_type(&ui, ":shm<Enter>");
        assert_int_equal(ui.rows.n, MANY);
        tui_type(&ui, "/shm:49999<Enter>");
        while (strcmp(tui_at(&ui), "shm:49999") != 0 && keys++ < 10)
                tui_type(&ui, "n");
        assert_string_equal(tui_at(&ui), "shm:49999");
        assert_in_range(keys, 1, 9);
        ui_done(&ui);
}

static void search_scrolls_a_page(void **state)
{
        struct ui ui;
        size_t first;

        (void)state;
        begin(&ui);
        tui_type(&ui, "?");
        assert_ptr_equal(ui_level(&ui)->view, &view_help);
        assert_true(ui.rows.n > 30);
        tui_type(&ui, "/clipboard<Enter>");
        assert_non_null(strstr(((const struct text *)ui.rows.items[ui_level(&ui)->at].thing)->data, "clipboard"));
        first = ui_level(&ui)->top;
        assert_true(first > 0);
        tui_type(&ui, "g");
        assert_int_equal(ui_level(&ui)->top, 0);
        tui_type(&ui, "n");
        assert_int_equal(ui_level(&ui)->top, first);
        ui_done(&ui);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_filter_is_kept_by_its_view),
                cmocka_unit_test(a_wrong_filter_stays_to_be_mended),
                cmocka_unit_test(columns_are_sorted_by_in_turn),
                cmocka_unit_test(columns_are_chosen_by_name),
                cmocka_unit_test(search_goes_along_while_one_types),
                cmocka_unit_test(search_minds_case_only_if_asked),
                cmocka_unit_test(search_minds_no_case_in_any_script),
                cmocka_unit_test(matches_are_marked_until_esc),
                cmocka_unit_test(a_long_search_goes_on_with_the_next_key),
                cmocka_unit_test(search_scrolls_a_page),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
