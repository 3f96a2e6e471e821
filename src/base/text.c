/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

int text_compare(struct text a, struct text b)
{
        size_t common = a.len < b.len ? a.len : b.len;
        int order = common > 0 ? memcmp(a.data, b.data, common) : 0;

        if (order != 0)
                return order;
        return (a.len > b.len) - (a.len < b.len);
}

bool text_split(struct text *rest, char separator, struct text *ret_piece)
{
        const char *found;
        size_t len;

        if (rest->len == 0)
                return false;
        found = memchr(rest->data, separator, rest->len);
        len = found ? (size_t)(found - rest->data) : rest->len;
        *ret_piece = (struct text){ rest->data, len };
        *rest = text_from(*rest, found ? len + 1 : len);
        return true;
}

static bool is_blank(char byte)
{
        return byte == ' ' || byte == '\t';
}

bool text_word(struct text *rest, struct text *ret_word)
{
        size_t start = 0, end;

        while (start < rest->len && is_blank(rest->data[start]))
                start++;
        if (start == rest->len) {
                *rest = text_from(*rest, start);
                return false;
        }
        end = start;
        while (end < rest->len && !is_blank(rest->data[end]))
                end++;
        *ret_word = (struct text){ rest->data + start, end - start };
        *rest = text_from(*rest, end);
        return true;
}
