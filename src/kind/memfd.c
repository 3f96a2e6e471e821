/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory with a descriptor and without a place: memfd_create(2). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/claim.h"
#include "kind/kinds.h"
#include "sys/memfd.h"

#include <errno.h>
#include <sys/stat.h>

enum {
        LOOKS_MOST = 8,                 /* holders that are asked before we give up */
};

#define PREFIX  TEXT("/memfd:")
#define SUFFIX  TEXT(" (deleted)")

static bool is_link(struct text link)
{
        return text_starts(link, PREFIX) && text_ends(link, SUFFIX) && link.len >= PREFIX.len + SUFFIX.len;
}

/*
 * It lies in an internal mount, and was never linked anywhere. A file of such
 * a name that was removed from the root directory looks the same, but lies on
 * the device of that directory.
 */
static bool is_memfd(struct claim *claim)
{
        const struct entry *entry = claim->entry;
        struct file_facts root;

        if (!is_link(entry->link) || entry->dev >> 32 != 0)
                return false;
        if (claim->facts && (!S_ISREG(claim->facts->mode) || claim->facts->nlink > 0))
                return false;
        return walk_path_stat(claim->walk, TEXT("/"), &root) < 0 || root.dev != entry->dev;
}

static void set_name(struct claim *claim, struct object *object)
{
        struct text link = claim->entry->link;
        struct buf exact = { 0 };

        if (claim->entry->type == ENTRY_MAP && memchr(link.data, '\\', link.len) &&
            walk_map_link(claim->walk, claim->entry, &exact) == 0 && is_link(buf_text(&exact)))
                link = buf_text(&exact);
        link = text_from(link, PREFIX.len);
        link.len -= SUFFIX.len;
        builder_text(claim->builder, object, FIELD_NAME, link);
        buf_done(&exact);
}

static void set_facts(struct builder *builder, struct object *object, const struct file_facts *facts)
{
        builder_uint(builder, object, FIELD_OWNER, facts->uid);
        builder_uint(builder, object, FIELD_GROUP, facts->gid);
        builder_uint(builder, object, FIELD_MODE, facts->mode & 07777);
        builder_uint(builder, object, FIELD_SIZE_BYTES, facts->size);
        builder_uint(builder, object, FIELD_ALLOCATED_BYTES, facts->allocated);
        builder_uint(builder, object, FIELD_CHANGED_AT, (uint64_t)facts->ctime);
        builder_uint(builder, object, FIELD_MODIFIED_AT, (uint64_t)facts->mtime);
}

static void unknown_facts(struct builder *builder, struct object *object)
{
        static const uint16_t hidden[] = { FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_SIZE_BYTES,
                                           FIELD_ALLOCATED_BYTES, FIELD_CHANGED_AT, FIELD_MODIFIED_AT };

        for (unsigned i = 0; i < COUNT(hidden); i++)
                builder_unknown(builder, object, hidden[i]);
}

static bool is_described(const struct object *object)
{
        const struct value *size = row_get(object_row(object), FIELD_SIZE_BYTES);

        return size && size->type != VALUE_UNKNOWN;
}

/*
 * Not in the index of devices and inodes: System V segments share the device,
 * and their inodes are ids that memfds may have, too.
 */
static struct object *claim_memfd(struct claim *claim)
{
        struct object_key key = { &kind_memfd, claim->entry->dev, claim->entry->inode };
        struct file_facts facts;
        struct object *object;

        if (!is_link(claim->entry->link))
                return NULL;
        object = builder_find(claim->builder, key);
        if (!object && !is_memfd(claim))
                return NULL;
        if (!object) {
                object = builder_object(claim->builder, key, NULL);
                builder_uint(claim->builder, object, FIELD_INODE, key.id);
                builder_uint(claim->builder, object, FIELD_DEV, key.scope);
                builder_state(claim->builder, object, 0, false);
                set_name(claim, object);
                unknown_facts(claim->builder, object);
        }
        /* Without the right to ask about a mapping, a descriptor may still come by. */
        if (!is_described(object)) {
                if (claim->facts)
                        set_facts(claim->builder, object, claim->facts);
                else if (walk_map_stat(claim->walk, claim->entry, &facts) == 0)
                        set_facts(claim->builder, object, &facts);
        }
        return object;
}

static void conclude(struct builder *builder, struct object *object)
{
        const struct hold *hold = NULL;
        unsigned seals;
        int err = -EOPNOTSUPP;

        if (!builder_want(builder)->detail)
                return;
        for (unsigned i = 0; i < LOOKS_MOST && !builder_origin(builder)->recorded && err < 0; i++) {
                hold = builder_next_hold(object, hold);
                if (!hold)
                        break;
                if (hold->way == WAY_FD)
                        err = memfd_seals(hold->process->pid, hold->tid, hold->fd, object->key.scope, object->key.id,
                                          &seals);
        }
        if (err == 0)
                builder_uint(builder, object, FIELD_SEALS, seals & (WORD_BIT(seal_word_count) - 1));
        else
                builder_unknown(builder, object, FIELD_SEALS);
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_INODE, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE, FIELD_SIZE_BYTES,
        FIELD_ALLOCATED_BYTES, FIELD_SEALS, FIELD_CHANGED_AT, FIELD_MODIFIED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_NAME, FIELD_SIZE_BYTES, FIELD_ALLOCATED_BYTES, FIELD_OWNER, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_NAME, FIELD_ALLOCATED_BYTES };

const struct kind kind_memfd = {
        .name = "memfd",
        .title = N_("Memory of a descriptor (memfd)"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_INODE,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_PATH_FD | CLAIM_PATH_MAP,
        .claim = claim_memfd,
        .wake = WAKE_HOLDER,
        .conclude = conclude,
};
