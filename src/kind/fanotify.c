/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches on files, mounts and file systems: fanotify(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"
#include "sys/handle.h"
#include <fcntl.h>

/*
 * Numbers of linux/fanotify.h, by value: what this is built with may be older
 * than what it runs on. Of the flags of fanotify_init(2), 4 and 8 are a class.
 */
static const struct bit_word init_flags[] = {
        { 0x0001, FANOTIFY_CLOEXEC },
        { 0x0002, FANOTIFY_NONBLOCK },
        { 0x0004, FANOTIFY_CLASS_CONTENT },
        { 0x0008, FANOTIFY_CLASS_PRE_CONTENT },
        { 0x0010, FANOTIFY_UNLIMITED_QUEUE },
        { 0x0020, FANOTIFY_UNLIMITED_MARKS },
        { 0x0040, FANOTIFY_ENABLE_AUDIT },
        { 0x0080, FANOTIFY_REPORT_PIDFD },
        { 0x0100, FANOTIFY_REPORT_TID },
        { 0x0200, FANOTIFY_REPORT_FID },
        { 0x0400, FANOTIFY_REPORT_DIR_FID },
        { 0x0800, FANOTIFY_REPORT_NAME },
        { 0x1000, FANOTIFY_REPORT_TARGET_FID },
        { 0x2000, FANOTIFY_REPORT_FD_ERROR },
        { 0x4000, FANOTIFY_REPORT_MNT },
};

/* O_LARGEFILE is 0 in C on 64-bit machines, not so in the kernel. O_SYNC has the bit of O_DSYNC, too. */
static const struct bit_word open_flags[] = {
        { O_SYNC & ~O_DSYNC, OPEN_FLAG_SYNC },
        { O_DSYNC,    OPEN_FLAG_DSYNC },
        { O_CLOEXEC,  OPEN_FLAG_CLOEXEC },
        { O_NONBLOCK, OPEN_FLAG_NONBLOCK },
        { O_APPEND,   OPEN_FLAG_APPEND },
        { O_NOATIME,  OPEN_FLAG_NOATIME },
#if defined(__aarch64__) || defined(__arm__) || defined(__powerpc__) || defined(__m68k__)
        { 0400000,    OPEN_FLAG_LARGEFILE },
#else
        { 0100000,    OPEN_FLAG_LARGEFILE },
#endif
};

static const struct bit_word mark_flags[] = {
        { 0x0040, MARK_FLAG_IGNORED_SURV_MODIFY },
        { 0x0200, MARK_FLAG_EVICTABLE },
        { 0x0400, MARK_FLAG_IGNORE },
};

enum { MARK_VALUES = 7 };

static void set_group(struct claim *claim, struct object *object, struct text info)
{
        struct builder *builder = claim->builder;
        uint64_t flags, event_flags, words;
        unsigned access;

        if (!fdinfo_fanotify(info, &flags, &event_flags)) {
                builder_unknown(builder, object, FIELD_FANOTIFY_FLAGS);
                builder_unknown(builder, object, FIELD_EVENT_ACCESS);
                builder_unknown(builder, object, FIELD_EVENT_FLAGS);
                return;
        }
        access = (event_flags & O_ACCMODE) == O_RDWR ? ACCESS_RW : event_flags & O_WRONLY ? ACCESS_W : ACCESS_R;
        words = anonfile_words(event_flags & ~(uint64_t)O_ACCMODE, open_flags, COUNT(open_flags), OPEN_FLAG_OTHER);
        if (words & WORD_BIT(OPEN_FLAG_SYNC))
                words &= ~WORD_BIT(OPEN_FLAG_DSYNC);
        builder_uint(builder, object, FIELD_FANOTIFY_FLAGS,
                     anonfile_words(flags, init_flags, COUNT(init_flags), FANOTIFY_OTHER));
        builder_uint(builder, object, FIELD_EVENT_ACCESS, access);
        builder_uint(builder, object, FIELD_EVENT_FLAGS, words);
}

static void add_path(struct claim *claim, struct handles *handles, struct row *row, const struct fdinfo_mark *mark)
{
        struct buf path = { 0 };

        if (mark->type == MARK_INODE && mark->has_handle &&
            handles_path(handles, mark->dev, mark->inode, mark->handle_type, mark->handle, &path) == 0)
                anonfile_add_text(claim->builder, row, FIELD_PATH, buf_text(&path));
        buf_done(&path);
}

static void fill_row(struct row *row, const struct fdinfo_mark *mark)
{
        static const unsigned types[] = {
                [MARK_INODE] = MARK_TYPE_INODE, [MARK_MOUNT] = MARK_TYPE_MOUNT,
                [MARK_FILE_SYSTEM] = MARK_TYPE_FILE_SYSTEM, [MARK_MOUNT_NAMESPACE] = MARK_TYPE_MOUNT_NAMESPACE,
        };

        anonfile_add(row, FIELD_MARK_TYPE, types[mark->type]);
        if (mark->type == MARK_INODE)
                anonfile_add(row, FIELD_INODE, mark->inode);
        if (mark->type == MARK_INODE || mark->type == MARK_FILE_SYSTEM)
                anonfile_add(row, FIELD_DEV, mark->dev);
        if (mark->type == MARK_MOUNT)
                anonfile_add(row, FIELD_MOUNT_ID, mark->mount);
        if (mark->type == MARK_MOUNT_NAMESPACE)
                anonfile_add(row, FIELD_MNT_NAMESPACE, mark->ns);
        anonfile_add(row, FIELD_MASK, anonfile_file_events(mark->mask, true));
        anonfile_add(row, FIELD_IGNORED_MASK, anonfile_file_events(mark->ignored, true));
        anonfile_add(row, FIELD_MARK_FLAGS,
                     anonfile_words(mark->flags, mark_flags, COUNT(mark_flags), MARK_FLAG_OTHER));
}

static void set_marks(struct claim *claim, struct object *object, struct text info)
{
        struct handles *handles = builder_want(claim->builder)->detail ? handles_open(claim->host) : NULL;
        struct fdinfo_mark mark;
        struct text rest = info;
        struct row *rows;
        size_t n = 0, bad = 0, i = 0;
        int r;

        while ((r = fdinfo_next_mark(&rest, &mark)) != 0) {
                n += r > 0;
                bad += r < 0;
        }
        anonfile_bad_lines(claim, &kind_fanotify, bad);
        rows = anonfile_rows(claim->builder, n, MARK_VALUES);
        while (i < n && (r = fdinfo_next_mark(&info, &mark)) != 0) {
                if (r < 0)
                        continue;
                fill_row(&rows[i], &mark);
                if (handles)
                        add_path(claim, handles, &rows[i], &mark);
                i++;
        }
        handles_close(handles);
        anonfile_set_rows(claim->builder, object, FIELD_MARKS, rows, n);
        builder_uint(claim->builder, object, FIELD_MARK_COUNT, n);
}

static struct object *claim_fanotify(struct claim *claim)
{
        bool new;
        struct object *object = anonfile_object(claim, &kind_fanotify, 0, &new);
        struct text info;

        if (!object || !new)
                return object;
        info = anonfile_info(claim, &kind_fanotify);
        set_group(claim, object, info);
        if (info.len > 0)
                set_marks(claim, object, info);
        else {
                builder_unknown(claim->builder, object, FIELD_MARK_COUNT);
                builder_unknown(claim->builder, object, FIELD_MARKS);
        }
        return object;
}

static const uint16_t fields[] = {
        FIELD_STATE, FIELD_FANOTIFY_FLAGS, FIELD_EVENT_ACCESS, FIELD_EVENT_FLAGS, FIELD_MARK_COUNT, FIELD_MARKS,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_MARK_COUNT, FIELD_FANOTIFY_FLAGS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_MARK_COUNT, FIELD_FANOTIFY_FLAGS };

const struct kind kind_fanotify = {
        .name = "fanotify",
        .title = N_("Watches on files, mounts and file systems (fanotify)"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_FD,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .anon = "anon_inode:[fanotify]",
        .claim = claim_fanotify,
};
