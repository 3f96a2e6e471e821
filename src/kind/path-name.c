/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/path-name.h"

/* Is it still that file which the process finds at this path? */
static bool leads_there(struct claim *claim, struct text path, const struct file_facts *facts)
{
        struct file_facts found;

        return walk_path_stat(claim->walk, path, &found) == 0 && found.inode == facts->inode &&
               found.dev == facts->dev;
}

static bool is_name(struct claim *claim, struct text path, const struct file_facts *facts)
{
        bool ambiguous = text_ends(path, TEXT(" (deleted)"));

        if (facts && facts->nlink == 0)
                return false;
        /* Either a name ends so, or the file lives on under another one. */
        return !ambiguous || (facts && leads_there(claim, path, facts));
}

void path_name_set(struct claim *claim, struct object *object, const struct file_facts *facts)
{
        struct builder *builder = claim->builder;
        struct text path = claim->entry->link;
        struct buf exact = { 0 };
        uint64_t own = builder_origin(builder)->mnt_ns;

        if (claim->entry->type == ENTRY_MAP && path.len > 0 && memchr(path.data, '\\', path.len) &&
            walk_map_link(claim->walk, claim->entry, &exact) == 0)
                path = buf_text(&exact);
        builder_text(builder, object, is_name(claim, path, facts) ? FIELD_NAME : FIELD_PATH, path);
        builder_state(builder, object, facts && facts->nlink == 0 ? WORD_BIT(STATE_UNLINKED) : 0, false);
        process_read_namespace(walk_process_dir(claim->walk), "mnt", &object->ns);
        object->foreign = object->ns && own && object->ns != own;
        buf_done(&exact);
}
