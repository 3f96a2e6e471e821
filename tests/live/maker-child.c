/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Children: each is a maker of its own, started by posix_spawn (no copy of our
 * memory: a fork would attach every segment once more and become its last
 * user), spoken to over a socket pair.
 */
#include "maker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int child_start_as(pid_t parent)
{
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        return getppid() == parent ? 0 : -ESRCH;
}

static int write_number(const char *path, int64_t number)
{
        char text[32];
        int n = snprintf(text, sizeof(text), "%lld", (long long)number);
        int fd = open(path, O_WRONLY | O_CLOEXEC);

        if (fd < 0)
                return -errno;
        int r = write(fd, text, (size_t)n) == n ? 0 : -errno;
        close(fd);
        return r;
}

static void child_end(struct child *child)
{
        if (child->pid > 0) {
                kill(child->pid, SIGKILL);
                waitpid(child->pid, NULL, 0);
        }
        if (child->fd >= 0)
                close(child->fd);
        *child = (struct child){ .fd = -1 };
}

void children_end(struct maker *maker)
{
        for (unsigned i = 0; i < maker->nchildren; i++)
                child_end(&maker->children[i]);
}

static int spawn(struct child *ret)
{
        posix_spawn_file_actions_t actions;
        char parent[16];
        char *const argv[] = { (char[]){ "maker" }, parent, NULL };
        struct child child;
        int pair[2];

        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
                return -errno;
        snprintf(parent, sizeof(parent), "%d", (int)getpid());
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, pair[1], 0);
        posix_spawn_file_actions_adddup2(&actions, pair[1], 1);
        int err = posix_spawn(&child.pid, "/proc/self/exe", &actions, NULL, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
        close(pair[1]);
        if (err) {
                close(pair[0]);
                return -err;
        }
        child.fd = pair[0];
        *ret = child;
        return 0;
}

/* A process with that very pid; others may snatch it first, so several attempts. */
static int spawn_numbered(pid_t pid, struct child *ret)
{
        for (unsigned i = 0; i < 50; i++) {
                struct child child;
                int r = write_number("/proc/sys/kernel/ns_last_pid", pid - 1);
                if (r < 0)
                        return r;
                r = spawn(&child);
                if (r < 0)
                        return r;
                if (child.pid == pid) {
                        *ret = child;
                        return 0;
                }
                child_end(&child);
        }
        return -EAGAIN;
}

static int read_line(int fd, char *line, size_t size)
{
        size_t n = 0;

        while (n + 1 < size) {
                struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
                if (poll(&poll_fd, 1, 20000) != 1)
                        return -ETIMEDOUT;
                if (read(fd, line + n, 1) != 1)
                        return -EPIPE;
                if (line[n++] == '\n')
                        break;
        }
        line[n] = '\0';
        return 0;
}

static bool blocking_call(long number)
{
        static const long calls[] = {
#ifdef SYS_semop
                SYS_semop,
#endif
#ifdef SYS_semtimedop
                SYS_semtimedop,
#endif
#ifdef SYS_futex
                SYS_futex,
#endif
                SYS_msgrcv, SYS_msgsnd, SYS_mq_timedreceive, SYS_mq_timedsend, SYS_flock, SYS_fcntl, SYS_openat, SYS_read,
                SYS_connect,
        };

        for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
                if (calls[i] == number)
                        return true;
        }
        return false;
}

/* Waits until the process sleeps in such a call, up to twenty seconds. */
static int wait_blocked(pid_t pid)
{
        char path[48];

        snprintf(path, sizeof(path), "/proc/%d/syscall", (int)pid);
        for (unsigned i = 0; i < 10000; i++) {
                FILE *file = fopen(path, "re");
                long number = -1;
                if (!file)
                        return -errno;
                int n = fscanf(file, "%ld", &number);
                fclose(file);
                if (n == 1 && blocking_call(number))
                        return 0;
                usleep(2000);
        }
        return -ETIMEDOUT;
}

int child_forward(struct maker *maker, unsigned number, const char *line, struct reply *reply)
{
        reply->what = "child";
        if (number >= maker->nchildren || maker->children[number].pid == 0)
                return -ECHILD;

        const struct child *child = &maker->children[number];
        size_t len = strlen(line);
        if (send(child->fd, line, len, MSG_NOSIGNAL) != (ssize_t)len)
                return -EPIPE;
        int r = read_line(child->fd, reply->text, sizeof(reply->text));
        if (r < 0)
                return r;
        if (strncmp(reply->text, "ok", 2) == 0 && strstr(line, " block=1"))
                return wait_blocked(child->pid);
        return 0;
}

static int child_new(struct maker *maker, pid_t pid, unsigned *ret)
{
        if (maker->nchildren == CHILDREN_MOST)
                return -EAGAIN;
        struct child *child = &maker->children[maker->nchildren];
        int r = pid > 0 ? spawn_numbered(pid, child) : spawn(child);
        if (r < 0)
                return r;
        *ret = maker->nchildren++;
        return 0;
}

/* One order to a new child; its failure is ours. */
static int child_order(struct maker *maker, unsigned number, const char *line)
{
        struct reply reply = { .len = 0 };
        int r = child_forward(maker, number, line, &reply);

        if (r < 0)
                return r;
        return strncmp(reply.text, "ok", 2) == 0 ? 0 : -ECANCELED;
}

