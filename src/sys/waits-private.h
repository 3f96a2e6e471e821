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

        /* What is kept of it, or NULL: it is told, up to the thread before `at`; or put together. */
        struct waits_kept *kept;
        bool telling, keeping;
        size_t at;

        /* The thread. */
        pid_t tid;
        const struct kept_wait *known;  /* NULL: it is asked */
        int thread, mem;                /* its directory and its memory, or -1: not opened */

        struct cpu_clocks *clocks;      /* once somebody asks since when; or NULL */

        struct buf text;
        char list[8192];                /* of task */
        char memory[WAIT_FDS_MOST * 24];  /* as read from the process */
};

/* waits-keep.c. The process: begins; is at its end without having told. */
void waits_keep_begin(struct waits *waits, struct waits_kept *kept);
void waits_keep_end(struct waits *waits);

/* The thread: tells the next one, false: that was all; keeps the one just read. */
bool waits_keep_tell(struct waits *waits, struct wait_thread *ret);
void waits_keep_thread(struct waits *waits, const struct wait_thread *thread);

/* waits_fds(), waits_futexes() and waits_since() of the known one. */
int waits_known_fds(const struct waits *waits, int ret[WAIT_FDS_MOST], bool *ret_more);
int waits_known_futexes(const struct waits *waits, uint64_t ret[WAIT_FDS_MOST], bool *ret_more);
int64_t waits_known_since(const struct waits *waits);

/* Up to `size` bytes of the thread's memory, fewer where that ends; or -errno (-EOPNOTSUPP when recorded). */
ssize_t waits_peek(struct waits *waits, uint64_t address, void *ret, size_t size);

#endif
