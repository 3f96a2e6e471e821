/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_LOOP_SIGNALS_H
#define TUI_LOOP_SIGNALS_H

/*
 * Signals while a terminal is taken. Those that ask (to end, to stop, to look
 * at the size) are noted, and a descriptor wakes the loop; those of a crash
 * restore the terminal on the spot and then do what they did before.
 */
#include "tui/paint.h"

struct signals;

/* What came since it was last asked. */
struct signals_news {
        int deadly;                     /* SIGINT, SIGTERM, SIGHUP, SIGQUIT; 0: none */
        bool stop, go_on, resized;      /* SIGTSTP, SIGCONT, SIGWINCH */
};

/* From now on signals are caught; those that are ignored stay so. One at a time. 0 or -errno. */
int signals_begin(struct signals **ret);
void signals_end(struct signals *signals);      /* as it was before; NULL is fine */

/* The terminal to be restored in a crash, or at exit(3); NULL: none. */
void signals_guard(struct signals *signals, const struct paint *paint);

int signals_fd(const struct signals *signals);  /* readable when there are news */
void signals_take(struct signals *signals, struct signals_news *ret);

/* Stops the process, as C-z does, until it is told to go on. */
void signals_stop(struct signals *signals);

#endif
