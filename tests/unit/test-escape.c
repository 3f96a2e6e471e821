/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/escape.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_display(struct text text, bool utf8, const char *expected)
{
        struct buf out = { 0 };

        buf_string(&out, ">");
        escape_display(&out, text, utf8);
        assert_int_equal(out.len, strlen(expected) + 1);
        assert_string_equal(buf_text(&out).data + 1, expected);
        buf_done(&out);
}

static void printable_text_stays(void **state)
{
        (void)state;
        assert_display(TEXT(""), true, "");
        assert_display(TEXT("/dev/shm/a b \"c\" %d $x ~ and on"), true, "/dev/shm/a b \"c\" %d $x ~ and on");
        assert_display(TEXT("größe 漢字 😀"), true, "größe 漢字 😀");
        assert_display(TEXT("o\xcc\x88"), true, "o\xcc\x88");
}

static void controls_are_shown(void **state)
{
        (void)state;
        assert_display(TEXT("a\nb\tc\rd"), true, "a\\nb\\tc\\rd");
        assert_display(TEXT("\033[2Jx\a\177\0"), true, "\\x1b[2Jx\\x07\\x7f\\x00");
        assert_display(TEXT("\\x1b"), true, "\\\\x1b");
        /* CSI as a C1 control, as a character and as a bare byte */
        assert_display(TEXT("\xc2\x9b"), true, "\\xc2\\x9b");
        assert_display(TEXT("\x9b"), true, "\\x9b");
}

static void unicode_tricks_are_shown(void **state)
{
        (void)state;
        assert_display(TEXT("a\xe2\x80\xae" "b"), true, "a\\xe2\\x80\\xaeb");           /* U+202E */
        assert_display(TEXT("\xe2\x81\xa6"), true, "\\xe2\\x81\\xa6");                  /* U+2066 */
        assert_display(TEXT("\xe2\x80\xa8"), true, "\\xe2\\x80\\xa8");                  /* U+2028 */
        assert_display(TEXT("\xe2\x80\x8b"), true, "\\xe2\\x80\\x8b");                  /* U+200B */
        assert_display(TEXT("\xef\xbb\xbf"), true, "\\xef\\xbb\\xbf");                  /* U+FEFF */
        assert_display(TEXT("\xf3\xa0\x81\x81"), true, "\\xf3\\xa0\\x81\\x81");         /* U+E0041 */
        assert_display(TEXT("\xef\xbf\xbf"), true, "\\xef\\xbf\\xbf");                  /* U+FFFF */
}

static void invalid_bytes_are_shown(void **state)
{
        (void)state;
        assert_display(TEXT("ok\xff\xc3"), true, "ok\\xff\\xc3");
        assert_display(TEXT("\xc0\x80"), true, "\\xc0\\x80");
        assert_display(TEXT("\xed\xa0\x80"), true, "\\xed\\xa0\\x80");
        assert_display(TEXT("\xe2\x82ä"), true, "\\xe2\\x82ä");
}

static void marks_need_a_letter(void **state)
{
        (void)state;
        assert_display(TEXT("\xcc\x88"), true, "\\xcc\\x88");
        assert_display(TEXT("\n\xcc\x88"), true, "\\n\\xcc\\x88");
        assert_display(TEXT("\xcc\x88o\xcc\x88"), true, "\\xcc\\x88o\xcc\x88");
}

static void other_codesets_get_ascii(void **state)
{
        (void)state;
        assert_display(TEXT("gr\xc3\xb6\xc3\x9f" "er"), false, "gr\\xc3\\xb6\\xc3\\x9fer");
        assert_display(TEXT("a\\\n"), false, "a\\\\\\n");
}

/* At every place of a text longer than the words it is looked at in. */
static void plain_is_what_stays(void **state)
{
        char bytes[19];

        (void)state;
        assert_true(escape_is_plain(TEXT("")));
        for (size_t len = 1; len <= sizeof(bytes); len++) {
                for (size_t at = 0; at < len; at++) {
                        for (unsigned byte = 0; byte < 256; byte++) {
                                bool expected = byte >= 0x20 && byte < 0x7f && byte != '\\';

                                memset(bytes, byte % 2 ? '~' : ' ', len);
                                bytes[at] = (char)byte;
                                if (escape_is_plain((struct text){ bytes, len }) != expected)
                                        fail_msg("byte %02x at %zu of %zu", byte, at, len);
                        }
                }
        }
}

static void assert_word(struct text text, const char *hide, const char *expected)
{
        struct buf word = { 0 }, back = { 0 };

        escape_word(&word, text, hide);
        assert_string_equal(buf_text(&word).data, expected);
        assert_int_equal(escape_parse_word(buf_text(&word), &back, NULL), 0);
        assert_true(text_equal(buf_text(&back), text));
        buf_done(&word);
        buf_done(&back);
}

static void words_survive_the_shell(void **state)
{
        (void)state;
        assert_word(TEXT("/aZ09+-./:@_="), NULL, "/aZ09+-./:@_=");
        assert_word(TEXT("a b"), NULL, "a%20b");
        assert_word(TEXT("100%\\"), NULL, "100%25%5C");
        assert_word(TEXT("\0\n\xff~*$'\""), NULL, "%00%0A%FF%7E%2A%24%27%22");
        assert_word(TEXT("ä"), NULL, "%C3%A4");
        assert_word(TEXT("a=b,c"), "=:", "a%3Db%2Cc");
        assert_word(TEXT("%20"), NULL, "%2520");
        assert_word(TEXT(""), NULL, "");
}

static void assert_parsed(struct text word, int expected, struct text bytes, size_t at)
{
        struct buf out = { 0 };
        size_t ret = 99;

        buf_string(&out, "kept");
        assert_int_equal(escape_parse_word(word, &out, &ret), expected);
        assert_true(text_equal(text_from(buf_text(&out), 4), bytes));
        assert_int_equal(out.data[out.len], 0);
        assert_int_equal(ret, expected == 0 ? 99 : at);
        buf_done(&out);
}

static void words_are_read_strictly(void **state)
{
        (void)state;
        assert_parsed(TEXT("a%20b\\x0ac%c3%A4 ~"), 0, TEXT("a b\nc\xc3\xa4 ~"), 0);
        assert_parsed(TEXT("%00"), 0, TEXT("\0"), 0);
        assert_parsed(TEXT("a%"), -EINVAL, TEXT(""), 1);
        assert_parsed(TEXT("a%2"), -EINVAL, TEXT(""), 1);
        assert_parsed(TEXT("%20%2g"), -EINVAL, TEXT(""), 3);
        assert_parsed(TEXT("%+1"), -EINVAL, TEXT(""), 0);
        assert_parsed(TEXT("ab\\n"), -EINVAL, TEXT(""), 2);
        assert_parsed(TEXT("\\x1"), -EINVAL, TEXT(""), 0);
        assert_parsed(TEXT("\\"), -EINVAL, TEXT(""), 0);
        assert_parsed(TEXT("\\y41"), -EINVAL, TEXT(""), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(printable_text_stays),
                cmocka_unit_test(controls_are_shown),
                cmocka_unit_test(unicode_tricks_are_shown),
                cmocka_unit_test(invalid_bytes_are_shown),
                cmocka_unit_test(marks_need_a_letter),
                cmocka_unit_test(other_codesets_get_ascii),
                cmocka_unit_test(plain_is_what_stays),
                cmocka_unit_test(words_survive_the_shell),
                cmocka_unit_test(words_are_read_strictly),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
