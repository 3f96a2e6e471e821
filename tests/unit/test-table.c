/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/table.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct column columns[] = {
        { "REF", ALIGN_LEFT, 0 },
        { "SIZE", ALIGN_RIGHT, 0 },
        { "NAME", ALIGN_LEFT, 4 },
        { "STATE", ALIGN_LEFT, 2 },
};

static void add_row(struct table *table, const char *a, const char *b, const char *c, const char *d)
{
        table_add(table, text_of(a), STYLE_NONE, false);
        table_add(table, text_of(b), STYLE_NONE, true);
        table_add(table, text_of(c), STYLE_NONE, false);
        table_add(table, text_of(d), STYLE_NONE, true);
}

static void assert_printed(const struct table *table, struct table_look look, const char *expected)
{
        struct buf out = { 0 };

        table_print(table, &look, &out);
        assert_string_equal(buf_text(&out).data, expected);
        assert_int_equal(out.len, strlen(expected));
        buf_done(&out);
}

static void whole_values(void **state)
{
        struct arena arena;
        struct table table;

        (void)state;
        arena_init(&arena);
        table_init(&table, &arena, columns, 4);
        assert_printed(&table, (struct table_look){ .headings = true }, "REF  SIZE  NAME  STATE\n");
        assert_printed(&table, (struct table_look){ 0 }, "");
        add_row(&table, "shm:1", "64", "/longer", "ok");
        add_row(&table, "shm:22", "65536", "", "");
        add_row(&table, "", "", "", "");
        add_row(&table, "shm:3", "", "漢", "gone");
        assert_printed(&table, (struct table_look){ .headings = true },
                       "REF      SIZE  NAME     STATE\n"
                       "shm:1      64  /longer  ok\n"
                       "shm:22  65536\n"
                       "\n"
                       "shm:3          漢       gone\n");
        /* Without headings, titles do not widen the columns. */
        table_done(&table);
        table_init(&table, &arena, columns, 4);
        add_row(&table, "a", "1", "b", "c");
        table_add(&table, TEXT("unfinished"), STYLE_NONE, true);
        assert_printed(&table, (struct table_look){ .utf8 = true },
                       "a           1  b  c\n"
                       "unfinished\n");
        table_done(&table);
        arena_done(&arena);
}

static void cells_are_copied_unless_kept(void **state)
{
        char bytes[] = "before";
        struct arena arena;
        struct table table;

        (void)state;
        arena_init(&arena);
        table_init(&table, &arena, columns, 4);
        table_add(&table, (struct text){ bytes, 6 }, STYLE_NONE, false);
        table_add(&table, (struct text){ bytes, 6 }, STYLE_BAD, true);
        assert_ptr_not_equal(table.cells[0].data, bytes);
        assert_ptr_equal(table.cells[1].data, bytes);
        assert_int_equal(table.cells[1].style, STYLE_BAD);
        memcpy(bytes, "behind", 6);
        assert_memory_equal(table.cells[0].data, "before", 6);
        assert_int_equal(table.cells[0].width, 6);
        assert_int_equal(table.widths[0], 6);
        assert_int_equal(table.widths[2], 4);
        table_done(&table);
        arena_done(&arena);
}

static void assert_fit(const struct table *table, unsigned width, const unsigned *expected)
{
        unsigned widths[4];

        table_fit(table, width, true, widths);
        for (unsigned i = 0; i < 4; i++)
                if (widths[i] != expected[i])
                        fail_msg("width %u, column %u: %u, not %u", width, i, widths[i], expected[i]);
}

