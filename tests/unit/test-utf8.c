/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

#include <locale.h>
#include <wchar.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_decoded(struct text text, unsigned len, uint32_t code)
{
        uint32_t ret = 0;

        assert_int_equal(utf8_decode(text, &ret), len);
        assert_int_equal(ret, code);
}

static void valid_sequences(void **state)
{
        (void)state;
        assert_decoded(TEXT("\0"), 1, 0);
        assert_decoded(TEXT("ab"), 1, 'a');
        assert_decoded(TEXT("\xc2\x80"), 2, 0x80);
        assert_decoded(TEXT("\xdf\xbf"), 2, 0x7ff);
        assert_decoded(TEXT("\xe0\xa0\x80"), 3, 0x800);
        assert_decoded(TEXT("\xed\x9f\xbf"), 3, 0xd7ff);
        assert_decoded(TEXT("\xee\x80\x80"), 3, 0xe000);
        assert_decoded(TEXT("\xf0\x90\x80\x80"), 4, 0x10000);
        assert_decoded(TEXT("\xf4\x8f\xbf\xbfz"), 4, 0x10ffff);
}

static void invalid_sequences(void **state)
{
        static const struct text bad[] = {
                TEXT("\x80"), TEXT("\xbf"), TEXT("\xc0\x80"), TEXT("\xc1\xbf"), TEXT("\xe0\x9f\xbf"),
                TEXT("\xf0\x8f\xbf\xbf"), TEXT("\xed\xa0\x80"), TEXT("\xed\xbf\xbf"),
                TEXT("\xf4\x90\x80\x80"), TEXT("\xf5\x80\x80\x80"), TEXT("\xff"), TEXT("\xfe"),
                TEXT("\xc3"), TEXT("\xe2\x82"), TEXT("\xf0\x9f\x98"), TEXT("\xc3("), TEXT("\xe2(\x82"),
                TEXT("\xe2\x82("), TEXT("\xf0\x9f\x98("), TEXT("\xc3\xc3\xa4"),
        };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                assert_decoded(bad[i], 0, (unsigned char)bad[i].data[0]);
                assert_false(utf8_valid(bad[i]));
        }
        assert_true(utf8_valid(TEXT("")));
        assert_true(utf8_valid(TEXT("long enough for words\0 größer € 😀")));
        assert_false(utf8_valid(TEXT("long enough for words\0 größer € \x80 and on")));
}

/* Every code point there and back; what is none becomes U+FFFD. */
static void encoding_is_the_inverse(void **state)
{
        char bytes[4];

        (void)state;
        for (uint32_t code = 0; code < 0x110000; code++) {
                uint32_t back = 0;
                unsigned len;

                if (code >= 0xd800 && code <= 0xdfff)
                        continue;
                len = utf8_encode(code, bytes);
                if (utf8_decode((struct text){ bytes, len }, &back) != len || back != code)
                        fail_msg("U+%04X", code);
        }
        assert_int_equal(utf8_encode(0xd800, bytes), 3);
        assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
        assert_int_equal(utf8_encode(0x110000, bytes), 3);
        assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
}

struct span {
        uint32_t first, last;
};

