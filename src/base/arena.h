/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

/*
 * Memory that is given out piece by piece and taken back all at once.
 * Pieces are aligned for any type and never move. Not thread-safe.
 */
#include "base/text.h"

struct arena_block;
struct arena_spare;

struct arena {
        struct arena_block *blocks;     /* newest first */
        char *next, *end;               /* what is left of the newest */
        size_t begun;                   /* size of the last block that was not for one large piece alone */
        bool zeroed;                    /* what is left of the newest */
        size_t used;                    /* bytes given out, and those between them */
        struct arena_spare *spare;      /* where the first block goes in the end; or NULL */
        struct arena_block *first;
};

/* Starts empty; nothing is allocated before the first piece. */
void arena_init(struct arena *arena);

/*
 * For arenas that come one after the other, each of about the size of the one before: what the last one
 * had need not be asked of the kernel again. Any thread may end an arena while another one begins.
 */
struct arena_spare *arena_spare_new(void);

/* Frees what is left there; arenas that began with it may go on. NULL is fine. */
void arena_spare_drop(struct arena_spare *spare);

/*
 * Starts with room for so many bytes at once: in a block that an arena left there, or in a new one for which its own
 * end will find room there. A block that is too small, or more than twice too large, is freed instead: what one large
 * arena needed is not kept for small ones.
 */
void arena_init_spare(struct arena *arena, struct arena_spare *spare, size_t size);

/* Takes over every piece of the other one, which is empty then; that one is not of a spare. */
void arena_join(struct arena *arena, struct arena *other);

/* Frees every piece. The arena may be used again. */
void arena_done(struct arena *arena);

/* size zeroed bytes; size 0 gives a valid pointer. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* The same, with anything in it: for what is read only where it was written. */
void *arena_room(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* A copy of the bytes, with a NUL behind them that the length does not count. */
struct text arena_text(struct arena *arena, struct text text);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, n)     ((type *)arena_alloc((arena), sizeof(type) * (size_t)(n)))
#define ARENA_ROOM(arena, type, n)      ((type *)arena_room((arena), sizeof(type) * (size_t)(n)))

#endif
