/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The views that are not lists of objects: limits, findings, processes, relations; and all of them at all sizes. */
#include "base/array.h"
#include "trouble.h"

static const char *const own_views[] = { "overview", "limits", "findings", "processes" };

/* --- all of them --------------------------------------------------------------------- */

static void test_sizes(void **state)
{
        static const unsigned sizes[][2] = { { 20, 5 }, { 40, 10 }, { 80, 24 }, { 110, 30 }, { 300, 100 } };

        (void)state;
        for (unsigned which = 0; which < 2; which++)
                for (unsigned i = 0; i < COUNT(own_views); i++) {
                        struct ui ui;

                        tui_start(&ui, which ? troubled(NULL, TUI_NOW) : empty(TUI_NOW), false);
                        go(&ui, own_views[i]);
                        look_at_all(&ui);
                        look_at_details(&ui);
                        for (unsigned j = 0; j < COUNT(sizes); j++) {
                                ui_size(&ui, sizes[j][0], sizes[j][1]);
                                free(screen(&ui));
                                tui_type(&ui, "<Down*40><Enter><Esc><Up*40>d");
                                free(screen(&ui));
                        }
                        ui_done(&ui);
                }
}

static void test_cursor_stays(void **state)
{
        (void)state;
        for (unsigned i = 0; i < COUNT(own_views); i++) {
                struct subject subject;
                struct ui ui;

                tui_start(&ui, troubled(NULL, TUI_NOW), false);
                go(&ui, own_views[i]);
                tui_type(&ui, "<Down>");
                subject = ui_row(&ui)->subject;
                ui_scene(&ui, troubled(ui.scene, TUI_NOW + TUI_SECOND));
                ui_settle(&ui);
                assert_true(subject_equal(ui_row(&ui)->subject, subject));
                ui_done(&ui);
        }
}

/* --- limits, findings ----------------------------------------------------------------- */

static void test_limits(void **state)
{
        struct ui ui;

        (void)state;
        tui_start(&ui, troubled(NULL, TUI_NOW), false);
        go(&ui, "limits");
        assert_string_equal(limit_get(((const struct limit_row *)ui.rows.items[0].thing)->reading->limit)->name, "shmmni");
        assert_shown(&ui, "97%!");
        tui_type(&ui, "<Enter>");
        assert_string_equal(ui_level(&ui)->view->name, "limit");
        assert_shown(&ui, "Whom it binds");
        assert_shown(&ui, "97 / 100");
        assert_shown(&ui, "ENOSPC: shmget");
        assert_shown(&ui, "sysctl -w kernel.shmmni=N");
        /* The page goes with the machine, which has no readings any more. */
        tui_next(&ui, 2, 1, 3);
        assert_shown(&ui, "nobody at present");
        assert_shown(&ui, "ENOSPC: shmget");
        tui_type(&ui, "<Esc>");
        assert_string_equal(ui_level(&ui)->view->name, "limits");
        ui_done(&ui);
}

/* Ten thousand processes with the same limit are one row, and those that come near. */
static void test_many_limits(void **state)
{
        struct trouble trouble;
        struct ui ui;

        (void)state;
        begin(&trouble, TUI_NOW);
        for (pid_t i = 0; i < 10000; i++) {
                struct process *process = builder_process(trouble.builder, 1000 + i, 1, TEXT("p"));

                builder_reading(trouble.builder, &(struct limit_reading){
                        .limit = LIMIT_RLIMIT_NOFILE, .process = process, .subject = (uint64_t)process->pid,
                        .value = 100, .counted = true, .used = i < 3 ? 95 : 10 });
        }
        tui_start(&ui, make(&trouble, NULL), false);
        go(&ui, "limits");
        assert_int_equal(ui.rows.n, 3);
        assert_int_equal(ui.rows.all, 10000);
        tui_type(&ui, "<Enter><End>");
        assert_shown(&ui, "How to raise it");
        ui_done(&ui);
}

