/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/waits.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOTHING (-1)

/* A call as the kernel writes it, behind the arguments stack and instruction. */
static int decode(const char *call, enum wait_machine machine, struct wait_call *ret)
{
        struct buf line = { 0 };
        struct wait_line parsed;
        int r;

        buf_printf(&line, "%s 0x7ffd0b2d8f18 0x7f0a12b3c4d5\n", call);
        r = wait_parse(buf_text(&line), &parsed);
        buf_done(&line);
        assert_int_equal(r, 1);
        return wait_decode(&parsed, machine, ret) ? (int)ret->target : NOTHING;
}

struct sample {
        enum wait_machine machine;
        const char *line, *operation;
        enum wait_target target;
        int id;
};

static void lines(void **state)
{
        struct wait_line line;

        (void)state;
        assert_int_equal(wait_parse(TEXT("65 0x8001 0x7ffe1000 0x1 0x0 0xffffffffffffffff 0x5 0x7ffe0f00 0x7f00aa\n"),
                                    &line), 1);
        assert_int_equal(line.number, 65);
        assert_int_equal(line.arguments[0], 0x8001);
        assert_true(line.arguments[4] == UINT64_MAX);
        assert_int_equal(line.arguments[5], 5);
        assert_int_equal(line.stack, 0x7ffe0f00);
        assert_int_equal(line.instruction, 0x7f00aa);

        assert_int_equal(wait_parse(TEXT("running\n"), &line), 0);
        assert_int_equal(wait_parse(TEXT("-1 0x7ffe0f00 0x7f00aa\n"), &line), 0);
        /* A kernel thread: number 0 is not read(2). */
        assert_int_equal(wait_parse(TEXT("0 0x0 0x0 0x0 0x0 0x0 0x0 0x0 0x0\n"), &line), 0);
        assert_int_equal(line.number, 65);
}

static void bad_lines(void **state)
{
        static const char *const bad[] = {
                "", "\n", "running", "runnin\n", "running \n",
                "-1\n", "-1 0x1\n", "-1 0x1 0x2 0x3\n", "-2 0x1 0x2\n", "-1 1 2\n",
                "65 0x1 0x2 0x3 0x4 0x5 0x6 0x7\n",
                "65 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8",
                "65 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8 0x9\n",
                "65 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x10000000000000000\n",
                "65 0x 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
                "65 -0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
                "65 0xg 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
                "0x41 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
                "2147483648 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n",
                "65 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8\nrunning\n",
        };
        struct wait_line line = { .number = 42 };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(wait_parse(text_of(bad[i]), &line), -EBADMSG);
        assert_int_equal(line.number, 42);
}

static void check(const struct sample *samples, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                struct wait_call call = { .operation = "?" };

                assert_int_equal(decode(samples[i].line, samples[i].machine, &call), (int)samples[i].target);
                assert_string_equal(call.operation, samples[i].operation);
                assert_int_equal(call.id, samples[i].id);
        }
}

