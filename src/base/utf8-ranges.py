#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes utf8-ranges.h from the character database of this Python: utf8-ranges.py > utf8-ranges.h"""

import unicodedata

# Default_Ignorable_Code_Point: what shows nothing could hide or reorder text.
INVISIBLE = [
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]
# Vowels and final consonants of Hangul join the syllable before them.
JOINING = [(0x1161, 0x11FF), (0xD7B0, 0xD7FF)]
# Circled numbers and hexagrams: neutral or ambiguous in the database, wide in terminals and wcwidth(3).
WIDE = [(0x3248, 0x324F), (0x4DC0, 0x4DFF)]


def among(code, ranges):
    return any(first <= code <= last for first, last in ranges)


def width(code):
    category = unicodedata.category(chr(code))
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or among(code, INVISIBLE):
        return -1
    if category in ("Mn", "Me") or among(code, JOINING):
        return 0
    if unicodedata.east_asian_width(chr(code)) in "WF" or among(code, WIDE):
        return 2
    return 1


def show(name, wanted, widths):
    ranges = []
    for code, columns in enumerate(widths):
        if columns == wanted:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    print(f"\nstatic const struct range {name}[] = {{")
    line = "       "
    for first, last in ranges:
        item = f" {{ 0x{first:x}, 0x{last:x} }},"
        if len(line + item) > 110:
            print(line)
            line = "       "
        line += item
    print(f"{line}\n}};")


# ASCII and Latin-1 have a short way of their own.
WIDTHS = [1] * 0x100 + [width(code) for code in range(0x100, 0x110000)]

print(f"""\
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_UTF8_RANGES_H
#define BASE_UTF8_RANGES_H

/* Made by utf8-ranges.py from Unicode {unicodedata.unidata_version}, for utf8.c only. From U+0100; sorted. */
#include <stdint.h>

struct range {{
        uint32_t first, last;
}};""")
show("unprintable", -1, WIDTHS)
show("combining", 0, WIDTHS)
show("wide", 2, WIDTHS)
print("\n#endif")
