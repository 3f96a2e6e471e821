/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

/*
 * May it be removed, and why (not)? A pure reading of a snapshot; what the
 * snapshot could not see counts as in use.
 */
#include "model/snapshot.h"

enum verdict {
        VERDICT_FREE,                   /* nobody has it, nothing is lost but its contents */
        VERDICT_ORPHAN,                 /* nobody has it and its makers are gone: leaked */
        VERDICT_IN_USE,                 /* live holders, waiters or recent users */
        VERDICT_FOREIGN,                /* of another namespace, or another user's and we lack the right */
        VERDICT_UNKNOWN,                /* holders could not be seen */
        VERDICT_IMPOSSIBLE,             /* it has no name or id to remove */
        VERDICT_COUNT,
};

struct verdict_report {
        enum verdict verdict;
        const char *reasons[4];         /* N_() sentences, the decisive one first */
        unsigned nreasons;
        const char *consequence;        /* N_(): what removing it does to its users; or NULL */
};

/* The released word: "free", "orphan", "in-use", "foreign", "unknown", "impossible". */
const char *verdict_word(enum verdict verdict);

/* Never fails. */
void verdict_read(const struct snapshot *snapshot, const struct object *object, struct verdict_report *ret);

#endif