/* By hand from the tables of the kernel, a call of each sort on each machine. */
static void ids_and_descriptors(void **state)
{
        static const struct sample samples[] = {
                { MACHINE_X86_64, "65 0x7 0x1 0x1 0x0 0x0 0x0", "semop", WAIT_SEM, 7 },
                { MACHINE_X86_64, "220 0x7fffffff 0x1 0x1 0x2 0x0 0x0", "semtimedop", WAIT_SEM, INT32_MAX },
                { MACHINE_X86_64, "69 0x3 0x1 0x1 0x0 0x0 0x0", "msgsnd", WAIT_MSG, 3 },
                { MACHINE_X86_64, "70 0x3 0x1 0x1 0x0 0x0 0x0", "msgrcv", WAIT_MSG, 3 },
                { MACHINE_X86_64, "242 0x9 0x1 0x1 0x0 0x0 0x0", "mq_timedsend", WAIT_FD, 9 },
                { MACHINE_X86_64, "243 0x9 0x1 0x1 0x0 0x0 0x0", "mq_timedreceive", WAIT_FD, 9 },
                { MACHINE_X86_64, "0 0x0 0x1 0x1 0x0 0x0 0x0", "read", WAIT_FD, 0 },
                { MACHINE_X86_64, "1 0x1 0x1 0x1 0x0 0x0 0x0", "write", WAIT_FD, 1 },
                { MACHINE_X86_64, "45 0xdeadbeef00000004 0x1 0x1 0x0 0x0 0x0", "recvfrom", WAIT_FD, 4 },
                { MACHINE_X86_64, "288 0x5 0x1 0x1 0x0 0x0 0x0", "accept4", WAIT_FD, 5 },
                { MACHINE_X86_64, "42 0x5 0x1 0x1 0x0 0x0 0x0", "connect", WAIT_FD, 5 },
                { MACHINE_X86_64, "232 0x6 0x1 0x1 0xffffffff 0x0 0x0", "epoll_wait", WAIT_FD, 6 },
                { MACHINE_X86_64, "247 0x3 0x8 0x0 0x4 0x0 0x0", "waitid", WAIT_FD, 8 },
                { MACHINE_X86_64, "426 0x8 0x0 0x1 0x1 0x0 0x0", "io_uring_enter", WAIT_FD, 8 },
                { MACHINE_X86_64, "73 0x8 0x2 0x0 0x0 0x0 0x0", "flock", WAIT_LOCK, 8 },
                { MACHINE_X86_64, "72 0x8 0x7 0x0 0x0 0x0 0x0", "fcntl", WAIT_LOCK, 8 },
                { MACHINE_X86_64, "72 0x8 0x26 0x0 0x0 0x0 0x0", "fcntl", WAIT_LOCK, 8 },
                { MACHINE_X86_64, "257 0xffffff9c 0x1 0x0 0x0 0x0 0x0", "openat", WAIT_PATH, AT_FDCWD },
                { MACHINE_X86_64, "2 0x1000 0x1 0x0 0x0 0x0 0x0", "open", WAIT_PATH, AT_FDCWD },

                { MACHINE_I386, "420 0x7 0x1 0x1 0x0 0x0 0x0", "semtimedop_time64", WAIT_SEM, 7 },
                { MACHINE_I386, "117 0x1 0x7 0x1 0x0 0x0 0x0", "semop", WAIT_SEM, 7 },
                { MACHINE_I386, "117 0x10004 0x7 0x1 0x0 0x0 0x0", "semtimedop", WAIT_SEM, 7 },
                { MACHINE_I386, "117 0xb 0x7 0x1 0x0 0x0 0x0", "msgsnd", WAIT_MSG, 7 },
                { MACHINE_I386, "117 0xc 0x7 0x1 0x0 0x0 0x0", "msgrcv", WAIT_MSG, 7 },
                { MACHINE_I386, "401 0x7 0x1 0x1 0x0 0x0 0x0", "msgrcv", WAIT_MSG, 7 },
                { MACHINE_I386, "3 0x4 0x1 0x1 0x0 0x0 0x0", "read", WAIT_FD, 4 },
                { MACHINE_I386, "4 0x4 0x1 0x1 0x0 0x0 0x0", "write", WAIT_FD, 4 },
                { MACHINE_I386, "419 0x4 0x1 0x1 0x0 0x0 0x0", "mq_timedreceive_time64", WAIT_FD, 4 },
                { MACHINE_I386, "221 0x4 0xe 0x1 0x0 0x0 0x0", "fcntl64", WAIT_LOCK, 4 },
                { MACHINE_I386, "256 0x4 0x1 0x1 0x0 0x0 0x0", "epoll_wait", WAIT_FD, 4 },

                { MACHINE_ARM64, "193 0x7 0x1 0x1 0x0 0x0 0x0", "semop", WAIT_SEM, 7 },
                { MACHINE_ARM64, "192 0x7 0x1 0x1 0x0 0x0 0x0", "semtimedop", WAIT_SEM, 7 },
                { MACHINE_ARM64, "189 0x7 0x1 0x1 0x0 0x0 0x0", "msgsnd", WAIT_MSG, 7 },
                { MACHINE_ARM64, "188 0x7 0x1 0x1 0x0 0x0 0x0", "msgrcv", WAIT_MSG, 7 },
                { MACHINE_ARM64, "183 0x7 0x1 0x1 0x0 0x0 0x0", "mq_timedreceive", WAIT_FD, 7 },
                { MACHINE_ARM64, "63 0x7 0x1 0x1 0x0 0x0 0x0", "read", WAIT_FD, 7 },
                { MACHINE_ARM64, "64 0x7 0x1 0x1 0x0 0x0 0x0", "write", WAIT_FD, 7 },
                { MACHINE_ARM64, "22 0x7 0x1 0x1 0x0 0x0 0x0", "epoll_pwait", WAIT_FD, 7 },
                { MACHINE_ARM64, "202 0x7 0x1 0x1 0x0 0x0 0x0", "accept", WAIT_FD, 7 },
                { MACHINE_ARM64, "25 0x7 0x7 0x1 0x0 0x0 0x0", "fcntl", WAIT_LOCK, 7 },
                { MACHINE_ARM64, "56 0x7 0x1000 0x1 0x0 0x0 0x0", "openat", WAIT_PATH, 7 },
        };

        (void)state;
        check(samples, sizeof(samples) / sizeof(*samples));
}

