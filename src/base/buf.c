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

static void grown(struct buf *buf, size_t len)
{
        buf->len += len;
        buf->data[buf->len] = 0;
}

void buf_add(struct buf *buf, struct text text)
{
        char *place = buf_reserve(buf, text.len);

        if (text.len > 0)
                memcpy(place, text.data, text.len);
        grown(buf, text.len);
}

void buf_byte(struct buf *buf, char byte)
{
        *buf_reserve(buf, 1) = byte;
        grown(buf, 1);
}

void buf_string(struct buf *buf, const char *string)
{
        buf_add(buf, text_of(string));
}

void buf_uint(struct buf *buf, uint64_t number)
{
        char digits[20];                /* UINT64_MAX has 20 */
        size_t at = sizeof(digits);

        do {
                digits[--at] = (char)('0' + number % 10);
                number /= 10;
        } while (number > 0);
        buf_add(buf, (struct text){ digits + at, sizeof(digits) - at });
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
        grown(buf, len > 0 ? (size_t)len : 0);
}
