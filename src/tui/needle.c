/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/needle.h"

#include "base/utf8.h"

/* The first character; where there is none, a byte. */
static unsigned next_code(struct text text, uint32_t *ret)
{
        unsigned len = utf8_decode(text, ret);

        return len > 0 ? len : 1;
}

void needle_make(struct needle *needle, struct text text)
{
        struct text rest = text;
        uint32_t code;
        char bytes[4];

        *needle = (struct needle){ .fold = true };
        while (rest.len > 0) {
                rest = text_from(rest, next_code(rest, &code));
                if (utf8_is_upper(code))
                        needle->fold = false;
        }
        for (rest = text; rest.len > 0;) {
                rest = text_from(rest, next_code(rest, &code));
                if (needle->fold)
                        code = utf8_fold(code);
                buf_add(&needle->text, (struct text){ bytes, utf8_encode(code, bytes) });
        }
}

void needle_done(struct needle *needle)
{
        buf_done(&needle->text);
}

/* How many bytes at the beginning are the needle; 0: they are not. */
static size_t match(const struct needle *needle, struct text text)
{
        struct text rest = text, wanted = buf_text(&needle->text);

        while (wanted.len > 0) {
                uint32_t code, other;

                if (rest.len == 0)
                        return 0;
                rest = text_from(rest, next_code(rest, &code));
                wanted = text_from(wanted, next_code(wanted, &other));
                if (code != other && (!needle->fold || utf8_fold(code) != other))
                        return 0;
        }
        return text.len - rest.len;
}

/* Most places are told from the first character by a byte; what is not ASCII may be one when it is folded, too. */
static bool may_begin(char first, bool fold, char byte)
{
        if ((unsigned char)byte >= 0x80)
                return true;
        if (fold && byte >= 'A' && byte <= 'Z')
                byte = (char)(byte - 'A' + 'a');
        return byte == first;
}

bool needle_find(const struct needle *needle, struct text text, size_t from, size_t *ret_at, size_t *ret_len)
{
        char first = needle->text.len > 0 ? needle->text.data[0] : 0;
        size_t at = from;
        uint32_t code;

        while (at < text.len) {
                if (!may_begin(first, needle->fold, text.data[at])) {
                        at++;
                        continue;
                }
                *ret_at = at;
                *ret_len = match(needle, text_from(text, at));
                if (*ret_len > 0)
                        return true;
                at += next_code(text_from(text, at), &code);
        }
        return false;
}