static void test_findings(void **state)
{
        struct buf out = { 0 };
        struct ui ui;

        (void)state;
        tui_start(&ui, troubled(NULL, TUI_NOW), false);
        go(&ui, "findings");
        assert_shown(&ui, "!  warning shm:7");
        assert_shown(&ui, "64M");
        tui_type(&ui, "<Home>");
        assert_true(subject_equal(ui_subject(&ui),
                                  subject_of_object(((const struct finding *)ui_row(&ui)->thing)->object)));
        ui_level(&ui)->view->detail(&ui, ui_row(&ui), 50, &out);
        assert_non_null(strstr(out.data, "Remedy: ipcview rm shm:7"));
        tui_type(&ui, "<Enter>");
        assert_string_equal(ui_level(&ui)->view->name, "page");
        buf_done(&out);
        ui_done(&ui);
}

/* --- processes ------------------------------------------------------------------------- */

static void test_processes(void **state)
{
        struct ui ui;

        (void)state;
        tui_start(&ui, troubled(NULL, TUI_NOW), false);
        go(&ui, "processes");
        assert_int_equal(ui.rows.n, 2);
        assert_shown(&ui, "hol\\x1bder");
        assert_shown(&ui, "fcntl lock:");
        assert_true(subject_equal(ui_row(&ui)->subject, subject_of_process(&ui.scene->snapshot->processes[0])));
        ui_level(&ui)->view->open(&ui, ui_row(&ui));
        assert_string_equal(ui_level(&ui)->view->name, "page");
        tui_type(&ui, "<Esc>o");
        assert_string_equal(ui_level(&ui)->view->name, "contents");
        assert_int_equal(ui.rows.n, 2);
        assert_shown(&ui, "fd 5 rw");
        assert_shown(&ui, "lock");
        look_at_all(&ui);
        ui_done(&ui);
}

static void test_sorted_processes(void **state)
{
        struct ui ui;

        (void)state;
        tui_start(&ui, troubled(NULL, TUI_NOW), false);
        go(&ui, "processes");
        for (unsigned i = 0; i < COLUMNS_MOST; i++) {
                tui_type(&ui, ">");
                assert_int_equal(ui.rows.n, 2);
        }
        tui_type(&ui, ":sort memory<Enter>");
        assert_int_equal(((const struct process *)ui.rows.items[0].thing)->pid, 200);
        tui_type(&ui, ":sort memory:desc<Enter>");
        assert_int_equal(((const struct process *)ui.rows.items[0].thing)->pid, 100);
        ui_done(&ui);
}

static pid_t pid_at(const struct ui *ui, size_t row, unsigned depth)
{
        assert_true(row < ui->rows.n);
        assert_int_equal(ui->rows.items[row].depth, depth);
        return ((const struct process *)ui->rows.items[row].thing)->pid;
}

/* 1 - 10 - (20, which has nothing) - 30; 1 - 11; two that say that they are each other's parent; one without any. */
static void test_process_tree(void **state)
{
        static const pid_t pids[][2] = { { 1, 0 }, { 10, 1 }, { 11, 1 }, { 20, 10 }, { 30, 20 }, { 40, 41 }, { 41, 40 },
                                         { 50, 999 } };
        struct trouble trouble;
        struct object *object;
        struct ui ui;

        (void)state;
        begin(&trouble, TUI_NOW);
        object = add(&trouble, "memfd", 70);
        for (unsigned i = 0; i < COUNT(pids); i++) {
                struct process *process = builder_process(trouble.builder, pids[i][0], 1, TEXT("p"));

                builder_process_value(trouble.builder, process, (struct value){ .field = FIELD_PARENT_PID,
                                      .type = VALUE_UINT, .u = (uint64_t)pids[i][1] });
                if (process->pid != 20)
                        hold(&trouble, object, process, 3);
        }
        tui_start(&ui, make(&trouble, NULL), false);
        go(&ui, "processes");
        assert_int_equal(ui.rows.n, COUNT(pids) - 1);
        tui_type(&ui, "t");
        assert_int_equal(ui.rows.n, COUNT(pids) - 1);
        assert_int_equal(pid_at(&ui, 0, 0), 1);
        assert_int_equal(pid_at(&ui, 1, 1), 10);
        assert_int_equal(pid_at(&ui, 2, 2), 30);
        assert_int_equal(pid_at(&ui, 3, 1), 11);
        assert_int_equal(pid_at(&ui, 4, 0), 50);
        assert_int_equal(pid_at(&ui, 5, 0), 40);
        assert_int_equal(pid_at(&ui, 6, 1), 41);
        assert_shown(&ui, "    p");
        tui_type(&ui, ":sort pid:desc<Enter>");
        assert_int_equal(pid_at(&ui, 0, 0), 50);
        assert_int_equal(pid_at(&ui, 1, 0), 1);
        assert_int_equal(pid_at(&ui, 2, 1), 11);
        tui_type(&ui, "t");
        assert_int_equal(pid_at(&ui, 6, 0), 1);
        ui_done(&ui);
}

