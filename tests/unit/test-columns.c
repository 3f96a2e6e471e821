/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/columns.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void rows_are_read_by_name(void **state)
{
        struct columns columns;
        uint64_t number = 0;
        uint32_t key = 0;

        (void)state;
        assert_int_equal(columns_init(&columns, TEXT("       key      shmid perms\tsize\n"
                                                     "     24301          0  1600    8\n"
                                                     "-1414673684 2147483647   644 18446744073709551615\n")), 0);
        assert_int_equal(columns_find(&columns, "key"), 0);
        assert_int_equal(columns_find(&columns, "size"), 3);
        assert_int_equal(columns_find(&columns, "siz"), -1);
        assert_int_equal(columns_find(&columns, "swap"), -1);

        assert_int_equal(columns_next(&columns), 1);
        assert_int_equal(columns_key(&columns, 0, &key), 0);
        assert_int_equal(key, 0x5eed);
        assert_int_equal(columns_number(&columns, 2, 8, UINT32_MAX, &number), 0);
        assert_int_equal(number, 01600);
        assert_int_equal(columns_number(&columns, columns_find(&columns, "shmid"), 10, INT32_MAX, &number), 0);
        assert_int_equal(number, 0);

        assert_int_equal(columns_next(&columns), 1);
        assert_int_equal(columns_key(&columns, 0, &key), 0);
        assert_int_equal(key, 0xabadcaec);
        assert_int_equal(columns_number(&columns, 3, 10, UINT64_MAX, &number), 0);
        assert_true(number == UINT64_MAX);
        assert_int_equal(columns_next(&columns), 0);
        assert_int_equal(columns_next(&columns), 0);
}

static void bad_cells_touch_nothing(void **state)
{
        struct columns columns;
        uint64_t number = 42;
        uint32_t key = 42;

        (void)state;
        assert_int_equal(columns_init(&columns, TEXT("key a b c\n2147483648 -1 99999999999999999999 8\n")), 0);
        assert_int_equal(columns_number(&columns, 0, 10, UINT64_MAX, &number), -EBADMSG);      /* no row yet */
        assert_int_equal(columns_next(&columns), 1);
        assert_int_equal(columns_key(&columns, 0, &key), -EBADMSG);
        assert_int_equal(columns_key(&columns, 2, &key), -EBADMSG);
        assert_int_equal(columns_key(&columns, -1, &key), -EBADMSG);
        assert_int_equal(columns_key(&columns, 4, &key), -EBADMSG);
        assert_int_equal(columns_number(&columns, 1, 10, UINT64_MAX, &number), -EBADMSG);
        assert_int_equal(columns_number(&columns, 2, 10, UINT64_MAX, &number), -EBADMSG);
        assert_int_equal(columns_number(&columns, 3, 8, UINT64_MAX, &number), -EBADMSG);
        assert_int_equal(columns_number(&columns, 3, 10, 7, &number), -EBADMSG);
        assert_int_equal(columns_number(&columns, -1, 10, UINT64_MAX, &number), -EBADMSG);
        assert_int_equal(columns_number(&columns, 4, 10, UINT64_MAX, &number), -EBADMSG);
        assert_int_equal(number, 42);
        assert_int_equal(key, 42);
        assert_int_equal(columns_number(&columns, 3, 10, 8, &number), 0);
        assert_int_equal(number, 8);
}

static void bad_rows_can_be_skipped(void **state)
{
        struct columns columns;
        uint64_t number = 0;

        (void)state;
        assert_int_equal(columns_init(&columns, TEXT("a b\n1 2\n1\n1 2 3\n\n5 6\n7 8")), 0);
        assert_int_equal(columns_next(&columns), 1);
        assert_int_equal(columns_next(&columns), -EBADMSG);
        assert_int_equal(columns_number(&columns, 0, 10, UINT64_MAX, &number), -EBADMSG);
        assert_int_equal(columns_next(&columns), -EBADMSG);
        assert_int_equal(columns_next(&columns), -EBADMSG);
        assert_int_equal(columns_next(&columns), 1);
        assert_int_equal(columns_number(&columns, 1, 10, UINT64_MAX, &number), 0);
        assert_int_equal(number, 6);
        /* The last line may be the first part of a longer one. */
        assert_int_equal(columns_next(&columns), -EBADMSG);
        assert_int_equal(columns_next(&columns), 0);
}

static void files_without_a_header(void **state)
{
        struct columns columns;
        struct buf buf = { 0 };

        (void)state;
        assert_int_equal(columns_init(&columns, TEXT("")), -ENODATA);
        assert_int_equal(columns_next(&columns), 0);
        assert_int_equal(columns_init(&columns, TEXT("key shmid")), -EBADMSG);
        assert_int_equal(columns_init(&columns, TEXT("\n1 2\n")), -EBADMSG);
        assert_int_equal(columns_init(&columns, TEXT("   \n")), -EBADMSG);
        assert_int_equal(columns_init(&columns, TEXT("0 1 2\n3 4 5\n")), -EBADMSG);
        assert_int_equal(columns_next(&columns), 0);

        for (unsigned i = 0; i < COLUMNS_MOST; i++)
                buf_printf(&buf, "c%u ", i);
        buf_byte(&buf, '\n');
        assert_int_equal(columns_init(&columns, buf_text(&buf)), 0);
        assert_int_equal(columns_find(&columns, "c47"), COLUMNS_MOST - 1);
        buf.data[buf.len - 1] = 'x';
        buf_byte(&buf, '\n');
        assert_int_equal(columns_init(&columns, buf_text(&buf)), -EBADMSG);
        buf_done(&buf);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(rows_are_read_by_name),
                cmocka_unit_test(bad_cells_touch_nothing),
                cmocka_unit_test(bad_rows_can_be_skipped),
                cmocka_unit_test(files_without_a_header),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
