/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_CARRY_H
#define ADMIN_CARRY_H

/*
 * Carrying out a plan that people agreed to, whoever asked them: rm, the browser.
 * All copies are made before the first removal; if one fails, nothing is removed:
 *
 *   carry_begin(); if (carry_save()) carry_remove(); else carry_cancel(); carry_done();
 */
#include "admin/deed.h"

struct carry {
        /* What is to happen. */
        const struct host *host;
        const struct snapshot *snapshot;
        const struct plan *plan;
        const char *save_to;            /* where copies go first, see copy_prepare(); NULL: none */
        bool drain;
        struct journal *journal;        /* for carry_remove(); NULL: nothing is noted */
        void *data;
        /* A row of the plan is being saved: before, meanwhile (all 0: not known), after. May be NULL. */
        void (*saving)(void *data, const struct plan_row *row);
        void (*progress)(void *data, uint64_t done, uint64_t all);
        void (*saved)(void *data, const struct plan_row *row);
        /* What became of a row; each of them is told once, in their order, unless it all was stopped. */
        void (*tell)(void *data, const struct plan_row *row, const struct deed *deed);
        bool (*stop)(void *data);       /* asked between the rows, in long plans after some dozens; NULL: never */
        /* What happened. */
        struct deed *deeds;             /* one for each row of the plan */
        bool cancelled;                 /* not everything could be saved */
        size_t untouched;               /* rows that were left when it was stopped */
        int journal_err;                /* the first line that could not be written: positive errno */
};

void carry_begin(struct carry *carry);
bool carry_save(struct carry *carry);

/*
 * Stops before a row, too, when a signal waits (sys/interrupt.h). Long plans of System V objects are carried out by two
 * threads; all that is called back is called by the caller's.
 */
void carry_remove(struct carry *carry);
void carry_cancel(struct carry *carry);
void carry_done(struct carry *carry);

#endif
