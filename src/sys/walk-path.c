/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/walk-private.h"

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <unistd.h>

/* A process of our mount namespace may have another root, but its links don't begin there. */
static int open_root(struct walk *walk)
{
        uint64_t own = host_namespace(walk->host, "mnt"), other;
        int root;

        if (process_read_namespace(walk_tables(walk), "mnt", &other) == 0 && own && other == own)
                return host_openat(walk->host, "/", O_PATH | O_DIRECTORY);
        root = openat(walk_tables(walk), "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
        return root < 0 ? -errno : root;
}

static int stat_live(struct walk *walk, const char *path, struct file_facts *ret)
{
        int root = open_root(walk), fd, r;

        if (root < 0)
                return root;
        fd = path[0] ? file_open_cached(root, path, O_NOFOLLOW, RESOLVE_IN_ROOT) : root;
        r = fd < 0 ? fd : host_stat(walk->host, fd, "", NULL, false, ret);
        if (fd >= 0 && fd != root)
                close(fd);
        close(root);
        return r;
}

int walk_path_stat(struct walk *walk, struct text path, struct file_facts *ret)
{
        struct buf copy = { 0 };
        int r;

        if (path.len == 0 || path.data[0] != '/' || memchr(path.data, 0, path.len))
                return -EINVAL;
        buf_add(&copy, path);
        if (host_live(walk->host))
                r = stat_live(walk, copy.data + 1, ret);
        else
                r = host_stat(walk->host, -1, "", copy.data, false, ret);
        buf_done(&copy);
        return r;
}

int walk_map_link(struct walk *walk, const struct entry *entry, struct buf *out)
{
        struct buf path = { 0 };
        char *link;
        ssize_t n;

        if (!host_live(walk->host))
                return -EOPNOTSUPP;
        walk_entry_path(walk, entry, &path);
        link = buf_reserve(out, LINK_SIZE);
        n = readlinkat(walk_process_dir(walk), path.data, link, LINK_SIZE);
        if (n < 0)
                n = -errno;
        buf_done(&path);
        if (n < 0)
                return (int)n;
        if (n == LINK_SIZE)
                return -ENAMETOOLONG;
        out->len += (size_t)n;
        out->data[out->len] = 0;
        return 0;
}
