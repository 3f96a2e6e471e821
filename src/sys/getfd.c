/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/getfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* linux/pidfd.h since Linux 6.9: a thread's own table, not its leader's. */
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

static int copy(pid_t pid, pid_t tid, int fd)
{
        bool thread = tid && tid != pid;
        long pidfd = syscall(SYS_pidfd_open, thread ? tid : pid, thread ? PIDFD_THREAD : 0), r;

        if (pidfd < 0)
                return -errno;
        r = syscall(SYS_pidfd_getfd, (int)pidfd, fd, 0);
        if (r < 0)
                r = -errno;
        close((int)pidfd);
        return (int)r;
}

int getfd_copy(pid_t pid, pid_t tid, int fd, uint64_t dev, uint64_t inode, struct stat *ret)
{
        int own = copy(pid, tid, fd), r = 0;
        struct stat st;

        if (own < 0)
                return own;
        if (fstat(own, &st) < 0)
                r = -errno;
        else if (st.st_ino != inode || (dev && ((uint64_t)major(st.st_dev) << 32 | minor(st.st_dev)) != dev))
                r = -ESTALE;
        if (r < 0) {
                close(own);
                return r;
        }
        *ret = st;
        return own;
}
