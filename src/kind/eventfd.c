/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event counters: eventfd(2). The kernel numbers them (eventfd-id, Linux 5.2). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"

#include <errno.h>

/*
 * Its counter is the same for all who have it. What was read of it by another one is perhaps older than what is
 * read now.
 */
static struct object *claim_eventfd(struct claim *claim)
{
        enum { ID, COUNTER, SEMAPHORE };
        struct fdinfo_key keys[] = {
                [ID] = { .key = "eventfd-id", .form = FDINFO_DECIMAL },
                [COUNTER] = { .key = "eventfd-count", .form = FDINFO_HEX },
                [SEMAPHORE] = { .key = "eventfd-semaphore", .form = FDINFO_UNSIGNED },
        };
        bool told = walk_info_tell(claim->walk, claim->info), new;
        struct text info = told ? buf_text(claim->info) : anonfile_info(claim, &kind_eventfd);
        struct object *object;

        if (info.len == 0)
                return NULL;
        fdinfo_read(info, keys, COUNT(keys));
        if (!keys[ID].there || keys[ID].number < 0) {
                builder_gap(claim->builder, &kind_eventfd, "/proc/PID/fdinfo/*", ENODATA,
                            N_("this kernel does not number them"));
                return NULL;
        }
        if (!told)
                walk_info_lasts(claim->walk, keys[ID].bits, info);
        object = builder_object(claim->builder, (struct object_key){ &kind_eventfd, 0, keys[ID].bits }, &new);
        if (new) {
                builder_uint(claim->builder, object, FIELD_ID, keys[ID].bits);
                builder_state(claim->builder, object, 0, false);
        }
        if (new || !told)
                anonfile_set(claim, object, FIELD_COUNTER, &keys[COUNTER]);
        if (!new)
                return object;
        if (keys[SEMAPHORE].there)
                builder_uint(claim->builder, object, FIELD_SEMAPHORE, keys[SEMAPHORE].bits != 0);
        else
                builder_unknown(claim->builder, object, FIELD_SEMAPHORE);
        return object;
}

static const uint16_t fields[] = {
        FIELD_ID, FIELD_STATE, FIELD_COUNTER, FIELD_SEMAPHORE,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_COUNTER, FIELD_SEMAPHORE, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_COUNTER };

const struct kind kind_eventfd = {
        .name = "eventfd",
        .title = N_("Event counter (eventfd)"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_ID,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .anon = "anon_inode:[eventfd]",
        .claim = claim_eventfd,
        .wake = WAKE_HOLDER,
};
