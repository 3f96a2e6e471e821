/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Consent to a removal, and that nothing goes without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dialog.h"

/* --- consent ------------------------------------------------------------------------ */

static void nothing_happens_by_itself(void **state)
{
        static const char *const ways[] = { "D<Enter>", "D<Esc>", "Dq", "D<C-c>", "D<Tab*3><Enter>", "D<Left><Right><Enter>",
                                            "D<Space><Enter>", "Dy<Enter>", "D1<Esc>", "D<Enter*50>", "*D<Enter>",
                                            "*Df<Esc>", "<F9><Enter>", "<Delete><Enter>" };
        (void)state;
        for (size_t i = 0; i < COUNT(ways); i++) {
                struct ui ui;

                begin(&ui);
                tui_type(&ui, ways[i]);
                if (strcmp(ways[i], "D<Enter*50>") != 0 && ui.dialog)
                        fail_msg("%s leaves it open", ways[i]);
                assert_no_order(&ui);
                ui_done(&ui);
        }
}

static void what_is_agreed_to_is_ordered(void **state)
{
        struct ui ui;
        struct order *order;

        (void)state;
        begin(&ui);
        tui_type(&ui, "<Space*2>D");
        assert_shows(&ui, "Remove 2 objects?");
        assert_shows(&ui, "2 objects are to be removed");
        assert_shows(&ui, "[>Cancel<]  [ Remove ]  [ Save and remove ]");
        assert_shows(&ui, "x remove  shm:1  free");
        assert_false(shows(&ui, "force"));
        assert_false(shows(&ui, "protected"));
        tui_type(&ui, "<Tab><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_int_equal(order->type, ORDER_REMOVE);
        assert_ptr_equal(order->scene, ui.scene);
        assert_int_equal(order->plan.nchosen, 2);
        assert_string_equal(order->plan.rows[0].object->ref.data, "shm:1");
        assert_string_equal(order->plan.rows[1].object->ref.data, "shm:2");
        assert_null(order->save_to);
        assert_string_equal(ui.dialog->class->name, "progress");
        order_free(order);
        ui_done(&ui);
}

static void copies_are_ordered(void **state)
{
        struct ui ui;
        struct order *order;

        (void)state;
        begin(&ui);
        tui_type(&ui, "D<Tab*2><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_string_equal(order->save_to, "/copies");
        order_free(order);
        ui_done(&ui);

        /* Without a home for them there is no such button. */
        start(&ui, machine, COUNT(machine), (struct ui_options){ .save_to = NULL });
        tui_type(&ui, "D");
        assert_false(shows(&ui, "Save and remove"));
        assert_shows(&ui, "No copy can be saved: there is no home for copies.");
        tui_type(&ui, "<Tab*2><Enter>");
        assert_no_order(&ui);
        ui_done(&ui);
}

static void what_is_in_use_must_be_forced(void **state)
{
        struct ui ui;
        struct order *order;

        (void)state;
        begin(&ui);
        tui_type(&ui, "/shm:3<Enter>");
        assert_string_equal(tui_at(&ui), "shm:3");
        tui_type(&ui, "D");
        assert_shows(&ui, "Nothing of this would be removed.");
        assert_shows(&ui, "- keep    shm:3  in-use");
        assert_shows(&ui, "[ ] force");
        assert_false(shows(&ui, "[ Remove ]"));
        tui_type(&ui, "<Tab*2><Enter>");
        assert_no_order(&ui);
        tui_type(&ui, "Df");
        assert_shows(&ui, "! remove  shm:3  in-use");
        assert_shows(&ui, "[x] force");
        assert_shows(&ui, "[ Remove ]");
        /* And back again. */
        tui_type(&ui, "f");
        assert_false(shows(&ui, "[ Remove ]"));
        tui_type(&ui, "f<Tab*2><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_true(order->plan.rows[0].forced && order->plan.rows[0].used);
        order_free(order);
        ui_done(&ui);
}

static void the_count_must_be_typed(void **state)
{
        struct ui ui;
        struct order *order;

        (void)state;
        begin(&ui);
        tui_type(&ui, "/shm:4<Enter><Space*2>D");
        assert_shows(&ui, "2 of them belong to other users.");
        assert_shows(&ui, "To remove 2 objects, type this number:");
        /* Toggle and number stand before the buttons. */
        tui_type(&ui, "<Tab><Enter>");
        assert_no_order(&ui);
        assert_string_equal(ui.dialog->class->name, "remove");
        tui_type(&ui, "3<Tab*2><Enter>");
        assert_no_order(&ui);
        tui_type(&ui, "<Backspace>22<Tab*2><Enter>");
        assert_no_order(&ui);
        tui_type(&ui, "<Backspace*9>");
        tui_type(&ui, "2<Enter>");
        assert_no_order(&ui);
        assert_shows(&ui, "[>Remove<]");
        tui_type(&ui, "<Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_int_equal(order->plan.nchosen, 2);
        order_free(order);
        ui_done(&ui);
}

static void another_plan_wants_another_count(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "*D");
        assert_shows(&ui, "6 objects are to be removed");
        assert_shows(&ui, "1 object is kept.");
        tui_type(&ui, "6f");
        assert_shows(&ui, "7 objects are to be removed");
        assert_shows(&ui, "To remove 7 objects, type this number: [         ]");
        tui_type(&ui, "6<Tab*2><Enter>");
        assert_no_order(&ui);
        tui_type(&ui, "<Esc>");
        assert_null(ui.dialog);
        ui_done(&ui);
}

static void what_is_protected_has_its_own_toggle(void **state)
{
        struct protections *protections = protections_new();
        struct parse_error error;
        struct order *order;
        struct ui ui;

        (void)state;
        assert_int_equal(protections_add(protections, TEXT("id==1"), "/etc/ipcview.conf:1", &error), 0);
        start(&ui, machine, COUNT(machine), (struct ui_options){ .protections = protections });
        tui_type(&ui, "D");
        assert_shows(&ui, "- keep    shm:1  protected");
        assert_false(shows(&ui, "[ ] force"));
        tui_type(&ui, "f<Tab*2><Enter>");
        assert_no_order(&ui);
        tui_type(&ui, "Dp");
        assert_shows(&ui, "! remove  shm:1  protected");
        tui_type(&ui, "<Tab*2><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        order_free(order);
        ui_done(&ui);
        protections_free(protections);
}

static void marks_that_are_not_seen_are_told(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "<Space*2>D");
        assert_shows(&ui, "Remove 2 objects?");
        assert_false(shows(&ui, "not in this list"));
        tui_type(&ui, "<Esc>\\id==2<Enter>D");
        assert_shows(&ui, "Remove 2 objects?");
        assert_shows(&ui, "1 of them is not in this list");
        tui_type(&ui, "<Esc>:posix<Enter>D");
        assert_shows(&ui, "2 of them are not in this list");
        ui_done(&ui);
}

/* --- while the world goes on ------------------------------------------------------------ */

static void what_is_seen_is_frozen(void **state)
{
        static const struct spec later[] = { { 1, ME, 0, OLD + 2, 0x11 }, { 6, ME, 0, OLD + 2, 0x16 } };
        struct scene *seen;
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "<Space*2>D");
        seen = ui.scene;
        assert_false(shows(&ui, "meanwhile"));
        next_scene(&ui, 2, later, COUNT(later));
        assert_ptr_not_equal(ui.scene, seen);
        assert_shows(&ui, "x remove  shm:2");
        assert_shows(&ui, "gone meanwhile");
        next_scene(&ui, 2, later, COUNT(later));
        next_scene(&ui, 2, later, COUNT(later));
        tui_type(&ui, "<Tab><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        /* That they are gone is for the deed to find out, by their identity. */
        assert_ptr_equal(order->scene, seen);
        assert_int_equal(order->plan.nchosen, 2);
        order_free(order);
        ui_done(&ui);
}

static void what_changed_is_told(void **state)
{
        struct spec later[COUNT(machine)];
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "D");
        memcpy(later, machine, sizeof(later));
        for (size_t i = 0; i < COUNT(later); i++)
                later[i].age += 2;
        next_scene(&ui, 2, later, COUNT(later));
        assert_false(shows(&ui, "meanwhile"));
        /* Another one under the same id. */
        later[0].key = 0x99;
        next_scene(&ui, 0, later, COUNT(later));
        assert_shows(&ui, "changed meanwhile");
        /* Somebody attached. */
        later[0].key = 0x11;
        later[0].attached = 1;
        next_scene(&ui, 0, later, COUNT(later));
        assert_shows(&ui, "changed meanwhile");
        ui_done(&ui);
}

static void what_is_new_is_looked_at_again(void **state)
{
        struct spec fresh = { 1, ME, 0, 0, 0x11 };
        struct scene *seen;
        struct order *order;
        struct ui ui;

        (void)state;
        start(&ui, &fresh, 1, (struct ui_options){ .save_to = "/copies" });
        tui_type(&ui, "D");
        seen = ui.scene;
        assert_shows(&ui, "made a moment ago");
        /* The finger was on its way. */
        tui_type(&ui, "<Tab>");
        fresh.age = 5;
        next_scene(&ui, 5, &fresh, 1);
        assert_false(shows(&ui, "made a moment ago"));
        assert_shows(&ui, "[>Cancel<]");
        tui_type(&ui, "<Tab><Enter>");
        order = take_order(&ui);
        assert_non_null(order);
        assert_ptr_not_equal(order->scene, seen);
        assert_ptr_equal(order->scene, ui.scene);
        order_free(order);
        ui_done(&ui);

        /* Gone before it could be told apart: there is nothing left to ask. */
        fresh.age = 0;
        start(&ui, &fresh, 1, (struct ui_options){ .save_to = "/copies" });
        tui_type(&ui, "D");
        next_scene(&ui, 5, machine + 1, 1);
        assert_null(ui.dialog);
        assert_no_order(&ui);
        ui_done(&ui);
}

/* A thousand looks in a moment are no reason to believe it new for ever. */
static void what_is_new_gets_older(void **state)
{
        struct spec fresh = { 1, ME, 0, 0, 0x11 };
        struct ui ui;

        (void)state;
        start(&ui, &fresh, 1, (struct ui_options){ .save_to = "/copies" });
        tui_type(&ui, "D");
        for (unsigned i = 0; i < 1000; i++)
                next_scene(&ui, 0, &fresh, 1);
        assert_shows(&ui, "made a moment ago");
        fresh.age = 5;
        next_scene(&ui, 5, &fresh, 1);
        assert_false(shows(&ui, "made a moment ago"));
        ui_done(&ui);
}

/* --- where nothing may be changed ----------------------------------------------------------- */

static void keys_do_nothing_there(void **state)
{
        const struct ui_options options[] = { { .readonly = true, .save_to = "/copies" }, { .recorded = true, .save_to = "/copies" } };

        (void)state;
        for (size_t i = 0; i < COUNT(options); i++) {
                static const char *const keys[] = { "D", "S", "e", "s", "<F9>", "<Delete>" };
                struct ui ui;

                start(&ui, machine, COUNT(machine), options[i]);
                for (size_t j = 0; j < COUNT(keys); j++) {
                        tui_type(&ui, keys[j]);
                        assert_null(ui.dialog);
                        assert_true(ui.message.len > 0);
                }
                /* The dialogs don't open for whoever calls them without the keys, either. */
                dialog_remove(&ui);
                dialog_save(&ui);
                dialog_set(&ui);
                dialog_signal(&ui);
                assert_null(ui.dialog);
                assert_no_order(&ui);
                ui_done(&ui);
        }
}

static void no_order_leaves_a_readonly_browser(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "D<Tab>");
        ui.options.readonly = true;
        tui_type(&ui, "<Enter>");
        assert_no_order(&ui);
        assert_null(ui.dialog);
        ui_done(&ui);
}

static void nobody_agrees_to_what_cannot_be_seen(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "D");
        ui_size(&ui, 24, 6);
        assert_shows(&ui, "Esc cancels");
        tui_type(&ui, "<Tab><Enter>f2<Enter>");
        assert_no_order(&ui);
        assert_non_null(ui.dialog);
        ui_size(&ui, 40, 10);
        assert_shows(&ui, "[>Cancel<]");
        tui_type(&ui, "<Esc>");
        assert_null(ui.dialog);
        ui_done(&ui);
}

