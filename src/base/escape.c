/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/escape.h"

#include "base/utf8.h"

#include <errno.h>

#define EVERY(byte) (UINT64_C(0x0101010101010101) * (byte))

/* ASCII that stands for itself. */
static bool is_plain(char byte, char other)
{
        return byte >= 0x20 && byte < 0x7f && byte != '\\' && byte != other;
}

/*
 * The same for eight bytes at once. Bytes from 0x80 have the top bit; where
 * none has, adding 1 sets it for DEL only, taking 0x20 off sets it for a
 * control, and taking 1 off the difference to a backslash for a backslash.
 */
static bool is_plain_word(const char *data, char other)
{
        uint64_t word;

        memcpy(&word, data, sizeof(word));
        return ((word | (word + EVERY(1)) | (word - EVERY(0x20)) |
                 ((word ^ EVERY('\\')) - EVERY(1)) |
                 ((word ^ EVERY((unsigned char)other)) - EVERY(1))) & EVERY(0x80)) == 0;
}

size_t escape_plain_run(struct text text, char other)
{
        size_t n = 0;

        while (text.len - n >= 8 && is_plain_word(text.data + n, other))
                n += 8;
        while (n < text.len && is_plain(text.data[n], other))
                n++;
        return n;
}

static size_t plain_run(struct text text)
{
        return escape_plain_run(text, '\\');
}

bool escape_is_plain(struct text text)
{
        return plain_run(text) == text.len;
}

/*
 * How many bytes may stay. A combining mark may not be the first: behind an
 * escape or a separator it would change what is not part of the text.
 */
static size_t display_run(struct text text, bool utf8)
{
        size_t n = plain_run(text);

        while (utf8 && n < text.len) {
                struct text rest = text_from(text, n);
                uint32_t code;
                unsigned len = utf8_decode(rest, &code);
                int width = len > 1 ? utf8_width(code) : -1;

                if (width < 0 || (width == 0 && n == 0))
                        break;
                n += len;
                n += plain_run(text_from(text, n));
        }
        return n;
}

static void add_hex(struct buf *out, const char *digits, unsigned char byte)
{
        buf_byte(out, digits[byte >> 4]);
        buf_byte(out, digits[byte & 15]);
}

static void display_byte(struct buf *out, unsigned char byte)
{
        buf_byte(out, '\\');
        switch (byte) {
        case '\\':
                buf_byte(out, '\\');
                break;
        case '\n':
                buf_byte(out, 'n');
                break;
        case '\t':
                buf_byte(out, 't');
                break;
        case '\r':
                buf_byte(out, 'r');
                break;
        default:
                buf_byte(out, 'x');
                add_hex(out, "0123456789abcdef", byte);
        }
}

void escape_display(struct buf *out, struct text text, bool utf8)
{
        while (text.len > 0) {
                size_t run = display_run(text, utf8);

                buf_add(out, (struct text){ text.data, run });
                text = text_from(text, run);
                if (text.len == 0)
                        break;
                /* One byte suffices: what is left of a sequence begins no valid one. */
                display_byte(out, (unsigned char)text.data[0]);
                text = text_from(text, 1);
        }
}

static bool is_word(unsigned char byte)
{
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
               (byte >= '0' && byte <= '9') || (byte != 0 && strchr("+-./:@_=", byte));
}

void escape_word(struct buf *out, struct text text, const char *hide)
{
        for (size_t i = 0; i < text.len; i++) {
                unsigned char byte = (unsigned char)text.data[i];

                if (is_word(byte) && !(hide && strchr(hide, byte))) {
                        buf_byte(out, (char)byte);
                } else {
                        buf_byte(out, '%');
                        add_hex(out, "0123456789ABCDEF", byte);
                }
        }
}

static int hex_value(char byte)
{
        if (byte >= '0' && byte <= '9')
                return byte - '0';
        if (byte >= 'a' && byte <= 'f')
                return byte - 'a' + 10;
        if (byte >= 'A' && byte <= 'F')
                return byte - 'A' + 10;
        return -1;
}

/* Length of the escape that the text begins with: 3 or 4, 0 if it is none. */
static size_t parse_escape(struct text text, char *ret_byte)
{
        size_t mark = text.data[0] == '%' ? 1 : 2;
        int high, low;

        if (text.len < mark + 2 || (mark == 2 && text.data[1] != 'x'))
                return 0;
        high = hex_value(text.data[mark]);
        low = hex_value(text.data[mark + 1]);
        if (high < 0 || low < 0)
                return 0;
        *ret_byte = (char)(high << 4 | low);
        return mark + 2;
}

int escape_parse_word(struct text word, struct buf *out, size_t *ret_at)
{
        char *place = buf_reserve(out, word.len);
        size_t len = 0, at = 0;

        while (at < word.len) {
                size_t used = 1;

                place[len] = word.data[at];
                if (word.data[at] == '%' || word.data[at] == '\\')
                        used = parse_escape(text_from(word, at), &place[len]);
                if (used == 0) {
                        *place = 0;     /* as if nothing had been written */
                        if (ret_at)
                                *ret_at = at;
                        return -EINVAL;
                }
                at += used;
                len++;
        }
        place[len] = 0;
        out->len += len;
        return 0;
}
