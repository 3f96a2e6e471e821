/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/fdinfo.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COMMON "pos:\t0\nflags:\t02\nmnt_id:\t17\nino:\t1044\n"
#define DEV(dev_major, dev_minor) (UINT64_C(dev_major) << 32 | (dev_minor))

static void assert_text_is(struct text text, const char *expected)
{
        assert_int_equal(text.len, strlen(expected));
        assert_memory_equal(text.data, expected, text.len);
}

static void keys_of_every_form(void **state)
{
        struct fdinfo_key keys[] = {
                { .key = "eventfd-count", .form = FDINFO_HEX },
                { .key = "eventfd-id", .form = FDINFO_DECIMAL },
                { .key = "settime flags", .form = FDINFO_OCTAL },
                { .key = "SqMask", .form = FDINFO_HEX },
                { .key = "Pid", .form = FDINFO_DECIMAL },
                { .key = "ticks", .form = FDINFO_UNSIGNED },
                { .key = "not-there", .form = FDINFO_UNSIGNED },
        };

        (void)state;
        fdinfo_read(TEXT(COMMON "eventfd-count: ffffffffffffffff\neventfd-id: 7\nsettime flags: 03\n"
                         "SqMask:\t0x1f\nPid:\t-1\nticks: 18446744073709551615\n"), keys, 7);
        for (unsigned i = 0; i < 6; i++)
                assert_true(keys[i].there);
        assert_false(keys[6].there);
        assert_true(keys[0].bits == UINT64_MAX);
        assert_int_equal(keys[1].number, 7);
        assert_int_equal(keys[2].bits, 3);
        assert_int_equal(keys[3].bits, 31);
        assert_int_equal(keys[4].number, -1);
        assert_true(keys[5].bits == UINT64_MAX);
}

static void keys_that_are_no_numbers(void **state)
{
        struct fdinfo_key keys[] = {
                { .key = "a", .form = FDINFO_UNSIGNED },
                { .key = "b", .form = FDINFO_HEX },
                { .key = "c", .form = FDINFO_DECIMAL },
                { .key = "d", .form = FDINFO_OCTAL, .there = true },
        };

        (void)state;
        /* The first line counts, even if a later one of that name is better. */
        fdinfo_read(TEXT("a: 1x\na: 5\nb: 10000000000000000\nc:\nd: 8\n"), keys, 4);
        for (unsigned i = 0; i < 4; i++)
                assert_false(keys[i].there);
        fdinfo_read(TEXT("no line\n: 3\na:1\na: 2"), keys, 1);
        assert_true(keys[0].there);
        assert_int_equal(keys[0].bits, 1);
        fdinfo_read(TEXT(""), keys, 4);
        assert_false(keys[0].there);
}

static void closed_by_execve(void **state)
{
        (void)state;
        assert_int_equal(fdinfo_cloexec(TEXT("pos:\t0\nflags:\t02000002\n")), 1);
        assert_int_equal(fdinfo_cloexec(TEXT(COMMON)), 0);
        assert_int_equal(fdinfo_cloexec(TEXT("pos:\t0\nmnt_id:\t17\n")), -EBADMSG);
        assert_int_equal(fdinfo_cloexec(TEXT("flags:\tx\nflags:\t02\n")), -EBADMSG);
        assert_int_equal(fdinfo_cloexec(TEXT("")), -EBADMSG);
}

static void texts(void **state)
{
        struct text text;

        (void)state;
        assert_true(fdinfo_text(TEXT(COMMON "NSpid:\t14 \t1\t\n"), "NSpid", &text));
        assert_text_is(text, "14 \t1");
        assert_true(fdinfo_text(TEXT("PollList:\n"), "PollList", &text));
        assert_text_is(text, "");
        assert_false(fdinfo_text(TEXT("NSpid: 1\n"), "NSpi", &text));
}

