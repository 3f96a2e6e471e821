/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/consent.h"

#include "base/array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_yes(void **state)
{
        static const char *const yes[] = { "y", "Y", "yes", "YES", " y ", "yes\r" };
        static const char *const no[] = { "", " ", "n", "no", "yy", "ye", "yesterday", "1", "y n", "\033y", "\xff" };

        (void)state;
        for (size_t i = 0; i < COUNT(yes); i++)
                if (!consent_is_yes(text_of(yes[i])))
                        fail_msg("'%s' is no yes", yes[i]);
        for (size_t i = 0; i < COUNT(no); i++)
                if (consent_is_yes(text_of(no[i])))
                        fail_msg("'%s' is a yes", no[i]);
        assert_false(consent_is_yes((struct text){ "y\0", 2 }));
}

static void test_number(void **state)
{
        static const char *const wrong[] = { "", "y", "yes", "1", "122", "+12", "12.", "0x0c", "12 12", "-12",
                                             "18446744073709551628", "12x" };

        (void)state;
        assert_true(consent_is_number(TEXT("12"), 12));
        assert_true(consent_is_number(TEXT(" 12\t"), 12));
        for (size_t i = 0; i < COUNT(wrong); i++)
                if (consent_is_number(text_of(wrong[i]), 12))
                        fail_msg("'%s' is twelve", wrong[i]);
}

static void test_which(void **state)
{
        (void)state;
        assert_false(plan_needs_number(&(struct plan){ .nchosen = 50 }));
        assert_false(plan_needs_number(&(struct plan){ .nchosen = 50, .nforced = 1 }));
        assert_true(plan_needs_number(&(struct plan){ .nchosen = 2, .nforced = 2 }));
        assert_true(plan_needs_number(&(struct plan){ .nchosen = 1, .nothers = 1 }));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_yes),
                cmocka_unit_test(test_number),
                cmocka_unit_test(test_which),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
