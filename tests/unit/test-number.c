/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/number.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define UNTOUCHED 4242

static void assert_number(struct text text, uint64_t max, int expected, uint64_t number)
{
        uint64_t ret = UNTOUCHED;

        assert_int_equal(number_parse(text, max, &ret), expected);
        assert_int_equal(ret, expected == 0 ? number : UNTOUCHED);
}

static void decimals(void **state)
{
        (void)state;
        assert_number(TEXT("0"), 0, 0, 0);
        assert_number(TEXT("007"), 7, 0, 7);
        assert_number(TEXT("8"), 7, -ERANGE, 0);
        assert_number(TEXT("4294967295"), UINT32_MAX, 0, UINT32_MAX);
        assert_number(TEXT("4294967296"), UINT32_MAX, -ERANGE, 0);
        assert_number(TEXT("18446744073709551615"), UINT64_MAX, 0, UINT64_MAX);
        assert_number(TEXT("18446744073709551616"), UINT64_MAX, -ERANGE, 0);
        assert_number(TEXT("18446744073709551620"), UINT64_MAX, -ERANGE, 0);
        assert_number(TEXT("99999999999999999999999999"), UINT64_MAX, -ERANGE, 0);
        assert_number(TEXT("00000000000000000000000000001"), 1, 0, 1);
        assert_number(TEXT("99999999999999999999999999x"), UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT(""), UINT64_MAX, -EINVAL, 0);
        assert_number((struct text){ NULL, 0 }, UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT(" 1"), UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT("1 "), UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT("1\n"), UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT("1\0"), UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT("+1"), UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT("-1"), UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT("0x1"), UINT64_MAX, -EINVAL, 0);
        assert_number(TEXT("1a"), UINT64_MAX, -EINVAL, 0);
}

static void assert_base(struct text text, unsigned base, int expected, uint64_t number)
{
        uint64_t ret = UNTOUCHED;

        assert_int_equal(number_parse_base(text, base, UINT64_MAX, &ret), expected);
        assert_int_equal(ret, expected == 0 ? number : UNTOUCHED);
}

static void other_bases(void **state)
{
        (void)state;
        assert_base(TEXT("5eEd"), 16, 0, 0x5eed);
        assert_base(TEXT("ffffffffffffffff"), 16, 0, UINT64_MAX);
        assert_base(TEXT("0ffffffffffffffff"), 16, 0, UINT64_MAX);
        assert_base(TEXT("10000000000000000"), 16, -ERANGE, 0);
        assert_base(TEXT("0x5eed"), 16, -EINVAL, 0);
        assert_base(TEXT("g"), 16, -EINVAL, 0);
        assert_base(TEXT("0660"), 8, 0, 0660);
        assert_base(TEXT("1777777777777777777777"), 8, 0, UINT64_MAX);
        assert_base(TEXT("2000000000000000000000"), 8, -ERANGE, 0);
        assert_base(TEXT("8"), 8, -EINVAL, 0);
        assert_base(TEXT("a"), 10, -EINVAL, 0);
        assert_base(TEXT(""), 16, -EINVAL, 0);
}

static void assert_signed(struct text text, int64_t min, int64_t max, int expected, int64_t number)
{
        int64_t ret = UNTOUCHED;

        assert_int_equal(number_parse_int(text, min, max, &ret), expected);
        assert_true(ret == (expected == 0 ? number : UNTOUCHED));
}

static void signed_numbers(void **state)
{
        (void)state;
        assert_signed(TEXT("-0"), 0, 0, 0, 0);
        assert_signed(TEXT("-1"), -1, 0, 0, -1);
        assert_signed(TEXT("-2"), -1, 0, -ERANGE, 0);
        assert_signed(TEXT("1"), -1, 0, -ERANGE, 0);
        assert_signed(TEXT("5"), 6, 7, -ERANGE, 0);
        assert_signed(TEXT("9223372036854775807"), INT64_MIN, INT64_MAX, 0, INT64_MAX);
        assert_signed(TEXT("9223372036854775808"), INT64_MIN, INT64_MAX, -ERANGE, 0);
        assert_signed(TEXT("-9223372036854775808"), INT64_MIN, INT64_MAX, 0, INT64_MIN);
        assert_signed(TEXT("-9223372036854775809"), INT64_MIN, INT64_MAX, -ERANGE, 0);
        assert_signed(TEXT("-"), INT64_MIN, INT64_MAX, -EINVAL, 0);
        assert_signed(TEXT("--1"), INT64_MIN, INT64_MAX, -EINVAL, 0);
        assert_signed(TEXT("+1"), INT64_MIN, INT64_MAX, -EINVAL, 0);
        assert_signed(TEXT(""), INT64_MIN, INT64_MAX, -EINVAL, 0);
}

