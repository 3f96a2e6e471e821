/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/pipes.h"

#include "sys/getfd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * pipe_poll() of fs/pipe.c. A reader of a FIFO that no writer has come to
 * since is not told of a hang-up: there, only its presence says something.
 */
static void look_at_ends(int fd, int flags, bool named, struct pipe_facts *facts)
{
        struct pollfd ends = { .fd = fd };

        if (poll(&ends, 1, 0) < 0)
                return;
        if ((flags & O_ACCMODE) != O_RDONLY) {
                facts->tells_readers = true;
                facts->has_readers = !(ends.revents & POLLERR);
        }
        if ((flags & O_ACCMODE) != O_WRONLY) {
                facts->tells_writers = !named || ends.revents & POLLHUP;
                facts->has_writers = !(ends.revents & POLLHUP);
        }
}

static int look(int fd, bool named, struct pipe_facts *ret)
{
        int flags = fcntl(fd, F_GETFL), capacity = fcntl(fd, F_GETPIPE_SZ), queued;
        struct pipe_facts facts = { 0 };

        if (flags < 0 || capacity < 0 || ioctl(fd, FIONREAD, &queued) < 0)
                return -errno;
        facts.capacity = (unsigned)capacity;
        facts.queued = (unsigned)queued;
        look_at_ends(fd, flags, named, &facts);
        *ret = facts;
        return 0;
}

int pipes_look(pid_t pid, pid_t tid, int fd, uint64_t dev, uint64_t inode, struct pipe_facts *ret)
{
        struct stat st;
        int copy = getfd_copy(pid, tid, fd, dev, inode, &st), r;

        if (copy < 0)
                return copy;
        r = S_ISFIFO(st.st_mode) ? look(copy, dev != 0, ret) : -ESTALE;
        close(copy);
        return r;
}
