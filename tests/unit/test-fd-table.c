/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/fd-table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct object objects[8];

static void descriptors(void **state)
{
        struct fd_table table = { 0 };

        (void)state;
        fd_table_begin(&table, 100);
        assert_null(fd_table_find(&table, 100, 0));
        for (int fd = 0; fd < 1000; fd += 3)
                fd_table_add(&table, 100, fd, &objects[fd % 8]);
        for (int fd = -1; fd < 1003; fd++)
                assert_ptr_equal(fd_table_find(&table, 100, fd), fd >= 0 && fd < 1000 && fd % 3 == 0 ? &objects[fd % 8] : NULL);
        /* A thread without a table of its own uses the common one. */
        assert_ptr_equal(fd_table_find(&table, 177, 3), &objects[3]);

        fd_table_begin(&table, 101);
        assert_null(fd_table_find(&table, 101, 3));
        assert_null(fd_table_at(&table, 0));
        fd_table_done(&table);
}

static void tables_of_threads(void **state)
{
        struct fd_table table = { 0 };

        (void)state;
        fd_table_begin(&table, 100);
        fd_table_add(&table, 100, 5, &objects[0]);
        for (int i = 1; i < 6; i++)
                fd_table_add(&table, 100 + 2 * i, 5, &objects[i]);
        assert_int_equal(table.nowners, 6);
        assert_ptr_equal(fd_table_find(&table, 100, 5), &objects[0]);
        for (int i = 1; i < 6; i++)
                assert_ptr_equal(fd_table_find(&table, 100 + 2 * i, 5), &objects[i]);
        assert_ptr_equal(fd_table_find(&table, 103, 5), &objects[0]);
        assert_ptr_equal(fd_table_find(&table, 999, 5), &objects[0]);
        assert_null(fd_table_find(&table, 104, 4));

        /* The leader's table has nothing that matters: it is no other's. */
        fd_table_begin(&table, 100);
        fd_table_add(&table, 103, 5, &objects[1]);
        fd_table_add(&table, 104, 5, &objects[2]);
        assert_null(fd_table_find(&table, 100, 5));
        assert_ptr_equal(fd_table_find(&table, 104, 5), &objects[2]);
        /* Or the leader has exited, and the first thread's stands in for it. */
        assert_ptr_equal(fd_table_find(&table, 120, 5), &objects[1]);
        fd_table_done(&table);
}

static void addresses(void **state)
{
        struct fd_table table = { 0 };

        (void)state;
        fd_table_begin(&table, 100);
        fd_table_map(&table, 0x1000, 0x2000, &objects[0]);
        fd_table_map(&table, 0x2000, 0x3000, &objects[1]);
        fd_table_map(&table, 0xffffffffffff0000, UINT64_MAX, &objects[2]);
        assert_null(fd_table_at(&table, 0));
        assert_null(fd_table_at(&table, 0xfff));
        assert_ptr_equal(fd_table_at(&table, 0x1000), &objects[0]);
        assert_ptr_equal(fd_table_at(&table, 0x1fff), &objects[0]);
        assert_ptr_equal(fd_table_at(&table, 0x2000), &objects[1]);
        assert_null(fd_table_at(&table, 0x3000));
        assert_ptr_equal(fd_table_at(&table, 0xffffffffffff0004), &objects[2]);
        assert_null(fd_table_at(&table, UINT64_MAX));
        fd_table_done(&table);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(descriptors),
                cmocka_unit_test(tables_of_threads),
                cmocka_unit_test(addresses),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
