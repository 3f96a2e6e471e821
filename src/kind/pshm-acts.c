/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done to POSIX shared memory. */
#include "base/array.h"
#include "kind/kinds.h"
#include "kind/shmdir-acts.h"
#include "sys/copy.h"

#include <errno.h>

static int write_block(void *data, uint64_t at, const void *bytes, size_t len)
{
        return unborn_write(data, at, bytes, len);
}

/* What the copy has, holes as holes; else as many zeros as are wanted. */
static int fill(const struct making *making, struct unborn *file)
{
        uint64_t size = 0;
        int r = -ENOENT;

        if (making->copy)
                r = copy_descriptor(making->copy, SHMDIR_DATA, &size);
        if (r == -ENOENT) {
                making_uint(making, FIELD_SIZE_BYTES, &size);
                return unborn_resize(file, size);
        }
        if (r >= 0)
                r = unborn_resize(file, size);
        return r < 0 ? r : copy_data(making->copy, SHMDIR_DATA, write_block, file);
}

static int make(struct making *making)
{
        struct named named;
        struct unborn file;
        int r = shmdir_make_begin(making, &kind_pshm, &named, &file);

        return r < 0 ? r : shmdir_make_end(making, &named, &file, fill(making, &file));
}

static const uint16_t identity[] = { FIELD_DEV, FIELD_INODE, FIELD_OWNER, FIELD_CREATED_AT, FIELD_CHANGED_AT };
static const uint16_t settable[] = { FILE_SETTABLE };
static const uint16_t makeable[] = { FIELD_MODE, FIELD_OWNER, FIELD_GROUP };
static const uint16_t needed[] = { FIELD_NAME, FIELD_SIZE_BYTES };

const struct acts pshm_acts = {
        .identity = identity, .nidentity = COUNT(identity), .grain = 1,
        .settable = settable, .nsettable = COUNT(settable),
        .makeable = makeable, .nmakeable = COUNT(makeable),
        .needed = needed, .nneeded = COUNT(needed),
        .remove = shmdir_remove,
        .save = shmdir_save,
        .make = make,
        .set = shmdir_set,
};
