/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/fdinfo.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

static bool lies_in(struct text part, struct text whole)
{
        return part.len == 0 ||
               (part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

static void check_keys(struct text info)
{
        struct fdinfo_key keys[] = {
                { .key = "eventfd-count", .form = FDINFO_HEX }, { .key = "Pid", .form = FDINFO_DECIMAL },
                { .key = "settime flags", .form = FDINFO_OCTAL }, { .key = "ticks", .form = FDINFO_UNSIGNED },
        };
        struct text value;
        uint64_t ns, other;
        size_t n;

        fdinfo_read(info, keys, 4);
        /* What is there as a number is there as a text. */
        for (unsigned i = 0; i < 4; i++)
                check(!keys[i].there || (fdinfo_text(info, keys[i].key, &value) && value.len > 0));
        if (fdinfo_text(info, "it_value", &value)) {
                check(lies_in(value, info));
                if (fdinfo_span(value, &ns) == 0)
                        check(value.len >= strlen("(0,0)"));
        }
        fdinfo_fanotify(info, &ns, &other);
        if (fdinfo_count_below(info, "PollList", &n))
                check(n <= info.len);
}

static void check_handle(bool has, struct text handle, struct text info)
{
        check(!has || (handle.len > 0 && handle.len <= 256 && handle.len % 2 == 0 && lies_in(handle, info)));
}

/* Each call uses a line up, so that there are never more than there are bytes. */
static void check_lists(struct text info)
{
        struct fdinfo_user_file file;
        struct fdinfo_target target;
        struct fdinfo_watch watch;
        struct fdinfo_mark mark;
        struct text rest, key, value;
        size_t left = info.len + 1;
        int r;

        for (rest = info; (r = fdinfo_next_target(&rest, &target)) != 0;) {
                check(r == 1 || r == -EBADMSG);
                check(rest.len < left);
                check(r < 0 || target.fd <= INT32_MAX);
                left = rest.len;
        }
        left = info.len + 1;
        for (rest = info; (r = fdinfo_next_watch(&rest, &watch)) != 0; left = rest.len) {
                check((r == 1 || r == -EBADMSG) && rest.len < left);
                if (r > 0) {
                        check(watch.wd >= 0);
                        check_handle(watch.has_handle, watch.handle, info);
                }
        }
        left = info.len + 1;
        for (rest = info; (r = fdinfo_next_mark(&rest, &mark)) != 0; left = rest.len) {
                check((r == 1 || r == -EBADMSG) && rest.len < left);
                if (r > 0)
                        check_handle(mark.has_handle, mark.handle, info);
        }
        for (rest = fdinfo_user_files(info); fdinfo_next_user_file(&rest, &file);)
                check(lies_in(file.name, info));
        for (rest = info; fdinfo_next_line(&rest, &key, &value);)
                check(lies_in(key, info) && lies_in(value, info));
}

/* The text of /proc/PID/fdinfo/FD. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text info = { (const char *)data, size };

        check_keys(info);
        check_lists(info);
        return 0;
}
