/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_LITERAL_H
#define MODEL_LITERAL_H

/*
 * Numbers, keys, device numbers and moments as people write them: what
 * references and filters have in common. Each reads the whole text, which
 * begins at offset `at` of what the user typed: that is where errors point.
 * 0, or -EINVAL / -ERANGE with *ret_error set and *ret untouched.
 */
#include "model/reference.h"

/* A moment and its precision: a day, a minute, a second. In ns since the epoch. */
struct moment {
        uint64_t from;                  /* 0: never */
        uint64_t end;                   /* the first nanosecond that is no longer it */
};

static inline int parse_fail(struct parse_error *ret_error, int err, const char *message, size_t at)
{
        *ret_error = (struct parse_error){ message, at };
        return err;
}

/* Decimal, at most max. */
int literal_number(struct text text, size_t at, uint64_t max, uint64_t *ret, struct parse_error *ret_error);

/*
 * A System V key: 0x and hex digits, or decimal from -2147483648 to
 * 4294967295, of which the low 32 bits count; "private" is 0.
 */
int literal_key(struct text text, size_t at, uint64_t *ret, struct parse_error *ret_error);

/* MAJOR:MINOR as value_dev() */
int literal_dev(struct text text, size_t at, uint64_t *ret, struct parse_error *ret_error);

/*
 * "never", a span before now ("2d"), or an ISO 8601 date with or without the
 * time of day. Without Z or an offset it is local time.
 */
int literal_time(struct text text, size_t at, int64_t now, struct moment *ret, struct parse_error *ret_error);

#endif
