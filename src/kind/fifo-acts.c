/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done to FIFOs, as names; never to what is in the pipe. */
#include "base/array.h"
#include "kind/path-acts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct file_acts file = { .type = S_IFIFO, .inode = FIELD_INODE, .open = path_open };

static int remove_fifo(struct act *act)
{
        return file_acts_remove(act, &file);
}

static int set(struct act *act, const struct assignment *assignments, unsigned n)
{
        return file_acts_set(act, &file, assignments, n);
}

/* Its attributes are all there is: bytes in the pipe belong to those who have it open. */
static int save(struct act *act, struct copy_writer *copy)
{
        int fd = file_acts_open(act, &file, O_PATH, NULL);

        (void)copy;
        if (fd < 0)
                return fd;
        close(fd);
        return 0;
}

static int make(struct making *making)
{
        return path_make(making, S_IFIFO);
}

/* Whoever reads or writes changes the times: they tell of use. */
static const uint16_t identity[] = { FIELD_DEV, FIELD_INODE, FIELD_OWNER, FIELD_CREATED_AT };
static const uint16_t counters[] = { FIELD_CHANGED_AT };
static const uint16_t settable[] = { FILE_SETTABLE };
static const uint16_t makeable[] = { FIELD_MODE, FIELD_OWNER, FIELD_GROUP };
static const uint16_t needed[] = { FIELD_NAME };

const struct acts fifo_acts = {
        .identity = identity, .nidentity = COUNT(identity), .grain = 1,
        .counters = counters, .ncounters = COUNT(counters),
        .settable = settable, .nsettable = COUNT(settable),
        .makeable = makeable, .nmakeable = COUNT(makeable),
        .needed = needed, .nneeded = COUNT(needed),
        .remove = remove_fifo,
        .save = save,
        .make = make,
        .set = set,
};
