/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/locks.h"

#include <errno.h>
#include <stdbool.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct lock_line parse(const char *text)
{
        struct lock_line line;

        assert_int_equal(lock_parse(text_of(text), &line), 0);
        return line;
}

static void types_and_modes(void **state)
{
        static const struct {
                const char *line;
                enum lock_type type;
                enum lock_mode mode;
        } cases[] = {
                { "1: POSIX  ADVISORY  WRITE 2011 00:19:1234 0 EOF", LOCK_POSIX, LOCK_FOR_WRITING },
                { "2: POSIX  ADVISORY  READ  2011 fd:01:1234 10 29", LOCK_POSIX, LOCK_FOR_READING },
                { "3: FLOCK  ADVISORY  WRITE 2011 fd:01:1234 0 EOF", LOCK_FLOCK, LOCK_FOR_WRITING },
                { "4: OFDLCK ADVISORY  READ  -1 fd:01:1234 0 0", LOCK_OFD, LOCK_FOR_READING },
                { "5: LEASE  ACTIVE    READ  2011 fd:01:1234 0 EOF", LOCK_LEASE, LOCK_FOR_READING },
                { "6: DELEG  ACTIVE    WRITE 2011 fd:01:1234 0 EOF", LOCK_DELEG, LOCK_FOR_WRITING },
                { "7: LEASE  BREAKING  UNLCK 2011 fd:01:1234 0 EOF", LOCK_LEASE, LOCK_FOR_NOTHING },
                { "8: FLOCK  MSNFS     RW    2011 fd:01:1234 0 EOF", LOCK_FLOCK, LOCK_FOR_WRITING },
                { "9: ACCESS ADVISORY  READ  2011 fd:01:1234 0 EOF", LOCK_POSIX, LOCK_FOR_READING },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct lock_line line = parse(cases[i].line);

                assert_int_equal(line.number, i + 1);
                assert_int_equal(line.type, cases[i].type);
                assert_int_equal(line.mode, cases[i].mode);
                assert_int_equal(line.inode, 1234);
                assert_false(line.blocked);
                assert_false(line.mandatory);
                assert_int_equal(line.breaking, i == 6);
        }
        assert_true(parse("1: POSIX  MANDATORY WRITE 2011 00:19:1234 0 EOF").mandatory);
}

static void numbers(void **state)
{
        struct lock_line line = parse("17: POSIX  ADVISORY  WRITE 4194304 fff:fffff:18446744073709551615 1 9223372036854775806");

        (void)state;
        assert_int_equal(line.pid, 4194304);
        assert_true(line.dev == (UINT64_C(0xfff) << 32 | 0xfffff));
        assert_true(line.inode == UINT64_MAX);
        assert_true(line.start == 1 && line.end == INT64_MAX - 1);
        assert_false(line.to_end);
        line = parse("1: OFDLCK ADVISORY  WRITE -1 00:2e:7 4096 EOF");
        assert_int_equal(line.pid, -1);
        assert_true(line.dev == 0x2e);
        assert_true(line.start == 4096 && line.to_end);
}

/* Requests are indented by how deep they are in the queue (show_lock() in fs/locks.c). */
static void requests(void **state)
{
        (void)state;
        assert_true(parse("1: -> FLOCK  ADVISORY  WRITE 2012 00:19:1234 0 EOF").blocked);
        assert_true(parse("1:  -> FLOCK  ADVISORY  WRITE 2012 00:19:1234 0 EOF").blocked);
        assert_true(parse("1:           -> POSIX  ADVISORY  READ  2012 00:19:1234 5 5").blocked);
        assert_int_equal(parse("31: -> POSIX  ADVISORY  READ  2012 00:19:1234 5 5").number, 31);
}

static void no_locks(void **state)
{
        static const char *const bad[] = {
                "",
                "1:",
                "1: ->",
                "1 POSIX  ADVISORY  WRITE 2011 00:19:1234 0 EOF",
                ": POSIX  ADVISORY  WRITE 2011 00:19:1234 0 EOF",
                "x: POSIX  ADVISORY  WRITE 2011 00:19:1234 0 EOF",
                "1: -> -> POSIX  ADVISORY  WRITE 2011 00:19:1234 0 EOF",
                "1: UNKNOWN UNKNOWN  READ  2011 00:19:1234 0 EOF",
                "1: posix  ADVISORY  WRITE 2011 00:19:1234 0 EOF",
                "1: POSIX  ADVISORY  write 2011 00:19:1234 0 EOF",
                "1: POSIX  ADVISORY  WRITE 2147483648 00:19:1234 0 EOF",
                "1: POSIX  ADVISORY  WRITE x 00:19:1234 0 EOF",
                "1: POSIX  *NOINODE* WRITE 2011 <none>:0 0 EOF",
                "1: POSIX  ADVISORY  WRITE 2011 00:19 0 EOF",
                "1: POSIX  ADVISORY  WRITE 2011 100000000:19:1 0 EOF",
                "1: POSIX  ADVISORY  WRITE 2011 00:19:18446744073709551616 0 EOF",
                "1: POSIX  ADVISORY  WRITE 2011 00:19:1:2 0 EOF",
                "1: POSIX  ADVISORY  WRITE 2011 00:19:1234 0",
                "1: POSIX  ADVISORY  WRITE 2011 00:19:1234 EOF EOF",
                "1: POSIX  ADVISORY  WRITE 2011 00:19:1234 -1 EOF",
                "1: POSIX  ADVISORY  WRITE 2011 00:19:1234 5 4",
                "1: POSIX  ADVISORY  WRITE 2011 00:19:1234 0 9223372036854775808",
                "1: POSIX  ADVISORY  WRITE 2011 00:19:1234 0 EOF EOF",
        };
        struct lock_line line = { .pid = 42 };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(lock_parse(text_of(bad[i]), &line), -EBADMSG);
        assert_int_equal(line.pid, 42);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(types_and_modes),
                cmocka_unit_test(numbers),
                cmocka_unit_test(requests),
                cmocka_unit_test(no_locks),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
