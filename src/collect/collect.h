/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

/*
 * The drive: asks the kinds for their objects, walks the processes once, ties
 * both, looks up whether the processes of history still live, names users, and
 * seals. Nothing on the machine is created, removed or changed, but for the
 * access time of message queue files.
 */
#include "model/builder.h"
#include "sys/host.h"
#include "sys/sleepers.h"

/*
 * What is seen of this host, now. Never fails: what could not be seen is in
 * the gaps. The caller frees it. kinds and host are borrowed, kinds for the
 * life of the snapshot. sleepers: for whoever looks again and again, always at the
 * same, what is kept from one look to the next; NULL: everything is read. memory: for them,
 * too, see builder_new_again(); or NULL.
 */
struct snapshot *collect(const struct host *host, const struct kind_set *kinds, const struct want *want,
                         struct sleepers *sleepers, struct builder_memory *memory);

#endif
