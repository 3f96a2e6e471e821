/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/mounts.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

static const char table[] =
        "22 28 0:21 / /proc rw,nosuid shared:14 - proc proc rw\n"
        "36 28 0:32 / /dev/mqueue rw,relatime shared:15 master:3 propagate_from:2 - mqueue mqueue rw\n"
        "77 28 4095:1048575 /a /mnt/a\\040b rw - mqueue none rw\n"
        "78 28 0:32 / /mnt/none rw -\n"
        "79 28 0:32 / /mnt/\\000 rw - mqueue none rw\n"
        "80 28 0-32 / /mnt/x rw - mqueue none rw\n"
        "81 28 0:4294967296 / /mnt/x rw - mqueue none rw\n"
        "x 28 0:1 / /mnt/x rw - mqueue none rw\n"
        "\n"
        "82 28 0:40 / relative rw - mqueue none rw\n"
        "83 28 0:41 / /mnt/\\777\\04\\ rw - mqueue none rw\n"
        "84 28 0:42 / /dev/shm rw - tmpfs tmpfs rw\n"
        "85 28 0:43 / /cut rw - mqueue none r";

static void a_type_is_picked(void **state)
{
        struct arena arena;
        struct mount *mounts = NULL;
        size_t n = 0;
        unsigned bad = 0;

        (void)state;
        arena_init(&arena);
        mounts_parse(text_of(table), "mqueue", &arena, &mounts, &n, &bad);
        assert_int_equal(n, 3);
        assert_true(mounts[0].dev == 32);
        assert_string_equal(mounts[0].path.data, "/dev/mqueue");
        assert_string_equal(mounts[0].type.data, "mqueue");
        /* The blank in the path is no end of it, and the first "-" no separator. */
        assert_int_equal(n, 3);
        assert_true(mounts[2].dev == 41);
        assert_text(mounts[2].path, TEXT("/mnt/\\777\\04\\"));
        assert_int_equal(bad, 8);
        arena_done(&arena);
}

static void all_types(void **state)
{
        struct arena arena;
        struct mount *mounts = NULL;
        size_t n = 0;
        unsigned bad = 0;

        (void)state;
        arena_init(&arena);
        mounts_parse(text_of(table), NULL, &arena, &mounts, &n, &bad);
        assert_int_equal(n, 5);
        assert_string_equal(mounts[0].type.data, "proc");
        assert_string_equal(mounts[4].type.data, "tmpfs");
        mounts_parse(TEXT(""), NULL, &arena, &mounts, &n, &bad);
        assert_int_equal(n, 0);
        assert_int_equal(bad, 0);
        mounts_parse(text_of(table), "", &arena, &mounts, &n, &bad);
        assert_int_equal(n, 0);
        arena_done(&arena);
}

static void paths_are_decoded(void **state)
{
        struct arena arena;
        struct mount *mounts = NULL;
        size_t n = 0;
        unsigned bad = 0;

        (void)state;
        arena_init(&arena);
        mounts_parse(TEXT("77 28 4095:1048575 / /a\\040b\\011c\\012d\\134e\\043\\303\\244 rw - mqueue none rw\n"),
                     "mqueue", &arena, &mounts, &n, &bad);
        assert_int_equal(n, 1);
        assert_true(mounts[0].dev == (UINT64_C(4095) << 32 | 1048575));
        assert_text(mounts[0].path, TEXT("/a b\tc\nd\\e#\xc3\xa4"));
        assert_int_equal(mounts[0].path.data[mounts[0].path.len], 0);
        arena_done(&arena);
}

static void of_a_recorded_machine(void **state)
{
        struct arena arena;
        struct mount *mounts = NULL;
        struct host *host;
        struct tree tree;
        size_t n = 77;
        unsigned bad = 77;

        (void)state;
        arena_init(&arena);
        tree_init(&tree);
        assert_int_equal(host_open(tree.root, &host), 0);
        assert_int_equal(mounts_read(host, NULL, &arena, &mounts, &n, &bad), -ENOENT);
        assert_null(mounts);
        assert_int_equal(n, 77);
        assert_int_equal(bad, 77);

        tree_link(&tree, "/proc/self", "12");
        tree_file(&tree, "/proc/12/mountinfo", table);
        assert_int_equal(mounts_read(host, "tmpfs", &arena, &mounts, &n, &bad), 0);
        assert_int_equal(n, 1);
        assert_string_equal(mounts[0].path.data, "/dev/shm");
        host_close(host);
        tree_done(&tree);
        arena_done(&arena);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_type_is_picked),
                cmocka_unit_test(all_types),
                cmocka_unit_test(paths_are_decoded),
                cmocka_unit_test(of_a_recorded_machine),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
