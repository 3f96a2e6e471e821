/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of ipcview.conf, and FIELD=VALUE of create and set. */
#include "admin/assignments.h"
#include "command/configuration.h"

#include "base/array.h"
#include "sys/host.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

static void settings(void **state)
{
        struct text rest = TEXT("# a comment\n"
                                "\n"
                                "  \t \r\n"
                                "protect = owner == postgres\r\n"
                                "\tprotect=key==0x5eed # no comment here\n"
                                "   # protect = no\n"
                                "limit shm = 80%\n"
                                "empty =\n"
                                "last = \xff\x1b[2J");
        static const struct {
                unsigned line;
                struct text key, value;
        } expected[] = {
                { 4, { "protect", 7 }, { "owner == postgres", 17 } },
                { 5, { "protect", 7 }, { "key==0x5eed # no comment here", 29 } },
                { 7, { "limit shm", 9 }, { "80%", 3 } },
                { 8, { "empty", 5 }, { "", 0 } },
                { 9, { "last", 4 }, { "\xff\x1b[2J", 5 } },
        };
        struct setting setting;
        unsigned line = 0;

        (void)state;
        for (size_t i = 0; i < COUNT(expected); i++) {
                assert_true(setting_next(&rest, &line, &setting));
                assert_null(setting.fault);
                assert_int_equal(setting.line, expected[i].line);
                assert_text(setting.key, expected[i].key);
                assert_text(setting.value, expected[i].value);
        }
        assert_false(setting_next(&rest, &line, &setting));
        assert_int_equal(line, 9);
}

static void lines_that_are_none(void **state)
{
        static const struct text bad[] = {
                { "protect", 7 }, { "= value", 7 }, { "=", 1 }, { "protect\0 = x", 12 }, { "protect = x\0y", 13 },
                { "[section]", 9 }, { "\xef\xbb\xbf# comment", 12 },
        };

        (void)state;
        for (size_t i = 0; i < COUNT(bad); i++) {
                struct text rest = bad[i];
                struct setting setting;
                unsigned line = 0;

                assert_true(setting_next(&rest, &line, &setting));
                assert_non_null(setting.fault);
                assert_int_equal(setting.key.len, 0);
                assert_false(setting_next(&rest, &line, &setting));
        }
}

static struct host *open_host(void)
{
        struct host *host;

        assert_int_equal(host_open(NULL, &host), 0);
        return host;
}

static void what_is_an_assignment(void **state)
{
        static const char *const yes[] = { "mode=0600", "value[3]=7", "=", "owner=a:b", "nonsense=shm:3" };
        static const char *const no[] = { "shm:3", "shm:key=5", "mq:/a=b", "shm", "", "unix:@x=y,ns=1" };

        (void)state;
        for (size_t i = 0; i < COUNT(yes); i++)
                assert_true(is_assignment(yes[i]));
        for (size_t i = 0; i < COUNT(no); i++)
                assert_false(is_assignment(no[i]));
}

static void values(void **state)
{
        static const struct {
                const char *typed;
                uint16_t field;
                uint64_t value, number;
        } expected[] = {
                { "size_bytes=64K", FIELD_SIZE_BYTES, 65536, 0 },
                { "size_bytes=1.5M", FIELD_SIZE_BYTES, 1572864, 0 },
                { "max_bytes=18446744073709551615", FIELD_MAX_BYTES, UINT64_MAX, 0 },
                { "mode=0640", FIELD_MODE, 0640, 0 },
                { "mode=7", FIELD_MODE, 7, 0 },
                { "key=0x5eed", FIELD_KEY, 0x5eed, 0 },
                { "key=-1", FIELD_KEY, UINT32_MAX, 0 },
                { "key=private", FIELD_KEY, 0, 0 },
                { "owner=0", FIELD_OWNER, 0, 0 },
                { "owner=4294967294", FIELD_OWNER, 4294967294, 0 },
                { "owner=root", FIELD_OWNER, 0, 0 },
                { "group=root", FIELD_GROUP, 0, 0 },
                { "semaphore_count=32000", FIELD_SEMAPHORE_COUNT, 32000, 0 },
                { "value=5", FIELD_VALUE, 5, NUMBER_NONE },
                { "value[0]=5", FIELD_VALUE, 5, 0 },
                { "value[31999]=32767", FIELD_VALUE, 32767, 31999 },
        };
        struct host *host = open_host();

        (void)state;
        for (size_t i = 0; i < COUNT(expected); i++) {
                struct assignments assignments = { 0 };
                struct parse_error error;

                assert_int_equal(assignments_add(&assignments, host, expected[i].typed, &error), 0);
                assert_int_equal(assignments.n, 1);
                assert_ptr_equal(assignments.typed[0], expected[i].typed);
                assert_int_equal(assignments.list[0].value.field, expected[i].field);
                assert_int_equal(assignments.list[0].value.type, VALUE_UINT);
                assert_true(assignments.list[0].value.u == expected[i].value);
                assert_true(assignments.list[0].number == expected[i].number);
                assignments_done(&assignments);
        }
        host_close(host);
}

