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

void object_set_add(struct object_set *set, const struct object *object)
{
        void **place = map_place(&set->seen, (uintptr_t)object, 0);

        if (*place)
                return;
        *place = set;
        object_set_append(set, object);
}

void object_set_done(struct object_set *set)
{
        free(set->objects);
        map_done(&set->seen);
        *set = (struct object_set){ 0 };
}
