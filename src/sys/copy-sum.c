/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/copy-private.h"

#include "base/memory.h"
#include "base/number.h"
#include "sys/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void copy_sum_begin(struct copy_sum *sum)
{
        sum->state = XXH3_createState();
        if (!sum->state)
                memory_exhausted();
        XXH3_128bits_reset(sum->state);
}

void copy_sum_add(struct copy_sum *sum, const void *data, size_t len)
{
        XXH3_128bits_update(sum->state, data, len);
}

int copy_sum_zeros(struct copy_sum *sum, uint64_t len)
{
        /* Small enough to stay in the fastest cache. */
        static const char zeros[16384];

        for (unsigned turn = 1; len > 0; turn++) {
                size_t n = len < sizeof(zeros) ? (size_t)len : sizeof(zeros);

                if (turn % 4096 == 0 && interrupt_waits())
                        return -EINTR;
                copy_sum_add(sum, zeros, n);
                len -= n;
        }
        return 0;
}

void copy_sum_end(struct copy_sum *sum, XXH128_hash_t *ret)
{
        if (ret)
                *ret = XXH3_128bits_digest(sum->state);
        XXH3_freeState(sum->state);
        sum->state = NULL;
}

/* The run of data at or behind `at`. */
static int find_extent(struct copy_extent *extent, int fd, uint64_t at)
{
        off_t data = lseek(fd, (off_t)at, SEEK_DATA), hole;

        *extent = (struct copy_extent){ fd, at, UINT64_MAX, UINT64_MAX };
        if (data < 0 && errno == ENXIO)
                return 0;
        if (data < 0 && errno != EINVAL && errno != EOPNOTSUPP) {
                extent->fd = -1;
                return -errno;
        }
        /* A file system that can't tell: all is data. */
        extent->at = data < 0 ? at : (uint64_t)data;
        hole = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);
        if (hole > data)
                extent->end = (uint64_t)hole;
        return 0;
}

int copy_next_data(struct copy_extent *extent, int fd, uint64_t at, uint64_t end, uint64_t *ret_at, uint64_t *ret_end)
{
        int r = 0;

        if (extent->fd != fd || at < extent->from || at >= extent->end)
                r = find_extent(extent, fd, at);
        if (r < 0)
                return r;
        *ret_at = extent->at > at ? extent->at : at;
        if (*ret_at > end)
                *ret_at = end;
        *ret_end = extent->end < end ? extent->end : end;
        return 0;
}

/* Bytes [at, end) of the file. */
static int add_data(struct copy_sum *sum, int fd, uint64_t at, uint64_t end, void *buffer)
{
        while (at < end) {
                uint64_t left = end - at;
                ssize_t n = pread(fd, buffer, left < COPY_BLOCK ? (size_t)left : COPY_BLOCK, (off_t)at);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : -ENODATA;
                if (interrupt_waits())
                        return -EINTR;
                copy_sum_add(sum, buffer, (size_t)n);
                at += (uint64_t)n;
        }
        return 0;
}

int copy_sum_file(int fd, uint64_t size, void *buffer, XXH128_hash_t *ret)
{
        struct copy_extent extent = { .fd = -1 };
        struct copy_sum sum;
        uint64_t at = 0;
        int r = 0;

        copy_sum_begin(&sum);
        while (r == 0 && at < size) {
                uint64_t data, end;

                r = copy_next_data(&extent, fd, at, size, &data, &end);
                if (r == 0)
                        r = copy_sum_zeros(&sum, data - at);
                if (r == 0)
                        r = add_data(&sum, fd, data, end, buffer);
                at = end;
        }
        copy_sum_end(&sum, r == 0 ? ret : NULL);
        return r;
}

void copy_sum_print(const char *name, XXH128_hash_t sum, struct buf *out)
{
        buf_printf(out, "%016llx%016llx  %s\n", (unsigned long long)sum.high64, (unsigned long long)sum.low64, name);
}

static bool is_lower_hex(struct text text)
{
        for (size_t i = 0; i < text.len; i++)
                if (!(text.data[i] >= '0' && text.data[i] <= '9') && !(text.data[i] >= 'a' && text.data[i] <= 'f'))
                        return false;
        return true;
}

int copy_sum_parse(struct text line, struct text *ret_name, XXH128_hash_t *ret)
{
        struct text digits = { line.data, 32 }, name = text_from(line, 34);
        uint64_t high, low;

        if (line.len < 35 || !is_lower_hex(digits) || line.data[32] != ' ' || line.data[33] != ' ' ||
            !copy_file_name(name))
                return -EBADMSG;
        if (number_parse_base((struct text){ line.data, 16 }, 16, UINT64_MAX, &high) < 0 ||
            number_parse_base((struct text){ line.data + 16, 16 }, 16, UINT64_MAX, &low) < 0)
                return -EBADMSG;
        *ret_name = name;
        *ret = (XXH128_hash_t){ .low64 = low, .high64 = high };
        return 0;
}

bool copy_file_name(struct text name)
{
        if (name.len == 0 || name.len > COPY_FILE_NAME_MOST || name.data[0] == '.' || name.data[0] == '-')
                return false;
        for (size_t i = 0; i < name.len; i++) {
                char byte = name.data[i];

                if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') && !(byte >= '0' && byte <= '9') &&
                    byte != '.' && byte != '-' && byte != '_')
                        return false;
        }
        return true;
}

bool copy_zero(const void *data, size_t len)
{
        const char *bytes = data;

        /* If the first byte is zero and each equals its neighbour, all are. */
        return bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0;
}
