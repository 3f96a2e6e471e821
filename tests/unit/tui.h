/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_TUI_H
#define TESTS_UNIT_TUI_H

/* A machine of shared memory segments that come and go, and keys that are typed. */
#include "kind/kinds.h"
#include "model/builder.h"
#include "tui/layout.h"
#include "tui/prompt.h"
#include "tui/ui.h"

#define TUI_SECOND INT64_C(1000000000)
#define TUI_NOW    (INT64_C(1795287852) * TUI_SECOND)
#define TUI_NS     UINT64_C(4026531839)

struct tui_segment {
        uint64_t id, bytes;
        unsigned owner;
};

/*
 * The next scene: these segments; "app" (pid 100) has those with an even id mapped, and a pipe
 * end, at whose other end is "other" (pid 200).
 */
static inline struct scene *tui_scene(const struct scene *previous, int64_t time, const struct tui_segment *segments,
                                      size_t n)
{
        struct want want = { .kinds = UINT64_MAX, .holders = true, .waiters = true, .processes = true };
        struct builder *builder = builder_new(&all_kinds, &want);
        const struct kind *shm = kind_find(&all_kinds, TEXT("shm")), *unix_kind = kind_find(&all_kinds, TEXT("unix"));
        const struct scene_options options = { .findings.rules = FINDING_ALL };
        struct process *app, *other;
        struct object *ends[2];

        *builder_origin(builder) = (struct snapshot_origin){ .time = time, .host = TEXT("vm"), .ipc_ns = TUI_NS };
        app = builder_process(builder, 100, 1, TEXT("app"));
        other = builder_process(builder, 200, 2, TEXT("other"));
        for (size_t i = 0; i < n; i++) {
                struct object *object = builder_object(builder, (struct object_key){ shm, TUI_NS, segments[i].id }, NULL);

                object->ns = TUI_NS;
                builder_uint(builder, object, FIELD_ID, segments[i].id);
                builder_uint(builder, object, FIELD_KEY, 0x1000 + segments[i].id);
                builder_uint(builder, object, FIELD_SIZE_BYTES, segments[i].bytes);
                builder_uint(builder, object, FIELD_OWNER, segments[i].owner);
                if (segments[i].id % 2 == 0)
                        builder_hold(builder, (struct hold){ .object = object, .process = app, .way = WAY_MAP,
                                                             .access = ACCESS_RW, .fd = -1, .maps = 1 });
        }
        for (unsigned i = 0; i < 2; i++) {
                ends[i] = builder_object(builder, (struct object_key){ unix_kind, 0, 500 + i }, NULL);
                builder_uint(builder, ends[i], FIELD_INODE, 500 + i);
                builder_hold(builder, (struct hold){ .object = ends[i], .process = i ? other : app, .way = WAY_FD,
                                                     .access = ACCESS_RW, .fd = 3 });
        }
        builder_peer(builder, ends[0], ends[1]);
        builder_name_user(builder, 1000, TEXT("Anna"));
        builder_name_user(builder, 1001, TEXT("bert"));
        return scene_make(previous, builder_seal(builder), &options);
}

/* Segments first, first + 1, ... of equal owner, the larger the id, the smaller. */
static inline struct scene *tui_segments(const struct scene *previous, int64_t time, uint64_t first, size_t n)
{
        struct tui_segment *segments = calloc(n + 1, sizeof(*segments));
        struct scene *scene;

        for (size_t i = 0; i < n; i++)
                segments[i] = (struct tui_segment){ first + i, (1000000 - first - i) * 4096, 1000 };
        scene = tui_scene(previous, time, segments, n);
        free(segments);
        return scene;
}

static inline void tui_key(struct ui *ui, uint32_t key)
{
        ui_key(ui, &(struct input){ .key = key });
        ui_settle(ui);
}

/* Keys of a script, and what it pastes; <Refresh> and the like are neither. */
static inline void tui_type(struct ui *ui, const char *script)
{
        struct text rest = text_of(script);
        struct script_step step;

        while (script_next(&rest, &step) > 0) {
                if (step.word == SCRIPT_PASTE)
                        ui_paste(ui, step.text);
                for (unsigned i = 0; step.word == SCRIPT_INPUT && i < step.times; i++) {
                        ui_key(ui, &step.input);
                        ui_settle(ui);
                }
                ui_settle(ui);
        }
}

static inline void tui_start(struct ui *ui, struct scene *scene, bool readonly)
{
        const struct ui_options options = { .utf8 = true, .mouse = true, .fixed = true, .readonly = readonly };

        ui_init(ui, &options, 80, 24);
        ui_time(ui, TUI_NOW);
        if (scene)
                ui_scene(ui, scene);
        ui_settle(ui);
}

/* The next scene comes so many seconds later. */
static inline void tui_next(struct ui *ui, unsigned seconds, uint64_t first, size_t n)
{
        struct scene *scene = tui_segments(ui->scene, ui->now + (int64_t)seconds * TUI_SECOND, first, n);

        ui_time(ui, ui->now + (int64_t)seconds * TUI_SECOND);
        ui_scene(ui, scene);
        ui_settle(ui);
}

/* The reference of the object under the cursor; "": there is none. */
static inline const char *tui_at(const struct ui *ui)
{
        const struct row_item *item = ui_row(ui);

        return item && item->type == ROW_OBJECT ? ((const struct object *)item->thing)->ref.data :
               item && item->type == ROW_GHOST  ? ((const struct ghost *)item->thing)->object.ref.data : "";
}

#endif
