/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

/*
 * Cells, columns and their widths: the layer under the tables of `list` and
 * the grid of the browser. It knows nothing of IPC, terminals or curses.
 */
#include "base/arena.h"
#include "base/buf.h"

enum align { ALIGN_LEFT, ALIGN_RIGHT };

enum style { STYLE_NONE, STYLE_TITLE, STYLE_DIM, STYLE_GOOD, STYLE_WARN, STYLE_BAD };

struct column {
        const char *title;              /* in the user's language, display form */
        enum align align;
        unsigned least;                 /* columns it keeps when the table is cut to a width;
                                         * 0: it is never cut */
};

struct cell {
        const char *data;               /* display form (escape_display), UTF-8 */
        unsigned len;                   /* bytes */
        unsigned short width;           /* terminal columns */
        unsigned char style;            /* enum style */
};

struct table {
        struct arena *arena;            /* where the cells live: the caller's */
        const struct column *columns;
        unsigned ncolumns;
        struct cell *cells;             /* row after row */
        size_t ncells, size;
        unsigned *widths;               /* widest cell of each column so far, titles included */
};

/* How a table is written. */
struct table_look {
        unsigned width;                 /* terminal columns to fit into; 0: whole values */
        bool headings;
        bool colour;                    /* SGR sequences for the styles */
        bool utf8;                      /* "…" where text is cut, else "+" */
};

/* Borrows arena and columns for the table's life. */
void table_init(struct table *table, struct arena *arena, const struct column *columns, unsigned ncolumns);
void table_done(struct table *table);

/* So many rows are going to come: saves the growing. */
void table_expect(struct table *table, size_t rows);

/*
 * Divides the work: *ret takes the rows from `rows` on, perhaps in another thread, and in an arena of
 * its own, which lives as long as the table. To join them again each must have got all of its rows.
 * False: table_expect() did not make room for that many rows and one more.
 */
bool table_split(struct table *table, size_t rows, struct arena *arena, struct table *ret);
void table_join(struct table *table, struct table *second);

/*
 * Appends the next cell of the current row; a row is full after ncolumns
 * cells. The text must be in display form; it is copied, and remembered by
 * pointer only when `keep` (it lives as long as the arena).
 */
void table_add(struct table *table, struct text text, enum style style, bool keep);

/* Appends the cell that the previous row has in this column. Not in the first row. */
void table_repeat(struct table *table);

/*
 * Widths for a given total: from the widest cells, cutting the widest
 * shrinkable columns first, never below `least`. The last column takes only
 * what it needs.
 */
void table_fit(const struct table *table, unsigned width, bool headings, unsigned *ret_widths);

/* Writes the whole table; trailing blanks are left out, columns two apart. */
void table_print(const struct table *table, const struct table_look *look, struct buf *out);

/* The same, with a call after each row, which may take away what is in the buffer. */
void table_print_passing(const struct table *table, const struct table_look *look, struct buf *out,
                         void (*pass)(void *data), void *data);

#endif
