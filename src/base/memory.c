/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"

#include "base/i18n.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Of most machines. Where it is larger, the kernel passes over the hint. */
#define LARGE_PAGE ((uintptr_t)2 << 20)

/*
 * Whoever asks for so much is going to use most of it: the kernel may give it in
 * large pages. Faults of small ones cost as much as filling them.
 */
static void *dense(void *memory, size_t size)
{
        uintptr_t first = ((uintptr_t)memory + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
        uintptr_t end = ((uintptr_t)memory + size) / LARGE_PAGE * LARGE_PAGE;

        if (first < end)
                (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
        return memory;
}

void *memory_new(size_t size)
{
        void *memory = calloc(1, size > 0 ? size : 1);

        if (!memory)
                memory_exhausted();
        return size >= LARGE_PAGE ? dense(memory, size) : memory;
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
