/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_CHILD_H
#define TESTS_UNIT_CHILD_H

/* Children that have the ends of a pipe, and stand still, while a test looks at them. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct child {
        pid_t pid;
        int ready[2];
};

/* Tells the parent, then stays until it is killed, or the parent has gone. */
static inline void stay(const struct child *child)
{
        char byte = 0;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (write(child->ready[1], &byte, 1) == 1)
                for (;;)
                        pause();
        _exit(1);
}

/* run: ends in stay(), in any thread. Returns when it got there. */
static inline void child_start(struct child *child, void (*run)(const struct child *))
{
        char byte;

        assert_int_equal(pipe2(child->ready, O_CLOEXEC), 0);
        child->pid = fork();
        assert_true(child->pid >= 0);
        if (child->pid == 0)
                run(child);
        close(child->ready[1]);
        assert_int_equal(read(child->ready[0], &byte, 1), 1);
}

static inline void child_end(struct child *child)
{
        kill(child->pid, SIGKILL);
        assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
        close(child->ready[0]);
}

#endif