static void epoll_targets(void **state)
{
        struct text rest = TEXT(COMMON
                "tfd:        3 events: c000201b data: deadbeef12345678  pos:0 ino:414 sdev:10\n"
                "tfd:        5 events:       19 data: ffffffffffffffff  pos:0 ino:56fef4 sdev:fe00001\n"
                "tfd:       17 events: 80000000 data:                0\n"        /* before Linux 4.6 */
                "tfd: x events: 1 data: 1\n"
                "tfd: 18 events: 1\n"
                "tfd: 19 events: 100000000 data: 1\n"
                "tfd: 2147483648 events: 1 data: 1\n"
                "tfd: 20 events: 1 data: 1 new:5 ino:1 sdev:1");
        struct fdinfo_target target;

        (void)state;
        assert_int_equal(fdinfo_next_target(&rest, &target), 1);
        assert_int_equal(target.fd, 3);
        assert_true(target.events == 0xc000201b);
        assert_true(target.data == UINT64_C(0xdeadbeef12345678));
        assert_true(target.has_file);
        assert_int_equal(target.inode, 1044);
        assert_true(target.dev == DEV(0, 16));
        assert_int_equal(fdinfo_next_target(&rest, &target), 1);
        assert_true(target.dev == DEV(254, 1));
        assert_int_equal(fdinfo_next_target(&rest, &target), 1);
        assert_int_equal(target.fd, 17);
        assert_false(target.has_file);
        for (unsigned i = 0; i < 4; i++)
                assert_int_equal(fdinfo_next_target(&rest, &target), -EBADMSG);
        assert_int_equal(target.fd, 17);
        assert_int_equal(fdinfo_next_target(&rest, &target), 1);
        assert_int_equal(target.fd, 20);
        assert_int_equal(fdinfo_next_target(&rest, &target), 0);
        assert_int_equal(fdinfo_next_target(&rest, &target), 0);
}

static void inotify_watches(void **state)
{
        struct text rest = TEXT(COMMON
                "inotify wd:1a ino:3c51a sdev:fe00000 mask:fff ignored_mask:0 fhandle-bytes:8 fhandle-type:1"
                " f_handle:1ac5030000000000 \n"
                "inotify wd:2 ino:1 sdev:1b mask:84000100 ignored_mask:0\n"
                "inotify wd:3 ino:1 sdev:1b\n"
                "inotify wd:4 ino:1 sdev:1b mask:1 fhandle-bytes:8 fhandle-type:1 f_handle:12\n");
        struct fdinfo_watch watch;

        (void)state;
        assert_int_equal(fdinfo_next_watch(&rest, &watch), 1);
        assert_int_equal(watch.wd, 26);
        assert_int_equal(watch.inode, 0x3c51a);
        assert_true(watch.dev == DEV(254, 0));
        assert_int_equal(watch.mask, 0xfff);
        assert_true(watch.has_handle);
        assert_int_equal(watch.handle_type, 1);
        assert_text_is(watch.handle, "1ac5030000000000");
        assert_int_equal(fdinfo_next_watch(&rest, &watch), 1);
        assert_true(watch.mask == 0x84000100);
        assert_false(watch.has_handle);
        assert_int_equal(fdinfo_next_watch(&rest, &watch), -EBADMSG);
        assert_int_equal(fdinfo_next_watch(&rest, &watch), 1);
        assert_int_equal(watch.wd, 4);
        /* A handle of another length than it says is none. */
        assert_false(watch.has_handle);
        assert_int_equal(fdinfo_next_watch(&rest, &watch), 0);
}

