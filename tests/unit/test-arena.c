/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/arena.h"
#include "base/memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void pieces_are_aligned_zeroed_and_stay(void **state)
{
        enum { N = 5000 };
        static unsigned char *pieces[N];
        struct arena arena;
        size_t given = 0;

        (void)state;
        arena_init(&arena);
        for (size_t i = 0; i < N; i++) {
                size_t size = i % 97 + 1;

                pieces[i] = arena_alloc(&arena, size);
                given += size;
                assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
                for (size_t j = 0; j < size; j++)
                        assert_int_equal(pieces[i][j], 0);
                memset(pieces[i], (int)(i % 255 + 1), size);
                /* Texts in between are packed: they must not disturb the alignment. */
                given += arena_text(&arena, (struct text){ "abc", i % 4 }).len + 1;
        }
        for (size_t i = 0; i < N; i++)
                for (size_t j = 0; j < i % 97 + 1; j++)
                        assert_int_equal(pieces[i][j], i % 255 + 1);
        /* Between a text and the next piece it skips less than it is aligned to. */
        assert_in_range(arena.used, given, given + N * (_Alignof(max_align_t) - 1));
        arena_done(&arena);
}

/* What malloc(3) gives again is as it was left. */
static void pieces_of_used_memory_are_zeroed(void **state)
{
        enum { PIECES = 3000, SIZE = 100 };
        struct arena arena;

        (void)state;
        arena_init(&arena);
        for (unsigned round = 0; round < 4; round++) {
                for (unsigned i = 0; i < PIECES; i++) {
                        char *piece = arena_alloc(&arena, SIZE), *room = ARENA_ROOM(&arena, char, SIZE);

                        for (unsigned j = 0; j < SIZE; j++)
                                assert_int_equal(piece[j], 0);
                        memset(piece, -1, SIZE);
                        memset(room, -1, SIZE);
                        assert_int_equal(*arena_text(&arena, TEXT("")).data, 0);
                }
                arena_done(&arena);
        }
}

static void large_pieces_do_not_waste_the_block(void **state)
{
        struct arena arena;
        char *large, *next;

        (void)state;
        arena_init(&arena);
        ARENA_NEW(&arena, int);
        next = arena.next;
        large = arena_alloc(&arena, 10 << 20);
        assert_int_equal(large[0] | large[(10 << 20) - 1], 0);
        memset(large, 1, 10 << 20);
        assert_ptr_equal(arena.next, next);
        /* Another one stands between: none may be lost (a leak checker sees it). */
        memset(arena_alloc(&arena, 1 << 20), 1, 1 << 20);
        assert_ptr_equal(arena.next, next);
        assert_int_equal(*ARENA_ARRAY(&arena, char, 1), 0);
        arena_done(&arena);

        /* Also when it is the first. */
        large = arena_alloc(&arena, 10 << 20);
        memset(large, 1, 10 << 20);
        assert_int_equal(*ARENA_NEW(&arena, int), 0);
        arena_done(&arena);
}

enum { ROOM = 300000 };

static size_t left(const struct arena *arena)
{
        return (size_t)(arena->end - arena->next);
}

/* Fills the arena with anything, so that what is left of it shows. */
static void use(struct arena *arena, size_t size)
{
        for (size_t n = 0; n < size; n += 100)
                memset(arena_room(arena, 100), -1, 100);
}

static void the_next_arena_gets_the_block(void **state)
{
        struct arena_spare *spare = arena_spare_new();
        struct arena first, second, other;
        const char *block;

        (void)state;
        arena_init_spare(&first, spare, ROOM);
        assert_true(left(&first) >= ROOM);
        block = first.next;
        /* More than was thought: only the first block is kept. */
        use(&first, 3 * ROOM);
        arena_alloc(&first, 10 << 20);

        arena_init_spare(&second, spare, ROOM);
        assert_ptr_not_equal(second.next, block);
        arena_done(&first);
        assert_null(first.blocks);

        /* It needs a little more now, and joins another. */
        arena_init_spare(&first, spare, ROOM + ROOM / 8);
        assert_ptr_equal(first.next, block);
        for (unsigned i = 0; i < ROOM / 100; i++)
                assert_int_equal(*(int *)arena_alloc(&first, 100), 0);
        arena_init(&other);
        memset(arena_alloc(&other, ROOM), 1, ROOM);
        arena_join(&first, &other);
        arena_done(&first);
        arena_done(&second);
        arena_spare_drop(spare);
        arena_spare_drop(NULL);
}