static void every_line_can_be_seen(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        ui_size(&ui, 40, 10);
        tui_type(&ui, "*D");
        assert_shows(&ui, "1-");
        for (unsigned id = 1; id <= COUNT(machine); id++) {
                char ref[32];
                unsigned i;

                snprintf(ref, sizeof(ref), " shm:%u ", id);
                tui_type(&ui, "<Home>");
                for (i = 0; i < 100 && !shows(&ui, ref); i++)
                        tui_type(&ui, "<Down>");
                if (i == 100)
                        fail_msg("%s is never seen", ref);
        }
        tui_type(&ui, "<End>");
        assert_shows(&ui, "/copies");
        assert_no_order(&ui);
        ui_done(&ui);
}

/* Where the text is on the screen. */
static bool find(const struct ui *ui, const char *text, unsigned *ret_x, unsigned *ret_y)
{
        struct buf out = frame(ui);
        struct text rest = buf_text(&out), line;
        bool found = false;

        for (*ret_y = 0; !found && text_split(&rest, '\n', &line); *ret_y += !found) {
                const char *at = memmem(line.data, line.len, text, strlen(text));

                found = at;
                if (found)
                        *ret_x = utf8_columns((struct text){ line.data, (size_t)(at - line.data) });
        }
        buf_done(&out);
        return found;
}

