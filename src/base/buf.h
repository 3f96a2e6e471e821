/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_BUF_H
#define BASE_BUF_H

/*
 * A growing run of bytes. `data` is NULL or always followed by a NUL that
 * `len` does not count, so it may be given to C functions when it holds no
 * NUL of its own. { 0 } is a valid empty buffer.
 */
#include "base/text.h"

#include <stdint.h>

struct buf {
        char *data;
        size_t len, size;
};

/* Frees the bytes and leaves a valid empty buffer. */
void buf_done(struct buf *buf);

/* What buf_reserve() does when there is not room enough yet. */
void buf_grow(struct buf *buf, size_t more);

/* Forgets the bytes, keeps the memory. */
static inline void buf_clear(struct buf *buf)
{
        buf->len = 0;
        if (buf->data)
                buf->data[0] = 0;
}

/* Makes room for `more` further bytes and the NUL; returns where they go. */
static inline char *buf_reserve(struct buf *buf, size_t more)
{
        if (more >= buf->size - buf->len)
                buf_grow(buf, more);
        return buf->data + buf->len;
}

/* Takes so many bytes, which were written where buf_reserve() said, as part of the buffer. */
static inline void buf_take(struct buf *buf, size_t len)
{
        buf->len += len;
        buf->data[buf->len] = 0;
}

static inline void buf_add(struct buf *buf, struct text text)
{
        char *place = buf_reserve(buf, text.len);

        if (text.len > 0)
                memcpy(place, text.data, text.len);
        buf_take(buf, text.len);
}

static inline void buf_byte(struct buf *buf, char byte)
{
        *buf_reserve(buf, 1) = byte;
        buf_take(buf, 1);
}

void buf_string(struct buf *buf, const char *string);

/* Decimal, without the cost of printf(3). */
void buf_uint(struct buf *buf, uint64_t number);
void buf_int(struct buf *buf, int64_t number);

void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bytes as text, borrowed until the buffer next changes. */
static inline struct text buf_text(const struct buf *buf)
{
        return (struct text){ buf->data ? buf->data : "", buf->len };
}

#endif
