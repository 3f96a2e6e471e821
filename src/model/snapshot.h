/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

/*
 * What was seen at one moment: immutable, and the only thing that readers
 * (tables, JSON, reports, removal plans, the browser) ever look at.
 */
#include "base/arena.h"
#include "base/map.h"
#include "model/limit.h"

/* Does logind remove the objects of a user at the end of the last session? */
enum remove_ipc {
        REMOVE_IPC_UNASKED,
        REMOVE_IPC_NO,
        REMOVE_IPC_YES,
        REMOVE_IPC_DEFAULT,             /* nothing is configured: as systemd was built, mostly yes */
};

/* Where and when it was taken, and by whom. */
struct snapshot_origin {
        int64_t time;                   /* ns since the epoch */
        struct text boot_id;            /* empty: unknown */
        struct text host;               /* node name */
        uid_t uid;                      /* effective user of the reader */
        uint64_t ipc_ns, mnt_ns, net_ns, pid_ns;  /* the reader's own; 0: unknown */
        unsigned page_bytes;            /* size of a page */
        bool recorded;                  /* from --sysroot or --from, not from this machine */
        enum remove_ipc remove_ipc;     /* with want.limits */
        struct text lingering;          /* users whose objects stay all the same: a name a line */
};

struct snapshot {
        struct arena arena;
        const struct kind_set *kinds;
        struct want want;               /* what was asked for */
        struct snapshot_origin origin;

        struct object *objects;         /* in object_compare() order */
        size_t nobjects;
        struct process *processes;      /* by pid */
        size_t nprocesses;
        struct hold *holds;             /* all; objects own slices of it */
        size_t nholds;
        const struct gap *gaps;
        size_t ngaps;
        const struct limit_reading *readings;   /* with want.limits: by limit, in the order read */
        size_t nreadings;

        struct map user_names, group_names;  /* id, 0 -> struct text; missing: no name */
};

/* Frees it and everything reachable from it. NULL is fine. */
void snapshot_free(struct snapshot *snapshot);

/* Nothing that the question asked for was hidden: there are no gaps. */
bool snapshot_complete(const struct snapshot *snapshot);

/* Name of a user or group id as this machine knows it; false: it has none. */
bool snapshot_user_name(const struct snapshot *snapshot, uid_t uid, struct text *ret);
bool snapshot_group_name(const struct snapshot *snapshot, gid_t gid, struct text *ret);

/* The other way round, among the names that the snapshot has. */
bool snapshot_user_id(const struct snapshot *snapshot, struct text name, uid_t *ret);
bool snapshot_group_id(const struct snapshot *snapshot, struct text name, gid_t *ret);

/* As if nobody had looked into processes: no holds, peers and waits. Only before anybody reads it. */
void snapshot_forget_users(struct snapshot *snapshot);

/* The process of that pid, or NULL. Binary search. */
const struct process *snapshot_process(const struct snapshot *snapshot, pid_t pid);

/*
 * The value of any field of an object, stored or computed (ref, kind,
 * namespace, age_seconds). holders, peers and waiters are not values: take
 * them from object->holds, ->peers and ->waits.
 * True if the field applies; *ret may then be VALUE_UNKNOWN.
 */
bool snapshot_value(const struct snapshot *snapshot, const struct object *object, uint16_t field, struct value *ret);

/* The same for a column of many objects: see row_get_at(). */
bool snapshot_value_at(const struct snapshot *snapshot, const struct object *object, uint16_t field, size_t *hint,
                       struct value *ret);

#endif
