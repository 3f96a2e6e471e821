/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/listings.h"

#include "base/array.h"
#include "base/map.h"
#include "base/memory.h"

#include <linux/magic.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <time.h>

#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC 0x58465342
#endif

#define NS_PER_SECOND INT64_C(1000000000)

enum {
        BYTES_MOST = 16 << 20,          /* of all listings: then all are forgotten */
        SECONDS_LEAST = 3,              /* since the last change; ext3 counts whole seconds */
        SECONDS_MOST = 60,              /* that one is kept */
};

struct listing {
        int64_t changed, until;         /* of the file system's clock; of CLOCK_MONOTONIC */
        struct buf entries;
};

struct listings {
        struct map by_file;             /* dev, inode -> struct listing */
        size_t bytes;
};

struct listings *listings_new(void)
{
        return memory_new(sizeof(struct listings));
}

void listings_forget(struct listings *listings)
{
        size_t at = 0;
        uint64_t dev;
        void *value;

        while (map_next(&listings->by_file, &at, &dev, &value)) {
                struct listing *listing = value;

                buf_done(&listing->entries);
                free(listing);
        }
        map_done(&listings->by_file);
        *listings = (struct listings){ 0 };
}

void listings_free(struct listings *listings)
{
        if (!listings)
                return;
        listings_forget(listings);
        free(listings);
}

static int64_t now(clockid_t clock)
{
        struct timespec time;

        clock_gettime(clock, &time);
        return time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}

bool listings_find(const struct listings *listings, const struct file_facts *facts, struct buf *out)
{
        const struct listing *listing = map_get(&listings->by_file, facts->dev, facts->inode);

        if (!listing || listing->changed != facts->ctime || listing->until < now(CLOCK_MONOTONIC))
                return false;
        buf_add(out, buf_text(&listing->entries));
        return true;
}

bool listings_want(const struct file_facts *facts, int fd)
{
        static const long known[] = { TMPFS_MAGIC, EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC };
        struct statfs fs;

        if (facts->ctime > now(CLOCK_REALTIME) - SECONDS_LEAST * NS_PER_SECOND || fstatfs(fd, &fs) < 0)
                return false;
        for (unsigned i = 0; i < COUNT(known); i++)
                if (fs.f_type == known[i])
                        return true;
        return false;
}

void listings_keep(struct listings *listings, const struct file_facts *facts, struct buf *entries)
{
        struct listing *listing;
        void **place;

        if (entries->len > BYTES_MOST)
                return;
        if (listings->bytes + entries->len + sizeof(*listing) > BYTES_MOST)
                listings_forget(listings);
        place = map_place(&listings->by_file, facts->dev, facts->inode);
        if (!*place)
                *place = memory_new(sizeof(*listing));
        listing = *place;
        listings->bytes -= listing->entries.len;
        buf_done(&listing->entries);
        *listing = (struct listing){ facts->ctime, now(CLOCK_MONOTONIC) + SECONDS_MOST * NS_PER_SECOND, *entries };
        listings->bytes += entries->len;
        *entries = (struct buf){ 0 };
}
