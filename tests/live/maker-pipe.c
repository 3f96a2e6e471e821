/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pipes, FIFOs, memfds, shared files, terminals, locks, and signals. */
#include "maker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* inherit=1: children that are made from now on have it, too. */
static int cloexec(struct args *args)
{
        return args_flag(args, "inherit") ? 0 : O_CLOEXEC;
}

static int run_pipe(struct maker *maker, struct args *args, struct reply *reply)
{
        int64_t capacity = args_number(args, "capacity", 0, 0, INT_MAX);
        int ends[2];
        struct stat st;

        (void)maker;
        if (pipe2(ends, cloexec(args)) < 0)
                return reply_failed(reply, "pipe2");
        if (capacity && fcntl(ends[1], F_SETPIPE_SZ, (int)capacity) < 0)
                return reply_failed(reply, "F_SETPIPE_SZ");
        if (fstat(ends[0], &st) < 0)
                return reply_failed(reply, "fstat");
        reply_format(reply, "inode", "%llu", (unsigned long long)st.st_ino);
        reply_number(reply, "capacity", fcntl(ends[1], F_GETPIPE_SZ));
        reply_number(reply, "r", ends[0]);
        reply_number(reply, "w", ends[1]);
        return 0;
}

static int run_put(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX);
        int64_t bytes = args_number(args, "bytes", 1, 0, 1 << 20);

        (void)maker;
        for (; bytes > 0; bytes--)
                if (write(fd, "x", 1) != 1)
                        return reply_failed(reply, "write");
        return 0;
}

/* Reads until there is something: with block=1 the answer comes first. */
static int run_get(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX);
        bool block = args_flag(args, "block");
        char byte;

        (void)maker;
        if (block)
                maker_answer(reply, 0);
        ssize_t n = read(fd, &byte, 1);
        return block ? 1 : n < 0 ? reply_failed(reply, "read") : 0;
}

/* Sends a descriptor into a socket pair that nobody reads, and forgets it. */
static int run_flight(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX), pair[2];
        union {
                struct cmsghdr header;
                char room[CMSG_SPACE(sizeof(int))];
        } control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET,
                                  .cmsg_type = SCM_RIGHTS } };
        struct iovec byte = { .iov_base = (char[]){ "x" }, .iov_len = 1 };
        struct msghdr message = { .msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control,
                                  .msg_controllen = sizeof(control) };

        (void)maker;
        memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
                return reply_failed(reply, "socketpair");
        if (sendmsg(pair[0], &message, 0) < 0)
                return reply_failed(reply, "sendmsg");
        close(fd);
        return 0;
}

static int run_mkfifo(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *path = args_text(args, "path", "");
        struct stat st;

        if (mkfifo(path, (mode_t)args_number(args, "mode", 0600, 0, 0777)) < 0)
                return reply_failed(reply, "mkfifo");
        maker_made(maker, MADE_FILE, 0, path);
        if (lstat(path, &st) < 0)
                return reply_failed(reply, "lstat");
        reply_file(reply, &st);
        return 0;
}

/* Opens any path; size=N makes a file of that size first. */
static int run_open(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *path = args_text(args, "path", "");
        int flags = open_flags(args_text(args, "access", "rw")) | cloexec(args);
        int64_t size = args_number(args, "size", -1, 0, INT_MAX);

        if (args_flag(args, "nonblock"))
                flags |= O_NONBLOCK;
        if (args_flag(args, "block"))
                maker_answer(reply, 0);
        int fd = open(path, flags | O_NOCTTY | (size >= 0 ? O_CREAT | O_EXCL : 0), 0600);
        if (args_flag(args, "block"))
                return 1;
        if (fd < 0)
                return reply_failed(reply, "open");
        if (size >= 0) {
                maker_made(maker, MADE_FILE, 0, path);
                if (ftruncate(fd, size) < 0)
                        return reply_failed(reply, "ftruncate");
        }
        reply_number(reply, "fd", fd);
        return reply_descriptor(reply, fd);
}

static int run_memfd(struct maker *maker, struct args *args, struct reply *reply)
{
        int64_t size = args_number(args, "size", 4096, 0, INT_MAX), bytes = args_number(args, "write", 0, 0, 1 << 24);
        int seals = (int)args_number(args, "seals", 0, 0, 0x3f);
        int fd = memfd_create(args_text(args, "name", ""), MFD_ALLOW_SEALING |
                              (args_flag(args, "inherit") ? 0 : MFD_CLOEXEC));

        (void)maker;
        if (fd < 0)
                return reply_failed(reply, "memfd_create");
        if (ftruncate(fd, size) < 0)
                return reply_failed(reply, "ftruncate");
        char *block = calloc(1, (size_t)bytes + 1);
        if (!block || pwrite(fd, block, (size_t)bytes, 0) != bytes)
                return reply_failed(reply, "pwrite");
        free(block);
        if (seals && fcntl(fd, F_ADD_SEALS, seals) < 0)
                return reply_failed(reply, "F_ADD_SEALS");
        reply_number(reply, "fd", fd);
        return reply_descriptor(reply, fd);
}