static void assert_size(struct text text, int expected, uint64_t bytes)
{
        uint64_t ret = UNTOUCHED;

        assert_int_equal(number_parse_size(text, &ret), expected);
        assert_int_equal(ret, expected == 0 ? bytes : UNTOUCHED);
}

static void sizes(void **state)
{
        (void)state;
        assert_size(TEXT("0"), 0, 0);
        assert_size(TEXT("64"), 0, 64);
        assert_size(TEXT("64B"), 0, 64);
        assert_size(TEXT("64K"), 0, 65536);
        assert_size(TEXT("64k"), 0, 65536);
        assert_size(TEXT("1M"), 0, 1 << 20);
        assert_size(TEXT("4GiB"), 0, UINT64_C(4) << 30);
        assert_size(TEXT("4gib"), 0, UINT64_C(4) << 30);
        assert_size(TEXT("3T"), 0, UINT64_C(3) << 40);
        assert_size(TEXT("2P"), 0, UINT64_C(2) << 50);
        assert_size(TEXT("15E"), 0, UINT64_C(15) << 60);
        assert_size(TEXT("2KB"), 0, 2000);
        assert_size(TEXT("1MB"), 0, 1000000);
        assert_size(TEXT("18EB"), 0, UINT64_C(18000000000000000000));
        assert_size(TEXT("1.5G"), 0, UINT64_C(3) << 29);
        assert_size(TEXT("0.5KiB"), 0, 512);
        assert_size(TEXT("1.25MB"), 0, 1250000);
        assert_size(TEXT("1.3K"), 0, 1331);
        assert_size(TEXT("1.000K"), 0, 1024);
        /* Many digits neither overflow nor round up. */
        assert_size(TEXT("0.99999999999999999999999999999999E"), 0, (UINT64_C(1) << 60) - 1);
        assert_size(TEXT("15.99999999999999999999999999999E"), 0, UINT64_MAX);
        assert_size(TEXT("0.00000000000000000000000000000009E"), 0, 0);
}

static void bad_sizes(void **state)
{
        (void)state;
        assert_size(TEXT("16E"), -ERANGE, 0);
        assert_size(TEXT("18.5EB"), -ERANGE, 0);
        assert_size(TEXT("18446744073709551616"), -ERANGE, 0);
        assert_size(TEXT("18014398509481984K"), -ERANGE, 0);
        assert_size(TEXT(""), -EINVAL, 0);
        assert_size(TEXT("K"), -EINVAL, 0);
        assert_size(TEXT(".5K"), -EINVAL, 0);
        assert_size(TEXT("1.K"), -EINVAL, 0);
        assert_size(TEXT("1.5"), -EINVAL, 0);
        assert_size(TEXT("1.5B"), -EINVAL, 0);
        assert_size(TEXT("1..5K"), -EINVAL, 0);
        assert_size(TEXT("1,5K"), -EINVAL, 0);
        assert_size(TEXT("1 K"), -EINVAL, 0);
        assert_size(TEXT("1KK"), -EINVAL, 0);
        assert_size(TEXT("1Ki"), -EINVAL, 0);
        assert_size(TEXT("1KxB"), -EINVAL, 0);
        assert_size(TEXT("1KiBs"), -EINVAL, 0);
        assert_size(TEXT("1iB"), -EINVAL, 0);
        assert_size(TEXT("1X"), -EINVAL, 0);
        assert_size(TEXT("1\0"), -EINVAL, 0);
        assert_size(TEXT("-1K"), -EINVAL, 0);
        assert_size(TEXT("0x10"), -EINVAL, 0);
}

static void assert_span(struct text text, int expected, uint64_t seconds)
{
        uint64_t ret = UNTOUCHED;

        assert_int_equal(number_parse_span(text, &ret), expected);
        assert_int_equal(ret, expected == 0 ? seconds : UNTOUCHED);
}

static void spans(void **state)
{
        (void)state;
        assert_span(TEXT("90"), 0, 90);
        assert_span(TEXT("90s"), 0, 90);
        assert_span(TEXT("5m"), 0, 300);
        assert_span(TEXT("2h"), 0, 7200);
        assert_span(TEXT("3d"), 0, 259200);
        assert_span(TEXT("1w"), 0, 604800);
        assert_span(TEXT("30500568904943w"), 0, UINT64_C(18446744073709526400));
        assert_span(TEXT("30500568904944w"), -ERANGE, 0);
        assert_span(TEXT(""), -EINVAL, 0);
        assert_span(TEXT("h"), -EINVAL, 0);
        assert_span(TEXT("1h30m"), -EINVAL, 0);
        assert_span(TEXT("1.5h"), -EINVAL, 0);
        assert_span(TEXT("-1h"), -EINVAL, 0);
        assert_span(TEXT("1y"), -EINVAL, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(decimals),
                cmocka_unit_test(other_bases),
                cmocka_unit_test(signed_numbers),
                cmocka_unit_test(sizes),
                cmocka_unit_test(bad_sizes),
                cmocka_unit_test(spans),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
