/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_LIMIT_H
#define MODEL_LIMIT_H

/*
 * The limits that bound IPC: a dictionary (limits.list), and what was read of
 * them. A limit has a reading for each whom it binds: one of the system, one a
 * user, one a queue... What of a limit is in use is told by the kernel where it
 * counts (then it is in the reading), else report/limits.h sums it up from the
 * objects by the charges of their kinds, and says that it is deduced.
 */
#include "model/object.h"

enum limit_id {
#define LIMIT(id, name, unit, binds, scope, manner, source, title, help, raise) LIMIT_##id,
#define FAILS(id, calls, error, why)
#include "model/limits.list"
#undef LIMIT
#undef FAILS
        LIMIT_COUNT,
};

enum limit_unit { LIMIT_UNIT_COUNT, LIMIT_UNIT_BYTES, LIMIT_UNIT_PAGES };

/* Whom it binds: what a reading's subject is. */
enum limit_binds {
        BINDS_SYSTEM,
        BINDS_NAMESPACE,                /* subject: inode of the namespace */
        BINDS_USER,                     /* subject: uid */
        BINDS_PROCESS,                  /* process; subject: pid */
        BINDS_OBJECT,                   /* object: a queue, a listener */
        BINDS_MOUNT,                    /* name: where it is mounted; subject: device (value_dev()) */
        BINDS_CGROUP,                   /* name: its path */
        BINDS_POOL,                     /* name: "2048kB" pages */
        BINDS_COUNT,
};

enum limit_manner {
        MANNER_FILLS,                   /* something is used up: there is a use, and a percentage of it */
        MANNER_CAPS,                    /* bounds each single request: nothing fills, there is no use */
};

struct limit {
        const char *name;               /* "shmmni": released, never changes its meaning */
        const char *title;              /* N_() */
        const char *help;               /* N_(): what it bounds */
        enum limit_unit unit;
        enum limit_binds binds;
        enum namespace_type_word scope; /* BINDS_NAMESPACE: of which type */
        enum limit_manner manner;
        const char *source;             /* where it is read: "/proc/sys/kernel/shmmni", "RLIMIT_NOFILE"... */
        const char *raise;              /* N_() or a command: "sysctl -w kernel.shmmni=N" */
};

/* One way in which a program notices: this call fails with this error. */
struct limit_failure {
        uint16_t limit;
        const char *calls;              /* "semop semtimedop": the usual name, then those that are checked alike */
        int error;                      /* ENOSPC */
        const char *why;                /* N_(): when exactly; or NULL */
};

struct limit_reading {
        uint16_t limit;                 /* enum limit_id */
        uint64_t subject;               /* see enum limit_binds */
        const struct object *object;
        const struct process *process;  /* BINDS_PROCESS; BINDS_USER: whose rlimit it is (the user's lowest) */
        struct text name;
        bool unlimited;                 /* no limit */
        bool unknown;                   /* it could not be read */
        uint64_t value;                 /* in its unit; of 0 nothing is allowed */
        bool counted;                   /* the use is told, by the kernel or by whoever made the reading */
        bool inferred;                  /* counted, but not by the kernel: the walk did */
        uint64_t used;
        uint64_t failures;              /* how often it was hit, where the kernel counts that (drops, oom...); else 0 */
        uint64_t usual;                 /* what the next request is likely to take; 0: one (a page, a message...) */
        uint64_t shared_bytes;          /* of a cgroup's memory: shared memory among it; else 0 */
};

const struct limit *limit_get(uint16_t id);
/* True and *ret if there is a limit of that name. */
bool limit_find(struct text name, uint16_t *ret);

/* The released words: "count", "bytes", "pages"; "system", "namespace", "user"... */
const char *limit_unit_word(enum limit_unit unit);
const char *limit_binds_word(enum limit_binds binds);

/* All ways to fail, in the kernel's own order of checks for each call. */
const struct limit_failure *limit_failures(unsigned *ret_n);

/* Is it one of the failure's calls? */
bool limit_failure_names(const struct limit_failure *failure, struct text call);

#endif
