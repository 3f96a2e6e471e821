/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/object-set.h"

#include "base/memory.h"

#include <stdlib.h>

void object_set_append(struct object_set *set, const struct object *object)
{
        if (set->n == set->room) {
                set->room = set->room ? set->room * 2 : 64;
                set->objects = memory_resize(set->objects, set->room, sizeof(*set->objects));
        }
        set->objects[set->n++] = object;
}

void object_set_add(struct object_set *set, const struct snapshot *snapshot, const struct object *object)
{
        size_t number = (size_t)(object - snapshot->objects);

        if (!set->seen)
                set->seen = memory_new(snapshot->nobjects);
        if (set->seen[number])
                return;
        set->seen[number] = true;
        object_set_append(set, object);
}

void object_set_done(struct object_set *set)
{
        free(set->objects);
        free(set->seen);
        *set = (struct object_set){ 0 };
}
