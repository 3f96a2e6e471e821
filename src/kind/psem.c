/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POSIX named semaphores: sem_open(3), sem_overview(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/psem-layout.h"
#include "kind/shmdir-acts.h"
#include "kind/shmdir.h"
#include "model/limit.h"
#include "sys/peek.h"

#include <errno.h>

/* 0; -ENODATA: another library's semaphore, or none at all; or another -errno. */
static int read_sem(const struct shmdir_file *file, struct psem_reading *ret)
{
        char bytes[PSEM_SIZE_MOST];
        ssize_t n = (file->magic ? peek_link : peek_file)(file->dir, file->name, bytes, sizeof(bytes));

        if (n < 0)
                return (int)n;
        return psem_read(bytes, (size_t)n, ret) ? 0 : -ENODATA;
}

void psem_fill(struct builder *builder, struct object *object, const struct shmdir_file *file)
{
        struct psem_reading reading = { 0 };
        int err = file->dir < 0 ? -EACCES : read_sem(file, &reading);

        if (err == 0) {
                builder_uint(builder, object, FIELD_VALUE, reading.value);
                builder_uint(builder, object, FIELD_WAITING, reading.waiting);
                if (reading.waiting)
                        builder_state(builder, object, WORD_BIT(STATE_WAITERS), false);
                return;
        }
        builder_unknown(builder, object, FIELD_VALUE);
        builder_unknown(builder, object, FIELD_WAITING);
        if (err != -ENOENT && err != -ESRCH)
                builder_gap(builder, &kind_psem, SHMDIR "/sem.*", -err,
                            err == -ENODATA ? N_("its contents are no semaphore of glibc") : NULL);
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_PATH, FIELD_INODE, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_VALUE, FIELD_WAITING, FIELD_LINKED, FIELD_LINKS, FIELD_CREATED_AT, FIELD_CHANGED_AT, FIELD_MODIFIED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_VALUE, FIELD_WAITING, FIELD_OWNER, FIELD_MODE, FIELD_STATE, FIELD_AGE_SECONDS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_VALUE, FIELD_WAITING };

static const struct kind_charge charges[] = {
        { .limit = LIMIT_DEVSHM_INODES, .how = CHARGE_ONE },
};

const struct kind kind_psem = {
        .name = "psem",
        .title = N_("POSIX named semaphore"),
        .scope = NAMESPACE_MNT,
        .address = ADDRESS_NAME,
        .family = FAMILY_POSIX,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .consequence = N_("its name goes; who has it mapped goes on with it, who opens it later finds nothing"),
        .acts = &psem_acts,
        .claims = CLAIM_PATH_FD | CLAIM_PATH_MAP,
        .scan = shmdir_scan,
        .wake = WAKE_HOLDER,
        .claim = shmdir_claim,
        .conclude = shmdir_conclude,
};
