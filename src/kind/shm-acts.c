/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done to segments. Their contents are the file "memory" of a copy, of the segment's size. */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "kind/sysv-acts.h"
#include "sys/copy.h"
#include "sys/sysv-memory.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define MEMORY_FILE "memory"

enum {
        STEP = 32 << 20,                /* bytes between two tellings of progress, of a file */
        BUFFER = 256 << 10,
};

static void tell(const struct act *act, uint64_t done, uint64_t all)
{
        if (act->progress)
                act->progress(act->progress_data, done, all);
}

/* --- saving ------------------------------------------------------------------ */

static int save_from_file(struct act *act, struct copy_writer *copy, int fd, uint64_t size)
{
        int r = 0;

        for (uint64_t at = 0; r == 0 && at < size; at += STEP) {
                uint64_t left = size - at;

                r = copy_from(copy, fd, at, left < STEP ? left : STEP);
                tell(act, left < STEP ? size : at + STEP, size);
        }
        return r;
}

static int save_from_memory(struct act *act, struct copy_writer *copy, struct sysv_memory *memory, uint64_t size)
{
        char *buffer = memory_new(BUFFER);
        uint64_t at = 0;
        int r = 0;

        while (r == 0 && at < size) {
                uint64_t start, end;

                sysv_memory_next(memory, at, &start, &end);
                r = copy_hole(copy, start - at);
                tell(act, start, size);
                for (at = start; r == 0 && at < end;) {
                        size_t len = end - at < BUFFER ? (size_t)(end - at) : BUFFER;

                        r = sysv_memory_read(memory, at, buffer, len);
                        if (r == -EFAULT) {
                                act->reason = N_("a page of it can't be read: it was never written, "
                                                 "and there is none to spare");
                                r = -ENOMEM;
                        }
                        if (r == 0)
                                r = copy_write(copy, buffer, len);
                        at += len;
                        tell(act, at, size);
                }
        }
        free(buffer);
        return r;
}

static int disturbed(struct act *act)
{
        act->reason = N_("it is in use: somebody attached or detached while it was copied");
        return -EAGAIN;
}

/* Did anybody else attach, detach, or change it while we were attached? */
static bool undisturbed(const struct sysv_facts *first, const struct sysv_facts *last)
{
        return first->key == last->key && first->changed == last->changed &&
               first->shm.attached == last->shm.attached && first->shm.last_pid == last->shm.last_pid &&
               first->shm.attached_at == last->shm.attached_at && first->shm.detached_at == last->shm.detached_at;
}

/* What is attached may have taken the place of what was seen just before that. We count among its users. */
static int check_attached(struct act *act, const struct sysv_facts *before, const struct sysv_facts *attached)
{
        struct sysv_facts without_us = *attached;

        without_us.shm.attached--;
        if (attached->shm.last_pid != getpid() && !act->force)
                return disturbed(act);
        without_us.shm.last_pid = before->shm.last_pid;
        without_us.shm.attached_at = before->shm.attached_at;
        without_us.shm.detached_at = before->shm.detached_at;
        return sysv_act_compare(act, true, &without_us);
}

static int save_attached(struct act *act, struct copy_writer *copy, struct sysv_memory *memory,
                         const struct sysv_facts *attached, bool *ret_removed)
{
        uint64_t size = attached->shm.size;
        int fd = sysv_memory_descriptor(memory), r = copy_file(copy, MEMORY_FILE);
        struct sysv_facts now;

        if (r == 0)
                r = fd >= 0 ? save_from_file(act, copy, fd, size) : save_from_memory(act, copy, memory, size);
        if (r == 0)
                r = sysv_stat(act->host, SYSV_SHM, attached->id, &now);
        if (r < 0)
                return r;
        *ret_removed = now.shm.dest;
        if (now.shm.dest && !attached->shm.dest)
                return -ENOENT;
        return act->force || undisturbed(attached, &now) ? 0 : disturbed(act);
}

/*
 * The copy is of one moment as far as the kernel tells: nobody came, nobody
 * went. Those who were attached before may write all the time, and nobody
 * could know.
 */
