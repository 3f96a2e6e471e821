/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

/*
 * UTF-8 as it may be shown: strict decoding (no overlong forms, surrogates, or
 * code points above U+10FFFF) and the width of what is decoded.
 */
#include "base/text.h"

#include <stdint.h>

/*
 * Decodes the first code point of a text that is not empty.
 * Returns its length in bytes (1 to 4), or 0 when the first byte begins no
 * valid sequence; then *ret is that byte.
 */
unsigned utf8_decode(struct text text, uint32_t *ret_code);

/* Writes the code point's 1 to 4 bytes; returns how many. */
unsigned utf8_encode(uint32_t code, char ret[4]);

/* True if the whole text is valid UTF-8 (NUL counts as valid). */
bool utf8_valid(struct text text);

/*
 * Upper and lower case as one code point, whatever the script (also "ς" and "σ"). Beyond ASCII
 * the C library tells, as far as the locale's codeset goes; ASCII is the same in all languages.
 */
uint32_t utf8_fold(uint32_t code);

/* Is it an upper case letter, of which there is a lower one? */
bool utf8_is_upper(uint32_t code);

/*
 * Columns that a code point takes on a terminal: 0 (combining), 1, 2 (wide),
 * or -1 when it must not be printed: controls, line and paragraph separators,
 * bidirectional marks, embeddings, overrides and isolates, other invisible
 * format characters, private use, unassigned.
 */
int utf8_width(uint32_t code);

/* Columns of a whole text that went through escape_display(). */
unsigned utf8_columns(struct text text);

/*
 * The longest prefix, in whole characters with their combining marks, that
 * takes at most `columns`. *ret_columns is what it takes.
 */
struct text utf8_cut(struct text text, unsigned columns, unsigned *ret_columns);

#endif
