/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/grid.h"

#include "base/array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tree.h"

static void assert_dump(const struct grid *grid, bool looks, const char *expected)
{
        struct buf out = { 0 };

        grid_dump(grid, looks, &out);
        assert_string_equal(out.data, expected);
        buf_done(&out);
}

/* Every wide character has its right half beside it, and nothing else has. */
static void assert_whole(const struct grid *grid)
{
        for (size_t i = 0; i < (size_t)grid->width * grid->height; i++) {
                const struct grid_cell *cell = &grid->cells[i];

                if (cell->width == 2) {
                        assert_true(i % grid->width + 1 < grid->width);
                        assert_int_equal(cell[1].width, 0);
                        assert_int_equal(cell[1].len, 0);
                } else if (cell->width == 0) {
                        assert_true(i % grid->width > 0);
                        assert_int_equal(cell[-1].width, 2);
                } else {
                        assert_int_equal(cell->width, 1);
                        assert_true(cell->len > 0);
                }
        }
}

static void places_outside(void **state)
{
        struct grid grid = { 0 };

        (void)state;
        grid_resize(&grid, 5, 2);
        assert_int_equal(grid_put(&grid, 5, 0, 9, TEXT("x"), 0), 0);
        assert_int_equal(grid_put(&grid, 0, 2, 9, TEXT("x"), 0), 0);
        assert_int_equal(grid_put(&grid, UINT32_MAX, UINT32_MAX, UINT32_MAX, TEXT("x"), 0), 0);
        grid_fill(&grid, 4, 1, UINT32_MAX, '#', 0);
        grid_fill(&grid, 4, 9, 1, '#', 0);
        grid_look(&grid, 3, 7, 1, LOOK_BOLD);
        assert_int_equal(grid_put(&grid, 3, 0, UINT32_MAX, TEXT("abc"), 0), 2);
        assert_dump(&grid, false, "   ab\n    #\n");
        grid_done(&grid);
}

static void wide_characters(void **state)
{
        struct grid grid = { 0 };

        (void)state;
        grid_resize(&grid, 6, 3);
        /* The last one has no room for its right half. */
        assert_int_equal(grid_put(&grid, 1, 0, 5, text_of("漢字漢"), 0), 5);
        assert_dump(&grid, false, " 漢字\n\n\n");
        assert_whole(&grid);
        /* Over a left half, over a right half, over both of two. */
        grid_put(&grid, 0, 1, 6, text_of("漢字漢"), 0);
        grid_put(&grid, 0, 1, 1, TEXT("a"), 0);
        grid_put(&grid, 3, 1, 1, TEXT("b"), 0);
        assert_whole(&grid);
        assert_dump(&grid, false, " 漢字\na  b漢\n\n");
        grid_put(&grid, 0, 2, 6, text_of("漢字漢"), 0);
        grid_put(&grid, 1, 2, 2, text_of("字"), 0);
        assert_whole(&grid);
        assert_dump(&grid, false, " 漢字\na  b漢\n 字 漢\n");
        grid_done(&grid);
}

static void marks(void **state)
{
        struct grid grid = { 0 };

        (void)state;
        grid_resize(&grid, 4, 2);
        /* The first has nothing to stand on. */
        assert_int_equal(grid_put(&grid, 0, 0, 4, text_of("\u0301e\u0301x"), 0), 2);
        assert_dump(&grid, false, "e\u0301x\n\n");
        /* As many as there is room for, each of them whole. */
        grid_put(&grid, 0, 1, 4,
                 text_of("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301z"), 0);
        assert_int_equal(grid.cells[4].len, 1 + 2 * 9);
        assert_whole(&grid);
        grid_done(&grid);
}

static void no_display_form(void **state)
{
        struct grid grid = { 0 };

        (void)state;
        grid_resize(&grid, 8, 1);
        assert_int_equal(grid_put(&grid, 0, 0, 8, TEXT("a\033[\xff\n\xc2"), 0), 6);
        assert_dump(&grid, false, "a?[???\n");
        grid_done(&grid);
}

static void cut(void **state)
{
        static const struct {
                const char *text;
                unsigned room;
                enum align align;
                bool utf8;
                const char *dump;
        } cases[] = {
                { "abc", 5, ALIGN_LEFT, true, "abc\n" },
                { "abc", 5, ALIGN_RIGHT, true, "  abc\n" },
                { "abcdef", 6, ALIGN_RIGHT, true, "abcdef\n" },
                { "abcdefg", 6, ALIGN_RIGHT, true, "abcde…\n" },
                { "abcdefg", 6, ALIGN_LEFT, false, "abcde+\n" },
                { "漢字漢字", 6, ALIGN_LEFT, true, "漢字…\n" },
                { "abc", 1, ALIGN_LEFT, true, "…\n" },
                { "abc", 0, ALIGN_LEFT, true, "\n" },
                { "", 3, ALIGN_RIGHT, true, "\n" },
        };

        (void)state;
        for (size_t i = 0; i < COUNT(cases); i++) {
                struct grid grid = { 0 };
                unsigned put;

                grid_resize(&grid, 8, 1);
                put = grid_put_cut(&grid, 0, 0, cases[i].room, text_of(cases[i].text), 0, cases[i].align,
                                   cases[i].utf8);
                assert_true(put <= cases[i].room);
                assert_dump(&grid, false, cases[i].dump);
                assert_whole(&grid);
                grid_done(&grid);
        }
}

static void looks(void **state)
{
        struct grid grid = { 0 };

        (void)state;
        grid_resize(&grid, 6, 2);
        grid_put(&grid, 0, 0, 6, TEXT("ab"), STYLE_BAD);
        grid_put(&grid, 2, 0, 6, TEXT("cd"), STYLE_GOOD | LOOK_UNDER);
        grid_look(&grid, 0, 0, 3, LOOK_REVERSE);
        grid_look(&grid, 1, 0, 1, STYLE_WARN);
        assert_dump(&grid, true, "abcd\n\nabcd\n\na: bad reverse\nb: warn reverse\nc: good reverse under\nd: good under\n");
        grid_done(&grid);
}

static void sizes(void **state)
{
        struct grid grid = { 0 };

        (void)state;
        grid_resize(&grid, 3, 3);
        grid_fill(&grid, 0, 0, 3, 'x', STYLE_BAD);
        grid.cursor = true;
        grid_resize(&grid, 3, 3);
        assert_false(grid.cursor);
        assert_dump(&grid, true, "\n\n\n\n\n\n");
        grid_resize(&grid, UINT32_MAX, 1);
        assert_int_equal(grid.width, GRID_MOST);
        grid_done(&grid);
        assert_null(grid.cells);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(places_outside), cmocka_unit_test(wide_characters), cmocka_unit_test(marks),
                cmocka_unit_test(no_display_form), cmocka_unit_test(cut), cmocka_unit_test(looks),
                cmocka_unit_test(sizes),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
