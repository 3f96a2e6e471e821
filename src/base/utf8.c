/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

#include "base/array.h"
#include "base/utf8-ranges.h"

#include <wctype.h>

/* How long a sequence with this first byte is; 0: none begins so. */
static unsigned sequence_length(unsigned char lead)
{
        if (lead < 0x80)
                return 1;
        /* 0xc0 and 0xc1 would begin overlong forms of ASCII, 0xf5 and more what is above U+10FFFF. */
        if (lead < 0xc2 || lead > 0xf4)
                return 0;
        return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

unsigned utf8_decode(struct text text, uint32_t *ret_code)
{
        static const uint32_t least[] = { [2] = 0x80, [3] = 0x800, [4] = 0x10000 };
        const unsigned char *bytes = (const unsigned char *)text.data;
        unsigned len = sequence_length(bytes[0]);
        uint32_t code;

        *ret_code = bytes[0];
        if (len <= 1)
                return len;
        if (len > text.len)
                return 0;
        code = bytes[0] & (0x7fu >> len);
        for (unsigned i = 1; i < len; i++) {
                if ((bytes[i] & 0xc0) != 0x80)
                        return 0;
                code = code << 6 | (bytes[i] & 0x3f);
        }
        if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
                return 0;
        *ret_code = code;
        return len;
}

unsigned utf8_encode(uint32_t code, char ret[4])
{
        static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
        unsigned len;

        if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
                code = 0xfffd;
        if (code < 0x80) {
                ret[0] = (char)code;
                return 1;
        }
        len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        for (unsigned i = len - 1; i > 0; i--) {
                ret[i] = (char)(0x80 | (code & 0x3f));
                code >>= 6;
        }
        ret[0] = (char)(lead[len] | code);
        return len;
}

uint32_t utf8_fold(uint32_t code)
{
        if (code < 0x80)
                return code >= 'A' && code <= 'Z' ? code | 0x20 : code;
        /* By way of the upper one: some have two lower ones. */
        return (uint32_t)towlower(towupper((wint_t)code));
}

bool utf8_is_upper(uint32_t code)
{
        if (code < 0x80)
                return code >= 'A' && code <= 'Z';
        return towlower((wint_t)code) != (wint_t)code;
}

/* How many bytes below 0x80 the text begins with, eight at a time. */
static size_t ascii_run(struct text text)
{
        size_t n = 0;
        uint64_t word;

        while (text.len - n >= sizeof(word)) {
                memcpy(&word, text.data + n, sizeof(word));
                if (word & UINT64_C(0x8080808080808080))
                        break;
                n += sizeof(word);
        }
        while (n < text.len && (unsigned char)text.data[n] < 0x80)
                n++;
        return n;
}

bool utf8_valid(struct text text)
{
        for (;;) {
                uint32_t code;
                unsigned len;

                text = text_from(text, ascii_run(text));
                if (text.len == 0)
                        return true;
                len = utf8_decode(text, &code);
                if (len == 0)
                        return false;
                text = text_from(text, len);
        }
}

static bool within(uint32_t code, const struct range *ranges, size_t count)
{
        size_t low = 0, high = count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (code > ranges[middle].last)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < count && code >= ranges[low].first;
}

int utf8_width(uint32_t code)
{
        if (code < 0x7f)
                return code < 0x20 ? -1 : 1;
        if (code < 0x100)
                return code < 0xa0 || code == 0xad ? -1 : 1;
        /* Latin, before the first combining mark */
        if (code < 0x300)
                return 1;
        if (code > 0x10ffff || within(code, unprintable, COUNT(unprintable)))
                return -1;
        if (within(code, combining, COUNT(combining)))
                return 0;
        return within(code, wide, COUNT(wide)) ? 2 : 1;
}

/*
 * Length and columns of the first character of a text that is not empty. What
 * escape_display() would not have let through counts as one column a byte.
 */
static unsigned step(struct text text, unsigned *ret_columns)
{
        uint32_t code;
        unsigned len;
        int width;

        if ((unsigned char)text.data[0] < 0x80) {
                *ret_columns = 1;
                return 1;
        }
        len = utf8_decode(text, &code);
        if (len == 0)
                len = 1;
        width = len > 1 ? utf8_width(code) : -1;
        *ret_columns = width >= 0 ? (unsigned)width : len;
        return len;
}

unsigned utf8_columns(struct text text)
{
        size_t total = 0;

        for (;;) {
                size_t run = ascii_run(text);
                unsigned columns;

                total += run;
                text = text_from(text, run);
                if (text.len == 0)
                        break;
                text = text_from(text, step(text, &columns));
                total += columns;
        }
        return total < UINT32_MAX ? (unsigned)total : UINT32_MAX;
}

struct text utf8_cut(struct text text, unsigned columns, unsigned *ret_columns)
{
        unsigned taken = 0;
        size_t at = 0;

        while (at < text.len) {
                unsigned more, len = step(text_from(text, at), &more);

                if (more > columns - taken)
                        break;
                taken += more;
                at += len;
        }
        *ret_columns = taken;
        return (struct text){ text.data, at };
}
