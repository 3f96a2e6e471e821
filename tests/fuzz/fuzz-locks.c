/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/locks.h"

#include "base/buf.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* What was understood can be written as the kernel would, and means the same again. */
static void check_line(struct text text)
{
        static const char *const types[] = { "POSIX ", "OFDLCK", "FLOCK ", "LEASE ", "DELEG " };
        static const char *const modes[] = { "READ ", "WRITE", "UNLCK" };
        struct lock_line line = { .pid = 42 }, again;
        struct buf buf = { 0 };
        int r = lock_parse(text, &line);

        check(r == 0 || (r == -EBADMSG && line.pid == 42));
        if (r < 0)
                return;
        check(line.to_end || line.end >= line.start);
        check(!line.mandatory || !line.breaking);
        buf_printf(&buf, "%llu: %s%s %s %s %d %02x:%02x:%llu %llu ", (unsigned long long)line.number,
                   line.blocked ? "-> " : "", types[line.type],
                   line.mandatory ? "MANDATORY" : line.breaking ? "BREAKING " : "ADVISORY ", modes[line.mode], line.pid,
                   (unsigned)(line.dev >> 32), (unsigned)line.dev, (unsigned long long)line.inode,
                   (unsigned long long)line.start);
        if (line.to_end)
                buf_string(&buf, "EOF");
        else
                buf_uint(&buf, line.end);
        check(lock_parse(buf_text(&buf), &again) == 0);
        check(again.number == line.number && again.blocked == line.blocked && again.type == line.type &&
              again.mode == line.mode && again.mandatory == line.mandatory && again.breaking == line.breaking &&
              again.pid == line.pid && again.dev == line.dev && again.inode == line.inode &&
              again.start == line.start && again.to_end == line.to_end && again.end == line.end);
        buf_done(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text rest = { (const char *)data, size }, line;

        while (text_split(&rest, '\n', &line))
                check_line(line);
        return 0;
}
