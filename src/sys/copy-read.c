/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading copies: nothing of one is believed before all of it is checked. */
#include "sys/copy-private.h"

#include "base/memory.h"
#include "sys/directory.h"
#include "sys/file.h"
#include "sys/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        ENTRIES = 4096,
        LISTED_MOST = 1000000,          /* copies in a directory */
};

struct file {
        char name[COPY_FILE_NAME_MOST + 1];
        int fd;
        uint64_t size;
        bool listed;                    /* SUMS has it */
        XXH128_hash_t sum;
};

struct copy_reader {
        int fd;
        unsigned nfiles;
        struct file files[COPY_FILES_MOST];
};

void copy_close(struct copy_reader *copy)
{
        if (!copy)
                return;
        for (unsigned i = 0; i < copy->nfiles; i++)
                close(copy->files[i].fd);
        close(copy->fd);
        free(copy);
}

static int fault(int err, const char *name, struct buf *ret_what)
{
        buf_string(ret_what, name);
        return err;
}

static struct file *find(struct copy_reader *copy, struct text name)
{
        for (unsigned i = 0; i < copy->nfiles; i++)
                if (text_equal(text_of(copy->files[i].name), name))
                        return &copy->files[i];
        return NULL;
}

/* Nobody but the caller and root may have had a hand in it. */
static bool trusted(const struct stat *st)
{
        return (st->st_uid == geteuid() || st->st_uid == 0) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static int open_file(struct copy_reader *copy, const char *name, struct buf *ret_what)
{
        struct file *file = &copy->files[copy->nfiles];
        struct stat st;
        int fd;

        if (!copy_file_name(text_of(name)) || copy->nfiles == COPY_FILES_MOST)
                return fault(-EBADMSG, name, ret_what);
        fd = file_open(copy->fd, name);
        if (fd == -EINVAL || fd == -EISDIR || fd == -ELOOP || fd == -ENOENT)
                return fault(-EBADMSG, name, ret_what);
        if (fd < 0)
                return fault(fd, name, ret_what);
        if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !trusted(&st)) {
                close(fd);
                return fault(S_ISREG(st.st_mode) ? -EPERM : -EBADMSG, name, ret_what);
        }
        *file = (struct file){ .fd = fd, .size = (uint64_t)st.st_size };
        memcpy(file->name, name, strlen(name));
        copy->nfiles++;
        return 0;
}

/* Opens all that is in the directory. */
static int open_files(struct copy_reader *copy, struct buf *ret_what)
{
        char entries[ENTRIES];
        struct directory directory;
        struct directory_entry entry;
        struct stat st;
        int r = 0;

        if (fstat(copy->fd, &st) < 0)
                return -errno;
        if (!trusted(&st))
                return fault(-EPERM, ".", ret_what);
        if (lseek(copy->fd, 0, SEEK_SET) < 0)
                return -errno;
        directory_init(&directory, copy->fd, entries, sizeof(entries));
        while (r == 0 && directory_next(&directory, &entry))
                r = open_file(copy, entry.name, ret_what);
        return r < 0 ? r : directory.err;
}

static int read_sums(struct copy_reader *copy, struct buf *ret_what)
{
        struct file *sums = find(copy, TEXT(COPY_SUMS_FILE));
        struct buf text = { 0 };
        struct text rest, line;
        int r;

        if (!sums)
                return fault(copy->nfiles ? -EBADMSG : -ENOENT, COPY_SUMS_FILE, ret_what);
        r = copy_read_file(copy, COPY_SUMS_FILE, COPY_SUMS_MOST, &text);
        rest = buf_text(&text);
        if (r == 0 && (rest.len == 0 || rest.data[rest.len - 1] != '\n'))
                r = -EBADMSG;
        while (r == 0 && text_split(&rest, '\n', &line)) {
                struct text name;
                XXH128_hash_t sum;
                struct file *file;

                r = copy_sum_parse(line, &name, &sum);
                if (r < 0)
                        break;
                file = find(copy, name);
                if (!file || file == sums || file->listed) {
                        buf_add(ret_what, name);
                        buf_done(&text);
                        return -EBADMSG;
                }
                file->listed = true;
                file->sum = sum;
        }
        buf_done(&text);
        sums->listed = r == 0;
        return r < 0 ? fault(r == -EFBIG ? -EBADMSG : r, COPY_SUMS_FILE, ret_what) : 0;
}

static int check_sums(struct copy_reader *copy, uint64_t most, struct buf *ret_what)
{
        void *buffer = memory_new(COPY_BLOCK);
        int r = 0;

        for (unsigned i = 0; r == 0 && i < copy->nfiles; i++) {
                struct file *file = &copy->files[i];
                XXH128_hash_t sum = file->sum;

                if (text_equal(text_of(file->name), TEXT(COPY_SUMS_FILE)))
                        continue;
                if (!file->listed)
                        r = -EBADMSG;
                else if (file->size <= most)
                        r = copy_sum_file(file->fd, file->size, buffer, &sum);
                if (r == -ENODATA || (r == 0 && !XXH128_isEqual(sum, file->sum)))
                        r = -EBADMSG;
                if (r < 0)
                        fault(r, file->name, ret_what);
        }
        free(buffer);
        return r;
}

int copy_check(int fd, uint64_t most, struct copy_reader **ret, struct buf *ret_what)
{
        struct copy_reader *copy = memory_new(sizeof(*copy));
        int r;

        copy->fd = fd;
        r = open_files(copy, ret_what);
        if (r == 0)
                r = read_sums(copy, ret_what);
        if (r == 0)
                r = check_sums(copy, most, ret_what);
        if (r == 0)
                *ret = copy;
        else
                copy_close(copy);
        return r;
}

