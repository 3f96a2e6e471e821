/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_HANDLE_H
#define SYS_HANDLE_H

/*
 * Paths of files that the kernel names by device and file handle only, as
 * fdinfo does for what inotify and fanotify watch: open_by_handle_at(2). It
 * needs CAP_DAC_READ_SEARCH, and is done on local file systems only: another
 * one could let us wait for its server.
 */
#include "base/buf.h"
#include "sys/host.h"

struct handles;

/* Never NULL; on a recorded machine nothing is found. */
struct handles *handles_open(const struct host *host);
void handles_close(struct handles *handles);    /* NULL is fine */

/*
 * A path of the file, as it is below our root; appends. hex: the digits of the
 * handle. 0; -ENOENT: it has none that we could see; -EOPNOTSUPP: not on such a
 * file system; or -errno (EPERM without the right).
 */
int handles_path(struct handles *handles, uint64_t dev, uint64_t inode, uint32_t type, struct text hex,
                 struct buf *out);

#endif
