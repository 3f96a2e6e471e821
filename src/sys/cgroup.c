/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/process.h"

#include "base/array.h"

enum { UNIT_MOST = 255, ID_DIGITS = 64, ID_SHOWN = 12 };

/* Systemd names are plain; anything else behind the name of a dead group isn't part of it. */
static struct text without_deleted(struct text path)
{
        if (text_ends(path, TEXT(" (deleted)")))
                path.len -= strlen(" (deleted)");
        return path;
}

/* Cuts the last segment off *path. */
static bool last_segment(struct text *path, struct text *ret)
{
        size_t end = path->len, begin;

        while (end > 0 && path->data[end - 1] == '/')
                end--;
        begin = end;
        while (begin > 0 && path->data[begin - 1] != '/')
                begin--;
        *ret = (struct text){ path->data + begin, end - begin };
        path->len = begin;
        return ret->len > 0;
}

static bool is_unit_name(struct text segment)
{
        for (size_t i = 0; i < segment.len; i++) {
                char c = segment.data[i];

                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      memchr(":-_.\\@", c, 6)))
                        return false;
        }
        return segment.len <= UNIT_MOST;
}

static bool has_suffix(struct text segment, struct text suffix)
{
        return segment.len > suffix.len && text_ends(segment, suffix);
}

bool cgroup_unit(struct text path, struct text *ret)
{
        struct text segment, slice = { 0 };

        path = without_deleted(path);
        while (last_segment(&path, &segment)) {
                /* An underscore keeps a group's name apart from the kernel's own files. */
                if (segment.data[0] == '_')
                        segment = text_from(segment, 1);
                if (!is_unit_name(segment))
                        continue;
                if (has_suffix(segment, TEXT(".service")) || has_suffix(segment, TEXT(".scope")) ||
                    has_suffix(segment, TEXT(".socket")) || has_suffix(segment, TEXT(".mount")) ||
                    has_suffix(segment, TEXT(".swap"))) {
                        *ret = segment;
                        return true;
                }
                if (!slice.data && has_suffix(segment, TEXT(".slice")))
                        slice = segment;
        }
        if (slice.data)
                *ret = slice;
        return slice.data;
}

static int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_id(struct text text)
{
        if (text.len != ID_DIGITS)
                return false;
        for (size_t i = 0; i < text.len; i++)
                if (hex_digit(text.data[i]) < 0)
                        return false;
        return true;
}

/* Does the path lie in the groups of the pods of kubernetes? */
static bool is_below_pods(struct text path)
{
        struct text segment;

        while (last_segment(&path, &segment))
                if (text_equal(segment, TEXT("kubepods")) || text_equal(segment, TEXT("kubepods.slice")))
                        return true;
        return false;
}

/*
 * PREFIX-ID.scope under systemd; PREFIX-ID, or docker/ID and kubepods/.../ID,
 * under a plain cgroup manager. above: the path that the segment lies in.
 */
static bool add_id(struct text segment, struct text above, struct text parent, struct buf *out)
{
        static const struct text prefixes[] = {
                { "docker-", 7 }, { "libpod-", 7 }, { "crio-", 5 }, { "cri-containerd-", 15 },
                { "nerdctl-", 8 },
        };
        bool prefixed = false;

        for (size_t i = 0; i < COUNT(prefixes); i++)
                if (text_starts(segment, prefixes[i])) {
                        segment = text_from(segment, prefixes[i].len);
                        if (has_suffix(segment, TEXT(".scope")))
                                segment.len -= strlen(".scope");
                        prefixed = true;
                        break;
                }
        if (!is_id(segment) || !(prefixed || text_equal(parent, TEXT("docker")) || is_below_pods(above)))
                return false;
        buf_add(out, (struct text){ segment.data, ID_SHOWN });
        return true;
}

/* Undoes systemd.unit(5) escaping: \xHH, and - for /. */
static void add_unescaped(struct text name, struct buf *out)
{
        for (size_t i = 0; i < name.len; i++) {
                char c = name.data[i];

                if (c == '-') {
                        c = '/';
                } else if (c == '\\' && name.len - i >= 4 && name.data[i + 1] == 'x') {
                        int high = hex_digit(name.data[i + 2]), low = hex_digit(name.data[i + 3]);

                        if (high >= 0 && low >= 0) {
                                c = (char)(high << 4 | low);
                                i += 3;
                        }
                }
                buf_byte(out, c);
        }
}

/* Cuts prefix and suffix off; false when the segment is another, or nothing is left. */
static bool inner(struct text segment, struct text prefix, struct text suffix, struct text *ret)
{
        if (segment.len <= prefix.len + suffix.len || !text_starts(segment, prefix) ||
            !text_ends(segment, suffix))
                return false;
        *ret = (struct text){ segment.data + prefix.len, segment.len - prefix.len - suffix.len };
        return true;
}

static bool add_machine(struct text segment, struct text child, struct buf *out)
{
        struct text name;

        /* systemd-nspawn itself stands beside what runs in the container. */
        if (text_equal(child, TEXT("supervisor")))
                return false;
        if (!inner(segment, TEXT("machine-"), TEXT(".scope"), &name) &&
            !inner(segment, TEXT("systemd-nspawn@"), TEXT(".service"), &name))
                return false;
        add_unescaped(name, out);
        return true;
}

bool cgroup_container(struct text path, struct buf *out)
{
        struct text segment, child = { "", 0 }, parent, name;

        /* From the innermost outwards: a container in a container is the inner one. */
        path = without_deleted(path);
        while (last_segment(&path, &segment)) {
                struct text above = path;

                if (!last_segment(&above, &parent))
                        parent = (struct text){ "", 0 };
                if (add_id(segment, path, parent, out) || add_machine(segment, child, out))
                        return true;
                if (text_equal(parent, TEXT("lxc")))
                        name = segment;
                else if (!inner(segment, TEXT("lxc.payload."), TEXT(""), &name))
                        name = (struct text){ "", 0 };
                if (name.len > 0) {
                        buf_add(out, name);
                        return true;
                }
                child = segment;
        }
        return false;
}
