/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files on the anonymous inode, and ways to share them. */
#include "maker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Every command answers fd= with what it made. */
static int reply_fd(struct reply *reply, int fd, const char *what)
{
        if (fd < 0)
                return reply_failed(reply, what);
        reply_number(reply, "fd", fd);
        return 0;
}

static int run_counter(struct maker *maker, struct args *args, struct reply *reply)
{
        uint64_t count = (uint64_t)args_number(args, "count", 0, 0, INT64_MAX);
        int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | (args_flag(args, "semaphore") ? EFD_SEMAPHORE : 0));
        char path[64], line[128];
        FILE *file;
        int id = -1;

        (void)maker;
        if (fd < 0)
                return reply_failed(reply, "eventfd");
        if (args_flag(args, "most"))
                count = UINT64_MAX - 1;
        if (write(fd, &count, sizeof(count)) != sizeof(count))
                return reply_failed(reply, "write");
        snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
        file = fopen(path, "re");
        if (!file)
                return reply_failed(reply, "fopen");
        while (fgets(line, sizeof(line), file))
                sscanf(line, "eventfd-id: %d", &id);
        fclose(file);
        reply_number(reply, "id", id);
        return reply_fd(reply, fd, "eventfd");
}

static int run_epoll(struct maker *maker, struct args *args, struct reply *reply)
{
        (void)maker;
        (void)args;
        return reply_fd(reply, epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
}

static int run_watch(struct maker *maker, struct args *args, struct reply *reply)
{
        int epoll = (int)args_number(args, "epoll", -1, 0, INT_MAX);
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX);
        struct epoll_event event = {
                .events = (uint32_t)args_number(args, "events", EPOLLIN, 0, UINT32_MAX),
                .data.u64 = (uint64_t)args_number(args, "data", 0, 0, INT64_MAX),
        };

        (void)maker;
        return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? reply_failed(reply, "epoll_ctl") : 0;
}

static int run_dup(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX);
        int to = (int)args_number(args, "to", -1, 3, INT_MAX);

        (void)maker;
        return reply_fd(reply, to >= 0 ? dup3(fd, to, O_CLOEXEC) : fcntl(fd, F_DUPFD_CLOEXEC, 3), "dup");
}

static int run_pair(struct maker *maker, struct args *args, struct reply *reply)
{
        int ends[2];
        struct stat st;

        (void)maker;
        (void)args;
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 || fstat(ends[0], &st) < 0)
                return reply_failed(reply, "socketpair");
        reply_number(reply, "inode", (int64_t)st.st_ino);
        reply_number(reply, "other", ends[1]);
        return reply_fd(reply, ends[0], "socketpair");
}

/* Watches n names below a directory: dir itself, or with files=N dir/0, dir/1... */
static int run_inotify(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *path = args_text(args, "path", "/dev/shm");
        uint32_t mask = (uint32_t)args_number(args, "mask", IN_CREATE, 0, UINT32_MAX);
        int64_t files = args_number(args, "files", 0, 0, 100000);
        int fd = inotify_init1(IN_CLOEXEC), wd = 0;
        struct stat st;
        char name[PATH_MAX];

        (void)maker;
        if (fd < 0)
                return reply_failed(reply, "inotify_init1");
        if (files == 0)
                wd = inotify_add_watch(fd, path, mask);
        for (int64_t i = 0; i < files && wd >= 0; i++) {
                snprintf(name, sizeof(name), "%s/%lld", path, (long long)i);
                wd = inotify_add_watch(fd, name, mask);
        }
        if (wd < 0 || stat(path, &st) < 0)
                return reply_failed(reply, "inotify_add_watch");
        reply_number(reply, "inode", (int64_t)st.st_ino);
        reply_format(reply, "dev", "%u:%u", major(st.st_dev), minor(st.st_dev));
        return reply_fd(reply, fd, "inotify_init1");
}

