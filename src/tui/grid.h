/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_GRID_H
#define TUI_GRID_H

/*
 * A screen as text: cells of one or two columns. Layouts write it, paint.c puts
 * it on a terminal, tests print it. It knows nothing of curses.
 */
#include "base/table.h"

#include <stdint.h>

/* How a cell looks: an enum style (base/table.h) in the low bits, and any of these. */
enum look {
        LOOK_STYLE   = 0x07,
        LOOK_REVERSE = 0x08,            /* bars, the row under the cursor */
        LOOK_BOLD    = 0x10,
        LOOK_UNDER   = 0x20,
        LOOK_DIM     = 0x40,
};

enum { GRID_CELL_BYTES = 21, GRID_MOST = 1000 };

struct grid_cell {
        char bytes[GRID_CELL_BYTES];    /* one character with its combining marks; what is too long loses marks */
        uint8_t len;                    /* 0: the right half of a wide character */
        uint8_t width;                  /* 1 or 2; 0: right half */
        uint8_t look;
};

struct grid {
        unsigned width, height;         /* at most GRID_MOST each */
        struct grid_cell *cells;        /* line after line */
        bool cursor;                    /* is the terminal's cursor shown, and where? */
        unsigned cursor_x, cursor_y;
};

/* { 0 } is a valid empty grid. All cells become blanks without a look. */
void grid_resize(struct grid *grid, unsigned width, unsigned height);
void grid_done(struct grid *grid);

/*
 * Writes text that is in display form (escape_display) at a place, cut to `room`
 * columns and to the grid; half a wide character is a blank. Places outside are
 * silently passed over. Returns the columns written.
 */
unsigned grid_put(struct grid *grid, unsigned x, unsigned y, unsigned room, struct text text, unsigned look);

/* The same, cut with "…" (or "+") where it does not fit, or set to the right within its room. */
unsigned grid_put_cut(struct grid *grid, unsigned x, unsigned y, unsigned room, struct text text, unsigned look,
                      enum align align, bool utf8);

/* `columns` cells of one ASCII byte. */
void grid_fill(struct grid *grid, unsigned x, unsigned y, unsigned columns, char byte, unsigned look);

/* Adds bits of look to cells that are there; with a style, that replaces theirs. */
void grid_look(struct grid *grid, unsigned x, unsigned y, unsigned columns, unsigned look);

/*
 * The screen as lines of text, trailing blanks left out. looks: a second block of lines follows that has a letter
 * for each look, and what the letters mean.
 */
void grid_dump(const struct grid *grid, bool looks, struct buf *out);

#endif
