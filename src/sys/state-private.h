/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_STATE_PRIVATE_H
#define SYS_STATE_PRIVATE_H

/* Inside the state directory: what its files share. */
#include "sys/state.h"

#include <stdbool.h>

struct stat;

/* Opens the state directory; make: with its parents, where they are not there. A descriptor, or -errno. */
int state_open(bool make);

/*
 * Opens a regular file in it. flags: O_RDONLY, or O_RDWR to append, then it is made where it is not there. A
 * descriptor, or -errno: see journal_open().
 */
int state_open_file(const char *name, int flags, struct stat *ret_st);

/* Does it belong to the user (or to root, if root_too), and can nobody else write it? */
bool state_is_ours(const struct stat *st, bool root_too);

#endif
