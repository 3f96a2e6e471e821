/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/file.h"

#include "base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
        CHUNK_FIRST = 4096,             /* most files of /proc fit */
        CHUNK_MOST  = 256 * 1024,
        CACHED_TRIES = 4,
};

int file_open(int dir, const char *name)
{
        struct stat st;
        int fd;

        /* Opening a device can have effects of its own: look first. */
        if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
        fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
        return fd < 0 ? -errno : fd;
}

int file_open_directory(int dir, const char *name, int flags)
{
        int fd = openat(dir, name, flags | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        return fd < 0 ? -errno : fd;
}

int file_open_cached(int dir, const char *path, int flags, uint64_t resolve)
{
        struct open_how how = { .flags = (uint64_t)(flags | O_PATH | O_CLOEXEC), .resolve = resolve | RESOLVE_CACHED };
        long fd = -1;

        /* EAGAIN is also what a lookup gets that somebody's rename or mount crossed. */
        for (int i = 0; i < CACHED_TRIES; i++) {
                fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
                if (fd >= 0 || errno != EAGAIN)
                        break;
        }
        return fd < 0 ? -errno : (int)fd;
}

enum manner {
        READ_REST,                      /* file_read() */
        READ_WHOLE,
        READ_AGAIN,
};

/* Appends until the end of the file or until there are more than `most` bytes. */
static int read_beyond(int fd, size_t most, enum manner manner, struct buf *out)
{
        size_t old = out->len, chunk = CHUNK_FIRST;

        while (out->len - old <= most) {
                char *to = buf_reserve(out, chunk);
                ssize_t n = manner == READ_AGAIN ? pread(fd, to, chunk, (off_t)(out->len - old)) : read(fd, to, chunk);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0) {
                        int r = n < 0 ? -errno : 0;

                        if (r < 0)
                                out->len = old;
                        out->data[out->len] = 0;
                        return r;
                }
                out->len += (size_t)n;
                if (manner != READ_REST && (size_t)n < chunk)
                        break;
                if ((size_t)n == chunk && chunk < CHUNK_MOST)
                        chunk *= 2;
        }
        out->data[out->len] = 0;
        return 0;
}

static int read_within(int fd, size_t most, enum manner manner, struct buf *out)
{
        size_t old = out->len;
        int r = read_beyond(fd, most, manner, out);

        if (r < 0)
                return r;
        if (out->len - old > most) {
                out->len = old;
                out->data[old] = 0;
                return -EFBIG;
        }
        return 0;
}

int file_read(int fd, size_t most, struct buf *out)
{
        return read_within(fd, most, READ_REST, out);
}

int file_read_whole(int fd, size_t most, struct buf *out)
{
        return read_within(fd, most, READ_WHOLE, out);
}

int file_read_again(int fd, size_t most, struct buf *out)
{
        return read_within(fd, most, READ_AGAIN, out);
}

int file_read_head(int fd, size_t most, struct buf *out)
{
        size_t old = out->len;
        int r = read_beyond(fd, most, READ_REST, out);

        if (r < 0)
                return r;
        if (out->len - old > most) {
                out->len = old + most;
                out->data[out->len] = 0;
        }
        return 0;
}

ssize_t file_read_start(int dir, const char *name, char *to, size_t room)
{
        int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        ssize_t n;

        if (fd < 0)
                return -errno;
        n = read(fd, to, room);
        if (n < 0)
                n = -errno;
        close(fd);
        return n;
}

int file_read_at(int dir, const char *name, size_t most, struct buf *out)
{
        int fd = file_open(dir, name), r;

        if (fd < 0)
                return fd;
        r = file_read(fd, most, out);
        close(fd);
        return r;
}

int file_write(int fd, struct text bytes)
{
        while (bytes.len > 0) {
                ssize_t n = write(fd, bytes.data, bytes.len);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                bytes = text_from(bytes, (size_t)n);
        }
        return 0;
}

int file_write_at(int fd, struct text bytes, uint64_t at)
{
        while (bytes.len > 0) {
                ssize_t n = pwrite(fd, bytes.data, bytes.len, (off_t)at);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : -ENOSPC;
                bytes = text_from(bytes, (size_t)n);
                at += (uint64_t)n;
        }
        return 0;
}

int file_parse_link(struct text link, struct text prefix, uint64_t *ret)
{
        struct text digits;

        if (!text_starts(link, prefix))
                return -EBADMSG;
        digits = text_from(link, prefix.len);
        if (digits.len < 4 || digits.data[0] != ':' || digits.data[1] != '[' ||
            digits.data[digits.len - 1] != ']')
                return -EBADMSG;
        digits = (struct text){ digits.data + 2, digits.len - 3 };
        return number_parse(digits, UINT64_MAX, ret) < 0 ? -EBADMSG : 0;
}
