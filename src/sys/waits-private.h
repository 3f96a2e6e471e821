/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_WAITS_PRIVATE_H
#define SYS_WAITS_PRIVATE_H

/* Private to sys/: the state of a reader of threads, shared by waits.c and waits-memory.c. */
#include "sys/cpu-clocks.h"
#include "sys/numbers.h"
#include "sys/waits.h"

#include <limits.h>

enum waits_phase {
        PHASE_SINGLE,                   /* one thread: /proc/PID speaks for it */
        PHASE_OPEN,                     /* /proc/PID/task is to be read */
        PHASE_THREADS,
        PHASE_END,
};

struct waits {
        const struct host *host;
        enum wait_machine machine;      /* of the kernel */

        /* The process. */
        pid_t pid;
        int dir;                        /* borrowed */
        int task;                       /* its task directory, or -1: it has one thread */
        enum waits_phase phase;
        enum { WIDTH_UNREAD, WIDTH_32, WIDTH_64, WIDTH_UNKNOWN } width;
        int err;
        struct numbers numbers;

        /* The thread. */
        pid_t tid;
        int thread, mem;                /* its directory and its memory, or -1: not opened */

        struct cpu_clocks *clocks;      /* once somebody asks since when; or NULL */

        struct buf text;
        char list[8192];                /* of task */
        char memory[WAIT_FDS_MOST * 24];  /* as read from the process */
};

/* Up to `size` bytes of the thread's memory, fewer where that ends; or -errno (-EOPNOTSUPP when recorded). */
ssize_t waits_peek(struct waits *waits, uint64_t address, void *ret, size_t size);

#endif
