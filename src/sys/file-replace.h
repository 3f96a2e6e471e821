/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_FILE_REPLACE_H
#define SYS_FILE_REPLACE_H

/*
 * Files that others read while they are replaced: whoever opens one gets all
 * of the old or all of the new contents, also after a crash.
 */
#include "base/text.h"

#include <sys/types.h>

/*
 * Writes a temporary file in the same directory and renames it to `path`, when
 * it is safely on the disk. What is there already must be a regular file: a
 * symbolic link is neither followed nor replaced (-ELOOP), nor is anything else
 * (-EISDIR, -EINVAL). 0 or -errno; on failure the old file stays as it was.
 */
int file_replace(const char *path, struct text contents, mode_t mode);

/* The same for a name without slashes, in a directory that is open. */
int file_replace_at(int dir, const char *name, struct text contents, mode_t mode);

#endif
