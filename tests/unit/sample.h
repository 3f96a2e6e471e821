/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_SAMPLE_H
#define TESTS_UNIT_SAMPLE_H

/* A small snapshot of three made-up kinds, for whoever shows snapshots. */
#include "base/array.h"
#include "model/builder.h"
#include "output/sink.h"

#define SAMPLE_SECOND UINT64_C(1000000000)
/* 2026-11-21T19:04:12Z and a bit */
#define SAMPLE_NOW    (UINT64_C(1795287852) * SAMPLE_SECOND + 123456789)
#define SAMPLE_NS     UINT64_C(4026531839)

/* ESC, a byte that is no UTF-8, a bidirectional override, NUL, newline, quotes and a letter. */
#define SAMPLE_EVIL TEXT("/\033[31m\xff\xe2\x80\xae\0\n\"\\ \xc3\xa4")

static const uint16_t sample_shm_fields[] = {
        FIELD_ID, FIELD_KEY, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE, FIELD_SIZE_BYTES,
        FIELD_RESIDENT_BYTES, FIELD_ATTACHED, FIELD_CREATOR_PID, FIELD_CREATOR_LIFE, FIELD_LAST_PID,
        FIELD_LAST_LIFE, FIELD_ATTACHED_AT, FIELD_CHANGED_AT,
};
static const uint16_t sample_shm_summary[] = { FIELD_ATTACHED, FIELD_STATE, FIELD_CREATOR_LIFE };
static const struct kind_history sample_shm_history[] = {
        { NO_ROWS, FIELD_CREATOR_PID, FIELD_CREATOR_LIFE, { FIELD_CHANGED_AT }, 1, WAY_CREATOR, "created by" },
        { NO_ROWS, FIELD_LAST_PID, FIELD_LAST_LIFE, { FIELD_ATTACHED_AT }, 1, WAY_LAST, "last operation by" },
};
static const struct kind sample_shm = {
        .name = "shm", .title = "System V shared memory", .scope = NAMESPACE_IPC, .address = ADDRESS_ID,
        .fields = sample_shm_fields, .nfields = COUNT(sample_shm_fields),
        .summary = sample_shm_summary, .nsummary = COUNT(sample_shm_summary),
        .history = sample_shm_history, .nhistory = COUNT(sample_shm_history),
};

static const uint16_t sample_sem_fields[] = { FIELD_ID, FIELD_KEY, FIELD_SEMAPHORE_COUNT, FIELD_SEMAPHORES };
static const struct kind sample_sem = {
        .name = "sem", .title = "System V semaphores", .scope = NAMESPACE_IPC, .address = ADDRESS_ID,
        .fields = sample_sem_fields, .nfields = COUNT(sample_sem_fields),
};

static const uint16_t sample_mq_fields[] = {
        FIELD_NAME, FIELD_INODE, FIELD_DEV, FIELD_MODE, FIELD_QUEUED_MESSAGES, FIELD_LINKED, FIELD_NOTIFY,
        FIELD_CREATED_AT,
};
static const struct kind sample_mq = {
        .name = "mq", .title = "POSIX message queues", .scope = NAMESPACE_IPC, .address = ADDRESS_NAME,
        .fields = sample_mq_fields, .nfields = COUNT(sample_mq_fields),
};

static const struct kind *const sample_kind_list[] = { &sample_shm, &sample_sem, &sample_mq };
static const struct kind_set sample_kinds = { sample_kind_list, COUNT(sample_kind_list) };

static inline struct value sample_uint(uint16_t field, uint64_t u)
{
        return (struct value){ .field = field, .type = field_get(field)->type, .u = u };
}

static inline struct value sample_text(uint16_t field, struct text text)
{
        return (struct value){ .field = field, .type = VALUE_TEXT,
                               .len = (uint32_t)text.len, .data = text.data };
}

