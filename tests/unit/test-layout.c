/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames: nothing is cut in halves, nothing overlaps, whatever the size and the text. */
#include "layout.h"

/* The lines of the screen, from the first to the last, each taken once. */
static void check_lines(const struct ui *ui)
{
        struct layout layout;
        unsigned y = 0;

        layout_measure(ui, &layout);
        if (layout.too_small) {
                assert_true(ui->width < WIDTH_LEAST || ui->height < HEIGHT_LEAST);
                return;
        }
        if (layout.has_title)
                assert_int_equal(layout.title_y, y++);
        if (layout.gauges_height)
                assert_int_equal(layout.gauges_y, y);
        y += layout.gauges_height;
        if (layout.has_tabs)
                assert_int_equal(layout.tabs_y, y++);
        if (layout.crumbs_height)
                assert_int_equal(layout.crumbs_y, y++);
        if (layout.heading_height)
                assert_int_equal(layout.heading_y, y++);
        assert_int_equal(layout.body_y, y);
        y += layout.body_height;
        if (layout.pane_height && layout.pane_x == 0)
                assert_int_equal(layout.pane_y, y);
        y += layout.pane_x == 0 ? layout.pane_height : 0;
        assert_int_equal(layout.footer_y, y);
        assert_int_equal(y, ui->height - 1);
        assert_int_equal(layout.pane_x ? layout.body_width + layout.pane_width : layout.body_width, ui->width);
        if (ui->height >= 8)
                assert_true(layout.body_height >= ROWS_LEAST);
        if (ui->height >= 10)
                assert_true(layout.has_tabs && layout.crumbs_height == 1);
}

static void open_everything(struct ui *ui, struct grid *grid)
{
        for (unsigned i = 0; i < all_views_count; i++) {
                if (all_views[i]->flags & VIEW_ABOUT)
                        ui_open(ui, all_views[i], subject_of_object(&ui->scene->snapshot->objects[0]), "\xe6\x97\xa5\xe6\x9c\xac");
                else
                        ui_go(ui, all_views[i]);
                draw(ui, grid);
                check_grid(grid);
                check_lines(ui);
        }
}

static void test_sizes(void **state)
{
        static const unsigned large[][2] = { { 80, 24 }, { 109, 30 }, { 110, 30 }, { 120, 40 }, { 300, 100 } };
        struct grid grid = { 0 };

        (void)state;
        for (unsigned utf8 = 0; utf8 < 2; utf8++) {
                struct ui ui;

                begin(&ui, 1, 1, utf8);
                for (unsigned width = 1; width <= 46; width += 3)
                        for (unsigned height = 1; height <= 20; height++) {
                                ui.detail = height % 2;
                                ui_size(&ui, width, height);
                                open_everything(&ui, &grid);
                        }
                for (unsigned i = 0; i < COUNT(large); i++)
                        for (unsigned detail = 0; detail < 2; detail++) {
                                ui.detail = detail;
                                ui_size(&ui, large[i][0], large[i][1]);
                                open_everything(&ui, &grid);
                        }
                ui_done(&ui);
        }
        grid_done(&grid);
}

/* Modes stand below their heading in each row, whatever the names before them are. */
static void test_alignment(void **state)
{
        static const uint16_t columns[] = { FIELD_NAME, FIELD_MODE, FIELD_KIND };
        struct buf line = { 0 };
        struct grid grid = { 0 };

        (void)state;
        for (unsigned width = 30; width <= 120; width++) {
                struct layout layout;
                unsigned x;
                struct ui ui;

                begin(&ui, width, 60, true);
                choose(&ui, columns, COUNT(columns));
                draw(&ui, &grid);
                check_grid(&grid);
                layout_measure(&ui, &layout);
                x = find_title(&grid, layout.heading_y, "MODE");
                for (unsigned i = 0; i < ui.rows.n; i++) {
                        const struct object *object = ui.rows.items[i].thing;
                        char mode[16];

                        if (object->key.kind != &sample_mq || object->key.id < 100)
                                continue;
                        snprintf(mode, sizeof(mode), "%04o ", 0600 + (unsigned)(object->key.id - 100) % 8);
                        line_from(&grid, x, layout.body_y + i, &line);
                        assert_memory_equal(line.data, mode, strlen(mode));
                        assert_int_equal(cell_at(&grid, x - 1, layout.body_y + i)->len, 1);
                        assert_int_equal(cell_at(&grid, x - 1, layout.body_y + i)->bytes[0], ' ');
                }
                ui_done(&ui);
        }
        buf_done(&line);
        grid_done(&grid);
}

