/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_LOOP_PRIVATE_H
#define TUI_LOOP_PRIVATE_H

/* What the loop of a terminal and that of a script have in common. Private to loop*.c. */
#include "tui/loop-signals.h"
#include "tui/loop.h"
#include "tui/paint.h"

struct loop {
        struct ui *ui;
        const struct services *services;
        struct grid grid;
        bool leaving, begun;
        bool asked;                     /* a scene is on its way */
        bool changed;                   /* something happened since the last frame; or only */
        bool ticked;                    /* time went on */
        unsigned norders;               /* that are not complete */

        struct paint *paint;            /* a terminal; or */
        struct signals *signals;
        struct buf *out;                /* a script */
};

/* Asks for a scene, unless one is on its way. */
void loop_refresh(struct loop *loop, bool anew);

/* All events that have come. Returns whether there was a scene among them. */
bool loop_events(struct loop *loop);

/* All that the ui asked for. */
void loop_requests(struct loop *loop);

/* The frame, into the grid. After a tick the one that is there is mended where that suffices. */
void loop_draw(struct loop *loop);

/* A key, or text that was pasted, and what it asks for. */
void loop_input(struct loop *loop, const struct input *input);
void loop_paste(struct loop *loop, struct text text);

/* loop.c: leaves the terminal, stops, and comes back. */
void loop_suspend(struct loop *loop);

/* Monotonic, ns. */
int64_t loop_now(void);

#endif
