/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_CPU_CLOCKS_H
#define SYS_CPU_CLOCKS_H

/*
 * When the scheduler's clock of a CPU began, on the clock of the wall. Each CPU
 * keeps one (rq_clock_task(), kernel/sched/core.c) that leaves out what a
 * hypervisor took away and, in some kernels, interrupts: on a virtual machine
 * they were 4 s apart after 13 hours. The kernel tells it of a thread that has
 * just begun to run there only (se.exec_start of /proc/thread-self/sched). So a
 * thread of our own is sent there: only where this one may run, too, and for no
 * longer than it takes; called back where others (real-time ones) leave it no time.
 */
#include "sys/host.h"

#include <stdint.h>

struct cpu_clocks;

/* Knows none yet, and has no thread. host: borrowed. Never NULL. */
struct cpu_clocks *cpu_clocks_new(const struct host *host);
void cpu_clocks_free(struct cpu_clocks *clocks);        /* NULL is fine */

/*
 * ns since the epoch; 0: the kernel does not tell. Each CPU is asked once. Of
 * one that can't be asked (cpu < 0; we may not run there; it has no time) it is
 * that of the CPU that we happen to run on.
 */
int64_t cpu_clocks_begin(struct cpu_clocks *clocks, int cpu);

/*
 * se.exec_start of `dir`/sched, in ns: when the thread whose directory of /proc
 * it is was last accounted time to, on the clock of the CPU that it ran on.
 * 0: it never ran. Or -errno; -EBADMSG: no such line.
 */
int cpu_clocks_read(int dir, uint64_t *ret);

/* The same of the text of such a file. 0, or -EBADMSG. */
int cpu_clocks_parse(struct text text, uint64_t *ret);

#endif
