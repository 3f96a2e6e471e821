/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_SAVED_H
#define COMMAND_SAVED_H

/* A snapshot that was saved by `ipcview --json`: what --from names. */
#include "command/command.h"

struct snapshot;

/*
 * Reads the file ("-": standard input). The caller frees the snapshot.
 * STATUS_USAGE after a message: it can't be read, or is no snapshot.
 */
enum exit_status saved_read(const struct invocation *invocation, const char *path, struct snapshot **ret);

#endif
