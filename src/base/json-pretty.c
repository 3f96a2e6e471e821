/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json-pretty.h"

#include "base/utf8.h"

enum { INDENT = 2, DEEPEST = 64, PLANE = 0x10000, HIGH = 0xd800, LOW = 0xdc00, HALF_BITS = 10, HALF = 0x3ff };

static void new_line(struct buf *out, unsigned depth)
{
        buf_byte(out, '\n');
        for (unsigned i = 0; i < INDENT * (depth < DEEPEST ? depth : DEEPEST); i++)
                buf_byte(out, ' ');
}

/* One character of a string, beyond ASCII; returns its bytes. */
static size_t escape(struct text text, struct buf *out)
{
        uint32_t code;
        unsigned len = utf8_decode(text, &code);

        if (code >= PLANE && len > 0) {
                buf_printf(out, "\\u%04x", HIGH + ((code - PLANE) >> HALF_BITS));
                code = LOW + ((code - PLANE) & HALF);
        }
        buf_printf(out, "\\u%04x", code);
        return len > 0 ? len : 1;
}

/* A string with its quotes; returns its bytes. */
static size_t copy_string(struct text json, bool ascii, struct buf *out)
{
        size_t i = 1;

        buf_byte(out, '"');
        while (i < json.len && json.data[i] != '"') {
                if (ascii && (unsigned char)json.data[i] >= 0x80) {
                        i += escape(text_from(json, i), out);
                        continue;
                }
                if (json.data[i] == '\\' && i + 1 < json.len)
                        buf_byte(out, json.data[i++]);
                buf_byte(out, json.data[i++]);
        }
        if (i < json.len)
                buf_byte(out, json.data[i++]);
        return i;
}

static bool opens(char byte)
{
        return byte == '{' || byte == '[';
}

static bool closes(char byte)
{
        return byte == '}' || byte == ']';
}

static bool is_blank(char byte)
{
        return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

void json_pretty(struct text json, bool ascii, struct buf *out)
{
        unsigned depth = 0;
        char last = 0;                  /* what stands before, beside blanks */

        for (size_t i = 0; i < json.len;) {
                char byte = json.data[i];

                if (is_blank(byte)) {
                        i++;
                        continue;
                }
                if (closes(byte) && depth > 0)
                        depth--;
                if (last == ',' || (opens(last) ? !closes(byte) : last && closes(byte)))
                        new_line(out, depth);
                last = byte;
                if (byte == '"') {
                        i += copy_string(text_from(json, i), ascii, out);
                        continue;
                }
                buf_byte(out, byte);
                depth += opens(byte);
                if (byte == ':')
                        buf_byte(out, ' ');
                i++;
        }
}