/* What is cut ends before half a character, and says so. */
static void test_cut(void **state)
{
        static const uint16_t columns[] = { FIELD_NAME };
        struct buf line = { 0 };
        struct grid grid = { 0 };
        struct ui ui;

        (void)state;
        begin(&ui, 20, 60, true);
        choose(&ui, columns, COUNT(columns));
        draw(&ui, &grid);
        for (unsigned i = 0; i < ui.rows.n; i++) {
                const struct object *object = ui.rows.items[i].thing;
                struct layout layout;

                layout_measure(&ui, &layout);
                line_from(&grid, GUTTER, layout.body_y + i, &line);
                if (object->key.id == 107)
                        assert_string_equal(line.data, "/long-long-long-\xe2\x80\xa6");
                if (object->key.id == 106)      /* 1 + 3 * 2 columns, then "-6" */
                        assert_memory_equal(line.data, "/\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80-6 ", 16);
        }
        ui_done(&ui);

        begin(&ui, 20, 60, false);
        choose(&ui, columns, COUNT(columns));
        draw(&ui, &grid);
        for (unsigned y = 0; y < grid.height; y++) {
                line_from(&grid, 0, y, &line);
                for (size_t i = 0; i < line.len; i++)
                        assert_true((unsigned char)line.data[i] < 0x80);
        }
        ui_done(&ui);
        buf_done(&line);
        grid_done(&grid);
}

/* Pages that are scrolled to the right into the middle of a wide character. */
static void test_page_left(void **state)
{
        struct buf line = { 0 };
        struct grid grid = { 0 };
        struct layout layout;
        struct level *level;
        struct ui ui;

        (void)state;
        begin(&ui, 20, 10, true);
        level = ui_open(&ui, &view_text, subject_of(SUBJECT_NONE, 0, 0), "text");
        level->text = strdup("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" "abcdefghijklmnopqrstuvwxyz0123456789\nab");
        for (unsigned left = 0; left <= 8; left++) {
                ui.stale = true;
                ui_settle(&ui);
                level->left = left;
                draw(&ui, &grid);
                check_grid(&grid);
                layout_measure(&ui, &layout);
                line_from(&grid, 0, layout.body_y, &line);
                /* Whatever was cut, the letters behind it stand where they belong. */
                if (left < 8)
                        assert_int_equal(cell_at(&grid, 8 - left, layout.body_y)->bytes[0], 'b');
                if (left == 2)
                        assert_memory_equal(line.data, " \xe6\x9c\xac", 4);
        }
        ui_done(&ui);
        buf_done(&line);
        grid_done(&grid);
}

/* The cells of a line that are marked, as "#". */
static const char *marked(const struct grid *grid, unsigned y)
{
        static char line[GRID_MOST + 1];
        unsigned x;

        for (x = 0; x < grid->width; x++)
                line[x] = cell_at(grid, x, y)->look & LOOK_UNDER ? '#' : '.';
        while (x > 0 && line[x - 1] == '.')
                x--;
        line[x] = 0;
        return line;
}

static void search(struct ui *ui, struct grid *grid, const char *text)
{
        buf_clear(&ui->search);
        buf_string(&ui->search, text);
        draw(ui, grid);
}

