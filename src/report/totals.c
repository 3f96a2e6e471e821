/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/totals.h"

static bool number(const struct object *object, uint16_t field, uint64_t *ret)
{
        const struct value *value = row_get(object_row(object), field);

        if (!value || value->type == VALUE_UNKNOWN)
                return false;
        *ret = value->u;
        return true;
}

/* System V tells resident and swapped pages, tmpfs allocated ones, queues their contents. */
static bool memory_of(const struct object *object, uint64_t *ret)
{
        uint64_t resident, swapped;

        if (number(object, FIELD_RESIDENT_BYTES, &resident) && number(object, FIELD_SWAPPED_BYTES, &swapped)) {
                *ret = resident + swapped;
                return true;
        }
        return number(object, FIELD_ALLOCATED_BYTES, ret) || number(object, FIELD_QUEUED_BYTES, ret);
}

/* Does this kind take memory that could be counted at all? */
static bool takes_memory(const struct kind *kind)
{
        return kind_has_field(kind, FIELD_RESIDENT_BYTES) || kind_has_field(kind, FIELD_ALLOCATED_BYTES) ||
               kind_has_field(kind, FIELD_QUEUED_BYTES);
}

void totals_add(struct totals *totals, const struct object *object)
{
        uint64_t states = 0, bytes = 0, memory = 0;
        bool nameless;

        number(object, FIELD_STATE, &states);
        nameless = states & (WORD_BIT(STATE_UNLINKED) | WORD_BIT(STATE_DEST));
        totals->objects++;
        totals->orphans += states >> STATE_ORPHAN & 1;
        totals->nameless += nameless;
        if (!number(object, FIELD_SIZE_BYTES, &bytes))
                number(object, FIELD_QUEUED_BYTES, &bytes);
        totals->bytes += bytes;
        if (takes_memory(object->key.kind) && !memory_of(object, &memory))
                totals->unknown++;
        totals->memory += memory;
        if (nameless)
                totals->nameless_memory += memory;
}
