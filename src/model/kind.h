/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

/*
 * A kind: everything that ipcview knows about one IPC mechanism. A new one is
 * one file in src/kind/ that ends in such a descriptor, and one line in
 * src/kind/kinds.list.
 */
#include "model/field.h"

struct acts;
struct builder;
struct claim;
struct host;
struct reference;
struct object;
struct waiting;
struct want;

/* How an object of the kind is addressed (KIND:...). */
enum address {
        ADDRESS_ID,                     /* by number, or 0x key: System V */
        ADDRESS_NAME,                   /* by FIELD_NAME, "/..."; by inode once that is gone */
        ADDRESS_SOCKET,                 /* by FIELD_NAME, "/..." or NUL and more, written @...; or by inode */
        ADDRESS_WORD,                   /* by FIELD_NAME, whatever it is; or by inode */
        ADDRESS_INODE,                  /* by inode */
        ADDRESS_FD,                     /* PID/FD of its lowest holder: key scope and id */
};

/* Kinds that are looked at together: a tab of the browser each. */
enum family {
        FAMILY_SHM, FAMILY_SEM, FAMILY_MSG,     /* System V */
        FAMILY_POSIX,                   /* queues, semaphores and memory with names */
        FAMILY_PIPE,
        FAMILY_UNIX,
        FAMILY_EVENT,                   /* descriptors that tell of something */
        FAMILY_OTHER,
        FAMILY_COUNT,
};

/* Which walk entries a kind wants to be asked about (bits). */
enum claim_class {
        CLAIM_SYSV_MAP = 1 << 0,        /* a mapping of /SYSV........ */
        CLAIM_PATH_FD  = 1 << 1,        /* a descriptor of a path, with its stat data */
        CLAIM_PATH_MAP = 1 << 2,        /* a mapping of a path */
        CLAIM_PIPE     = 1 << 3,        /* pipe:[inode] */
        CLAIM_SOCKET   = 1 << 4,        /* socket:[inode] */
        CLAIM_ANON     = 1 << 5,        /* anon_inode:NAME, of the kind's `anon` only */
        CLAIM_SETTLED  = 1 << 6,        /* CLAIM_PATH_FD once more, where an earlier walk found no object */
};

/* Whose doing ends a wait on an object; the others that have it, never the waiting process itself. */
enum wake {
        WAKE_NOBODY,                    /* nobody's that could be named: time, a change of a file, a packet */
        WAKE_PEER,                      /* who has the object at the other end: sockets */
        WAKE_SIDE,                      /* who has the other side of it: who writes, for one that reads */
        WAKE_HOLDER,                    /* who has it, too: shared memory, counters */
        WAKE_LAST,                      /* nobody holds it; who used it last is the best guess: System V */
        WAKE_LOCK,                      /* who has the lock */
        WAKE_WATCHED,                   /* the same question for each of its peers, which it watches */
};

struct kind {
        const char *name;               /* "shm": also the prefix of references */
        const char *title;              /* N_("System V shared memory") */
        enum namespace_type_word scope; /* the namespace that its ids or names belong to */
        enum address address;
        enum family family;

        const uint16_t *fields;         /* all that its objects may carry, in the order shown */
        unsigned nfields;
        const uint16_t *columns;        /* of a table of this kind alone */
        unsigned ncolumns;
        const uint16_t *summary;        /* its most telling fields, for tables of many kinds */
        unsigned nsummary;

        /*
         * N_(): what removing an object does to its users; NULL: objects of
         * this kind are not removed by ipcview.
         */
        const char *consequence;
        const struct acts *acts;        /* model/acts.h: what can be done to them; NULL: nothing */
        bool uncounted;                 /* neither the kernel nor a walk tells who still means to use it */

        bool unlisted;                  /* no table has its objects: only who has them tells that they are there */

        unsigned claims;                /* bits of enum claim_class */
        const char *anon;               /* CLAIM_ANON: the link's text, "anon_inode:[eventfd]"; NULL: any */

        /*
         * Lists the kind's objects from the kernel into the builder. What
         * cannot be seen becomes a gap; returns nothing, because there is
         * nothing a caller could do. NULL: known by its holders only.
         */
        void (*scan)(const struct host *host, const struct want *want, struct builder *builder);

        /*
         * An object that no scan lists, but that somebody names: a FIFO that
         * nobody has open, a socket file. Adds it if it is there (links are not
         * followed), and indexes it, so that holders find it. NULL: the scan
         * lists all.
         */
        void (*lookup)(const struct host *host, struct builder *builder, struct text name);

