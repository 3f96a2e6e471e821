/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_RIGHTS_H
#define SYS_RIGHTS_H

/* What the running process may do (capabilities(7)), for ipcview info. */
#include "base/buf.h"
#include "sys/host.h"

#include <stdbool.h>

/* A capability that decides what can be seen. */
struct right {
        const char *name;               /* "CAP_SYS_PTRACE" */
        const char *allows;             /* N_("...") */
        bool held;
};

enum { RIGHTS = 5 };

/* Effective capabilities, from /proc/self/status. 0 or -errno. */
int rights_read(const struct host *host, struct right ret[RIGHTS]);

/* Keeps 0, 1 and 2 from being given to files that are opened later, if they are closed. */
void rights_guard_streams(void);

/* Kernel release and machine, as uname(2) tells; appended. */
void rights_kernel(struct buf *out);

#endif
