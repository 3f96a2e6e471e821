/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_RELATIONS_H
#define TUI_RELATIONS_H

/* The tree of view-relations.c: from one thing to those that it is tied to, and on. */
#include "report/counterpart.h"
#include "tui/view.h"

enum {
        RELATIONS_CHILDREN_MOST = 200,  /* of a node and a relation: then "312 more" */
        RELATIONS_DEPTH_MOST = 24,
        RELATIONS_ROWS_MOST = 5000,
};

enum relation_type {
        RELATION_ROOT,
        RELATION_HOLDER,                /* a process that has the object above */
        RELATION_PEER,                  /* an object at its other end */
        RELATION_WAITER,                /* a process that is blocked on it */
        RELATION_AWAITED,               /* an object that the process above is blocked on */
        RELATION_WAKER,                 /* a process that could end that wait */
        RELATION_CONTENT,               /* an object that the process above has, too */
        RELATION_MORE,                  /* those that did not fit; `about` is what is above */
};

struct relation {
        struct row_node about;
        enum relation_type type;
        unsigned depth;
        const struct relation *above;   /* NULL: the root */
        const struct wait *wait;        /* RELATION_WAITER, RELATION_AWAITED */
        const struct object *held;      /* HOLDER, CONTENT: who has what */
        const struct process *held_by;
        unsigned more;                  /* RELATION_MORE */
        bool open, leaf;                /* unfolded; has nothing below it */
        bool cycle;                     /* it is above itself already: not followed */
};

/*
 * Appends the rows: the root with what is next to it, and what is below the nodes whose subjects are in
 * `unfolded`. One of object and process is the root.
 */
void relations_fill(const struct object *object, const struct process *process, const struct map *unfolded,
                    struct rows *rows);

#endif
