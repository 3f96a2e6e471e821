/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

/*
 * Allocation that never returns NULL: being out of memory is the one error
 * that ends the program (message on stderr, exit status 1).
 */
#include <stdbool.h>
#include <stddef.h>

/* size bytes, zeroed; free with free(3). */
void *memory_new(size_t size) __attribute__((malloc, returns_nonnull));

/*
 * The same for what may be large and is going to be used up: then in large pages,
 * where the kernel has them. Freed with its size.
 */
void *memory_large_new(size_t size) __attribute__((malloc, returns_nonnull));
void memory_large_free(void *memory, size_t size);

/* The same, but only *ret_zeroed if that costs nothing. */
void *memory_large_get(size_t size, bool *ret_zeroed) __attribute__((malloc, returns_nonnull));

/* Like reallocarray(3), also against overflow of count * size. */
void *memory_resize(void *old, size_t count, size_t size) __attribute__((returns_nonnull));

/* Ends the program as if an allocation had failed. */
_Noreturn void memory_exhausted(void);

/*
 * What is at this address will be read or written soon: the processor fetches it meanwhile. Worth it
 * where many objects are gone through in an order that is not theirs in memory. Any address is fine.
 */
static inline void memory_ahead(const void *address)
{
        __builtin_prefetch(address);
}

#endif
