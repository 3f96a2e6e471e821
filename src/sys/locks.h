/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_LOCKS_H
#define SYS_LOCKS_H

/*
 * Lines of /proc/locks (proc_locks(5), fs/locks.c), and behind "lock:" the
 * same in fdinfo. Locks of processes that have no number in the reader's pid
 * namespace are not in that file at all.
 */
#include "base/text.h"
#include "sys/host.h"

#include <stdint.h>
#include <sys/types.h>

enum lock_type { LOCK_POSIX, LOCK_OFD, LOCK_FLOCK, LOCK_LEASE, LOCK_DELEG };
enum lock_mode { LOCK_FOR_READING, LOCK_FOR_WRITING, LOCK_FOR_NOTHING };

struct lock_line {
        uint64_t number;                /* what a lock and those blocked by it have in common; else means nothing */
        bool blocked;                   /* not a lock, but a request that waits for it */
        enum lock_type type;
        enum lock_mode mode;
        bool mandatory;                 /* no more since Linux 5.15 */
        bool breaking;                  /* of leases */
        pid_t pid;                      /* of who took it; -1: of an open file, not of a process */
        uint64_t dev, inode;            /* of the file system itself: on btrfs stat(2) tells another device */
        uint64_t start, end;            /* bytes, the last one included */
        bool to_end;                    /* `end` is none: EOF, wherever that will be */
};

/*
 * The text of /proc/locks, in *out. The kernel hands it out by pages
 * and counts its way to the next one through lists that change meanwhile, with
 * any lock of the machine: a line is then missing or there twice. So it is read
 * until two times in a row say the same, with the pages cut elsewhere each
 * time. 0 or -errno; -EAGAIN: it never did, and *out has what was read last.
 */
int locks_read(const struct host *host, struct buf *out);

/* 0, or -EBADMSG; without its newline. */
int lock_parse(struct text line, struct lock_line *ret);

#endif
