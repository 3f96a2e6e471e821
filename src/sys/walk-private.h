/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_WALK_PRIVATE_H
#define SYS_WALK_PRIVATE_H

/* Private to sys/: the state of a walk, shared by walk.c and walk-fd.c. */
#include "base/buf.h"
#include "sys/numbers.h"
#include "sys/threads.h"
#include "sys/walk-ahead.h"
#include "sys/walk.h"

#include <limits.h>

enum {
        LIST_SIZE = 32 * 1024,          /* getdents64(2): a thousand entries at once */
        LINK_SIZE = PATH_MAX + 1,
};

/* What comes next. The tables of a process are its descriptors and its mappings. */
enum phase {
        PHASE_PROCESS,
        PHASE_OPEN_FDS,
        PHASE_FDS,
        PHASE_OPEN_MAPS,
        PHASE_MAPS,
        PHASE_OPEN_THREADS,
        PHASE_THREADS,
        PHASE_END,
};

struct walk {
        const struct host *host;
        enum walk_flags flags;
        enum phase phase;
        int proc;
        bool can_compare;               /* kcmp(2) works, and takes the pids of this /proc */
        struct numbers pids;
        struct ahead *ahead;            /* live */

        /* The process. */
        pid_t pid;
        int dir;                        /* /proc/PID */
        struct ahead_process *gathered; /* what was read ahead of it, or NULL */
        size_t gathered_at;
        bool any;                       /* it has made an entry beside its own */
        bool ended;                     /* its ENTRY_END was given */
        bool denied;                    /* we have no right to see its tables */
        bool has_stat, idle;            /* idle: a kernel thread or a zombie */
        unsigned nthreads;              /* known with has_stat */

        /* Whose tables are read. */
        pid_t tid;                      /* pid, or a thread */
        int task;                       /* /proc/PID/task/TID, or -1: dir is it */
        struct threads threads;         /* with a descriptor table of their own */
        size_t threads_done;
        bool extra;                     /* one of those: no mappings */

        int fds, fdinfo;                /* open below that, or -1 */
        struct numbers numbers;
        bool listing;                   /* those count, not what was read ahead... */
        uint32_t first;                 /* ...from this one on */
        char number[NUMBERS_TEXT];
        const char *name;               /* of the current descriptor... */
        struct ahead_fd known;          /* ...and what was read ahead of it */
        struct text rest;               /* lines of maps to come */
        bool said_bad_map;

        struct buf maps, scratch;
        char link[LINK_SIZE];
        char pid_list[LIST_SIZE], fd_list[LIST_SIZE];
};

/* The directory that has the fd, fdinfo and maps being read. */
static inline int walk_tables(const struct walk *walk)
{
        return walk->task >= 0 ? walk->task : walk->dir;
}

/* Fills in the link, its type, and the inode of a pipe or socket. */
void walk_classify(struct text link, struct entry *entry);

#endif
