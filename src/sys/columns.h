/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_COLUMNS_H
#define SYS_COLUMNS_H

/*
 * A kernel table whose first line names its columns, as /proc/sysvipc/{shm,sem,msg}
 * (ipc/util.c, sysvipc_proc_show). Columns are found by their word, so that
 * one more column in a newer kernel shifts nothing.
 */
#include "base/buf.h"

#include <stdint.h>

enum { COLUMNS_MOST = 48 };

struct columns {
        struct text rest;               /* lines not yet read */
        struct text names[COLUMNS_MOST];
        unsigned ncolumns;
        struct text cells[COLUMNS_MOST];/* of the current row */
        unsigned ncells;
};

/* Reads the header. 0, or -ENODATA when there is none (an empty file), -EBADMSG when it is no header. */
int columns_init(struct columns *columns, struct text file);

/*
 * Moves to the next row. 1; 0 at the end; -EBADMSG for a row with another
 * number of cells than the header has (it may be skipped by calling again),
 * or a last line that is cut off (no newline).
 */
int columns_next(struct columns *columns);

/* Index of a named column, or -1. */
int columns_find(const struct columns *columns, const char *name);

/* The cell as a number of the given base; index -1 or a bad cell: -EBADMSG. At most max. */
int columns_number(const struct columns *columns, int index, unsigned base, uint64_t max, uint64_t *ret);

/* A signed decimal (keys are printed with %d): as its 32 bits. */
int columns_key(const struct columns *columns, int index, uint32_t *ret);

#endif
