/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signal reaches the process that was seen, and no other. */
#include "sys/process.h"
#include "sys/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct target {
        struct host *host;
        pid_t pid;
        uint64_t start;
};

static uint64_t start_of(const struct host *host, pid_t pid)
{
        struct process_stat stat;
        struct buf path = { 0 }, text = { 0 };
        int dir;

        buf_printf(&path, "/proc/%d", (int)pid);
        dir = host_openat(host, path.data, O_PATH | O_DIRECTORY);
        assert_true(dir >= 0);
        assert_int_equal(process_read_stat(dir, &text, &stat), 0);
        close(dir);
        buf_done(&path);
        buf_done(&text);
        return (uint64_t)process_start_time(host, stat.start);
}

static int setup(void **state)
{
        static struct target target;

        assert_int_equal(host_open(NULL, &target.host), 0);
        target.pid = fork();
        assert_true(target.pid >= 0);
        if (target.pid == 0)
                for (;;)
                        pause();
        target.start = start_of(target.host, target.pid);
        *state = &target;
        return 0;
}

static int teardown(void **state)
{
        struct target *target = *state;

        if (target->pid) {
                kill(target->pid, SIGKILL);
                waitpid(target->pid, NULL, 0);
        }
        host_close(target->host);
        return 0;
}

/* It got that one, and ended by it. */
static void assert_ended_by(struct target *target, int signal)
{
        int status;

        assert_int_equal(waitpid(target->pid, &status, 0), target->pid);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signal);
        target->pid = 0;
}

static void it_is_sent(void **state)
{
        struct target *target = *state;

        assert_int_equal(signals_send(target->host, target->pid, target->start, SIGTERM), 0);
        assert_ended_by(target, SIGTERM);
}

static void another_process_of_the_pid_gets_none(void **state)
{
        struct target *target = *state;

        assert_int_equal(signals_send(target->host, target->pid, target->start - 10000000, SIGTERM), -ESTALE);
        assert_int_equal(signals_send(target->host, target->pid, target->start + 10000000, SIGTERM), -ESTALE);
        assert_int_equal(signals_send(target->host, target->pid, 1, SIGTERM), -ESTALE);
        /* It would have come before this one. */
        assert_int_equal(signals_send(target->host, target->pid, target->start, SIGKILL), 0);
        assert_ended_by(target, SIGKILL);
}

static void who_has_ended_is_told(void **state)
{
        struct target *target = *state;
        pid_t pid = target->pid;
        siginfo_t info;

        assert_int_equal(signals_send(target->host, pid, target->start, SIGKILL), 0);
        /* Dead, but not buried. */
        assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
        assert_int_equal(signals_send(target->host, pid, target->start, SIGTERM), -ESRCH);
        assert_ended_by(target, SIGKILL);
        assert_int_equal(signals_send(target->host, pid, target->start, SIGTERM), -ESRCH);
}

static void some_get_none_at_all(void **state)
{
        struct target *target = *state;

        assert_int_equal(signals_send(target->host, 1, start_of(target->host, 1), SIGCONT), -EINVAL);
        assert_int_equal(signals_send(target->host, 0, 1, SIGCONT), -EINVAL);
        assert_int_equal(signals_send(target->host, -1, 1, SIGCONT), -EINVAL);
        assert_int_equal(signals_send(target->host, getpid(), start_of(target->host, getpid()), SIGCONT), -EINVAL);
        assert_int_equal(signals_send(target->host, target->pid, 0, SIGCONT), -EINVAL);
        assert_int_equal(signals_send(target->host, target->pid, target->start, 0), -EINVAL);
}

static void a_recorded_machine_has_no_processes(void **state)
{
        struct target *target = *state;
        struct host *recorded;

        assert_int_equal(host_open("/proc/self/root/dev", &recorded), 0);
        assert_int_equal(signals_send(recorded, target->pid, target->start, SIGTERM), -EINVAL);
        host_close(recorded);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(it_is_sent, setup, teardown),
                cmocka_unit_test_setup_teardown(another_process_of_the_pid_gets_none, setup, teardown),
                cmocka_unit_test_setup_teardown(who_has_ended_is_told, setup, teardown),
                cmocka_unit_test_setup_teardown(some_get_none_at_all, setup, teardown),
                cmocka_unit_test_setup_teardown(a_recorded_machine_has_no_processes, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
