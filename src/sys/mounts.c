/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/mounts.h"

#include "base/memory.h"
#include "base/number.h"

#include <errno.h>
#include <stdlib.h>

enum { MOUNTINFO_MOST = 64 << 20 };

static int octal_digit(char c)
{
        return c >= '0' && c <= '7' ? c - '0' : -1;
}

/*
 * Decodes \ooo, as the kernel writes blank, tab, newline and backslash
 * (fs/proc_namespace.c, mangle()). A NUL can be in no path: false.
 */
static bool decode(struct text text, struct arena *arena, struct text *ret)
{
        char *to = arena_alloc(arena, text.len + 1);
        size_t n = 0;

        for (size_t i = 0; i < text.len; i++) {
                char c = text.data[i];

                if (c == '\\' && text.len - i >= 4) {
                        int a = octal_digit(text.data[i + 1]), b = octal_digit(text.data[i + 2]);
                        int d = octal_digit(text.data[i + 3]);

                        if (a >= 0 && a <= 3 && b >= 0 && d >= 0) {
                                c = (char)(a << 6 | b << 3 | d);
                                i += 3;
                        }
                }
                if (!c)
                        return false;
                to[n++] = c;
        }
        *ret = (struct text){ to, n };
        return true;
}

static bool parse_dev(struct text word, uint64_t *ret)
{
        uint64_t major, minor;
        struct text digits;

        if (!text_split(&word, ':', &digits) ||
            number_parse(digits, UINT32_MAX, &major) < 0 || number_parse(word, UINT32_MAX, &minor) < 0)
                return false;
        *ret = major << 32 | minor;
        return true;
}

/* ID PARENT MAJOR:MINOR ROOT PATH OPTIONS [OPTIONAL...] - TYPE SOURCE SUPER; path and type as they stand. */
static bool parse_line(struct text line, struct mount *ret)
{
        struct text id, parent, dev, root, path, options, word;
        uint64_t number;

        if (!text_word(&line, &id) || !text_word(&line, &parent) || !text_word(&line, &dev) ||
            !text_word(&line, &root) || !text_word(&line, &path) || !text_word(&line, &options) ||
            number_parse(id, UINT32_MAX, &number) < 0 || number_parse(parent, UINT32_MAX, &number) < 0 ||
            path.data[0] != '/' || !parse_dev(dev, &ret->dev))
                return false;
        do
                if (!text_word(&line, &word))
                        return false;
        while (!text_equal(word, TEXT("-")));
        ret->path = path;
        return text_word(&line, &ret->type);
}

void mounts_parse(struct text file, const char *type, struct arena *arena,
                  struct mount **ret, size_t *ret_n, unsigned *ret_bad)
{
        struct mount *list = NULL;
        size_t n = 0, size = 0;
        unsigned bad = 0;
        struct text line;
        bool cut = file.len > 0 && file.data[file.len - 1] != '\n';

        while (text_split(&file, '\n', &line)) {
                struct mount mount;

                if ((cut && file.len == 0) || !parse_line(line, &mount)) {
                        bad++;
                        continue;
                }
                if (type && !text_equal(mount.type, text_of(type)))
                        continue;
                if (!decode(mount.path, arena, &mount.path) || !decode(mount.type, arena, &mount.type)) {
                        bad++;
                        continue;
                }
                if (n == size) {
                        size = size ? size * 2 : 16;
                        list = memory_resize(list, size, sizeof(*list));
                }
                list[n++] = mount;
        }
        *ret = ARENA_ARRAY(arena, struct mount, n);
        if (n > 0)
                memcpy(*ret, list, n * sizeof(*list));
        free(list);
        *ret_n = n;
        *ret_bad = bad;
}

int mounts_read(const struct host *host, const char *type, struct arena *arena,
                struct mount **ret, size_t *ret_n, unsigned *ret_bad)
{
        struct buf file = { 0 };
        int r = host_read(host, "/proc/self/mountinfo", MOUNTINFO_MOST, &file);

        if (r == 0)
                mounts_parse(buf_text(&file), type, arena, ret, ret_n, ret_bad);
        buf_done(&file);
        return r;
}
