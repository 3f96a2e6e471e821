/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/handle.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/number.h"
#include "sys/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HANDLE_MOST = 128 };             /* MAX_HANDLE_SZ of linux/exportfs.h */

struct handles {
        const struct host *host;
        struct arena arena;
        struct mount *mounts;
        size_t nmounts;

        /* The file system asked about last: many watches are on one. */
        bool any;
        uint64_t dev;
        int fd;                         /* open directory on it, or -errno */
};

struct handles *handles_open(const struct host *host)
{
        struct handles *handles = memory_new(sizeof(*handles));
        unsigned bad;

        handles->host = host;
        handles->fd = -1;
        arena_init(&handles->arena);
        if (host_live(host) &&
            mounts_read(host, NULL, &handles->arena, &handles->mounts, &handles->nmounts, &bad) < 0)
                handles->nmounts = 0;
        return handles;
}

void handles_close(struct handles *handles)
{
        if (!handles)
                return;
        if (handles->fd >= 0)
                close(handles->fd);
        arena_done(&handles->arena);
        free(handles);
}

static bool is_local(struct text type)
{
        static const char *const types[] = { "ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "devtmpfs", "f2fs",
                                             "overlay", "jfs", "zfs" };

        for (unsigned i = 0; i < COUNT(types); i++)
                if (text_equal(type, text_of(types[i])))
                        return true;
        return false;
}

/* Opens a mount of the device; what is mounted over another mount may hide it, so all are tried. */
static int open_mount(const struct handles *handles, uint64_t dev)
{
        int err = -EOPNOTSUPP;

        for (size_t i = 0; i < handles->nmounts; i++) {
                const struct mount *mount = &handles->mounts[i];
                struct file_facts facts;
                int fd;

                if (mount->dev != dev || !is_local(mount->type))
                        continue;
                fd = host_openat(handles->host, mount->path.data, O_RDONLY);
                if (fd < 0) {
                        err = fd;
                        continue;
                }
                if (host_stat(handles->host, fd, "", NULL, false, &facts) == 0 && facts.dev == dev)
                        return fd;
                close(fd);
                err = -ENOENT;
        }
        return err;
}

static int parse_handle(uint32_t type, struct text hex, struct file_handle *handle)
{
        if (hex.len % 2 || hex.len / 2 > HANDLE_MOST || type > INT_MAX)
                return -EBADMSG;
        handle->handle_bytes = (unsigned)(hex.len / 2);
        handle->handle_type = (int)type;
        for (size_t i = 0; i < hex.len; i += 2) {
                uint64_t byte;

                if (number_parse_base((struct text){ hex.data + i, 2 }, 16, UINT8_MAX, &byte) < 0)
                        return -EBADMSG;
                handle->f_handle[i / 2] = (unsigned char)byte;
        }
        return 0;
}

/* The name that the kernel has for an open file: right if the same file lies there. */
static int read_name(const struct host *host, int fd, uint64_t inode, struct buf *out)
{
        char link[32], path[PATH_MAX];
        struct file_facts own, there;
        ssize_t n;

        snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
        n = readlink(link, path, sizeof(path) - 1);
        if (n < 0)
                return -errno;
        path[n] = 0;
        if (path[0] != '/' || host_stat(host, fd, "", NULL, false, &own) < 0 || own.inode != inode ||
            host_stat(host, AT_FDCWD, path, NULL, false, &there) < 0 ||
            there.dev != own.dev || there.inode != own.inode)
                return -ENOENT;
        buf_add(out, (struct text){ path, (size_t)n });
        return 0;
}

int handles_path(struct handles *handles, uint64_t dev, uint64_t inode, uint32_t type, struct text hex,
                 struct buf *out)
{
        union {
                struct file_handle handle;
                char room[sizeof(struct file_handle) + HANDLE_MOST];
        } u;
        int fd, r;

        if (!handles->any || handles->dev != dev) {
                if (handles->any && handles->fd >= 0)
                        close(handles->fd);
                handles->fd = open_mount(handles, dev);
                handles->dev = dev;
                handles->any = true;
        }
        if (handles->fd < 0)
                return handles->fd;
        r = parse_handle(type, hex, &u.handle);
        if (r < 0)
                return r;
        fd = open_by_handle_at(handles->fd, &u.handle, O_PATH | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        r = read_name(handles->host, fd, inode, out);
        close(fd);
        return r;
}
