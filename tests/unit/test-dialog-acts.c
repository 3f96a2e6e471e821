/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other dialogs: copies, values, signals, columns; and what came of an order. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dialog.h"

/* --- the others ------------------------------------------------------------------------------ */

static void copies_alone(void **state)
{
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "S<Enter>");
        assert_null(ui.dialog);
        assert_no_order(&ui);
        tui_type(&ui, "S");
        assert_shows(&ui, "/copies");
        assert_shows(&ui, "+ shm:1");
        tui_type(&ui, "<Tab><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_int_equal(order->type, ORDER_SAVE);
        assert_int_equal(order->n, 1);
        assert_string_equal(order->save_to, "/copies");
        order_free(order);
        ui_done(&ui);
}

/* Two queues of POSIX, one with messages, and one of System V, whose messages can be copied. */
static struct scene *queues(void)
{
        static const struct {
                const char *kind;
                uint64_t messages;
        } specs[] = { { "mq", 3 }, { "mq", 0 }, { "msg", 5 } };
        const struct want want = { .kinds = UINT64_MAX, .holders = true, .waiters = true, .processes = true };
        const struct scene_options options = { .cost = 0 };
        struct builder *builder = builder_new(&all_kinds, &want);

        *builder_origin(builder) = (struct snapshot_origin){ .time = TUI_NOW, .host = TEXT("vm"), .ipc_ns = TUI_NS };
        for (unsigned i = 0; i < COUNT(specs); i++) {
                const struct kind *kind = kind_find(&all_kinds, text_of(specs[i].kind));
                struct object *object = builder_object(builder, (struct object_key){ kind, TUI_NS, 1 + i }, NULL);

                object->ns = TUI_NS;
                if (kind_has_field(kind, FIELD_ID))
                        builder_uint(builder, object, FIELD_ID, 1 + i);
                else
                        builder_text(builder, object, FIELD_NAME, i ? TEXT("/empty") : TEXT("/full"));
                builder_uint(builder, object, FIELD_QUEUED_MESSAGES, specs[i].messages);
        }
        return scene_make(NULL, builder_seal(builder), &options);
}

static void assert_drain(struct ui *ui, const char *keys, bool drain, const char *expected)
{
        struct buf command = { 0 };
        struct order *order;

        tui_type(ui, keys);
        order = take_order(ui);
        assert_non_null(order);
        assert_int_equal(order->type, ORDER_SAVE);
        assert_int_equal(order->drain, drain);
        order_command(order, NULL, NULL, &command);
        assert_string_equal(command.data, expected);
        buf_done(&command);
        order_free(order);
        dialog_close(ui);
}

static void messages_are_taken_out_if_asked(void **state)
{
        struct ui ui;

        (void)state;
        start(&ui, machine, COUNT(machine), (struct ui_options){ .save_to = "/copies" });
        ui_scene(&ui, queues());
        tui_type(&ui, ":objects<Enter>/full<Enter>S");
        assert_shows(&ui, "[ ] take messages out to save them");
        assert_shows(&ui, "[>Cancel<]");
        assert_shows(&ui, "The objects stay as they are.");
        tui_type(&ui, "d");
        assert_shows(&ui, "[x] take messages out to save them");
        assert_shows(&ui, "it is empty then");
        assert_shows(&ui, "The queues stay, without messages.");
        assert_no_order(&ui);
        tui_type(&ui, "<Esc>");
        assert_no_order(&ui);
        /* It was for that time. */
        assert_drain(&ui, "S<Tab><Enter>", false, "ipcview save mq:/full /copies");
        assert_drain(&ui, "Sd<Tab*2><Enter>", true, "ipcview save --drain mq:/full /copies");
        assert_drain(&ui, "/empty<Enter>Sd<Tab><Enter>", false, "ipcview save mq:/empty /copies");
        assert_drain(&ui, "/msg<Enter>Sd<Tab><Enter>", false, "ipcview save msg:3 /copies");
        assert_drain(&ui, "*Sd<Tab*2><Enter>", true, "ipcview save --drain msg:3 mq:/empty mq:/full /copies");
        ui_done(&ui);
}