/* --- relations --------------------------------------------------------------------------- */

static const struct object *object_of(const struct ui *ui, const char *kind)
{
        for (size_t i = 0; i < ui->scene->snapshot->nobjects; i++)
                if (strcmp(ui->scene->snapshot->objects[i].key.kind->name, kind) == 0)
                        return &ui->scene->snapshot->objects[i];
        fail();
        return NULL;
}

static void test_relations(void **state)
{
        struct ui ui;

        (void)state;
        tui_start(&ui, troubled(NULL, TUI_NOW), false);
        ui_open_about(&ui, &view_relations, subject_of_object(object_of(&ui, "lock")));
        ui_settle(&ui);
        assert_int_equal(ui.rows.n, 3);
        assert_shown(&ui, "waited for by waiter[200]");
        assert_shown(&ui, "fcntl for 3m; waits for hol\\x1bder[");
        assert_shown(&ui, "held by hol\\x1bder[100]");
        look_at_all(&ui);
        tui_type(&ui, "<Down><Right>");
        assert_shown(&ui, "could end the wait hol\\x1bder[100]");
        assert_true(subject_equal(ui_subject(&ui), subject_of_process(&ui.scene->snapshot->processes[1])));
        tui_type(&ui, "<Enter>");
        assert_non_null(strstr(ui_level(&ui)->title, "waiter[200]"));
        assert_shown(&ui, "waits for lock:");
        tui_type(&ui, "<Esc>");
        assert_shown(&ui, "could end the wait");
        tui_type(&ui, "<Left>");
        assert_not_shown(&ui, "could end the wait");
        ui_done(&ui);
}

/* What is looked at may go away at any moment. */
static void test_gone(void **state)
{
        struct trouble trouble;
        struct ui ui;

        (void)state;
        tui_start(&ui, troubled(NULL, TUI_NOW), false);
        ui_open_about(&ui, &view_relations, subject_of_object(object_of(&ui, "lock")));
        ui_settle(&ui);
        begin(&trouble, TUI_NOW + TUI_SECOND);
        ui_scene(&ui, make(&trouble, ui.scene));
        assert_shown(&ui, "It is not there any more.");
        look_at_all(&ui);
        tui_type(&ui, "<Enter><Right><Left>tx<Esc>");

        ui_scene(&ui, troubled(ui.scene, TUI_NOW + 2 * TUI_SECOND));
        ui_open_about(&ui, &view_contents, subject_of_process(&ui.scene->snapshot->processes[0]));
        ui_settle(&ui);
        assert_int_equal(ui.rows.n, 2);
        ui_scene(&ui, empty(TUI_NOW + 3 * TUI_SECOND));
        ui_settle(&ui);
        assert_int_equal(ui.rows.n, 0);
        free(screen(&ui));
        ui_done(&ui);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_sizes),
                cmocka_unit_test(test_cursor_stays),
                cmocka_unit_test(test_limits),
                cmocka_unit_test(test_many_limits),
                cmocka_unit_test(test_findings),
                cmocka_unit_test(test_processes),
                cmocka_unit_test(test_sorted_processes),
                cmocka_unit_test(test_process_tree),
                cmocka_unit_test(test_relations),
                cmocka_unit_test(test_gone),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