/* One row of the given values. */
static inline struct row sample_row(struct builder *builder, const struct value *values, size_t n)
{
        struct value *copy = ARENA_ARRAY(builder_arena(builder), struct value, n);

        memcpy(copy, values, n * sizeof(*copy));
        return (struct row){ copy, n };
}

/* A removed and orphaned segment, as far as anybody can tell. */
static inline struct object *sample_add_shm(struct builder *builder)
{
        struct object *shm = builder_object(builder, (struct object_key){ &sample_shm, SAMPLE_NS, 7 }, NULL);

        shm->ns = SAMPLE_NS;
        builder_uint(builder, shm, FIELD_ID, 7);
        builder_uint(builder, shm, FIELD_KEY, 0x5eed);
        builder_uint(builder, shm, FIELD_OWNER, 1000);
        builder_uint(builder, shm, FIELD_GROUP, 4242);
        builder_uint(builder, shm, FIELD_MODE, 0660);
        builder_state(builder, shm, WORD_BIT(STATE_DEST), false);
        builder_state(builder, shm, WORD_BIT(STATE_ORPHAN), true);
        builder_uint(builder, shm, FIELD_SIZE_BYTES, 64 << 20);
        builder_unknown(builder, shm, FIELD_RESIDENT_BYTES);
        builder_uint(builder, shm, FIELD_ATTACHED, 3);
        builder_uint(builder, shm, FIELD_CREATOR_PID, 1999);
        builder_uint(builder, shm, FIELD_CREATOR_LIFE, LIFE_DEAD);
        builder_uint(builder, shm, FIELD_LAST_PID, 2044);
        builder_uint(builder, shm, FIELD_LAST_LIFE, LIFE_ALIVE);
        builder_uint(builder, shm, FIELD_ATTACHED_AT, 0);
        builder_uint(builder, shm, FIELD_CHANGED_AT, SAMPLE_NOW - 3 * 86400 * SAMPLE_SECOND);
        return shm;
}

/* A set of another namespace: two semaphores, one of which somebody waits for. */
static inline void sample_add_sem(struct builder *builder)
{
        struct object_key key = { &sample_sem, SAMPLE_NS + 1, 2147483647 };
        struct object *sem = builder_object(builder, key, NULL);
        struct row *rows = ARENA_ARRAY(builder_arena(builder), struct row, 2);

        for (unsigned i = 0; i < 2; i++) {
                const struct value values[] = {
                        sample_uint(FIELD_NUMBER, i), sample_uint(FIELD_VALUE, 5 * i),
                        sample_uint(FIELD_WAITING_INCREASE, 1 - i), sample_uint(FIELD_WAITING_ZERO, 0),
                        sample_uint(FIELD_LAST_PID, 0), sample_uint(FIELD_LAST_LIFE, LIFE_NONE),
                };

                rows[i] = sample_row(builder, values, COUNT(values));
        }

        sem->ns = SAMPLE_NS + 1;
        sem->foreign = true;
        builder_uint(builder, sem, FIELD_ID, 2147483647);
        builder_uint(builder, sem, FIELD_KEY, 0);
        builder_uint(builder, sem, FIELD_SEMAPHORE_COUNT, 2);
        builder_value(builder, sem, (struct value){ .field = FIELD_SEMAPHORES, .type = VALUE_ROWS,
                                                    .len = 2, .rows = rows });
}

