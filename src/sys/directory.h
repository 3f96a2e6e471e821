/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_DIRECTORY_H
#define SYS_DIRECTORY_H

/*
 * Reading a directory with getdents64(2): no allocation per entry, which is
 * what makes a walk over a hundred thousand descriptors cheap.
 */
#include "base/text.h"

#include <stdint.h>

struct directory {
        int fd;                         /* borrowed: the caller opened it and closes it */
        char *buffer;
        size_t at, filled, size;
        int err;
};

struct directory_entry {
        const char *name;               /* NUL-terminated, valid until the next call */
        unsigned char type;             /* DT_x; DT_UNKNOWN is possible */
        uint64_t inode;                 /* as the directory has it: a mount point's own, not what is mounted there */
};

/* Opens the directory `name` in an open one, to be read; links are not followed. A descriptor, or -errno. */
int directory_open(int dir, const char *name);

/* buffer of `size` bytes (4096 at least) is the caller's for the whole reading. */
void directory_init(struct directory *directory, int fd, char *buffer, size_t size);

/* The next entry without "." and ".."; false at the end, or on an error (then err < 0). */
bool directory_next(struct directory *directory, struct directory_entry *ret);

#endif
