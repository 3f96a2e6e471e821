/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_LATER_H
#define COLLECT_LATER_H

/* Ties the processes that kinds knew by their pid alone (builder_later()), once the walk is done. */
#include "model/builder.h"
#include "sys/host.h"

void collect_later(const struct host *host, struct builder *builder);

#endif
