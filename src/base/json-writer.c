/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json-writer.h"

#include "base/base64.h"
#include "base/digits.h"
#include "base/utf8.h"

#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_USEC UINT64_C(1000)
#define SECONDS_PER_DAY 86400

static void next(struct writer *writer)
{
        if (writer->comma)
                buf_byte(writer->out, ',');
        writer->comma = true;
}

void writer_open(struct writer *writer, char bracket)
{
        next(writer);
        buf_byte(writer->out, bracket);
        writer->comma = false;
}

void writer_close(struct writer *writer, char bracket)
{
        buf_byte(writer->out, bracket);
        writer->comma = true;
}

/*
 * Keys and words are most of the text: a single look at the buffer's room for
 * all of comma, quotes and what follows.
 */
static void put_quoted(struct writer *writer, const char *word, bool colon)
{
        size_t len = strlen(word);
        char *start = buf_reserve(writer->out, len + sizeof(",\"\":")), *place = start;

        *place = ',';
        place += writer->comma;
        *place++ = '"';
        memcpy(place, word, len);
        place += len;
        *place++ = '"';
        *place = ':';
        place += colon;
        *place = 0;
        writer->out->len += (size_t)(place - start);
}

void writer_key(struct writer *writer, const char *key)
{
        put_quoted(writer, key, true);
        writer->comma = false;
}

void writer_word(struct writer *writer, const char *word)
{
        put_quoted(writer, word, false);
        writer->comma = true;
}

void writer_null(struct writer *writer)
{
        next(writer);
        buf_add(writer->out, TEXT("null"));
}

void writer_bool(struct writer *writer, bool value)
{
        next(writer);
        buf_add(writer->out, value ? TEXT("true") : TEXT("false"));
}

void writer_uint(struct writer *writer, uint64_t value)
{
        next(writer);
        buf_uint(writer->out, value);
}

void writer_int(struct writer *writer, int64_t value)
{
        next(writer);
        buf_int(writer->out, value);
}

static bool is_plain(char byte)
{
        return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static void put_unit(struct buf *out, unsigned unit)
{
        buf_add(out, TEXT("\\u"));
        digits_put(out, unit, 16, 4);
}

/* UTF-16, as RFC 8259 has it. */
static void put_escaped(struct buf *out, uint32_t code)
{
        switch (code) {
        case '"':
                buf_add(out, TEXT("\\\""));
                break;
        case '\\':
                buf_add(out, TEXT("\\\\"));
                break;
        case '\n':
                buf_add(out, TEXT("\\n"));
                break;
        case '\t':
                buf_add(out, TEXT("\\t"));
                break;
        case '\r':
                buf_add(out, TEXT("\\r"));
                break;
        default:
                if (code > 0xffff) {
                        put_unit(out, 0xd800 + ((code - 0x10000) >> 10));
                        put_unit(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
                } else
                        put_unit(out, code);
        }
}

/* The first character of a text that is_plain() refused; returns its length, 0 if it is none. */
static unsigned put_special(struct buf *out, struct text text)
{
        uint32_t code;
        unsigned len = utf8_decode(text, &code);

        if (len == 0)
                buf_add(out, TEXT("\xef\xbf\xbd"));
        else if (code < 0x80 || utf8_width(code) < 0)
                put_escaped(out, code);
        else
                buf_add(out, (struct text){ text.data, len });

        return len;
}

bool writer_text(struct writer *writer, struct text text)
{
        bool valid = true;

        next(writer);
        buf_byte(writer->out, '"');

        while (text.len > 0) {
                size_t plain = 0;
                unsigned len;

                while (plain < text.len && is_plain(text.data[plain]))
                        plain++;
                buf_add(writer->out, (struct text){ text.data, plain });
                text = text_from(text, plain);
                if (text.len == 0)
                        break;

                len = put_special(writer->out, text);
                valid = valid && len > 0;
                text = text_from(text, len > 0 ? len : 1);
        }

        buf_byte(writer->out, '"');
        return valid;
}

void writer_text_member(struct writer *writer, const char *key, struct text text)
{
        writer_key(writer, key);
        if (writer_text(writer, text))
                return;

        next(writer);
        buf_byte(writer->out, '"');
        buf_string(writer->out, key);
        buf_add(writer->out, TEXT("_b64\":\""));
        base64_encode(writer->out, text);
        buf_byte(writer->out, '"');
}

void writer_digits(struct writer *writer, const char *prefix, uint64_t number, unsigned base, unsigned width)
{
        next(writer);
        buf_byte(writer->out, '"');
        buf_string(writer->out, prefix);
        digits_put(writer->out, number, base, width);
        buf_byte(writer->out, '"');
}

/* Exactly `n` digits, as every part of a moment has them; returns where they end. */
static char *put_digits(char *place, unsigned number, unsigned n, char tail)
{
        for (unsigned i = n; i > 0; i--) {
                place[i - 1] = (char)('0' + number % 10);
                number /= 10;
        }
        place[n] = tail;
        return place + n + 1;
}

/*
 * "2026-11-21T" of the day so many after 1970-01-01, in the calendar of gmtime(3), which also
 * looks for the time zone. A year begins in March here, so that the leap day is its last, and
 * four hundred of them are all alike.
 */
static char *put_day(char *place, unsigned since_1970)
{
        unsigned days = since_1970 + 719468, era = days / 146097, day = days % 146097;
        unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
        unsigned in_year = day - (365 * year + year / 4 - year / 100);
        unsigned from_march = (5 * in_year + 2) / 153;
        unsigned month = from_march < 10 ? from_march + 3 : from_march - 9;

        place = put_digits(place, year + era * 400 + (month <= 2), 4, '-');
        place = put_digits(place, month, 2, '-');
        return put_digits(place, in_year - (153 * from_march + 2) / 5 + 1, 2, 'T');
}

void writer_time(struct writer *writer, uint64_t ns)
{
        char text[sizeof("\"2026-11-21T19:04:12.123456Z\"")], *end = text;
        unsigned fraction = (unsigned)(ns % NSEC_PER_SEC / NSEC_PER_USEC);
        unsigned second = (unsigned)(ns / NSEC_PER_SEC % SECONDS_PER_DAY);

        if (ns == 0) {
                writer_null(writer);
                return;
        }

        next(writer);
        *end++ = '"';
        end = put_day(end, (unsigned)(ns / NSEC_PER_SEC / SECONDS_PER_DAY));
        end = put_digits(end, second / 3600, 2, ':');
        end = put_digits(end, second / 60 % 60, 2, ':');
        end = put_digits(end, second % 60, 2, fraction > 0 ? '.' : 'Z');
        if (fraction > 0)
                end = put_digits(end, fraction, 6, 'Z');
        *end++ = '"';
        buf_add(writer->out, (struct text){ text, (size_t)(end - text) });
}
