/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

/* Numbers with leading zeros, as modes, keys and dates want them. */
#include "base/buf.h"

/* The number in base 8, 10 or 16 with at least `width` (up to 64) digits. */
static inline void digits_put(struct buf *out, uint64_t number, unsigned base, unsigned width)
{
        char digits[64];
        size_t at = sizeof(digits);

        while (at > 0 && (number > 0 || sizeof(digits) - at < width)) {
                digits[--at] = "0123456789abcdef"[number % base];
                number /= base;
        }

        buf_add(out, (struct text){ digits + at, sizeof(digits) - at });
}

#endif
