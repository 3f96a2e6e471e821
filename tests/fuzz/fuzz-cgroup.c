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

static void check_path(struct text path)
{
        struct buf name = { 0 };
        struct text unit;

        if (cgroup_unit(path, &unit)) {
                /* A unit is a part of one segment, and harmless to print. */
                check(unit.data >= path.data && unit.data + unit.len <= path.data + path.len && unit.len > 0);
                for (size_t i = 0; i < unit.len; i++)
                        check(unit.data[i] > ' ' && unit.data[i] < 0x7f && unit.data[i] != '/');
        }
        buf_string(&name, "kept");
        if (cgroup_container(path, &name))
                check(name.len > 4 && name.len - 4 <= path.len);
        else
                check(name.len == 4);
        check(memcmp(name.data, "kept", 4) == 0);
        buf_done(&name);
}

/* The text of /proc/PID/cgroup, and of one path in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        struct text path = { 0 };
        int r;

        r = process_parse_cgroup(text, &path);
        check(r == 0 ? path.len > 0 && path.data[0] == '/' : r == -EBADMSG && !path.data);
        if (r == 0)
                check_path(path);
        check_path(text);
        return 0;
}
