/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a thread can be blocked on: a full pipe, a listener that nobody calls,
 * a lock that is taken.
 */
#include "maker-ends.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int fill(int fd)
{
        static const char bytes[4096];
        int flags = fcntl(fd, F_GETFL);

        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
        while (write(fd, bytes, sizeof(bytes)) > 0)
                ;
        fcntl(fd, F_SETFL, flags);
        return errno == EAGAIN ? 0 : -errno;
}

int make_pipe(struct ends *ends)
{
        int fds[2];

        if (pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        ends->near = fds[0];
        ends->far = fds[1];
        return 0;
}

int make_full_pipe(struct ends *ends)
{
        int fds[2];

        if (pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        ends->near = fds[1];
        ends->far = fds[0];
        return fill(fds[1]);
}

int make_pair(struct ends *ends)
{
        int fds[2];

        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
                return -errno;
        ends->near = fds[0];
        ends->far = fds[1];
        return 0;
}

int make_full_pair(struct ends *ends)
{
        int r = make_pair(ends);

        return r < 0 ? r : fill(ends->near);
}

int make_both(struct ends *ends)
{
        struct ends pair = { 0 };
        int r = make_pipe(ends);

        if (r >= 0)
                r = make_pair(&pair);
        if (r >= 0)
                ends->other = pair.near;
        return r;
}

int make_two_pipes(struct ends *ends)
{
        struct ends second = { 0 };
        int r = make_pipe(ends);

        if (r >= 0)
                r = make_pipe(&second);
        if (r >= 0)
                ends->other = second.far;
        return r;
}

static int listen_somewhere(struct sockaddr_un *address, socklen_t *length)
{
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        /* An address of the family alone: the kernel makes up an abstract name. */
        *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
        *length = sizeof(*address);
        if (fd < 0 || bind(fd, (struct sockaddr *)address, sizeof(sa_family_t)) < 0 || listen(fd, 0) < 0 ||
            getsockname(fd, (struct sockaddr *)address, length) < 0)
                return -errno;
        return fd;
}

int make_listener(struct ends *ends)
{
        struct sockaddr_un address;
        socklen_t length;

        ends->near = listen_somewhere(&address, &length);
        return ends->near < 0 ? ends->near : 0;
}

/* A listener whose backlog is full: the next connect(2) waits. */
int make_busy_listener(struct ends *ends)
{
        int first = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        ends->far = listen_somewhere(&ends->address, &ends->length);
        if (ends->far < 0)
                return ends->far;
        if (first < 0 || connect(first, (struct sockaddr *)&ends->address, ends->length) < 0)
                return -errno;
        ends->near = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        return ends->near < 0 ? -errno : 0;
}

int make_epoll(struct ends *ends)
{
        struct epoll_event event = { .events = EPOLLIN };
        int r = make_pipe(ends);

        if (r < 0)
                return r;
        ends->other = ends->near;
        ends->near = epoll_create1(EPOLL_CLOEXEC);
        return epoll_ctl(ends->near, EPOLL_CTL_ADD, ends->other, &event) < 0 ? -errno : 0;
}

int make_eventfd(struct ends *ends)
{
        ends->near = eventfd(0, EFD_CLOEXEC);
        return ends->near < 0 ? -errno : 0;
}

static int open_file(struct ends *ends)
{
        ends->far = open(ends->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (ends->far < 0)
                return -errno;
        ends->near = open(ends->path, O_RDWR | O_CLOEXEC);
        return ends->near < 0 ? -errno : 0;
}

int make_flock(struct ends *ends)
{
        int r = open_file(ends);

        return r < 0 ? r : flock(ends->far, LOCK_EX) < 0 ? -errno : 0;
}

int make_lock(struct ends *ends)
{
        struct flock lock = { .l_type = F_WRLCK };
        int r = open_file(ends);

        return r < 0 ? r : fcntl(ends->far, F_SETLK, &lock) < 0 ? -errno : 0;
}

int make_fifo(struct ends *ends)
{
        return mkfifo(ends->path, 0600) < 0 ? -errno : 0;
}

int make_word(struct ends *ends)
{
        ends->near = memfd_create("words", MFD_CLOEXEC);
        if (ends->near < 0 || ftruncate(ends->near, 4096) < 0)
                return -errno;
        ends->word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ends->near, 0);
        return ends->word == MAP_FAILED ? -errno : 0;
}

int make_nothing(struct ends *ends)
{
        (void)ends;
        return 0;
}
