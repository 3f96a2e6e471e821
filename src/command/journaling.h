/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_JOURNALING_H
#define COMMAND_JOURNALING_H

/*
 * The journal, for commands that do something. A journal that can't be written
 * is told, once, and keeps nobody from doing it: a full disk is a reason to
 * remove things.
 */
#include "admin/deed.h"
#include "command/command.h"

/* Opens it; NULL after a message. */
struct journal *journaling_begin(const struct invocation *invocation);

/* Syncs and closes it. err: the first journal_err of a deed, or 0. */
void journaling_end(const struct invocation *invocation, struct journal *journal, int err);

#endif
