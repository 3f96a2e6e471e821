/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_WALK_AHEAD_H
#define SYS_WALK_AHEAD_H

/*
 * Private to sys/: what a walk is going to read, read before it gets there.
 * Most of a walk's time passes in the kernel, which answers several threads at
 * once; so a thread or two read the next few processes, and the walk itself
 * lends a hand when they are not ready yet. No more than a few, so that what is
 * told is still so.
 *
 * Only what could be read is kept. Where something fails, or is very much, the
 * reading ends, and the walk goes on from there by itself: so there is one
 * place that knows what an error means. Live only.
 */
#include "sys/numbers.h"
#include "sys/pulse.h"
#include "sys/walk.h"

struct ahead;

struct ahead_process {
        pid_t pid;
        int dir, fds;                   /* /proc/PID and fd/ in it, or -1: whoever takes them puts -1 here */
        struct buf links;               /* of descriptors, see ahead_fd() */
        uint32_t next;                  /* there is no other descriptor below this one */
        bool all;                       /* nor above */
        bool has_maps;
        struct buf maps;                /* the whole text */
        struct pulse pulse;             /* from before the rest was read; nobody's, if it can't be told */
};

/* A descriptor, as far as it was read. */
struct ahead_fd {
        uint32_t fd;
        struct text link;               /* with a NUL behind it */
        uint32_t mode;                  /* of the link itself, for who may read and write; 0: not read */
        bool has_facts;
        struct file_facts facts;        /* of the file behind it */
        bool settled;                   /* there is nothing to be asked of it: walk_settle() */
        uint32_t more;                  /* nor of so many with the next higher numbers, which are not told */
};

/*
 * All are borrowed; nobody else may touch the pids before the end. sleepers: pulses are taken, too; NULL: they are
 * not. Never NULL: without threads it works, too.
 */
struct ahead *ahead_open(const struct host *host, int proc, enum walk_flags flags, const struct sleepers *sleepers,
                         struct numbers *pids);
void ahead_close(struct ahead *ahead);  /* NULL is fine */

/* The next process, valid until the next call; NULL at the end of the list. */
struct ahead_process *ahead_next(struct ahead *ahead);

/* Of such links the descriptor behind *at, which starts at 0; its texts are borrowed. False: that was all. */
bool ahead_fd(const struct buf *links, size_t *at, struct ahead_fd *ret);

/* Adds one to the links of a process. */
void ahead_put(struct buf *links, const struct ahead_fd *fd);

#endif
