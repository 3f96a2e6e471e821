/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void an_empty_buffer_is_valid(void **state)
{
        struct buf buf = { 0 };

        (void)state;
        assert_string_equal(buf_text(&buf).data, "");
        buf_clear(&buf);
        buf_done(&buf);
        buf_add(&buf, (struct text){ NULL, 0 });
        assert_int_equal(buf.len, 0);
        assert_string_equal(buf.data, "");
        buf_done(&buf);
        assert_null(buf.data);
}

static void bytes_are_added_and_ended(void **state)
{
        struct buf buf = { 0 };

        (void)state;
        for (unsigned i = 0; i < 10000; i++) {
                buf_byte(&buf, (char)('a' + i % 26));
                assert_int_equal(buf.data[buf.len], 0);
        }
        assert_int_equal(buf.len, 10000);
        for (unsigned i = 0; i < 10000; i++)
                assert_int_equal(buf.data[i], 'a' + i % 26);
        buf_clear(&buf);
        buf_add(&buf, (struct text){ "x\0y", 3 });
        buf_string(&buf, "z");
        assert_int_equal(buf.len, 4);
        assert_memory_equal(buf.data, "x\0yz", 5);
        buf_done(&buf);
}

static void reserved_room_keeps_the_bytes(void **state)
{
        struct buf buf = { 0 };
        char *place;

        (void)state;
        place = buf_reserve(&buf, 0);
        assert_string_equal(place, "");
        buf_string(&buf, "head");
        place = buf_reserve(&buf, 100000);
        assert_ptr_equal(place, buf.data + 4);
        assert_true(buf.size > 100004);
        assert_string_equal(buf.data, "head");
        memset(place, 'x', 100000);
        buf.len += 100000;
        buf.data[buf.len] = 0;
        assert_int_equal(strlen(buf.data), 100004);
        buf_done(&buf);
}

static void numbers_are_written(void **state)
{
        struct buf buf = { 0 };

        (void)state;
        buf_uint(&buf, 0);
        buf_byte(&buf, ' ');
        buf_uint(&buf, UINT64_MAX);
        buf_byte(&buf, ' ');
        buf_int(&buf, INT64_MIN);
        buf_byte(&buf, ' ');
        buf_int(&buf, -7);
        buf_byte(&buf, ' ');
        buf_int(&buf, INT64_MAX);
        assert_string_equal(buf.data, "0 18446744073709551615 -9223372036854775808 -7 9223372036854775807");
        buf_done(&buf);
}

static void formats_of_any_length(void **state)
{
        struct buf buf = { 0 };

        (void)state;
        /* Around the first guess at the length, and far beyond. */
        for (int width = 1; width < 300; width++) {
                buf_done(&buf);
                buf_printf(&buf, "%*d", width, 5);
                assert_int_equal(buf.len, width);
                assert_int_equal(buf.data[buf.len - 1], '5');
                assert_int_equal(buf.data[buf.len], 0);
        }
        buf_clear(&buf);
        buf_printf(&buf, "%s-%0100000d", "a", 1);
        assert_int_equal(buf.len, 100002);
        assert_int_equal(buf.data[100001], '1');
        buf_clear(&buf);
        buf_printf(&buf, "%s", "");
        assert_int_equal(buf.len, 0);
        buf_done(&buf);
}

static void assert_text(struct text text, const char *expected)
{
        assert_int_equal(text.len, strlen(expected));
        assert_memory_equal(text.data, expected, text.len);
}

static void texts_compare(void **state)
{
        (void)state;
        assert_true(text_compare(TEXT("a"), TEXT("ab")) < 0);
        assert_true(text_compare(TEXT("ab"), TEXT("a")) > 0);
        assert_true(text_compare(TEXT("b"), TEXT("ab")) > 0);
        assert_true(text_compare(TEXT("a\xff"), TEXT("a\x01")) > 0);
        assert_int_equal(text_compare(TEXT("a\0b"), TEXT("a\0b")), 0);
        assert_int_equal(text_compare((struct text){ NULL, 0 }, TEXT("")), 0);
        assert_true(text_starts(TEXT("shm:1"), TEXT("shm:")));
        assert_false(text_starts(TEXT("shm"), TEXT("shm:")));
        assert_true(text_ends(TEXT("a (deleted)"), TEXT(" (deleted)")));
        assert_false(text_ends(TEXT("d)"), TEXT(" (deleted)")));
        assert_text(text_from(TEXT("abc"), 1), "bc");
        assert_text(text_from(TEXT("abc"), 9), "");
}

static void texts_are_split(void **state)
{
        struct text rest = TEXT("a,,bc,"), piece = TEXT("untouched");

        (void)state;
        assert_true(text_split(&rest, ',', &piece));
        assert_text(piece, "a");
        assert_true(text_split(&rest, ',', &piece));
        assert_text(piece, "");
        assert_true(text_split(&rest, ',', &piece));
        assert_text(piece, "bc");
        assert_false(text_split(&rest, ',', &piece));
        assert_text(piece, "bc");

        rest = TEXT("one\0two");
        assert_true(text_split(&rest, 0, &piece));
        assert_text(piece, "one");
        assert_true(text_split(&rest, 0, &piece));
        assert_text(piece, "two");
        assert_int_equal(rest.len, 0);
}

static void words_are_cut_off(void **state)
{
        struct text rest = TEXT(" \t key  0x1\nb\t"), word = TEXT("untouched");

        (void)state;
        assert_true(text_word(&rest, &word));
        assert_text(word, "key");
        assert_true(text_word(&rest, &word));
        assert_text(word, "0x1\nb");
        assert_false(text_word(&rest, &word));
        assert_text(word, "0x1\nb");
        assert_int_equal(rest.len, 0);
        assert_false(text_word(&rest, &word));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_empty_buffer_is_valid),
                cmocka_unit_test(bytes_are_added_and_ended),
                cmocka_unit_test(reserved_room_keeps_the_bytes),
                cmocka_unit_test(numbers_are_written),
                cmocka_unit_test(formats_of_any_length),
                cmocka_unit_test(texts_compare),
                cmocka_unit_test(texts_are_split),
                cmocka_unit_test(words_are_cut_off),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
