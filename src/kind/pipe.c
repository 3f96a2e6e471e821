/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pipes without a name: pipe(2), pipe(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/claim.h"
#include "kind/kinds.h"
#include "kind/pipe-ends.h"
#include "model/limit.h"

static struct object *claim_pipe(struct claim *claim)
{
        struct object_key key = { &kind_pipe, 0, claim->entry->inode };
        struct file_facts facts;
        struct object *object;

        object = builder_indexed_object(claim->builder, key, SPACE_PIPE, key.id);
        builder_uint(claim->builder, object, FIELD_INODE, key.id);
        /* Who made it is its owner; not worth a system call for every pipe of a large machine, but for limits. */
        if (builder_want(claim->builder)->detail || builder_want(claim->builder)->limits) {
                if (walk_fd_stat(claim->walk, claim->entry, &facts) == 0)
                        builder_uint(claim->builder, object, FIELD_OWNER, facts.uid);
                else
                        builder_unknown(claim->builder, object, FIELD_OWNER);
        }
        return object;
}

static const uint16_t fields[] = {
        FIELD_INODE, FIELD_OWNER, FIELD_STATE, FIELD_READERS, FIELD_WRITERS, FIELD_CAPACITY_BYTES, FIELD_QUEUED_BYTES,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_READERS, FIELD_WRITERS, FIELD_STATE, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_READERS, FIELD_WRITERS, FIELD_QUEUED_BYTES };

enum { PAGES_USUAL = 16 };              /* of a new pipe (PIPE_DEF_BUFFERS) */

static const struct kind_charge charges[] = {
        { .limit = LIMIT_PIPE_USER_PAGES_SOFT, .how = CHARGE_PAGES, .field = FIELD_CAPACITY_BYTES,
          .otherwise = PAGES_USUAL },
        { .limit = LIMIT_PIPE_USER_PAGES_HARD, .how = CHARGE_PAGES, .field = FIELD_CAPACITY_BYTES,
          .otherwise = PAGES_USUAL },
};

const struct kind kind_pipe = {
        .name = "pipe",
        .title = N_("Pipe"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_INODE,
        .family = FAMILY_PIPE,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .unlisted = true,
        .claims = CLAIM_PIPE,
        .claim = claim_pipe,
        .wake = WAKE_SIDE,
        .conclude = pipe_ends_conclude,
};
