/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

/*
 * Hostile bytes made harmless. Two forms:
 *
 * display: for people. Printable characters stay, everything that could move a
 *   cursor, hide or reorder text becomes \xHH (each byte), \n, \t, \r; a
 *   backslash is doubled, so that what is read is unambiguous.
 * word: for references. What is left is one shell word that the shell passes
 *   on unchanged: ASCII letters, digits and + - . / : @ _ = (the caller names
 *   further bytes to hide); every other byte becomes %HH.
 */
#include "base/buf.h"

#include <stdbool.h>

/* utf8: may characters beyond ASCII stay? (the codeset of the output is UTF-8) */
void escape_display(struct buf *out, struct text text, bool utf8);

/* How many bytes at the beginning are printable ASCII, but no backslash and not `other` (a printable byte). */
size_t escape_plain_run(struct text text, char other);

/*
 * True when escape_display() would change nothing, whatever `utf8` is: printable
 * ASCII without a backslash, which is its own display form.
 */
bool escape_is_plain(struct text text);

/* hide: further bytes to write as %HH, as a string; NULL for none. */
void escape_word(struct buf *out, struct text text, const char *hide);

/*
 * Back to bytes: %HH and \xHH. Returns 0, or -EINVAL at a % or backslash that
 * begins no such escape; *ret_at is then its offset (may be NULL).
 */
int escape_parse_word(struct text word, struct buf *out, size_t *ret_at);

#endif
