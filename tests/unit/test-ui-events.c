/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of the browser: time, scenes, requests, places of the screen. */
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

/* --- time, scenes, requests ------------------------------------------------ */

static void looking_is_paced_by_what_it_costs(void **state)
{
        const struct ui_options options = { .utf8 = true };
        struct scene *scene = tui_segments(NULL, TUI_NOW, 1, 1);
        struct ui ui;

        (void)state;
        ui_init(&ui, &options, 80, 24);
        ui_time(&ui, TUI_NOW);
        assert_int_equal(ui_due_ms(&ui), 0);
        scene->cost = TUI_SECOND / 10;
        ui_scene(&ui, scene);
        assert_int_equal(ui.paced_ms, INTERVAL_USUAL_MS);
        assert_int_equal(ui_due_ms(&ui), INTERVAL_USUAL_MS);
        ui_time(&ui, TUI_NOW + TUI_SECOND);
        assert_int_equal(ui_due_ms(&ui), INTERVAL_USUAL_MS - 1000);
        ui_time(&ui, TUI_NOW + 60 * TUI_SECOND);
        assert_int_equal(ui_due_ms(&ui), 0);
        ui_time(&ui, TUI_NOW - 60 * TUI_SECOND);        /* the clock was set back */
        assert_int_equal(ui_due_ms(&ui), INTERVAL_USUAL_MS);
        tui_type(&ui, "-");
        assert_int_equal(ui.interval_ms, 1000);
        assert_int_equal(ui.paced_ms, 1000);
        tui_type(&ui, "--------");
        assert_int_equal(ui.interval_ms, INTERVAL_LEAST_MS);
        assert_int_equal(ui.paced_ms, 1000);            /* ten times what it costs */
        tui_type(&ui, "<Esc>++++++++++++++++++++");
        assert_int_equal(ui.interval_ms, INTERVAL_MOST_MS);
        tui_type(&ui, ":interval 5<Enter>");
        assert_int_equal(ui.interval_ms, 5000);
        tui_type(&ui, ":interval 0<Enter>");
        assert_int_equal(ui.prompt.fault, 9);
        tui_type(&ui, "<Esc>Z");
        assert_true(ui.paused);
        assert_int_equal(ui_due_ms(&ui), -1);
        ui_done(&ui);
}

/* A twentieth of a second of work every two seconds is nothing to somebody who looks, and much when nobody does. */
static void who_is_alone_looks_less_often(void **state)
{
        const struct ui_options options = { .utf8 = true };
        struct scene *scene = tui_segments(NULL, TUI_NOW, 1, 1);
        struct ui ui;

        (void)state;
        ui_init(&ui, &options, 80, 24);
        ui_time(&ui, TUI_NOW);
        scene->cost = scene->work = TUI_SECOND / 20;
        ui_scene(&ui, scene);
        ui_time(&ui, TUI_NOW + 29 * TUI_SECOND);
        assert_int_equal(ui.paced_ms, INTERVAL_USUAL_MS);
        ui_time(&ui, TUI_NOW + 30 * TUI_SECOND);
        assert_int_equal(ui.paced_ms, 6250);
        ui.scene->work = TUI_SECOND;
        ui_time(&ui, TUI_NOW + 31 * TUI_SECOND);
        assert_int_equal(ui.paced_ms, INTERVAL_ALONE_MS);
        ui.scene->cost = 4 * TUI_SECOND;
        ui_time(&ui, TUI_NOW + 32 * TUI_SECOND);
        assert_int_equal(ui.paced_ms, 40000);           /* a tenth is kept at any time */
        ui.scene->cost = ui.scene->work = TUI_SECOND / 20;
        ui_time(&ui, TUI_NOW + 33 * TUI_SECOND);
        assert_int_equal(ui.paced_ms, 6250);
        tui_type(&ui, "<Down>");
        assert_int_equal(ui.paced_ms, INTERVAL_USUAL_MS);
        assert_int_equal(ui_due_ms(&ui), 0);
        ui_time(&ui, TUI_NOW + 62 * TUI_SECOND);
        assert_int_equal(ui.paced_ms, INTERVAL_USUAL_MS);
        ui_time(&ui, TUI_NOW + 63 * TUI_SECOND);
        assert_int_equal(ui.paced_ms, 6250);
        ui_done(&ui);
}

