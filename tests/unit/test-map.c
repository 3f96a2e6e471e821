/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char things[100000];

static void an_empty_map_holds_nothing(void **state)
{
        struct map map = { 0 };

        (void)state;
        assert_null(map_get(&map, 0, 0));
        map_done(&map);
        assert_null(map_get(&map, 1, 2));
}

static void both_halves_of_the_key_count(void **state)
{
        struct map map = { 0 };

        (void)state;
        *map_place(&map, 0, 0) = &things[0];
        *map_place(&map, 1, 2) = &things[1];
        *map_place(&map, 2, 1) = &things[2];
        *map_place(&map, UINT64_MAX, UINT64_MAX) = &things[3];
        assert_ptr_equal(map_get(&map, 0, 0), &things[0]);
        assert_ptr_equal(map_get(&map, 1, 2), &things[1]);
        assert_ptr_equal(map_get(&map, 2, 1), &things[2]);
        assert_ptr_equal(map_get(&map, UINT64_MAX, UINT64_MAX), &things[3]);
        assert_null(map_get(&map, 0, 1));
        assert_null(map_get(&map, 1, 1));
        assert_int_equal(map.used, 4);
        map_done(&map);
}

static void a_place_is_found_again(void **state)
{
        struct map map = { 0 };
        void **place;

        (void)state;
        place = map_place(&map, 7, 9);
        assert_null(*place);
        *place = &things[0];
        place = map_place(&map, 7, 9);
        assert_ptr_equal(*place, &things[0]);
        *place = &things[1];
        assert_ptr_equal(map_get(&map, 7, 9), &things[1]);
        assert_int_equal(map.used, 1);
        map_done(&map);
}

/* Keys as they come: one device and running inodes, or multiples of a large power of two. */
static void fill_and_check(uint64_t a_step, uint64_t b_step)
{
        struct map map = { 0 };

        for (uint64_t i = 0; i < sizeof(things); i++) {
                void **place = map_place(&map, i * a_step, i * b_step);

                assert_null(*place);
                *place = &things[i];
                assert_true(map.used * 10 <= map.size * 7);
        }
        assert_int_equal(map.used, sizeof(things));
        assert_int_equal(map.size & (map.size - 1), 0);
        for (uint64_t i = 0; i < sizeof(things); i++)
                assert_ptr_equal(map_get(&map, i * a_step, i * b_step), &things[i]);
        for (uint64_t i = sizeof(things); i < 2 * sizeof(things); i++)
                assert_null(map_get(&map, i * a_step, i * b_step));
        map_done(&map);
}

/* Whatever is taken out, and in whatever order: the others are found. */
static void keys_are_taken_out(void **state)
{
        enum { KEYS = 5000, STEP = 1811 };      /* no common divisor */
        static bool gone[KEYS];
        struct map map = { 0 };

        (void)state;
        assert_false(map_remove(&map, 1, 2));
        for (uint64_t i = 0; i < KEYS; i++)
                *map_place(&map, i << 32, i) = &things[i];
        for (uint64_t i = 0, at = 0; i < KEYS; i++, at = (at + STEP) % KEYS) {
                assert_true(map_remove(&map, at << 32, at));
                assert_false(map_remove(&map, at << 32, at));
                assert_int_equal(map.used, KEYS - i - 1);
                gone[at] = true;
                for (uint64_t other = 0; i % 100 == 0 && other < KEYS; other++)
                        assert_ptr_equal(map_get(&map, other << 32, other), gone[other] ? NULL : &things[other]);
        }
        assert_int_equal(map.used, 0);
        *map_place(&map, 0, 0) = &things[1];
        assert_ptr_equal(map_get(&map, 0, 0), &things[1]);
        map_done(&map);
}

static void every_key_is_met_once(void **state)
{
        enum { KEYS = 1000 };
        static unsigned met[KEYS];
        struct map map = { 0 };
        size_t at = 0, n = 0;
        uint64_t key;
        void *value;

        (void)state;
        assert_false(map_next(&map, &at, &key, &value));
        for (uint64_t i = 0; i < KEYS; i++)
                *map_place(&map, i, 0) = &things[i];
        for (at = 0; map_next(&map, &at, &key, &value); n++) {
                assert_true(key < KEYS);
                assert_ptr_equal(value, &things[key]);
                assert_int_equal(met[key]++, 0);
        }
        assert_int_equal(n, KEYS);
        map_done(&map);
}

/* With keys that collide in the low bits, a bad mix would take minutes here. */
static void many_keys_of_every_pattern(void **state)
{
        (void)state;
        fill_and_check(0, 1);
        fill_and_check(1, 0);
        fill_and_check(1, 1);
        fill_and_check(UINT64_C(1) << 32, 0);
        fill_and_check(0, UINT64_C(1) << 40);
        fill_and_check(UINT64_C(1) << 20, UINT64_C(1) << 44);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_empty_map_holds_nothing),
                cmocka_unit_test(both_halves_of_the_key_count),
                cmocka_unit_test(a_place_is_found_again),
                cmocka_unit_test(many_keys_of_every_pattern),
                cmocka_unit_test(keys_are_taken_out),
                cmocka_unit_test(every_key_is_met_once),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
