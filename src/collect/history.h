/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_HISTORY_H
#define COLLECT_HISTORY_H

/*
 * History: the pids that System V objects remember. Each is looked up once:
 * dead, alive, or by now another process, which is seen by its start being
 * later than the moment at which the pid was noted. Those that live become
 * holds (WAY_CREATOR, WAY_LAST), when holders were asked for.
 */
#include "model/builder.h"
#include "sys/host.h"

void collect_history(const struct host *host, struct builder *builder);

#endif