static void requests_are_left_and_bounded(void **state)
{
        struct request request;
        struct ui ui;
        unsigned n = 0;

        (void)state;
        begin(&ui);
        tui_type(&ui, "y");
        assert_true(ui_next_request(&ui, &request));
        assert_int_equal(request.type, REQUEST_COPY);
        assert_string_equal(request.text.data, "shm:10");
        request_done(&request);
        tui_type(&ui, "<Space*3>y");
        assert_true(ui_next_request(&ui, &request));
        assert_string_equal(request.text.data, "shm:10 shm:11 shm:12");
        request_done(&request);
        tui_type(&ui, "w/tmp/x<Enter>");
        assert_true(ui_next_request(&ui, &request));
        assert_int_equal(request.type, REQUEST_WRITE);
        assert_string_equal(request.path.data, "/tmp/x");
        assert_non_null(strstr(request.text.data, "shm:29"));
        request_done(&request);
        tui_type(&ui, "R<C-l><C-z>q");
        for (const enum request_type *type = (const enum request_type[]){ REQUEST_REFRESH, REQUEST_REDRAW,
                                                                          REQUEST_SUSPEND, REQUEST_QUIT };
             ui_next_request(&ui, &request); type++, n++) {
                assert_int_equal(request.type, *type);
                request_done(&request);
        }
        assert_int_equal(n, 4);
        tui_type(&ui, "RRRRRRRRRRRRRR");
        assert_int_equal(ui.nrequests, REQUESTS_MOST);
        ui_done(&ui);
}

static void readonly_takes_the_keys_away(void **state)
{
        struct ui ui;

        (void)state;
        tui_start(&ui, tui_segments(NULL, TUI_NOW, 1, 3), true);
        tui_type(&ui, ":shm<Enter>");
        for (const char *key = "DSes"; *key; key++) {
                tui_key(&ui, (uint32_t)*key);
                assert_null(ui.dialog);
                assert_true(ui.message.len > 0);
        }
        tui_type(&ui, ":rm shm:1<Enter>");
        assert_int_equal(ui.prompt.type, PROMPT_COMMAND);
        tui_type(&ui, "<Esc>:show shm:1<Enter>");
        assert_int_equal(ui.nrequests, 1);
        assert_false(ui_allows(&ui, ACTION_REMOVE));
        assert_true(ui_allows(&ui, ACTION_PAUSE));
        ui_done(&ui);
}

static void the_log_is_bounded(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        for (unsigned i = 0; i < LOG_MOST + 5; i++) {
                struct buf command = { 0 };

                buf_printf(&command, "rm\033 shm:%u", i);
                ui_log(&ui, STYLE_GOOD, buf_text(&command), TEXT("removed\n"));
                buf_done(&command);
        }
        assert_int_equal(ui.nlog, LOG_MOST);
        assert_string_equal(ui.log[0].command, "rm\\x1b shm:5");
        assert_string_equal(ui.log[LOG_MOST - 1].result, "removed\\n");
        tui_type(&ui, ":log<Enter>Gg");
        assert_true(ui.rows.n > 0);
        ui_done(&ui);
}

/* --- places ---------------------------------------------------------------- */

static void every_size_can_be_drawn(void **state)
{
        struct grid grid = { 0 };
        struct ui ui;

        (void)state;
        begin(&ui);
        for (unsigned width = 1; width < 130; width += width < 45 ? 1 : 9)
                for (unsigned height = 1; height < 40; height += height < 15 ? 1 : 7) {
                        ui_size(&ui, width, height);
                        ui_settle(&ui);
                        layout_draw(&ui, &grid);
                        assert_int_equal(grid.width, width);
                        assert_int_equal(grid.height, height);
                        tui_type(&ui, "j<PgDn><PgUp>kd");
                        assert_true(ui_level(&ui)->at < ui.rows.n);
                }
        grid_done(&grid);
        ui_done(&ui);
}

