/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/buf.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_done(struct buf *buf)
{
        free(buf->data);
        *buf = (struct buf){ 0 };
}

void buf_grow(struct buf *buf, size_t more)
{
        size_t size = buf->size > 0 ? buf->size : 64;

        if (more >= PTRDIFF_MAX - buf->len)
                memory_exhausted();
        while (size < buf->len + more + 1)
                size *= 2;
        buf->data = memory_resize(buf->data, size, 1);
        buf->size = size;
        buf->data[buf->len] = 0;
}

void buf_string(struct buf *buf, const char *string)
{
        buf_add(buf, text_of(string));
}

static unsigned count_digits(uint64_t number)
{
        static const uint64_t least[] = {       /* of one digit more */
                0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, UINT64_C(10000000000),
                UINT64_C(100000000000), UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000),
                UINT64_C(1000000000000000), UINT64_C(10000000000000000), UINT64_C(100000000000000000),
                UINT64_C(1000000000000000000), UINT64_C(10000000000000000000),
        };
        unsigned bits = 64 - (unsigned)__builtin_clzll(number | 1);
        unsigned n = bits * 1233 >> 12;         /* a bit is log10(2) digits, about 1233/4096: this many, or one more */

        return n + (number >= least[n]);
}

void buf_uint(struct buf *buf, uint64_t number)
{
        unsigned n = number < 10 ? 1 : count_digits(number);    /* most are 0 */
        char *place = buf_reserve(buf, n);

        for (unsigned i = n; i > 0; i--) {
                place[i - 1] = (char)('0' + number % 10);
                number /= 10;
        }
        buf_take(buf, n);
}

void buf_int(struct buf *buf, int64_t number)
{
        uint64_t size = (uint64_t)number;

        if (number < 0) {
                buf_byte(buf, '-');
                size = -size;
        }
        buf_uint(buf, size);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
        char *place = buf_reserve(buf, 127);
        size_t room = buf->size - buf->len;
        va_list args;
        int len;

        va_start(args, format);
        len = vsnprintf(place, room, format, args);
        va_end(args);
        if (len > 0 && (size_t)len >= room) {
                place = buf_reserve(buf, (size_t)len);
                va_start(args, format);
                len = vsnprintf(place, (size_t)len + 1, format, args);
                va_end(args);
        }
        /* Only a result beyond INT_MAX bytes fails: then nothing is added. */
        buf_take(buf, len > 0 ? (size_t)len : 0);
}
