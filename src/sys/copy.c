/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/copy-private.h"

#include "base/memory.h"
#include "sys/file.h"
#include "sys/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        NAMES_MOST = 1000000,           /* NAME, NAME-2... */
        SUMMED_AGAIN_MOST = 16 << 20,   /* files that are read a second time at the end */
        WRITE_OUT = 8 << 20,            /* bytes after which the disk is told to begin */
};

struct copy_writer {
        int place, fd;                  /* DIR, and the directory of the copy in it */
        struct buf dir, name, hidden;
        struct buf sums;
        unsigned nfiles;
        bool moved;                     /* contents may be nowhere else any more */
        /* The current file. */
        int file;                       /* -1: none */
        char file_name[COPY_FILE_NAME_MOST + 1];
        struct copy_sum sum;
        uint64_t at;                    /* where the buffer begins: a multiple of COPY_BLOCK */
        size_t filled;
        struct copy_extent extent;      /* of what copy_from() reads */
        void *mapped;                   /* of a file that is mapped */
        uint64_t mapped_size;
        char *buffer, *back;            /* COPY_BLOCK bytes each: what is to be written, and read back */
};

static void writer_free(struct copy_writer *copy)
{
        if (copy->mapped)
                munmap(copy->mapped, (size_t)copy->mapped_size);
        if (copy->sum.state)
                copy_sum_end(&copy->sum, NULL);
        if (copy->file >= 0)
                close(copy->file);
        if (copy->fd >= 0)
                close(copy->fd);
        if (copy->place >= 0)
                close(copy->place);
        buf_done(&copy->dir);
        buf_done(&copy->name);
        buf_done(&copy->hidden);
        buf_done(&copy->sums);
        free(copy->buffer);
        free(copy->back);
        free(copy);
}

int copy_begin(const char *dir, const char *name, struct copy_writer **ret, const char **ret_why)
{
        struct copy_writer *copy;
        size_t len = strlen(name);
        int place;

        *ret_why = NULL;
        if (len == 0 || len > COPY_NAME_MOST || name[0] == '.' || strchr(name, '/'))
                return -EINVAL;
        place = copy_place_open(dir, ret_why);
        if (place < 0)
                return place;
        copy = memory_new(sizeof(*copy));
        *copy = (struct copy_writer){ .place = place, .fd = -1, .file = -1 };
        buf_string(&copy->dir, dir);
        buf_string(&copy->name, name);
        copy->fd = copy_place_hidden(place, name, &copy->hidden);
        if (copy->fd < 0) {
                int r = copy->fd;

                writer_free(copy);
                return r;
        }
        copy->buffer = memory_new(COPY_BLOCK);
        copy->back = memory_new(COPY_BLOCK);
        *ret = copy;
        return 0;
}

static size_t page_at(const struct copy_writer *copy, size_t at)
{
        return copy->filled - at < COPY_PAGE ? copy->filled - at : COPY_PAGE;
}

/*
 * Reads back what was just written. Now, while it is in the processor's cache:
 * a second pass over everything would cost a third of the time, and tell no
 * more, since it too would be read from the page cache.
 */
static int compare(struct copy_writer *copy, size_t at, size_t end)
{
        while (at < end) {
                ssize_t n = pread(copy->file, copy->back, end - at, (off_t)(copy->at + at));

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : -EIO;
                if (memcmp(copy->back, copy->buffer + at, (size_t)n) != 0)
                        return -EIO;
                at += (size_t)n;
        }
        return 0;
}

/* Writes what is in the buffer, but pages of zeros. */
static int flush(struct copy_writer *copy)
{
        size_t at = 0;
        int r = interrupt_waits() ? -EINTR : 0;

        copy_sum_add(&copy->sum, copy->buffer, copy->filled);
        while (r == 0 && at < copy->filled) {
                size_t end = at;

                while (end < copy->filled && !copy_zero(copy->buffer + end, page_at(copy, end)))
                        end += page_at(copy, end);
                if (end > at)
                        r = file_write_at(copy->file, (struct text){ copy->buffer + at, end - at }, copy->at + at);
                if (r == 0)
                        r = compare(copy, at, end);
                /* The page that ended the run is zero: no need to look at it again. */
                at = end < copy->filled ? end + page_at(copy, end) : end;
        }
        copy->at += copy->filled;
        copy->filled = 0;
        /* The disk may begin: less is left for the end. A hint, so what comes back does not matter. */
        if (r == 0 && copy->at % WRITE_OUT == 0)
                sync_file_range(copy->file, (off_t)(copy->at - WRITE_OUT), WRITE_OUT, SYNC_FILE_RANGE_WRITE);
        return r;
}