static void the_mouse_presses_buttons(void **state)
{
        struct input input = { .key = UI_KEY_MOUSE, .mouse = MOUSE_CLICK };
        struct order *order;
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "D");
        assert_true(find(&ui, "Cancel<", &input.x, &input.y));
        ui_key(&ui, &input);
        assert_null(ui.dialog);
        tui_type(&ui, "D");
        input.x = input.y = 0;
        ui_key(&ui, &input);
        assert_non_null(ui.dialog);
        assert_no_order(&ui);
        assert_true(find(&ui, "Remove ]", &input.x, &input.y));
        ui_key(&ui, &input);
        order = take_order(&ui);
        assert_non_null(order);
        order_free(order);
        ui_done(&ui);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(nothing_happens_by_itself),
                cmocka_unit_test(what_is_agreed_to_is_ordered),
                cmocka_unit_test(copies_are_ordered),
                cmocka_unit_test(what_is_in_use_must_be_forced),
                cmocka_unit_test(the_count_must_be_typed),
                cmocka_unit_test(another_plan_wants_another_count),
                cmocka_unit_test(what_is_protected_has_its_own_toggle),
                cmocka_unit_test(marks_that_are_not_seen_are_told),
                cmocka_unit_test(what_is_seen_is_frozen),
                cmocka_unit_test(what_changed_is_told),
                cmocka_unit_test(what_is_new_is_looked_at_again),
                cmocka_unit_test(what_is_new_gets_older),
                cmocka_unit_test(keys_do_nothing_there),
                cmocka_unit_test(no_order_leaves_a_readonly_browser),
                cmocka_unit_test(nobody_agrees_to_what_cannot_be_seen),
                cmocka_unit_test(every_line_can_be_seen),
                cmocka_unit_test(the_mouse_presses_buttons),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
