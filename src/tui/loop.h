/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

/*
 * Keys, scenes, time and signals into the state, frames out of it. All that
 * touches the machine is done by the services, which command/browse.c provides.
 */
#include "tui/order.h"
#include "tui/ui.h"

enum event_type { EVENT_NONE, EVENT_SCENE, EVENT_OUTCOME };

struct event {
        enum event_type type;
        struct scene *scene;            /* taken for the receiver */
        struct outcome outcome;         /* its buffers are the receiver's */
};

struct services {
        void *data;
        int fd;                         /* readable when an event has come; -1: never */
        int in, out;                    /* the terminal, where there is one */
        const char *begin_with;         /* what ":" takes, once the first scene is there: a view, a reference; NULL */
        struct event (*next)(void *data);               /* without waiting */
        /* A new scene, soon; one that is being made will do. anew: nothing of it is remembered from the last one. */
        void (*refresh)(void *data, bool anew);
        void (*drop)(void *data, struct scene *scene);  /* where it does not delay a key */
        void (*perform)(void *data, struct order *order);       /* takes it; outcomes follow as events */
        int (*write)(void *data, const char *path, struct text text);   /* a new file; 0 or -errno */
        int (*run)(void *data, const char *line);       /* a command line of ipcview on the plain terminal */
        int64_t (*now)(void *data);                     /* ns since the epoch */
};

/*
 * Until somebody leaves, or a signal ends it: *ret_signal, 0 for none, is to be raised again when everything is
 * in order; the terminal is. 0, or -errno of paint_open().
 */
int loop_run(struct ui *ui, const struct services *services, int *ret_signal);

/*
 * Without a terminal: carries a script out, frames are appended to *out, each below a line
 * "=== WIDTHxHEIGHT"; what would leave the screen (copy, run, suspend) is a line, too. The first scene, that of
 * <Refresh>, and what comes of an order are waited for, time passes by <Wait> only. Ends where somebody leaves.
 * 0, or -EINVAL: *ret_at is the offset of what is no step.
 */
int loop_script(struct ui *ui, const struct services *services, struct text script, struct buf *out, size_t *ret_at);

#endif
