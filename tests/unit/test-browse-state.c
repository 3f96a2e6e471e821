/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the browser remembers between two runs. */
#include "command/browse-state.h"

#include <errno.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"
#include "sys/state.h"
#include "tree.h"
#include "tui.h"

static struct tree home;

static int setup(void **state)
{
        (void)state;
        tree_init(&home);
        return setenv("XDG_STATE_HOME", home.root, 1);
}

static int teardown(void **state)
{
        (void)state;
        tree_done(&home);
        return 0;
}

/* As the program begins. */
static void begin(struct ui *ui)
{
        const struct ui_options options = { .utf8 = true };

        ui_init(ui, &options, 80, 24);
        browse_state_load(ui);
        ui_scene(ui, tui_segments(NULL, TUI_NOW, 1, 5));
        ui_settle(ui);
}

static void it_is_kept_for_the_next_run(void **state)
{
        const struct view_settings *settings;
        struct ui ui;

        (void)state;
        begin(&ui);
        assert_true(ui.options.first_run);
        assert_int_equal(ui.message.len, 0);
        tui_type(&ui, ":shm<Enter>:sort size_bytes:desc<Enter>:columns ref,state,size_bytes<Enter>d:interval 10<Enter>");
        tui_type(&ui, ":processes<Enter>>>\\<Esc>/caf\xc3\xa9<Enter>:shm<Enter>\\id > 1<Enter>");
        browse_state_save(&ui);
        ui_done(&ui);

        begin(&ui);
        assert_false(ui.options.first_run);
        assert_int_equal(ui.message.len, 0);
        assert_true(ui.detail);
        assert_int_equal(ui.interval_ms, 10000);
        settings = ui_settings(&ui, view_find(TEXT("shm")));
        assert_int_equal(settings->sort, FIELD_SIZE_BYTES);
        assert_true(settings->descending);
        assert_int_equal(settings->ncolumns, 3);
        assert_int_equal(settings->columns[1], FIELD_STATE);
        assert_null(settings->filter);          /* a list that hides things without being asked would be a trap */
        assert_int_not_equal(ui_settings(&ui, view_find(TEXT("processes")))->sort, NO_SORT);
        assert_int_equal(ui_settings(&ui, view_find(TEXT("msg")))->sort, NO_SORT);
        tui_type(&ui, ":shm<Enter>\\<Up>");
        assert_string_equal(ui.prompt.text.data, "id > 1");
        tui_type(&ui, "<Esc>/<Up>");
        assert_string_equal(ui.prompt.text.data, "caf\xc3\xa9");
        tui_type(&ui, "<Esc>:<Up*2>");
        assert_string_equal(ui.prompt.text.data, "processes");
        ui_done(&ui);
}

static void some_runs_leave_nothing(void **state)
{
        const struct ui_options options[] = { { .readonly = true }, { .recorded = true }, { .fixed = true } };
        struct buf text = { 0 };

        (void)state;
        for (unsigned i = 0; i < 3; i++) {
                struct ui ui;

                ui_init(&ui, &options[i], 80, 24);
                browse_state_save(&ui);
                ui_done(&ui);
        }
        assert_int_equal(state_file_read("browse.state", 100, &text), -ENOENT);
        buf_done(&text);
}

static void damaged_files_are_passed_over_as_a_whole(void **state)
{
        static const char *const bad[] = {
                "", "x", "\n", "# ipcview browse 2: of the future\n",
                "interval 10000\n", "interval 1\n", "interval -5\n", "detail perhaps\n", "sort shm nosuch asc\n",
                "sort shm size_bytes\n", "sort shm own:999 asc\n", "sort\n", "columns shm a,b\n", "columns shm ref,,key\n", "columns shm own:7\n",
                "typed command\n", "typed nosuch x\n", "nosuch\n", "detail yes", "\033]0;x\a\n", "detail yes\n\n",
        };

        (void)state;
        for (size_t i = 0; i < COUNT(bad); i++) {
                struct buf text = { 0 };
                struct ui ui;

                if (i > 3)
                        buf_string(&text, "# ipcview browse 1: written when the browser is left\ndetail yes\ninterval 5000\n");
                buf_string(&text, bad[i]);
                if (i == 4)
                        text.len = text.len > 0 ? text.len - 1 : 0;     /* torn */
                assert_int_equal(state_file_write("browse.state", buf_text(&text)), 0);
                begin(&ui);
                assert_true(ui.message.len > 0);
                assert_false(ui.detail);
                assert_int_equal(ui.interval_ms, INTERVAL_USUAL_MS);
                ui_done(&ui);
                buf_done(&text);
        }
}

/* What other versions know of views, nobody minds; what was typed by a hostile hand does not come in. */
static void what_is_strange_is_harmless(void **state)
{
        struct ui ui;

        (void)state;
        assert_int_equal(state_file_write("browse.state", TEXT(
                "# ipcview browse 1: written when the browser is left\nsort nosuch size_bytes asc\n"
                "typed command a\033b\ntyped command \xff\ntyped command good\nsort shm own:0 asc\n"
                "sort unix own:200 desc\nsort processes own:200 desc\ncolumns limits ref,key\n")), 0);
        begin(&ui);
        assert_int_equal(ui.message.len, 0);
        assert_int_equal(ui.prompt.nhistory[PROMPT_COMMAND], 1);
        tui_type(&ui, ":limits<Enter>jk:processes<Enter>jk:unix<Enter>jk:shm<Enter>jk");
        assert_int_equal(ui.rows.n, 5);
        ui_done(&ui);
}

static void others_files_are_not_read(void **state)
{
        char *path = tree_path(&home, "/ipcview/browse.state");
        struct ui ui;

        (void)state;
        assert_int_equal(state_file_write("browse.state", TEXT("x")), 0);
        assert_int_equal(chmod(path, 0666), 0);
        begin(&ui);
        assert_true(ui.message.len > 0);
        assert_false(ui.options.first_run);
        ui_done(&ui);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink("/etc/passwd", path), 0);
        begin(&ui);
        assert_true(ui.message.len > 0);
        browse_state_save(&ui);                 /* nor are links replaced */
        ui_done(&ui);
        {
                struct stat st;

                assert_int_equal(lstat(path, &st), 0);
                assert_true(S_ISLNK(st.st_mode));
        }
        free(path);
}

/* As root with the variables of somebody else: no directories in their home. */
static void root_makes_nothing_in_others_homes(void **state)
{
        (void)state;
        if (geteuid() != 0)
                skip();
        assert_int_equal(chown(home.root, 1000, 1000), 0);
        assert_int_equal(state_file_write("browse.state", TEXT("x")), -EPERM);
        assert_int_equal(chown(home.root, 0, 0), 0);
        assert_int_equal(state_file_write("browse.state", TEXT("x")), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(it_is_kept_for_the_next_run, setup, teardown),
                cmocka_unit_test_setup_teardown(some_runs_leave_nothing, setup, teardown),
                cmocka_unit_test_setup_teardown(damaged_files_are_passed_over_as_a_whole, setup, teardown),
                cmocka_unit_test_setup_teardown(what_is_strange_is_harmless, setup, teardown),
                cmocka_unit_test_setup_teardown(others_files_are_not_read, setup, teardown),
                cmocka_unit_test_setup_teardown(root_makes_nothing_in_others_homes, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