int child_blocked(struct maker *maker, const char *line, struct reply *reply)
{
        unsigned number;
        int r = child_new(maker, 0, &number);

        reply->what = "child";
        if (r < 0)
                return r;
        r = child_order(maker, number, line);
        reply_number(reply, "child", number);
        reply_number(reply, "pid", maker->children[number].pid);
        return r;
}

static int run_child(struct maker *maker, struct args *args, struct reply *reply)
{
        pid_t pid = (pid_t)args_number(args, "pid", 0, 2, INT_MAX);
        unsigned number;
        int r = child_new(maker, pid, &number);

        reply->what = "posix_spawn";
        if (r < 0)
                return r;

        /* An order through the loop, also so that the child is known to be up. */
        char line[LINE_MOST];
        const char *comm = args_text(args, "comm", "maker");
        size_t n = (size_t)snprintf(line, sizeof(line), "setcomm comm=");
        for (; *comm && n + 8 < sizeof(line); comm++)
                n += (size_t)snprintf(line + n, sizeof(line) - n, "%%%02X", (unsigned char)*comm);
        snprintf(line + n, sizeof(line) - n, "\n");
        r = child_order(maker, number, line);
        if (r >= 0 && (args_has(args, "uid") || args_has(args, "gid"))) {
                snprintf(line, sizeof(line), "become uid=%s gid=%s\n", args_text(args, "uid", "0"),
                         args_text(args, "gid", args_text(args, "uid", "0")));
                r = child_order(maker, number, line);
        }
        reply->what = "child";
        reply_number(reply, "child", number);
        reply_number(reply, "pid", maker->children[number].pid);
        return r;
}

static int run_end(struct maker *maker, struct args *args, struct reply *reply)
{
        int64_t number = args_number(args, "child", -1, 0, CHILDREN_MOST - 1);

        (void)reply;
        if (number < 0 || number >= maker->nchildren || maker->children[number].pid == 0)
                return -ECHILD;
        child_end(&maker->children[number]);
        return 0;
}

static int run_setcomm(struct maker *maker, struct args *args, struct reply *reply)
{
        (void)maker;
        return prctl(PR_SET_NAME, args_text(args, "comm", "")) < 0 ? reply_failed(reply, "prctl") : 0;
}

static int run_become(struct maker *maker, struct args *args, struct reply *reply)
{
        uid_t uid = (uid_t)args_number(args, "uid", 0, 0, INT_MAX);
        gid_t gid = (gid_t)args_number(args, "gid", 0, 0, INT_MAX);

        if (maker->root)
                return -EINVAL;
        if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
                return reply_failed(reply, "setresuid");
        /* Both are lost with the old user. */
        prctl(PR_SET_DUMPABLE, 1);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        return 0;
}

static int run_unshare(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *what = args_text(args, "what", "ipc");
        int flag = strcmp(what, "ipc") == 0 ? CLONE_NEWIPC : strcmp(what, "mnt") == 0 ? CLONE_NEWNS
                 : strcmp(what, "net") == 0 ? CLONE_NEWNET : strcmp(what, "files") == 0 ? CLONE_FILES : 0;

        if (maker->root || flag == 0)
                return -EINVAL;
        return unshare(flag) < 0 ? reply_failed(reply, "unshare") : 0;
}

static void *sleep_thread(void *data)
{
        for (;;)
                pause();
        return data;
}

static int run_threads(struct maker *maker, struct args *args, struct reply *reply)
{
        int64_t n = args_number(args, "n", 1, 1, 64);

        (void)maker;
        for (int64_t i = 0; i < n; i++) {
                pthread_t thread;
                errno = pthread_create(&thread, NULL, sleep_thread, NULL);
                if (errno)
                        return reply_failed(reply, "pthread_create");
                pthread_detach(thread);
        }
        return 0;
}

static int run_leaderless(struct maker *maker, struct args *args, struct reply *reply)
{
        (void)args;
        (void)reply;
        if (maker->root)
                return -EINVAL;
        maker->again = true;
        return 0;
}

static int run_nextid(struct maker *maker, struct args *args, struct reply *reply)
{
        char path[64];
        const char *what = args_text(args, "what", "");
        int64_t id = args_number(args, "id", -1, 0, INT_MAX);

        (void)maker;
        reply->what = "next_id";
        if (strcmp(what, "shm") != 0 && strcmp(what, "sem") != 0 && strcmp(what, "msg") != 0)
                return -EINVAL;
        snprintf(path, sizeof(path), "/proc/sys/kernel/%s_next_id", what);
        return write_number(path, id);
}

static int run_self(struct maker *maker, struct args *args, struct reply *reply)
{
        (void)args;
        reply_number(reply, "forks", maker->forks);
        reply_number(reply, "pid", getpid());
        reply_number(reply, "uid", geteuid());
        return 0;
}

const struct command child_commands[] = {
        { "child",      "comm uid gid pid",     run_child },
        { "end",        "child",                run_end },
        { "setcomm",    "comm",                 run_setcomm },
        { "become",     "uid gid",              run_become },
        { "unshare",    "what",                 run_unshare },
        { "threads",    "n",                    run_threads },
        { "leaderless", "",                     run_leaderless },
        { "nextid",     "what id",              run_nextid },
        { "self",       "",                     run_self },
        { 0 },
};
