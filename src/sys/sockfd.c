/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sockfd.h"

#include "sys/getfd.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { NAME_MOST = 256 };

int sockfd_protocol(const struct host *host, int dir, const char *name, struct buf *out)
{
        char path[128], value[NAME_MOST];
        int len = snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
        ssize_t n;

        if (!host_live(host))
                return -EOPNOTSUPP;
        if (len < 0 || (size_t)len >= sizeof(path))
                return -ENAMETOOLONG;
        n = getxattr(path, "system.sockprotoname", value, sizeof(value));
        if (n < 0)
                return -errno;
        buf_add(out, (struct text){ value, strnlen(value, (size_t)n) });
        return 0;
}

static int option(int fd, int name)
{
        socklen_t len = sizeof(int);
        int value = -1;

        return getsockopt(fd, SOL_SOCKET, name, &value, &len) < 0 ? -1 : value;
}

static uint64_t namespace_of(int fd)
{
        int ns = ioctl(fd, SIOCGSKNS);
        struct stat st;
        uint64_t inode = 0;

        if (ns < 0)
                return 0;
        if (fstat(ns, &st) == 0)
                inode = st.st_ino;
        close(ns);
        return inode;
}

int sockfd_ask(const struct host *host, pid_t pid, pid_t tid, int fd, uint64_t inode, struct sockfd_facts *ret)
{
        struct stat st;
        int copy;

        if (!host_live(host))
                return -EOPNOTSUPP;
        copy = getfd_copy(pid, tid, fd, 0, inode, &st);
        if (copy < 0)
                return copy;
        *ret = (struct sockfd_facts){ option(copy, SO_DOMAIN), option(copy, SO_TYPE), option(copy, SO_PROTOCOL),
                                      namespace_of(copy) };
        close(copy);
        return 0;
}
