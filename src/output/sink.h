/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_SINK_H
#define OUTPUT_SINK_H

/*
 * Where output goes: gathered in a buffer, handed on in large blocks. The
 * first failed write (ENOSPC, EPIPE) is kept, and everything after it dropped.
 */
#include "base/buf.h"

struct sink {
        struct buf buf;                 /* append here, then call sink_pass() now and then */
        int (*write)(void *data, struct text bytes);  /* 0 or -errno; NULL: buf keeps it all */
        void *data;
        int err;                        /* 0, or the first -errno */
};

/* Hands the buffer on when it has grown beyond a block. Cheap: call it per object. */
void sink_pass(struct sink *sink);

/* Hands on what is there: somebody waits for it, or the program may end any moment. */
void sink_flush(struct sink *sink);

/* Hands on what was gathered, and these bytes behind it; not without write(). */
void sink_add(struct sink *sink, struct text bytes);

/* Hands on what is left and frees the buffer. 0, or the first -errno. */
int sink_done(struct sink *sink);

#endif
