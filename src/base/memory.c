/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"

#include "base/i18n.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Of most machines. Where it is larger, the kernel passes over the hint. */
#define LARGE_PAGE ((size_t)2 << 20)

void *memory_new(size_t size)
{
        void *memory = calloc(1, size > 0 ? size : 1);

        if (!memory)
                memory_exhausted();
        return memory;
}

/* Whole large pages: the kernel (6.7 and later) aligns a mapping of those, and of no other size. */
static size_t whole_pages(size_t size)
{
        if (size > PTRDIFF_MAX)
                memory_exhausted();
        return (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
}

/*
 * Faults of small pages cost as much as filling them. Not calloc(3): it writes its own
 * words into the first page, which stays a small one then, with all that are around it.
 */
static void *map_pages(size_t size)
{
        size_t whole = whole_pages(size);
        void *memory = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (memory == MAP_FAILED)
                memory_exhausted();
        (void)madvise(memory, whole, MADV_HUGEPAGE);
        return memory;
}

void *memory_large_new(size_t size)
{
        return size < LARGE_PAGE ? memory_new(size) : map_pages(size);
}

void *memory_large_get(size_t size, bool *ret_zeroed)
{
        *ret_zeroed = size >= LARGE_PAGE;
        return size < LARGE_PAGE ? memory_resize(NULL, size, 1) : map_pages(size);
}

void memory_large_free(void *memory, size_t size)
{
        if (size < LARGE_PAGE)
                free(memory);
        else
                munmap(memory, whole_pages(size));
}

void *memory_resize(void *old, size_t count, size_t size)
{
        void *memory;
        size_t total;

        if (__builtin_mul_overflow(count, size, &total))
                memory_exhausted();
        /* A size of 0 would free the old memory. */
        memory = realloc(old, total > 0 ? total : 1);
        if (!memory)
                memory_exhausted();
        return memory;
}

void memory_exhausted(void)
{
        /* exit(), not _exit(): a browser must still give the terminal back. */
        fprintf(stderr, _("%s: out of memory\n"), program_invocation_short_name);
        exit(EXIT_FAILURE);
}
