/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_DIRECTORY_H
#define SYS_DIRECTORY_H

/*
 * Reading a directory with getdents64(2): no allocation per entry, which is
 * what makes a walk over a hundred thousand descriptors cheap.
 */
#include "base/buf.h"

#include <stdint.h>

struct host;
struct file_facts;

struct directory {
        int fd;                         /* borrowed: the caller opened it and closes it */
        char *buffer;
        size_t at, filled, size;
        int err;

        /* directory_init_again() */
        struct listings *listings;      /* that shall have it; NULL: none */
        const struct file_facts *facts;
        bool whole;                     /* `listed` is all of it */
        struct buf listed;
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

/*
 * The same of a directory that is looked at again and again: where it has not changed since, its entries are told as
 * they were (host_keep_listings()). facts: of fd, just asked for; borrowed, as is host. directory_done() is for
 * this one only.
 */
void directory_init_again(struct directory *directory, const struct host *host, const struct file_facts *facts,
                          int fd, char *buffer, size_t size);
void directory_done(struct directory *directory);

/* The next entry without "." and ".."; false at the end, or on an error (then err < 0). */
bool directory_next(struct directory *directory, struct directory_entry *ret);

#endif
