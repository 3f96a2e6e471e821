/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches on files: inotify(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"
#include "model/limit.h"
#include "sys/handle.h"

enum { WATCH_VALUES = 5 };

/* A path costs some system calls: only for a few objects. */
static void add_path(struct claim *claim, struct handles *handles, struct row *row, const struct fdinfo_watch *watch)
{
        struct buf path = { 0 };

        if (watch->has_handle && handles_path(handles, watch->dev, watch->inode, watch->handle_type, watch->handle,
                                              &path) == 0)
                anonfile_add_text(claim->builder, row, FIELD_PATH, buf_text(&path));
        buf_done(&path);
}

static size_t count_watches(struct claim *claim, struct text info)
{
        struct fdinfo_watch watch;
        size_t n = 0, bad = 0;
        int r;

        while ((r = fdinfo_next_watch(&info, &watch)) != 0) {
                n += r > 0;
                bad += r < 0;
        }
        anonfile_bad_lines(claim, &kind_inotify, bad);
        return n;
}

static void set_watches(struct claim *claim, struct object *object, struct text info)
{
        struct handles *handles = builder_want(claim->builder)->detail ? handles_open(claim->host) : NULL;
        size_t n = count_watches(claim, info), i = n;
        struct row *rows = anonfile_rows(claim->builder, n, WATCH_VALUES);
        struct fdinfo_watch watch;
        int r;

        /* The kernel lists the newest first. */
        while (i > 0 && (r = fdinfo_next_watch(&info, &watch)) != 0) {
                struct row *row;

                if (r < 0)
                        continue;
                row = &rows[--i];
                anonfile_add(row, FIELD_WD, (uint64_t)watch.wd);
                anonfile_add(row, FIELD_INODE, watch.inode);
                anonfile_add(row, FIELD_DEV, watch.dev);
                anonfile_add(row, FIELD_MASK, anonfile_file_events(watch.mask, false));
                if (handles)
                        add_path(claim, handles, row, &watch);
        }
        handles_close(handles);
        anonfile_set_rows(claim->builder, object, FIELD_WATCHES, rows, n);
        builder_uint(claim->builder, object, FIELD_WATCH_COUNT, n);
}

static struct object *claim_inotify(struct claim *claim)
{
        bool new;
        struct object *object = anonfile_object(claim, &kind_inotify, 0, &new);
        struct text info;

        if (!object || !new)
                return object;
        info = anonfile_info(claim, &kind_inotify);
        if (info.len > 0)
                set_watches(claim, object, info);
        else {
                builder_unknown(claim->builder, object, FIELD_WATCH_COUNT);
                builder_unknown(claim->builder, object, FIELD_WATCHES);
        }
        return object;
}

static const uint16_t fields[] = {
        FIELD_STATE, FIELD_WATCH_COUNT, FIELD_WATCHES,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_WATCH_COUNT, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_WATCH_COUNT };

static const struct kind_charge charges[] = {
        { .limit = LIMIT_INOTIFY_INSTANCES, .how = CHARGE_ONE },
        { .limit = LIMIT_INOTIFY_WATCHES, .how = CHARGE_FIELD, .field = FIELD_WATCH_COUNT },
};

const struct kind kind_inotify = {
        .name = "inotify",
        .title = N_("File watches (inotify)"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_FD,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .anon = "anon_inode:inotify",
        .claim = claim_inotify,
};