/* All matches on the screen, as far as they are seen. */
static void test_matches(void **state)
{
        static const uint16_t columns[] = { FIELD_NAME };
        static const struct {
                uint64_t queue;
                const char *search, *marks;
        } cases[] = {
                { 101, "\xe6\x97\xa5", "....##....##" },               /* wide: both halves */
                { 101, "\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5", "......######" },
                { 102, "\xc3\xa9", "" }, { 102, "l", ".....#" }, { 102, "ve-", ".......###" },
                { 100, "PLAIN", "" }, { 100, "Plain", "" }, { 100, "plain-0", "....#######" },
                { 107, "long", "....####.####.####" },
                { 107, "g-long-l", ".......########..##" },
                { 107, "long-lo", "....#######...#####" },              /* no match begins in another */
        };
        struct grid grid = { 0 };
        struct layout layout;
        struct level *level;
        struct ui ui;

        (void)state;
        begin(&ui, 20, 60, true);
        choose(&ui, columns, COUNT(columns));
        draw(&ui, &grid);
        layout_measure(&ui, &layout);
        for (unsigned i = 0; i < COUNT(cases); i++) {
                unsigned row = 0;

                search(&ui, &grid, cases[i].search);
                check_grid(&grid);
                while (((const struct object *)ui.rows.items[row].thing)->key.id != cases[i].queue)
                        row++;
                assert_string_equal(marked(&grid, layout.body_y + row), cases[i].marks);
        }

        level = ui_open(&ui, &view_text, subject_of(SUBJECT_NONE, 0, 0), "text");
        level->text = strdup("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" "abcdefghijklmnopqrstuvwxyz0123456789\nab");
        search(&ui, &grid, "\xe8\xaa\x9e" "ab");
        layout_measure(&ui, &layout);
        assert_string_equal(marked(&grid, layout.body_y), ".....####");
        level->left = 3;
        draw(&ui, &grid);
        assert_string_equal(marked(&grid, layout.body_y), "..####");
        level->left = 5;
        draw(&ui, &grid);
        assert_string_equal(marked(&grid, layout.body_y), ".###");
        search(&ui, &grid, "0123456789");
        assert_string_equal(marked(&grid, layout.body_y), "");
        level->left = 20;
        draw(&ui, &grid);
        assert_string_equal(marked(&grid, layout.body_y), ".............#######");
        ui_done(&ui);
        grid_done(&grid);
}

static const struct object *object_of(const struct row_item *item)
{
        return item->type == ROW_GHOST ? &((const struct ghost *)item->thing)->object : item->thing;
}

/* Which row is about that queue; -1: none. */
static int find_queue(const struct ui *ui, uint64_t id)
{
        for (size_t i = 0; i < ui->rows.n; i++) {
                const struct object *object = object_of(&ui->rows.items[i]);

                if (object->key.kind == &sample_mq && object->key.id == id)
                        return (int)i;
        }
        return -1;
}

/* Signs of what has changed: in the gutter, and before the value. */
static void test_changes(void **state)
{
        static const uint16_t columns[] = { FIELD_INODE, FIELD_QUEUED_MESSAGES, FIELD_STATE };
        static const struct scene_options options = { .cost = 0 };
        struct buf line = { 0 };
        struct grid grid = { 0 };
        struct layout layout;
        unsigned y;
        struct ui ui;

        (void)state;
        begin(&ui, 40, 60, true);
        choose(&ui, columns, COUNT(columns));
        draw(&ui, &grid);
        ui_scene(&ui, scene_make(ui.scene, make_snapshot(true), &options));
        draw(&ui, &grid);
        check_grid(&grid);
        layout_measure(&ui, &layout);

        y = layout.body_y + (unsigned)find_queue(&ui, 100 + GONE);
        line_from(&grid, 0, y, &line);
        assert_memory_equal(line.data, " -   103    3 gone", 18);
        assert_true(cell_at(&grid, GUTTER + 2, y)->look & LOOK_DIM);
        assert_int_equal(ui.rows.items[find_queue(&ui, 100 + GONE)].type, ROW_GHOST);
        for (size_t i = 1; i < ui.rows.n; i++)
                assert_true(object_compare(object_of(&ui.rows.items[i - 1]), object_of(&ui.rows.items[i])) < 0);

        line_from(&grid, 0, layout.body_y + (unsigned)find_queue(&ui, 100 + QUEUES), &line);
        assert_memory_equal(line.data, " +   140   40 -", 15);
        line_from(&grid, 0, layout.body_y + (unsigned)find_queue(&ui, 100 + CHANGED), &line);
        assert_memory_equal(line.data, " ~   105  ~77 -", 15);
        line_from(&grid, 0, layout.body_y + (unsigned)find_queue(&ui, 100 + CHANGED + 1), &line);
        assert_memory_equal(line.data, "     106    6 -", 15);

        /* After a while it is not shown any more. */
        ui_time(&ui, (int64_t)SAMPLE_NOW + GHOST_NS + 1);
        draw(&ui, &grid);
        assert_int_equal(find_queue(&ui, 100 + GONE), -1);
        assert_true(find_queue(&ui, 100 + QUEUES) > 0);
        ui_done(&ui);
        buf_done(&line);
        grid_done(&grid);
}

