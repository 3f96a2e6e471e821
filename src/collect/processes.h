/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_PROCESSES_H
#define COLLECT_PROCESSES_H

/* Processes as rows of the model. */
#include "model/builder.h"
#include "sys/walk.h"

/*
 * The process behind an open /proc/PID, with everything that is told of it:
 * the one that the builder has already, or a new one. NULL when it is gone.
 * What may not be read of it becomes a gap.
 */
struct process *process_meet(const struct host *host, int dir, pid_t pid, struct builder *builder);

/* The same of the process that a walk stands at: what is read of it is read once. */
struct process *process_meet_here(const struct host *host, struct walk *walk, pid_t pid, struct builder *builder);

#endif
