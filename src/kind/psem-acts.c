/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done to POSIX named semaphores. */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/psem-layout.h"
#include "kind/shmdir-acts.h"
#include "sys/copy.h"

#include <errno.h>
#include <semaphore.h>

/* The saved bytes; nobody waits for the semaphore any more. What another library made comes back as it was. */
static int from_copy(struct making *making, struct unborn *file)
{
        struct buf bytes = { 0 };
        struct psem_reading reading;
        int r = copy_read_file(making->copy, SHMDIR_DATA, PSEM_SIZE_MOST, &bytes);

        if (r == -ENOENT || (r == 0 && bytes.len != PSEM_SIZE_64 && bytes.len != PSEM_SIZE_32))
                r = -EBADMSG;
        if (r == 0 && psem_read(bytes.data, bytes.len, &reading))
                psem_write(bytes.data, bytes.len, reading.value);
        if (r == 0)
                r = unborn_write(file, 0, bytes.data, bytes.len);
        if (r == -EBADMSG || r == -EFBIG)
                making->failed = N_("the saved contents have not the size of a semaphore");
        buf_done(&bytes);
        return r;
}

static int fresh(struct making *making, struct unborn *file)
{
        char bytes[sizeof(sem_t)];
        uint64_t value = 0;

        making_uint(making, FIELD_VALUE, &value);
        if (value > INT32_MAX) {
                making->failed = N_("a semaphore's value is 2147483647 at most");
                return -EINVAL;
        }
        psem_write(bytes, sizeof(bytes), (uint32_t)value);
        return unborn_write(file, 0, bytes, sizeof(bytes));
}

/* Like sem_open(3): the file is complete when it gets its name. */
static int make(struct making *making)
{
        struct named named;
        struct unborn file;
        int r = shmdir_make_begin(making, &kind_psem, &named, &file);

        if (r < 0)
                return r;
        return shmdir_make_end(making, &named, &file, (making->copy ? from_copy : fresh)(making, &file));
}

static const uint16_t identity[] = { FIELD_DEV, FIELD_INODE, FIELD_OWNER, FIELD_CREATED_AT, FIELD_CHANGED_AT };
static const uint16_t counters[] = { FIELD_VALUE, FIELD_WAITING };
static const uint16_t settable[] = { FILE_SETTABLE };
static const uint16_t makeable[] = { FIELD_VALUE, FIELD_MODE, FIELD_OWNER, FIELD_GROUP };
static const uint16_t needed[] = { FIELD_NAME };

const struct acts psem_acts = {
        .identity = identity, .nidentity = COUNT(identity), .grain = 1,
        .counters = counters, .ncounters = COUNT(counters),
        .settable = settable, .nsettable = COUNT(settable),
        .makeable = makeable, .nmakeable = COUNT(makeable),
        .needed = needed, .nneeded = COUNT(needed),
        .remove = shmdir_remove,
        .save = shmdir_save,
        .make = make,
        .set = shmdir_set,
};
