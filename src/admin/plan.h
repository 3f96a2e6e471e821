/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_PLAN_H
#define ADMIN_PLAN_H

/*
 * What would be removed, and what not, and why: pure, from a snapshot. People
 * see it before anything happens (rm -n, the prompt, the browser), and nothing
 * that it does not show is ever removed.
 */
#include "report/protection.h"
#include "report/verdict.h"

struct plan_options {
        bool force;                     /* objects in use, or whose holders can't be seen, too */
        bool protected;                 /* protected ones, too */
        const struct protections *protections;
};

struct plan_row {
        const struct object *object;
        struct verdict_report verdict;  /* with reasons and consequence */
        bool chosen;                    /* will be removed if people agree */
        bool forced;                    /* chosen only because of force or protected */
        bool used;                      /* it is in use, or may be: its counters need not stay as they were seen */
        bool others;                    /* another user's than the caller's */
};

struct plan {
        struct plan_row *rows;          /* in the order given, each object once */
        size_t n, room;
        size_t nchosen, nrefused;
        size_t nforced;                 /* of the chosen: in use, unknown or protected */
        size_t nothers;                 /* of the chosen: of other users */
        size_t by_verdict[VERDICT_COUNT];   /* of all */
        uint64_t bytes;                 /* memory that is free again once the chosen ones are gone, as far as known */
        uint64_t messages;              /* what the chosen ones hold of them, and nobody will read */
};

/* objects: of the snapshot. Never fails. */
void plan_make(const struct snapshot *snapshot, const struct object *const *objects, size_t n,
               const struct plan_options *options, struct plan *ret);
void plan_done(struct plan *plan);

/*
 * Must people type the number of what is chosen? Where a slip of the finger would
 * hurt: several objects that are in use or protected, or any of other users.
 */
bool plan_needs_number(const struct plan *plan);

#endif
