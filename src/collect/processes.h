/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_PROCESSES_H
#define COLLECT_PROCESSES_H

/* Processes as rows of the model. */
#include "model/builder.h"
#include "sys/process-facts.h"

/*
 * The process behind an open /proc/PID, with everything that is told of it:
 * the one that the builder has already, or a new one. NULL when it is gone.
 * What may not be read of it becomes a gap.
 */
struct process *process_meet(const struct host *host, int dir, pid_t pid, struct builder *builder);

/* The same of one that the builder has not, whose PART_IDENTITY was read already. */
struct process *process_tell(const struct host *host, const struct process_facts *facts, pid_t pid,
                             struct builder *builder);

#endif
