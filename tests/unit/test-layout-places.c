/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mouse finds what is drawn, where it is drawn. */
#include "layout.h"

static void check_rows(const struct ui *ui, const struct grid *grid, const struct layout *layout)
{
        struct place place;

        for (unsigned y = 0; y < ui->height; y++) {
                bool body = y >= layout->body_y && y < layout->body_y + layout->body_height;
                size_t row = ui_level(ui)->top + y - layout->body_y;

                layout_at(ui, GUTTER, y, &place);
                assert_int_equal(place.type == PLACE_ROW, body && row < ui->rows.n);
                if (place.type != PLACE_ROW)
                        continue;
                assert_int_equal(place.row, row);
                /* The cursor's row is the one that has the sign. */
                assert_int_equal(cell_at(grid, 0, y)->bytes[0] == '>', row == ui_level(ui)->at);
        }
}

static void check_headings(const struct ui *ui, const struct grid *grid, const struct layout *layout)
{
        struct view_column columns[COLUMNS_MOST];
        unsigned n = ui_level(ui)->view->columns(ui, ui_level(ui), columns), found = 0;

        for (unsigned x = 0; x < layout->body_width; x++) {
                struct place place;

                layout_at(ui, x, layout->heading_y, &place);
                if (place.type != PLACE_HEADING) {
                        assert_true(place.type == PLACE_NOTHING);
                        continue;
                }
                for (unsigned i = 0; i < n; i++)
                        if (columns[i].id == place.column)
                                found |= 1U << i;
        }
        assert_true(found & 1);
        for (unsigned i = 0; i < n; i++)
                if (found >> i & 1) {
                        unsigned x = find_title(grid, layout->heading_y, columns[i].column.title);
                        struct place place;

                        layout_at(ui, x, layout->heading_y, &place);
                        assert_int_equal(place.column, columns[i].id);
                }
}

/* Each digit of a tab leads to that tab; what is drawn between the signs is the current one. */
static void check_tabs(const struct ui *ui, const struct grid *grid, const struct layout *layout)
{
        unsigned tabs = 0;

        for (unsigned x = 0; x < ui->width; x++) {
                const struct grid_cell *cell = cell_at(grid, x, layout->tabs_y);
                struct place place;

                layout_at(ui, x, layout->tabs_y, &place);
                if (cell->bytes[0] != ' ')
                        assert_int_equal(place.type, PLACE_TAB);
                if (cell->bytes[0] >= '0' && cell->bytes[0] <= '9') {
                        assert_int_equal(place.view->digit, cell->bytes[0]);
                        tabs++;
                }
                if (cell->bytes[0] == '>')
                        assert_ptr_equal(place.view, ui->levels[0].view);
        }
        assert_true(tabs >= 3);
}

static void check_hints(const struct ui *ui, const struct grid *grid, const struct layout *layout)
{
        struct buf line = { 0 };
        enum action last = ACTION_NONE;
        bool help = false, quit = false;

        for (unsigned x = 0; x < ui->width; x++) {
                struct place place;
                struct text keys, key;

                layout_at(ui, x, layout->footer_y, &place);
                if (place.action == last)
                        continue;
                last = place.action;
                if (last == ACTION_NONE)
                        continue;
                help |= last == ACTION_HELP;
                quit |= last == ACTION_QUIT;
                line_from(grid, x, layout->footer_y, &line);
                keys = text_of(action_facts(last)->keys);
                assert_true(text_word(&keys, &key));
                assert_true(text_starts(buf_text(&line), key));
        }
        assert_true(help && quit);
        buf_done(&line);
}

static void test_places(void **state)
{
        static const unsigned sizes[][2] = { { 40, 10 }, { 57, 13 }, { 80, 24 }, { 120, 40 }, { 300, 100 } };
        struct grid grid = { 0 };

        (void)state;
        for (unsigned i = 0; i < COUNT(sizes); i++)
                for (unsigned detail = 0; detail < 2; detail++) {
                        struct layout layout;
                        struct place place;
                        struct ui ui;

                        begin(&ui, sizes[i][0], sizes[i][1], true);
                        ui.detail = detail;
                        ui_go(&ui, &view_objects);
                        draw(&ui, &grid);
                        ui_level(&ui)->at = 9;
                        ui_level(&ui)->cursor = ui.rows.items[9].subject;
                        draw(&ui, &grid);
                        layout_measure(&ui, &layout);
                        check_rows(&ui, &grid, &layout);
                        check_headings(&ui, &grid, &layout);
                        ui_go(&ui, &view_processes);
                        draw(&ui, &grid);
                        check_tabs(&ui, &grid, &layout);
                        check_hints(&ui, &grid, &layout);
                        if (layout.pane_height) {
                                layout_at(&ui, layout.pane_x + 1, layout.pane_y + 1, &place);
                                assert_int_equal(place.type, PLACE_PANE);
                        }
                        layout_at(&ui, ui.width, 0, &place);
                        assert_int_equal(place.type, PLACE_NOTHING);
                        ui_done(&ui);
                }
        grid_done(&grid);
}

/* Whatever the columns are scrolled to, the first one stays. */
static void test_scrolled_columns(void **state)
{
        struct grid grid = { 0 };
        struct layout layout;
        struct ui ui;

        (void)state;
        begin(&ui, 40, 12, true);
        ui_go(&ui, &view_objects);
        draw(&ui, &grid);
        layout_measure(&ui, &layout);
        for (unsigned left = 0; left < 6; left++) {
                ui_level(&ui)->left = left;
                layout_draw(&ui, &grid);
                check_headings(&ui, &grid, &layout);
                assert_int_equal(find_title(&grid, layout.heading_y, "REF"), GUTTER);
                assert_int_equal(cell_at(&grid, 0, layout.heading_y)->bytes[0], left > 0 ? '<' : ' ');
        }
        ui_done(&ui);
        grid_done(&grid);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_places),
                cmocka_unit_test(test_scrolled_columns),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
