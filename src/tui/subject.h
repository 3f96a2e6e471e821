/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_SUBJECT_H
#define TUI_SUBJECT_H

/*
 * What a row is about, across snapshots: cursor and marks are bound to it, never
 * to a place on the screen or to a pointer. A pair of numbers, so that it can be
 * the key of a struct map.
 */
#include "model/object.h"

enum subject_type { SUBJECT_NONE, SUBJECT_OBJECT, SUBJECT_PROCESS, SUBJECT_LIMIT, SUBJECT_FINDING, SUBJECT_NODE,
                    SUBJECT_LINE };

struct subject {
        uint64_t a;                     /* type in the top 3 bits; of objects the kind in the next 6, then the scope */
        uint64_t b;
};

static inline bool subject_equal(struct subject a, struct subject b)
{
        return a.a == b.a && a.b == b.b;
}

static inline enum subject_type subject_type(struct subject subject)
{
        return (enum subject_type)(subject.a >> 61);
}

struct subject subject_of_object(const struct object *object);
struct subject subject_of_process(const struct process *process);

/* Any other: two numbers that tell it from others of its type (61 bits of the first count). */
struct subject subject_of(enum subject_type type, uint64_t a, uint64_t b);

/* The first of these two. */
uint64_t subject_first(struct subject subject);

/* Two of them as one number, for paths and the like. */
uint64_t subject_hash(uint64_t seed, struct subject subject);

#endif
