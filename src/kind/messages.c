/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/messages.h"

#include "base/number.h"

#include <errno.h>
#include <unistd.h>

enum { CHUNK = 64 << 10 };

void message_head(int64_t type, size_t len, struct buf *out)
{
        buf_int(out, type);
        buf_byte(out, ' ');
        buf_uint(out, len);
        buf_byte(out, '\n');
}

static bool parse_number(struct text text, uint64_t max, uint64_t *ret)
{
        return (text.len == 1 || (text.len > 1 && text.data[0] != '0')) && number_parse(text, max, ret) == 0;
}

/* "TYPE LENGTH" */
static bool parse_head(struct text line, int64_t *ret_type, uint64_t *ret_len)
{
        const char *blank = memchr(line.data, ' ', line.len);
        struct text first;
        uint64_t type;

        if (!blank)
                return false;
        first = (struct text){ line.data, (size_t)(blank - line.data) };
        if (!parse_number(first, INT64_MAX, &type) || type == 0 ||
            !parse_number(text_from(line, first.len + 1), MESSAGE_MOST, ret_len))
                return false;
        *ret_type = (int64_t)type;
        return true;
}

int message_first(struct text bytes, uint64_t more, struct message *ret, size_t *ret_used)
{
        size_t seen = bytes.len < MESSAGE_HEAD_MOST ? bytes.len : MESSAGE_HEAD_MOST, head;
        const char *end = seen ? memchr(bytes.data, '\n', seen) : NULL;
        uint64_t len, all;
        int64_t type;

        if (!end) {
                if (seen == MESSAGE_HEAD_MOST || more == 0)
                        return -EBADMSG;
                all = more < MESSAGE_HEAD_MOST - seen ? more : MESSAGE_HEAD_MOST - seen;
                *ret_used = seen + (size_t)all;
                return -ENODATA;
        }
        head = (size_t)(end - bytes.data);
        if (!parse_head((struct text){ bytes.data, head }, &type, &len))
                return -EBADMSG;
        head++;
        /* Before anybody makes room for it: is there so much? (len is small, so nothing overflows.) */
        all = head + len + 1;
        if (all > bytes.len && all - bytes.len > more)
                return -EBADMSG;
        if (all > bytes.len) {
                *ret_used = (size_t)all;
                return -ENODATA;
        }
        if (bytes.data[all - 1] != '\n')
                return -EBADMSG;
        *ret = (struct message){ type, { bytes.data + head, (size_t)len } };
        *ret_used = (size_t)all;
        return 0;
}

/* Reads on until the window has so many bytes that are not done with; these exist. 0 or -errno. */
static int read_on(struct message_stream *stream, size_t wanted)
{
        struct buf *window = &stream->window;
        size_t left = window->len - stream->used;

        if (stream->used > 0) {
                memmove(window->data, window->data + stream->used, left);
                window->len = left;
                stream->used = 0;
        }
        while (window->len < wanted) {
                size_t room = wanted - window->len < CHUNK ? CHUNK : wanted - window->len;
                char *place = buf_reserve(window, room);
                ssize_t n;

                if (room > stream->size - stream->read)
                        room = (size_t)(stream->size - stream->read);
                n = pread(stream->fd, place, room, (off_t)stream->read);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : -EBADMSG;
                stream->read += (uint64_t)n;
                window->len += (size_t)n;
        }
        return 0;
}

int message_next(struct message_stream *stream, struct message *ret)
{
        for (;;) {
                struct text rest = text_from(buf_text(&stream->window), stream->used);
                uint64_t more = stream->size - stream->read;
                size_t used = 0;
                int r;

                if (rest.len == 0 && more == 0)
                        return 0;
                r = message_first(rest, more, ret, &used);
                if (r == 0) {
                        stream->used += used;
                        return 1;
                }
                if (r == -ENODATA)
                        r = read_on(stream, used);
                if (r < 0)
                        return r;
        }
}

void message_stream_done(struct message_stream *stream)
{
        buf_done(&stream->window);
}