static int open_directory(const char *path)
{
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        return fd < 0 ? -errno : fd;
}

int copy_open(const char *path, struct copy_reader **ret, struct buf *ret_what)
{
        int fd = open_directory(path);

        return fd < 0 ? fd : copy_check(fd, UINT64_MAX, ret, ret_what);
}

int copy_open_partial(const char *path, struct copy_reader **ret, struct buf *ret_what)
{
        struct copy_reader *copy;
        int fd = open_directory(path), r = 0;

        if (fd < 0)
                return fd;
        /* Kept until the reader is closed, so that two can't take the same contents to be theirs. */
        if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
                r = -EBUSY;
        copy = memory_new(sizeof(*copy));
        copy->fd = fd;
        if (r == 0)
                r = open_files(copy, ret_what);
        if (r == 0 && copy->nfiles == 0)
                r = -ENOENT;
        if (r == 0)
                *ret = copy;
        else
                copy_close(copy);
        return r;
}

int copy_read_file(struct copy_reader *copy, const char *name, size_t most, struct buf *out)
{
        int fd = copy_descriptor(copy, name, NULL);

        return fd < 0 ? fd : file_read(fd, most, out);
}

int copy_descriptor(struct copy_reader *copy, const char *name, uint64_t *ret_size)
{
        struct file *file = find(copy, text_of(name));

        if (!file)
                return -ENOENT;
        if (lseek(file->fd, 0, SEEK_SET) < 0)
                return -errno;
        if (ret_size)
                *ret_size = file->size;
        return file->fd;
}

/* Hands over the pages of a block that are not zero. */
static int hand_over(int (*found)(void *data, uint64_t at, const void *bytes, size_t len), void *data, uint64_t at,
                     const char *block, size_t len)
{
        size_t start = 0, i = 0;
        int r = 0;

        while (r == 0 && i < len) {
                size_t page = len - i < COPY_PAGE ? len - i : COPY_PAGE;

                if (copy_zero(block + i, page)) {
                        if (i > start)
                                r = found(data, at + start, block + start, i - start);
                        start = i + page;
                }
                i += page;
        }
        return r == 0 && len > start ? found(data, at + start, block + start, len - start) : r;
}

int copy_data(struct copy_reader *copy, const char *name,
              int (*found)(void *data, uint64_t at, const void *bytes, size_t len), void *data)
{
        struct file *file = find(copy, text_of(name));
        struct copy_extent extent = { .fd = -1 };
        char *block;
        uint64_t at = 0;
        int r = 0;

        if (!file)
                return -ENOENT;
        block = memory_new(COPY_BLOCK);
        while (r == 0 && at < file->size) {
                uint64_t start, end;

                r = copy_next_data(&extent, file->fd, at, file->size, &start, &end);
                for (at = start; r == 0 && at < end;) {
                        uint64_t left = end - at;
                        ssize_t n = pread(file->fd, block, left < COPY_BLOCK ? (size_t)left : COPY_BLOCK, (off_t)at);

                        if (n < 0 && errno == EINTR)
                                continue;
                        if (n <= 0)
                                r = n < 0 ? -errno : -ENODATA;
                        else if (interrupt_waits())
                                r = -EINTR;
                        else
                                r = hand_over(found, data, at, block, (size_t)n);
                        at += n > 0 ? (uint64_t)n : 0;
                }
        }
        free(block);
        return r;
}

/* --- a directory of copies --- */

static int by_name(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Does it hold an object.json? That is what makes it a copy, whole or damaged. */
static bool is_copy(int dir, const char *name)
{
        int fd = file_open_directory(dir, name, O_RDONLY);
        struct stat st;
        bool is;

        if (fd < 0)
                return false;
        is = fstatat(fd, COPY_SUMS_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0;
        close(fd);
        return is;
}

static int collect_names(int fd, const char *path, char ***names, size_t *n)
{
        char entries[ENTRIES];
        struct directory directory;
        struct directory_entry entry;
        size_t room = 0;

        directory_init(&directory, fd, entries, sizeof(entries));
        while (*n < LISTED_MOST && directory_next(&directory, &entry)) {
                struct buf copy = { 0 };

                if (entry.name[0] == '.' || text_ends(text_of(entry.name), TEXT(".partial")) ||
                    !is_copy(fd, entry.name))
                        continue;
                if (*n == room) {
                        room = room ? room * 2 : 64;
                        *names = memory_resize(*names, room, sizeof(**names));
                }
                buf_printf(&copy, "%s/%s", path, entry.name);
                (*names)[(*n)++] = copy.data;
        }
        return directory.err;
}

int copy_list(const char *path, int (*found)(const char *copy, void *data), void *data)
{
        int fd = open_directory(path), r;
        char **names = NULL;
        size_t n = 0;
        struct stat st;

        if (fd < 0)
                return fd;
        if (fstatat(fd, COPY_SUMS_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0) {
                close(fd);
                return -ENOTDIR;
        }
        r = collect_names(fd, path, &names, &n);
        close(fd);
        if (n > 1)
                qsort(names, n, sizeof(*names), by_name);
        for (size_t i = 0; i < n; i++) {
                if (r == 0)
                        r = found(names[i], data);
                free(names[i]);
        }
        free(names);
        return r;
}
