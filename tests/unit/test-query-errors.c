/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is no filter: the message, and where it points. */
#include "model/query.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW (INT64_C(1795262400) * 1000000000)

static void assert_wrong(struct text expression, const char *message, size_t at)
{
        struct parse_error error = { "nothing", 0 };
        struct query *query = (struct query *)&error;

        if (query_parse(expression, NOW, &query, &error) != -EINVAL) {
                query_free(query);
                fail_msg("%.60s: accepted", expression.data);
        }
        if (strcmp(error.message, message) != 0 || error.at != at)
                fail_msg("%.60s: %s at %zu", expression.data, error.message, error.at);
        assert_ptr_equal(query, &error);
}

static void wrong_structure(void **state)
{
        (void)state;
        assert_wrong(TEXT(""), "a field is missing here", 0);
        assert_wrong(TEXT("  "), "a field is missing here", 2);
        assert_wrong(TEXT("id =="), "a value is missing here", 5);
        assert_wrong(TEXT("id == )"), "a value is missing here", 6);
        assert_wrong(TEXT("== 1"), "a field is missing here", 0);
        assert_wrong(TEXT("'id' == 1"), "a field is missing here", 1);
        assert_wrong(TEXT("id == 1 and"), "a field is missing here", 11);
        assert_wrong(TEXT("id == 1 and or id"), "unknown field", 12);
        assert_wrong(TEXT("(id == 1"), "this parenthesis is not closed", 0);
        assert_wrong(TEXT("id or (id == 1 or (id)"), "this parenthesis is not closed", 6);
        assert_wrong(TEXT("id == 1)"), "no parenthesis is open here", 7);
        assert_wrong(TEXT("()"), "a field is missing here", 1);
        assert_wrong(TEXT("id 1"), "and, or or an operator is missing here", 3);
        assert_wrong(TEXT("id == 1 2"), "and, or or an operator is missing here", 8);
        assert_wrong(TEXT("(id == 1 2)"), "and, or or an operator is missing here", 9);
        assert_wrong(TEXT("id = 1"), "equality is written ==", 3);
        assert_wrong(TEXT("id & key"), "and, or are written && and ||", 3);
        assert_wrong(TEXT("id == 'x"), "the closing quote is missing", 6);
        assert_wrong(TEXT("target == 'x\\'"), "the closing quote is missing", 10);
        assert_wrong(TEXT("target == 'x\\"), "the closing quote is missing", 10);
}

static void wrong_fields(void **state)
{
        (void)state;
        assert_wrong(TEXT("id == 1 and sise > 1"), "unknown field", 12);
        assert_wrong(TEXT("ID == 1"), "unknown field", 0);
        assert_wrong(TEXT(".id == 1"), "unknown field", 0);
        assert_wrong(TEXT("summary"), "this field is only for tables", 0);
        assert_wrong(TEXT("id.pid == 1"), "this field has no members", 3);
        assert_wrong(TEXT("holders.size_bytes == 1"), "not a member of this field", 8);
        assert_wrong(TEXT("holders.nobody == 1"), "not a member of this field", 8);
        assert_wrong(TEXT("holders. == 1"), "not a member of this field", 8);
}

static void wrong_operators(void **state)
{
        (void)state;
        assert_wrong(TEXT("id has 1"), "has is only for sets of words", 3);
        assert_wrong(TEXT("creator_life has dead"), "has is only for sets of words", 13);
        assert_wrong(TEXT("holders ~ x"), "patterns are for a member of the rows, as in holders.comm", 8);
        assert_wrong(TEXT("state < dest"), "this field has no order", 6);
        assert_wrong(TEXT("linked > no"), "this field has no order", 7);
        assert_wrong(TEXT("creator_life >= dead"), "this field has no order", 13);
        assert_wrong(TEXT("owner < alice"), "names have no order: write the number", 8);
        assert_wrong(TEXT("created_at < never"), "never is not before or after anything", 13);
}

