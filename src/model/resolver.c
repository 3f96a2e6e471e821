/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/resolver.h"

#include "base/memory.h"

#include <stdlib.h>

void resolver_init(struct resolver *resolver, const struct snapshot *snapshot)
{
        *resolver = (struct resolver){ .snapshot = snapshot };
}

void resolver_done(struct resolver *resolver)
{
        map_done(&resolver->first);
        free(resolver->next);
}

/* Keys and inodes of one kind don't mix: a kind has keys, or names and inodes. */
static void index_number(struct resolver *resolver, const struct object *object, uint64_t number)
{
        size_t at = (size_t)(object - resolver->snapshot->objects);
        void **place = map_place(&resolver->first, object->kind_order, number);

        resolver->next[at] = *place;
        *place = (void *)object;
}

/* From the end, so that the chains run forwards. */
static void make_index(struct resolver *resolver)
{
        const struct snapshot *snapshot = resolver->snapshot;

        resolver->next = memory_new((snapshot->nobjects + 1) * sizeof(*resolver->next));
        for (size_t i = snapshot->nobjects; i-- > 0;) {
                const struct object *object = &snapshot->objects[i];
                const struct value *key = row_get(object_row(object), FIELD_KEY);

                if (kind_named(object->key.kind))
                        index_number(resolver, object, object->key.id);
                else if (key && key->type == VALUE_UINT)
                        index_number(resolver, object, key->u);
        }
}

static unsigned order_of(const struct snapshot *snapshot, const struct kind *kind)
{
        unsigned order = 0;

        while (order < snapshot->kinds->nkinds && snapshot->kinds->kinds[order] != kind)
                order++;
        return order;
}

size_t resolver_find(struct resolver *resolver, const struct reference *reference,
                     void (*found)(const struct object *object, void *data), void *data)
{
        const struct snapshot *snapshot = resolver->snapshot;
        const struct object *object;
        size_t n = 0;

        if (reference->by != REFERENCE_KEY && !(reference->by == REFERENCE_INODE && kind_named(reference->kind)))
                return reference_resolve_near(snapshot, reference, &resolver->guess, found, data);
        if (!resolver->next)
                make_index(resolver);
        object = map_get(&resolver->first, order_of(snapshot, reference->kind), reference->number);
        for (; object; object = resolver->next[object - snapshot->objects])
                if (reference_means(reference, object)) {
                        found(object, data);
                        n++;
                }
        return n;
}
