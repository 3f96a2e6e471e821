/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The children of asleep.c: each waits for orders on a socket, or is blocked in something else. */
#include "asleep.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REST_TRIES = 20000, REST_NS = 100000, BLOCK_NS = 1000000, PID_TRIES = 50 };

/* A function is at the same address in all of them. */
struct order {
        act *does;
        long argument;
};

struct child children[CHILDREN_MOST];
unsigned nchildren;
_Thread_local int given = -1;

/* --- orders ------------------------------------------------------------------- */

static void give(int socket, struct order order, int fd)
{
        char control[CMSG_SPACE(sizeof(fd))] = { 0 };
        struct iovec bytes = { &order, sizeof(order) };
        struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };

        if (fd >= 0) {
                struct cmsghdr *part;

                message.msg_control = control;
                message.msg_controllen = sizeof(control);
                part = CMSG_FIRSTHDR(&message);
                part->cmsg_level = SOL_SOCKET;
                part->cmsg_type = SCM_RIGHTS;
                part->cmsg_len = CMSG_LEN(sizeof(fd));
                memcpy(CMSG_DATA(part), &fd, sizeof(fd));
        }
        CHECK(sendmsg(socket, &message, MSG_NOSIGNAL) == sizeof(order));
}

/* False: nobody gives orders any more. */
static bool take(int socket, struct order *ret)
{
        char control[CMSG_SPACE(sizeof(int))] = { 0 };
        struct iovec bytes = { ret, sizeof(*ret) };
        struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control,
                                  .msg_controllen = sizeof(control) };
        struct cmsghdr *part;

        given = -1;
        if (recvmsg(socket, &message, 0) != sizeof(*ret))
                return false;
        part = CMSG_FIRSTHDR(&message);
        if (part)
                memcpy(&given, CMSG_DATA(part), sizeof(given));
        return true;
}

static void serve(int socket)
{
        struct order order;

        while (take(socket, &order)) {
                long result = order.does(order.argument);

                CHECK(send(socket, &result, sizeof(result), MSG_NOSIGNAL) == sizeof(result));
        }
        _exit(0);
}

static int thread_socket;

static void *serve_too(void *data)
{
        (void)data;
        serve(thread_socket);
        return NULL;
}

long do_start_thread(long argument)
{
        pthread_t thread;

        (void)argument;
        CHECK(pthread_create(&thread, NULL, serve_too, NULL) == 0);
        return 0;
}

/* Keeps its two sockets, as 3 and 4, and nothing else but what everybody has. */
static void begin(int leader, int thread)
{
        int one = fcntl(leader, F_DUPFD, 100), other = fcntl(thread, F_DUPFD, 100);

        CHECK(one >= 0 && other >= 0 && dup2(one, 3) == 3 && dup2(other, 4) == 4);
        CHECK(syscall(SYS_close_range, 5U, ~0U, 0U) == 0);
        thread_socket = 4;
        serve(3);
}

/* --- at rest -------------------------------------------------------------------- */

static bool read_text(const char *path, char *text, size_t size)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n;

        if (fd < 0)
                return false;
        n = read(fd, text, size - 1);
        close(fd);
        text[n > 0 ? n : 0] = 0;
        return n > 0;
}

/* A thread that is going to sleep has the state already, but is in no call. */
static bool is_resting(pid_t pid, const char *tid)
{
        char path[64], text[512];
        const char *state;

        snprintf(path, sizeof(path), "/proc/%d/task/%.10s/stat", pid, tid);
        if (!read_text(path, text, sizeof(text)))
                return true;
        state = strrchr(text, ')');
        CHECK(state);
        if (!strchr("SDTtZX", state[2]))
                return false;
        snprintf(path, sizeof(path), "/proc/%d/task/%.10s/syscall", pid, tid);
        return !read_text(path, text, sizeof(text)) || strncmp(text, "running", 7) != 0;
}

static bool all_rest(pid_t pid)
{
        char path[64];
        struct dirent *entry;
        bool resting = true;
        DIR *task;

        snprintf(path, sizeof(path), "/proc/%d/task", pid);
        task = opendir(path);
        while (task && resting && (entry = readdir(task)))
                if (isdigit((unsigned char)entry->d_name[0]))
                        resting = is_resting(pid, entry->d_name);
        if (task)
                closedir(task);
        return resting;
}

void rest(pid_t pid)
{
        for (int i = 0; i < REST_TRIES; i++) {
                if (all_rest(pid))
                        return;
                nanosleep(&(struct timespec){ .tv_nsec = REST_NS }, NULL);
        }
        CHECK(!"it comes to rest");
}

/* --- to the children --------------------------------------------------------------- */

long answer(struct child *child)
{
        long result;

        CHECK(recv(child->sockets[LEADER], &result, sizeof(result), 0) == sizeof(result));
        rest(child->pid);
        return result;
}

static long ask(struct child *child, int tongue, struct order order, int fd)
{
        long result;

        CHECK(!child->gone && !child->mute);
        give(child->sockets[tongue], order, fd);
        CHECK(recv(child->sockets[tongue], &result, sizeof(result), 0) == sizeof(result));
        rest(child->pid);
        return result;
}

long tell(struct child *child, act *does, long argument)
{
        return ask(child, LEADER, (struct order){ does, argument }, -1);
}

long tell_thread(struct child *child, act *does, long argument)
{
        return ask(child, THREAD, (struct order){ does, argument }, -1);
}

long tell_with(struct child *child, act *does, long argument, int fd)
{
        return ask(child, LEADER, (struct order){ does, argument }, fd);
}

