/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

/*
 * Numbers as people and kernels write them, read strictly: the whole text must
 * be the number, without blanks or sign (but for number_parse_int), and it must
 * fit. All return 0, -EINVAL (not a number) or -ERANGE (too large), and leave
 * *ret untouched on failure.
 */
#include "base/text.h"

#include <stdint.h>

/* Decimal. At most max. "007" is 7. */
int number_parse(struct text text, uint64_t max, uint64_t *ret);

/* Digits of the given base (8, 10 or 16), no prefix. At most max. */
int number_parse_base(struct text text, unsigned base, uint64_t max, uint64_t *ret);

/* Decimal with an optional minus. */
int number_parse_int(struct text text, int64_t min, int64_t max, int64_t *ret);

/*
 * Bytes: decimal with an optional suffix B K M G T P E (1024), also KiB, KB
 * (1000)... as in "64K", "1M", "4GiB", "1.5G". Upper and lower case.
 */
int number_parse_size(struct text text, uint64_t *ret_bytes);

/* A span of time: "90" and "90s" seconds, "5m", "2h", "3d", "1w". In seconds. */
int number_parse_span(struct text text, uint64_t *ret_seconds);

#endif
