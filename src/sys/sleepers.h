/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SLEEPERS_H
#define SYS_SLEEPERS_H

/*
 * What a walk read of processes, kept for the next walk: most processes of a
 * machine sleep, and of one that has not run since (sys/pulse.h) the tables are
 * as they were. The next walk gives the same entries of it without asking the
 * kernel. It costs a descriptor for each whose fdinfo is asked for. Who has just begun to run, and
 * not for a tick of its processor yet, may be told as it was before that; the next walk knows.
 *
 * The calls that its threads are blocked in are as they were, too, with the
 * descriptors or words that they named (waits_kept, sys/waits.h). A thread that was
 * woken and has not got a processor yet has not left its call: it waits still.
 *
 * What fdinfo says of an eventfd may be as one of the last EIGHT walks read it, each of which asks about an eighth
 * of them: while all who have it sleep, nobody raises its counter but the kernel, for them (KVM, vhost,
 * io_uring, io_submit(2)). It is read at once where somebody has run, or ended, who was seen to have it; and what
 * is read of one who was awake counts, whatever is told of others. That it came to somebody by a message, or by
 * pidfd_getfd(2), and was gone again before the next walk, is not seen.
 *
 * What others can change while a process sleeps is read again each time: all other
 * texts of fdinfo, whose files stay open; the files behind descriptors that are no object of a table
 * (FIFOs, memfd, deleted names of /dev/shm...); the parent, unless that sleeps
 * as well. Not so the rest: signals that are blocked and pending, how many are
 * queued for its user, the control group, limits (prlimit(2)), the name of a
 * mapped file. These may be two minutes old: after one to two minutes
 * everything is read anew.
 *
 * Kept is only what was wholly read, without an error; and not of a process
 * that shares its tables with its parent. (That siblings share theirs, whose
 * parent does not, is not noticed.)
 */
#include <stddef.h>
#include <stdint.h>

struct sleepers;

/* Knows nobody. Raises the soft limit of descriptors of this program. Never NULL. */
struct sleepers *sleepers_new(void);
void sleepers_free(struct sleepers *sleepers);          /* NULL is fine */

/* Forgets all: the next walk reads everything. */
void sleepers_forget(struct sleepers *sleepers);

/* Which objects are looked for. What is kept is what it was for them: with others, all is forgotten. */
void sleepers_look_for(struct sleepers *sleepers, uint64_t kinds);

/* Of how many processes the last walk told what it knew. */
size_t sleepers_told(const struct sleepers *sleepers);

#endif
