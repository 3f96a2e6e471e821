/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/locks.h"

#include "base/array.h"
#include "base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
        TABLE_MOST = 256 << 20,
        READS_MOST = 16,
};

struct name {
        const char *word;
        unsigned value;
};

/* ACCESS is a POSIX lock of a kernel before 5.15 that only checks. */
static const struct name types[] = {
        { "POSIX", LOCK_POSIX }, { "ACCESS", LOCK_POSIX }, { "OFDLCK", LOCK_OFD }, { "FLOCK", LOCK_FLOCK },
        { "LEASE", LOCK_LEASE }, { "DELEG", LOCK_DELEG },
};

static const struct name modes[] = {
        { "READ", LOCK_FOR_READING }, { "WRITE", LOCK_FOR_WRITING },
        { "RW", LOCK_FOR_WRITING }, { "NONE", LOCK_FOR_NOTHING },
        { "UNLCK", LOCK_FOR_NOTHING },
};

static bool find(const struct name *names, size_t n, struct text word, unsigned *ret)
{
        for (size_t i = 0; i < n; i++)
                if (text_equal(word, text_of(names[i].word))) {
                        *ret = names[i].value;
                        return true;
                }
        return false;
}

/* MAJOR:MINOR:INODE, the device in hex; "<none>:0" when the file is gone from under it. */
static bool parse_file(struct text word, struct lock_line *line)
{
        struct text dev_major, dev_minor;
        uint64_t high, low;

        if (!text_split(&word, ':', &dev_major) || !text_split(&word, ':', &dev_minor) ||
            number_parse_base(dev_major, 16, UINT32_MAX, &high) < 0 ||
            number_parse_base(dev_minor, 16, UINT32_MAX, &low) < 0 ||
            number_parse(word, UINT64_MAX, &line->inode) < 0)
                return false;
        line->dev = high << 32 | low;
        return true;
}

static bool parse_range(struct text *rest, struct lock_line *line)
{
        struct text start, end, more;

        if (!text_word(rest, &start) || !text_word(rest, &end) || text_word(rest, &more) ||
            number_parse(start, INT64_MAX, &line->start) < 0)
                return false;
        line->to_end = text_equal(end, TEXT("EOF"));
        return line->to_end || (number_parse(end, INT64_MAX, &line->end) == 0 && line->end >= line->start);
}

/* "1:", then "->" for a request; deeper ones are indented further (show_lock() in fs/locks.c). */
static bool parse_begin(struct text *rest, struct text *ret_type, struct lock_line *line)
{
        struct text word;

        if (!text_word(rest, &word) || word.len < 2 || word.data[word.len - 1] != ':' ||
            number_parse((struct text){ word.data, word.len - 1 }, INT64_MAX, &line->number) < 0 ||
            !text_word(rest, ret_type))
                return false;
        line->blocked = text_equal(*ret_type, TEXT("->"));
        return !line->blocked || text_word(rest, ret_type);
}

int lock_parse(struct text text, struct lock_line *ret)
{
        struct text type, manner, mode, pid, file;
        struct lock_line line = { 0 };
        unsigned type_value, mode_value;
        int64_t number;

        if (!parse_begin(&text, &type, &line) || !text_word(&text, &manner) || !text_word(&text, &mode) ||
            !text_word(&text, &pid) || !text_word(&text, &file) || !parse_file(file, &line) ||
            !parse_range(&text, &line) || number_parse_int(pid, INT32_MIN, INT32_MAX, &number) < 0 ||
            !find(types, COUNT(types), type, &type_value) || !find(modes, COUNT(modes), mode, &mode_value))
                return -EBADMSG;
        line.type = type_value;
        line.mode = mode_value;
        line.mandatory = text_equal(manner, TEXT("MANDATORY"));
        line.breaking = text_equal(manner, TEXT("BREAKING"));
        line.pid = (pid_t)number;
        *ret = line;
        return 0;
}

/* The kernel cuts its pages where the reader's room ends, if that is less than a page. */
static int read_by(const struct host *host, size_t room, struct buf *out)
{
        int fd = host_openat(host, "/proc/locks", O_RDONLY);
        ssize_t n = 1;

        buf_clear(out);
        if (fd < 0)
                return fd;
        while (n > 0 && out->len < TABLE_MOST) {
                char *end = buf_reserve(out, room);

                n = read(fd, end, room);
                if (n > 0) {
                        out->len += (size_t)n;
                        end[n] = 0;
                }
        }
        n = n < 0 ? -errno : n > 0 ? -EFBIG : 0;
        close(fd);
        return (int)n;
}

int locks_read(const struct host *host, struct buf *out)
{
        static const size_t rooms[] = { 4096, 3100, 3700, 2500, 3400, 2800 };
        struct buf again = { 0 };
        int r;

        buf_clear(out);
        if (!host_live(host))
                return host_read(host, "/proc/locks", TABLE_MOST, out);
        r = read_by(host, rooms[0], out);
        for (unsigned i = 1; r == 0 && i <= READS_MOST; i++) {
                struct buf last = *out;

                *out = again;
                again = last;
                r = read_by(host, rooms[i % COUNT(rooms)], out);
                if (r < 0 || text_equal(buf_text(&again), buf_text(out)))
                        break;
                r = i == READS_MOST ? -EAGAIN : 0;
        }
        buf_done(&again);
        return r;
}