void tell_thread_ahead(struct child *child, act *does, long argument, int fd)
{
        give(child->sockets[THREAD], (struct order){ does, argument }, fd);
}

void tell_ahead(struct child *child, act *does, long argument)
{
        give(child->sockets[LEADER], (struct order){ does, argument }, -1);
}

/* Has it taken the order, and been asleep for a while? */
static bool is_blocked(const struct child *child)
{
        char path[64], before[128], after[128];
        int waiting;

        CHECK(ioctl(child->sockets[LEADER], SIOCOUTQ, &waiting) == 0);
        rest(child->pid);
        snprintf(path, sizeof(path), "/proc/%d/schedstat", child->pid);
        CHECK(read_text(path, before, sizeof(before)));
        nanosleep(&(struct timespec){ .tv_nsec = BLOCK_NS }, NULL);
        return waiting == 0 && read_text(path, after, sizeof(after)) && strcmp(before, after) == 0;
}

void wait_blocked(struct child *child)
{
        for (int i = 0; i < REST_TRIES; i++)
                if (is_blocked(child))
                        return;
        CHECK(!"it is blocked");
}

void tell_only(struct child *child, act *does, long argument)
{
        tell_ahead(child, does, argument);
        wait_blocked(child);
}

/* --- their lives --------------------------------------------------------------------- */

static struct child *add(pid_t pid, const int sockets[TONGUES])
{
        struct child *child = &children[nchildren++];

        CHECK(nchildren <= CHILDREN_MOST);
        *child = (struct child){ .pid = pid };
        memcpy(child->sockets, sockets, sizeof(child->sockets));
        rest(pid);
        return child;
}

static void make_sockets(int ours[TONGUES], int its[TONGUES])
{
        for (int i = 0; i < TONGUES; i++) {
                int pair[2];

                CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
                ours[i] = pair[0];
                its[i] = pair[1];
        }
}

/* The next process is going to have that pid, if nobody comes between. */
static void ask_for_pid(pid_t pid)
{
        char text[16];
        int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
        int n = snprintf(text, sizeof(text), "%d", pid - 1);

        if (fd < 0 || write(fd, text, (size_t)n) != n)
                skip("the next pid can't be chosen");
        close(fd);
}

static pid_t fork_as(pid_t wanted)
{
        for (int i = 0; i < PID_TRIES; i++) {
                pid_t pid;

                if (wanted)
                        ask_for_pid(wanted);
                pid = fork();
                CHECK(pid >= 0);
                if (pid == 0) {
                        prctl(PR_SET_PDEATHSIG, SIGKILL);
                        if (wanted && getpid() != wanted)
                                _exit(0);
                }
                if (pid == 0 || !wanted || pid == wanted)
                        return pid;
                waitpid(pid, NULL, 0);
        }
        skip("others take the pid");
        return -1;
}

struct child *spawn_as(pid_t wanted)
{
        int ours[TONGUES], its[TONGUES];
        pid_t pid;

        make_sockets(ours, its);
        pid = fork_as(wanted);
        if (pid == 0)
                begin(its[LEADER], its[THREAD]);
        close(its[LEADER]);
        close(its[THREAD]);
        return add(pid, ours);
}

struct child *spawn(void)
{
        return spawn_as(0);
}

/* The table may be the parent's own: so nothing is closed, and its socket is the one that was given. */
static long do_clone(long flags)
{
        int socket = given;
        pid_t pid = (pid_t)syscall(SYS_clone, (unsigned long)flags | SIGCHLD, NULL, NULL, NULL, NULL);

        CHECK(pid >= 0);
        if (pid == 0)
                serve(socket);
        if (!(flags & CLONE_FILES))
                close(socket);
        return pid;
}

struct child *spawn_by(struct child *parent, unsigned long flags, pid_t wanted)
{
        int ours[TONGUES], its[TONGUES];
        pid_t pid;

        make_sockets(ours, its);
        if (wanted)
                ask_for_pid(wanted);
        pid = (pid_t)tell_with(parent, do_clone, (long)flags, its[LEADER]);
        if (wanted && pid != wanted) {
                kill(pid, SIGKILL);
                skip("another one has got the pid");
        }
        close(its[LEADER]);
        close(its[THREAD]);
        return add(pid, ours);
}

/* One that we did not make is reaped by the first process, or stays a zombie of its parent. */
static void wait_for_end(pid_t pid)
{
        if (waitpid(pid, NULL, 0) == pid)
                return;
        for (int i = 0; i < REST_TRIES; i++) {
                char path[32], text[512];
                const char *state;

                snprintf(path, sizeof(path), "/proc/%d/stat", pid);
                if (!read_text(path, text, sizeof(text)))
                        return;
                state = strrchr(text, ')');
                if (state && state[2] == 'Z' && strncmp(state + 3, " 1 ", 3) != 0)
                        return;
                nanosleep(&(struct timespec){ .tv_nsec = REST_NS }, NULL);
        }
        CHECK(!"it ends");
}

void end(struct child *child)
{
        if (child->gone)
                return;
        child->gone = true;
        kill(child->pid, SIGKILL);
        wait_for_end(child->pid);
        for (int i = 0; i < TONGUES; i++)
                close(child->sockets[i]);
}

void end_all(void)
{
        for (unsigned i = 0; i < nchildren; i++)
                if (!children[i].gone)
                        kill(children[i].pid, SIGKILL);
        for (unsigned i = 0; i < nchildren; i++)
                if (!children[i].gone)
                        waitpid(children[i].pid, NULL, 0);
}
