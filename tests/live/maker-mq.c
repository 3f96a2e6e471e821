/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POSIX message queues. */
#include "maker.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int tell_mq(struct reply *reply, mqd_t mq)
{
        struct mq_attr attr;

        if (mq_getattr(mq, &attr) < 0)
                return reply_failed(reply, "mq_getattr");
        reply_number(reply, "maxmsg", attr.mq_maxmsg);
        reply_number(reply, "msgsize", attr.mq_msgsize);
        reply_number(reply, "curmsgs", attr.mq_curmsgs);
        return reply_descriptor(reply, mq);
}

static int mq_fill(struct args *args, struct reply *reply, mqd_t mq, int64_t n)
{
        size_t bytes = (size_t)args_number(args, "bytes", 8, 0, 65536);
        unsigned priority = (unsigned)args_number(args, "priority", 0, 0, 32767);
        char *text = malloc(bytes + 1);

        if (!text)
                return -ENOMEM;
        memset(text, 'q', bytes + 1);
        int r = 0;
        for (int64_t i = 0; i < n && r == 0; i++) {
                if (mq_send(mq, text, bytes, priority) < 0)
                        r = reply_failed(reply, "mq_send");
        }
        free(text);
        return r;
}

static void notified(union sigval value)
{
        (void)value;
}

static int mq_register(struct args *args, struct reply *reply, mqd_t mq)
{
        const char *method = args_text(args, "notify", "none");
        struct sigevent event = { .sigev_notify = SIGEV_NONE };

        if (strcmp(method, "signal") == 0) {
                event.sigev_notify = SIGEV_SIGNAL;
                event.sigev_signo = SIGUSR1;
        } else if (strcmp(method, "thread") == 0) {
                event.sigev_notify = SIGEV_THREAD;
                event.sigev_notify_function = notified;
        } else if (strcmp(method, "none") != 0) {
                return -EINVAL;
        }
        signal(SIGUSR1, SIG_IGN);
        reply_number(reply, "signo", strcmp(method, "signal") == 0 ? SIGUSR1 : 0);
        return mq_notify(mq, &event) < 0 ? reply_failed(reply, "mq_notify") : 0;
}

static int run_mq(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *name = args_text(args, "name", "/");
        struct mq_attr attr = {
                .mq_maxmsg = (long)args_number(args, "maxmsg", 4, 1, 65536),
                .mq_msgsize = (long)args_number(args, "msgsize", 64, 1, 1 << 24),
        };
        mode_t mode = (mode_t)args_number(args, "mode", 0600, 0, 0777);
        int64_t send = args_number(args, "send", 0, 0, 65536);

        if (args->bad)
                return -EINVAL;
        mqd_t mq = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NONBLOCK, mode, &attr);
        if (mq < 0)
                return reply_failed(reply, "mq_open");
        maker_made(maker, MADE_MQ, 0, name);
        int r = mq_fill(args, reply, mq, send);
        if (r >= 0 && args_has(args, "access")) {       /* kept as asked, not as it was filled */
                mq_close(mq);
                mq = mq_open(name, open_flags(args_text(args, "access", "rw")) | O_CLOEXEC | O_NONBLOCK);
                if (mq < 0)
                        return reply_failed(reply, "mq_open");
        }
        if (r >= 0 && args_has(args, "notify"))
                r = mq_register(args, reply, mq);
        if (r >= 0)
                r = tell_mq(reply, mq);
        if (args_flag(args, "keepfd") || args_has(args, "notify") || args_has(args, "access"))
                reply_number(reply, "fd", mq);
        else
                mq_close(mq);
        return r;
}

/* Opens for one operation, perhaps one that blocks; then nothing stays open. */
static int mq_operate(struct maker *maker, struct args *args, struct reply *reply, bool send)
{
        bool block = args_flag(args, "block");
        char text[65536];
        struct mq_attr attr;

        if (block && maker->root)
                return -EINVAL;
        mqd_t mq = mq_open(args_text(args, "name", "/"), O_RDWR | O_CLOEXEC | (block ? 0 : O_NONBLOCK));
        if (mq < 0)
                return reply_failed(reply, "mq_open");
        if (mq_getattr(mq, &attr) < 0 || (size_t)attr.mq_msgsize > sizeof(text)) {
                mq_close(mq);
                return -EMSGSIZE;
        }
        reply_number(reply, "fd", mq);
        if (block)
                maker_answer(reply, 0);
        int r = 0;
        if (send)
                r = mq_fill(args, reply, mq, args_number(args, "n", 1, 1, 65536));
        else if (mq_receive(mq, text, sizeof(text), NULL) < 0)
                r = reply_failed(reply, "mq_receive");
        mq_close(mq);
        return block ? 1 : r;
}

static int run_mqsend(struct maker *maker, struct args *args, struct reply *reply)
{
        return mq_operate(maker, args, reply, true);
}

static int run_mqreceive(struct maker *maker, struct args *args, struct reply *reply)
{
        return mq_operate(maker, args, reply, false);
}

static int run_mqwait(struct maker *maker, struct args *args, struct reply *reply)
{
        char line[1024];
        bool send = strcmp(args_text(args, "op", "receive"), "send") == 0;

        args_line(line, sizeof(line), send ? "mqsend" : "mqreceive", args_text(args, "name", "/"));
        return child_blocked(maker, line, reply);
}

static int run_mqstat(struct maker *maker, struct args *args, struct reply *reply)
{
        mqd_t mq = mq_open(args_text(args, "name", "/"), O_RDONLY | O_CLOEXEC | O_NONBLOCK);

        (void)maker;
        if (mq < 0)
                return reply_failed(reply, "mq_open");
        int r = tell_mq(reply, mq);
        mq_close(mq);
        return r;
}

/*
 * A process that has our table of descriptors registers, and ends. The table stays, so nothing is
 * closed for it (mqueue_flush_file()), and the registration is that of a dead one.
 */
static int run_mqtold(struct maker *maker, struct args *args, struct reply *reply)
{
        const struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
        mqd_t mq = mq_open(args_text(args, "name", "/"), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        int status;

        (void)maker;
        if (mq < 0)
                return reply_failed(reply, "mq_open");
        pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, 0);
        if (pid == 0)
                _exit(mq_notify(mq, &event) < 0 ? errno : 0);
        int r = pid < 0 || waitpid(pid, &status, 0) < 0 ? reply_failed(reply, "clone") : 0;
        if (r == 0 && status != 0) {
                errno = WEXITSTATUS(status);
                r = reply_failed(reply, "mq_notify");
        }
        reply_number(reply, "pid", pid);
        mq_close(mq);
        return r;
}

const struct command mq_commands[] = {
        { "mq",        "name maxmsg msgsize mode access send bytes priority keepfd notify", run_mq },
        { "mqsend",    "name n bytes priority block",   run_mqsend },
        { "mqreceive", "name block",                    run_mqreceive },
        { "mqwait",    "name op",                       run_mqwait },
        { "mqstat",    "name",                          run_mqstat },
        { "mqtold",    "name",                          run_mqtold },
        { 0 },
};
