/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json-writer.h"

#include "base/base64.h"
#include "base/digits.h"
#include "base/escape.h"
#include "base/utf8.h"

#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_USEC UINT64_C(1000)
#define DAY           86400             /* seconds */

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
 * Keys, words and plain text are most of what is written: a single look at the buffer's
 * room for all of comma, quotes and what follows.
 */
static void put_quoted(struct writer *writer, struct text text, struct text tail)
{
        size_t comma = writer->comma;
        char *place = buf_reserve(writer->out, comma + 1 + text.len + tail.len);

        place[0] = ',';
        place[comma] = '"';
        place += comma + 1;
        if (text.len > 0)
                memcpy(place, text.data, text.len);
        memcpy(place + text.len, tail.data, tail.len);
        buf_take(writer->out, comma + 1 + text.len + tail.len);
}

void writer_key(struct writer *writer, const char *key)
{
        put_quoted(writer, text_of(key), TEXT("\":"));
        writer->comma = false;
}

void writer_word(struct writer *writer, const char *word)
{
        put_quoted(writer, text_of(word), TEXT("\""));
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

/* The first character of a text that escape_plain_run() refused; returns its length, 0 if it is none. */
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

/* A text with something in it that can't stand as it is; in the quotes. */
static bool put_parts(struct buf *out, struct text text)
{
        bool valid = true;

        while (text.len > 0) {
                size_t plain = escape_plain_run(text, '"');
                unsigned len;

                buf_add(out, (struct text){ text.data, plain });
                text = text_from(text, plain);
                if (text.len == 0)
                        break;

                len = put_special(out, text);
                valid = valid && len > 0;
                text = text_from(text, len > 0 ? len : 1);
        }
        return valid;
}

bool writer_text(struct writer *writer, struct text text)
{
        bool valid;

        if (escape_plain_run(text, '"') == text.len) {
                put_quoted(writer, text, TEXT("\""));
                writer->comma = true;
                return true;
        }

        next(writer);
        buf_byte(writer->out, '"');
        valid = put_parts(writer->out, text);
        buf_byte(writer->out, '"');
        return valid;
}

void writer_lost_text(struct writer *writer, const char *key, struct text text)
{
        next(writer);
        buf_byte(writer->out, '"');
        buf_string(writer->out, key);
        buf_add(writer->out, TEXT("_b64\":\""));
        base64_encode(writer->out, text);
        buf_byte(writer->out, '"');
}

void writer_text_member(struct writer *writer, const char *key, struct text text)
{
        writer_key(writer, key);
        if (!writer_text(writer, text))
                writer_lost_text(writer, key, text);
}

void writer_digits(struct writer *writer, const char *prefix, uint64_t number, unsigned base, unsigned width)
{
        next(writer);
        buf_byte(writer->out, '"');
        buf_string(writer->out, prefix);
        digits_put(writer->out, number, base, width);
        buf_byte(writer->out, '"');
}

/* Two digits, as most parts of a moment have them, and what stands behind; returns where that ends. */
static char *put_two(char *place, unsigned number, char tail)
{
        place[0] = (char)('0' + number / 10);
        place[1] = (char)('0' + number % 10);
        place[2] = tail;
        return place + 3;
}

struct date {
        unsigned year, month, day;
};

/*
 * Of a day since 1970-01-01. Years that begin in March end with the day that only some have.
 * Not gmtime_r(3): a lock of the time zone, which it does not need, would make one thread wait for another.
 */
static struct date date_of(unsigned day)
{
        enum { EPOCH = 719468 /* days from 0000-03-01 */, DAYS_400 = 146097, DAYS_100 = 36524, DAYS_4 = 1461 };
        unsigned from_zero = day + EPOCH, days = from_zero % DAYS_400;
        unsigned year = (days - days / (DAYS_4 - 1) + days / DAYS_100 - days / (DAYS_400 - 1)) / 365;
        unsigned of_year = days - (365 * year + year / 4 - year / 100);
        unsigned month = (5 * of_year + 2) / 153;       /* from March on, 153 days are five months */
        struct date date;

        date.day = of_year - (153 * month + 2) / 5 + 1;
        date.month = month < 10 ? month + 3 : month - 9;
        date.year = from_zero / DAYS_400 * 400 + year + (date.month < 3);
        return date;
}

static unsigned format_moment(uint64_t ns, char *text)
{
        unsigned fraction = (unsigned)(ns % NSEC_PER_SEC / NSEC_PER_USEC);
        uint64_t seconds = ns / NSEC_PER_SEC;
        unsigned second = (unsigned)(seconds % DAY);
        struct date date = date_of((unsigned)(seconds / DAY));
        char *end = text;

        *end++ = '"';
        end = put_two(end, date.year / 100, 0) - 1;
        end = put_two(end, date.year % 100, '-');
        end = put_two(end, date.month, '-');
        end = put_two(end, date.day, 'T');
        end = put_two(end, second / 3600, ':');
        end = put_two(end, second / 60 % 60, ':');
        end = put_two(end, second % 60, fraction > 0 ? '.' : 'Z');
        if (fraction > 0) {
                end = put_two(end, fraction / 10000, 0) - 1;
                end = put_two(end, fraction / 100 % 100, 0) - 1;
                end = put_two(end, fraction % 100, 'Z');
        }
        *end++ = '"';
        return (unsigned)(end - text);
}

void writer_time(struct writer *writer, uint64_t ns)
{
        if (ns == 0) {
                writer_null(writer);
                return;
        }
        if (writer->moment != ns) {
                writer->moment = ns;
                writer->moment_len = format_moment(ns, writer->moment_text);
        }
        next(writer);
        buf_add(writer->out, (struct text){ writer->moment_text, writer->moment_len });
}
