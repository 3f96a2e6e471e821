/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_PSEM_LAYOUT_H
#define KIND_PSEM_LAYOUT_H

/*
 * What a named semaphore of glibc is made of: struct new_sem
 * (sysdeps/nptl/internaltypes.h). 64-bit: one word with the value in its low
 * and the waiters in its high half; then `private`. 32-bit: value shifted left
 * by one (the low bit says that somebody waits), `private`, padding, waiters.
 * `private` of a named semaphore is FUTEX_SHARED.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PSEM_SIZE_64 = 32, PSEM_SIZE_32 = 16, PSEM_SIZE_MOST = PSEM_SIZE_64 };

struct psem_reading {
        uint32_t value, waiting;
};

/* Reads one; size tells which of the two it is. False: no semaphore of glibc. */
bool psem_read(const void *bytes, size_t size, struct psem_reading *ret);

/* A semaphore of that value (at most INT32_MAX) and size that nobody waits for. bytes: room for `size`. */
void psem_write(void *bytes, size_t size, uint32_t value);

#endif
