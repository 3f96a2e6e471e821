/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open files of our own and of a child, compared for real. */
#include "sys/kcmp.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* More than one run of kcmp.c, less than the usual limit of descriptors with their copies. */
enum { FILES = 400 };

static int *find(struct open_files *files, uint64_t class, pid_t pid, int fd, int *ret)
{
        void *data = NULL;

        *ret = open_files_find(files, class, 1, pid, fd, &data);
        return data;
}

/* Skips what a kernel without kcmp(2), or a container that forbids it, cannot show. */
static void need_kcmp(void)
{
        struct open_files *files = open_files_new(true);
        int r;

        find(files, 0, getpid(), 0, &r);
        open_files_add(files, files);
        find(files, 0, getpid(), 0, &r);
        open_files_free(files);
        if (r != 1)
                skip();
}

static void many_files_and_their_copies(void **state)
{
        struct open_files *files = open_files_new(true);
        int fds[FILES], copies[FILES], r;

        (void)state;
        need_kcmp();
        for (int i = 0; i < FILES; i++) {
                fds[i] = eventfd(0, EFD_CLOEXEC);
                copies[i] = dup(fds[i]);
                if (copies[i] < 0)
                        skip();         /* RLIMIT_NOFILE */
        }
        for (int i = 0; i < FILES; i++) {
                assert_null(find(files, 1, getpid(), fds[i], &r));
                assert_int_equal(r, 0);
                open_files_add(files, &fds[i]);
        }
        for (int i = FILES - 1; i >= 0; i--) {
                assert_ptr_equal(find(files, 1, getpid(), copies[i], &r), &fds[i]);
                assert_int_equal(r, 1);
        }
        /* Classes are never compared. */
        assert_null(find(files, 2, getpid(), fds[0], &r));
        assert_int_equal(r, 0);
        for (int i = 0; i < FILES; i++) {
                close(fds[i]);
                close(copies[i]);
        }
        open_files_free(files);
}

static void of_another_process(void **state)
{
        struct open_files *files = open_files_new(true);
        int shared = eventfd(0, EFD_CLOEXEC), own, r;
        pid_t pid;

        (void)state;
        need_kcmp();
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
                for (;;)
                        pause();
        own = eventfd(0, EFD_CLOEXEC);
        find(files, 1, getpid(), shared, &r);
        open_files_add(files, &shared);
        assert_null(find(files, 1, getpid(), own, &r));
        assert_int_equal(r, 0);
        open_files_add(files, &own);
        assert_ptr_equal(find(files, 1, pid, shared, &r), &shared);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        find(files, 1, pid, shared, &r);
        assert_int_equal(r, -ENOENT);
        close(shared);
        close(own);
        open_files_free(files);
}

static void files_that_were_closed_meanwhile(void **state)
{
        struct open_files *files = open_files_new(true);
        int fds[64], r;

        (void)state;
        need_kcmp();
        for (int i = 0; i < 64; i++) {
                fds[i] = eventfd(0, EFD_CLOEXEC);
                find(files, 1, getpid(), fds[i], &r);
                open_files_add(files, &fds[i]);
        }
        for (int i = 0; i < 63; i++)
                close(fds[i]);
        assert_ptr_equal(find(files, 1, getpid(), fds[63], &r), &fds[63]);
        assert_int_equal(r, 1);
        close(fds[63]);
        find(files, 1, getpid(), fds[63], &r);
        assert_int_equal(r, -ENOENT);
        open_files_free(files);
}

static void count(void *data, void *context)
{
        (void)data;
        ++*(int *)context;
}

static void where_nothing_can_be_compared(void **state)
{
        struct open_files *files = open_files_new(false);
        int number, doubts = 0, r;

        (void)state;
        find(files, 1, 10, 3, &r);
        assert_int_equal(r, 0);
        open_files_add(files, &number);
        find(files, 2, 10, 4, &r);
        assert_int_equal(r, 0);
        find(files, 1, 10, 4, &r);
        assert_int_equal(r, -EOPNOTSUPP);
        open_files_doubt(files, count, &doubts);
        assert_int_equal(doubts, 1);
        find(files, 1, 11, 3, &r);
        assert_int_equal(r, -EOPNOTSUPP);
        open_files_doubt(files, count, &doubts);
        assert_int_equal(doubts, 1);
        open_files_free(files);
}

static void targets_of_an_epoll(void **state)
{
        struct epoll_event event = { .events = EPOLLIN };
        int epoll = epoll_create1(EPOLL_CLOEXEC), a = eventfd(0, EFD_CLOEXEC), b = eventfd(0, EFD_CLOEXEC), kept;
        pid_t pid = getpid();

        (void)state;
        need_kcmp();
        assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, a, &event), 0);
        assert_int_equal(kcmp_is_target(pid, a, pid, epoll, (uint32_t)a, 0), 1);
        assert_int_equal(kcmp_is_target(pid, b, pid, epoll, (uint32_t)a, 0), 0);
        assert_int_equal(kcmp_is_target(pid, b, pid, epoll, (uint32_t)b, 0), -ENOENT);
        assert_int_equal(kcmp_is_target(pid, a, pid, epoll, (uint32_t)a, 1), -ENOENT);
        /* The number is another file now, the one that is watched lives on. */
        kept = dup(a);
        assert_int_equal(dup2(b, a), a);
        assert_int_equal(kcmp_is_target(pid, a, pid, epoll, (uint32_t)a, 0), 0);
        assert_int_equal(kcmp_is_target(pid, kept, pid, epoll, (uint32_t)a, 0), 1);
        close(epoll);
        close(a);
        close(b);
        close(kept);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(many_files_and_their_copies),
                cmocka_unit_test(of_another_process),
                cmocka_unit_test(files_that_were_closed_meanwhile),
                cmocka_unit_test(where_nothing_can_be_compared),
                cmocka_unit_test(targets_of_an_epoll),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
