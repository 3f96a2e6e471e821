/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/peek.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static ssize_t peek(int dir, const char *name, int flags, void *ret, size_t size)
{
        struct stat facts;
        ssize_t n;
        int fd;

        flags |= O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
        fd = openat(dir, name, flags | O_NOATIME);
        if (fd < 0 && errno == EPERM)
                fd = openat(dir, name, flags);
        if (fd < 0)
                return -errno;
        if (fstat(fd, &facts) < 0)
                n = -errno;
        else if (!S_ISREG(facts.st_mode))
                n = -EINVAL;
        else
                do {
                        n = pread(fd, ret, size, 0);
                } while (n < 0 && errno == EINTR);
        if (n < 0 && n != -EINVAL)
                n = -errno;
        close(fd);
        return n;
}

ssize_t peek_file(int dir, const char *name, void *ret, size_t size)
{
        return peek(dir, name, O_NOFOLLOW, ret, size);
}

ssize_t peek_link(int dir, const char *name, void *ret, size_t size)
{
        return peek(dir, name, 0, ret, size);
}

int peek_target(int dir, const char *name, struct buf *out)
{
        char *target = buf_reserve(out, PATH_MAX);
        ssize_t n = readlinkat(dir, name, target, PATH_MAX);

        if (n < 0)
                return -errno;
        out->len += (size_t)n;
        out->data[out->len] = 0;
        return 0;
}
