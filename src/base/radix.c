/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/radix.h"

#include <string.h>

enum { DIGITS = 8, DIGIT_VALUES = 256 };

/* Digit by digit from the lowest, each keeping the order so far; digits that are the same everywhere are left out. */
void radix_sort(struct radix_item *items, struct radix_item *spare, size_t n)
{
        uint32_t counts[DIGITS][DIGIT_VALUES] = { 0 };
        struct radix_item *from = items, *to = spare;

        for (size_t i = 0; i < n; i++)
                for (unsigned digit = 0; digit < DIGITS; digit++)
                        counts[digit][items[i].key >> digit * 8 & 0xff]++;
        for (unsigned digit = 0; digit < DIGITS && n > 0; digit++) {
                uint32_t *count = counts[digit], at = 0;
                struct radix_item *other = from;

                if (count[items[0].key >> digit * 8 & 0xff] == n)
                        continue;
                for (unsigned value = 0; value < DIGIT_VALUES; value++) {
                        uint32_t here = count[value];

                        count[value] = at;
                        at += here;
                }
                for (size_t i = 0; i < n; i++)
                        to[count[from[i].key >> digit * 8 & 0xff]++] = from[i];
                from = to;
                to = other;
        }
        if (from != items)
                memcpy(items, from, n * sizeof(*items));
}
