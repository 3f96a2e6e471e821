/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_PULSE_H
#define SYS_PULSE_H

/*
 * Private to sys/: has a process run since? The clock of a process
 * (clock_getcpuclockid(3)) is the time that all its threads, the ended ones too,
 * have spent on processors, in nanoseconds: to ask for it is one call a process,
 * however many threads it has. Whoever makes a call needs some hundred of them.
 *
 * As only the threads of a process begin new ones, one that has not run has no
 * others. What a thread that is on a processor at this moment has done since the
 * last tick of that processor is not counted yet (thread_group_cputime(),
 * kernel/sched/cputime.c), but will be: it is seen by the next question.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* { 0 } is a valid one, of nobody. */
struct pulse {
        clockid_t clock;
        uint64_t ns;                    /* 0: nobody's */
};

/* Is that clock fine enough here? Not so where the kernel counts time in ticks. */
bool pulse_can_be_told(void);

/*
 * Takes that of a process of our own pid namespace; false, and nobody's, when there is none, or it has never run.
 * What is read of the process after this is as it was, as long as...
 */
bool pulse_take(struct pulse *pulse, pid_t pid);

/*
 * ...this is true. Not so of another process that has got the same pid: it would have to have run for the same
 * time, to the nanosecond.
 */
bool pulse_is_same(const struct pulse *pulse);

#endif
