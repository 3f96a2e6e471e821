/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_MESSAGES_H
#define KIND_MESSAGES_H

/*
 * The file "messages" of a saved System V queue: one message after the other,
 * the oldest first, each of
 *
 *   TYPE LENGTH\n          both decimal: what msgsnd(2) was given
 *   the LENGTH bytes of its text, whatever they are
 *   \n
 *
 * Reading is strict and believes nothing: numbers without leading zeros, types
 * from 1 to 2^63-1, lengths up to MESSAGE_MOST and never beyond the file.
 */
#include "base/buf.h"

#define MESSAGES_FILE "messages"

enum {
        MESSAGE_MOST = INT32_MAX,       /* kernel.msgmax is an int */
        MESSAGE_HEAD_MOST = 19 + 1 + 10 + 1,
};

struct message {
        int64_t type;
        struct text text;
};

/* Appends what stands before the text; the text and a newline follow. */
void message_head(int64_t type, size_t len, struct buf *out);

/*
 * The first message of `bytes`, which are followed by `more` further ones in
 * the file. 0: *ret is it (borrowed), and took *ret_used bytes. -ENODATA: it ends
 * behind these bytes, come again with at least *ret_used. -EBADMSG: this is none.
 */
int message_first(struct text bytes, uint64_t more, struct message *ret, size_t *ret_used);

/* A file of them, read from its beginning. { .fd, .size }; memory is for one message and a bit. */
struct message_stream {
        int fd;
        uint64_t size;
        uint64_t read;                  /* bytes that were read of it */
        struct buf window;              /* the last of these; the first `used` of them are done with */
        size_t used;
};

/* The next message, valid until the next call. 1, or 0: there is none, or -errno (-EBADMSG). */
int message_next(struct message_stream *stream, struct message *ret);
void message_stream_done(struct message_stream *stream);

#endif
