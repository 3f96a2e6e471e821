/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/memfd.h"

#include "sys/getfd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int memfd_seals(pid_t pid, pid_t tid, int fd, uint64_t dev, uint64_t inode, unsigned *ret)
{
        struct stat st;
        int copy = getfd_copy(pid, tid, fd, dev, inode, &st), seals, r;

        if (copy < 0)
                return copy;
        seals = fcntl(copy, F_GET_SEALS);
        r = seals < 0 ? -errno : 0;
        close(copy);
        if (r == 0)
                *ret = (unsigned)seals;
        return r;
}
