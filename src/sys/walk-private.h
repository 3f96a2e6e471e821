/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_WALK_PRIVATE_H
#define SYS_WALK_PRIVATE_H

/* Private to sys/: the state of a walk, shared by walk.c and walk-fd.c. */
#include "base/buf.h"
#include "sys/numbers.h"
#include "sys/sleepers-private.h"
#include "sys/threads.h"
#include "sys/walk.h"

#include <limits.h>

enum {
        LIST_SIZE = 32 * 1024,          /* getdents64(2): a thousand entries at once */
        LINK_SIZE = PATH_MAX + 1,
};

/* What comes next. The tables of a process are its descriptors and its mappings. */
enum phase {
        PHASE_PROCESS,
        PHASE_KEPT,                     /* all of one that is told as it was */
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

        /* With sleepers all pids are read at first. */
        struct sleepers *sleepers;
        struct sleeper **asleep;        /* by their place in the list; NULL: awake */
        size_t place;
        struct numbers awake;           /* for who reads ahead */

        /* The process. */
        pid_t pid;
        bool inside;                    /* there is one */
        int dir;                        /* /proc/PID; of one that is kept, -1 until somebody needs it */
        struct process_facts fresh, *facts;
        struct sleeper *kept;           /* it is told as it was... */
        size_t kept_at;                 /* ...so many of its descriptors and mappings so far */
        bool failed;                    /* it had an error */
        bool unshared;                  /* threads with tables of their own */
        bool waitless;
        struct ahead_process *gathered; /* what was read ahead of it, or NULL */
        size_t gathered_at;
        bool any;                       /* it has made an entry beside its own */
        bool ended;                     /* its ENTRY_END was given */
        bool denied;                    /* we have no right to see its tables */

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
        const char *name;               /* of the current descriptor, see fd_name()... */
        struct ahead_fd known;          /* ...and what was read ahead of it */
        const char *kept_facts;         /* or its facts are kept here, as in struct kept_fd */
        struct text line, rest;         /* of maps: of the current mapping, and what is to come */
        bool said_bad_map;

        /* What is told of the process, to be kept: with sleepers. */
        struct buf told_fds, told_maps;
        enum entry_type told;           /* the last entry: ENTRY_FD, ENTRY_MAP, or anything else */
        bool settled;                   /* it is a mapping that need not be told */

        struct buf maps, scratch;
        char link[LINK_SIZE];
        char pid_list[LIST_SIZE], fd_list[LIST_SIZE];
};

/* The directory that has the fd, fdinfo and maps being read. */
static inline int walk_tables(struct walk *walk)
{
        return walk->task >= 0 ? walk->task : walk_process_dir(walk);
}

/* The fd/ being read. Or -errno. */
int walk_fds(struct walk *walk);

/* walk-keep.c, with sleepers: all pids, asleep and awake; on to the next: 1, or 0 at the end. */
void walk_keep_open(struct walk *walk);
int walk_keep_next(struct walk *walk, struct ahead_process **ret_gathered);

/* The next descriptor or mapping of a process that is kept; false: that was all. */
bool walk_keep_tell(struct walk *walk, struct entry *ret);

/* What is told of the last entry is complete; what is told of the process is: both before anything of it is closed. */
void walk_keep_entry(struct walk *walk);
void walk_keep_process(struct walk *walk);

/* Fills in the link, its type, and the inode of a pipe or socket. */
void walk_classify(struct text link, struct entry *entry);

#endif
