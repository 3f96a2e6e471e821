/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_BROWSE_FILES_H
#define COMMAND_BROWSE_FILES_H

#include "command/browse-options.h"
#include "model/snapshot.h"

/*
 * Reads the files of -f into snapshots, all of them, so that what is wrong with one is told before the
 * screen is taken. ret: an array of options->nfiles, to be freed. STATUS_DONE, or a status after a message.
 */
enum exit_status browse_files_read(const struct invocation *invocation, const struct browse_options *options,
                                   struct snapshot ***ret);

#endif
