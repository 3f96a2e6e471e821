/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done to POSIX message queues. Names are those of an IPC namespace, see sys/mqueue-acts.h. */
#include "kind/mq-acts.h"

#include "base/array.h"
#include "sys/mqueue-acts.h"
#include "sys/mqueue.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* "/jobs" */
static bool queue_name(const struct object *object, struct text *ret)
{
        const struct value *name = row_get(object_row(object), FIELD_NAME);

        if (!name || name->type != VALUE_TEXT || name->len < 2)
                return false;
        *ret = value_text(name);
        return true;
}

/* -EXDEV: there is no directory to reach it by. */
static int open_queue(const struct host *host, const struct object *object, struct named *ret)
{
        struct text name;
        int dir;

        if (!queue_name(object, &name))
                return -ENOENT;
        dir = mqueue_directory(host, object->key.scope);
        if (dir < 0)
                return dir == -ENOENT ? -EXDEV : dir;
        return named_at(dir, text_from(name, 1), ret);
}

static unsigned count_messages(const struct act *act, const struct named *named, struct value *ret)
{
        struct mqueue_facts facts = { 0 };
        bool known = mqueue_read(act->host, named->dir, named->base.data, &facts) == 0;

        ret[0] = (struct value){ .field = FIELD_QUEUED_MESSAGES, .type = known ? VALUE_UINT : VALUE_UNKNOWN };
        ret[1] = (struct value){ .field = FIELD_QUEUED_BYTES, .type = known ? VALUE_UINT : VALUE_UNKNOWN };
        if (known) {
                ret[0].u = facts.queued_messages;
                ret[1].u = facts.queued_bytes;
        }
        return 2;
}

const struct file_acts mq_file = {
        .type = S_IFREG, .inode = FIELD_INODE, .open = open_queue, .counters = count_messages, .restless = true,
};

/*
 * Nothing is mounted for us, and we may not: then the name is all there is.
 * It goes to the queues of our own namespace, and so does the look before.
 */
static int remove_by_name(struct act *act)
{
        struct text name;
        struct buf path = { 0 };
        int queue, r;

        if (!queue_name(act->object, &name))
                return -ENOENT;
        buf_add(&path, name);
        queue = mqueue_open(path.data);
        r = queue < 0 ? queue : file_acts_check(act, &mq_file, queue);
        if (r == 0)
                r = mqueue_unlink(path.data);
        if (queue >= 0)
                close(queue);
        buf_done(&path);
        return r;
}

static int remove_queue(struct act *act)
{
        int r = file_acts_remove(act, &mq_file);

        return r == -EXDEV ? remove_by_name(act) : r;
}

static int set(struct act *act, const struct assignment *assignments, unsigned n)
{
        return file_acts_set(act, &mq_file, assignments, n);
}

/* Times tell nothing: reading a queue changes them. Inodes are not used again before 2^32 others were. */
static const uint16_t identity[] = { FIELD_DEV, FIELD_INODE, FIELD_OWNER };
static const uint16_t counters[] = { FIELD_QUEUED_MESSAGES, FIELD_QUEUED_BYTES };
static const uint16_t settable[] = { FILE_SETTABLE };
static const uint16_t makeable[] = { FIELD_MAX_MESSAGES, FIELD_MAX_MESSAGE_BYTES, FIELD_MODE, FIELD_OWNER,
                                     FIELD_GROUP };
static const uint16_t needed[] = { FIELD_NAME };

const struct acts mq_acts = {
        .identity = identity, .nidentity = COUNT(identity),
        .counters = counters, .ncounters = COUNT(counters),
        .settable = settable, .nsettable = COUNT(settable),
        .makeable = makeable, .nmakeable = COUNT(makeable),
        .needed = needed, .nneeded = COUNT(needed),
        .remove = remove_queue,
        .save = queue_save,
        .drains = true,
        .make = queue_make,
        .set = set,
};
