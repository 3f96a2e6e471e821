/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/process-tree.h"

#include "base/memory.h"

#include <stdlib.h>

enum { FOREBEARS_MOST = 64 };           /* looked at for one that is shown */

#define NOBODY SIZE_MAX

/* By place in the list. */
struct place {
        size_t parent, first, last, next;
        unsigned depth;
        bool told;
};

/* Processes are read one by one: a parent may be gone, and its pid another's, who is younger then. */
static const struct process *parent_of(const struct snapshot *snapshot, const struct process *process)
{
        const struct value *pid = row_get(process_row(process), FIELD_PARENT_PID);
        const struct process *parent = pid && value_is_set(pid) ? snapshot_process(snapshot, (pid_t)pid->u) : NULL;

        return parent && parent != process && parent->start <= process->start ? parent : NULL;
}

/* at: of each process of the snapshot its place in the list, or NOBODY. */
static size_t find_parent(const struct snapshot *snapshot, const struct process *process, const size_t *at)
{
        const struct process *forebear = process;

        for (unsigned i = 0; i < FOREBEARS_MOST; i++) {
                forebear = parent_of(snapshot, forebear);
                if (!forebear || forebear == process)
                        break;
                if (at[forebear - snapshot->processes] != NOBODY)
                        return at[forebear - snapshot->processes];
        }
        return NOBODY;
}

static void tie(struct place *places, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                size_t parent = places[i].parent;

                if (parent == NOBODY)
                        continue;
                if (places[parent].first == NOBODY)
                        places[parent].first = i;
                else
                        places[places[parent].last].next = i;
                places[parent].last = i;
        }
}

/* The next one in the order of the tree below `root`, or NOBODY. */
static size_t step(const struct place *places, size_t at, size_t root)
{
        if (places[at].first != NOBODY && !places[places[at].first].told)
                return places[at].first;
        for (; at != root; at = places[at].parent)
                if (places[at].next != NOBODY)
                        return places[at].next;
        return NOBODY;
}

static size_t tell(struct place *places, size_t root, size_t *order, size_t n)
{
        for (size_t at = root; at != NOBODY && !places[at].told; at = step(places, at, root)) {
                places[at].told = true;
                places[at].depth = at == root ? 0 : places[places[at].parent].depth + 1;
                order[n++] = at;
        }
        return n;
}

void process_tree(const struct snapshot *snapshot, const struct process **processes, size_t n, unsigned *depths)
{
        size_t *at = memory_new((snapshot->nprocesses + 1) * sizeof(*at));
        size_t *order = memory_new((n + 1) * sizeof(*order));
        const struct process **before = memory_new((n + 1) * sizeof(*before));
        struct place *places = memory_new((n + 1) * sizeof(*places));
        size_t told = 0;

        for (size_t i = 0; i < snapshot->nprocesses; i++)
                at[i] = NOBODY;
        for (size_t i = 0; i < n; i++) {
                at[processes[i] - snapshot->processes] = i;
                before[i] = processes[i];
        }
        for (size_t i = 0; i < n; i++)
                places[i] = (struct place){ find_parent(snapshot, before[i], at), NOBODY, NOBODY, NOBODY, 0, false };
        tie(places, n);
        for (size_t i = 0; i < n; i++)
                if (places[i].parent == NOBODY)
                        told = tell(places, i, order, told);
        /* A circle has no root; there is none but by chance. */
        for (size_t i = 0; i < n; i++)
                if (!places[i].told) {
                        places[i].parent = NOBODY;
                        told = tell(places, i, order, told);
                }
        for (size_t i = 0; i < n; i++) {
                processes[i] = before[order[i]];
                depths[i] = places[order[i]].depth;
        }
        free(places);
        free(before);
        free(order);
        free(at);
}
