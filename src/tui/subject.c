/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/subject.h"

enum { TYPE_SHIFT = 61, KIND_SHIFT = 55, KINDS_MOST = 64 };

#define LOW_BITS(n) ((UINT64_C(1) << (n)) - 1)

/* Devices and inodes of namespaces fit as they are. */
static uint64_t fold(uint64_t number, unsigned bits)
{
        return (number ^ number >> bits) & LOW_BITS(bits);
}

struct subject subject_of_object(const struct object *object)
{
        return (struct subject){
                (uint64_t)SUBJECT_OBJECT << TYPE_SHIFT |
                        (uint64_t)(object->kind_order % KINDS_MOST) << KIND_SHIFT |
                        fold(object->key.scope, KIND_SHIFT),
                object->key.id,
        };
}

struct subject subject_of_process(const struct process *process)
{
        return subject_of(SUBJECT_PROCESS, process->start, (uint64_t)process->pid);
}

struct subject subject_of(enum subject_type type, uint64_t a, uint64_t b)
{
        return (struct subject){ (uint64_t)type << TYPE_SHIFT | (a & LOW_BITS(TYPE_SHIFT)), b };
}

uint64_t subject_first(struct subject subject)
{
        return subject.a & LOW_BITS(TYPE_SHIFT);
}

uint64_t subject_hash(uint64_t seed, struct subject subject)
{
        uint64_t hash = (seed ^ subject.a) * UINT64_C(0x9e3779b97f4a7c15);

        hash = (hash ^ hash >> 29 ^ subject.b) * UINT64_C(0xff51afd7ed558ccd);
        return hash ^ hash >> 32;
}
