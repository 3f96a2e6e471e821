/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POSIX shared memory: shm_open(3), shm_overview(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/shmdir-acts.h"
#include "kind/shmdir.h"
#include "model/limit.h"

void pshm_fill(struct builder *builder, struct object *object, const struct shmdir_file *file)
{
        builder_uint(builder, object, FIELD_SIZE_BYTES, file->facts->size);
        builder_uint(builder, object, FIELD_ALLOCATED_BYTES, file->facts->allocated);
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_PATH, FIELD_INODE, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_SIZE_BYTES, FIELD_ALLOCATED_BYTES, FIELD_LINKED, FIELD_LINKS,
        FIELD_CREATED_AT, FIELD_CHANGED_AT, FIELD_MODIFIED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_SIZE_BYTES, FIELD_ALLOCATED_BYTES, FIELD_OWNER, FIELD_MODE, FIELD_STATE,
        FIELD_AGE_SECONDS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_ALLOCATED_BYTES };

static const struct kind_charge charges[] = {
        { .limit = LIMIT_DEVSHM_BYTES, .how = CHARGE_FIELD, .field = FIELD_ALLOCATED_BYTES },
        { .limit = LIMIT_DEVSHM_INODES, .how = CHARGE_ONE },
};

const struct kind kind_pshm = {
        .name = "pshm",
        .title = N_("POSIX shared memory"),
        .scope = NAMESPACE_MNT,
        .address = ADDRESS_NAME,
        .family = FAMILY_POSIX,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .consequence = N_("its name goes; who has it mapped goes on with it, who opens it later finds nothing"),
        .acts = &pshm_acts,
        .claims = CLAIM_PATH_FD | CLAIM_PATH_MAP,
        .scan = shmdir_scan,
        .wake = WAKE_HOLDER,
        .claim = shmdir_claim,
        .conclude = shmdir_conclude,
};
