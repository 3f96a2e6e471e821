/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/sink.h"

/* Large enough that system calls cost nothing, small enough to stay in the cache. */
#define BLOCK (64 * 1024)

static void hand_on(struct sink *sink)
{
        if (!sink->write)
                return;
        if (sink->err == 0 && sink->buf.len > 0)
                sink->err = sink->write(sink->data, buf_text(&sink->buf));

        buf_clear(&sink->buf);
}

void sink_pass(struct sink *sink)
{
        if (sink->buf.len >= BLOCK || sink->err != 0)
                hand_on(sink);
}

void sink_flush(struct sink *sink)
{
        hand_on(sink);
}

void sink_add(struct sink *sink, struct text bytes)
{
        hand_on(sink);
        if (sink->err == 0 && bytes.len > 0)
                sink->err = sink->write(sink->data, bytes);
}

int sink_done(struct sink *sink)
{
        hand_on(sink);
        buf_done(&sink->buf);
        return sink->err;
}
