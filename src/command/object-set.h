/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_OBJECT_SET_H
#define COMMAND_OBJECT_SET_H

/* Objects in the order in which they came, each once. { 0 } is empty. */
#include "model/snapshot.h"

struct object_set {
        const struct object **objects;
        size_t n, room;
        bool *seen;                     /* of the snapshot's objects, by number; NULL: none yet */
};

/* Adds an object of the snapshot, always the same one, unless it is in already. */
void object_set_add(struct object_set *set, const struct snapshot *snapshot, const struct object *object);

/* The same for a caller who knows that it is not: every object of a snapshot, once. Not mixed with the other. */
void object_set_append(struct object_set *set, const struct object *object);

void object_set_done(struct object_set *set);

#endif
