/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/mounts.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

static size_t count_lines(struct text text)
{
        struct text line;
        size_t n = 0;

        while (text_split(&text, '\n', &line))
                n++;
        return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        struct mount *all, *some;
        size_t nall, nsome, found = 0;
        unsigned bad, bad_some;
        struct arena arena;

        arena_init(&arena);
        mounts_parse(text, NULL, &arena, &all, &nall, &bad);
        mounts_parse(text, "mqueue", &arena, &some, &nsome, &bad_some);
        check(nall + bad == count_lines(text) && bad_some <= bad);
        for (size_t i = 0; i < nall; i++) {
                check(strlen(all[i].path.data) == all[i].path.len && all[i].path.len > 0);
                check(strlen(all[i].type.data) == all[i].type.len && all[i].type.len > 0);
                /* Asking for a type gives the same mounts, in the same order. */
                if (found < nsome && all[i].dev == some[found].dev && text_equal(all[i].path, some[found].path) &&
                    text_equal(all[i].type, some[found].type))
                        found++;
        }
        check(found == nsome);
        arena_done(&arena);
        return 0;
}
