/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_PULSE_H
#define SYS_PULSE_H

/*
 * Private to sys/: has a process run since? For each thread /proc/PID/task/TID/schedstat
 * tells the nanoseconds that it has spent on processors, and how often it was
 * put on one (Documentation/scheduler/sched-stats.rst). The files are kept open:
 * to ask again is one pread(2) a thread, and a file never speaks of another
 * task that has got the same number: of one that is gone it says ESRCH.
 *
 * As only the threads of a process begin new ones, one whose known threads have
 * not run has no others. A thread that is on a processor all the time is seen
 * to run, too: the scheduler brings its time up to date at each tick.
 */
#include <stdbool.h>
#include <stddef.h>

struct beat;

/* { 0 } is a valid one, of nobody. */
struct pulse {
        struct beat *beats;             /* one a thread */
        size_t nbeats;                  /* so many descriptors */
};

/*
 * Takes that of the process behind dir (/proc/PID); false, and an empty one, when
 * it can't be told: a kernel without schedstat, more than 64 threads, they come
 * and go, it is gone. What is read of the process after this is as it was, as long as...
 */
bool pulse_take(struct pulse *pulse, int dir);

/* ...this is true. */
bool pulse_is_same(const struct pulse *pulse);

/* Is the process still there? */
bool pulse_is_alive(const struct pulse *pulse);

/* One of its descriptors. */
int pulse_descriptor(const struct pulse *pulse, size_t number);

void pulse_drop(struct pulse *pulse);

#endif
