/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_TROUBLE_H
#define TESTS_UNIT_TROUBLE_H

/* A machine on which something is wrong, and what views show of it. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tui.h"

/* --- a machine on which something is wrong ------------------------------------- */

struct trouble {
        struct builder *builder;
        struct process *holder, *waiter;
};

static inline void begin(struct trouble *trouble, int64_t time)
{
        const struct want want = { .kinds = UINT64_MAX, .holders = true, .waiters = true, .processes = true,
                                   .limits = true };

        trouble->builder = builder_new(&all_kinds, &want);
        *builder_origin(trouble->builder) = (struct snapshot_origin){ .time = time, .host = TEXT("vm"),
                                                                      .ipc_ns = TUI_NS, .page_bytes = 4096 };
        trouble->holder = builder_process(trouble->builder, 100, 1, TEXT("hol\033der"));
        trouble->waiter = builder_process(trouble->builder, 200, 2, TEXT("waiter"));
        builder_process_value(trouble->builder, trouble->holder,
                              (struct value){ .field = FIELD_UID, .type = VALUE_UINT, .u = 0 });
        builder_process_value(trouble->builder, trouble->holder,
                              (struct value){ .field = FIELD_PID, .type = VALUE_UINT, .u = 100 });
}

static inline struct object *add(struct trouble *trouble, const char *kind, uint64_t id)
{
        struct object *object = builder_object(trouble->builder,
                                               (struct object_key){ kind_find(&all_kinds, text_of(kind)), TUI_NS, id },
                                               NULL);

        object->ns = TUI_NS;
        builder_uint(trouble->builder, object, kind_has_field(object->key.kind, FIELD_ID) ? FIELD_ID : FIELD_INODE, id);
        return object;
}

static inline void hold(struct trouble *trouble, struct object *object, struct process *process, int fd)
{
        builder_hold(trouble->builder, (struct hold){ .object = object, .process = process, .way = WAY_FD,
                                                      .access = ACCESS_RW, .fd = fd });
}

/* A leaked segment of 64 MiB since an hour; a memfd; a lock that somebody waits for. */
static inline void add_trouble(struct trouble *trouble, int64_t time)
{
        struct object *leaked = add(trouble, "shm", 7), *memory = add(trouble, "memfd", 70);
        struct object *lock = add(trouble, "lock", 9);

        builder_uint(trouble->builder, leaked, FIELD_SIZE_BYTES, 64 << 20);
        builder_uint(trouble->builder, leaked, FIELD_RESIDENT_BYTES, 64 << 20);
        builder_uint(trouble->builder, leaked, FIELD_SWAPPED_BYTES, 0);
        builder_uint(trouble->builder, leaked, FIELD_ATTACHED, 0);
        builder_uint(trouble->builder, leaked, FIELD_CREATOR_PID, 1999);
        builder_uint(trouble->builder, leaked, FIELD_CREATOR_LIFE, LIFE_DEAD);
        builder_uint(trouble->builder, leaked, FIELD_CHANGED_AT, (uint64_t)(time - 3600 * TUI_SECOND));
        builder_state(trouble->builder, leaked, WORD_BIT(STATE_ORPHAN), true);
        builder_uint(trouble->builder, memory, FIELD_ALLOCATED_BYTES, 1 << 20);
        hold(trouble, memory, trouble->holder, 5);
        builder_hold(trouble->builder, (struct hold){ .object = lock, .process = trouble->holder, .way = WAY_LOCK,
                                                      .fd = -1 });
        builder_wait(trouble->builder, (struct wait){ .object = lock, .process = trouble->waiter, .tid = 200,
                                                      .operation = "fcntl", .since = time - 180 * TUI_SECOND });
        builder_reading(trouble->builder, &(struct limit_reading){ .limit = LIMIT_SHMMNI, .subject = TUI_NS, .value = 100,
                                                                   .counted = true, .used = 97 });
        builder_reading(trouble->builder, &(struct limit_reading){ .limit = LIMIT_SHMMAX, .subject = TUI_NS,
                                                                   .unlimited = true });
}

static inline struct scene *make(struct trouble *trouble, const struct scene *previous)
{
        const struct scene_options options = { .findings = { .rules = FINDING_ALL, .translate = true, .utf8 = true } };

        return scene_make(previous, builder_seal(trouble->builder), &options);
}

static inline struct scene *troubled(const struct scene *previous, int64_t time)
{
        struct trouble trouble;

        begin(&trouble, time);
        add_trouble(&trouble, time);
        return make(&trouble, previous);
}

static inline struct scene *empty(int64_t time)
{
        struct trouble trouble = { builder_new(&all_kinds, &(struct want){ .kinds = UINT64_MAX, .holders = true }),
                                   NULL, NULL };

        builder_origin(trouble.builder)->time = time;
        return make(&trouble, NULL);
}

/* --- what is on the screen --------------------------------------------------------- */

static inline char *screen(struct ui *ui)
{
        struct grid grid = { 0 };
        struct buf out = { 0 };

        ui_settle(ui);
        layout_draw(ui, &grid);
        grid_dump(&grid, false, &out);
        grid_done(&grid);
        buf_byte(&out, 0);
        return out.data;
}

static inline void assert_shown(struct ui *ui, const char *expected)
{
        char *shown = screen(ui);

        if (!strstr(shown, expected))
                fail_msg("\"%s\" is not on the screen:\n%s", expected, shown);
        free(shown);
}

static inline void assert_not_shown(struct ui *ui, const char *unexpected)
{
        char *shown = screen(ui);

        if (strstr(shown, unexpected))
                fail_msg("\"%s\" is on the screen:\n%s", unexpected, shown);
        free(shown);
}

static inline void go(struct ui *ui, const char *name)
{
        ui_go(ui, view_find(text_of(name)));
        ui_settle(ui);
}

/* Every cell of every row: in display form, whatever the names are. */
static inline void look_at_all(struct ui *ui)
{
        const struct level *level = ui_level(ui);
        struct view_column columns[COLUMNS_MOST];
        unsigned n = level->view->columns(ui, level, columns);
        struct buf out = { 0 };

        assert_in_range(n, 1, COLUMNS_MOST);
        for (size_t i = 0; i < ui->rows.n; i++)
                for (unsigned j = 0; j < n; j++) {
                        buf_clear(&out);
                        level->view->cell(ui, level, &ui->rows.items[i], &columns[j], &out);
                        assert_null(memchr(buf_text(&out).data, '\033', out.len));
                        assert_true(utf8_valid(buf_text(&out)));
                }
        buf_done(&out);
}

static inline void look_at_details(struct ui *ui)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < ui->rows.n; i++)
                if (ui_level(ui)->view->detail && ui->rows.items[i].type != ROW_HEADING) {
                        struct text rest, line;

                        buf_clear(&out);
                        ui_level(ui)->view->detail(ui, &ui->rows.items[i], 60, &out);
                        rest = buf_text(&out);
                        while (text_split(&rest, '\n', &line))
                                assert_true(utf8_valid(line));
                }
        buf_done(&out);
}

#endif
