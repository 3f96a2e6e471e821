/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/number.h"

#include <errno.h>

/* The value of a digit, 16 for any other byte. */
static unsigned digit_value(char byte)
{
        if (byte >= '0' && byte <= '9')
                return (unsigned)(byte - '0');
        if (byte >= 'a' && byte <= 'f')
                return (unsigned)(byte - 'a') + 10;
        if (byte >= 'A' && byte <= 'F')
                return (unsigned)(byte - 'A') + 10;
        return 16;
}

static size_t count_digits(struct text text)
{
        size_t n = 0;

        while (n < text.len && digit_value(text.data[n]) < 10)
                n++;
        return n;
}

int number_parse_base(struct text text, unsigned base, uint64_t max, uint64_t *ret)
{
        uint64_t number = 0;
        bool fits = true;

        if (text.len == 0)
                return -EINVAL;
        for (size_t i = 0; i < text.len; i++) {
                unsigned digit = digit_value(text.data[i]);

                /* To the end even when it is too large already: "99x" is no number at all. */
                if (digit >= base)
                        return -EINVAL;
                if (__builtin_mul_overflow(number, base, &number) ||
                    __builtin_add_overflow(number, digit, &number))
                        fits = false;
        }
        if (!fits || number > max)
                return -ERANGE;
        *ret = number;
        return 0;
}

int number_parse(struct text text, uint64_t max, uint64_t *ret)
{
        return number_parse_base(text, 10, max, ret);
}

int number_parse_int(struct text text, int64_t min, int64_t max, int64_t *ret)
{
        bool minus = text.len > 0 && text.data[0] == '-';
        uint64_t size;
        int64_t number;
        int r;

        r = number_parse(text_from(text, minus), (uint64_t)INT64_MAX + minus, &size);
        if (r < 0)
                return r;
        /* By way of -1, because INT64_MIN has no positive counterpart. */
        number = !minus || size == 0 ? (int64_t)size : -(int64_t)(size - 1) - 1;
        if (number < min || number > max)
                return -ERANGE;
        *ret = number;
        return 0;
}

static char lower(char byte)
{
        return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* "", "B", "K", "KiB" (powers of 1024), "KB" (powers of 1000), ...; 0 for anything else. */
static uint64_t size_unit(struct text suffix)
{
        static const char letters[] = "kmgtpe";
        const char *letter;
        uint64_t step = 1024, unit = 1;

        if (suffix.len == 0 || (suffix.len == 1 && lower(suffix.data[0]) == 'b'))
                return 1;
        letter = memchr(letters, lower(suffix.data[0]), sizeof(letters) - 1);
        if (!letter)
                return 0;
        if (suffix.len > 3 || (suffix.len > 1 && lower(suffix.data[suffix.len - 1]) != 'b'))
                return 0;
        if (suffix.len == 3 && lower(suffix.data[1]) != 'i')
                return 0;
        if (suffix.len == 2)
                step = 1000;
        for (const char *l = letters; l <= letter; l++)
                unit *= step;
        return unit;
}

/* whole * unit + more */
static int scale(struct text whole, uint64_t unit, uint64_t more, uint64_t *ret)
{
        uint64_t number;
        int r;

        r = number_parse(whole, UINT64_MAX / unit, &number);
        if (r < 0)
                return r;
        if (more > UINT64_MAX - number * unit)
                return -ERANGE;
        *ret = number * unit + more;
        return 0;
}

/*
 * The digits behind the point, in units, rounded down. From the last digit to
 * the first, so that nothing overflows however many there are: 9 * 2^60 fits.
 */
static uint64_t fraction_of(struct text digits, uint64_t unit)
{
        uint64_t part = 0;

        for (size_t i = digits.len; i > 0; i--)
                part = (digit_value(digits.data[i - 1]) * unit + part) / 10;
        return part;
}

int number_parse_size(struct text text, uint64_t *ret_bytes)
{
        struct text whole = { text.data, count_digits(text) };
        struct text rest = text_from(text, whole.len), fraction = { NULL, 0 };
        bool point = rest.len > 0 && rest.data[0] == '.';
        uint64_t unit;

        if (point) {
                rest = text_from(rest, 1);
                fraction = (struct text){ rest.data, count_digits(rest) };
                rest = text_from(rest, fraction.len);
        }
        unit = size_unit(rest);
        /* There is no fraction of a byte. */
        if (unit == 0 || (point && (unit == 1 || fraction.len == 0)))
                return -EINVAL;
        return scale(whole, unit, fraction_of(fraction, unit), ret_bytes);
}

static uint64_t span_unit(struct text suffix)
{
        if (suffix.len == 0)
                return 1;
        if (suffix.len > 1)
                return 0;
        switch (suffix.data[0]) {
        case 's':
                return 1;
        case 'm':
                return 60;
        case 'h':
                return 60 * 60;
        case 'd':
                return 24 * 60 * 60;
        case 'w':
                return 7 * 24 * 60 * 60;
        default:
                return 0;
        }
}

int number_parse_span(struct text text, uint64_t *ret_seconds)
{
        struct text whole = { text.data, count_digits(text) };
        uint64_t unit = span_unit(text_from(text, whole.len));

        if (unit == 0)
                return -EINVAL;
        return scale(whole, unit, 0, ret_seconds);
}
