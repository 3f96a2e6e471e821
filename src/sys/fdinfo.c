/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/fdinfo.h"

#include "base/array.h"
#include "base/number.h"

#include <errno.h>
#include <fcntl.h>

#define NS_PER_SECOND UINT64_C(1000000000)

static bool is_blank(char byte)
{
        return byte == ' ' || byte == '\t';
}

static struct text trim(struct text text)
{
        while (text.len > 0 && is_blank(text.data[0]))
                text = text_from(text, 1);
        while (text.len > 0 && is_blank(text.data[text.len - 1]))
                text.len--;
        return text;
}

static bool cut_line(struct text line, struct text *ret_key, struct text *ret_value)
{
        const char *colon = line.len > 0 ? memchr(line.data, ':', line.len) : NULL;

        if (!colon)
                return false;
        *ret_key = (struct text){ line.data, (size_t)(colon - line.data) };
        *ret_value = trim(text_from(line, ret_key->len + 1));
        return true;
}

bool fdinfo_next_line(struct text *rest, struct text *ret_key, struct text *ret_value)
{
        struct text line;

        while (text_split(rest, '\n', &line))
                if (cut_line(line, ret_key, ret_value))
                        return true;
        return false;
}

static int parse_hex(struct text text, uint64_t max, uint64_t *ret)
{
        return number_parse_base(text_starts(text, TEXT("0x")) ? text_from(text, 2) : text, 16, max, ret);
}

static bool parse_form(struct text value, struct fdinfo_key *key)
{
        switch (key->form) {
        case FDINFO_DECIMAL:
                return number_parse_int(value, INT64_MIN, INT64_MAX, &key->number) == 0;
        case FDINFO_UNSIGNED:
                return number_parse(value, UINT64_MAX, &key->bits) == 0;
        case FDINFO_OCTAL:
                return number_parse_base(value, 8, UINT64_MAX, &key->bits) == 0;
        case FDINFO_HEX:
                return parse_hex(value, UINT64_MAX, &key->bits) == 0;
        }
        return false;
}

void fdinfo_read(struct text info, struct fdinfo_key *keys, unsigned n)
{
        unsigned left = n;
        uint64_t seen = 0;
        struct text name, value;

        for (unsigned i = 0; i < n; i++)
                keys[i].there = false;
        while (left > 0 && fdinfo_next_line(&info, &name, &value))
                for (unsigned i = 0; i < n && i < 64; i++) {
                        if (seen >> i & 1 || !text_equal(name, text_of(keys[i].key)))
                                continue;
                        keys[i].there = parse_form(value, &keys[i]);
                        seen |= UINT64_C(1) << i;
                        left--;
                        break;
                }
}

bool fdinfo_text(struct text info, const char *key, struct text *ret)
{
        struct text name, value;

        while (fdinfo_next_line(&info, &name, &value))
                if (text_equal(name, text_of(key))) {
                        *ret = value;
                        return true;
                }
        return false;
}

uint64_t fdinfo_dev(uint64_t sdev)
{
        return (sdev >> 20) << 32 | (sdev & 0xfffff);
}

/* A member of a line of many pairs: "ino:61", or with blanks behind the colon. */
struct member {
        const char *name;
        enum fdinfo_form form;          /* FDINFO_UNSIGNED or FDINFO_HEX */
        uint64_t max;
        bool there;
        uint64_t value;
        struct text text;               /* as it was written */
};

static bool next_pair(struct text *rest, struct text *ret_name, struct text *ret_value)
{
        const char *colon;

        *rest = trim(*rest);
        colon = rest->len > 0 ? memchr(rest->data, ':', rest->len) : NULL;
        if (!colon)
                return false;
        *ret_name = (struct text){ rest->data, (size_t)(colon - rest->data) };
        *rest = text_from(*rest, ret_name->len + 1);
        if (!text_word(rest, ret_value))
                *ret_value = text_from(*rest, rest->len);
        return true;
}

/* False when a member is there that is no number, or too large. */
static bool read_members(struct text line, struct member *members, unsigned n)
{
        struct text name, value;

        while (next_pair(&line, &name, &value))
                for (unsigned i = 0; i < n; i++) {
                        struct member *member = &members[i];
                        int r;

                        if (member->there || !text_equal(name, text_of(member->name)))
                                continue;
                        r = member->form == FDINFO_HEX ? parse_hex(value, member->max, &member->value)
                                                       : number_parse(value, member->max, &member->value);
                        if (r < 0)
                                return false;
                        member->there = true;
                        member->text = value;
                        break;
                }
        return true;
}

/* The next line that begins so; *ret is what follows. */
static bool next_line_of(struct text *rest, struct text prefix, struct text *ret)
{
        struct text line;

        while (text_split(rest, '\n', &line))
                if (text_starts(line, prefix)) {
                        *ret = text_from(line, prefix.len);
                        return true;
                }
        return false;
}