static void what_is_kept_fits(void **state)
{
        struct arena_spare *spare = arena_spare_new();
        struct arena arena;

        (void)state;
        arena_init_spare(&arena, spare, 0);
        use(&arena, ROOM);
        arena_done(&arena);
        arena_init_spare(&arena, spare, 100 * ROOM);
        assert_true(left(&arena) >= 100 * ROOM);
        use(&arena, ROOM);
        arena_done(&arena);
        /* What one large arena needed is not kept for small ones. */
        arena_init_spare(&arena, spare, ROOM);
        assert_in_range(left(&arena), ROOM, 2 * ROOM);
        arena_done(&arena);
        arena_init_spare(&arena, spare, ROOM / 4);
        assert_in_range(left(&arena), ROOM / 4, ROOM / 2);
        arena_done(&arena);
        arena_spare_drop(spare);
}

/* All of them are freed, those that find no room there, too: a leak checker sees it. */
static void arenas_outlive_the_spare(void **state)
{
        enum { MANY = 7 };
        struct arena_spare *spare = arena_spare_new();
        struct arena arenas[MANY], last;

        (void)state;
        arena_init_spare(&last, spare, ROOM);
        for (unsigned round = 0; round < 3; round++) {
                for (unsigned i = 0; i < MANY; i++)
                        arena_init_spare(&arenas[i], spare, ROOM);
                for (unsigned i = 0; i < MANY; i++)
                        arena_done(&arenas[i]);
        }
        arena_spare_drop(spare);
        use(&last, 2 * ROOM);
        arena_done(&last);
}

static void nothing_is_a_valid_piece(void **state)
{
        struct arena arena;
        char *piece;

        (void)state;
        arena_init(&arena);
        assert_null(arena.blocks);
        piece = arena_alloc(&arena, 0);
        assert_non_null(piece);
        arena_done(&arena);
        assert_null(arena.blocks);
        assert_int_equal(arena.used, 0);
        arena_done(&arena);
}

static void texts_are_copied_with_a_nul(void **state)
{
        char bytes[] = "a\0b";
        struct arena arena;
        struct text copy, empty;

        (void)state;
        arena_init(&arena);
        copy = arena_text(&arena, (struct text){ bytes, 3 });
        bytes[0] = 'x';
        assert_int_equal(copy.len, 3);
        assert_memory_equal(copy.data, "a\0b", 4);
        empty = arena_text(&arena, (struct text){ NULL, 0 });
        assert_int_equal(empty.len, 0);
        assert_string_equal(empty.data, "");
        arena_done(&arena);
}

static void resize_keeps_the_bytes(void **state)
{
        char *memory = memory_new(4);

        (void)state;
        assert_int_equal(memory[0] | memory[3], 0);
        memcpy(memory, "abc", 4);
        memory = memory_resize(memory, 1000, 10);
        assert_string_equal(memory, "abc");
        memory = memory_resize(memory, 0, 10);
        assert_int_equal(memory[0], 'a');
        free(memory);
        memory = memory_new(0);
        free(memory);
}

static void ask_arena(void)
{
        struct arena arena;

        arena_init(&arena);
        arena_alloc(&arena, SIZE_MAX - 4);
}

static void ask_overflow(void)
{
        memory_resize(NULL, SIZE_MAX / 2, 4);
}

/* What the program leaves on stderr and its status, when `ask` wants the impossible. */
static int run_out(void (*ask)(void), char *ret_message, size_t size)
{
        int fds[2], status;
        ssize_t len;
        pid_t pid;

        assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
        fflush(NULL);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
                dup2(fds[1], STDERR_FILENO);
                ask();
                _exit(99);
        }
        close(fds[1]);
        len = read(fds[0], ret_message, size - 1);
        assert_true(len >= 0);
        ret_message[len] = 0;
        close(fds[0]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        return WEXITSTATUS(status);
}

static void exhaustion_ends_the_program(void **state)
{
        char message[200];

        (void)state;
        assert_int_equal(run_out(ask_arena, message, sizeof(message)), 1);
        assert_non_null(strstr(message, "out of memory\n"));
        assert_int_equal(run_out(ask_overflow, message, sizeof(message)), 1);
        assert_non_null(strstr(message, "out of memory\n"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(pieces_are_aligned_zeroed_and_stay),
                cmocka_unit_test(pieces_of_used_memory_are_zeroed),
                cmocka_unit_test(large_pieces_do_not_waste_the_block),
                cmocka_unit_test(the_next_arena_gets_the_block),
                cmocka_unit_test(what_is_kept_fits),
                cmocka_unit_test(arenas_outlive_the_spare),
                cmocka_unit_test(nothing_is_a_valid_piece),
                cmocka_unit_test(texts_are_copied_with_a_nul),
                cmocka_unit_test(resize_keeps_the_bytes),
                cmocka_unit_test(exhaustion_ends_the_program),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
