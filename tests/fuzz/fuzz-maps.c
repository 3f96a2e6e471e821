/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/buf.h"
#include "sys/walk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* What was understood can be written as the kernel would, and means the same again. */
static void check_line(struct text line)
{
        struct entry entry = { .fd = 42 }, again;
        struct buf buf = { 0 };
        int r = walk_parse_map(line, &entry);

        check(r == 0 || (r == -EBADMSG && entry.fd == 42));
        if (r < 0)
                return;
        check(entry.type == ENTRY_MAP && entry.fd == -1 && entry.start <= entry.end);
        check(entry.link.len <= line.len && entry.link.data + entry.link.len == line.data + line.len);
        buf_printf(&buf, "%08" PRIx64 "-%08" PRIx64 " %c%c%c%c 00000000 %02" PRIx64 ":%02" PRIx64 " %" PRIu64 " ",
                   entry.start, entry.end, entry.access & ENTRY_READ ? 'r' : '-', entry.access & ENTRY_WRITE ? 'w' : '-',
                   entry.access & ENTRY_EXECUTE ? 'x' : '-', entry.shared ? 's' : 'p',
                   entry.dev >> 32, entry.dev & UINT32_MAX, entry.inode);
        buf_add(&buf, entry.link);
        check(walk_parse_map(buf_text(&buf), &again) == 0);
        check(again.start == entry.start && again.end == entry.end && again.access == entry.access &&
              again.shared == entry.shared && again.dev == entry.dev && again.inode == entry.inode &&
              text_equal(again.link, entry.link));
        buf_done(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text rest = { (const char *)data, size }, line;

        while (text_split(&rest, '\n', &line))
                check_line(line);
        return 0;
}
