/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_LIMITS_H
#define COLLECT_LIMITS_H

/*
 * Limits, and what the kernel counts against them, as readings of the builder.
 * Those of processes and users are gathered along the walk, in one reading of
 * /proc/PID/limits each; the others behind it.
 */
#include "model/builder.h"
#include "sys/host.h"
#include "sys/walk.h"

struct limits_walk;

/* For the whole walk; NULL when nobody asked for limits: then the others do nothing. */
struct limits_walk *limits_walk_new(const struct host *host, struct builder *builder);

/*
 * A process begins; a descriptor in the table of that thread (only the first
 * table counts: a process has one, and its threads rarely others); and it ends.
 * walk: stands there. process: NULL when it is gone.
 */
void limits_walk_begin(struct limits_walk *walk);
void limits_walk_descriptor(struct limits_walk *limits, struct walk *walk, const struct entry *entry);
void limits_walk_end(struct limits_walk *limits, struct walk *walk, struct process *process);

/* The readings of users; frees it. */
void limits_walk_finish(struct limits_walk *walk);

/* All others; the objects are complete, and their states concluded. */
void collect_limits(const struct host *host, struct builder *builder);

/* Those of System V in the IPC namespace `ns`, which the process behind dir is in. */
void collect_foreign_limits(const struct host *host, struct builder *builder, int dir, uint64_t ns);

/* Parts of that: limits-system.c, limits-cgroup.c */
void collect_system_limits(const struct host *host, struct builder *builder);
void collect_cgroup_limits(const struct host *host, struct builder *builder);

/* A file of numbers, as sysctls have them. */
struct limits_file {
        const char *path;               /* borrowed */
        int err;                        /* 0 or -errno */
        uint64_t numbers[4];
        unsigned n;
};

void limits_read_file(const struct host *host, const char *path, struct limits_file *ret);

/*
 * A limit is the number at `index` of a file; false, and a reading that is
 * unknown, when it is not there. builder: NULL: it may well be missing, that is no gap.
 */
bool limits_take_value(struct builder *builder, const struct limits_file *file, unsigned index,
                       struct limit_reading *reading);

/* The same of a file that has but one number. */
bool limits_read_value(const struct host *host, struct builder *builder, const char *path,
                       struct limit_reading *reading);

#endif