/* Maps an open descriptor. */
static int run_mmap(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX);
        size_t size = (size_t)args_number(args, "size", 4096, 1, INT_MAX);
        bool readonly = args_flag(args, "readonly");

        (void)maker;
        void *address = mmap(NULL, size, readonly ? PROT_READ : PROT_READ | PROT_WRITE,
                             args_flag(args, "private") ? MAP_PRIVATE : MAP_SHARED, fd, 0);
        if (address == MAP_FAILED)
                return reply_failed(reply, "mmap");
        return 0;
}

/* Anonymous memory that this process shares with n others, which it forks. */
static int run_anonymous(struct maker *maker, struct args *args, struct reply *reply)
{
        int64_t n = args_number(args, "n", 1, 0, 8);
        char *address = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        char pids[256] = "";
        pid_t self = getpid();

        (void)maker;
        if (address == MAP_FAILED)
                return reply_failed(reply, "mmap");
        *address = 1;
        for (int64_t i = 0; i < n; i++) {
                pid_t pid = fork();
                if (pid < 0)
                        return reply_failed(reply, "fork");
                if (pid == 0) {
                        if (child_start_as(self) == 0)
                                pause();
                        _exit(0);
                }
                size_t at = strlen(pids);
                snprintf(pids + at, sizeof(pids) - at, "%s%d", i ? "," : "", (int)pid);
        }
        reply_format(reply, "pids", "%s", pids);
        return 0;
}

/* flock=ex|sh, or lease=w|r, or a range: lock=w|r start= len= ofd=1; all with block=1. */
static int run_lock(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = (int)args_number(args, "fd", -1, 0, INT_MAX), r;
        bool block = args_flag(args, "block"), ofd = args_flag(args, "ofd");
        const char *how = args_text(args, "flock", NULL), *lease = args_text(args, "lease", NULL);
        struct flock range = { .l_type = strcmp(args_text(args, "lock", "w"), "r") == 0 ? F_RDLCK : F_WRLCK,
                               .l_start = args_number(args, "start", 0, 0, INT64_MAX),
                               .l_len = args_number(args, "len", 0, 0, INT64_MAX) };

        (void)maker;
        if (block)
                maker_answer(reply, 0);
        if (how)
                r = flock(fd, (strcmp(how, "sh") == 0 ? LOCK_SH : LOCK_EX) | (block ? 0 : LOCK_NB));
        else if (lease)
                r = fcntl(fd, F_SETLEASE, strcmp(lease, "r") == 0 ? F_RDLCK : F_WRLCK);
        else
                r = fcntl(fd, ofd ? block ? F_OFD_SETLKW : F_OFD_SETLK : block ? F_SETLKW : F_SETLK, &range);
        if (block)
                return 1;
        return r < 0 ? reply_failed(reply, "lock") : 0;
}

/* A terminal: slave=1 opens that side, too; session=1 makes it the controlling one of a new session. */
static int run_pty(struct maker *maker, struct args *args, struct reply *reply)
{
        int master = open(args_text(args, "ptmx", "/dev/ptmx"), O_RDWR | O_NOCTTY | O_CLOEXEC), number, lock = 0;
        const char *directory = args_text(args, "directory", "/dev/pts");
        char path[PATH_MAX];
        struct stat st;

        (void)maker;
        if (master < 0 || ioctl(master, TIOCGPTN, &number) < 0 || ioctl(master, TIOCSPTLCK, &lock) < 0)
                return reply_failed(reply, "ptmx");
        reply_number(reply, "number", number);
        reply_number(reply, "master", master);
        snprintf(path, sizeof(path), "%s/%d", directory, number);
        if (!args_flag(args, "slave"))
                return 0;
        int slave = open(path, O_RDWR | O_NOCTTY | cloexec(args));
        if (slave < 0 || fstat(slave, &st) < 0)
                return reply_failed(reply, "open");
        if (args_flag(args, "session") && (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) < 0))
                return reply_failed(reply, "TIOCSCTTY");
        reply_number(reply, "slave", slave);
        reply_file(reply, &st);
        return 0;
}

static void handle(int number)
{
        (void)number;
}

