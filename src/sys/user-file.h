/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_USER_FILE_H
#define SYS_USER_FILE_H

/* A file that people have something written to. */
#include "base/buf.h"

#include <sys/types.h>

/* A new file (-EEXIST), with these permission bits before the umask. On failure there is none. 0 or -errno. */
int user_file_new(const char *path, struct text contents, mode_t mode);

#endif
