/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_RESTORE_H
#define ADMIN_RESTORE_H

/* From a saved copy to an object again. */
#include "admin/manifest.h"
#include "model/acts.h"

struct journal;                         /* sys/state.h */

struct restore {
        /* What is to happen. */
        const struct host *host;
        const struct kind_set *kinds;
        bool same_id;
        bool partial;                   /* what a drain left that did not end: without sums */
        bool dry_run;                   /* only check the copy and read the manifest */
        struct journal *journal;        /* NULL: don't note */
        /* What happened. */
        struct arena *arena;            /* given; texts of the manifest and result live there */
        struct manifest manifest;
        struct making making;           /* made[]: its address now; failed */
        struct buf ref;                 /* the same as a reference */
        struct buf what;                /* which file or member of the copy is at fault; empty: none */
        bool owner_lost;                /* it was another user's, and we may not give things away: it is the caller's */
        int err;                        /* positive errno, 0: done */
        int journal_err;                /* the line could not be written: positive errno */
};

/*
 * 0 or -errno: those of copy_open(); -EBADMSG also for a manifest that is none;
 * -EOPNOTSUPP: objects of that kind can't be made; else the hook's (-EEXIST: there
 * is one). Nothing half-made stays behind.
 */
int restore_copy(struct restore *restore, const char *path);
/* Frees what happened; the restore may be used again. */
void restore_done(struct restore *restore);

#endif
