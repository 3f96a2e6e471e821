/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that are blocked in each of the calls that ipcview knows: in a forked
 * child, while we keep the other end.
 */
#include "maker-ends.h"
#include "maker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

enum { P_OF_PIDFD = 3 };                /* P_PIDFD, which older headers lack */

struct blocker {
        const char *call;
        int (*make)(struct ends *ends);
        void (*block)(const struct ends *ends);
        long number;                    /* of the system call that it ends up in */
};

#ifdef SYS_poll
#define POLL_NUMBER SYS_poll
#else
#define POLL_NUMBER SYS_ppoll
#endif
#ifdef SYS_pause
#define PAUSE_NUMBER SYS_pause
#else
#define PAUSE_NUMBER SYS_ppoll
#endif

static char byte;
static struct iovec vector = { &byte, 1 };

static void block_read(const struct ends *ends)
{
        if (read(ends->near, &byte, 1) < 0)
                _exit(1);
}

static void block_readv(const struct ends *ends)
{
        if (readv(ends->near, &vector, 1) < 0)
                _exit(1);
}

static void block_count(const struct ends *ends)
{
        eventfd_t count;

        eventfd_read(ends->near, &count);
}

static void block_write(const struct ends *ends)
{
        if (write(ends->near, &byte, 1) < 0)
                _exit(1);
}

static void block_writev(const struct ends *ends)
{
        if (writev(ends->near, &vector, 1) < 0)
                _exit(1);
}

static void block_recvfrom(const struct ends *ends)
{
        recv(ends->near, &byte, 1, 0);
}

static void block_recvmsg(const struct ends *ends)
{
        struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };

        recvmsg(ends->near, &header, 0);
}

static void block_recvmmsg(const struct ends *ends)
{
        struct mmsghdr headers[1] = { { .msg_hdr = { .msg_iov = &vector, .msg_iovlen = 1 } } };

        recvmmsg(ends->near, headers, 1, 0, NULL);
}

static void block_sendto(const struct ends *ends)
{
        send(ends->near, &byte, 1, 0);
}

static void block_sendmsg(const struct ends *ends)
{
        struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };

        sendmsg(ends->near, &header, 0);
}

static void block_accept(const struct ends *ends)
{
        accept(ends->near, NULL, NULL);
}

static void block_accept4(const struct ends *ends)
{
        accept4(ends->near, NULL, NULL, SOCK_CLOEXEC);
}

static void block_connect(const struct ends *ends)
{
        connect(ends->near, (const struct sockaddr *)&ends->address, ends->length);
}

static void block_poll(const struct ends *ends)
{
        struct pollfd polls[] = { { ends->near, POLLIN, 0 }, { -1, POLLIN, 0 }, { ends->other, POLLIN, 0 } };

#ifdef SYS_poll
        syscall(SYS_poll, polls, 3UL, -1);
#else
        ppoll(polls, 3, NULL, NULL);
#endif
}

static void block_ppoll(const struct ends *ends)
{
        struct pollfd polls[] = { { ends->near, POLLIN, 0 } };

        ppoll(polls, 1, NULL, NULL);
}

static void block_pselect(const struct ends *ends)
{
        fd_set in, except;

        FD_ZERO(&in);
        FD_ZERO(&except);
        FD_SET(ends->near, &in);
        FD_SET(ends->other, &except);
        pselect(FD_SETSIZE, &in, NULL, &except, NULL, NULL);
}

static void block_epoll(const struct ends *ends)
{
        struct epoll_event event;

        epoll_pwait(ends->near, &event, 1, -1, NULL);
}

static void block_splice(const struct ends *ends)
{
        splice(ends->near, NULL, ends->other, NULL, 1, 0);
}

static void block_tee(const struct ends *ends)
{
        tee(ends->near, ends->other, 1, 0);
}

static void block_flock(const struct ends *ends)
{
        flock(ends->near, LOCK_SH);
}

static void block_lock(const struct ends *ends)
{
        struct flock lock = { .l_type = F_WRLCK };

        fcntl(ends->near, F_SETLKW, &lock);
}

static void block_open(const struct ends *ends)
{
        open(ends->path, O_RDONLY | O_CLOEXEC);
}

