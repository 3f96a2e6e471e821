/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_HOLDERS_H
#define COLLECT_HOLDERS_H

/*
 * Who has what: the walk over all processes, each descriptor and mapping
 * matched with the objects by device and inode, else offered to the kinds.
 */
#include "model/builder.h"
#include "sys/host.h"
#include "sys/sleepers.h"

/* sleepers: see collect(). */
void collect_holders(const struct host *host, const struct kind_set *kinds, struct sleepers *sleepers,
                     struct builder *builder);

#endif
