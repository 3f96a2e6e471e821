/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_DEED_H
#define ADMIN_DEED_H

/*
 * Deeds, one object at a time: save it if asked, check that it is still what
 * people saw, do it, note it in the journal. Whoever calls tells people.
 */
#include "admin/plan.h"
#include "model/acts.h"

struct journal;                         /* sys/state.h */
struct journal_block;

enum deed_result {
        DEED_DONE,
        DEED_GONE,                      /* somebody else was faster */
        DEED_CHANGED,                   /* not what people saw any more: untouched */
        DEED_REFUSED,                   /* the plan says no */
        DEED_FAILED,                    /* the kernel says no, see err */
        DEED_UNSAVED,                   /* saving failed, so it was not removed */
        DEED_RESULT_COUNT,
};

/* The released word: "done", "gone", "changed", "refused", "failed", "unsaved". */
const char *deed_word(enum deed_result result);

struct deed {
        /* What is to happen. */
        const struct host *host;
        const struct snapshot *snapshot;
        const char *action;             /* "remove", "save", "set", "create", "restore": the journal's word */
        const char *save_to;            /* directory for copies; NULL: don't save */
        bool drain;
        bool strict;                    /* save: only if its counters are as they were seen, too */
        struct journal *journal;        /* NULL: don't note */
        struct journal_block *block;    /* where its line waits for those of others; NULL: it is written at once */
        void (*progress)(void *data, uint64_t done, uint64_t all);
        void *progress_data;
        /* What happened. */
        enum deed_result result;
        int err;                        /* positive errno, or 0 */
        struct act act;                 /* act.changed with DEED_CHANGED */
        struct buf copy;                /* path of the saved copy; empty: none */
        bool kept;                      /* a copy that is not complete was kept, as contents were moved into it */
        int journal_err;                /* the line could not be written: positive errno */
};

/*
 * Removes what a row of a plan says; refuses rows that are not chosen. Saves it
 * before, unless there is a copy already: of deed_save() with this same deed.
 */
void deed_remove(struct deed *deed, const struct plan_row *row);

/*
 * Saves one object: attributes and contents, as a copy in `save_to` that is named after
 * its reference. Tries again when it changes meanwhile. Whoever saves the first time
 * calls copy_prepare() (sys/copy.h) before.
 */
void deed_save(struct deed *deed, const struct object *object);

/* Gives values to one object. */
void deed_set(struct deed *deed, const struct object *object, const struct assignment *assignments, unsigned n);

/*
 * Sends a signal to a process, if it still is the one that was seen. DEED_GONE: it has ended; DEED_CHANGED: the pid
 * is another's now (act.changed is not set); DEED_REFUSED: with act.reason.
 */
void deed_signal(struct deed *deed, const struct process *process, int signal);

/* Frees what happened; the deed may be used again. */
void deed_done(struct deed *deed);

#endif