static void the_widest_are_cut_first(void **state)
{
        struct arena arena;
        struct table table;

        (void)state;
        arena_init(&arena);
        table_init(&table, &arena, columns, 4);
        add_row(&table, "shm:1", "65536", "twenty columns of it", "twelve of it");
        assert_fit(&table, 0, (const unsigned[]){ 5, 5, 20, 12 });
        assert_fit(&table, 200, (const unsigned[]){ 5, 5, 20, 12 });
        assert_fit(&table, 48, (const unsigned[]){ 5, 5, 20, 12 });
        assert_fit(&table, 47, (const unsigned[]){ 5, 5, 19, 12 });
        assert_fit(&table, 40, (const unsigned[]){ 5, 5, 12, 12 });
        assert_fit(&table, 39, (const unsigned[]){ 5, 5, 12, 11 });
        assert_fit(&table, 38, (const unsigned[]){ 5, 5, 11, 11 });
        assert_fit(&table, 24, (const unsigned[]){ 5, 5, 4, 4 });
        assert_fit(&table, 23, (const unsigned[]){ 5, 5, 4, 3 });
        assert_fit(&table, 22, (const unsigned[]){ 5, 5, 4, 2 });
        /* No further: the rest is up to whoever prints. */
        assert_fit(&table, 21, (const unsigned[]){ 5, 5, 4, 2 });
        assert_fit(&table, 1, (const unsigned[]){ 5, 5, 4, 2 });
        table_done(&table);
        arena_done(&arena);
}

static void cuts_are_marked(void **state)
{
        struct arena arena;
        struct table table;

        (void)state;
        arena_init(&arena);
        table_init(&table, &arena, columns, 4);
        add_row(&table, "shm:1", "65536", "/漢字漢字漢字", "orphan");
        add_row(&table, "shm:2", "7", "/o\xcc\x88\xcc\x88\xcc\x88-x", "ok");
        assert_printed(&table, (struct table_look){ .width = 27, .headings = true, .utf8 = true },
                       "REF     SIZE  NAME    STATE\n"
                       "shm:1  65536  /漢字…  orph…\n"
                       "shm:2      7  /o\xcc\x88\xcc\x88\xcc\x88-x    ok\n");
        assert_printed(&table, (struct table_look){ .width = 25, .headings = true },
                       "REF     SIZE  NAME   STA+\n"
                       "shm:1  65536  /漢+   orp+\n"
                       "shm:2      7  /o\xcc\x88\xcc\x88\xcc\x88-x   ok\n");
        /* Not even the least fits: cut at the edge, never beyond it. */
        assert_printed(&table, (struct table_look){ .width = 16 },
                       "shm:1  65536  /+\n"
                       "shm:2      7  /+\n");
        assert_printed(&table, (struct table_look){ .width = 14 },
                       "shm:1  65536\n"
                       "shm:2      7\n");
        assert_printed(&table, (struct table_look){ .width = 10 },
                       "shm:1  65+\n"
                       "shm:2    7\n");
        assert_printed(&table, (struct table_look){ .width = 1, .headings = true, .utf8 = true },
                       "…\n…\n…\n");
        table_done(&table);
        arena_done(&arena);
}

static void no_line_is_wider_than_asked(void **state)
{
        struct arena arena;
        struct table table;

        (void)state;
        arena_init(&arena);
        table_init(&table, &arena, columns, 4);
        add_row(&table, "pshm:/größe", "18446744073709551615", "/漢字漢字漢字漢字漢字", "orphan, world");
        add_row(&table, "x", "1", "/y", "z");
        for (unsigned width = 1; width < 90; width++) {
                const struct table_look look = { .width = width, .headings = true, .utf8 = true };
                struct buf out = { 0 };
                struct text rest, line;

                table_print(&table, &look, &out);
                rest = buf_text(&out);
                while (text_split(&rest, '\n', &line)) {
                        assert_true(utf8_columns(line) <= width);
                        assert_true(utf8_valid(line));
                        assert_false(text_ends(line, TEXT(" ")));
                }
                buf_done(&out);
        }
        table_done(&table);
        arena_done(&arena);
}

