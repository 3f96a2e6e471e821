/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the children of asleep.c do. */
#include "asleep.h"

#include "base/array.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES = 8192, STACK = 65536 };

int segment, semaphores, queue;

void shm_path(long n, char path[64])
{
        snprintf(path, 64, "/dev/shm/n%ld", n);
}

void file_path(long n, char path[64])
{
        snprintf(path, 64, PLACE "/file%ld", n);
}

void fifo_path(long n, char path[64])
{
        snprintf(path, 64, PLACE "/fifo%ld", n);
}

int open_with_bytes(const char *path)
{
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

        CHECK(fd >= 0 && ftruncate(fd, BYTES) == 0);
        return fd;
}

void make_common(void)
{
        struct mq_attr attributes = { .mq_maxmsg = 4, .mq_msgsize = 64 };
        char path[64];

        segment = shmget(IPC_PRIVATE, BYTES, IPC_CREAT | 0600);
        semaphores = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
        queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
        CHECK(segment >= 0 && semaphores >= 0 && queue >= 0);
        close(mq_open("/common", O_RDWR | O_CREAT, 0600, &attributes));
        CHECK(access("/dev/mqueue/common", F_OK) == 0);
        for (long i = 0; i < 2; i++) {
                fifo_path(i, path);
                CHECK(mkfifo(path, 0600) == 0);
                file_path(i, path);
                close(open_with_bytes(path));
                shm_path(i, path);
                close(open_with_bytes(path));
        }
}

/* --- what is opened ------------------------------------------------------------------ */

long do_nothing(long argument)
{
        return argument;
}

long do_pipe(long argument)
{
        int ends[2];

        (void)argument;
        CHECK(pipe(ends) == 0);
        return ends[0];
}

long do_eventfd(long argument)
{
        int fd = eventfd((unsigned)argument, 0);

        CHECK(fd >= 0);
        return fd;
}

long do_socket(long argument)
{
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        struct sockaddr_un address = { .sun_family = AF_UNIX };

        CHECK(fd >= 0);
        snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "asleep%ld-%d-%d", argument, fd,
                 getpid());
        CHECK(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 3) == 0);
        return fd;
}

long do_memfd(long argument)
{
        int fd = memfd_create("asleep", 0);

        CHECK(fd >= 0 && ftruncate(fd, argument) == 0);
        return fd;
}

long do_timerfd(long seconds)
{
        struct itimerspec timer = { .it_value.tv_sec = seconds };
        int fd = timerfd_create(CLOCK_MONOTONIC, 0);

        CHECK(fd >= 0 && timerfd_settime(fd, 0, &timer, NULL) == 0);
        return fd;
}

/* Watches that descriptor. */
long do_epoll(long target)
{
        struct epoll_event event = { .events = EPOLLIN };
        int fd = epoll_create1(0);

        CHECK(fd >= 0 && epoll_ctl(fd, EPOLL_CTL_ADD, (int)target, &event) == 0);
        return fd;
}

/* One more target, of the epoll that was given. */
long do_watch(long target)
{
        struct epoll_event event = { .events = EPOLLOUT | EPOLLET };

        CHECK(epoll_ctl(given, EPOLL_CTL_ADD, (int)target, &event) == 0);
        close(given);
        return 0;
}

long do_inotify(long argument)
{
        int fd = inotify_init1(0);

        (void)argument;
        CHECK(fd >= 0 && inotify_add_watch(fd, PLACE, IN_CREATE) >= 0);
        return fd;
}

long do_open_shm(long n)
{
        char path[64];

        shm_path(n, path);
        return open_with_bytes(path);
}

void *map_of(int fd)
{
        void *map = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

        CHECK(map != MAP_FAILED);
        return map;
}

static void *mapped;

long do_map(long fd)
{
        mapped = map_of((int)fd);
        return fd;
}

/* What was given stays open. */
long do_keep(long argument)
{
        (void)argument;
        return given;
}

long do_close(long fd)
{
        CHECK(close((int)fd) == 0);
        return 0;
}

long do_unmap(long argument)
{
        (void)argument;
        CHECK(munmap(mapped, BYTES) == 0);
        return 0;
}

long do_attach(long id)
{
        CHECK(shmat((int)id, NULL, 0) != (void *)-1);
        return 0;
}

/* --- what is done with it ------------------------------------------------------------ */

long do_flock(long fd)
{
        CHECK(flock((int)fd, LOCK_EX) == 0);
        return 0;
}

long do_unflock(long fd)
{
        CHECK(flock((int)fd, LOCK_UN) == 0);
        return 0;
}

long do_posix_lock(long fd)
{
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10 };

        CHECK(fcntl((int)fd, F_SETLK, &lock) == 0);
        return 0;
}

long do_grow(long fd)
{
        struct stat st;

        CHECK(fstat((int)fd, &st) == 0 && ftruncate((int)fd, st.st_size + BYTES) == 0);
        return 0;
}

long do_post(long fd)
{
        CHECK(eventfd_write((int)fd, 5) == 0);
        return 0;
}

long do_post_given(long argument)
{
        (void)argument;
        return do_post(given);
}

