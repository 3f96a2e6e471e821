/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/progress.h"

#include "base/escape.h"
#include "command/message.h"

#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC INT64_C(1000000000)

enum { WHAT_MOST = 50 };                /* columns, so that the line is one on every terminal */

static int64_t now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        return time.tv_sec * NSEC_PER_SEC + time.tv_nsec;
}

/* What can't be shown is not missed. */
static void show(struct text text)
{
        if (write(STDERR_FILENO, text.data, text.len) < 0)
                return;
}

void progress_begin(struct progress *progress, struct text what)
{
        *progress = (struct progress){ .terminal = isatty(STDERR_FILENO), .begun = now(), .what = what };
}

void progress_tell(void *data, uint64_t done, uint64_t all)
{
        struct progress *progress = data;
        struct buf line = { 0 }, what = { 0 };
        int64_t time;

        if (!progress->terminal)
                return;
        time = now();
        if (time - progress->begun < NSEC_PER_SEC || time - progress->last < NSEC_PER_SEC / 5)
                return;
        progress->last = time;
        progress->shown = true;
        escape_display(&what, progress->what, false);
        if (what.len > WHAT_MOST)
                what.len = WHAT_MOST;
        buf_printf(&line, "\r%.*s: ", (int)what.len, what.data ? what.data : "");
        if (all)
                buf_printf(&line, "%u%% ", (unsigned)(100.0 * (double)done / (double)all));
        buf_printf(&line, "%.1f MiB\033[K", (double)done / (1 << 20));
        show(buf_text(&line));
        buf_done(&line);
        buf_done(&what);
}

void progress_end(struct progress *progress)
{
        if (progress->shown)
                show(TEXT("\r\033[K"));
        progress->shown = false;
}
