/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/arena.h"

#include "base/memory.h"

#include <stdint.h>

/*
 * Blocks double from the first to the last, header included: little for a short list,
 * few for a long one, and then in whole large pages.
 */
#define BLOCK_FIRST ((size_t)8 << 10)
#define BLOCK_LAST  ((size_t)16 << 20)

struct arena_block {
        struct arena_block *older;
        size_t size;                    /* of data */
        _Alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena)
{
        *arena = (struct arena){ 0 };
}

void arena_done(struct arena *arena)
{
        struct arena_block *block = arena->blocks;

        while (block) {
                struct arena_block *older = block->older;

                memory_large_free(block, sizeof(*block) + block->size);
                block = older;
        }
        arena_init(arena);
}

/* The other's blocks become the oldest: what is left of the newest stays in use. */
void arena_join(struct arena *arena, struct arena *other)
{
        struct arena_block **oldest = &arena->blocks;

        if (!arena->blocks) {
                arena->next = other->next;
                arena->end = other->end;
                arena->zeroed = other->zeroed;
        }
        while (*oldest)
                oldest = &(*oldest)->older;
        *oldest = other->blocks;
        arena->used += other->used;
        if (arena->begun < other->begun)
                arena->begun = other->begun;
        arena_init(other);
}

static struct arena_block *block_new(size_t size, bool *ret_zeroed)
{
        struct arena_block *block;

        if (size > PTRDIFF_MAX - sizeof(*block))
                memory_exhausted();
        block = memory_large_get(sizeof(*block) + size, ret_zeroed);
        block->older = NULL;
        block->size = size;
        return block;
}

/* A block for one large piece goes behind the newest, whose rest stays in use. */
static char *take_alone(struct arena *arena, size_t size, bool *ret_zeroed)
{
        struct arena_block *block = block_new(size, ret_zeroed);

        if (arena->blocks) {
                block->older = arena->blocks->older;
                arena->blocks->older = block;
        } else {
                arena->blocks = block;
                arena->next = arena->end = block->data + size;
        }
        return block->data;
}

static void begin_block(struct arena *arena, size_t size)
{
        struct arena_block *block = block_new(size, &arena->zeroed);

        block->older = arena->blocks;
        arena->blocks = block;
        arena->next = block->data;
        arena->end = block->data + size;
        arena->begun = size;
}

/* Of the data of the next block. */
static size_t next_size(const struct arena *arena)
{
        size_t whole = BLOCK_FIRST;

        while (whole < BLOCK_LAST && whole / 2 <= arena->begun)
                whole *= 2;
        return whole - sizeof(struct arena_block);
}

/* align: a power of two, at most that of max_align_t */
static char *take(struct arena *arena, size_t size, size_t align, bool *ret_zeroed)
{
        size_t left = (size_t)(arena->end - arena->next);
        size_t skip = -(uintptr_t)arena->next & (align - 1);
        char *piece;

        if (skip > left || size > left - skip) {
                size_t block = next_size(arena);

                if (size > block / 4) {
                        piece = take_alone(arena, size, ret_zeroed);
                        arena->used += size;
                        return piece;
                }
                begin_block(arena, block);
                skip = 0;
        }
        piece = arena->next + skip;
        arena->next = piece + size;
        arena->used += size;
        *ret_zeroed = arena->zeroed;
        return piece;
}

void *arena_room(struct arena *arena, size_t size)
{
        bool zeroed;

        return take(arena, size > 0 ? size : 1, _Alignof(max_align_t), &zeroed);
}

void *arena_alloc(struct arena *arena, size_t size)
{
        bool zeroed;
        char *piece = take(arena, size > 0 ? size : 1, _Alignof(max_align_t), &zeroed);

        /* Now, as it is going to be written: not before, a block at a time. */
        return zeroed ? piece : memset(piece, 0, size);
}

struct text arena_text(struct arena *arena, struct text text)
{
        bool zeroed;
        char *copy;

        if (text.len == SIZE_MAX)
                memory_exhausted();
        copy = take(arena, text.len + 1, 1, &zeroed);
        if (text.len > 0)
                memcpy(copy, text.data, text.len);
        copy[text.len] = 0;
        return (struct text){ copy, text.len };
}
