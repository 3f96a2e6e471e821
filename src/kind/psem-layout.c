/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/psem-layout.h"

#include <assert.h>
#include <string.h>

struct sem_64 {
        uint64_t data;
        uint32_t private, pad;
        uint64_t rest[2];
};

struct sem_32 {
        uint32_t value, private, pad, waiters;
};

static_assert(sizeof(struct sem_64) == PSEM_SIZE_64 && sizeof(struct sem_32) == PSEM_SIZE_32, "no padding");

enum { SHARED = 128 };

static bool read_64(const struct sem_64 *sem, struct psem_reading *ret)
{
        if (sem->private != SHARED || sem->pad || sem->rest[0] || sem->rest[1] || (uint32_t)sem->data > INT32_MAX)
                return false;
        *ret = (struct psem_reading){ (uint32_t)sem->data, (uint32_t)(sem->data >> 32) };
        return true;
}

static bool read_32(const struct sem_32 *sem, struct psem_reading *ret)
{
        if (sem->private != SHARED || sem->pad)
                return false;
        *ret = (struct psem_reading){ sem->value >> 1, sem->waiters };
        return true;
}

bool psem_read(const void *bytes, size_t size, struct psem_reading *ret)
{
        union {
                struct sem_64 s64;
                struct sem_32 s32;
        } sem;

        if (size > sizeof(sem))
                return false;
        memcpy(&sem, bytes, size);
        return (size == PSEM_SIZE_64 && read_64(&sem.s64, ret)) || (size == PSEM_SIZE_32 && read_32(&sem.s32, ret));
}

void psem_write(void *bytes, size_t size, uint32_t value)
{
        const struct sem_64 s64 = { .data = value, .private = SHARED };
        const struct sem_32 s32 = { .value = value << 1, .private = SHARED };

        memcpy(bytes, size == PSEM_SIZE_32 ? (const void *)&s32 : &s64, size);
}
