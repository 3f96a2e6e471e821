/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be done to semaphore sets. Their contents are the file "values" of a
 * copy: one decimal number a line, from semaphore 0 on. Adjustments that
 * processes would undo at their end (SEM_UNDO) belong to them, and are not in it.
 */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/number.h"
#include "kind/sysv-acts.h"
#include "sys/copy.h"
#include "sys/sysv-contents.h"

#include <errno.h>
#include <stdlib.h>

#define VALUES_FILE "values"

enum {
        COUNT_MOST = UINT16_MAX,        /* more than any kernel allows for a set (SEMMSL) */
        VALUE_MOST = 32767,             /* SEMVMX */
        LINE_MOST = 6,
};

static int write_values(struct copy_writer *copy, const uint16_t *values, unsigned count)
{
        struct buf text = { 0 };
        int r = copy_file(copy, VALUES_FILE);

        for (unsigned i = 0; i < count; i++) {
                buf_uint(&text, values[i]);
                buf_byte(&text, '\n');
        }
        if (r == 0)
                r = copy_write(copy, text.data, text.len);
        buf_done(&text);
        return r;
}

/* The kernel tells all values of one moment, so only the set itself can change. */
static int save(struct act *act, struct copy_writer *copy)
{
        struct sysv_facts before, after;
        uint16_t *values;
        unsigned count;
        int r = sysv_act_look(act, true, &before);

        if (r < 0)
                return r;
        if (before.sem.count == 0 || before.sem.count > COUNT_MOST)
                return -EFBIG;
        count = (unsigned)before.sem.count;
        values = memory_new(count * sizeof(*values));
        r = sysv_get_values(act->host, before.id, count, values);
        /* A fault: a larger set has that id now. */
        if (r == 0 || r == -EFAULT) {
                int changed = sysv_act_look(act, false, &after);

                r = changed < 0 ? changed : r;
        }
        if (r == 0)
                r = write_values(copy, values, count);
        if (r == 0 && act->progress)
                act->progress(act->progress_data, count * sizeof(*values), count * sizeof(*values));
        free(values);
        return r;
}

/* Exactly so many lines. */
static int parse_values(struct text rest, unsigned count, uint16_t *values)
{
        struct text line;
        unsigned n = 0;
        uint64_t value;

        if (rest.len == 0 || rest.data[rest.len - 1] != '\n')
                return -EBADMSG;
        while (text_split(&rest, '\n', &line)) {
                if (n == count || number_parse(line, VALUE_MOST, &value) < 0)
                        return -EBADMSG;
                values[n++] = (uint16_t)value;
        }
        return n == count ? 0 : -EBADMSG;
}

static int saved_values(struct making *making, unsigned count, uint16_t *values)
{
        struct buf text = { 0 };
        int r = copy_read_file(making->copy, VALUES_FILE, (size_t)count * LINE_MOST, &text);

        if (r == -EFBIG)
                r = -EBADMSG;
        if (r == 0)
                r = parse_values(buf_text(&text), count, values);
        if (r < 0)
                making->failed = N_("reading the saved values");
        buf_done(&text);
        return r;
}

static int same_value(struct making *making, unsigned count, uint16_t *values)
{
        uint64_t value = sysv_wanted(making, FIELD_VALUE, 0);

        if (value > VALUE_MOST) {
                making->failed = N_("reading the value of its semaphores: at most 32767");
                return -ERANGE;
        }
        for (unsigned i = 0; i < count; i++)
                values[i] = (uint16_t)value;
        return 0;
}

static int fill(struct making *making, const struct sysv_facts *made)
{
        unsigned count = (unsigned)made->sem.count;
        uint16_t *values = memory_new(count * sizeof(*values));
        int r = making->copy ? saved_values(making, count, values) : same_value(making, count, values);

        if (r == 0) {
                r = sysv_set_values(making->host, made->id, count, values);
                if (r < 0)
                        making->failed = N_("setting its values");
        }
        free(values);
        return r;
}

static int make(struct making *making)
{
        struct sysv_making sysv = { .type = SYSV_SEM, .size = sysv_wanted(making, FIELD_SEMAPHORE_COUNT, 0) };

        if (sysv.size == 0 || sysv.size > COUNT_MOST) {
                making->failed = N_("reading how many semaphores it has");
                return -EINVAL;
        }
        return sysv_act_make(making, &sysv, making->copy || sysv_wanted(making, FIELD_VALUE, 0) ? fill : NULL);
}

static const uint16_t identity[] = {
        FIELD_ID, FIELD_KEY, FIELD_CREATOR, FIELD_CREATOR_GROUP, FIELD_SEMAPHORE_COUNT, FIELD_CHANGED_AT,
};
static const uint16_t counters[] = { FIELD_OPERATED_AT, FIELD_WAITING };
static const uint16_t settable[] = { FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_VALUE };
static const uint16_t makeable[] = { FIELD_KEY, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_VALUE };
static const uint16_t needed[] = { FIELD_SEMAPHORE_COUNT };

const struct acts sem_acts = {
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
