/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/totals.h"

/* What of its values counts; each bit of `known` is one of them. */
struct amounts {
        enum { STATES = 1, SIZE = 2, RESIDENT = 4, SWAPPED = 8, ALLOCATED = 16, QUEUED = 32 } known;
        uint64_t states, size, resident, swapped, allocated, queued;
};

/* In one go: most objects have few of these fields, and looking for one that is not there is dear. */
static void gather(const struct object *object, struct amounts *ret)
{
        *ret = (struct amounts){ 0 };
        for (unsigned i = 0; i < object->nvalues; i++) {
                const struct value *value = &object->values[i];

                if (value->type == VALUE_UNKNOWN)
                        continue;
                switch (value->field) {
                case FIELD_STATE:
                        ret->states = value->u;
                        ret->known |= STATES;
                        break;
                case FIELD_SIZE_BYTES:
                        ret->size = value->u;
                        ret->known |= SIZE;
                        break;
                case FIELD_RESIDENT_BYTES:
                        ret->resident = value->u;
                        ret->known |= RESIDENT;
                        break;
                case FIELD_SWAPPED_BYTES:
                        ret->swapped = value->u;
                        ret->known |= SWAPPED;
                        break;
                case FIELD_ALLOCATED_BYTES:
                        ret->allocated = value->u;
                        ret->known |= ALLOCATED;
                        break;
                case FIELD_QUEUED_BYTES:
                        ret->queued = value->u;
                        ret->known |= QUEUED;
                        break;
                }
        }
}

/* System V tells resident and swapped pages, tmpfs allocated ones, queues their contents. */
static bool memory_of(const struct amounts *amounts, uint64_t *ret)
{
        if (amounts->known & RESIDENT && amounts->known & SWAPPED)
                *ret = amounts->resident + amounts->swapped;
        else if (amounts->known & ALLOCATED)
                *ret = amounts->allocated;
        else if (amounts->known & QUEUED)
                *ret = amounts->queued;
        else
                return false;
        return true;
}

bool totals_memory(const struct object *object, uint64_t *ret)
{
        struct amounts amounts;

        gather(object, &amounts);
        return memory_of(&amounts, ret);
}

static bool may_have(const struct object *object, uint16_t field)
{
        return object->places ? object->places[field] > 0 : kind_has_field(object->key.kind, field);
}

/* Is it of a kind that takes memory that could be counted at all? */
static bool takes_memory(const struct object *object)
{
        return may_have(object, FIELD_RESIDENT_BYTES) || may_have(object, FIELD_ALLOCATED_BYTES) ||
               may_have(object, FIELD_QUEUED_BYTES);
}

void totals_add(struct totals *totals, const struct object *object)
{
        struct amounts amounts;
        uint64_t memory = 0;
        bool nameless;

        gather(object, &amounts);
        nameless = amounts.states & (WORD_BIT(STATE_UNLINKED) | WORD_BIT(STATE_DEST));
        totals->objects++;
        totals->orphans += amounts.states >> STATE_ORPHAN & 1;
        totals->nameless += nameless;
        totals->bytes += amounts.known & SIZE ? amounts.size : amounts.queued;
        if (!memory_of(&amounts, &memory) && takes_memory(object))
                totals->unknown++;
        totals->memory += memory;
        if (nameless)
                totals->nameless_memory += memory;
}
