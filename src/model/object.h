/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_OBJECT_H
#define MODEL_OBJECT_H

/*
 * Objects, processes and what ties them. All of it lives in the arena of a
 * snapshot (or of the builder that becomes one). Readers see it const.
 */
#include "base/memory.h"
#include "model/kind.h"

#include <sys/types.h>

/*
 * What identifies an object as long as it lives, across snapshots.
 * System V: scope is the inode of the IPC namespace, id the shmid...
 * Files (mq, pshm, psem): scope is the device (value_dev()), id the inode.
 */
struct object_key {
        const struct kind *kind;
        uint64_t scope, id;
};

struct hold;
struct process;

struct object {
        struct object_key key;
        unsigned kind_order;            /* place of its kind in the kind set */
        bool foreign;                   /* of another namespace than the reader's */
        bool nameless;                  /* FIELD_NAME is not, or no longer, a way to address it */
        uint64_t ns;                    /* inode of its namespace, 0: unknown */
        struct value *values;           /* FIELD_ID... in the kind's order; computed fields are not here */
        const uint8_t *places;          /* by field: place in that order, from 1; 0: none. The snapshot's; or NULL */
        struct text ref;                /* made when the snapshot is sealed */
        struct hold *holds;             /* sorted by pid, way, fd */
        struct object **peers;          /* at the other end; in object_compare() order, each once */
        struct wait *waits;             /* by pid, tid */
        unsigned nvalues, nholds, npeers, nwaits;
};

struct process {
        pid_t pid;
        uint64_t start;                 /* ns since the epoch; 0: unknown. With pid: identity */
        struct text comm;
        struct value *values;           /* FIELD_PID... */
        unsigned nvalues;
        struct hold **holds;            /* sorted as the objects are */
        unsigned nholds;
        struct wait **waits;
        unsigned nwaits;
};

enum { ACCESS_UNKNOWN = access_word_count };

/* Is a descriptor closed by execve(2)? Only fdinfo tells, which is dear to read for all of a machine. */
enum cloexec { CLOEXEC_UNREAD, CLOEXEC_NO, CLOEXEC_YES, CLOEXEC_UNKNOWN /* it could not be read */ };

/*
 * One process has one object in one way: a row per descriptor; one row for all
 * mappings, which are counted in maps. Small, for there may be a hundred thousand.
 */
struct hold {
        struct object *object;
        struct process *process;
        int fd;                         /* WAY_FD; WAY_LOCK where it is told; else -1 */
        pid_t tid;                      /* a thread with a descriptor table of its own; 0: the process' */
        unsigned maps;                  /* WAY_MAP, else 0 */
        enum way_word way : 8;
        unsigned access : 8;            /* of fd and map: enum access_word; ACCESS_UNKNOWN: could not be read */
        enum cloexec cloexec : 4;       /* of fd */
        enum side_word side : 4;        /* of a terminal, else SIDE_NONE */
        bool inferred;
};

/* A thread that is blocked on an object. One that waits for several has a row for each. */
struct wait {
        struct object *object;
        struct process *process;
        pid_t tid;
        const char *operation;          /* the system call: "semop", "read"; a literal */
        int64_t since;                  /* ns since the epoch; 0: can't be told */
        bool inferred;                  /* the object is a deduction (a futex address, a poll set) */
        bool timed;                     /* the call ends by itself, when its time is over */
        bool others;                    /* it waits for something else, too, that is no object (a device...) */
};

/* Something that could not be seen. Equal ones are counted, not repeated. */
struct gap {
        const struct kind *kind;        /* whose objects may be missing; NULL: holders, processes */
        const char *where;              /* "/proc/PID/maps", "/dev/mqueue": a pattern, not every file */
        int err;                        /* errno, positive */
        unsigned times;
        const char *reason;             /* N_("..."), a cause beyond the errno; or NULL */
};

/* `where` of the gap that saved objects of kinds leave that are not known here. */
#define GAP_OF_KINDS "ipcview --json"

static inline struct row object_row(const struct object *object)
{
        return (struct row){ object->values, object->nvalues };
}

/*
 * A hint that saves waiting for memory, where many objects are gone through: what they are made of lies in the order
 * in which it was found. One that comes OBJECTS_AHEAD later: long enough to fetch it.
 */
enum { OBJECTS_AHEAD = 6, OBJECTS_FETCHED = 64 / sizeof(struct value) };

static inline void object_ahead(const struct object *object)
{
        for (size_t i = 0; i < object->nvalues; i += OBJECTS_FETCHED)
                memory_ahead(&object->values[i]);
}

/* row_get() of its values, but at once: the kind's order tells where a field must be. */
static inline const struct value *object_get(const struct object *object, uint16_t field)
{
        unsigned place, i;

        if (!object->places)
                return row_get(object_row(object), field);
        place = object->places[field];
        for (i = place < object->nvalues ? place : object->nvalues; i > 0; i--) {
                const struct value *value = &object->values[i - 1];

                if (value->field == field)
                        return value;
                if (object->places[value->field] < place)
                        break;
        }
        return NULL;
}

static inline struct row process_row(const struct process *process)
{
        return (struct row){ process->values, process->nvalues };
}

/* May it hide who has objects? Not if only what threads wait for, limits, or other kinds could not be read. */
bool gap_hides_holders(const struct gap *gap);

/* Its FIELD_NAME, or NULL. */
const struct value *object_find_name(const struct object *object);

/* Total order: kind, then name (bytewise) or id, then scope. The order of every output. */
int object_compare(const struct object *a, const struct object *b);

/* That order as far as numbers tell it: by group, number, second. Equal ones need object_compare(). */
struct object_rank {
        uint64_t group, number, second;
};
struct object_rank object_rank(const struct object *object);

enum { HOLD_VALUES = 11, WAIT_VALUES = 6 };

/* The members of one hold as values, in the order of FIELD_HOLDERS; returns how many. */
unsigned hold_values(const struct hold *hold, struct value ret[HOLD_VALUES]);

/* The members of one wait, in the order of FIELD_WAITERS; returns how many. */
unsigned wait_values(const struct wait *wait, struct value ret[WAIT_VALUES]);

/* Distinct processes among its holds. */
unsigned object_count_holders(const struct object *object);

#endif