static void fanotify_marks(void **state)
{
        const struct text info = TEXT(COMMON
                "fanotify flags:c20 event-flags:88002\n"
                "fanotify sdev:1b mflags:0 mask:8000022 ignored_mask:0 \n"
                "fanotify ino:3c51a sdev:fe00000 mflags:40 mask:48000300 ignored_mask:20 fhandle-bytes:8"
                " fhandle-type:1 f_handle:1ac5030000000000 \n"
                "fanotify mnt_id:1e mflags:0 mask:8 ignored_mask:0\n"
                "fanotify mnt_ns:4026531841 mflags:0 mask:3000000 ignored_mask:0\n"
                "fanotify mflags:0 mask:8 ignored_mask:0\n"
                "fanotify sdev:1b mflags:0\n");
        uint64_t flags, event_flags;
        struct fdinfo_mark mark;
        struct text rest = info;

        (void)state;
        assert_true(fdinfo_fanotify(info, &flags, &event_flags));
        assert_int_equal(flags, 0xc20);
        assert_int_equal(event_flags, 0x88002);
        assert_false(fdinfo_fanotify(TEXT(COMMON), &flags, &event_flags));
        assert_false(fdinfo_fanotify(TEXT("fanotify flags:1\n"), &flags, &event_flags));

        assert_int_equal(fdinfo_next_mark(&rest, &mark), 1);
        assert_int_equal(mark.type, MARK_FILE_SYSTEM);
        assert_true(mark.dev == DEV(0, 27));
        assert_int_equal(fdinfo_next_mark(&rest, &mark), 1);
        assert_int_equal(mark.type, MARK_INODE);
        assert_int_equal(mark.inode, 0x3c51a);
        assert_int_equal(mark.flags, 0x40);
        assert_int_equal(mark.mask, 0x48000300);
        assert_int_equal(mark.ignored, 0x20);
        assert_true(mark.has_handle);
        assert_int_equal(fdinfo_next_mark(&rest, &mark), 1);
        assert_int_equal(mark.type, MARK_MOUNT);
        assert_int_equal(mark.mount, 30);
        assert_false(mark.has_handle);
        assert_int_equal(fdinfo_next_mark(&rest, &mark), 1);
        assert_int_equal(mark.type, MARK_MOUNT_NAMESPACE);
        assert_true(mark.ns == UINT64_C(4026531841));
        assert_int_equal(fdinfo_next_mark(&rest, &mark), -EBADMSG);
        assert_int_equal(fdinfo_next_mark(&rest, &mark), -EBADMSG);
        assert_int_equal(fdinfo_next_mark(&rest, &mark), 0);
}

static void spans(void **state)
{
        static const char *const bad[] = {
                "", "()", "(", "1, 2", "(1)", "(1, )", "(, 1)", "(-1, 0)", "(1, 1000000000)", "(1, 2, 3)", "(1 , 2) x",
        };
        uint64_t ns = 42;

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(fdinfo_span(text_of(bad[i]), &ns), -EBADMSG);
        assert_int_equal(fdinfo_span(TEXT("(18446744074, 0)"), &ns), -ERANGE);
        assert_int_equal(fdinfo_span(TEXT("(18446744073, 709551616)"), &ns), -ERANGE);
        assert_int_equal(ns, 42);
        assert_int_equal(fdinfo_span(TEXT("(18446744073, 709551615)"), &ns), 0);
        assert_true(ns == UINT64_MAX);
        assert_int_equal(fdinfo_span(TEXT("(0, 5)"), &ns), 0);
        assert_int_equal(ns, 5);
}

static void registered_files(void **state)
{
        const struct text info = TEXT("SqThread:\t-1\nUserFiles:\t3\n    0: pipe:[61]\n    2: /a:\\012b\nUserBufs:\t0\n"
                                      "PollList:\n  op=6, task_works=0\n  op=6, task_works=1\nCqOverflowList:\n");
        struct text rest = fdinfo_user_files(info);
        struct fdinfo_user_file file;
        size_t n;

        (void)state;
        assert_true(fdinfo_next_user_file(&rest, &file));
        assert_int_equal(file.slot, 0);
        assert_text_is(file.name, "pipe:[61]");
        assert_true(fdinfo_next_user_file(&rest, &file));
        assert_int_equal(file.slot, 2);
        assert_text_is(file.name, "/a:\\012b");
        assert_false(fdinfo_next_user_file(&rest, &file));
        assert_int_equal(fdinfo_user_files(TEXT(COMMON)).len, 0);

        assert_true(fdinfo_count_below(info, "PollList", &n));
        assert_int_equal(n, 2);
        assert_true(fdinfo_count_below(info, "CqOverflowList", &n));
        assert_int_equal(n, 0);
        assert_false(fdinfo_count_below(info, "NAPI", &n));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(keys_of_every_form),
                cmocka_unit_test(keys_that_are_no_numbers),
                cmocka_unit_test(texts),
                cmocka_unit_test(closed_by_execve),
                cmocka_unit_test(epoll_targets),
                cmocka_unit_test(inotify_watches),
                cmocka_unit_test(fanotify_marks),
                cmocka_unit_test(spans),
                cmocka_unit_test(registered_files),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
