/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/snapshot.h"

#include <stdlib.h>

enum { NS_PER_SECOND = 1000000000 };

void snapshot_free(struct snapshot *snapshot)
{
        if (!snapshot)
                return;
        map_done(&snapshot->user_names);
        map_done(&snapshot->group_names);
        arena_done(&snapshot->arena);
        free(snapshot);
}

bool snapshot_complete(const struct snapshot *snapshot)
{
        return snapshot->ngaps == 0;
}

static bool name_of(const struct map *names, uint32_t id, struct text *ret)
{
        const struct text *name = map_get(names, id, 0);

        if (!name)
                return false;
        *ret = *name;
        return true;
}

bool snapshot_user_name(const struct snapshot *snapshot, uid_t uid, struct text *ret)
{
        return name_of(&snapshot->user_names, uid, ret);
}

bool snapshot_group_name(const struct snapshot *snapshot, gid_t gid, struct text *ret)
{
        return name_of(&snapshot->group_names, gid, ret);
}

static bool id_of(const struct map *names, struct text name, uint32_t *ret)
{
        size_t at = 0;
        uint64_t id;
        void *value;

        while (map_next(names, &at, &id, &value))
                if (text_equal(*(const struct text *)value, name)) {
                        *ret = (uint32_t)id;
                        return true;
                }
        return false;
}

bool snapshot_user_id(const struct snapshot *snapshot, struct text name, uid_t *ret)
{
        return id_of(&snapshot->user_names, name, ret);
}

bool snapshot_group_id(const struct snapshot *snapshot, struct text name, gid_t *ret)
{
        return id_of(&snapshot->group_names, name, ret);
}

void snapshot_forget_users(struct snapshot *snapshot)
{
        snapshot->want.holders = snapshot->want.waiters = snapshot->want.processes = false;
        snapshot->nholds = 0;
        for (size_t i = 0; i < snapshot->nobjects; i++) {
                struct object *object = &snapshot->objects[i];

                object->nholds = object->npeers = object->nwaits = 0;
        }
        for (size_t i = 0; i < snapshot->nprocesses; i++)
                snapshot->processes[i].nholds = snapshot->processes[i].nwaits = 0;
}

const struct process *snapshot_process(const struct snapshot *snapshot, pid_t pid)
{
        size_t low = 0, high = snapshot->nprocesses;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (snapshot->processes[middle].pid < pid)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < snapshot->nprocesses && snapshot->processes[low].pid == pid ? &snapshot->processes[low] : NULL;
}

static struct value text_value(uint16_t field, struct text text)
{
        return (struct value){ .field = field, .type = VALUE_TEXT, .len = (uint32_t)text.len, .data = text.data };
}

/* From creation where the kernel keeps it, else from the last change: then it is a lower bound. */
static bool age_value(const struct snapshot *snapshot, const struct object *object, struct value *ret)
{
        const struct value *moment = NULL;
        bool created = false;

        for (unsigned i = 0; i < object->nvalues && !created; i++) {
                const struct value *value = &object->values[i];

                created = value->field == FIELD_CREATED_AT && value_is_set(value);
                if (created || value->field == FIELD_CHANGED_AT)
                        moment = value;
        }
        if (!moment)
                return false;
        *ret = (struct value){ .field = FIELD_AGE_SECONDS, .type = VALUE_UNKNOWN };
        if (value_is_set(moment)) {
                uint64_t now = (uint64_t)snapshot->origin.time;

                ret->type = VALUE_UINT;
                ret->inferred = !created;
                ret->u = now > moment->u ? (now - moment->u) / NS_PER_SECOND : 0;
        }
        return true;
}

bool snapshot_value(const struct snapshot *snapshot, const struct object *object, uint16_t field, struct value *ret)
{
        size_t hint = 0;

        return snapshot_value_at(snapshot, object, field, &hint, ret);
}

bool snapshot_value_at(const struct snapshot *snapshot, const struct object *object, uint16_t field, size_t *hint,
                       struct value *ret)
{
        const struct value *stored;

        switch (field) {
        case FIELD_REF:
                *ret = text_value(field, object->ref);
                return true;
        case FIELD_KIND:
                *ret = text_value(field, text_of(object->key.kind->name));
                return true;
        case FIELD_NAMESPACE:
                *ret = (struct value){ .field = field, .type = object->ns ? VALUE_UINT : VALUE_UNKNOWN,
                                       .u = object->ns };
                return object->key.kind->scope != NAMESPACE_NONE;
        case FIELD_AGE_SECONDS:
                return age_value(snapshot, object, ret);
        }
        stored = row_get_at(object_row(object), field, hint);
        if (!stored)
                return false;
        *ret = *stored;
        return true;
}
