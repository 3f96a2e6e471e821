/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_ORDER_H
#define TUI_ORDER_H

/*
 * What people agreed to: objects as they were seen, frozen with the scene that
 * they are of, and what is to be done with them. Made by dialogs, carried out by
 * whoever runs the browser (command/browse-acts.c), in a thread of its own.
 */
#include "admin/plan.h"
#include "base/table.h"
#include "model/acts.h"
#include "tui/scene.h"

enum order_type { ORDER_REMOVE, ORDER_SAVE, ORDER_SET, ORDER_SIGNAL };

struct order {
        enum order_type type;
        unsigned number;                /* tells its outcomes from those of others */
        struct scene *scene;            /* kept: all below is of it */
        struct plan plan;               /* ORDER_REMOVE; owned */
        const struct object **objects;  /* ORDER_SAVE, ORDER_SET: owned array */
        size_t n;
        const char *save_to;            /* in `arena`: where copies go; ORDER_REMOVE: NULL: none */
        bool drain;
        struct assignment *assignments; /* ORDER_SET: in `arena`, with texts as they were typed: "mode=0600" */
        const char **typed;
        unsigned nassignments;
        const struct process *process;  /* ORDER_SIGNAL: with its start as identity */
        int signal;
        struct arena arena;
};

/* Keeps the scene, too: the caller's reference stays the caller's. */
struct order *order_new(enum order_type type, struct scene *scene);
void order_free(struct order *order);   /* NULL is fine */

/* So many objects or processes are to be done something with. */
size_t order_count(const struct order *order);

/*
 * The form on the command line, appended: of one row of the plan, or one object (thing: NULL:
 * of all, shortened): "ipcview rm --force shm:7", "kill -s TERM 1234".
 */
void order_command(const struct order *order, const struct plan_row *row, const struct object *object,
                   struct buf *out);

/* One thing of it was done, or not: told back to the ui. */
struct outcome {
        unsigned number;                /* of the order */
        struct buf command;             /* "ipcview rm shm:7"; with only_progress: what it is at, "shm:7" */
        struct buf result;              /* a sentence: "shm:7: removed"; raw, escaped by who shows it */
        enum style style;
        bool last;                      /* the order is complete */
        size_t done, failed;            /* so far */
        uint64_t bytes_done, bytes_all; /* while it lasts: progress of the current one */
        bool only_progress;             /* nothing for the log */
};

void outcome_done(struct outcome *outcome);

#endif
