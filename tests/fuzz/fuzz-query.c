/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters and sort keys, read and then used on two objects that have something of every type. */
#include "model/builder.h"
#include "model/query.h"

#include <stdlib.h>

#define NOON UINT64_C(1795262400000000000)

static const uint16_t fields[] = {
        FIELD_ID, FIELD_KEY, FIELD_NAME, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_SIZE_BYTES, FIELD_CREATED_AT, FIELD_CREATOR_LIFE, FIELD_SEMAPHORES, FIELD_NOTIFY, FIELD_LINKED,
};
static const struct kind thing = {
        .name = "thing", .scope = NAMESPACE_IPC, .address = ADDRESS_ID,
        .fields = fields, .nfields = sizeof(fields) / sizeof(fields[0]),
};
static const struct kind *const kinds[] = { &thing };
static const struct kind_set set = { kinds, 1 };

static const struct value members[] = {
        { .field = FIELD_NUMBER, .type = VALUE_UINT, .u = 0 },
        { .field = FIELD_VALUE, .type = VALUE_UINT, .u = 5 },
        { .field = FIELD_LAST_PID, .type = VALUE_UNKNOWN },
};
static const struct value method = { .field = FIELD_METHOD, .type = VALUE_WORD, .u = NOTIFY_SIGNAL };
static const struct row semaphores[] = { { members, 3 }, { members, 1 } };
static const struct row notify[] = { { &method, 1 } };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill(struct builder *builder, struct object *object)
{
        struct value rows = { .field = FIELD_SEMAPHORES, .type = VALUE_ROWS, .len = 2, .rows = semaphores };
        struct value record = { .field = FIELD_NOTIFY, .type = VALUE_RECORD, .len = 1, .rows = notify };

        builder_uint(builder, object, FIELD_ID, 1);
        builder_uint(builder, object, FIELD_KEY, 0x5eed);
        builder_text(builder, object, FIELD_NAME, TEXT("/a b\0\n\xff"));
        builder_uint(builder, object, FIELD_DEV, value_dev(0, 45));
        builder_uint(builder, object, FIELD_OWNER, 1000);
        builder_uint(builder, object, FIELD_GROUP, 4242);
        builder_uint(builder, object, FIELD_MODE, 0660);
        builder_uint(builder, object, FIELD_STATE, WORD_BIT(STATE_DEST) | WORD_BIT(STATE_WAITERS));
        builder_uint(builder, object, FIELD_SIZE_BYTES, 65536);
        builder_uint(builder, object, FIELD_CREATED_AT, NOON);
        builder_uint(builder, object, FIELD_CREATOR_LIFE, LIFE_DEAD);
        builder_uint(builder, object, FIELD_LINKED, 1);
        builder_value(builder, object, rows);
        builder_value(builder, object, record);
}

static struct snapshot *build(void)
{
        static const struct want want = { .kinds = 1, .holders = true };
        struct builder *builder = builder_new(&set, &want);
        struct object *full = builder_object(builder, (struct object_key){ &thing, 1, 1 }, NULL);
        struct object *unknown = builder_object(builder, (struct object_key){ &thing, 1, 2 }, NULL);
        struct process *process = builder_process(builder, 10, 1, TEXT("ngi\033nx"));

        builder_origin(builder)->time = (int64_t)NOON;
        builder_name_user(builder, 1000, TEXT("alice"));
        fill(builder, full);
        for (unsigned i = 0; i < thing.nfields; i++)
                builder_unknown(builder, unknown, fields[i]);
        builder_hold(builder, (struct hold){ .object = full, .process = process, .way = WAY_FD,
                                             .access = ACCESS_RW, .fd = 3 });
        return builder_seal(builder);
}

static void sort_by(const struct snapshot *snapshot, struct text text)
{
        const struct object *objects[] = { &snapshot->objects[0], &snapshot->objects[1] };
        struct parse_error error = { NULL, 0 };
        struct sort_key key;

        if (sort_parse(text, &key, &error) == 0)
                sort_objects(snapshot, objects, 2, key);
        else if (!error.message || error.at > text.len)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text text = { (const char *)data, size };
        struct parse_error error = { NULL, 0 };
        struct snapshot *snapshot = build();
        struct query *query;

        if (query_parse(text, (int64_t)NOON, &query, &error) == 0) {
                for (size_t i = 0; i < snapshot->nobjects; i++)
                        query_match(query, snapshot, &snapshot->objects[i]);
                query_free(query);
        } else if (!error.message || error.at > size) {
                abort();
        }
        sort_by(snapshot, text);
        snapshot_free(snapshot);
        return 0;
}