static int run_fanotify(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *path = args_text(args, "path", "/dev/shm");
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX);
        uint64_t mask = (uint64_t)args_number(args, "mask", FAN_OPEN, 0, INT64_MAX);
        unsigned mark = (unsigned)args_number(args, "mark", 0, 0, UINT_MAX);

        (void)maker;
        if (fd < 0)
                fd = fanotify_init((unsigned)args_number(args, "flags", 0, 0, UINT_MAX),
                                   (unsigned)args_number(args, "event", O_RDONLY, 0, UINT_MAX));
        if (fd < 0)
                return reply_failed(reply, "fanotify_init");
        if (fanotify_mark(fd, FAN_MARK_ADD | mark, mask, AT_FDCWD, path) < 0)
                return reply_failed(reply, "fanotify_mark");
        return reply_fd(reply, fd, "fanotify_init");
}

static int run_sigfd(struct maker *maker, struct args *args, struct reply *reply)
{
        uint64_t mask = (uint64_t)args_number(args, "mask", 0, INT64_MIN, INT64_MAX);

        (void)maker;
        /* The kernel's set, which has the C library's own signals, too. */
        return reply_fd(reply, (int)syscall(SYS_signalfd4, -1, &mask, sizeof(mask), SFD_CLOEXEC), "signalfd4");
}

static int run_timer(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = timerfd_create((int)args_number(args, "clock", CLOCK_MONOTONIC, 0, 32), TFD_CLOEXEC);
        struct itimerspec spec = {
                .it_value.tv_sec = args_number(args, "seconds", 0, 0, INT_MAX),
                .it_value.tv_nsec = args_number(args, "ns", 0, 0, 999999999),
                .it_interval.tv_sec = args_number(args, "interval", 0, 0, INT_MAX),
                .it_interval.tv_nsec = args_number(args, "intervalns", 0, 0, 999999999),
        };

        (void)maker;
        if (fd < 0)
                return reply_failed(reply, "timerfd_create");
        if (timerfd_settime(fd, (int)args_number(args, "flags", 0, 0, INT_MAX), &spec, NULL) < 0)
                return reply_failed(reply, "timerfd_settime");
        return reply_fd(reply, fd, "timerfd_create");
}

static int run_pidfd(struct maker *maker, struct args *args, struct reply *reply)
{
        pid_t pid = (pid_t)args_number(args, "pid", 0, 1, INT_MAX);

        (void)maker;
        return reply_fd(reply, (int)syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
}

/* An io_uring, with one registered file if fd is given. */
static int run_ring(struct maker *maker, struct args *args, struct reply *reply)
{
        struct io_uring_params params = { .flags = 0 };
        unsigned entries = (unsigned)args_number(args, "entries", 8, 1, 4096);
        int fd = (int)syscall(SYS_io_uring_setup, entries, &params);
        int file = (int)args_number(args, "fd", -1, 0, INT_MAX);

        (void)maker;
        if (fd < 0)
                return reply_failed(reply, "io_uring_setup");
        if (file >= 0 && syscall(SYS_io_uring_register, fd, IORING_REGISTER_FILES, &file, 1) < 0)
                return reply_failed(reply, "io_uring_register");
        reply_number(reply, "sq", params.sq_entries);
        reply_number(reply, "cq", params.cq_entries);
        return reply_fd(reply, fd, "io_uring_setup");
}

/* What has no kind of its own: fsopen(2) needs no hardware and no configuration beyond a name space. */
static int run_anonfd(struct maker *maker, struct args *args, struct reply *reply)
{
        (void)maker;
        (void)args;
        return reply_fd(reply, (int)syscall(SYS_fsopen, "tmpfs", 1), "fsopen");
}

static void remember(struct maker *maker, pid_t pid, struct reply *reply)
{
        reply_number(reply, "child", maker->nchildren);
        reply_number(reply, "pid", pid);
        maker->children[maker->nchildren++] = (struct child){ .pid = pid, .fd = -1 };
}

static _Noreturn void sleep_for_ever(void)
{
        for (;;)
                pause();
}

/* Closes all descriptors but two of them, or but one given twice. */
static void keep_only(int one, int other)
{
        int low = one < other ? one : other, high = one < other ? other : one;

        if (low > 3)
                close_range(3, (unsigned)low - 1, 0);
        if (high > low + 1)
                close_range((unsigned)low + 1, (unsigned)high - 1, 0);
        close_range((unsigned)high + 1, UINT_MAX, 0);
}

/* A process that has what we have: fork(2). only=FD: it keeps that alone; close=FD: not that. */
static int run_forked(struct maker *maker, struct args *args, struct reply *reply)
{
        int only = (int)args_number(args, "only", -1, 3, INT_MAX);
        int closed = (int)args_number(args, "close", -1, 3, INT_MAX);
        int ready[2];
        pid_t pid, parent = getpid();
        char byte;

        if (maker->nchildren == CHILDREN_MOST)
                return -EAGAIN;
        if (pipe2(ready, O_CLOEXEC) < 0)
                return reply_failed(reply, "pipe2");
        pid = fork();
        if (pid < 0)
                return reply_failed(reply, "fork");
        if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                if (getppid() != parent)
                        _exit(1);
                if (closed >= 0)
                        close(closed);
                if (only >= 0)
                        keep_only(only, ready[1]);
                close(ready[0]);
                close(ready[1]);        /* the last one: that is what is waited for */
                sleep_for_ever();
        }
        close(ready[1]);
        if (read(ready[0], &byte, 1) != 0)
                return -EIO;
        close(ready[0]);
        remember(maker, pid, reply);
        return 0;
}

