/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_THREADS_H
#define SYS_THREADS_H

/* Private to sys/: the threads of a process that matter to a walk. */
#include "base/buf.h"
#include "sys/host.h"

/* Threads with a descriptor table of their own. */
struct threads {
        pid_t *tids;
        size_t n, size;
};

void threads_done(struct threads *threads);

/*
 * A thread, other than the leader, that has not exited; 0: none, or it can't
 * be told. dir: descriptor of /proc/PID; scratch: for its text.
 */
pid_t threads_living(const struct host *host, int dir, pid_t pid, struct buf *scratch);

/*
 * One thread for each descriptor table that is not the one of `reference`
 * (a thread of the same process), in ascending order, into *threads. Costs
 * one kcmp(2) a thread; live only. 0 or -errno (ENOSYS: a kernel without kcmp).
 */
int threads_unshared(int dir, pid_t reference, struct threads *threads);

/* Do two processes have one descriptor table, or one memory? False also where it can't be told; live only. */
bool threads_share(pid_t a, pid_t b);

/* Do both threads use one descriptor table? False also where it can't be told. One kcmp(2); live only. */
bool threads_same_table(pid_t a, pid_t b);

#endif
