/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_PEEK_H
#define SYS_PEEK_H

/* The first bytes of a small file, without leaving a trace where that is possible. */
#include "base/buf.h"

#include <sys/types.h>

/*
 * Reads up to `size` bytes of a name in an open directory: a regular file only,
 * links are not followed, the access time is kept where we own the file or have
 * CAP_FOWNER. The number of bytes read, or -errno.
 */
ssize_t peek_file(int dir, const char *name, void *ret, size_t size);

/* The same of a magic link of /proc (fd/7, map_files/...), which has to be followed. */
ssize_t peek_link(int dir, const char *name, void *ret, size_t size);

/* Where a symbolic link points, whole; appended. 0 or -errno. */
int peek_target(int dir, const char *name, struct buf *out);

#endif
