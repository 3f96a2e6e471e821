/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/limits.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* As Linux 6.18 prints it. */
#define HEAD "Limit                     Soft Limit           Hard Limit           Units     \n"

static void test_process(void **state)
{
        struct process_limits limits;

        (void)state;
        assert_int_equal(limits_parse_process(TEXT(HEAD
                "Max cpu time              unlimited            unlimited            seconds   \n"
                "Max processes             96551                96552                processes \n"
                "Max open files            20000                524288               files     \n"
                "Max locked memory         unlimited            unlimited            bytes     \n"
                "Max pending signals       0                    96551                signals   \n"
                "Max msgqueue size         819200               819200               bytes     \n"), &limits), 0);
        for (unsigned i = 0; i < PROCESS_LIMITS; i++)
                assert_true(limits.there[i]);
        assert_int_equal(limits.soft[PROCESS_LIMIT_NPROC], 96551);
        assert_int_equal(limits.soft[PROCESS_LIMIT_NOFILE], 20000);
        assert_int_equal(limits.soft[PROCESS_LIMIT_MEMLOCK], LIMIT_NONE);
        assert_int_equal(limits.soft[PROCESS_LIMIT_SIGPENDING], 0);
        assert_int_equal(limits.soft[PROCESS_LIMIT_MSGQUEUE], 819200);
}

static void test_process_odd(void **state)
{
        struct process_limits limits = { .there = { true } };

        (void)state;
        assert_int_equal(limits_parse_process(TEXT(""), &limits), -EBADMSG);
        assert_int_equal(limits_parse_process(TEXT("Max open files 1 1 files\n"), &limits), -EBADMSG);
        assert_int_equal(limits_parse_process(TEXT(HEAD "Max open files            many\n"), &limits), -EBADMSG);
        assert_int_equal(limits_parse_process(TEXT(HEAD "Max open files            \n"), &limits), -EBADMSG);
        assert_int_equal(limits_parse_process(TEXT(HEAD "Max open files            -1\n"), &limits), -EBADMSG);
        assert_true(limits.there[0]);
        /* Limits of newer kernels, and those that are missing. */
        assert_int_equal(limits_parse_process(TEXT(HEAD "Max new things            a b c\n"), &limits), 0);
        for (unsigned i = 0; i < PROCESS_LIMITS; i++)
                assert_false(limits.there[i]);
}

static void test_numbers(void **state)
{
        uint64_t numbers[4] = { 7, 7, 7, 7 };
        unsigned n = 9;

        (void)state;
        assert_int_equal(limits_parse_numbers(TEXT("32000\t1024000000\t500\t32000\n"), numbers, 4, &n), 0);
        assert_int_equal(n, 4);
        assert_int_equal(numbers[1], 1024000000);
        assert_int_equal(limits_parse_numbers(TEXT("1 2 3 4 5 6\nx\n"), numbers, 2, &n), 0);
        assert_int_equal(n, 2);
        assert_int_equal(numbers[2], 500);
        assert_int_equal(limits_parse_numbers(TEXT("max\n"), numbers, 1, &n), 0);
        assert_int_equal(numbers[0], LIMIT_NONE);
        /* SHMMAX and file-max as the kernel has them from the start: nothing reaches that. */
        assert_int_equal(limits_parse_numbers(TEXT("18446744073692774399"), numbers, 1, &n), 0);
        assert_int_equal(numbers[0], LIMIT_NONE);
        assert_int_equal(limits_parse_numbers(TEXT("9223372036854775807\n"), numbers, 1, &n), 0);
        assert_int_equal(numbers[0], LIMIT_NONE);
        assert_int_equal(limits_parse_numbers(TEXT("9223372036854775806\n"), numbers, 1, &n), 0);
        assert_int_equal(numbers[0], INT64_MAX - 1);
        assert_int_equal(limits_parse_numbers(TEXT("0\n"), numbers, 1, &n), 0);
        assert_int_equal(numbers[0], 0);
}

static void test_numbers_odd(void **state)
{
        uint64_t number = 7;
        unsigned n = 9;

        (void)state;
        assert_int_equal(limits_parse_numbers(TEXT(""), &number, 1, &n), -EBADMSG);
        assert_int_equal(limits_parse_numbers(TEXT("\n1\n"), &number, 1, &n), -EBADMSG);
        assert_int_equal(limits_parse_numbers(TEXT("-1\n"), &number, 1, &n), -EBADMSG);
        assert_int_equal(limits_parse_numbers(TEXT("0x10\n"), &number, 1, &n), -EBADMSG);
        assert_int_equal(limits_parse_numbers(TEXT("18446744073709551616\n"), &number, 1, &n), -EBADMSG);
        assert_int_equal(number, 7);
        assert_int_equal(n, 9);
}

static void test_keyed(void **state)
{
        const struct text text = TEXT("anon 1\nshmem 4096\nshmem_thp 2\nbad x\nnone\n");
        uint64_t number = 7;

        (void)state;
        assert_int_equal(limits_parse_keyed(text, "shmem", &number), 0);
        assert_int_equal(number, 4096);
        assert_int_equal(limits_parse_keyed(text, "file", &number), -ENOENT);
        assert_int_equal(limits_parse_keyed(text, "bad", &number), -EBADMSG);
        assert_int_equal(limits_parse_keyed(text, "none", &number), -EBADMSG);
        assert_int_equal(number, 4096);
}

static void test_netstat(void **state)
{
        const struct text text = TEXT("TcpExt: SyncookiesSent ListenOverflows ListenDrops New\n"
                                      "TcpExt: 0 17 18 x\n"
                                      "IpExt: ListenDrops\nIpExt: 99\nTcpExt: Cut Short\nTcpExt: 1\n");
        uint64_t number = 7;

        (void)state;
        assert_int_equal(limits_parse_netstat(text, "TcpExt", "ListenDrops", &number), 0);
        assert_int_equal(number, 18);
        assert_int_equal(limits_parse_netstat(text, "TcpExt", "ListenOverflows", &number), 0);
        assert_int_equal(number, 17);
        assert_int_equal(limits_parse_netstat(text, "IpExt", "ListenDrops", &number), 0);
        assert_int_equal(number, 99);
        assert_int_equal(limits_parse_netstat(text, "TcpExt", "New", &number), -EBADMSG);
        assert_int_equal(limits_parse_netstat(text, "TcpExt", "Short", &number), -ENOENT);
        assert_int_equal(limits_parse_netstat(TEXT("TcpExt: A\n"), "TcpExt", "A", &number), -ENOENT);
        assert_int_equal(limits_parse_netstat(TEXT("TcpExt: A\nIpExt: 1\n"), "TcpExt", "A", &number), -ENOENT);
        assert_int_equal(number, 99);
}

static void test_threads(void **state)
{
        uint64_t number = 7;

        (void)state;
        assert_int_equal(limits_parse_threads(TEXT("0.52 0.58 0.59 2/1300 20011\n"), &number), 0);
        assert_int_equal(number, 1300);
        assert_int_equal(limits_parse_threads(TEXT("0.52 0.58 0.59 2 20011\n"), &number), -EBADMSG);
        assert_int_equal(limits_parse_threads(TEXT("0.52 0.58\n"), &number), -EBADMSG);
        assert_int_equal(limits_parse_threads(TEXT(""), &number), -EBADMSG);
        assert_int_equal(number, 1300);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_process),
                cmocka_unit_test(test_process_odd),
                cmocka_unit_test(test_numbers),
                cmocka_unit_test(test_numbers_odd),
                cmocka_unit_test(test_keyed),
                cmocka_unit_test(test_netstat),
                cmocka_unit_test(test_threads),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