/* Sums are noted, everything is on disk. */
static int end_file(struct copy_writer *copy)
{
        XXH128_hash_t sum;
        int r;

        if (copy->file < 0)
                return 0;
        if (copy->mapped)
                return -EBUSY;
        r = flush(copy);
        if (r == 0 && ftruncate(copy->file, (off_t)copy->at) < 0)
                r = -errno;
        if (r == 0)
                r = copy_sync(copy->file);
        if (close(copy->file) < 0 && r == 0)
                r = -errno;
        copy->file = -1;
        copy_sum_end(&copy->sum, &sum);
        copy_sum_print(copy->file_name, sum, &copy->sums);
        return r;
}

static int begin_file(struct copy_writer *copy, const char *name)
{
        struct text text = text_of(name);

        if (!copy_file_name(text) || text_equal(text, TEXT(COPY_SUMS_FILE)))
                return -EINVAL;
        if (copy->nfiles == COPY_FILES_MOST - 1)
                return -EMFILE;
        copy->file = openat(copy->fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (copy->file < 0)
                return -errno;
        copy->nfiles++;
        memcpy(copy->file_name, name, text.len + 1);
        copy_sum_begin(&copy->sum);
        copy->at = 0;
        copy->filled = 0;
        copy->extent.fd = -1;
        return 0;
}

int copy_file(struct copy_writer *copy, const char *name)
{
        int r = end_file(copy);

        return r < 0 ? r : begin_file(copy, name);
}

/* The file may have no more bytes than an off_t tells. */
static bool too_long(const struct copy_writer *copy, uint64_t len)
{
        return len > (uint64_t)INT64_MAX - copy->at - COPY_BLOCK;
}

int copy_write(struct copy_writer *copy, const void *data, size_t len)
{
        const char *from = data;

        if (copy->file < 0 || copy->mapped)
                return -EBADF;
        if (too_long(copy, len))
                return -EFBIG;
        while (len > 0) {
                size_t n = COPY_BLOCK - copy->filled;
                int r;

                if (n > len)
                        n = len;
                /* Summed and written is what stands in the buffer: memory of others may change under our hands. */
                memcpy(copy->buffer + copy->filled, from, n);
                copy->filled += n;
                from += n;
                len -= n;
                r = copy->filled == COPY_BLOCK ? flush(copy) : 0;
                if (r < 0)
                        return r;
        }
        return 0;
}

static int write_zeros(struct copy_writer *copy, size_t len)
{
        memset(copy->buffer + copy->filled, 0, len);
        copy->filled += len;
        return copy->filled == COPY_BLOCK ? flush(copy) : 0;
}

int copy_hole(struct copy_writer *copy, uint64_t len)
{
        uint64_t whole, rest;
        int r = 0;

        if (copy->file < 0 || copy->mapped)
                return -EBADF;
        if (too_long(copy, len))
                return -EFBIG;
        /* To the end of the block, whole blocks, and what is left: blocks stay where files have pages. */
        if (copy->filled > 0) {
                rest = COPY_BLOCK - copy->filled;
                if (rest > len)
                        rest = len;
                r = write_zeros(copy, (size_t)rest);
                len -= rest;
        }
        whole = len / COPY_BLOCK * COPY_BLOCK;
        if (r == 0 && whole > 0) {
                r = copy_sum_zeros(&copy->sum, whole);
                copy->at += whole;
        }
        return r == 0 && len > whole ? write_zeros(copy, (size_t)(len - whole)) : r;
}

/* Data of an open file, straight into the buffer. */
static int fill_from(struct copy_writer *copy, int fd, uint64_t at, uint64_t len)
{
        while (len > 0) {
                size_t room = COPY_BLOCK - copy->filled;
                ssize_t n = pread(fd, copy->buffer + copy->filled, room < len ? room : (size_t)len, (off_t)at);
                int r;

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : -ENODATA;
                copy->filled += (size_t)n;
                at += (uint64_t)n;
                len -= (uint64_t)n;
                r = copy->filled == COPY_BLOCK ? flush(copy) : 0;
                if (r < 0)
                        return r;
        }
        return 0;
}

int copy_from(struct copy_writer *copy, int fd, uint64_t at, uint64_t len)
{
        uint64_t end = at + len;
        struct stat st;
        int r = 0;

        if (copy->file < 0 || copy->mapped)
                return -EBADF;
        if (end < at || too_long(copy, len))
                return -EFBIG;
        while (r == 0 && at < end) {
                uint64_t data, data_end;

                r = copy_next_data(&copy->extent, fd, at, end, &data, &data_end);
                if (r == 0)
                        r = copy_hole(copy, data - at);
                if (r == 0)
                        r = fill_from(copy, fd, data, data_end - data);
                at = data_end;
        }
        /* What lies behind the end of a file looks like a hole. */
        if (r == 0 && (fstat(fd, &st) < 0 || (uint64_t)st.st_size < end))
                r = -ENODATA;
        return r;
}

/* The hidden directory becomes one that nobody sweeps. */
static int show_partial(struct copy_writer *copy)
{
        int r = copy_sync(copy->file);

        if (r == 0)
                r = copy_sync(copy->fd);
        if (r == 0)
                r = copy_place_rename(copy->place, copy->hidden.data, copy->hidden.data + 1);
        if (r == 0) {
                struct buf shown = { 0 };

                buf_string(&shown, copy->hidden.data + 1);
                buf_done(&copy->hidden);
                copy->hidden = shown;
                copy->moved = true;
                r = copy_sync(copy->place);
        }
        return r;
}

int copy_mapped(struct copy_writer *copy, const char *name, uint64_t size, void **ret)
{
        void *mapped;
        int r = copy_file(copy, name);

        if (r < 0)
                return r;
        if (size == 0)
                size = 1;
        if (size > SIZE_MAX / 2)
                return -EFBIG;
        /* Room for all of it now: a full disk must not be found out when the contents are on their way. */
        r = -posix_fallocate(copy->file, 0, (off_t)size);
        if (r < 0)
                return r;
        mapped = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, copy->file, 0);
        if (mapped == MAP_FAILED)
                return -errno;
        copy->mapped = mapped;
        copy->mapped_size = size;
        if (!copy->moved)
                r = show_partial(copy);
        if (r == 0)
                *ret = mapped;
        return r;
}

