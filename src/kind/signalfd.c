/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals taken by reading: signalfd(2). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"

static struct object *claim_signalfd(struct claim *claim)
{
        struct fdinfo_key mask = { .key = "sigmask", .form = FDINFO_HEX };
        bool new;
        struct object *object = anonfile_object(claim, &kind_signalfd, 0, &new);

        if (!object || !new)
                return object;
        fdinfo_read(anonfile_info(claim, &kind_signalfd), &mask, 1);
        /* Bit 0 is signal 1, as the words have it. */
        anonfile_set(claim, object, FIELD_SIGNALS, &mask);
        return object;
}

static const uint16_t fields[] = {
        FIELD_STATE, FIELD_SIGNALS,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_SIGNALS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_SIGNALS };

const struct kind kind_signalfd = {
        .name = "signalfd",
        .title = N_("Signals by descriptor (signalfd)"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_FD,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .anon = "anon_inode:[signalfd]",
        .claim = claim_signalfd,
};
