/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a process has run is told of children of ours: they wait for a byte, answer it, and wait again. */
#include "sys/pulse.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 100, TRIES = 20000, PAUSE_NS = 1000000 };

struct child {
        pid_t pid;
        int socket;
};

static void *answer(void *argument)
{
        int socket = *(const int *)argument;
        char byte;

        while (read(socket, &byte, 1) == 1 && write(socket, &byte, 1) == 1)
                ;
        _exit(0);
        return NULL;
}

static void *stay(void *argument)
{
        (void)argument;
        for (;;)
                pause();
        return NULL;
}

static void live(int socket, unsigned nthreads)
{
        pthread_t thread;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (unsigned i = 0; i < nthreads; i++)
                if (pthread_create(&thread, NULL, stay, NULL) != 0)
                        _exit(1);
        /* The one that answers is not the first, if there are others. */
        if (nthreads > 0 && pthread_create(&thread, NULL, answer, &socket) == 0)
                stay(NULL);
        answer(&socket);
}

static void child_wake(const struct child *child)
{
        char byte = 1;

        assert_int_equal(write(child->socket, &byte, 1), 1);
        assert_int_equal(read(child->socket, &byte, 1), 1);
}

static void child_start(struct child *child, unsigned nthreads)
{
        int pair[2];

        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        child->pid = fork();
        assert_true(child->pid >= 0);
        if (child->pid == 0)
                live(pair[1], nthreads);
        close(pair[1]);
        child->socket = pair[0];
        child_wake(child);
}

static void child_end(struct child *child)
{
        kill(child->pid, SIGKILL);
        assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
        close(child->socket);
}

/* It has answered, but may not be back in its call yet. */
static void rest(const struct child *child, struct pulse *ret)
{
        for (int i = 0; i < TRIES; i++) {
                assert_true(pulse_take(ret, child->pid));
                nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
                if (pulse_is_same(ret))
                        return;
        }
        fail_msg("it does not come to rest");
}

static void skip_without_clock(void)
{
        if (!pulse_can_be_told()) {
                print_message("this kernel counts the time of processes in ticks\n");
                skip();
        }
}

/* Asleep it is the same as often as one asks; of whoever made as much as one call it is another one. */
static void watch(unsigned nthreads)
{
        struct child child;
        struct pulse pulse;

        skip_without_clock();
        child_start(&child, nthreads);
        for (unsigned i = 0; i < 20; i++) {
                rest(&child, &pulse);
                for (unsigned j = 0; j < 20; j++)
                        assert_true(pulse_is_same(&pulse));
                child_wake(&child);
                /* Its time counts when it leaves the processor. */
                for (int j = 0; j < TRIES && pulse_is_same(&pulse); j++)
                        nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
                assert_false(pulse_is_same(&pulse));
        }
        child_end(&child);
}

static void a_process(void **state)
{
        (void)state;
        watch(0);
}

static void any_of_many_threads(void **state)
{
        (void)state;
        watch(THREADS);
}

static void who_has_ended(void **state)
{
        struct child child;
        struct pulse pulse;

        (void)state;
        skip_without_clock();
        child_start(&child, 0);
        rest(&child, &pulse);
        child_end(&child);
        assert_false(pulse_is_same(&pulse));
        assert_false(pulse_take(&pulse, child.pid));
        assert_false(pulse_is_same(&pulse));
}

static void nobody(void **state)
{
        (void)state;
        assert_false(pulse_is_same(&(struct pulse){ 0 }));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_process),
                cmocka_unit_test(any_of_many_threads),
                cmocka_unit_test(who_has_ended),
                cmocka_unit_test(nobody),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