static int send_fd(int socket, int fd)
{
        union {
                struct cmsghdr header;
                char room[CMSG_SPACE(sizeof(int))];
        } control = { .room = { 0 } };
        struct iovec data = { (char[]){ "x" }, 1 };
        struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
                                  .msg_controllen = sizeof(control.room) };
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);

        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &fd, sizeof(fd));
        return sendmsg(socket, &message, 0) == 1 ? 0 : -1;
}

static int receive_fd(int socket)
{
        union {
                struct cmsghdr header;
                char room[CMSG_SPACE(sizeof(int))];
        } control;
        char byte;
        struct iovec data = { &byte, 1 };
        struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
                                  .msg_controllen = sizeof(control.room) };
        int fd = -1;

        if (recvmsg(socket, &message, 0) == 1 && CMSG_FIRSTHDR(&message))
                memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
        return fd;
}

enum { PASSED_AS = 500 };

/* A process that gets the descriptor over a socket, under another number (in=); it has nothing else of ours. */
static int run_passed(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX);
        int ends[2], got = -1;
        pid_t pid, parent = getpid();

        if (maker->nchildren == CHILDREN_MOST)
                return -EAGAIN;
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
                return reply_failed(reply, "socketpair");
        pid = fork();
        if (pid < 0)
                return reply_failed(reply, "fork");
        if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                if (getppid() != parent)
                        _exit(1);
                keep_only(ends[1], ends[1]);
                got = fcntl(receive_fd(ends[1]), F_DUPFD, PASSED_AS);
                if (got < 0)
                        _exit(1);
                keep_only(got, ends[1]);
                close(ends[1]);         /* the last one: that is what is waited for */
                sleep_for_ever();
        }
        close(ends[1]);
        if (send_fd(ends[0], fd) < 0) {
                int r = reply_failed(reply, "sendmsg");

                /* It may not have closed yet what it has of ours. */
                kill(pid, SIGKILL);
                waitpid(pid, NULL, 0);
                close(ends[0]);
                return r;
        }
        /* Its end is closed once it has ours. */
        if (read(ends[0], &got, 1) != 0)
                return -EIO;
        close(ends[0]);
        reply_number(reply, "in", PASSED_AS);
        remember(maker, pid, reply);
        return 0;
}

const struct command events_commands[] = {
        { "counter",    "count semaphore most",                 run_counter },
        { "epoll",      "",                                     run_epoll },
        { "watch",      "epoll fd events data",               run_watch },
        { "dup",        "fd to",                                run_dup },
        { "pair",       "",                                     run_pair },
        { "inotify",    "path mask files",                      run_inotify },
        { "fanotify",   "path fd mask mark flags event",        run_fanotify },
        { "sigfd",      "mask",                                 run_sigfd },
        { "timer",      "clock seconds ns interval intervalns flags", run_timer },
        { "pidfd",      "pid",                                  run_pidfd },
        { "ring",       "entries fd",                           run_ring },
        { "anonfd",     "",                                     run_anonfd },
        { "forked",     "only close",                           run_forked },
        { "passed",     "fd",                                   run_passed },
        { 0 },
};
