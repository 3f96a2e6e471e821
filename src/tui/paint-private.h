/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_PAINT_PRIVATE_H
#define TUI_PAINT_PRIVATE_H

/* What the two files that know curses share. */
#include "tui/paint.h"
#include "tui/paste.h"

#include <signal.h>
#include <stdio.h>
#include <termios.h>

/* The last one: it defines words as short as `move`. */
#include <curses.h>

struct paint {
        struct paint_options options;
        FILE *in, *out;                 /* what curses wants: copies of the descriptors */
        SCREEN *screen;
        WINDOW *keys;                   /* never shown: reading from it draws nothing */
        bool coloured;
        volatile sig_atomic_t taken;    /* the terminal is ours, not left */
        struct termios before;
        struct buf restore;             /* what puts it back */
        struct grid shown;              /* what curses was told last */
        bool all;                       /* nothing of it counts */
        struct clicks clicks;
        bool marks_pastes;              /* the terminal is one that can tell what is pasted from keys */
        struct paste paste;
};

/* --- paint-keys.c */
void paint_set_up_keys(struct paint *paint);

#endif
