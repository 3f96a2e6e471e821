/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/thresholds.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool reached(const struct thresholds *thresholds, uint16_t limit, int permille)
{
        const struct limit_reading reading = { .limit = limit };
        const struct limit_row row = { .reading = &reading, .permille = permille };

        return thresholds_reached(thresholds, &row);
}

static void test_levels(void **state)
{
        struct thresholds thresholds = { 0 };
        int level = 7;

        (void)state;
        assert_false(reached(&thresholds, LIMIT_SHMMNI, 1000));
        assert_int_equal(thresholds_add(&thresholds, "shmmni=97.5%"), 0);
        assert_false(reached(&thresholds, LIMIT_SHMMNI, 974));
        assert_true(reached(&thresholds, LIMIT_SHMMNI, 975));
        assert_false(reached(&thresholds, LIMIT_SHMALL, 1000));
        assert_false(thresholds_get(&thresholds, LIMIT_SHMALL, &level));
        assert_int_equal(level, 7);
        assert_int_equal(thresholds_add(&thresholds, "80"), 0);
        assert_true(reached(&thresholds, LIMIT_SHMALL, 800));
        assert_false(reached(&thresholds, LIMIT_SHMMNI, 900));
        assert_int_equal(thresholds_add(&thresholds, "0%"), 0);
        assert_true(reached(&thresholds, LIMIT_SHMALL, 0));
        assert_int_equal(thresholds_set(&thresholds, (struct text){ "shmmni", 6 }, (struct text){ "12.5%", 5 }), 0);
        assert_true(reached(&thresholds, LIMIT_SHMMNI, 125));
        assert_int_equal(thresholds_set(&thresholds, (struct text){ "", 0 }, (struct text){ "5", 1 }), 0);
        assert_true(reached(&thresholds, LIMIT_SHMALL, 50));
        assert_false(reached(&thresholds, LIMIT_SHMMNI, 124));
        assert_int_equal(thresholds_set(&thresholds, (struct text){ "nosuch", 6 }, (struct text){ "5", 1 }), -ENOENT);
        assert_int_equal(thresholds_set(&thresholds, (struct text){ "shmmni", 6 }, (struct text){ "5x", 2 }), -EINVAL);
        assert_true(reached(&thresholds, LIMIT_SHMMNI, 125));
        /* No limit, or not known: there is nothing to reach. */
        assert_false(reached(&thresholds, LIMIT_SHMALL, -1));
}

static void test_odd(void **state)
{
        static const char *const odd[] = { "", "%", "80%%", "-1", "x", "80.", "80.55", "80.x", "shmmni=", "shmmni=x%",
                                           "1001", "99999999999999999999", "0x10", " 80", "80 " };
        struct thresholds thresholds = { 0 };

        (void)state;
        for (unsigned i = 0; i < sizeof(odd) / sizeof(*odd); i++)
                if (thresholds_add(&thresholds, odd[i]) != -EINVAL)
                        fail_msg("%s", odd[i]);
        assert_int_equal(thresholds_add(&thresholds, "nosuch=80%"), -ENOENT);
        assert_int_equal(thresholds_add(&thresholds, "=80%"), -ENOENT);
        assert_false(reached(&thresholds, LIMIT_SHMMNI, 1000));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_levels),
                cmocka_unit_test(test_odd),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
