/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_PIPES_H
#define SYS_PIPES_H

/*
 * What only the pipe itself knows, pipe(7) and fifo(7), asked of a copy of
 * somebody's descriptor: the rights and the consequence are those of
 * sys/getfd.h. Nothing is read from the pipe or written to it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct pipe_facts {
        uint64_t capacity;              /* bytes that fit (F_GETPIPE_SZ) */
        uint64_t queued;                /* bytes written and not yet read (FIONREAD) */

        /*
         * poll(2) on a writing end tells whether anybody can read, on a
         * reading end whether anybody can write. has_x is valid if tells_x.
         */
        bool tells_readers, has_readers;
        bool tells_writers, has_writers;
};

/*
 * pid, tid, fd, dev and inode as for getfd_copy(); dev 0: a pipe without a
 * name, whose device no link tells. 0 or -errno; -EBADF: a descriptor that
 * can't be asked (O_PATH).
 */
int pipes_look(pid_t pid, pid_t tid, int fd, uint64_t dev, uint64_t inode, struct pipe_facts *ret);

#endif
