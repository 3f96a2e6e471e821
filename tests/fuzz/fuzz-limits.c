/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/limits.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* What is no such text leaves everything as it was; what is, has no number in the range that means no limit. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        struct process_limits limits = { .soft = { 7, 7, 7, 7, 7 } };
        uint64_t numbers[5] = { 7, 7, 7, 7, 7 }, number = 7;
        unsigned n = 0;
        int r;

        r = limits_parse_process(text, &limits);
        check(r == 0 || (r == -EBADMSG && limits.soft[0] == 7));
        for (unsigned i = 0; r == 0 && i < PROCESS_LIMITS; i++)
                check(limits.there[i] ? limits.soft[i] < (uint64_t)INT64_MAX || limits.soft[i] == LIMIT_NONE :
                                        limits.soft[i] == 0);
        r = limits_parse_numbers(text, numbers, 4, &n);
        check((r == 0 && n >= 1 && n <= 4) || (r == -EBADMSG && n == 0 && numbers[0] == 7));
        check(numbers[4] == 7);
        for (unsigned i = 0; i < n; i++)
                check(numbers[i] < (uint64_t)INT64_MAX || numbers[i] == LIMIT_NONE);
        r = limits_parse_keyed(text, "shmem", &number);
        check(r == 0 || r == -ENOENT || r == -EBADMSG);
        number = 7;
        r = limits_parse_netstat(text, "TcpExt", "ListenDrops", &number);
        check(r == 0 || number == 7);
        number = 7;
        r = limits_parse_threads(text, &number);
        check(r == 0 ? number <= UINT32_MAX : r == -EBADMSG && number == 7);
        return 0;
}
