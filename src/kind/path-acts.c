/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/path-acts.h"

#include "base/i18n.h"

#include <errno.h>
#include <sys/stat.h>

int path_look(const struct host *host, struct text path, uint32_t type, struct file_facts *ret)
{
        struct buf whole = { 0 };
        struct file_facts facts;
        int r = -ENOENT;

        if (path.len > 0 && path.data[0] == '/' && !memchr(path.data, 0, path.len)) {
                buf_add(&whole, path);
                r = host_stat(host, -1, whole.data, whole.data, false, &facts);
        }
        buf_done(&whole);
        if (r == 0 && (facts.mode & S_IFMT) != type)
                r = -ENOENT;
        if (r == 0)
                *ret = facts;
        return r;
}

void path_set(const struct host *host, struct builder *builder, struct object *object, struct text name)
{
        struct buf path = { 0 };
        struct named named;

        builder_text(builder, object, FIELD_NAME, name);
        if (!host_live(host) || named_open(host, NULL, name, NAMED_FOLLOW, &named) < 0)
                return;
        /* Found before by another name, the way to that one must not stay. */
        if (named_path(&named, &path) == 0 &&
            (!text_equal(buf_text(&path), name) || row_get(object_row(object), FIELD_PATH)))
                builder_text(builder, object, FIELD_PATH, buf_text(&path));
        named_close(&named);
        buf_done(&path);
}

int path_open(const struct host *host, const struct object *object, struct named *ret)
{
        const struct value *path = row_get(object_row(object), FIELD_PATH);

        if (!path || path->type != VALUE_TEXT)
                path = row_get(object_row(object), FIELD_NAME);
        if (!path || path->type != VALUE_TEXT)
                return -ENOENT;
        return named_open(host, NULL, value_text(path), NAMED_STRICT, ret);
}

int path_make(struct making *making, uint32_t type)
{
        struct gift gift = making_gift(making);
        struct named named;
        int r = named_open(making->host, NULL, making_name(making), NAMED_FOLLOW, &named);

        if (r == -ENOENT)
                making->failed = N_("its directory is not there");
        if (r < 0)
                return r;
        r = named_make_node(&named, type, &gift);
        named_close(&named);
        if (r == 0)
                making_done(making);
        return r;
}