static void assert_same_frame(const struct grid *a, const struct grid *b, bool same)
{
        size_t bytes = (size_t)a->width * a->height * sizeof(*a->cells);

        assert_int_equal(a->width, b->width);
        assert_int_equal(a->height, b->height);
        assert_int_equal(memcmp(a->cells, b->cells, bytes) == 0, same);
        assert_int_equal(a->cursor, b->cursor);
        assert_int_equal(a->cursor_x, b->cursor_x);
        assert_int_equal(a->cursor_y, b->cursor_y);
}

/* A frame that is mended as time goes on is the one that would be drawn anew. */
static void time_goes_on(struct ui *ui, unsigned ms)
{
        struct grid mended = { 0 }, whole = { 0 };
        struct layout layout;

        draw(ui, &mended);
        draw(ui, &whole);
        ui_time(ui, ui->now + (int64_t)ms * 1000000);
        assert_true(layout_draw_time(ui, &mended));
        layout_measure(ui, &layout);
        assert_same_frame(&mended, &whole, ms < 1000 ? ui->width < 60 : !layout.has_title || ui->width < 30);
        draw(ui, &whole);
        assert_same_frame(&mended, &whole, true);
        grid_done(&mended);
        grid_done(&whole);
}

static void test_time(void **state)
{
        static const unsigned sizes[][2] = { { 5, 3 }, { 20, 9 }, { 29, 24 }, { 60, 24 }, { 120, 40 } };
        /* The age gets longer, shorter ("999ms", "1s") and bad. */
        static const unsigned ms[] = { 999, 1, 8000, 3600000 };

        (void)state;
        for (unsigned i = 0; i < COUNT(sizes); i++) {
                struct ui ui;

                begin(&ui, sizes[i][0], sizes[i][1], true);
                ui.options.fixed = ui.options.recorded = false;
                for (unsigned k = 0; k < all_views_count; k++) {
                        ui.detail = k % 2;
                        ui.paused = k % 3 == 2;
                        if (all_views[k]->flags & VIEW_ABOUT)
                                ui_open(&ui, all_views[k], subject_of_object(ui.scene->snapshot->objects), "x");
                        else
                                ui_go(&ui, all_views[k]);
                        time_goes_on(&ui, ms[k % COUNT(ms)]);
                }
                ui_done(&ui);
        }
}

/* What takes a whole frame: rows that are made anew or are due to go, another size, a box. */
static void test_more_than_time(void **state)
{
        static const struct scene_options options = { .cost = 0 };
        struct grid grid = { 0 };
        struct ui ui;

        (void)state;
        begin(&ui, 80, 24, true);
        ui_go(&ui, &view_objects);
        assert_false(layout_draw_time(&ui, &grid));
        ui_scene(&ui, scene_make(ui.scene, make_snapshot(true), &options));
        draw(&ui, &grid);
        ui_time(&ui, ui.now + GHOST_NS - 1);
        assert_true(layout_draw_time(&ui, &grid));
        ui_time(&ui, ui.now + 1);
        assert_false(layout_draw_time(&ui, &grid));
        draw(&ui, &grid);
        assert_true(layout_draw_time(&ui, &grid));
        ui_size(&ui, 81, 24);
        ui_settle(&ui);
        assert_false(layout_draw_time(&ui, &grid));
        draw(&ui, &grid);
        ui_act(&ui, ACTION_COLUMNS);
        draw(&ui, &grid);
        assert_non_null(ui.dialog);
        assert_false(layout_draw_time(&ui, &grid));
        ui_done(&ui);
        grid_done(&grid);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_sizes),
                cmocka_unit_test(test_alignment),
                cmocka_unit_test(test_cut),
                cmocka_unit_test(test_page_left),
                cmocka_unit_test(test_matches),
                cmocka_unit_test(test_changes),
                cmocka_unit_test(test_time),
                cmocka_unit_test(test_more_than_time),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
