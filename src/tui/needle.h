/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_NEEDLE_H
#define TUI_NEEDLE_H

/* What is searched for, and where a text has it: by the search itself, and by who marks its matches. */
#include "base/buf.h"

struct needle {
        struct buf text;                /* folded, if so */
        bool fold;                      /* upper and lower case are one: nothing in it is upper case */
};

/* Valid UTF-8 as typed, copied. Of an empty one there is no match. */
void needle_make(struct needle *needle, struct text text);
void needle_done(struct needle *needle);

/* The first match at or behind the byte `from`, at the beginning of a character: its offset and bytes. */
bool needle_find(const struct needle *needle, struct text text, size_t from, size_t *ret_at, size_t *ret_len);

#endif
