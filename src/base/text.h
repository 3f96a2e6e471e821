/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/*
 * Bytes with a length, borrowed from somebody who lives longer (an arena, a
 * literal). Text that comes from the kernel may hold anything: NUL, newline,
 * ESC, invalid UTF-8. It is escaped by whoever prints it, never before.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text {
        const char *data;
        size_t len;
};

#define TEXT(literal) ((struct text){ "" literal, sizeof(literal) - 1 })

static inline struct text text_of(const char *string)
{
        return (struct text){ string, strlen(string) };
}

static inline bool text_equal(struct text a, struct text b)
{
        return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool text_starts(struct text text, struct text prefix)
{
        return text.len >= prefix.len && memcmp(text.data, prefix.data, prefix.len) == 0;
}

static inline bool text_ends(struct text text, struct text suffix)
{
        return text.len >= suffix.len &&
               memcmp(text.data + text.len - suffix.len, suffix.data, suffix.len) == 0;
}

/* The text without its first n bytes; n beyond the end leaves nothing. */
static inline struct text text_from(struct text text, size_t n)
{
        if (n > text.len)
                n = text.len;
        return (struct text){ text.data + n, text.len - n };
}

/* Bytewise order, a prefix before what it begins: <0, 0 or >0. */
int text_compare(struct text a, struct text b);

/*
 * Cuts the next piece off *rest, up to and without the byte `separator`.
 * False when *rest is used up; a trailing separator yields no empty last piece.
 */
bool text_split(struct text *rest, char separator, struct text *ret_piece);

/* Cuts the next run of bytes other than blank and tab off *rest; false at the end. */
bool text_word(struct text *rest, struct text *ret_word);

#endif
