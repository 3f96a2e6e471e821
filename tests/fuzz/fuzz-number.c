/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/buf.h"
#include "base/number.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define UNTOUCHED UINT64_C(0x5eed5eed5eed5eed)

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* The outcome is one of three, and only success stores something. */
static bool succeeded(int r, uint64_t number)
{
        check(r == 0 || r == -EINVAL || r == -ERANGE);
        check(r == 0 || number == UNTOUCHED);
        return r == 0;
}

static void check_int(struct text text)
{
        int64_t number = (int64_t)UNTOUCHED, again;
        struct buf buf = { 0 };

        if (succeeded(number_parse_int(text, INT64_MIN, INT64_MAX, &number), (uint64_t)number)) {
                buf_int(&buf, number);
                check(number_parse_int(buf_text(&buf), number, number, &again) == 0);
                check(again == number);
        }
        buf_done(&buf);
}

/* A decimal is a signed number, a size and a span as well; they agree. */
static void check_decimal(struct text text)
{
        uint64_t number = UNTOUCHED, limited = UNTOUCHED, other = UNTOUCHED;
        struct buf buf = { 0 };

        if (succeeded(number_parse(text, UINT64_MAX, &number), number)) {
                check(number_parse_size(text, &other) == 0 && other == number);
                check(number_parse_span(text, &other) == 0 && other == number);
                check(number_parse_base(text, 16, UINT64_MAX, &other) != -EINVAL);
                buf_uint(&buf, number);
                check(number_parse(buf_text(&buf), number, &other) == 0 && other == number);
                if (number > 0)
                        check(number_parse(text, number - 1, &limited) == -ERANGE);
                check(limited == UNTOUCHED);
        }
        buf_done(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        uint64_t octal = UNTOUCHED, hex = UNTOUCHED, bytes = UNTOUCHED, seconds = UNTOUCHED;

        check_decimal(text);
        check_int(text);
        if (succeeded(number_parse_base(text, 8, UINT64_MAX, &octal), octal) &&
            succeeded(number_parse_base(text, 16, UINT64_MAX, &hex), hex))
                check(octal <= hex);
        succeeded(number_parse_size(text, &bytes), bytes);
        succeeded(number_parse_span(text, &seconds), seconds);
        return 0;
}