int fdinfo_next_target(struct text *rest, struct fdinfo_target *ret)
{
        enum { EVENTS, DATA, INODE, DEV, MEMBERS };
        struct member members[MEMBERS] = {
                [EVENTS] = { .name = "events", .form = FDINFO_HEX, .max = UINT32_MAX },
                [DATA] = { .name = "data", .form = FDINFO_HEX, .max = UINT64_MAX },
                [INODE] = { .name = "ino", .form = FDINFO_HEX, .max = UINT64_MAX },
                [DEV] = { .name = "sdev", .form = FDINFO_HEX, .max = UINT32_MAX },
        };
        struct text line, word;
        uint64_t fd;

        if (!next_line_of(rest, TEXT("tfd:"), &line))
                return 0;
        if (!text_word(&line, &word) || number_parse(word, INT32_MAX, &fd) < 0 ||
            !read_members(line, members, MEMBERS) || !members[EVENTS].there || !members[DATA].there)
                return -EBADMSG;
        *ret = (struct fdinfo_target){
                .fd = (uint32_t)fd,
                .events = (uint32_t)members[EVENTS].value,
                .data = members[DATA].value,
                .has_file = members[INODE].there && members[DEV].there,
        };
        if (ret->has_file) {
                ret->inode = members[INODE].value;
                ret->dev = fdinfo_dev(members[DEV].value);
        }
        return 1;
}

enum handle_member { HANDLE_BYTES, HANDLE_TYPE, HANDLE, HANDLE_MEMBERS };

/* Handles are of 128 bytes at most: too long for a number, so their digits are not read as one. */
static void read_handle(struct text line, bool *ret_there, uint32_t *ret_type, struct text *ret_handle)
{
        struct text name, value, digits = { "", 0 };
        uint64_t bytes = 0, type = 0;
        unsigned seen = 0;

        while (next_pair(&line, &name, &value)) {
                if (text_equal(name, TEXT("fhandle-bytes")) && parse_hex(value, 128, &bytes) == 0)
                        seen |= 1u << HANDLE_BYTES;
                else if (text_equal(name, TEXT("fhandle-type")) && parse_hex(value, UINT32_MAX, &type) == 0)
                        seen |= 1u << HANDLE_TYPE;
                else if (text_equal(name, TEXT("f_handle"))) {
                        digits = value;
                        seen |= 1u << HANDLE;
                }
        }
        *ret_there = seen == (1u << HANDLE_MEMBERS) - 1 && bytes > 0 && digits.len == 2 * bytes;
        if (*ret_there) {
                *ret_type = (uint32_t)type;
                *ret_handle = digits;
        }
}

int fdinfo_next_watch(struct text *rest, struct fdinfo_watch *ret)
{
        enum { WD, INODE, DEV, MASK, MEMBERS };
        struct member members[MEMBERS] = {
                [WD] = { .name = "wd", .form = FDINFO_HEX, .max = INT32_MAX },
                [INODE] = { .name = "ino", .form = FDINFO_HEX, .max = UINT64_MAX },
                [DEV] = { .name = "sdev", .form = FDINFO_HEX, .max = UINT32_MAX },
                [MASK] = { .name = "mask", .form = FDINFO_HEX, .max = UINT32_MAX },
        };
        struct text line;

        if (!next_line_of(rest, TEXT("inotify "), &line))
                return 0;
        if (!read_members(line, members, MEMBERS))
                return -EBADMSG;
        for (unsigned i = 0; i < MEMBERS; i++)
                if (!members[i].there)
                        return -EBADMSG;
        *ret = (struct fdinfo_watch){
                .wd = (int32_t)members[WD].value,
                .mask = (uint32_t)members[MASK].value,
                .inode = members[INODE].value,
                .dev = fdinfo_dev(members[DEV].value),
        };
        read_handle(line, &ret->has_handle, &ret->handle_type, &ret->handle);
        return 1;
}

bool fdinfo_fanotify(struct text info, uint64_t *ret_flags, uint64_t *ret_event_flags)
{
        struct member members[] = {
                { .name = "flags", .form = FDINFO_HEX, .max = UINT32_MAX },
                { .name = "event-flags", .form = FDINFO_HEX, .max = UINT32_MAX },
        };
        struct text line;

        while (next_line_of(&info, TEXT("fanotify "), &line)) {
                if (!text_starts(line, TEXT("flags:")))
                        continue;
                if (!read_members(line, members, COUNT(members)) || !members[0].there || !members[1].there)
                        return false;
                *ret_flags = members[0].value;
                *ret_event_flags = members[1].value;
                return true;
        }
        return false;
}

