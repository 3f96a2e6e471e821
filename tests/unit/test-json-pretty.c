/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json-pretty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void check(struct text json, bool ascii, const char *expected)
{
        struct buf out = { 0 };

        buf_string(&out, "");
        json_pretty(json, ascii, &out);
        assert_string_equal(out.data, expected);
        buf_done(&out);
}

static void test_lines(void **state)
{
        (void)state;
        check(TEXT("{\"a\":1,\"b\":[true,null],\"c\":{},\"d\":[],\"e\":{\"f\":-2}}"), false,
              "{\n"
              "  \"a\": 1,\n"
              "  \"b\": [\n"
              "    true,\n"
              "    null\n"
              "  ],\n"
              "  \"c\": {},\n"
              "  \"d\": [],\n"
              "  \"e\": {\n"
              "    \"f\": -2\n"
              "  }\n"
              "}");
        check(TEXT(" [ 1 ,\n 2 ] "), false, "[\n  1,\n  2\n]");
        check(TEXT("[ { } , [\n] ]"), false, "[\n  {},\n  []\n]");
        check(TEXT("7"), false, "7");
        check(TEXT(""), false, "");
}

/* What stands in strings is nobody's business. */
static void test_strings(void **state)
{
        (void)state;
        check(TEXT("{\"a{[,:\":\"x\\\"},{\\\\\"}"), false, "{\n  \"a{[,:\": \"x\\\"},{\\\\\"\n}");
        check(TEXT("\"\xc3\xa4 \xf0\x9f\x98\x80\""), false, "\"\xc3\xa4 \xf0\x9f\x98\x80\"");
        check(TEXT("\"\xc3\xa4 \xf0\x9f\x98\x80\""), true, "\"\\u00e4 \\ud83d\\ude00\"");
}

/* Text that is no JSON ends, too. */
static void test_broken(void **state)
{
        (void)state;
        check(TEXT("\"open"), false, "\"open");
        check(TEXT("\"open\\"), false, "\"open\\");
        check(TEXT("]]}"), false, "]\n]\n}");
        check(TEXT("[[["), false, "[\n  [\n    [");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_lines),
                cmocka_unit_test(test_strings),
                cmocka_unit_test(test_broken),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
