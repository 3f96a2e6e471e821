/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/process.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* The texts of /proc/PID/stat and status. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        struct process_stat stat = { .state = '?' };
        struct process_status status = { .uid = 42 };
        int r;

        r = process_parse_stat(text, &stat);
        check(r == 0 || (r == -EBADMSG && stat.state == '?'));
        if (r == 0) {
                size_t begin = (size_t)(stat.comm.data - text.data);

                /* Between a parenthesis and the last one. */
                check(begin > 0 && begin + stat.comm.len < size);
                check(text.data[begin - 1] == '(' && text.data[begin + stat.comm.len] == ')');
                check(!memchr(text.data + begin + stat.comm.len + 1, ')', size - begin - stat.comm.len - 1));
        }
        r = process_parse_processor(text);
        check(r >= 0 || r == -EBADMSG);
        r = process_parse_status(text, &status);
        check(r == 0 || (r == -EBADMSG && status.uid == 42 && !status.has_signals));
        return 0;
}