static void the_mouse_points(void **state)
{
        struct layout layout;
        struct place place;
        struct ui ui;
        bool sorted = false;

        (void)state;
        begin(&ui);
        layout_measure(&ui, &layout);
        ui_key(&ui, &(struct input){ UI_KEY_MOUSE, MOUSE_CLICK, 5, layout.body_y + 3 });
        ui_settle(&ui);
        assert_string_equal(tui_at(&ui), "shm:13");
        for (unsigned x = 0; x < 80 && !sorted; x++) {
                layout_at(&ui, x, layout.heading_y, &place);
                if (place.type != PLACE_HEADING || place.column != FIELD_SIZE_BYTES)
                        continue;
                sorted = true;
                ui_key(&ui, &(struct input){ UI_KEY_MOUSE, MOUSE_CLICK, x, layout.heading_y });
                ui_settle(&ui);
                assert_int_equal(ui_settings(&ui, ui_level(&ui)->view)->sort, FIELD_SIZE_BYTES);
                assert_true(ui_settings(&ui, ui_level(&ui)->view)->descending);
                ui_key(&ui, &(struct input){ UI_KEY_MOUSE, MOUSE_CLICK, x, layout.heading_y });
                ui_settle(&ui);
                assert_false(ui_settings(&ui, ui_level(&ui)->view)->descending);
        }
        assert_true(sorted);
        ui_key(&ui, &(struct input){ UI_KEY_MOUSE, MOUSE_DOUBLE, 5, layout.body_y + 1 });
        ui_settle(&ui);
        assert_ptr_equal(ui_level(&ui)->view, &view_page);
        for (unsigned x = 0; x < 80; x++) {
                layout_at(&ui, x, layout.tabs_y, &place);
                if (place.type == PLACE_TAB && strcmp(place.view->name, "unix") == 0) {
                        ui_key(&ui, &(struct input){ UI_KEY_MOUSE, MOUSE_CLICK, x, layout.tabs_y });
                        ui_settle(&ui);
                        break;
                }
        }
        assert_string_equal(ui_level(&ui)->view->name, "unix");
        ui_done(&ui);
}

static void the_wheel_scrolls(void **state)
{
        struct layout layout;
        struct ui ui;

        (void)state;
        tui_start(&ui, tui_segments(NULL, TUI_NOW, 100, 200), false);
        tui_type(&ui, ":shm<Enter>");
        layout_measure(&ui, &layout);
        for (unsigned i = 0; i < 5; i++) {
                ui_key(&ui, &(struct input){ UI_KEY_MOUSE, MOUSE_WHEEL_DOWN, 5, layout.body_y });
                ui_settle(&ui);
        }
        assert_int_equal(ui_level(&ui)->top, 15);
        assert_int_equal(ui_level(&ui)->at, 15);
        for (unsigned i = 0; i < 9; i++) {
                ui_key(&ui, &(struct input){ UI_KEY_MOUSE, MOUSE_WHEEL_UP, 5, layout.body_y });
                ui_settle(&ui);
        }
        assert_int_equal(ui_level(&ui)->top, 0);
        assert_int_equal(ui_level(&ui)->at, layout.body_height - 1 < 15 ? layout.body_height - 1 : 15);
        ui_done(&ui);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(looking_is_paced_by_what_it_costs),
                cmocka_unit_test(who_is_alone_looks_less_often),
                cmocka_unit_test(requests_are_left_and_bounded),
                cmocka_unit_test(readonly_takes_the_keys_away),
                cmocka_unit_test(the_log_is_bounded),
                cmocka_unit_test(every_size_can_be_drawn),
                cmocka_unit_test(the_mouse_points),
                cmocka_unit_test(the_wheel_scrolls),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
