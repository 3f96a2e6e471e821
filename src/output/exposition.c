/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/exposition.h"

#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

enum { MILLION = 1000000 };

void exposition_family(struct exposition *exposition, const char *name, enum metric_type type, const char *help)
{
        map_done(&exposition->seen);
        exposition->name = name;
        exposition->help = help;
        exposition->type = type;
        exposition->headed = false;
}

static void put_help(struct buf *out, const char *help)
{
        for (; *help; help++)
                if (*help == '\\')
                        buf_string(out, "\\\\");
                else if (*help == '\n')
                        buf_string(out, "\\n");
                else
                        buf_byte(out, *help);
}

static void put_head(struct exposition *exposition)
{
        struct buf *out = &exposition->sink->buf;

        buf_printf(out, "# HELP %s ", exposition->name);
        put_help(out, exposition->help);
        buf_printf(out, "\n# TYPE %s %s\n", exposition->name,
                   exposition->type == METRIC_COUNTER ? "counter" : "gauge");
        exposition->headed = true;
}

void exposition_series(struct exposition *exposition)
{
        if (!exposition->headed)
                put_head(exposition);
        exposition->start = exposition->sink->buf.len;
        exposition->nlabels = 0;
        buf_string(&exposition->sink->buf, exposition->name);
}

/* One character of a label's value; returns how many bytes it had. */
static unsigned put_character(struct buf *out, struct text rest)
{
        uint32_t code;
        unsigned len = utf8_decode(rest, &code);

        if (code == '\n')
                buf_string(out, "\\n");
        else if (code == '"' || code == '\\')
                buf_printf(out, "\\%c", (char)code);
        else if (len == 0 || utf8_width(code) < 0)
                buf_string(out, REPLACEMENT);
        else
                buf_add(out, (struct text){ rest.data, len });
        return len ? len : 1;
}

static void begin_label(struct exposition *exposition, const char *name)
{
        struct buf *out = &exposition->sink->buf;

        buf_byte(out, exposition->nlabels++ ? ',' : '{');
        buf_string(out, name);
        buf_string(out, "=\"");
}

void exposition_label(struct exposition *exposition, const char *name, struct text value)
{
        struct buf *out = &exposition->sink->buf;

        begin_label(exposition, name);
        while (value.len > 0)
                value = text_from(value, put_character(out, value));
        buf_byte(out, '"');
}

void exposition_label_uint(struct exposition *exposition, const char *name, uint64_t value)
{
        begin_label(exposition, name);
        buf_uint(&exposition->sink->buf, value);
        buf_byte(&exposition->sink->buf, '"');
}

/* FNV-1a, from two beginnings. */
static uint64_t sum(struct text text, uint64_t state)
{
        for (size_t i = 0; i < text.len; i++)
                state = (state ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
        return state;
}

/* Between the labels and the value. False: the series was there already, and is taken back. */
static bool end_labels(struct exposition *exposition)
{
        struct buf *out = &exposition->sink->buf;
        struct text series;
        void **place;

        if (exposition->nlabels)
                buf_byte(out, '}');
        series = text_from(buf_text(out), exposition->start);
        place = map_place(&exposition->seen, sum(series, UINT64_C(0xcbf29ce484222325)),
                          sum(series, UINT64_C(0x84222325cbf29ce4)));
        if (*place) {
                out->len = exposition->start;
                out->data[out->len] = 0;
                return false;
        }
        *place = exposition;
        buf_byte(out, ' ');
        return true;
}

static void end_series(struct exposition *exposition)
{
        buf_byte(&exposition->sink->buf, '\n');
        sink_pass(exposition->sink);
}

void exposition_uint(struct exposition *exposition, uint64_t value)
{
        if (!end_labels(exposition))
                return;
        buf_uint(&exposition->sink->buf, value);
        end_series(exposition);
}

void exposition_product(struct exposition *exposition, uint64_t a, uint64_t b)
{
        __uint128_t product = (__uint128_t)a * b;
        char digits[40];
        size_t at = sizeof(digits);

        if (!end_labels(exposition))
                return;
        do {
                digits[--at] = (char)('0' + (int)(product % 10));
                product /= 10;
        } while (product > 0);
        buf_add(&exposition->sink->buf, (struct text){ digits + at, sizeof(digits) - at });
        end_series(exposition);
}

/* A number of millionths, without needless zeros. */
static void put_millionths(struct buf *out, __uint128_t number)
{
        unsigned part = (unsigned)(number % MILLION), unit = MILLION / 10;

        number /= MILLION;
        /* Only a ratio to a very small limit can be so large. */
        buf_uint(out, number > UINT64_MAX ? UINT64_MAX : (uint64_t)number);
        if (part)
                buf_byte(out, '.');
        for (; part; unit /= 10) {
                buf_byte(out, (char)('0' + (int)(part / unit)));
                part %= unit;
        }
}

void exposition_ratio(struct exposition *exposition, uint64_t a, uint64_t b)
{
        if (b == 0 && a > 0) {
                exposition_infinite(exposition);
                return;
        }
        if (!end_labels(exposition))
                return;
        put_millionths(&exposition->sink->buf, b ? (__uint128_t)a * MILLION / b : MILLION);
        end_series(exposition);
}

void exposition_seconds(struct exposition *exposition, int64_t nanoseconds)
{
        if (!end_labels(exposition))
                return;
        put_millionths(&exposition->sink->buf, nanoseconds > 0 ? (uint64_t)nanoseconds / 1000 : 0);
        end_series(exposition);
}

void exposition_infinite(struct exposition *exposition)
{
        if (!end_labels(exposition))
                return;
        buf_string(&exposition->sink->buf, "+Inf");
        end_series(exposition);
}

void exposition_done(struct exposition *exposition)
{
        map_done(&exposition->seen);
}
