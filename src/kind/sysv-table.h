/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_SYSV_TABLE_H
#define KIND_SYSV_TABLE_H

/*
 * What the three tables of /proc/sysvipc have in common (ipc/util.c): a row an
 * object, with key, id, permissions, owner, creator and time of last change.
 */
#include "kind/waiting.h"
#include "model/builder.h"
#include "sys/columns.h"
#include "sys/host.h"

/* One column of such a table and the field that it fills. */
struct sysv_column {
        const char *name;               /* in the table's first line */
        uint16_t field;
};

struct sysv_source {
        const struct kind *kind;
        const char *path;               /* "/proc/sysvipc/shm" */
        const char *id;                 /* the id's column: "shmid" */
        const struct sysv_column *columns;
        unsigned ncolumns;
        /* States that the permission column carries beyond the nine bits; NULL: none. */
        uint64_t (*states)(uint64_t mode);
        /* Completes an object that the table listed; NULL: nothing to add. */
        void (*complete)(const struct host *host, struct builder *builder, struct object *object);
};

/*
 * Reads the table of the reader's own namespace into the builder. A file that
 * can't be read, a line that is none: gaps.
 */
void sysv_scan(const struct sysv_source *source, const struct host *host, struct builder *builder);

/*
 * The objects of another IPC namespace, once: the one of the process or thread
 * whose directory in /proc is given. Where we may not look that is a gap.
 * `complete` is not called: system calls would answer for our own namespace.
 */
void sysv_visit(const struct sysv_source *source, const struct host *host, int dir, uint64_t ns,
                struct builder *builder);

/* waited of semaphores and queues: the object whose id a call of that target names. */
struct object *sysv_waited(const struct sysv_source *source, struct waiting *waiting, enum wait_target target);

#endif
