/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_FINDINGS_KNOTS_H
#define REPORT_FINDINGS_KNOTS_H

/* The graph behind findings-cycles.c: who could serve the objects that are waited for. */
#include "report/findings-private.h"

/* What makes a deadlock a deduction (bits). */
enum doubt {
        DOUBT_HIDDEN  = 1 << 0,         /* processes that could not be looked into */
        DOUBT_OUTSIDE = 1 << 1,         /* ... and those of outer pid namespaces */
        DOUBT_NAME    = 1 << 2,         /* whoever may open it by its name */
        DOUBT_LAST    = 1 << 3,         /* System V: its last users are known, not its users */
        DOUBT_MEMORY  = 1 << 4,         /* a futex */
        DOUBT_SET     = 1 << 5,         /* a poll set, read from the memory of the process */
        DOUBT_SINCE   = 1 << 6,
        DOUBT_FLIGHT  = 1 << 7,
        DOUBT_ALARM   = 1 << 8,
        DOUBT_CALL    = 1 << 9,         /* what else names it by deduction: a path, a number in some namespace */
};

enum side { SIDE_READS = 1, SIDE_WRITES = 2, SIDE_EITHER = 3 };

struct node;

struct edge {
        struct node *node;
        const struct edge *next;
};

/* A process, and the objects that it could serve. */
struct actor {
        const struct process *process;
        bool acts;                      /* is not known to be blocked for ever */
        const struct edge *wakes;       /* only while it does not act */
        struct actor *next;             /* for whom it waits... */
        const struct wait *by;          /* ...and how */
        size_t path, cycle;             /* numbers from 1 on; 0: none */
};

struct waiter {
        struct actor *actor;
        const struct waiter *next;
};

/* An object that somebody waits for, to read or to write. */
struct node {
        const struct object *object;
        enum side side;
        bool freed;                     /* somebody can serve it, who acts */
        unsigned doubts;
        const struct edge *frees;       /* epolls that watch it */
        const struct waiter *waiters;
        struct node *next, *next_freed, *next_untied;
};

struct knots {
        struct judging *judging;
        struct arena arena;
        struct actor *actors;           /* as the processes of the snapshot */
        struct map by_object;           /* (object, side) -> struct node */
        struct node *nodes;
        struct node *freed;             /* to be told on */
        struct node *untied;            /* those who could serve them are still to be looked for */
        bool flights_counted, flights;
};

/* The node of what is waited for; it is made, with all that could serve it, when it is asked for first. */
struct node *knots_node(struct knots *knots, const struct wait *wait);
/* One that is there. */
const struct node *knots_node_of(const struct knots *knots, const struct wait *wait);

/* One of those who could serve it, if possible not `self`; NULL: nobody. */
const struct process *knots_waker(struct knots *knots, const struct wait *wait, const struct process *self);
/* Distinct ones; 1 at least. */
unsigned knots_count_wakers(struct knots *knots, const struct wait *wait);

/* What casts doubt on all deadlocks of the snapshot. */
unsigned knots_doubts(struct knots *knots);

#endif
