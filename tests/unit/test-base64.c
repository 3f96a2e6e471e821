/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/base64.h"

#include "base/array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

/* RFC 4648, section 10, and bytes of all kinds. */
static const struct {
        struct text bytes, text;
} pairs[] = {
        { { "", 0 }, { "", 0 } },
        { { "f", 1 }, { "Zg==", 4 } },
        { { "fo", 2 }, { "Zm8=", 4 } },
        { { "foo", 3 }, { "Zm9v", 4 } },
        { { "foob", 4 }, { "Zm9vYg==", 8 } },
        { { "fooba", 5 }, { "Zm9vYmE=", 8 } },
        { { "foobar", 6 }, { "Zm9vYmFy", 8 } },
        { { "\0\xff\n", 3 }, { "AP8K", 4 } },
        { { "\xfb\xff\xfe", 3 }, { "+//+", 4 } },
};

static void both_ways(void **state)
{
        (void)state;
        for (size_t i = 0; i < COUNT(pairs); i++) {
                struct buf out = { 0 };

                base64_encode(&out, pairs[i].bytes);
                assert_text(buf_text(&out), pairs[i].text);
                buf_clear(&out);
                assert_true(base64_decode(&out, pairs[i].text));
                assert_text(buf_text(&out), pairs[i].bytes);
                buf_done(&out);
        }
}

static void what_is_none_is_refused(void **state)
{
        static const struct text bad[] = {
                { "Z", 1 }, { "Zg=", 3 }, { "Zg", 2 }, { "Zh==", 4 }, { "Zm9=", 4 }, { "====", 4 }, { "Z===", 4 },
                { "Zg==Zg==", 8 }, { "Zm=v", 4 }, { "Zm9v\n", 5 }, { "Zm9\n", 4 }, { "Zm9\0", 4 }, { "Zm-_", 4 },
                { "Zm9vZg=v", 8 },
        };

        (void)state;
        for (size_t i = 0; i < COUNT(bad); i++) {
                struct buf out = { 0 };

                buf_string(&out, "as it was");
                assert_false(base64_decode(&out, bad[i]));
                assert_text(buf_text(&out), TEXT("as it was"));
                buf_done(&out);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(both_ways),
                cmocka_unit_test(what_is_none_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
