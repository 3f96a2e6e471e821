/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/arena.h"

#include "base/memory.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

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

enum { SPARE_MOST = 2 };

struct arena_spare {
        pthread_mutex_t lock;           /* of all below */
        unsigned references;            /* the owner, and the arenas that began with it */
        bool over;                      /* the owner dropped it */
        struct arena_block *blocks[SPARE_MOST];
};

void arena_init(struct arena *arena)
{
        *arena = (struct arena){ 0 };
}

static void block_free(struct arena_block *block)
{
        if (block)
                memory_large_free(block, sizeof(*block) + block->size);
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

/* --- what one arena leaves to the next ----------------------------------------- */

struct arena_spare *arena_spare_new(void)
{
        struct arena_spare *spare = memory_new(sizeof(*spare));

        pthread_mutex_init(&spare->lock, NULL);
        spare->references = 1;
        return spare;
}

/* Lock held, which is gone then. */
static void let_go(struct arena_spare *spare)
{
        bool last = --spare->references == 0;

        pthread_mutex_unlock(&spare->lock);
        if (last) {
                pthread_mutex_destroy(&spare->lock);
                free(spare);
        }
}

void arena_spare_drop(struct arena_spare *spare)
{
        if (!spare)
                return;
        pthread_mutex_lock(&spare->lock);
        spare->over = true;
        for (unsigned i = 0; i < SPARE_MOST; i++) {
                block_free(spare->blocks[i]);
                spare->blocks[i] = NULL;
        }
        let_go(spare);
}

/* One that fits, or NULL; what does not is freed. */
static struct arena_block *take_spare(struct arena_spare *spare, size_t size)
{
        struct arena_block *found = NULL;

        pthread_mutex_lock(&spare->lock);
        spare->references++;
        for (unsigned i = 0; i < SPARE_MOST; i++) {
                struct arena_block *block = spare->blocks[i];

                if (!block)
                        continue;
                if (block->size < size || block->size / 2 > size)
                        block_free(block);
                else if (!found)
                        found = block;
                else
                        continue;
                spare->blocks[i] = NULL;
        }
        pthread_mutex_unlock(&spare->lock);
        return found;
}

static void leave(struct arena_spare *spare, struct arena_block *block)
{
        pthread_mutex_lock(&spare->lock);
        for (unsigned i = 0; i < SPARE_MOST && block && !spare->over; i++)
                if (!spare->blocks[i]) {
                        spare->blocks[i] = block;
                        block = NULL;
                }
        let_go(spare);
        block_free(block);
}

void arena_init_spare(struct arena *arena, struct arena_spare *spare, size_t size)
{
        struct arena_block *block = take_spare(spare, size);

        arena_init(arena);
        /* A little more than the last one needed: the next ones fit, too. */
        if (!block)
                block = block_new(size + size / 4, &arena->zeroed);
        block->older = NULL;
        arena->spare = spare;
        arena->first = arena->blocks = block;
        arena->next = block->data;
        arena->end = block->data + block->size;
}

/* --- pieces -------------------------------------------------------------------- */

void arena_done(struct arena *arena)
{
        struct arena_block *block = arena->blocks;

        while (block) {
                struct arena_block *older = block->older;

                if (block != arena->first)
                        block_free(block);
                block = older;
        }
        if (arena->spare)
                leave(arena->spare, arena->first);
        arena_init(arena);
}

/* The other's blocks become the oldest: what is left of the newest stays in use. */
void arena_join(struct arena *arena, struct arena *other)
{
        struct arena_block **oldest = &arena->blocks;

        assert(!other->spare);
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
        arena->used += skip + size;
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