static void several(void **state)
{
        struct wait_call call;

        (void)state;
        assert_int_equal(decode("275 0x3 0x0 0x4 0x0 0x10 0x0", MACHINE_X86_64, &call), WAIT_FDS);
        assert_int_equal(call.id, 3);
        assert_int_equal(call.other, 4);
        assert_int_equal(decode("40 0x5 0x6 0x0 0x10 0x0 0x0", MACHINE_X86_64, &call), WAIT_FDS);
        assert_int_equal(call.id, 5);
        assert_int_equal(call.other, 6);

        assert_int_equal(decode("7 0x7ffe10 0x3 0xffffffff 0x0 0x0 0x0", MACHINE_X86_64, &call), WAIT_POLL);
        assert_int_equal(call.address, 0x7ffe10);
        assert_int_equal(call.count, 3);
        assert_int_equal(decode("73 0x7ffe10 0x3 0x0 0x0 0x0 0x0", MACHINE_ARM64, &call), WAIT_POLL);
        assert_string_equal(call.operation, "ppoll");
        assert_int_equal(decode("7 0x0 0x0 0x64 0x0 0x0 0x0", MACHINE_X86_64, &call), NOTHING);

        assert_int_equal(decode("270 0x9 0x10 0x0 0x30 0x0 0x0", MACHINE_X86_64, &call), WAIT_SELECT);
        assert_int_equal(call.count, 9);
        assert_int_equal(call.addresses[0], 0x10);
        assert_int_equal(call.addresses[1], 0);
        assert_int_equal(call.addresses[2], 0x30);
        assert_int_equal(decode("142 0xffffffff 0x10 0x0 0x30 0x0 0x0", MACHINE_I386, &call), NOTHING);
        assert_int_equal(decode("142 0x1 0x10 0x0 0x30 0x0 0x0", MACHINE_I386, &call), WAIT_SELECT);

        assert_int_equal(decode("102 0x5 0xffd01234 0x0 0x0 0x0 0x0", MACHINE_I386, &call), WAIT_SOCKET);
        assert_string_equal(call.operation, "accept");
        assert_int_equal(call.address, 0xffd01234);
}

static void futexes(void **state)
{
        struct wait_call call;

        (void)state;
        assert_int_equal(decode("202 0x7f0010 0x189 0x0 0x0 0x0 0xffffffff", MACHINE_X86_64, &call), NOTHING);
        assert_int_equal(decode("202 0x7f0010 0x109 0x0 0x0 0x0 0xffffffff", MACHINE_X86_64, &call), WAIT_FUTEX);
        assert_int_equal(call.address, 0x7f0010);
        assert_int_equal(decode("202 0x7f0010 0x0 0x0 0x0 0x0 0x0", MACHINE_X86_64, &call), WAIT_FUTEX);
        assert_int_equal(decode("202 0x7f0010 0x1 0x0 0x0 0x0 0x0", MACHINE_X86_64, &call), NOTHING);   /* FUTEX_WAKE */
        assert_int_equal(decode("98 0x7f0010 0x6 0x0 0x0 0x0 0x0", MACHINE_ARM64, &call), WAIT_FUTEX);  /* FUTEX_LOCK_PI */
        assert_int_equal(decode("422 0x7f0010 0x80 0x0 0x0 0x0 0x0", MACHINE_I386, &call), NOTHING);
        assert_int_equal(decode("240 0x7f0010 0x0 0x0 0x0 0x0 0x0", MACHINE_I386, &call), WAIT_FUTEX);
        assert_int_equal(decode("449 0x7f0010 0x2 0x0 0x0 0x0 0x0", MACHINE_X86_64, &call), WAIT_FUTEXES);
        assert_int_equal(call.count, 2);
        assert_int_equal(decode("455 0x7f0010 0x1 0xffffffff 0x2 0x0 0x0", MACHINE_X86_64, &call), WAIT_FUTEX);
        assert_int_equal(decode("455 0x7f0010 0x1 0xffffffff 0x82 0x0 0x0", MACHINE_X86_64, &call), NOTHING);
}