static void values_are_given(void **state)
{
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "e<Enter>");
        assert_null(ui.dialog);
        tui_type(&ui, "e<Tab><Enter>");
        assert_no_order(&ui);
        assert_non_null(ui.dialog);
        /* owner, group, mode, locked */
        tui_type(&ui, "<Down*2>0799");
        assert_shows(&ui, "not permission bits");
        tui_type(&ui, "<Enter>");
        assert_no_order(&ui);
        tui_type(&ui, "<C-u>0600");
        assert_shows(&ui, "0640 -> 0600");
        tui_type(&ui, "<Enter>");
        assert_no_order(&ui);
        assert_shows(&ui, "[>Apply<]");
        /* q is a letter here. */
        tui_type(&ui, "<Up*2>annaq<Backspace>");
        assert_shows(&ui, "root -> anna");
        tui_type(&ui, "<Down*3>yes<Enter><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_int_equal(order->type, ORDER_SET);
        assert_int_equal(order->nassignments, 3);
        assert_string_equal(order->typed[0], "owner=anna");
        assert_int_equal(order->assignments[0].value.u, OTHER);
        assert_string_equal(order->typed[1], "mode=0600");
        assert_int_equal(order->assignments[1].value.field, FIELD_MODE);
        assert_int_equal(order->assignments[1].value.u, 0600);
        assert_string_equal(order->typed[2], "locked=yes");
        assert_int_equal(order->assignments[2].value.u, WORD_BIT(STATE_LOCKED));
        order_free(order);
        ui_done(&ui);
}

static void a_value_may_be_pasted(void **state)
{
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "e<Paste an\tna \r\n>");
        assert_no_order(&ui);
        assert_shows(&ui, "root -> anna");
        tui_type(&ui, "<Down*2>06<Paste 00\r>");
        assert_no_order(&ui);
        tui_type(&ui, "<Enter><Paste \r><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_int_equal(order->nassignments, 2);
        assert_string_equal(order->typed[0], "owner=anna");
        assert_string_equal(order->typed[1], "mode=0600");
        order_free(order);
        ui_done(&ui);
}

/* The number that stands for consent is typed. */
static void no_number_is_pasted(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "*Df<Paste 7>");
        assert_non_null(ui.dialog);
        assert_true(ui.message.len > 0);
        assert_no_order(&ui);
        tui_type(&ui, "<Tab*3><Enter>");
        assert_no_order(&ui);
        ui_done(&ui);
}

static void an_unknown_name_is_no_owner(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "enobody-knows<Enter>");
        assert_shows(&ui, "no user of that name was seen");
        tui_type(&ui, "<Tab*2><Enter>");
        assert_no_order(&ui);
        tui_type(&ui, "<Esc>");
        assert_null(ui.dialog);
        ui_done(&ui);
}

