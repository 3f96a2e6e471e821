/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

/* How far long work has come: on stderr, on a terminal only, after one second. */
#include "base/text.h"

#include <stdint.h>

struct progress {
        bool terminal, shown;
        int64_t begun, last;            /* ns, of the monotonic clock */
        struct text what;               /* borrowed */
};

/* Work on one thing begins. */
void progress_begin(struct progress *progress, struct text what);

/* The progress of deeds and acts; data: struct progress. all 0: not known. */
void progress_tell(void *data, uint64_t done, uint64_t all);

/* It is over: the line is clear again for messages. */
void progress_end(struct progress *progress);

#endif