static void nothing(void **state)
{
        static const struct sample samples[] = {
                { MACHINE_X86_64, "34 0x0 0x0 0x0 0x0 0x0 0x0", "pause", 0, 0 },
                { MACHINE_X86_64, "61 0xffffffff 0x0 0x0 0x0 0x0 0x0", "wait4", 0, 0 },
                { MACHINE_X86_64, "230 0x0 0x0 0x0 0x0 0x0 0x0", "clock_nanosleep", 0, 0 },
                { MACHINE_X86_64, "247 0x0 0x0 0x0 0x4 0x0 0x0", "waitid of P_ALL", 0, 0 },
                { MACHINE_X86_64, "73 0x8 0x6 0x0 0x0 0x0 0x0", "flock with LOCK_NB", 0, 0 },
                { MACHINE_X86_64, "72 0x8 0x6 0x0 0x0 0x0 0x0", "fcntl F_SETLK", 0, 0 },
                { MACHINE_X86_64, "426 0x0 0x0 0x1 0x11 0x0 0x0", "io_uring_enter of a registered ring", 0, 0 },
                { MACHINE_X86_64, "1073741824 0x0 0x0 0x0 0x0 0x0 0x0", "read of x32", 0, 0 },
                { MACHINE_X86_64, "65535 0x0 0x0 0x0 0x0 0x0 0x0", "none", 0, 0 },
                { MACHINE_I386, "117 0x2 0x7 0x0 0x0 0x0 0x0", "semget", 0, 0 },
                { MACHINE_I386, "102 0x1 0x7 0x0 0x0 0x0 0x0", "socket", 0, 0 },
                { MACHINE_I386, "102 0xffffffff 0x7 0x0 0x0 0x0 0x0", "no socket call", 0, 0 },
                { MACHINE_ARM64, "65535 0x0 0x0 0x0 0x0 0x0 0x0", "none", 0, 0 },
                { MACHINE_UNKNOWN, "0 0x0 0x0 0x0 0x0 0x0 0x0", "whose?", 0, 0 },
        };
        struct wait_call call = { .id = 42 };

        (void)state;
        for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
                if (decode(samples[i].line, samples[i].machine, &call) != NOTHING)
                        fail_msg("%s: %s", samples[i].line, samples[i].operation);
        assert_int_equal(call.id, 42);
}

/* Calls that give up by themselves, and the same ones without a time limit. */
static void timed(void **state)
{
        static const struct {
                enum wait_machine machine;
                const char *timed, *untimed;
        } samples[] = {
                { MACHINE_X86_64, "7 0x1000 0x1 0x3e8 0x0 0x0 0x0", "7 0x1000 0x1 0xffffffff 0x0 0x0 0x0" },
                { MACHINE_X86_64, "232 0x6 0x1 0x1 0x64 0x0 0x0", "232 0x6 0x1 0x1 0xffffffffffffffff 0x0 0x0" },
                { MACHINE_X86_64, "271 0x1000 0x1 0x7ffe 0x0 0x8 0x0", "271 0x1000 0x1 0x0 0x0 0x8 0x0" },
                { MACHINE_X86_64, "270 0x9 0x10 0x0 0x30 0x7ffe 0x0", "270 0x9 0x10 0x0 0x30 0x0 0x0" },
                { MACHINE_X86_64, "220 0x7 0x1 0x1 0x7ffe 0x0 0x0", "220 0x7 0x1 0x1 0x0 0x0 0x0" },
                { MACHINE_X86_64, "243 0x7 0x1 0x1 0x0 0x7ffe 0x0", "243 0x7 0x1 0x1 0x0 0x0 0x0" },
                { MACHINE_X86_64, "202 0x7f0010 0x109 0x0 0x7ffe 0x0 0xffffffff",
                  "202 0x7f0010 0x109 0x0 0x0 0x0 0xffffffff" },
                { MACHINE_ARM64, "73 0x7ffe10 0x3 0x7ffe 0x0 0x0 0x0", "73 0x7ffe10 0x3 0x0 0x0 0x0 0x0" },
                { MACHINE_I386, "117 0x4 0x7 0x1 0x0 0x0 0x0", "117 0x1 0x7 0x1 0x0 0x0 0x0" },
        };
        struct wait_call call;

        (void)state;
        for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
                assert_true(decode(samples[i].timed, samples[i].machine, &call) != NOTHING);
                assert_true(call.timed);
                assert_true(decode(samples[i].untimed, samples[i].machine, &call) != NOTHING);
                assert_false(call.timed);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(lines),
                cmocka_unit_test(timed),
                cmocka_unit_test(bad_lines),
                cmocka_unit_test(ids_and_descriptors),
                cmocka_unit_test(several),
                cmocka_unit_test(futexes),
                cmocka_unit_test(nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
