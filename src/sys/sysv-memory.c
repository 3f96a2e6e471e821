/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sysv-memory.h"

#include "base/memory.h"
#include "base/number.h"
#include "sys/sysv-private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
        SMAPS_MOST = 64 << 20,
        LOOK_PAGES = 16384,             /* pages that are looked at by one mincore(2) */
        HUGE_PAGE_BITS = 34,            /* the largest huge page there is: 16 GiB */
};

struct sysv_memory {
        char *address;
        uint64_t size, page;
        int fd;                         /* -1: none */
        bool blind;                     /* mincore(2) would not tell the truth */
        uint64_t looked_at;             /* what `present` is about: so many pages from there on */
        unsigned looked;
        unsigned char present[LOOK_PAGES];
};

/*
 * The mapping ends where its last page ends, and pages may be huge: shmctl(2)
 * does not tell how large, so all are tried.
 */
static int open_file(const struct host *host, const struct sysv_memory *memory, int shmid)
{
        uint64_t start = (uintptr_t)memory->address, before = 0;

        for (uint64_t page = memory->page; page <= UINT64_C(1) << HUGE_PAGE_BITS; page *= 2) {
                uint64_t end = start + (memory->size + page - 1) / page * page;
                char path[64];
                struct stat st;
                int fd;

                if (end == before)
                        continue;
                before = end;
                snprintf(path, sizeof(path), "/proc/self/map_files/%" PRIx64 "-%" PRIx64, start, end);
                fd = host_openat(host, path, O_RDONLY);
                if (fd == -ENOENT)
                        continue;
                if (fd < 0)
                        return -1;
                /* The inode of a segment's file is its id. */
                if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_ino == (ino_t)shmid &&
                    (uint64_t)st.st_size >= memory->size)
                        return fd;
                close(fd);
                return -1;
        }
        return -1;
}


/* Are its pages ordinary ones? What /proc/self/smaps says of the mapping. */
static bool ordinary_pages(const struct host *host, const struct sysv_memory *memory)
{
        struct buf smaps = { 0 }, wanted = { 0 };
        struct text rest, line, word;
        bool inside = false, ordinary = false;
        uint64_t kib;

        if (host_read(host, "/proc/self/smaps", SMAPS_MOST, &smaps) < 0)
                return false;
        buf_printf(&wanted, "%08" PRIxPTR "-", (uintptr_t)memory->address);
        rest = buf_text(&smaps);
        while (text_split(&rest, '\n', &line)) {
                inside = inside || text_starts(line, buf_text(&wanted));
                if (!inside || !text_starts(line, TEXT("KernelPageSize:")))
                        continue;
                line = text_from(line, strlen("KernelPageSize:"));
                ordinary = text_word(&line, &word) && number_parse(word, UINT32_MAX, &kib) == 0 &&
                           kib * 1024 == memory->page;
                break;
        }
        buf_done(&wanted);
        buf_done(&smaps);
        return ordinary;
}

int sysv_memory_open(const struct host *host, int shmid, bool writable, struct sysv_memory **ret,
                     struct sysv_facts *ret_facts)
{
        struct sysv_memory *memory;
        void *address;
        int r;

        if (!host_live(host))
                return -EOPNOTSUPP;
        address = shmat(shmid, NULL, writable ? 0 : SHM_RDONLY);
        if ((intptr_t)address == -1)
                return sysv_error(errno);
        /* As long as we are attached the segment keeps its id, even if somebody removes it. */
        r = sysv_stat(host, SYSV_SHM, shmid, ret_facts);
        if (r < 0) {
                shmdt(address);
                return r;
        }
        memory = memory_new(sizeof(*memory));
        memory->address = address;
        memory->size = ret_facts->shm.size;
        memory->page = (uint64_t)sysconf(_SC_PAGESIZE);
        memory->fd = writable ? -1 : open_file(host, memory, shmid);
        memory->blind = writable || memory->fd >= 0 || !ordinary_pages(host, memory);
        *ret = memory;
        return 0;
}

void sysv_memory_close(struct sysv_memory *memory)
{
        if (!memory)
                return;
        if (memory->fd >= 0)
                close(memory->fd);
        shmdt(memory->address);
        free(memory);
}

int sysv_memory_descriptor(const struct sysv_memory *memory)
{
        return memory->fd;
}

/* Might a page of a segment of this namespace be swapped out? */
static bool swapping(void)
{
        struct shm_info info;
        struct sysinfo machine;

        if (sysinfo(&machine) == 0 && machine.totalswap == 0)
                return false;
        return shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&info) < 0 || info.shm_swp != 0;
}

/* Fills `present` for the pages from `at` on. */
static void look(struct sysv_memory *memory, uint64_t at)
{
        uint64_t left = (memory->size - at + memory->page - 1) / memory->page;

        memory->looked_at = at;
        memory->looked = left < LOOK_PAGES ? (unsigned)left : LOOK_PAGES;
        /* A page could leave for the swap after the first question and come back before the second, but not so fast. */
        if (swapping() || mincore(memory->address + at, memory->looked * memory->page, memory->present) < 0 ||
            swapping())
                memset(memory->present, 1, memory->looked);
}

static bool is_present(struct sysv_memory *memory, uint64_t at)
{
        if (at < memory->looked_at || at - memory->looked_at >= memory->looked * memory->page)
                look(memory, at);
        return memory->present[(at - memory->looked_at) / memory->page] & 1;
}

void sysv_memory_next(struct sysv_memory *memory, uint64_t at, uint64_t *ret_start, uint64_t *ret_end)
{
        uint64_t page = memory->page, place = at / page * page, start;

        if (at >= memory->size || memory->blind) {
                *ret_start = at < memory->size ? at : memory->size;
                *ret_end = memory->size;
                return;
        }
        while (place < memory->size && !is_present(memory, place))
                place += page;
        start = place;
        while (place < memory->size && is_present(memory, place))
                place += page;
        *ret_start = start < at ? at : start < memory->size ? start : memory->size;
        *ret_end = place < memory->size ? place : memory->size;
}

/* What was touched need not stay in our page table, which would grow with the segment. Its contents stay. */
static void forget(const struct sysv_memory *memory, uint64_t at, size_t len)
{
        uint64_t start = at / memory->page * memory->page;

        madvise(memory->address + start, at + len - start, MADV_DONTNEED);
}

/* By the kernel, which returns an error where we would get SIGBUS. */
static int transfer(struct sysv_memory *memory, uint64_t at, char *data, size_t len, bool write)
{
        size_t done = 0;

        if (at > memory->size || len > memory->size - at)
                return -ERANGE;
        while (done < len) {
                struct iovec ours = { data + done, len - done };
                struct iovec theirs = { memory->address + at + done, len - done };
                ssize_t n = write ? process_vm_writev(getpid(), &ours, 1, &theirs, 1, 0)
                                  : process_vm_readv(getpid(), &ours, 1, &theirs, 1, 0);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : -EFAULT;
                done += (size_t)n;
        }
        forget(memory, at, len);
        return 0;
}

int sysv_memory_read(struct sysv_memory *memory, uint64_t at, void *data, size_t len)
{
        return transfer(memory, at, data, len, false);
}

int sysv_memory_write(struct sysv_memory *memory, uint64_t at, const void *data, size_t len)
{
        return transfer(memory, at, (void *)(uintptr_t)data, len, true);
}
