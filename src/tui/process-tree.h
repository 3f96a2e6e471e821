/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_PROCESS_TREE_H
#define TUI_PROCESS_TREE_H

#include "model/snapshot.h"

/*
 * Brings processes into the order of a tree: each behind its parent, or behind the nearest forebear that is
 * among them, those of one parent in the order given. depths: how deep each is, in the new order; n of them.
 */
void process_tree(const struct snapshot *snapshot, const struct process **processes, size_t n, unsigned *depths);

#endif