static int save(struct act *act, struct copy_writer *copy)
{
        struct sysv_facts before, attached, after;
        struct sysv_memory *memory;
        bool removed = false;
        int r = sysv_act_look(act, true, &before);

        if (r == 0)
                r = sysv_memory_open(act->host, before.id, false, &memory, &attached);
        if (r < 0)
                return r;
        r = check_attached(act, &before, &attached);
        if (r == 0)
                r = save_attached(act, copy, memory, &attached, &removed);
        sysv_memory_close(memory);
        if (r < 0)
                return r;
        r = sysv_act_look(act, false, &after);
        /* A segment that was removed before goes with its last attach, which may have been ours. */
        return r == -ENOENT && removed ? 0 : r;
}

/* --- making ------------------------------------------------------------------ */

static int write_run(void *data, uint64_t at, const void *bytes, size_t len)
{
        return sysv_memory_write(data, at, bytes, len);
}

static int fill_memory(struct making *making, const struct sysv_facts *made)
{
        struct sysv_memory *memory;
        struct sysv_facts attached;
        uint64_t size;
        int r = copy_descriptor(making->copy, MEMORY_FILE, &size);

        if (r >= 0 && size != made->shm.size)
                r = -EBADMSG;
        if (r < 0) {
                making->failed = N_("looking at the saved contents");
                return r;
        }
        r = sysv_memory_open(making->host, made->id, true, &memory, &attached);
        if (r == 0) {
                /* Attached: what somebody has put in its place would be another's. */
                r = attached.creator == made->creator && attached.shm.creator_pid == made->shm.creator_pid
                    ? copy_data(making->copy, MEMORY_FILE, write_run, memory) : -ESTALE;
                sysv_memory_close(memory);
        }
        /* The kernel found no page for it. */
        if (r == -EFAULT)
                r = -ENOMEM;
        if (r < 0)
                making->failed = N_("writing its contents");
        return r;
}

static int fill(struct making *making, const struct sysv_facts *made)
{
        int r = making->copy ? fill_memory(making, made) : 0;

        if (r == 0 && sysv_wanted(making, FIELD_STATE, 0) & WORD_BIT(STATE_LOCKED)) {
                r = sysv_lock(making->host, made->id, true);
                if (r < 0)
                        making->failed = N_("locking it in memory");
        }
        return r;
}

static int make(struct making *making)
{
        uint64_t states = sysv_wanted(making, FIELD_STATE, 0);
        struct sysv_making sysv = {
                .type = SYSV_SHM,
                .size = sysv_wanted(making, FIELD_SIZE_BYTES, 0),
                .hugetlb = states & WORD_BIT(STATE_HUGETLB),
                .noreserve = states & WORD_BIT(STATE_NORESERVE),
        };

        return sysv_act_make(making, &sysv, making->copy || states & WORD_BIT(STATE_LOCKED) ? fill : NULL);
}

static const uint16_t identity[] = {
        FIELD_ID, FIELD_KEY, FIELD_CREATOR, FIELD_CREATOR_GROUP, FIELD_CREATOR_PID, FIELD_SIZE_BYTES, FIELD_CHANGED_AT,
};
static const uint16_t counters[] = { FIELD_ATTACHED, FIELD_LAST_PID, FIELD_ATTACHED_AT, FIELD_DETACHED_AT };
static const uint16_t settable[] = { FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE };
static const uint16_t makeable[] = { FIELD_KEY, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE };
static const uint16_t needed[] = { FIELD_SIZE_BYTES };

const struct acts shm_acts = {
        .identity = identity, .nidentity = COUNT(identity),
        .counters = counters, .ncounters = COUNT(counters),
        .grain = SYSV_GRAIN,
        .settable = settable, .nsettable = COUNT(settable),
        .makeable = makeable, .nmakeable = COUNT(makeable),
        .needed = needed, .nneeded = COUNT(needed),
        .remove = sysv_act_remove,
        .concurrent = true,
        .save = save,
        .make = make,
        .set = sysv_act_set,
};