static void dangerous_characters_have_no_width(void **state)
{
        static const struct span spans[] = {
                { 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c },
                { 0x1160, 0x1160 }, { 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
                { 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xd800, 0xf8ff }, { 0xfdd0, 0xfdef },
                { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
                { 0x1fffe, 0x1ffff }, { 0xe0000, 0x110000 }, { UINT32_MAX, UINT32_MAX },
                { 0x378, 0x379 }, { 0x40000, 0x4ffff },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
                for (uint64_t code = spans[i].first; code <= spans[i].last; code++)
                        if (utf8_width((uint32_t)code) != -1)
                                fail_msg("U+%04X", (unsigned)code);
}

static void widths(void **state)
{
        (void)state;
        assert_int_equal(utf8_width(' '), 1);
        assert_int_equal(utf8_width('~'), 1);
        assert_int_equal(utf8_width(0xa0), 1);
        assert_int_equal(utf8_width(0xff), 1);
        assert_int_equal(utf8_width(0x2ff), 1);
        assert_int_equal(utf8_width(0x300), 0);
        assert_int_equal(utf8_width(0x20ac), 1);
        assert_int_equal(utf8_width(0x20dd), 0);
        assert_int_equal(utf8_width(0x1100), 2);
        assert_int_equal(utf8_width(0x11a8), 0);
        assert_int_equal(utf8_width(0x3042), 2);
        assert_int_equal(utf8_width(0x4e00), 2);
        assert_int_equal(utf8_width(0xac00), 2);
        assert_int_equal(utf8_width(0xff21), 2);
        assert_int_equal(utf8_width(0xff71), 1);
        assert_int_equal(utf8_width(0x1f600), 2);
        assert_int_equal(utf8_width(0x20000), 2);
        assert_int_equal(utf8_width(0xfffd), 1);
}

/* Blocks that no later Unicode is going to fill up, without what is invisible. */
static const struct span common[] = {
        { 0x20, 0x7e }, { 0xa0, 0xac }, { 0xae, 0x34e }, { 0x350, 0x377 }, { 0x391, 0x3a1 }, { 0x3a3, 0x52f },
        { 0x591, 0x5c7 }, { 0x5d0, 0x5ea }, { 0x606, 0x61b }, { 0x61d, 0x6dc }, { 0x6de, 0x6ff },
        { 0x900, 0x983 }, { 0xe01, 0xe3a }, { 0x1100, 0x115e }, { 0x1161, 0x11ff }, { 0x1e00, 0x1f15 },
        { 0x2000, 0x200a }, { 0x2010, 0x2027 }, { 0x202f, 0x205f }, { 0x20a0, 0x20c0 }, { 0x20d0, 0x20f0 },
        { 0x2100, 0x218b }, { 0x2190, 0x2426 }, { 0x2440, 0x244a }, { 0x2460, 0x262f }, { 0x2638, 0x2689 },
        { 0x2690, 0x2b73 }, { 0x2e80, 0x2e99 }, { 0x2f00, 0x2fd5 }, { 0x3000, 0x303f }, { 0x3041, 0x3096 },
        { 0x3099, 0x30ff }, { 0x3105, 0x312f }, { 0x3131, 0x3163 }, { 0x3165, 0x318e }, { 0x3200, 0x321e },
        { 0x3220, 0x3247 }, { 0x3250, 0x4dbf }, { 0x4e00, 0xa48c }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfa6d },
        { 0xfe20, 0xfe52 }, { 0xff01, 0xff9f }, { 0xffa1, 0xffbe }, { 0xfffc, 0xfffd }, { 0x1d400, 0x1d454 },
        { 0x1f300, 0x1f6d7 }, { 0x1f900, 0x1fa53 }, { 0x20000, 0x2a6df },
};

static void widths_agree_with_the_system(void **state)
{
        (void)state;
        if (!setlocale(LC_CTYPE, "C.UTF-8") || wcwidth(0x1f600) != 2)
                skip();
        for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
                for (uint32_t code = common[i].first; code <= common[i].last; code++)
                        if (utf8_width(code) != wcwidth((wchar_t)code))
                                fail_msg("U+%04X: %d here, %d in wcwidth()", code, utf8_width(code),
                                         wcwidth((wchar_t)code));
        setlocale(LC_CTYPE, "C");
        /* And the table is ours: the C locale makes no difference. */
        assert_int_equal(utf8_width(0x4e00), 2);
}

static void columns_of_texts(void **state)
{
        (void)state;
        assert_int_equal(utf8_columns(TEXT("")), 0);
        assert_int_equal(utf8_columns(TEXT("plain and longer than a word")), 28);
        assert_int_equal(utf8_columns(TEXT("größe")), 5);
        assert_int_equal(utf8_columns(TEXT("gro\xcc\x88\xc3\x9f" "e")), 5);
        assert_int_equal(utf8_columns(TEXT("漢字")), 4);
        assert_int_equal(utf8_columns(TEXT("a😀b")), 4);
        assert_int_equal(utf8_columns(TEXT("a\xff" "b")), 3);
}

static void upper_and_lower_case_are_one(void **state)
{
        static const struct {
                uint32_t upper, lower;
        } pairs[] = { { 'A', 'a' }, { 'Z', 'z' }, { 0xc4, 0xe4 }, { 0x178, 0xff }, { 0x416, 0x436 }, { 0x3a3, 0x3c3 },
                      { 0x3a3, 0x3c2 }, { 0x1e9e, 0xdf }, { 0x10400, 0x10428 } };
        static const uint32_t plain[] = { '@', '[', '1', 0xd7, 0x4e00, 0x1f600 };

        (void)state;
        /* ASCII is told without the C library, whatever the language. */
        assert_int_equal(utf8_fold('I'), 'i');
        assert_true(utf8_is_upper('I'));
        if (!setlocale(LC_CTYPE, "C.UTF-8"))
                skip();
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
                assert_int_equal(utf8_fold(pairs[i].upper), utf8_fold(pairs[i].lower));
                assert_true(utf8_is_upper(pairs[i].upper));
                assert_false(utf8_is_upper(pairs[i].lower));
        }
        for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
                assert_int_equal(utf8_fold(plain[i]), plain[i]);
                assert_false(utf8_is_upper(plain[i]));
        }
        setlocale(LC_CTYPE, "C");
}

static void assert_cut(struct text text, unsigned columns, size_t len, unsigned taken)
{
        unsigned ret;
        struct text cut = utf8_cut(text, columns, &ret);

        assert_ptr_equal(cut.data, text.data);
        assert_int_equal(cut.len, len);
        assert_int_equal(ret, taken);
}

static void cuts(void **state)
{
        (void)state;
        assert_cut(TEXT("abc"), 0, 0, 0);
        assert_cut(TEXT("abc"), 2, 2, 2);
        assert_cut(TEXT("abc"), 3, 3, 3);
        assert_cut(TEXT("abc"), 1000, 3, 3);
        assert_cut(TEXT(""), 5, 0, 0);
        assert_cut(TEXT("äöü"), 2, 4, 2);
        /* Half a wide character is none. */
        assert_cut(TEXT("漢字"), 3, 3, 2);
        assert_cut(TEXT("漢字"), 1, 0, 0);
        /* Marks stay with their letter. */
        assert_cut(TEXT("o\xcc\x88\xcc\xa3x"), 1, 5, 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(valid_sequences),
                cmocka_unit_test(invalid_sequences),
                cmocka_unit_test(encoding_is_the_inverse),
                cmocka_unit_test(dangerous_characters_have_no_width),
                cmocka_unit_test(widths),
                cmocka_unit_test(widths_agree_with_the_system),
                cmocka_unit_test(columns_of_texts),
                cmocka_unit_test(upper_and_lower_case_are_one),
                cmocka_unit_test(cuts),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
