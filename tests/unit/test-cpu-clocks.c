/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/cpu-clocks.h"

#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static void texts(void **state)
{
        static const char *const bad[] = {
                "", "se.exec_start\n", "se.exec_start : \n", "se.exec_start : 1\n", "se.exec_start : 1.5\n",
                "se.exec_start : -1.000000\n", "se.exec_start 1.000000\n", "se.exec_start : 1.0000000\n",
                "se.exec_start : 1.000000 x\n", "se.exec_start : 99999999999999999999.000000\n",
                "se.exec_starter : 1.000000\n", "se.exec_start : .000000\n",
        };
        uint64_t ns = 42;

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(cpu_clocks_parse(text_of(bad[i]), &ns), -EBADMSG);
        assert_int_equal(ns, 42);
        assert_int_equal(cpu_clocks_parse(TEXT("\nse.exec_start (9, #threads: 1)\nse.exec_start : 0.000001\n"), &ns), 0);
        assert_true(ns == 1);
        assert_int_equal(cpu_clocks_parse(TEXT("se.exec_start) : 7.000000 (9, #threads: 1)\n----\n"
                                               "se.exec_start                                :       4144688.779927\n"
                                               "se.vruntime                                  :           171.826472\n"),
                                          &ns), 0);
        assert_true(ns == 4144688779927u);
}

enum { MS = 1000000, NEAR = 20 * MS, TRIES = 50 };

static int64_t apart(int64_t a, int64_t b)
{
        return a < b ? b - a : a - b;
}

/* What a thread that runs on the CPU is told there itself; 0: nothing. */
static int64_t seen_on(const struct host *host, int cpu)
{
        cpu_set_t old, one;
        uint64_t clock = 0;
        int dir;

        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        assert_int_equal(sched_getaffinity(0, sizeof(old), &old), 0);
        assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
        sched_yield();
        dir = host_openat(host, "/proc/thread-self", O_PATH | O_DIRECTORY);
        assert_true(dir >= 0);
        assert_int_equal(process_read_processor(dir), cpu);
        if (cpu_clocks_read(dir, &clock) < 0)
                clock = 0;
        close(dir);
        assert_int_equal(sched_setaffinity(0, sizeof(old), &old), 0);
        return clock ? host_time(host) - (int64_t)clock : 0;
}

/* Others may run in between, of either: then it is tried again. */
static void each_has_its_own(void **state)
{
        struct host *host;
        cpu_set_t all, after;

        (void)state;
        assert_int_equal(host_open(NULL, &host), 0);
        assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
        for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
                int64_t distance = INT64_MAX;

                for (int i = 0; CPU_ISSET(cpu, &all) && i < TRIES && distance > NEAR; i++) {
                        struct cpu_clocks *clocks = cpu_clocks_new(host);
                        int64_t seen = seen_on(host, cpu), told = cpu_clocks_begin(clocks, cpu);

                        if (!seen)
                                skip();         /* a kernel without CONFIG_SCHED_DEBUG */
                        assert_int_equal(cpu_clocks_begin(clocks, cpu), told);
                        distance = apart(seen, told);
                        cpu_clocks_free(clocks);
                }
                if (CPU_ISSET(cpu, &all))
                        assert_true(distance <= NEAR);
        }
        assert_int_equal(sched_getaffinity(0, sizeof(after), &after), 0);
        assert_true(CPU_EQUAL(&all, &after));
        host_close(host);
}

/* Where we may not run, and where there is nothing: that of the CPU that we are on. */
static void none_that_can_be_asked(void **state)
{
        struct cpu_clocks *clocks;
        struct host *host;
        int64_t here;

        (void)state;
        assert_int_equal(host_open(NULL, &host), 0);
        clocks = cpu_clocks_new(host);
        here = cpu_clocks_begin(clocks, -1);
        assert_true(cpu_clocks_begin(clocks, 8191) == here);
        assert_true(cpu_clocks_begin(clocks, 8192) == here);
        assert_true(cpu_clocks_begin(clocks, INT32_MAX) == here);
        cpu_clocks_free(clocks);
        cpu_clocks_free(NULL);
        host_close(host);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(texts),
                cmocka_unit_test(each_has_its_own),
                cmocka_unit_test(none_that_can_be_asked),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