static void block_futex(const struct ends *ends)
{
        syscall(SYS_futex, ends->word + 3, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void block_private(const struct ends *ends)
{
        syscall(SYS_futex, ends->word + 3, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void block_futexes(const struct ends *ends)
{
        struct {
                uint64_t value, address;
                uint32_t flags, reserved;
        } words[] = { { 0, (uintptr_t)ends->word, 2, 0 } };     /* FUTEX2_SIZE_U32, shared */

        syscall(SYS_futex_waitv, words, 1, 0, NULL, 0);
}

static void block_waitid(const struct ends *ends)
{
        int pidfd = (int)syscall(SYS_pidfd_open, getppid(), 0);
        siginfo_t info;
        pid_t child = fork();

        (void)ends;
        if (child == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                for (;;)
                        pause();
        }
        close(pidfd);
        pidfd = (int)syscall(SYS_pidfd_open, child, 0);
        waitid((idtype_t)P_OF_PIDFD, (id_t)pidfd, &info, WEXITED);
}

static void block_pause(const struct ends *ends)
{
        (void)ends;
        pause();
}

static void *read_in_thread(void *data)
{
        block_read(data);
        return NULL;
}

static void block_thread(const struct ends *ends)
{
        pthread_t thread;

        if (pthread_create(&thread, NULL, read_in_thread, (void *)ends) == 0)
                for (;;)
                        pause();
}

/* The number that this thread reads from is another thing in the table of the others. */
static void *read_unshared(void *data)
{
        const struct ends *ends = data;

        if (unshare(CLONE_FILES) == 0 && dup2(ends->near, ends->other) >= 0 && read(ends->other, &byte, 1) < 0)
                _exit(1);
        return NULL;
}

static void block_unshared(const struct ends *ends)
{
        pthread_t thread;

        if (pthread_create(&thread, NULL, read_unshared, (void *)ends) == 0)
                for (;;)
                        pause();
}

/* The leader has exited: descriptors are in /proc/PID/task/TID alone. */
static void block_leaderless(const struct ends *ends)
{
        static struct ends kept;
        pthread_t thread;

        kept = *ends;
        if (pthread_create(&thread, NULL, read_in_thread, &kept) == 0)
                pthread_exit(NULL);
}

static const struct blocker blockers[] = {
        { "read",       make_pipe,              block_read,             SYS_read },
        { "readv",      make_pipe,              block_readv,            SYS_readv },
        { "write",      make_full_pipe,         block_write,            SYS_write },
        { "writev",     make_full_pipe,         block_writev,           SYS_writev },
        { "recvfrom",   make_pair,              block_recvfrom,         SYS_recvfrom },
        { "recvmsg",    make_pair,              block_recvmsg,          SYS_recvmsg },
        { "recvmmsg",   make_pair,              block_recvmmsg,         SYS_recvmmsg },
        { "sendto",     make_full_pair,         block_sendto,           SYS_sendto },
        { "sendmsg",    make_full_pair,         block_sendmsg,          SYS_sendmsg },
        { "accept",     make_listener,          block_accept,           SYS_accept },
        { "accept4",    make_listener,          block_accept4,          SYS_accept4 },
        { "connect",    make_busy_listener,     block_connect,          SYS_connect },
        { "poll",       make_both,              block_poll,             POLL_NUMBER },
        { "ppoll",      make_pipe,              block_ppoll,            SYS_ppoll },
        { "pselect6",   make_both,              block_pselect,          SYS_pselect6 },
        { "epoll_pwait",make_epoll,             block_epoll,            SYS_epoll_pwait },
        { "eventfd",    make_eventfd,           block_count,            SYS_read },
        { "splice",     make_two_pipes,         block_splice,           SYS_splice },
        { "tee",        make_two_pipes,         block_tee,              SYS_tee },
        { "flock",      make_flock,             block_flock,            SYS_flock },
        { "fcntl",      make_lock,              block_lock,             SYS_fcntl },
        { "open",       make_fifo,              block_open,             SYS_openat },
        { "futex",      make_word,              block_futex,            SYS_futex },
        { "private",    make_word,              block_private,          SYS_futex },
        { "futex_waitv",make_word,              block_futexes,          SYS_futex_waitv },
        { "waitid",     make_nothing,           block_waitid,           SYS_waitid },
        { "pause",      make_nothing,           block_pause,            PAUSE_NUMBER },
        { "thread",     make_pipe,              block_thread,           SYS_read },
        { "unshared",   make_both,              block_unshared,         SYS_read },
        { "leaderless", make_pipe,              block_leaderless,       SYS_read },
};

/* What /proc tells of a thread: that it sleeps in the call, that it has nothing more to do, neither yet. */
static int thread_blocked(pid_t pid, const char *tid, long call)
{
        char path[PATH_MAX], line[256] = "";
        long number = -1;
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%d/task/%s/syscall", (int)pid, tid);
        file = fopen(path, "re");
        int n = file ? fscanf(file, "%ld", &number) : 0;        /* "running" is no number */
        if (file)
                fclose(file);
        if (n == 1 && (number == call || number == PAUSE_NUMBER))
                return number == call;
        /* The leader may have exited. */
        snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)pid, tid);
        file = fopen(path, "re");
        while (file && strncmp(line, "State:", 6) != 0 && fgets(line, sizeof(line), file))
                ;
        if (file)
                fclose(file);
        return strncmp(line, "State:\tZ", 8) == 0 ? 0 : -1;
}

/* Is one thread of it blocked in the call, and every other at its end or in pause(2)? */
static bool is_blocked(pid_t pid, long call)
{
        char path[48];
        bool blocked = false, busy = false;
        const struct dirent *entry;

        snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
        DIR *dir = opendir(path);
        while (dir && (entry = readdir(dir))) {
                if (*entry->d_name == '.')
                        continue;
                int r = thread_blocked(pid, entry->d_name, call);
                blocked = blocked || r > 0;
                busy = busy || r < 0;
        }
        if (dir)
                closedir(dir);
        return blocked && !busy;
}

/* Until it is, or has failed: 20 seconds at most. */
static int wait_blocked(pid_t pid, long call, struct reply *reply)
{
        struct timespec now;

        for (unsigned i = 0; i < 10000; i++) {
                if (is_blocked(pid, call)) {
                        clock_gettime(CLOCK_REALTIME, &now);
                        reply_number(reply, "until", now.tv_sec);
                        return 0;
                }
                usleep(2000);
        }
        return -ETIMEDOUT;
}

static int64_t inode_of(int fd)
{
        struct stat st;

        return fd >= 0 && fstat(fd, &st) == 0 ? (int64_t)st.st_ino : 0;
}

static void run_child(const struct blocker *blocker, struct ends *ends, uid_t uid)
{
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_NAME, "blocked");
        if (ends->far >= 0)
                close(ends->far);
        if (uid != 0) {
                if (setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
                        _exit(1);
                prctl(PR_SET_DUMPABLE, 1);
                prctl(PR_SET_PDEATHSIG, SIGKILL);
        }
        blocker->block(ends);
        _exit(1);
}

static int run_blocked(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *call = args_text(args, "call", "");
        uid_t uid = (uid_t)args_number(args, "uid", 0, 0, INT_MAX);
        struct ends ends = { .near = -1, .far = -1, .other = -1,
                             .path = args_text(args, "path", "/dev/shm/blocked") };
        const struct blocker *blocker = NULL;
        struct timespec now;

        for (size_t i = 0; i < sizeof(blockers) / sizeof(*blockers); i++) {
                if (strcmp(blockers[i].call, call) == 0)
                        blocker = &blockers[i];
        }
        if (!blocker || maker->nchildren == CHILDREN_MOST)
                return -EINVAL;
        reply->what = call;
        int r = blocker->make(&ends);
        if (r < 0)
                return r;
        if (strcmp(call, "open") == 0 || strstr("flock fcntl", call))
                maker_made(maker, MADE_FILE, -1, ends.path);
        clock_gettime(CLOCK_REALTIME, &now);
        pid_t pid = fork();
        if (pid < 0)
                return -errno;
        if (pid == 0)
                run_child(blocker, &ends, uid);
        reply_number(reply, "child", maker->nchildren);
        maker->children[maker->nchildren].fd = -1;
        maker->children[maker->nchildren++].pid = pid;
        reply_number(reply, "pid", pid);
        reply_number(reply, "since", now.tv_sec);
        reply_number(reply, "near", inode_of(ends.near));
        reply_number(reply, "nearfd", ends.near);
        reply_number(reply, "far", inode_of(ends.far));
        reply_number(reply, "other", inode_of(ends.other));
        /* The other end alone is ours. */
        if (args_flag(args, "only") && ends.near >= 0)
                close(ends.near);
        return wait_blocked(pid, blocker->number, reply);
}

const struct command wait_commands[] = {
        { "blocked",    "call path uid only",   run_blocked },
        { 0 },
};
