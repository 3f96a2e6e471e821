/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * References: what is read, printed as the object it would name, is read back
 * as the same, and finds that object.
 */
#include "model/builder.h"
#include "model/reference.h"

#include <stdlib.h>

static const uint16_t number_fields[] = { FIELD_KEY };
static const uint16_t name_fields[] = { FIELD_NAME };

static const struct kind shm = { .name = "shm", .scope = NAMESPACE_IPC, .address = ADDRESS_ID,
                                 .fields = number_fields, .nfields = 1 };
static const struct kind mq = { .name = "mq", .scope = NAMESPACE_IPC, .address = ADDRESS_NAME,
                                .fields = name_fields, .nfields = 1 };
static const struct kind tube = { .name = "pipe", .scope = NAMESPACE_NONE, .address = ADDRESS_INODE };

static const struct kind *const kinds[] = { &shm, &mq, &tube };
static const struct kind_set set = { kinds, 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A snapshot of the one object that the reference names. */
static struct snapshot *imagine(const struct reference *reference)
{
        static const struct want want = { .kinds = 7 };
        struct builder *builder = builder_new(&set, &want);
        bool numbered = reference->by == REFERENCE_ID || reference->by == REFERENCE_INODE;
        struct object_key key = { reference->kind, reference->dev, numbered ? reference->number : 1 };
        struct object *object = builder_object(builder, key, NULL);

        object->ns = reference->ns;
        object->foreign = reference->ns || reference->dev;
        if (reference->by == REFERENCE_KEY)
                builder_uint(builder, object, FIELD_KEY, reference->number);
        if (reference->by == REFERENCE_NAME)
                builder_text(builder, object, FIELD_NAME, reference->name);
        return builder_seal(builder);
}

static void found(const struct object *object, void *data)
{
        const struct object **ret = data;

        *ret = object;
}

static void expect(bool truth)
{
        if (!truth)
                abort();
}

static void check(const struct reference *reference, struct arena *arena)
{
        struct snapshot *snapshot = imagine(reference);
        const struct object *object = &snapshot->objects[0], *same = NULL;
        struct reference printed = { 0 };
        struct parse_error error;

        expect(reference_resolve(snapshot, reference, found, &same) == 1 && same == object);
        expect(reference_parse(&set, object->ref, arena, &printed, &error) == 0);
        expect(printed.kind == reference->kind);
        if (reference->by == REFERENCE_NAME)
                expect(printed.by == REFERENCE_NAME && text_equal(printed.name, reference->name));
        else if (reference->by != REFERENCE_KEY)
                expect(printed.number == reference->number);
        snapshot_free(snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text word = { (const char *)data, size };
        struct parse_error error = { NULL, 0 };
        struct reference reference;
        struct arena arena;

        arena_init(&arena);
        if (reference_parse(&set, word, &arena, &reference, &error) < 0)
                expect(error.message && error.at <= size);
        else if (reference.kind)
                check(&reference, &arena);
        arena_done(&arena);
        return 0;
}
