/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_SCENE_H
#define TESTS_UNIT_SCENE_H

/* Scenes of three made-up kinds, one after the other. */
#include "base/array.h"
#include "model/builder.h"
#include "tui/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)
#define START  (INT64_C(1795287852) * SECOND)

static const uint16_t queue_fields[] = { FIELD_ID, FIELD_QUEUED_MESSAGES, FIELD_STATE, FIELD_NAME, FIELD_SEMAPHORES };
static const struct kind queues = {
        .name = "queue", .title = "queues", .address = ADDRESS_ID, .family = FAMILY_MSG,
        .fields = queue_fields, .nfields = COUNT(queue_fields),
};
static const uint16_t memory_fields[] = { FIELD_INODE, FIELD_ALLOCATED_BYTES, FIELD_STATE };
static const struct kind memories = {
        .name = "memory", .title = "memory", .address = ADDRESS_INODE, .family = FAMILY_POSIX,
        .fields = memory_fields, .nfields = COUNT(memory_fields), .wake = WAKE_HOLDER,
};
static const uint16_t plain_fields[] = { FIELD_INODE };
static const struct kind plains = {
        .name = "plain", .title = "plain", .address = ADDRESS_INODE, .family = FAMILY_OTHER,
        .fields = plain_fields, .nfields = COUNT(plain_fields), .wake = WAKE_PEER,
};
static const struct kind *const kind_list[] = { &queues, &memories, &plains };
static const struct kind_set kinds = { kind_list, COUNT(kind_list) };

/* --- snapshots -------------------------------------------------------------- */

static inline struct builder *begin(int64_t second)
{
        const struct want want = { .kinds = 7, .holders = true, .waiters = true };
        struct builder *builder = builder_new(&kinds, &want);

        *builder_origin(builder) = (struct snapshot_origin){ .time = START + second * SECOND, .host = TEXT("vm") };
        return builder;
}

static inline struct object *add_queue(struct builder *builder, uint64_t id, uint64_t messages)
{
        struct object *object = builder_object(builder, (struct object_key){ &queues, 1, id }, NULL);

        builder_uint(builder, object, FIELD_ID, id);
        builder_uint(builder, object, FIELD_QUEUED_MESSAGES, messages);
        builder_state(builder, object, 0, false);
        return object;
}

static inline struct object *add_memory(struct builder *builder, uint64_t inode, uint64_t bytes)
{
        struct object *object = builder_object(builder, (struct object_key){ &memories, 1, inode }, NULL);

        builder_uint(builder, object, FIELD_INODE, inode);
        builder_uint(builder, object, FIELD_ALLOCATED_BYTES, bytes);
        return object;
}

static inline struct object *add_plain(struct builder *builder, uint64_t inode)
{
        struct object *object = builder_object(builder, (struct object_key){ &plains, 1, inode }, NULL);

        builder_uint(builder, object, FIELD_INODE, inode);
        return object;
}

static inline void add_rows(struct builder *builder, struct object *object, uint64_t last)
{
        struct row *rows = ARENA_ARRAY(builder_arena(builder), struct row, 2);

        for (unsigned i = 0; i < 2; i++) {
                struct value *values = ARENA_ARRAY(builder_arena(builder), struct value, 2);

                values[0] = (struct value){ .field = FIELD_NUMBER, .type = VALUE_UINT, .u = i };
                values[1] = (struct value){ .field = FIELD_VALUE, .type = VALUE_UINT, .u = i ? last : 0 };
                rows[i] = (struct row){ values, 2 };
        }
        builder_value(builder, object, (struct value){ .field = FIELD_SEMAPHORES, .type = VALUE_ROWS, .len = 2,
                                                       .rows = rows });
}

static inline void hold(struct builder *builder, struct object *object, struct process *process, int fd)
{
        builder_hold(builder, (struct hold){ .object = object, .process = process, .way = WAY_FD, .access = ACCESS_RW,
                                             .fd = fd });
}

/* Takes the place of the scene before, which is dropped: nothing of the new one may lie in it. */
static inline struct scene *next(struct scene *previous, struct builder *builder)
{
        const struct scene_options options = { .findings = { .rules = FINDING_ALL } };
        struct scene *scene = scene_make(previous, builder_seal(builder), &options);

        scene_drop(previous);
        return scene;
}

static inline struct subject subject_of_queue(uint64_t id)
{
        const struct object object = { .key = { &queues, 1, id }, .kind_order = 0 };

        return subject_of_object(&object);
}

static inline const struct track *track_of(const struct scene *scene, uint64_t id)
{
        const struct object *object = scene_object(scene, subject_of_queue(id));

        assert_non_null(object);
        return scene_track(scene, object);
}

#endif
