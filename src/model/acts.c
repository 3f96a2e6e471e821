/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/acts.h"

#include "base/array.h"
#include "model/reference.h"

#include <errno.h>

/* The kernel takes times for objects from a clock that moves with its ticks: it is late by one of them. */
enum { TICK_MOST = 10000000 };

static bool same(const struct value *a, const struct value *b)
{
        if (a->type != b->type)
                return false;
        if (a->type == VALUE_TEXT)
                return text_equal(value_text(a), value_text(b));
        return a->u == b->u;
}

static bool agrees(struct act *act, const struct value *before, struct value now, bool counter)
{
        bool known = before && before->type != VALUE_UNKNOWN;

        if (known ? same(before, &now) : counter)
                return true;
        act->changed.field = now.field;
        act->changed.before = before ? *before : (struct value){ .field = now.field, .type = VALUE_UNKNOWN };
        act->changed.now = now;
        return false;
}

bool act_agrees(struct act *act, struct value now, bool counter)
{
        return agrees(act, object_get(act->object, now.field), now, counter);
}

/* before: what was seen, by field. */
static int check(struct act *act, const struct value *const *before, struct row now, const uint16_t *fields,
                 unsigned n, bool counters)
{
        size_t next = 0;

        for (unsigned i = 0; i < n; i++, next++) {
                /* Whoever looked again did so in this order. */
                const struct value *value = row_get_at(now, fields[i], &next);
                struct value missing = { .field = fields[i], .type = VALUE_UNKNOWN };

                if (!agrees(act, before[fields[i]], value ? *value : missing, counters))
                        return -ESTALE;
        }
        return 0;
}

int act_check(struct act *act, struct row now)
{
        const struct acts *acts = act->object->key.kind->acts;
        const struct value *before[FIELD_COUNT] = { NULL };
        int r;

        for (unsigned i = 0; i < act->object->nvalues; i++)
                before[act->object->values[i].field] = &act->object->values[i];
        r = check(act, before, now, acts->identity, acts->nidentity, false);
        if (r == 0 && !act->force)
                r = check(act, before, now, acts->counters, acts->ncounters, true);
        return r;
}

bool act_settled(const struct object *object, int64_t time)
{
        const struct acts *acts = object->key.kind->acts;

        for (unsigned i = 0; acts->grain && i < acts->nidentity; i++) {
                const struct value *value;

                if (field_get(acts->identity[i])->unit != UNIT_TIME)
                        continue;
                value = object_get(object, acts->identity[i]);
                if (!value || value->type != VALUE_UINT)
                        continue;
                if (time < TICK_MOST || (uint64_t)time - TICK_MOST < acts->grain ||
                    value->u > (uint64_t)time - TICK_MOST - acts->grain)
                        return false;
        }
        return true;
}

bool acts_settable(const struct acts *acts, uint16_t field)
{
        for (unsigned i = 0; acts && acts->set && i < acts->nsettable; i++)
                if (acts->settable[i] == field)
                        return true;
        return false;
}

void making_reference(const struct kind *kind, const struct making *making, struct buf *out)
{
        struct value values[COUNT(making->made)];
        struct object object = { .key.kind = kind, .values = values, .nvalues = making->nmade };
        const struct value *id = row_get((struct row){ making->made, making->nmade }, FIELD_ID);

        memcpy(values, making->made, making->nmade * sizeof(*values));
        if (id)
                object.key.id = id->u;
        reference_print(&object, out);
}
