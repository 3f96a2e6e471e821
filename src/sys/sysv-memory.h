/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SYSV_MEMORY_H
#define SYS_SYSV_MEMORY_H

/*
 * The contents of a System V segment, attached (shmat(2)) as long as it is
 * open. Attaching and detaching is seen by others: nattch is one more
 * meanwhile, and lpid, atime and dtime tell of us from then on.
 *
 * A page that was never written takes no memory, and must not be read through
 * the mapping: that would allocate it, for good. So these holes are found first:
 *
 *   1. in the segment's file, /proc/self/map_files/..., which also can be read
 *      without the mapping (needs CAP_CHECKPOINT_RESTORE); else
 *   2. by mincore(2), which can't tell a hole from a page that is swapped out,
 *      and of huge pages only knows those that we have touched: it is believed
 *      for ordinary pages while none of the namespace's is in swap; else
 *   3. there are none: all is read, and allocated.
 *
 * What a read finds, or a write needs, and the machine has no memory for, is
 * -EFAULT and not SIGBUS: the kernel does the copying.
 */
#include "sys/sysv-acts.h"

struct sysv_memory;

/* *ret_facts: of what we have attached, after that: the id can't change hands any more. 0 or -errno. */
int sysv_memory_open(const struct host *host, int shmid, bool writable, struct sysv_memory **ret,
                     struct sysv_facts *ret_facts);

/* Detaches. NULL is fine. */
void sysv_memory_close(struct sysv_memory *memory);

/* Its file, to be read at any place; borrowed. -1: we may not, see sysv_memory_next(). */
int sysv_memory_descriptor(const struct sysv_memory *memory);

/*
 * Without a descriptor: the next run of pages at or after `at` that may hold something else than
 * zeros: [*ret_start, *ret_end). Both are the size when there is none. A run
 * may end before the data do.
 */
void sysv_memory_next(struct sysv_memory *memory, uint64_t at, uint64_t *ret_start, uint64_t *ret_end);

/* Within its size. 0 or -errno. */
int sysv_memory_read(struct sysv_memory *memory, uint64_t at, void *data, size_t len);
int sysv_memory_write(struct sysv_memory *memory, uint64_t at, const void *data, size_t len);

#endif