/* The kernel counts on it when there is something to read from what was given (io_submit(2)); -1: it can't. */
long do_count_polls(long fd)
{
        struct iocb poll = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = (uint32_t)given, .aio_buf = POLLIN,
                             .aio_flags = IOCB_FLAG_RESFD, .aio_resfd = (uint32_t)fd };
        struct iocb *polls = &poll;
        aio_context_t context = 0;

        if (syscall(SYS_io_setup, 1, &context) < 0)
                return -1;
        return syscall(SYS_io_submit, context, 1, &polls) == 1 ? 0 : -1;
}

long do_set_mask(long fd)
{
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGUSR2);
        CHECK(signalfd((int)fd, &set, 0) == fd);
        return 0;
}

/* A message from the common POSIX queue. */
long do_receive(long argument)
{
        char bytes[64];
        mqd_t common = mq_open("/common", O_RDWR);

        (void)argument;
        CHECK(common >= 0 && mq_receive(common, bytes, sizeof(bytes), NULL) >= 0);
        close(common);
        return 0;
}

/* --- every kind of object ------------------------------------------------------------ */

static void hold_names(long n)
{
        struct mq_attr attributes = { .mq_maxmsg = 2, .mq_msgsize = 32 };
        char name[64];

        do_map(do_open_shm(n));
        shm_path(0, name);
        map_of(open_with_bytes(name));
        snprintf(name, sizeof(name), "/queue%ld", n);
        CHECK(mq_open(name, O_RDWR | O_CREAT, 0600, &attributes) >= 0);
        CHECK(mq_open("/common", O_RDWR) >= 0);
        fifo_path(0, name);
        CHECK(open(name, O_RDWR) >= 0);
        /* A file that all have mapped, one that each has open, and a name that is gone. */
        file_path(0, name);
        close((int)do_map(open_with_bytes(name)));
        file_path(1, name);
        CHECK(open(name, O_RDONLY) >= 0);
        snprintf(name, sizeof(name), PLACE "/gone%ld", n);
        CHECK(open_with_bytes(name) >= 0 && unlink(name) == 0);
}

static void hold_sockets(long n)
{
        struct sockaddr_in address = { .sin_family = AF_INET };
        struct sockaddr_un path = { .sun_family = AF_UNIX };
        int fd, pair[2];

        do_socket(n);
        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
        fd = socket(AF_INET, SOCK_STREAM, 0);
        CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 1) == 0);
        CHECK(socket(AF_INET6, SOCK_DGRAM, 0) >= 0 || errno == EAFNOSUPPORT);
        CHECK(socket(AF_NETLINK, SOCK_RAW, 0) >= 0);
        (void)socket(AF_PACKET, SOCK_RAW, 0);
        (void)socket(AF_ALG, SOCK_SEQPACKET, 0);
        snprintf(path.sun_path, sizeof(path.sun_path), PLACE "/socket%ld", n);
        fd = socket(AF_UNIX, SOCK_DGRAM, 0);
        CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&path, sizeof(path)) == 0);
}

static void hold_events(void)
{
        char bytes[256] = { 0 };        /* struct io_uring_params */
        sigset_t set;
        int fd;

        do_epoll(do_eventfd(3));
        do_timerfd(10000);
        do_inotify(0);
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        CHECK(signalfd(-1, &set, 0) >= 0);
        CHECK(syscall(SYS_pidfd_open, getppid(), 0) >= 0);
        /* What not every kernel, or not everybody, may have. */
        (void)fanotify_init(FAN_CLASS_NOTIF, 0);
        (void)syscall(SYS_io_uring_setup, 2, bytes);
        (void)syscall(SYS_userfaultfd, 1);
        fd = open("/dev/ptmx", O_RDWR | O_NOCTTY);
        if (fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0 && ptsname_r(fd, bytes, sizeof(bytes)) == 0)
                (void)open(bytes, O_RDWR | O_NOCTTY);
}

long do_hold_all(long n)
{
        hold_names(n);
        hold_sockets(n);
        hold_events();
        do_pipe(0);
        do_memfd(BYTES);
        map_of((int)do_memfd(BYTES));
        CHECK(mmap(NULL, BYTES, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
        return do_attach(segment);
}

/* --- threads, and what becomes of the process -------------------------------------------- */

static void *wait_for_ever(void *data)
{
        for (;;)
                pause();
        return data;
}

long do_start_threads(long n)
{
        pthread_attr_t attributes;
        pthread_t thread;

        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, STACK);
        for (long i = 0; i < n; i++)
                CHECK(pthread_create(&thread, &attributes, wait_for_ever, NULL) == 0);
        pthread_attr_destroy(&attributes);
        return 0;
}

/* Other threads live on. */
long do_exit_leader(long argument)
{
        (void)argument;
        syscall(SYS_exit, 0);
        return 0;
}

long do_exec(long argument)
{
        (void)argument;
        execl("/proc/self/exe", "asleep", "sleep", (char *)NULL);
        CHECK(!"another program runs");
        return 0;
}

/* The child has our memory: it only sleeps. */
long do_vfork(long argument)
{
        pid_t pid = vfork();

        if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                for (;;)
                        pause();
        }
        CHECK(pid > 0 && waitpid(pid, NULL, 0) == pid);
        return argument;
}
