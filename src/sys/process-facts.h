/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_PROCESS_FACTS_H
#define SYS_PROCESS_FACTS_H

/*
 * What the small files of one /proc/PID say of a process, each read once, when
 * somebody first asks for it.
 */
#include "sys/limits.h"
#include "sys/process.h"

/* The files, as bits. */
enum process_part {
        PART_STAT       = 1 << 0,
        PART_STATUS     = 1 << 1,
        PART_COMMAND    = 1 << 2,
        PART_CGROUP     = 1 << 3,
        PART_NAMESPACES = 1 << 4,
        PART_LIMITS     = 1 << 5,

        PART_IDENTITY   = PART_STAT | PART_STATUS | PART_COMMAND | PART_CGROUP | PART_NAMESPACES,
};

enum process_namespace {
        PROCESS_NS_IPC, PROCESS_NS_MNT, PROCESS_NS_NET, PROCESS_NS_PID, PROCESS_NS_USER,
        PROCESS_NS_COUNT,
};

/* What was read, and why not, as 0 or -errno each. { 0 } is a valid one of which nothing was read. */
struct process_facts {
        unsigned parts;                 /* that were read, or refused */
        struct process_stat stat;       /* its comm lies in stat_text */
        struct process_status status;
        struct process_limits limits;
        struct buf stat_text, command, cgroup;
        struct text unit;               /* that the control group is of, in its text; .data NULL: none */
        struct buf container;           /* the same, if in_container */
        bool in_container;
        uint64_t namespaces[PROCESS_NS_COUNT];  /* inodes; 0: it can't be read */
        int stat_err, status_err, command_err, cgroup_err, limits_err;
};

/* Which of these parts were not read so far? */
static inline unsigned process_facts_missing(const struct process_facts *facts, unsigned parts)
{
        return parts & ~facts->parts;
}

/* Reads those that were not; dir: descriptor of its /proc/PID. */
void process_facts_read(struct process_facts *facts, int dir, unsigned parts);

/* A copy that takes no more memory than it needs; ret is not done before. */
void process_facts_copy(const struct process_facts *facts, struct process_facts *ret);

/* As if nothing had been read; keeps the memory. */
void process_facts_clear(struct process_facts *facts);
void process_facts_done(struct process_facts *facts);

#endif
