/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/object-set.h"

#include "base/memory.h"

#include <stdlib.h>

void object_set_add(struct object_set *set, const struct object *object)
{
        void **place = map_place(&set->seen, (uintptr_t)object, 0);

        if (*place)
                return;
        *place = set;
        if (set->n == set->room) {
                set->room = set->room ? set->room * 2 : 64;
                set->objects = memory_resize(set->objects, set->room, sizeof(*set->objects));
        }
        set->objects[set->n++] = object;
}

void object_set_fill(struct object_set *set, const struct snapshot *snapshot)
{
        object_set_done(set);
        set->room = snapshot->nobjects;
        set->objects = memory_resize(NULL, set->room, sizeof(*set->objects));
        for (size_t i = 0; i < snapshot->nobjects; i++)
                set->objects[set->n++] = &snapshot->objects[i];
}

void object_set_done(struct object_set *set)
{
        free(set->objects);
        map_done(&set->seen);
        *set = (struct object_set){ 0 };
}
