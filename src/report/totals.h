/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TOTALS_H
#define REPORT_TOTALS_H

/* Sums over objects of one kind. What is unlinked or marked for removal still takes memory: it counts. */
#include "model/snapshot.h"

struct totals {
        size_t objects, orphans, nameless;      /* nameless: unlinked, or dest */
        uint64_t bytes;                 /* asked for, or queued */
        uint64_t memory;                /* resident and swapped, allocated, or queued */
        uint64_t nameless_memory;       /* of it: of nameless objects */
        size_t unknown;                 /* objects whose memory is not known */
};

/* Adds an object. */
void totals_add(struct totals *totals, const struct object *object);

/* The memory that one object takes; false: none of it is known, or its kind takes none that could be counted. */
bool totals_memory(const struct object *object, uint64_t *ret);

#endif
