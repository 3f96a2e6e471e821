/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SIGNALS_H
#define SYS_SIGNALS_H

/* Signals to processes that people saw a while ago: a pid alone may be another's by now. */
#include "sys/host.h"

#include <sys/types.h>

/*
 * Sends a signal to the process of that pid that started then (process_start_time(), of this same
 * host), and to no other: a descriptor of the process is held while its start is read, and the
 * signal goes through it. 0 or -errno: -ESRCH: it has ended, -ESTALE: the pid is another
 * process's now, -EPERM, -ENOSYS: the kernel is older than 5.3; -EINVAL: recorded machines,
 * pids below 2, the caller itself, kernel threads, a start that is not known.
 */
int signals_send(const struct host *host, pid_t pid, uint64_t start, int signal);

#endif
