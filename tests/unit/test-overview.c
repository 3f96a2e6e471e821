/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The overview: what is wrong at one look, and where it leads. */
#include "base/array.h"
#include "trouble.h"

static void test_overview(void **state)
{
        struct ui ui;

        (void)state;
        tui_start(&ui, troubled(NULL, TUI_NOW), false);
        assert_shown(&ui, "What is wrong: 2 warnings");
        assert_shown(&ui, "!  warning  shm:7                shared memory that nobody has any more");
        assert_shown(&ui, "Held up: 1 thread");
        assert_shown(&ui, "waiter[200]          fcntl lock:");
        assert_shown(&ui, "for 3m; waits for hol\\x1bder[100]");
        assert_shown(&ui, "shmmni                 97% [");
        assert_shown(&ui, "97 of 100");
        assert_shown(&ui, "System V shared memory                   1   64M  1 orphan  1 finding");
        assert_shown(&ui, "3 objects, 2 processes, 65M");
        assert_not_shown(&ui, "What could not be seen");
        ui_size(&ui, 80, 60);
        assert_shown(&ui, "Memory, the most");
        /* Narrow: signs instead of words. */
        ui_size(&ui, 40, 24);
        assert_shown(&ui, "!  shm:7");
        assert_shown(&ui, "shmmni           97% [|||||||||");
        ui_done(&ui);
}

/* Enter leads to where it lives, Esc back. */
static void test_overview_enter(void **state)
{
        static const struct {
                const char *line, *view;
        } ways[] = {
                { "shm:7", "page" }, { "limit", "limits" }, { "wait", "relations" }, { "family", "shm" },
        };
        struct ui ui;
        unsigned met = 0;

        (void)state;
        tui_start(&ui, troubled(NULL, TUI_NOW), false);
        for (size_t i = 0; i < ui.rows.n; i++) {
                const char *view;

                if (ui.rows.items[i].type == ROW_HEADING)
                        continue;
                ui_put_cursor(&ui, ui.rows.items[i].subject);
                tui_type(&ui, "<Enter>");
                view = ui_level(&ui)->view->name;
                for (unsigned j = 0; j < COUNT(ways); j++)
                        if (strcmp(view, ways[j].view) == 0)
                                met |= 1U << j;
                if (strcmp(view, "limits") == 0)
                        assert_int_equal(subject_type(ui_row(&ui)->subject), SUBJECT_LIMIT);
                tui_type(&ui, "<Esc>");
                assert_string_equal(ui_level(&ui)->view->name, "overview");
        }
        assert_int_equal(met, (1U << COUNT(ways)) - 1);
        ui_done(&ui);
}

static void test_many_of_a_kind(void **state)
{
        struct trouble trouble;
        struct ui ui;

        (void)state;
        begin(&trouble, TUI_NOW);
        for (uint64_t i = 0; i < 30; i++) {
                struct object *object = add(&trouble, "shm", i);

                builder_uint(trouble.builder, object, FIELD_SIZE_BYTES, 1 << 20);
                builder_uint(trouble.builder, object, FIELD_RESIDENT_BYTES, 1 << 20);
                builder_uint(trouble.builder, object, FIELD_SWAPPED_BYTES, 0);
                builder_uint(trouble.builder, object, FIELD_ATTACHED, 0);
                builder_uint(trouble.builder, object, FIELD_CHANGED_AT, (uint64_t)(TUI_NOW - 3600 * TUI_SECOND));
                builder_state(trouble.builder, object, WORD_BIT(STATE_ORPHAN), true);
        }
        tui_start(&ui, make(&trouble, NULL), false);
        assert_shown(&ui, "What is wrong: 30 warnings");
        assert_shown(&ui, "30 × shm-orphan");
        assert_shown(&ui, "30M: shared memory that nobody has any more");
        tui_type(&ui, "<Enter>");
        assert_string_equal(ui_level(&ui)->view->name, "findings");
        assert_int_equal(ui.rows.n, 30);
        ui_done(&ui);
}

static void test_nothing_wrong(void **state)
{
        struct ui ui;

        (void)state;
        tui_start(&ui, empty(TUI_NOW), false);
        assert_shown(&ui, "nothing that the rules know of");
        assert_shown(&ui, "0 objects, 0 processes, 0");
        ui_done(&ui);
}

/* Who may not look gets to know what that hides. */
static void test_no_rights(void **state)
{
        struct trouble trouble;
        struct ui ui;

        (void)state;
        begin(&trouble, TUI_NOW);
        add_trouble(&trouble, TUI_NOW);
        for (unsigned i = 0; i < 3; i++)
                builder_gap(trouble.builder, NULL, "/proc/PID/fd", 13, NULL);
        tui_start(&ui, make(&trouble, NULL), false);
        ui_size(&ui, 100, 40);
        assert_shown(&ui, "rules could not see all");
        assert_shown(&ui, "What could not be seen");
        assert_shown(&ui, "/proc/PID/fd: Permission denied, 3 times");
        ui_done(&ui);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_overview),
                cmocka_unit_test(test_overview_enter),
                cmocka_unit_test(test_many_of_a_kind),
                cmocka_unit_test(test_nothing_wrong),
                cmocka_unit_test(test_no_rights),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
