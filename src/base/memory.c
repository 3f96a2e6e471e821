/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"

#include "base/i18n.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void *memory_new(size_t size)
{
        void *memory = calloc(1, size > 0 ? size : 1);

        if (!memory)
                memory_exhausted();
        return memory;
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
