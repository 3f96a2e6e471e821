/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_PASTE_H
#define TUI_PASTE_H

/*
 * Text that is pasted, which a terminal puts between two marks, when it was asked to, so that nobody takes it for
 * keys: it is collected here. Without curses.
 */
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* What asks a terminal for the marks, and what ends that. */
#define PASTE_MARKS_ON  "\033[?2004h"
#define PASTE_MARKS_OFF "\033[?2004l"

/* The marks themselves. */
#define PASTE_BEGINS "\033[200~"
#define PASTE_ENDS   "\033[201~"

enum { PASTE_MOST = 4096 };             /* bytes; what is beyond them is left out */

/* { 0 } is a valid one. */
struct paste {
        struct buf text;                /* as it came */
        bool open;                      /* its end has not come yet */
        unsigned matched;               /* so many bytes of the next mark came just now, byte by byte */
        int64_t at;                     /* ms: of the last character */
};

enum pasted {
        PASTED_NOTHING,                 /* the character is a key */
        PASTED_MORE,                    /* it is part of a paste, or was a mark */
        PASTED_ALL,                     /* now the text is complete, until the next character */
};

/* A character, as a code point, or whatever else was typed, as 0. Marks may come as characters, too. */
enum pasted paste_take(struct paste *paste, uint32_t code, int64_t now_ms);

/* A mark that was told from characters. */
enum pasted paste_begin(struct paste *paste, int64_t now_ms);
enum pasted paste_end(struct paste *paste);

void paste_done(struct paste *paste);

/*
 * The next character of a pasted text as it may be put in a line: a blank for ends of lines and tabs,
 * none at the end; other control characters are passed over. False: that was all.
 */
bool paste_next(struct text *rest, uint32_t *ret);

#endif