/* block=, ignore=, catch=, pend=, thread=: one signal number each; queue=N: so many of pend. */
static int run_signals(struct maker *maker, struct args *args, struct reply *reply)
{
        int block = (int)args_number(args, "block", 0, 1, 64), ignore = (int)args_number(args, "ignore", 0, 1, 64);
        int catch = (int)args_number(args, "catch", 0, 1, 64), pend = (int)args_number(args, "pend", 0, 1, 64);
        int thread = (int)args_number(args, "thread", 0, 1, 64), queue = (int)args_number(args, "queue", 1, 1, 100);
        sigset_t set;

        (void)maker;
        sigemptyset(&set);
        if (block)
                sigaddset(&set, block);
        if (pend)
                sigaddset(&set, pend);
        if (thread)
                sigaddset(&set, thread);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
                return reply_failed(reply, "sigprocmask");
        if (ignore && signal(ignore, SIG_IGN) == SIG_ERR)
                return reply_failed(reply, "signal");
        if (catch && signal(catch, handle) == SIG_ERR)
                return reply_failed(reply, "signal");
        for (int i = 0; pend && i < queue; i++)
                if (sigqueue(getpid(), pend, (union sigval){ .sival_int = i }) < 0)
                        return reply_failed(reply, "sigqueue");
        if (thread && syscall(SYS_tgkill, getpid(), gettid(), thread) < 0)
                return reply_failed(reply, "tgkill");
        return 0;
}

/* What a thread of its own table has, the process has not: it opens a pipe and stays. */
static void *own_table(void *data)
{
        int *ends = data;

        if (unshare(CLONE_FILES) < 0 || pipe2(ends, O_CLOEXEC) < 0)
                ends[0] = -1;
        ends[3] = gettid();
        __atomic_store_n(&ends[2], 1, __ATOMIC_RELEASE);
        for (;;)
                pause();
        return NULL;
}

static int run_threadpipe(struct maker *maker, struct args *args, struct reply *reply)
{
        static int ends[4];
        char path[64];
        pthread_t thread;
        struct stat st;

        (void)maker;
        (void)args;
        memset(ends, 0, sizeof(ends));
        errno = pthread_create(&thread, NULL, own_table, ends);
        if (errno)
                return reply_failed(reply, "pthread_create");
        pthread_detach(thread);
        while (!__atomic_load_n(&ends[2], __ATOMIC_ACQUIRE))
                usleep(1000);
        snprintf(path, sizeof(path), "/proc/self/task/%d/fd/%d", ends[3], ends[0]);
        if (ends[0] < 0 || stat(path, &st) < 0)
                return reply_failed(reply, "unshare");
        reply_format(reply, "inode", "%llu", (unsigned long long)st.st_ino);
        reply_number(reply, "tid", ends[3]);
        reply_number(reply, "r", ends[0]);
        reply_number(reply, "w", ends[1]);
        return 0;
}

static int64_t monotonic_ms(void)
{
        struct timespec now = { 0 };

        clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Processes that come and go for ms milliseconds, and until there were n of
 * them; each has a pipe of its own while it lives. now=1: the answer comes
 * before them. Meanwhile our name is "churning"; `self` tells their number.
 */
static int run_churn(struct maker *maker, struct args *args, struct reply *reply)
{
        int64_t ms = args_number(args, "ms", 1000, 1, 60000), n = args_number(args, "n", 0, 0, 100000);
        int64_t end = monotonic_ms() + ms;

        prctl(PR_SET_NAME, "churning");
        if (args_flag(args, "now"))
                maker_answer(reply, 0);
        while (monotonic_ms() < end || maker->forks < n) {
                pid_t pid = fork();
                if (pid == 0) {
                        int ends[2];
                        if (pipe2(ends, O_CLOEXEC) < 0)
                                _exit(1);
                        _exit(0);
                }
                if (pid < 0)
                        usleep(1000);
                else
                        waitpid(pid, NULL, 0);
                maker->forks += pid > 0;
        }
        prctl(PR_SET_NAME, "churned");
        reply_number(reply, "forks", maker->forks);
        return args_flag(args, "now") ? 1 : 0;
}

const struct command pipe_commands[] = {
        { "pipe",       "capacity inherit",                     run_pipe },
        { "threadpipe", "",                                     run_threadpipe },
        { "put",        "fd bytes",                             run_put },
        { "get",        "fd block",                             run_get },
        { "flight",     "fd",                                   run_flight },
        { "mkfifo",     "path mode",                            run_mkfifo },
        { "open",       "path access nonblock size inherit block", run_open },
        { "memfd",      "name size write seals inherit",        run_memfd },
        { "mmap",       "fd size readonly private",             run_mmap },
        { "anonymous",  "n",                                    run_anonymous },
        { "lock",       "fd flock lease lock start len ofd block", run_lock },
        { "pty",        "ptmx directory slave session inherit", run_pty },
        { "signals",    "block ignore catch pend thread queue", run_signals },
        { "churn",      "ms n now",                               run_churn },
        { 0 },
};
