/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_OBJECT_SET_H
#define COMMAND_OBJECT_SET_H

/* Objects in the order in which they came, each once. { 0 } is empty. */
#include "model/snapshot.h"

struct object_set {
        const struct object **objects;
        size_t n, room;
        struct map seen;
};

/* Adds an object that is not in it yet. */
void object_set_add(struct object_set *set, const struct object *object);

/* Makes it hold every object of the snapshot. Nothing may be added to it then. */
void object_set_fill(struct object_set *set, const struct snapshot *snapshot);

void object_set_done(struct object_set *set);

#endif
