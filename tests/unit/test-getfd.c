/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of descriptors of our own: this process may attach to itself wherever pidfd_getfd(2) works at all. */
#include "sys/getfd.h"
#include "sys/memfd.h"
#include "sys/pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct ends {
        int fd[2];
        uint64_t inode;
};

/* Makes a pipe; skips where copies can't be had (seccomp, Linux before 5.6). */
static void make_pipe(struct ends *ends)
{
        struct stat st;
        int copy;

        assert_int_equal(pipe2(ends->fd, O_CLOEXEC), 0);
        assert_int_equal(fstat(ends->fd[0], &st), 0);
        ends->inode = st.st_ino;
        copy = getfd_copy(getpid(), 0, ends->fd[0], 0, ends->inode, &st);
        if (copy == -ENOSYS || copy == -EPERM) {
                close(ends->fd[0]);
                close(ends->fd[1]);
                skip();
        }
        assert_true(copy >= 0);
        assert_int_equal(close(copy), 0);
}

static void both_ends_of_a_pipe(void **state)
{
        struct pipe_facts facts = { 0 };
        struct ends ends;

        (void)state;
        make_pipe(&ends);
        assert_int_equal(write(ends.fd[1], "12345", 5), 5);
        assert_int_equal(pipes_look(getpid(), 0, ends.fd[0], 0, ends.inode, &facts), 0);
        assert_int_equal(facts.queued, 5);
        assert_int_equal(facts.capacity, fcntl(ends.fd[0], F_GETPIPE_SZ));
        assert_true(facts.tells_writers && facts.has_writers && !facts.tells_readers);
        assert_int_equal(pipes_look(getpid(), 0, ends.fd[1], 0, ends.inode, &facts), 0);
        assert_true(facts.tells_readers && facts.has_readers && !facts.tells_writers);

        close(ends.fd[0]);
        assert_int_equal(pipes_look(getpid(), getpid(), ends.fd[1], 0, ends.inode, &facts), 0);
        assert_true(facts.tells_readers && !facts.has_readers);
        close(ends.fd[1]);

        make_pipe(&ends);
        close(ends.fd[1]);
        assert_int_equal(pipes_look(getpid(), 0, ends.fd[0], 0, ends.inode, &facts), 0);
        assert_true(facts.tells_writers && !facts.has_writers && facts.queued == 0);
        close(ends.fd[0]);
}

static void something_else(void **state)
{
        struct pipe_facts facts = { .queued = 42 };
        struct ends ends;
        struct stat st;
        unsigned seals = 42;
        int null = open("/dev/null", O_RDONLY | O_CLOEXEC), path;
        char link[32];

        (void)state;
        make_pipe(&ends);
        assert_int_equal(fstat(null, &st), 0);
        assert_int_equal(pipes_look(getpid(), 0, ends.fd[0], 0, ends.inode + 1, &facts), -ESTALE);
        assert_int_equal(pipes_look(getpid(), 0, ends.fd[0], 77, ends.inode, &facts), -ESTALE);
        assert_int_equal(pipes_look(getpid(), 0, null, 0, st.st_ino, &facts), -ESTALE);
        assert_int_equal(pipes_look(getpid(), 0, 1 << 20, 0, ends.inode, &facts), -EBADF);
        assert_true(memfd_seals(getpid(), 0, null, 0, st.st_ino, &seals) < 0);
        snprintf(link, sizeof(link), "/proc/self/fd/%d", ends.fd[1]);
        path = open(link, O_PATH | O_CLOEXEC);
        if (path >= 0)
                assert_int_equal(pipes_look(getpid(), 0, path, 0, ends.inode, &facts), -EBADF);
        assert_int_equal(facts.queued, 42);
        assert_int_equal(seals, 42);
        close(path);
        close(null);
        close(ends.fd[0]);
        close(ends.fd[1]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(both_ends_of_a_pipe),
                cmocka_unit_test(something_else),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