static void words(void **state)
{
        struct assignments assignments = { 0 };
        struct host *host = open_host();
        struct parse_error error;

        (void)state;
        assert_int_equal(assignments_add(&assignments, host, "locked=yes", &error), 0);
        assert_int_equal(assignments_add(&assignments, host, "hugetlb=no", &error), 0);
        assert_int_equal(assignments.list[0].value.field, FIELD_STATE);
        assert_int_equal(assignments.list[0].value.type, VALUE_WORDS);
        assert_true(assignments.list[0].value.u == WORD_BIT(STATE_LOCKED));
        assert_true(assignments.list[0].clear == 0);
        assert_true(assignments.list[1].value.u == 0);
        assert_true(assignments.list[1].clear == WORD_BIT(STATE_HUGETLB));
        assert_int_equal(assignments_add(&assignments, host, "locked=no", &error), -EINVAL);
        assert_int_equal(assignments.n, 2);
        assignments_done(&assignments);
        host_close(host);
}

static void what_is_wrong(void **state)
{
        static const struct {
                const char *typed;
                int err;
                size_t at;
        } bad[] = {
                { "=5", -EINVAL, 0 },
                { "nonsense=5", -EINVAL, 0 },
                { "Mode=0600", -EINVAL, 0 },
                { "mode =0600", -EINVAL, 0 },
                { "mode=", -EINVAL, 5 },
                { "mode=0800", -EINVAL, 5 },
                { "mode=1777", -ERANGE, 5 },
                { "mode= 600", -EINVAL, 5 },
                { "mode=0x1ff", -EINVAL, 5 },
                { "size_bytes=", -EINVAL, 11 },
                { "size_bytes=-1", -EINVAL, 11 },
                { "size_bytes=16E", -ERANGE, 11 },
                { "size_bytes=1.5", -EINVAL, 11 },
                { "key=4294967296", -ERANGE, 4 },
                { "key=0x1ffffffff", -ERANGE, 6 },
                { "owner=4294967295", -ERANGE, 6 },
                { "owner=", -EINVAL, 6 },
                { "owner=no such user, surely", -EINVAL, 6 },
                { "owner=root\x1b", -EINVAL, 6 },
                { "group=-1", -EINVAL, 6 },
                { "semaphore_count=4294967297", -ERANGE, 16 },
                { "value[=1", -EINVAL, 5 },
                { "value[]=1", -EINVAL, 6 },
                { "value[-1]=1", -EINVAL, 6 },
                { "value[4294967296]=1", -ERANGE, 6 },
                { "value[1]x=1", -EINVAL, 5 },
                { "mode[1]=1", -EINVAL, 4 },
                { "state=locked", -EINVAL, 0 },
                { "name=/x", -EINVAL, 0 },
                { "created_at=2d", -EINVAL, 0 },
                { "creator_pid=1", -EINVAL, 0 },
                { "holders=1", -EINVAL, 0 },
                { "locked=maybe", -EINVAL, 7 },
                { "locked=", -EINVAL, 7 },
                { "orphan=yes", -EINVAL, 0 },
        };
        struct host *host = open_host();

        (void)state;
        for (size_t i = 0; i < COUNT(bad); i++) {
                struct assignments assignments = { 0 };
                struct parse_error error = { 0 };
                int r = assignments_add(&assignments, host, bad[i].typed, &error);

                if (r != bad[i].err || error.at != bad[i].at)
                        fail_msg("%s: %d at %zu, not %d at %zu", bad[i].typed, r, error.at, bad[i].err, bad[i].at);
                assert_non_null(error.message);
                assert_int_equal(assignments.n, 0);
                assignments_done(&assignments);
        }
        host_close(host);
}

static void each_once(void **state)
{
        struct assignments assignments = { 0 };
        struct host *host = open_host();
        struct parse_error error;

        (void)state;
        assert_int_equal(assignments_add(&assignments, host, "mode=0600", &error), 0);
        assert_int_equal(assignments_add(&assignments, host, "mode=0600", &error), -EINVAL);
        assert_int_equal(assignments_add(&assignments, host, "value[0]=1", &error), 0);
        assert_int_equal(assignments_add(&assignments, host, "value[1]=1", &error), 0);
        assert_int_equal(assignments_add(&assignments, host, "value[1]=2", &error), -EINVAL);
        assert_int_equal(assignments_add(&assignments, host, "value=2", &error), 0);
        assert_int_equal(assignments.n, 4);
        assignments_done(&assignments);
        host_close(host);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(settings),
                cmocka_unit_test(lines_that_are_none),
                cmocka_unit_test(what_is_an_assignment),
                cmocka_unit_test(values),
                cmocka_unit_test(words),
                cmocka_unit_test(what_is_wrong),
                cmocka_unit_test(each_once),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
