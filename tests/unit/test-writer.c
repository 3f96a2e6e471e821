/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the JSON writer puts into words itself: moments, by a calendar of its own, and numbers. */
#include "base/json-writer.h"
#include "base/radix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define NS_PER_SECOND UINT64_C(1000000000)

enum { DAY = 86400, DAYS = 213503 /* so many days have 2^64 ns */ };

static void every_day_is_that_of_gmtime(void **state)
{
        struct buf out = { 0 };
        struct writer writer = { .out = &out };

        (void)state;
        for (time_t day = 0; day < DAYS; day++) {
                time_t second = day * DAY + day % DAY;
                char expected[32];
                struct tm tm;

                if (second == 0)
                        continue;
                assert_non_null(gmtime_r(&second, &tm));
                assert_true(strftime(expected, sizeof(expected), "\"%Y-%m-%dT%H:%M:%SZ\"", &tm) > 0);
                buf_clear(&out);
                writer.comma = false;
                writer_time(&writer, (uint64_t)second * NS_PER_SECOND);
                assert_string_equal(out.data, expected);
        }
        buf_done(&out);
}

static void a_moment_has_microseconds(void **state)
{
        struct buf out = { 0 };
        struct writer writer = { .out = &out };

        (void)state;
        writer_time(&writer, UINT64_C(951782399) * NS_PER_SECOND + 999999999);
        /* The same once more, and another one of the same second. */
        writer_time(&writer, UINT64_C(951782399) * NS_PER_SECOND + 999999999);
        writer_time(&writer, UINT64_C(951782399) * NS_PER_SECOND + 1000);
        writer_time(&writer, UINT64_MAX);
        assert_string_equal(out.data, "\"2000-02-28T23:59:59.999999Z\",\"2000-02-28T23:59:59.999999Z\","
                                      "\"2000-02-28T23:59:59.000001Z\",\"2554-07-21T23:34:33.709551Z\"");
        buf_done(&out);
}

static void numbers_have_all_their_digits(void **state)
{
        uint64_t number = 1;

        (void)state;
        for (unsigned digits = 1; digits <= 20; digits++, number *= 10) {
                const uint64_t numbers[] = { number - 1, number, number + 1, number / 3, UINT64_MAX - number };

                for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
                        struct buf out = { 0 };
                        char expected[32];

                        snprintf(expected, sizeof(expected), "%llu", (unsigned long long)numbers[i]);
                        buf_uint(&out, numbers[i]);
                        assert_string_equal(out.data, expected);
                        buf_done(&out);
                }
        }
}

static void sorting_by_number_keeps_the_order_of_equals(void **state)
{
        enum { N = 5000 };
        struct radix_item *items = malloc(2 * N * sizeof(*items));
        uint64_t random = 88172645463325252;

        (void)state;
        assert_non_null(items);
        for (uint32_t i = 0; i < N; i++) {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                items[i] = (struct radix_item){ i % 3 ? random : random % 50, i };
        }
        radix_sort(items, items + N, N);
        for (uint32_t i = 1; i < N; i++) {
                assert_true(items[i - 1].key <= items[i].key);
                assert_true(items[i - 1].key < items[i].key || items[i - 1].place < items[i].place);
        }
        radix_sort(items, items + N, 0);
        free(items);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_day_is_that_of_gmtime),
                cmocka_unit_test(a_moment_has_microseconds),
                cmocka_unit_test(numbers_have_all_their_digits),
                cmocka_unit_test(sorting_by_number_keeps_the_order_of_equals),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
