/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_LAYOUT_H
#define TESTS_UNIT_LAYOUT_H

/* Frames of a small machine, for those who look at them cell by cell. */
#include "base/utf8.h"
#include "sample.h"
#include "tui/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

enum { QUEUES = 40, ROWS_LEAST = 6, GONE = 3, CHANGED = 5 };

/* Names that are wide, combining, hostile, long. */
static const char *const names[] = {
        "/plain", "/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "/e\xcc\x81\xcc\x81le\xcc\x80ve",
        "/a\xe6\x97\xa5", "/\xff\033[31m", "/x", "/\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80",
        "/long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long",
};

/* Later, a queue is gone, one is new, and one has another message. */
static inline struct snapshot *make_snapshot(bool later)
{
        struct want want = { .kinds = 7, .holders = true, .waiters = true };
        struct builder *builder = builder_new(&sample_kinds, &want);
        struct object *shm, *mq;

        *builder_origin(builder) = (struct snapshot_origin){ .time = (int64_t)SAMPLE_NOW, .host = TEXT("vm") };
        shm = sample_add_shm(builder);
        mq = sample_add_mq(builder);
        sample_add_holds(builder, shm, mq);
        for (unsigned i = 0; i < (later ? QUEUES + 1U : QUEUES); i++) {
                struct object_key key = { &sample_mq, value_dev(0, 25), 100 + i };
                struct buf name = { 0 };
                struct object *queue;

                if (later && i == GONE)
                        continue;
                queue = builder_object(builder, key, NULL);
                buf_printf(&name, "%s-%u", names[i % COUNT(names)], i);
                builder_text(builder, queue, FIELD_NAME, buf_text(&name));
                builder_uint(builder, queue, FIELD_INODE, 100 + i);
                builder_uint(builder, queue, FIELD_MODE, 0600 + i % 8);
                builder_uint(builder, queue, FIELD_QUEUED_MESSAGES, later && i == CHANGED ? 77 : i);
                buf_done(&name);
        }
        builder_name_user(builder, 0, TEXT("root"));
        return builder_seal(builder);
}

static inline void begin(struct ui *ui, unsigned width, unsigned height, bool utf8)
{
        static const struct ui_options common = { .fixed = true, .recorded = true };
        static const struct scene_options scene = { .cost = 0 };
        struct ui_options options = common;

        options.utf8 = utf8;
        ui_init(ui, &options, width, height);
        ui_time(ui, (int64_t)SAMPLE_NOW);
        ui_scene(ui, scene_make(NULL, make_snapshot(false), &scene));
}

static inline void draw(struct ui *ui, struct grid *grid)
{
        ui_settle(ui);
        layout_draw(ui, grid);
}

static inline const struct grid_cell *cell_at(const struct grid *grid, unsigned x, unsigned y)
{
        return &grid->cells[(size_t)y * grid->width + x];
}

/* The text of a line from a column on. */
static inline void line_from(const struct grid *grid, unsigned x, unsigned y, struct buf *out)
{
        buf_clear(out);
        buf_string(out, "");
        for (; x < grid->width; x++)
                buf_add(out, (struct text){ cell_at(grid, x, y)->bytes, cell_at(grid, x, y)->len });
}

/* Every wide character has both halves, and nothing is there that could move a cursor. */
static inline void check_grid(const struct grid *grid)
{
        for (unsigned y = 0; y < grid->height; y++)
                for (unsigned x = 0; x < grid->width; x++) {
                        const struct grid_cell *cell = cell_at(grid, x, y);

                        assert_true(cell->width <= 2);
                        if (cell->width == 0)
                                assert_true(x > 0 && cell_at(grid, x - 1, y)->width == 2 && cell->len == 0);
                        if (cell->width == 2)
                                assert_true(x + 1 < grid->width && cell_at(grid, x + 1, y)->width == 0);
                        if (cell->width > 0)
                                assert_int_equal(utf8_columns((struct text){ cell->bytes, cell->len }), cell->width);
                        for (unsigned i = 0; i < cell->len; i++)
                                assert_true((unsigned char)cell->bytes[i] >= ' ' && cell->bytes[i] != 0x7f);
                }
        if (grid->cursor)
                assert_true(grid->cursor_x < grid->width && grid->cursor_y < grid->height);
}

/* All objects, with these columns. */
static inline void choose(struct ui *ui, const uint16_t *columns, unsigned n)
{
        struct view_settings *settings = ui_settings(ui, &view_objects);

        ui_go(ui, &view_objects);
        memcpy(settings->columns, columns, n * sizeof(*columns));
        settings->ncolumns = n;
        ui->stale = true;
}

static inline unsigned find_title(const struct grid *grid, unsigned y, const char *title)
{
        struct buf line = { 0 };
        const char *found;
        unsigned x;

        line_from(grid, 0, y, &line);
        found = strstr(line.data, title);
        if (!found)
                print_message("no %s in: %s\n", title, line.data);
        assert_non_null(found);
        x = utf8_columns((struct text){ line.data, (size_t)(found - line.data) });
        buf_done(&line);
        return x;
}

#endif
