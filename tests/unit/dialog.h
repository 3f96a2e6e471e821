/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_DIALOG_H
#define TESTS_UNIT_DIALOG_H

/* Seven segments to be asked about, and what stands in the box that asks. */
#include "base/array.h"
#include "base/utf8.h"
#include "tui.h"
#include "tui/dialog.h"

#include <unistd.h>

enum { ME = 0, OTHER = 1000, OLD = 3600 };

struct spec {
        uint64_t id;
        unsigned owner;
        unsigned attached;
        unsigned age;                   /* s before the scene */
        uint64_t key;
};

/* Nobody has 1 and 2; app has 3; 4 and 5 are another user's; nobody has 6 and 7. */
static const struct spec machine[] = {
        { 1, ME, 0, OLD, 0x11 }, { 2, ME, 0, OLD, 0x12 }, { 3, ME, 1, OLD, 0x13 }, { 4, OTHER, 0, OLD, 0x14 },
        { 5, OTHER, 0, OLD, 0x15 }, { 6, ME, 0, OLD, 0x16 }, { 7, ME, 0, OLD, 0x17 },
};

static inline void add_segment(struct builder *builder, const struct spec *spec, int64_t time, struct process *app,
                        struct process *init, struct process *self)
{
        const struct kind *shm = kind_find(&all_kinds, TEXT("shm"));
        struct object *object = builder_object(builder, (struct object_key){ shm, TUI_NS, spec->id }, NULL);

        object->ns = TUI_NS;
        builder_uint(builder, object, FIELD_ID, spec->id);
        builder_uint(builder, object, FIELD_KEY, spec->key);
        builder_uint(builder, object, FIELD_OWNER, spec->owner);
        builder_uint(builder, object, FIELD_GROUP, 0);
        builder_uint(builder, object, FIELD_CREATOR, spec->owner);
        builder_uint(builder, object, FIELD_CREATOR_GROUP, 0);
        builder_uint(builder, object, FIELD_MODE, 0640);
        builder_uint(builder, object, FIELD_SIZE_BYTES, 4096 * spec->id);
        builder_uint(builder, object, FIELD_RESIDENT_BYTES, 4096);
        builder_uint(builder, object, FIELD_ATTACHED, spec->attached);
        builder_uint(builder, object, FIELD_CREATOR_PID, 99);
        builder_uint(builder, object, FIELD_LAST_PID, 0);
        builder_uint(builder, object, FIELD_ATTACHED_AT, 0);
        builder_uint(builder, object, FIELD_DETACHED_AT, 0);
        builder_uint(builder, object, FIELD_CHANGED_AT, (uint64_t)(time - spec->age * TUI_SECOND) / 1000000000 * 1000000000);
        if (spec->attached == 0)
                return;
        for (unsigned i = 0; i < 3; i++)
                builder_hold(builder, (struct hold){ .object = object, .process = i == 0 ? init : i == 1 ? app : self,
                                                     .way = WAY_MAP, .access = ACCESS_RW, .fd = -1, .maps = 1 });
}

static inline struct process *add_process(struct builder *builder, pid_t pid, const char *command)
{
        struct process *process = builder_process(builder, pid, (uint64_t)TUI_NOW - 7200 * 1000000000ull, TEXT("app"));

        builder_process_value(builder, process, (struct value){ .field = FIELD_COMMAND, .type = VALUE_TEXT,
                                                                .data = command, .len = (uint32_t)strlen(command) });
        builder_process_value(builder, process, (struct value){ .field = FIELD_UID, .type = VALUE_UINT, .u = OTHER });
        return process;
}

static inline struct scene *make_scene(const struct scene *previous, int64_t time, const struct spec *specs, size_t n)
{
        struct want want = { .kinds = UINT64_MAX, .holders = true, .waiters = true, .processes = true };
        struct builder *builder = builder_new(&all_kinds, &want);
        const struct scene_options options = { .findings.rules = FINDING_ALL };
        struct process *app, *init, *self;

        *builder_origin(builder) = (struct snapshot_origin){ .time = time, .host = TEXT("vm"), .ipc_ns = TUI_NS };
        init = add_process(builder, 1, "/sbin/init");
        app = add_process(builder, 100, "/usr/bin/app --serve");
        self = add_process(builder, getpid(), "test-dialog");
        for (size_t i = 0; i < n; i++)
                add_segment(builder, &specs[i], time, app, init, self);
        builder_name_user(builder, ME, TEXT("root"));
        builder_name_user(builder, OTHER, TEXT("anna"));
        return scene_make(previous, builder_seal(builder), &options);
}

static inline void start(struct ui *ui, const struct spec *specs, size_t n, struct ui_options options)
{
        options.utf8 = options.fixed = options.mouse = true;
        ui_init(ui, &options, 80, 24);
        ui_time(ui, TUI_NOW);
        ui_scene(ui, make_scene(NULL, TUI_NOW, specs, n));
        tui_type(ui, ":shm<Enter>");
        assert_string_equal(tui_at(ui), "shm:1");
}

static inline void begin(struct ui *ui)
{
        start(ui, machine, COUNT(machine), (struct ui_options){ .save_to = "/copies" });
}

static inline void next_scene(struct ui *ui, unsigned seconds, const struct spec *specs, size_t n)
{
        ui_time(ui, ui->now + seconds * TUI_SECOND);
        ui_scene(ui, make_scene(ui->scene, ui->now, specs, n));
        ui_settle(ui);
}

/* What stands in the box. */
static inline struct buf frame(const struct ui *ui)
{
        struct grid grid = { 0 };
        struct buf out = { 0 };

        grid_resize(&grid, ui->width, ui->height);
        dialog_draw(ui, &grid);
        grid_dump(&grid, false, &out);
        grid_done(&grid);
        return out;
}

static inline bool shows(const struct ui *ui, const char *text)
{
        struct buf out = frame(ui);
        bool found = strstr(out.data ? out.data : "", text);

        buf_done(&out);
        return found;
}

#define assert_shows(ui, text)                                                                  \
        do {                                                                                    \
                if (!shows(ui, text)) {                                                         \
                        struct buf dump_ = frame(ui);                                           \
                        fail_msg("no \"%s\" in:\n%s", text, dump_.data ? dump_.data : "");      \
                }                                                                               \
        } while (0)

/* The order that was left; NULL: none. Other requests are dropped. */
static inline struct order *take_order(struct ui *ui)
{
        struct order *order = NULL;
        struct request request;

        while (ui_next_request(ui, &request)) {
                if (request.order) {
                        assert_null(order);
                        order = request.order;
                        request.order = NULL;
                }
                request_done(&request);
        }
        return order;
}

static inline void assert_no_order(struct ui *ui)
{
        assert_null(take_order(ui));
}

#endif