/* Told apart by what the mark is attached to: whatever is named first is more than a file system. */
static bool read_mark_place(const struct member *inode, const struct member *dev, const struct member *mount,
                            const struct member *ns, struct fdinfo_mark *ret)
{
        if (inode->there && dev->there) {
                ret->type = MARK_INODE;
                ret->inode = inode->value;
                ret->dev = fdinfo_dev(dev->value);
        } else if (mount->there) {
                ret->type = MARK_MOUNT;
                ret->mount = mount->value;
        } else if (ns->there) {
                ret->type = MARK_MOUNT_NAMESPACE;
                ret->ns = ns->value;
        } else if (dev->there) {
                ret->type = MARK_FILE_SYSTEM;
                ret->dev = fdinfo_dev(dev->value);
        } else
                return false;
        return true;
}

int fdinfo_next_mark(struct text *rest, struct fdinfo_mark *ret)
{
        enum { INODE, DEV, MOUNT, NS, FLAGS, MASK, IGNORED, MEMBERS };
        struct member members[MEMBERS] = {
                [INODE] = { .name = "ino", .form = FDINFO_HEX, .max = UINT64_MAX },
                [DEV] = { .name = "sdev", .form = FDINFO_HEX, .max = UINT32_MAX },
                [MOUNT] = { .name = "mnt_id", .form = FDINFO_HEX, .max = UINT64_MAX },
                [NS] = { .name = "mnt_ns", .form = FDINFO_UNSIGNED, .max = UINT32_MAX },
                [FLAGS] = { .name = "mflags", .form = FDINFO_HEX, .max = UINT32_MAX },
                [MASK] = { .name = "mask", .form = FDINFO_HEX, .max = UINT64_MAX },
                [IGNORED] = { .name = "ignored_mask", .form = FDINFO_HEX, .max = UINT64_MAX },
        };
        struct fdinfo_mark mark = { 0 };
        struct text line;

        do
                if (!next_line_of(rest, TEXT("fanotify "), &line))
                        return 0;
        while (text_starts(line, TEXT("flags:")));

        if (!read_members(line, members, MEMBERS) || !members[MASK].there ||
            !read_mark_place(&members[INODE], &members[DEV], &members[MOUNT], &members[NS], &mark))
                return -EBADMSG;
        mark.flags = members[FLAGS].value;
        mark.mask = members[MASK].value;
        mark.ignored = members[IGNORED].value;
        read_handle(line, &mark.has_handle, &mark.handle_type, &mark.handle);
        *ret = mark;
        return 1;
}

int fdinfo_cloexec(struct text info)
{
        struct fdinfo_key flags = { .key = "flags", .form = FDINFO_OCTAL };

        fdinfo_read(info, &flags, 1);
        return flags.there ? (flags.bits & O_CLOEXEC) != 0 : -EBADMSG;
}

int fdinfo_span(struct text value, uint64_t *ret_ns)
{
        uint64_t seconds, ns;
        struct text first;

        value = trim(value);
        if (!text_starts(value, TEXT("(")) || !text_ends(value, TEXT(")")))
                return -EBADMSG;
        value = (struct text){ value.data + 1, value.len - 2 };
        if (!text_split(&value, ',', &first) ||
            number_parse(trim(first), UINT64_MAX, &seconds) < 0 ||
            number_parse(trim(value), NS_PER_SECOND - 1, &ns) < 0)
                return -EBADMSG;
        if (seconds > (UINT64_MAX - ns) / NS_PER_SECOND)
                return -ERANGE;
        *ret_ns = seconds * NS_PER_SECOND + ns;
        return 0;
}

bool fdinfo_count_below(struct text info, const char *key, size_t *ret)
{
        struct text name, value, line;
        size_t n = 0;

        do
                if (!fdinfo_next_line(&info, &name, &value))
                        return false;
        while (!text_equal(name, text_of(key)));
        while (text_split(&info, '\n', &line) && line.len > 0 && is_blank(line.data[0]))
                n++;
        *ret = n;
        return true;
}

struct text fdinfo_user_files(struct text info)
{
        struct text line;

        if (!next_line_of(&info, TEXT("UserFiles:"), &line))
                return (struct text){ "", 0 };
        return info;
}

bool fdinfo_next_user_file(struct text *rest, struct fdinfo_user_file *ret)
{
        struct text line, name, value;
        uint64_t slot;

        if (!text_split(rest, '\n', &line) || line.len == 0 || !is_blank(line.data[0]) ||
            !cut_line(line, &name, &value) || number_parse(trim(name), UINT32_MAX, &slot) < 0)
                return false;
        *ret = (struct fdinfo_user_file){ (uint32_t)slot, value };
        return true;
}