        /*
         * A walk entry that no listed object matched by device and inode: is
         * it one of mine? Returns the object (made now, or found by other
         * means), or NULL. struct claim is in kind/claim.h.
         */
        struct object *(*claim)(struct claim *claim);

        /*
         * Called for each descriptor of the kind's objects once all of its
         * process are known: for relations that the kernel tells by descriptor
         * number (epoll and its targets). claim->entry says which descriptor it
         * is, claim->find() finds the objects of others of the same table; the
         * walk no longer stands at it. Called again for every holder of an
         * object, so it can be completed by what another process has.
         */
        void (*relate)(struct claim *claim, struct object *object);

        /*
         * A blocked thread: is it one of mine that it waits for? Asked only
         * about calls that don't name it by a descriptor or by an address in a
         * mapping. struct waiting is in kind/waiting.h. NULL: there are none.
         */
        struct object *(*waited)(struct waiting *waiting);

        enum wake wake;

        /*
         * Which pid fields tell history, beside their life fields and the
         * times that a process must be older than to be the one meant.
         */
        const struct kind_history *history;
        unsigned nhistory;

        /* What its objects take of which limits. */
        const struct kind_charge *charges;
        unsigned ncharges;

        /*
         * Called once when all objects and holds are known: ties and names that
         * take all of the kind's objects together. NULL: nothing.
         */
        void (*settle)(const struct host *host, struct builder *builder);

        /*
         * Completes what follows from others, once all objects and holds are
         * known: states like orphan. NULL: nothing.
         */
        void (*conclude)(struct builder *builder, struct object *object);
};

enum { NO_ROWS = FIELD_COUNT };

/* What an object takes of a limit (model/limits.list). */
enum charge_how {
        CHARGE_ONE,                     /* one, whatever it is */
        CHARGE_FIELD,                   /* the number in `field` */
        CHARGE_PAGES,                   /* the bytes in `field`, in whole pages */
        CHARGE_OWN,                     /* the number in `field`, of a limit of its own, which `most` tells */
        CHARGE_OTHER,                   /* what amount() tells */
};

struct kind_charge {
        uint16_t limit;                 /* enum limit_id */
        enum charge_how how;
        uint16_t field, most;
        uint64_t otherwise;             /* taken for it where the field is not known; 0: then the sum is not, either */
        bool exact;                     /* the kernel's own list has all of them: their sum is no deduction */
        bool (*amount)(const struct object *object, uint64_t *ret);    /* in the limit's unit; false: not known */
};

struct kind_history {
        uint16_t rows;                  /* the VALUE_ROWS field whose rows hold pid and life; NO_ROWS: the object */
        uint16_t pid, life;             /* FIELD_CREATOR_PID, FIELD_CREATOR_LIFE */
        uint16_t moments[2];            /* the pid was current at the latest of these */
        unsigned nmoments;
        enum way_word way;              /* WAY_CREATOR or WAY_LAST */
        const char *role;               /* N_("created by"): what stands before the pid on a page */
};

/* The table of all kinds, in their order. The model is told, it does not know. */
struct kind_set {
        const struct kind *const *kinds;
        unsigned nkinds;
};

/* Are its objects addressed by FIELD_NAME? */
static inline bool kind_named(const struct kind *kind)
{
        return kind->address == ADDRESS_NAME || kind->address == ADDRESS_SOCKET || kind->address == ADDRESS_WORD;
}

/* The kind of that name, or NULL. */
const struct kind *kind_find(const struct kind_set *set, struct text name);

/* May its objects carry the field? (the computed ones, ref, kind, holders..., always) */
bool kind_has_field(const struct kind *kind, uint16_t field);

/* What a question needs to be collected. */
struct want {
        uint64_t kinds;                 /* bit i: kind i of the set */
        struct field_set fields;        /* costly fields are read only when in here */
        bool holders;                   /* walk the processes */
        bool waiters;                   /* look at what their threads wait for */
        bool detail;                    /* what costs a system call per object and more: for a few objects only */
        bool processes;                 /* every process, also those that hold nothing */
        const struct reference *named;  /* objects that the question names: for the kinds' lookup; borrowed */
        size_t nnamed;
        uint64_t only_named;            /* bit i: of kind i nothing but what `named` has an id of is needed */
        bool limits;                    /* the limits, and what the kernel counts against them */
};

#endif