static void signals_have_a_target(void **state)
{
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        /* Nobody has it. */
        tui_type(&ui, "s");
        assert_null(ui.dialog);
        tui_type(&ui, "/shm:3<Enter>s");
        assert_shows(&ui, "To which of those who have it");
        assert_shows(&ui, "100 app  anna  map  /usr/bin/app --serve");
        tui_type(&ui, "<Enter>");
        assert_null(ui.dialog);
        assert_no_order(&ui);
        /* The first is init, and one is this program: neither can be chosen. */
        tui_type(&ui, "s<Tab><Enter>");
        assert_shows(&ui, "To which of those who have it");
        tui_type(&ui, "<End><Enter>");
        assert_shows(&ui, "To which of those who have it");
        tui_type(&ui, "<Home><Down>");
        if (getpid() < 100)
                tui_type(&ui, "<Down>");
        tui_type(&ui, "<Enter>");
        assert_shows(&ui, "Send a signal to 100?");
        assert_shows(&ui, "[>Cancel<]  [ Send ]");
        assert_shows(&ui, ">TERM   15");
        assert_shows(&ui, "user anna");
        assert_shows(&ui, "/usr/bin/app --serve");
        tui_type(&ui, "<Down><Tab><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_int_equal(order->type, ORDER_SIGNAL);
        assert_int_equal(order->process->pid, 100);
        assert_int_equal(order->signal, SIGHUP);
        order_free(order);
        ui_done(&ui);
}

static void columns_are_chosen(void **state)
{
        const struct view_settings *settings;
        unsigned usual;
        struct ui ui;

        (void)state;
        begin(&ui);
        settings = ui_settings(&ui, ui_level(&ui)->view);
        tui_type(&ui, "c<Space><Esc>");
        assert_int_equal(settings->ncolumns, 0);
        tui_type(&ui, "c<Enter>");
        assert_int_equal(settings->ncolumns, 0);
        tui_type(&ui, "c");
        assert_shows(&ui, "[x] ref");
        tui_type(&ui, "<Down><Space>");
        assert_shows(&ui, "[ ] key");
        assert_shows(&ui, "[>Apply<]");
        tui_type(&ui, "<Enter>");
        assert_null(ui.dialog);
        assert_true(settings->ncolumns > 2);
        assert_int_equal(settings->columns[0], FIELD_REF);
        assert_int_equal(settings->columns[1], FIELD_SIZE_BYTES);
        usual = settings->ncolumns;
        /* To the front; the order is kept. */
        tui_type(&ui, "c<Down><lt><Enter>");
        assert_int_equal(settings->ncolumns, usual);
        assert_int_equal(settings->columns[0], FIELD_SIZE_BYTES);
        assert_int_equal(settings->columns[1], FIELD_REF);
        tui_type(&ui, "cr<Enter>");
        assert_int_equal(settings->ncolumns, 0);
        ui_done(&ui);
}

/* --- what came of it --------------------------------------------------------------------------- */

static void tell(struct ui *ui, unsigned number, const char *command, const char *result, size_t done, size_t failed,
                 bool last)
{
        struct outcome outcome = { .number = number, .style = failed ? STYLE_BAD : STYLE_GOOD, .done = done,
                                   .failed = failed, .last = last, .only_progress = last };

        buf_string(&outcome.command, command);
        buf_string(&outcome.result, result);
        ui_outcome(ui, &outcome);
        outcome_done(&outcome);
        ui_settle(ui);
}

static void progress_is_shown(void **state)
{
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "<Space*2>D<Tab><Enter>");
        order = take_order(&ui);
        assert_shows(&ui, "0 of 2");
        assert_shows(&ui, "ipcview rm shm:1 shm:2");
        tell(&ui, order->number, "ipcview rm shm:1", "shm:1: removed", 1, 0, false);
        assert_shows(&ui, "1 of 2");
        assert_shows(&ui, "shm:1: removed");
        /* Another order's. */
        tell(&ui, order->number + 1, "ipcview rm shm:9", "shm:9: removed", 5, 0, true);
        assert_shows(&ui, "1 of 2");
        tell(&ui, order->number, "ipcview rm shm:2", "shm:2: changed", 1, 1, false);
        tell(&ui, order->number, "", "1 object removed, 1 not", 1, 1, true);
        /* Something is to be read. */
        assert_shows(&ui, "shm:2: changed");
        tui_type(&ui, "<Enter>");
        assert_null(ui.dialog);
        assert_int_equal(ui.nlog, 2);
        assert_string_equal(ui.log[1].command, "ipcview rm shm:2");
        assert_string_equal(ui.log[1].result, "shm:2: changed");
        tui_type(&ui, ":log<Enter>");
        assert_int_equal(ui.rows.n, 2);
        order_free(order);
        ui_done(&ui);
}

static void a_closed_box_ends_nothing(void **state)
{
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "D<Tab><Enter>");
        order = take_order(&ui);
        tui_type(&ui, "<Esc>");
        assert_null(ui.dialog);
        tell(&ui, order->number, "ipcview rm shm:1", "shm:1: removed", 1, 0, false);
        tell(&ui, order->number, "", "shm:1: removed", 1, 0, true);
        assert_string_equal(ui.message.data, "shm:1: removed");
        assert_int_equal(ui.nlog, 1);
        order_free(order);
        ui_done(&ui);
}