static void wrong_values(void **state)
{
        static const char date[] = "no such date: write 2026-11-21 or 2026-11-21T19:04:12Z";
        static const char span[] = "not a span of time: seconds, or a number with s, m, h, d, w";
        static const char time[] = "not a time: a date, a span like 2d for that long ago, or never";

        (void)state;
        assert_wrong(TEXT("id == x"), "not a number", 6);
        assert_wrong(TEXT("id == 12x"), "not a number", 8);
        assert_wrong(TEXT("id == ''"), "not a number", 7);
        assert_wrong(TEXT("id == -1"), "not a number", 6);
        assert_wrong(TEXT("id == 18446744073709551616"), "number too large", 6);
        assert_wrong(TEXT("size_bytes > 16E"), "number too large", 13);
        assert_wrong(TEXT("size_bytes > 1X"), "not a size: bytes, or a number with K, M, G, T", 13);
        assert_wrong(TEXT("age_seconds > 1y"), span, 14);
        assert_wrong(TEXT("mode == 888"), "not permission bits: octal, at most 7777", 8);
        assert_wrong(TEXT("mode == 10000"), "number too large", 8);
        assert_wrong(TEXT("key == 0x"), "0x needs hex digits", 9);
        assert_wrong(TEXT("key == 0x1ffffffff"), "number too large", 9);
        assert_wrong(TEXT("key == public"), "not a key: 0x and hex digits, or decimal", 7);
        assert_wrong(TEXT("dev == 45"), "a device number is MAJOR:MINOR", 7);
        assert_wrong(TEXT("owner == 4294967296"), "number too large", 9);
        assert_wrong(TEXT("owner == ''"), "the name is empty", 10);
        assert_wrong(TEXT("linked == 1"), "true or false is meant here", 10);
        assert_wrong(TEXT("state has went"), "not a word of this field", 10);
        assert_wrong(TEXT("state has dest,went"), "not a word of this field", 15);
        assert_wrong(TEXT("state has dest,"), "not a word of this field", 15);
        assert_wrong(TEXT("state has ''"), "not a word of this field", 11);
        assert_wrong(TEXT("creator_life == dest"), "not a word of this field", 16);
        assert_wrong(TEXT("holders == many"), "not a number", 11);
        assert_wrong(TEXT("created_at < 2026-13-01"), date, 13);
        assert_wrong(TEXT("created_at < 2026-02-29"), date, 13);
        assert_wrong(TEXT("created_at < 2026-11-21T24:00"), date, 13);
        assert_wrong(TEXT("created_at < 2026-11-21T1:00"), date, 13);
        assert_wrong(TEXT("created_at < 2026-11-21T01:00:00."), date, 13);
        assert_wrong(TEXT("created_at < 2026-11-21T01:00:00.1234567890"), date, 13);
        assert_wrong(TEXT("created_at < 2026-11-21Z"), date, 13);
        assert_wrong(TEXT("created_at < 2026-11-21T01:00+1"), date, 13);
        assert_wrong(TEXT("created_at < 1969-12-31"), date, 13);
        assert_wrong(TEXT("created_at < tomorrow"), time, 13);
        assert_wrong(TEXT("created_at < 99999999999999999w"), "number too large", 13);
}

static void wrong_patterns(void **state)
{
        (void)state;
        assert_wrong(TEXT("target =~ '('"), "not a regular expression", 11);
        assert_wrong(TEXT("target =~ '[a'"), "not a regular expression", 11);
        assert_wrong(TEXT("target ~ 'a\0b'"), "a pattern has no NUL byte", 10);
        assert_wrong(TEXT("target =~ '(a)\\\\1'"), "the regular expression is too costly", 11);
        assert_wrong(TEXT("target =~ '(a{1000}){1000}'"), "the regular expression is too costly", 11);
        assert_wrong(TEXT("target =~ 'a{32767}'"), "the regular expression is too costly", 11);
        assert_wrong(TEXT("target =~ 'a{99999999999999999999}'"), "the regular expression is too costly", 11);
        assert_wrong(TEXT("target =~ '(((((((((((((((a+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+'"),
                     "the regular expression is too costly", 11);
}

static struct text repeat(struct buf *buf, const char *string, size_t n)
{
        for (size_t i = 0; i < n; i++)
                buf_string(buf, string);
        return buf_text(buf);
}

static void too_large(void **state)
{
        struct buf buf = { 0 };

        (void)state;
        assert_wrong(repeat(&buf, "(", 201), "the filter nests too deeply", 200);
        buf_clear(&buf);
        assert_wrong(repeat(&buf, "!", 30000), "the filter nests too deeply", 200);
        buf_clear(&buf);
        assert_wrong(repeat(&buf, "not ", 300), "the filter nests too deeply", 800);
        buf_clear(&buf);
        assert_wrong(repeat(&buf, " ", 65537), "the filter is too long", 65536);
        buf_clear(&buf);
        buf_string(&buf, "target ~ ");
        assert_wrong(repeat(&buf, "x", 1025), "the pattern is too long", 9 + 1024);

        /* Each of these is allowed, but not any number of them. */
        buf_clear(&buf);
        assert_wrong(repeat(&buf, "target =~ a{1000} or ", 10), "the regular expression is too costly",
                     9 * 21 + 10);
        buf_done(&buf);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(wrong_structure),
                cmocka_unit_test(wrong_fields),
                cmocka_unit_test(wrong_operators),
                cmocka_unit_test(wrong_values),
                cmocka_unit_test(wrong_patterns),
                cmocka_unit_test(too_large),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
