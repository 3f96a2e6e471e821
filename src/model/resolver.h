/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_RESOLVER_H
#define MODEL_RESOLVER_H

/*
 * Many references at once: reference_resolve() looks at a whole kind for a key
 * or the inode of a file, which for thousands of them would be quadratic. Here
 * they are indexed once, when the first of them is asked for.
 */
#include "model/reference.h"

struct resolver {
        const struct snapshot *snapshot;
        struct map first;               /* kind and number -> the first object with it */
        const struct object **next;     /* of each object: the next of the same number; NULL: no index yet */
        size_t guess;                   /* where the next one may be found */
};

void resolver_init(struct resolver *resolver, const struct snapshot *snapshot);
void resolver_done(struct resolver *resolver);

/* The same objects as reference_resolve() finds, in the same order. */
size_t resolver_find(struct resolver *resolver, const struct reference *reference,
                     void (*found)(const struct object *object, void *data), void *data);

#endif
