/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/directory.h"

#include "sys/file.h"
#include "sys/host-private.h"
#include "sys/listings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int directory_open(int dir, const char *name)
{
        return file_open_directory(dir, name, O_RDONLY);
}

void directory_init(struct directory *directory, int fd, char *buffer, size_t size)
{
        *directory = (struct directory){ .fd = fd, .buffer = buffer, .size = size };
}

void directory_init_again(struct directory *directory, const struct host *host, const struct file_facts *facts,
                          int fd, char *buffer, size_t size)
{
        struct listings *listings = host_listings(host);

        directory_init(directory, fd, buffer, size);
        if (!listings)
                return;
        directory->whole = listings_find(listings, facts, &directory->listed);
        if (directory->whole) {
                directory->buffer = directory->listed.data;
                directory->filled = directory->listed.len;
        } else if (listings_want(facts, fd)) {
                directory->listings = listings;
                directory->facts = facts;
        }
}

void directory_done(struct directory *directory)
{
        buf_done(&directory->listed);
}

/* An end that was reached without an error: it is all there. */
static void directory_keep(struct directory *directory, ssize_t n)
{
        if (n > 0) {
                buf_add(&directory->listed, (struct text){ directory->buffer, (size_t)n });
        } else if (n == 0) {
                listings_keep(directory->listings, directory->facts, &directory->listed);
                directory->listings = NULL;
        }
}

static bool directory_fill(struct directory *directory)
{
        ssize_t n;

        if (directory->whole)
                return false;
        do
                n = getdents64(directory->fd, directory->buffer, directory->size);
        while (n < 0 && errno == EINTR);
        directory->at = 0;
        directory->filled = n > 0 ? (size_t)n : 0;
        if (n < 0)
                directory->err = -errno;
        if (directory->listings)
                directory_keep(directory, n);
        return n > 0;
}

static bool is_self_or_parent(const char *name)
{
        return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

bool directory_next(struct directory *directory, struct directory_entry *ret)
{
        while (directory->err == 0) {
                const char *record;
                unsigned short length;

                if (directory->at >= directory->filled && !directory_fill(directory))
                        return false;
                record = directory->buffer + directory->at;
                /* The caller's buffer may lie at any address. */
                memcpy(&length, record + offsetof(struct dirent64, d_reclen), sizeof(length));
                directory->at += length;
                if (is_self_or_parent(record + offsetof(struct dirent64, d_name)))
                        continue;
                ret->name = record + offsetof(struct dirent64, d_name);
                ret->type = (unsigned char)record[offsetof(struct dirent64, d_type)];
                memcpy(&ret->inode, record + offsetof(struct dirent64, d_ino), sizeof(ret->inode));
                return true;
        }
        return false;
}