static void styles_enclose_the_text_alone(void **state)
{
        struct arena arena;
        struct table table;

        (void)state;
        arena_init(&arena);
        table_init(&table, &arena, columns, 4);
        table_add(&table, TEXT("shm:1"), STYLE_DIM, true);
        table_add(&table, TEXT("1"), STYLE_GOOD, true);
        table_add(&table, TEXT("/name"), STYLE_WARN, true);
        table_add(&table, TEXT("orphan"), STYLE_BAD, true);
        table_add(&table, TEXT("2"), STYLE_NONE, true);
        table_add(&table, TEXT(""), STYLE_BAD, true);
        assert_printed(&table, (struct table_look){ .headings = true, .colour = true },
                       "\033[1mREF\033[0m    \033[1mSIZE\033[0m  \033[1mNAME\033[0m   "
                       "\033[1mSTATE\033[0m\n"
                       "\033[2mshm:1\033[0m     \033[32m1\033[0m  \033[33m/name\033[0m  "
                       "\033[31;1morphan\033[0m\n"
                       "2\n");
        assert_printed(&table, (struct table_look){ .width = 20, .colour = true, .utf8 = true },
                       "\033[2mshm:1\033[0m  \033[32m1\033[0m  \033[33m/na…\033[0m  "
                       "\033[31;1morp…\033[0m\n"
                       "2\n");
        table_done(&table);
        arena_done(&arena);
}

static void two_may_divide_the_rows(void **state)
{
        struct arena arena, other;
        struct table table, second;

        (void)state;
        arena_init(&arena);
        arena_init(&other);
        table_init(&table, &arena, columns, 4);
        assert_false(table_split(&table, 2, &other, &second));
        table_expect(&table, 3);
        assert_false(table_split(&table, 3, &other, &second));
        assert_true(table_split(&table, 2, &other, &second));
        add_row(&second, "shm:22", "65536", "/longer", "gone");
        add_row(&table, "shm:1", "64", "/a", "ok");
        for (unsigned i = 0; i < 4; i++)
                table_repeat(&table);
        table_join(&table, &second);
        assert_printed(&table, (struct table_look){ .headings = true },
                       "REF      SIZE  NAME     STATE\n"
                       "shm:1      64  /a       ok\n"
                       "shm:1      64  /a       ok\n"
                       "shm:22  65536  /longer  gone\n");
        /* Who adds more finds room as ever. */
        add_row(&table, "shm:333", "", "", "");
        assert_printed(&table, (struct table_look){ 0 },
                       "shm:1       64  /a       ok\n"
                       "shm:1       64  /a       ok\n"
                       "shm:22   65536  /longer  gone\n"
                       "shm:333\n");
        table_done(&table);
        arena_done(&arena);
        arena_done(&other);
}

static void huge_values(void **state)
{
        enum { SIZE = 100000 };
        struct arena arena;
        struct table table;
        struct buf out = { 0 };
        char *bytes;

        (void)state;
        arena_init(&arena);
        bytes = arena_alloc(&arena, SIZE);
        memset(bytes, 'x', SIZE);
        table_init(&table, &arena, columns, 4);
        add_row(&table, "a", "1", "b", "c");
        table_add(&table, TEXT("a"), STYLE_NONE, true);
        table_add(&table, TEXT("1"), STYLE_NONE, true);
        table_add(&table, (struct text){ bytes, SIZE }, STYLE_NONE, true);
        table_print(&table, &(struct table_look){ .width = 0 }, &out);
        assert_true(out.len > SIZE + 65535);
        assert_memory_equal(out.data + out.len - SIZE - 1, bytes, SIZE);
        buf_clear(&out);
        table_print(&table, &(struct table_look){ .width = 20 }, &out);
        assert_string_equal(out.data, "a  1  b            c\n"
                                      "a  1  xxxxxxxxxx+\n");
        buf_done(&out);
        table_done(&table);
        arena_done(&arena);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(whole_values),
                cmocka_unit_test(cells_are_copied_unless_kept),
                cmocka_unit_test(the_widest_are_cut_first),
                cmocka_unit_test(cuts_are_marked),
                cmocka_unit_test(no_line_is_wider_than_asked),
                cmocka_unit_test(styles_enclose_the_text_alone),
                cmocka_unit_test(two_may_divide_the_rows),
                cmocka_unit_test(huge_values),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
