/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_BUILDER_PRIVATE_H
#define MODEL_BUILDER_PRIVATE_H

/* What builder*.c gather and builder-seal.c turns into a snapshot. */
#include "model/builder.h"

struct draft_hold {
        struct hold hold;
        struct draft_hold *next;        /* of the same object, newest first */
};

struct draft_peer {
        struct object *peer;
        struct draft_peer *next;
};

struct draft_wait {
        struct wait wait;
        struct draft_wait *next;
};

struct draft {
        struct object object;           /* first: a draft is an object to the outside */
        struct field_set set;           /* which fields have a value */
        struct draft_hold *holds;
        struct draft_hold *last_map;    /* where further mappings of the same process add up */
        struct draft_peer *peers;
        struct draft_wait *waits;
        struct object *sealed;          /* NULL: it is in no snapshot */
        unsigned room;                  /* for values */
        unsigned nholds, npeers, nwaits;
        bool forsaken;                  /* builder_forsake() */
        bool kept;                      /* builder_keep() */
        bool points;                    /* among its values are rows, or other objects */
        uint8_t last;                   /* the place of its last value among the kind's fields, from 1; or 0 */
};

struct draft_process {
        struct process process;         /* first, as above */
        unsigned nholds, nwaits;
        unsigned room;                  /* for values */
        struct process *sealed;
};

/* What a field is to a kind, or to processes. */
struct trait {
        uint8_t place;                  /* among the kind's fields, from 1; 0: it is none of them */
        uint8_t type;                   /* enum value_type of the field */
        bool user, group;               /* its values are ids of these */
};

/* The drafts of one kind, in the order in which they were made. */
struct draft_list {
        struct draft **drafts;
        size_t n, room;
};

enum { ORDER_HASHES = 256 };

/* Distinct ids of users or groups, in the order in which they occurred. */
struct id_list {
        struct map seen;
        uint32_t *ids;
        size_t n, room;
};

struct builder {
        const struct kind_set *kinds;
        struct builder_memory *memory;  /* NULL: nothing came before, and nothing comes after it */
        struct snapshot *snapshot;      /* NULL once it is handed out */
        struct arena scratch;           /* drafts, and what hangs on them: what sealing copies, or has no use for */
        struct map *by_key;             /* per kind: scope, id -> draft */
        uint64_t *homes;                /* per kind: builder_set_home() */
        unsigned *rooms;                /* per kind: so many values its objects had */
        struct trait *traits;           /* per kind, and of processes behind the last: FIELD_COUNT of them */
        uint8_t *places;                /* those of the traits alone, see object_get() */
        uint8_t orders[ORDER_HASHES];   /* per hash of a kind's address: its place in the set, of one of them */
        struct id_list users, groups;   /* of all values so far */
        struct map *notes;              /* per kind: builder_note() */
        struct map visited;             /* kind's order, scope -> anything */
        struct map by_inode;            /* dev, inode -> draft */
        struct map by_pid;              /* pid, 0 -> draft_process */
        struct draft_list *lists;       /* per kind */
        struct draft **drafts;          /* sealing: all that the snapshot shall have, in its order */
        size_t ndrafts;                 /* so many were made; sealing: so many it shall have */
        struct draft_process **runners;
        size_t nrunners, runners_room;
        size_t nholds;
        struct later *laters;
        size_t nlaters, laters_room;
        struct gap *gaps;
        size_t ngaps, gaps_room;
        struct limit_reading *readings;
        size_t nreadings, readings_room;
};

static inline struct draft *draft_of(struct object *object)
{
        return (struct draft *)object;
}

/* What fields are to each kind of the set, and to processes behind the last; freed by the caller. */
struct trait *builder_traits(const struct kind_set *kinds);

/* Makes the arenas and the maps as large as they were the last time; and notes how large they have become. */
void builder_recall(struct builder *builder);
void builder_remember(struct builder *builder);

/* Another id among the values. */
void builder_note_id(struct id_list *list, uint64_t id);

/* An array with a place more at its end: the same one while there is room. */
void *builder_grow(void *array, size_t used, size_t *room, size_t size);

#endif
