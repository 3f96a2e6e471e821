/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_COUNTERPART_H
#define REPORT_COUNTERPART_H

/*
 * Who is at the other end: the processes that a blocked thread waits for, and
 * those that a process talks to by what it has. A pure reading of a snapshot:
 * who could not be seen is not among them.
 */
#include "model/snapshot.h"

struct counterparts {
        const struct process **processes;       /* by pid, each once */
        size_t n, room;
        bool only_self;                         /* nobody else: the process itself has the other end */
};

/* { 0 } is a valid empty one; each call below begins anew and keeps the memory. */
void counterparts_done(struct counterparts *counterparts);

/* Whose doing could end the wait. */
void counterparts_of_wait(const struct wait *wait, struct counterparts *ret);

/* Whom a process reaches, or is reached by, through an object that it has. */
void counterparts_of_holder(const struct object *object, const struct process *process, struct counterparts *ret);

#endif