int copy_mapped_end(struct copy_writer *copy, uint64_t used)
{
        if (!copy->mapped || used > copy->mapped_size)
                return -EINVAL;
        for (uint64_t at = 0; at < used; at += COPY_BLOCK)
                copy_sum_add(&copy->sum, (char *)copy->mapped + at,
                             used - at < COPY_BLOCK ? (size_t)(used - at) : COPY_BLOCK);
        munmap(copy->mapped, (size_t)copy->mapped_size);
        copy->mapped = NULL;
        /* Where end_file() cuts the file. */
        copy->at = used;
        return 0;
}

static int write_sums(struct copy_writer *copy)
{
        int fd = openat(copy->fd, COPY_SUMS_FILE, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        int r;

        if (fd < 0)
                return -errno;
        r = file_write_at(fd, buf_text(&copy->sums), 0);
        if (r == 0)
                r = copy_sync(fd);
        if (close(fd) < 0 && r == 0)
                r = -errno;
        return r;
}

/*
 * What stands there now is what a reader will take for a copy: all files, of
 * their sizes, and the small ones once more by their sums (see compare()).
 */
static int read_back(struct copy_writer *copy)
{
        struct copy_reader *reader;
        struct buf what = { 0 }, sums = { 0 };
        int fd = dup(copy->fd), r;

        if (fd < 0)
                return -errno;
        r = copy_check(fd, SUMMED_AGAIN_MOST, &reader, &what);
        if (r == 0) {
                r = copy_read_file(reader, COPY_SUMS_FILE, COPY_SUMS_MOST, &sums);
                if (r == 0 && !text_equal(buf_text(&sums), buf_text(&copy->sums)))
                        r = -EIO;
                copy_close(reader);
        }
        buf_done(&what);
        buf_done(&sums);
        return r == -EBADMSG || r == -EPERM || r == -ENOENT ? -EIO : r;
}

/* Gives it its name, or the first of NAME-2, NAME-3... that is free. */
static int publish(struct copy_writer *copy, struct buf *ret_path)
{
        struct buf name = { 0 };
        int r = -EEXIST;

        for (unsigned i = 1; r == -EEXIST && i < NAMES_MOST; i++) {
                buf_clear(&name);
                buf_string(&name, copy->name.data);
                if (i > 1)
                        buf_printf(&name, "-%u", i);
                r = copy_place_rename(copy->place, copy->hidden.data, name.data);
        }
        if (r == 0) {
                buf_clear(&copy->hidden);
                buf_string(&copy->hidden, name.data);
                r = copy_sync(copy->place);
        }
        if (r == 0)
                buf_printf(ret_path, "%s/%s", copy->dir.data, name.data);
        buf_done(&name);
        return r;
}

int copy_finish(struct copy_writer *copy, struct buf *ret_path)
{
        int r = end_file(copy);

        if (r == 0)
                r = write_sums(copy);
        if (r == 0)
                r = copy_sync(copy->fd);
        if (r == 0)
                r = read_back(copy);
        if (r == 0)
                r = publish(copy, ret_path);
        if (r == 0)
                writer_free(copy);
        else
                copy_abandon(copy, ret_path);
        return r;
}

bool copy_abandon(struct copy_writer *copy, struct buf *ret_path)
{
        bool kept = copy->moved;

        /* Nothing has arrived yet. */
        if (kept && copy->mapped && copy_zero(copy->mapped, (size_t)copy->mapped_size))
                kept = false;
        if (kept)
                buf_printf(ret_path, "%s/%s", copy->dir.data, copy->hidden.data);
        else
                copy_place_remove(copy->place, copy->hidden.data, copy->fd);
        writer_free(copy);
        return kept;
}
