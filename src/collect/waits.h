/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_WAITS_H
#define COLLECT_WAITS_H

/*
 * Who is blocked on what: each thread's call, tied to the objects that it
 * names by descriptor, by address, or by an id that kinds understand.
 */
#include "collect/fd-table.h"
#include "model/builder.h"
#include "sys/waits.h"
#include "sys/walk.h"

struct wait_scene {
        const struct host *host;
        const struct kind_set *kinds;
        struct builder *builder;
        struct waits *waits;
        const struct fd_table *table;   /* of the process */
        struct walk *walk;              /* stands at the process */
        pid_t pid;
};

/*
 * Looks at the threads of one process, whose descriptors and mappings are known. False: none of them waits for
 * anything that could be told, and nothing hides it.
 */
bool collect_waits(const struct wait_scene *scene);

#endif