static void what_was_not_done_stays_in_sight(void **state)
{
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "D<Tab><Enter>");
        order = take_order(&ui);
        tell(&ui, order->number, "ipcview rm shm:1", "shm:1: changed", 0, 1, false);
        for (unsigned i = 1; i <= 5000; i++) {
                struct outcome outcome = { .number = order->number, .style = STYLE_GOOD, .done = i, .failed = 1 };

                buf_string(&outcome.result, "shm:2: removed");
                ui_outcome(&ui, &outcome);
                outcome_done(&outcome);
        }
        tell(&ui, order->number, "", "5000 objects removed, 1 not", 5000, 1, true);
        tui_type(&ui, "<Home>");
        assert_shows(&ui, "shm:1: changed");
        order_free(order);
        ui_done(&ui);
}

static void leaving_asks_while_something_is_done(void **state)
{
        struct request request;
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "D<Tab><Enter>");
        order = take_order(&ui);
        tui_type(&ui, "<Esc>q");
        assert_shows(&ui, "still being done");
        assert_shows(&ui, "[>Stay<]");
        tui_type(&ui, "<Enter>");
        assert_null(ui.dialog);
        assert_false(ui_next_request(&ui, &request));
        tui_type(&ui, "<F10><Tab><Enter>");
        assert_true(ui_next_request(&ui, &request));
        assert_int_equal(request.type, REQUEST_QUIT);
        request_done(&request);
        /* What came to its end meanwhile asks no more. */
        tui_type(&ui, "q");
        assert_non_null(ui.dialog);
        tell(&ui, order->number, "", "shm:1: removed", 1, 0, true);
        assert_null(ui.dialog);
        assert_null(take_order(&ui));
        tui_type(&ui, "q");
        assert_null(ui.dialog);
        assert_true(ui_next_request(&ui, &request));
        assert_int_equal(request.type, REQUEST_QUIT);
        request_done(&request);
        order_free(order);
        ui_done(&ui);
}

static struct order *an_order(struct ui *ui, const char *keys)
{
        struct order *order;

        tui_type(ui, keys);
        order = take_order(ui);
        assert_non_null(order);
        dialog_close(ui);
        return order;
}

static void assert_command(struct order *order, const struct plan_row *row, const char *expected)
{
        struct buf command = { 0 };

        order_command(order, row, NULL, &command);
        assert_string_equal(command.data, expected);
        buf_done(&command);
}

static void commands_are_as_on_the_command_line(void **state)
{
        struct order *order;
        struct ui ui;

        (void)state;
        start(&ui, machine, COUNT(machine), (struct ui_options){ .save_to = "/my copies" });
        order = an_order(&ui, "/shm:3<Enter>*Df7<Enter><Tab><Enter>");
        assert_command(order, NULL, "ipcview rm --force '--save=/my copies' shm:1 shm:2 shm:3 ... (4 more)");
        assert_command(order, &order->plan.rows[0], "ipcview rm '--save=/my copies' shm:1");
        assert_command(order, &order->plan.rows[2], "ipcview rm --force '--save=/my copies' shm:3");
        order_free(order);
        order = an_order(&ui, "U<Home>e<Down*2>0600<Enter*2>");
        assert_command(order, NULL, "ipcview set shm:1 mode=0600");
        order_free(order);
        order = an_order(&ui, "S<Tab><Enter>");
        assert_command(order, NULL, "ipcview save shm:1 '/my copies'");
        order_free(order);
        ui_done(&ui);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(copies_alone),
                cmocka_unit_test(messages_are_taken_out_if_asked),
                cmocka_unit_test(values_are_given),
                cmocka_unit_test(a_value_may_be_pasted),
                cmocka_unit_test(no_number_is_pasted),
                cmocka_unit_test(an_unknown_name_is_no_owner),
                cmocka_unit_test(signals_have_a_target),
                cmocka_unit_test(columns_are_chosen),
                cmocka_unit_test(progress_is_shown),
                cmocka_unit_test(a_closed_box_ends_nothing),
                cmocka_unit_test(what_was_not_done_stays_in_sight),
                cmocka_unit_test(leaving_asks_while_something_is_done),
                cmocka_unit_test(commands_are_as_on_the_command_line),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