/* A queue with an evil name, and its notification. */
static inline struct object *sample_add_mq(struct builder *builder)
{
        struct object_key key = { &sample_mq, value_dev(0, 25), 41 };
        struct object *mq = builder_object(builder, key, NULL);
        struct row *notify = ARENA_NEW(builder_arena(builder), struct row);
        const struct value values[] = {
                sample_uint(FIELD_METHOD, NOTIFY_SIGNAL), sample_uint(FIELD_PID, 2044),
                sample_uint(FIELD_SIGNAL, 10),
        };

        *notify = sample_row(builder, values, COUNT(values));
        builder_text(builder, mq, FIELD_NAME, SAMPLE_EVIL);
        builder_uint(builder, mq, FIELD_INODE, 41);
        builder_uint(builder, mq, FIELD_DEV, value_dev(0, 25));
        builder_uint(builder, mq, FIELD_MODE, 0);
        builder_uint(builder, mq, FIELD_QUEUED_MESSAGES, 0);
        builder_value(builder, mq, (struct value){ .field = FIELD_LINKED, .type = VALUE_BOOL, .u = 1 });
        builder_value(builder, mq, (struct value){ .field = FIELD_NOTIFY, .type = VALUE_RECORD,
                                                   .len = 1, .rows = notify });
        builder_uint(builder, mq, FIELD_CREATED_AT, SAMPLE_NOW - 90 * SAMPLE_SECOND);
        return mq;
}

static inline void sample_add_holds(struct builder *builder, struct object *shm, struct object *mq)
{
        uint64_t start = SAMPLE_NOW - 7200 * SAMPLE_SECOND;
        struct process *nginx = builder_process(builder, 2011, start, TEXT("nginx"));
        struct process *worker = builder_process(builder, 2044, 0, TEXT("wor\033ker"));

        builder_process(builder, 3000, start, TEXT("idle"));
        builder_process_value(builder, nginx,
                              sample_text(FIELD_COMMAND, TEXT("nginx: master process /usr/sbin/nginx")));
        builder_process_value(builder, nginx, sample_uint(FIELD_UID, 0));
        builder_process_value(builder, worker, sample_uint(FIELD_UID, 1000));
        builder_process_value(builder, worker, sample_uint(FIELD_PROCESS_STATE, PROCESS_SLEEPING));

        builder_hold(builder, (struct hold){ .object = shm, .process = nginx, .way = WAY_MAP,
                                             .access = ACCESS_RW, .fd = -1, .maps = 2 });
        builder_hold(builder, (struct hold){ .object = shm, .process = worker, .way = WAY_LAST,
                                             .access = ACCESS_NONE, .fd = -1, .inferred = true });
        builder_hold(builder, (struct hold){ .object = shm, .process = nginx, .way = WAY_FD,
                                             .access = ACCESS_R, .fd = 9 });
        builder_hold(builder, (struct hold){ .object = mq, .process = nginx, .way = WAY_FD,
                                             .access = ACCESS_W, .fd = 10 });
}

/* Everything at once; free it with snapshot_free(). */
static inline struct snapshot *sample_snapshot(bool holders)
{
        struct want want = { .kinds = 7, .holders = holders, .waiters = holders };
        struct builder *builder = builder_new(&sample_kinds, &want);
        struct object *shm, *mq;

        *builder_origin(builder) = (struct snapshot_origin){
                .time = (int64_t)SAMPLE_NOW,
                .boot_id = TEXT("6d2f1c1e-0f3c-4a43-9a0c-3a5d6c1c2b11"),
                .host = TEXT("vm"),
                .ipc_ns = SAMPLE_NS,
        };
        shm = sample_add_shm(builder);
        sample_add_sem(builder);
        mq = sample_add_mq(builder);
        if (holders)
                sample_add_holds(builder, shm, mq);
        builder_name_user(builder, 0, TEXT("root"));
        builder_name_user(builder, 1000, TEXT("app"));
        builder_gap(builder, NULL, "/proc/PID/maps", 13, NULL);
        builder_gap(builder, NULL, "/proc/PID/maps", 13, NULL);
        builder_gap(builder, &sample_mq, "/dev/mqueue", 2, "no mqueue file system is mounted");
        return builder_seal(builder);
}

/* A sink that gathers everything in a buffer. */
static inline int sample_gather(void *data, struct text bytes)
{
        buf_add(data, bytes);
        return 0;
}

static inline struct sink sample_sink(struct buf *into)
{
        return (struct sink){ .write = sample_gather, .data = into };
}

#endif
