/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/map.h"

#include "base/memory.h"

#include <stdlib.h>

struct map_slot {
        uint64_t a, b;
        void *value;                    /* NULL: free */
};

void map_done(struct map *map)
{
        free(map->slots);
        *map = (struct map){ 0 };
}

/*
 * Multiply and fold twice: inode numbers and ids come in runs and multiples,
 * and the table takes the low bits only.
 */
static size_t mix(uint64_t a, uint64_t b)
{
        uint64_t hash = a * UINT64_C(0x9e3779b97f4a7c15);

        hash = (hash ^ (hash >> 32)) + b;
        hash *= UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 29;
        hash *= UINT64_C(0xc4ceb9fe1a85ec53);
        return (size_t)(hash ^ (hash >> 32));
}

/* The slot of the key, or the free one where it would go; there is always a free one. */
static struct map_slot *find(const struct map *map, uint64_t a, uint64_t b)
{
        size_t at = mix(a, b);

        for (;; at++) {
                struct map_slot *slot = &map->slots[at & (map->size - 1)];

                if (!slot->value || (slot->a == a && slot->b == b))
                        return slot;
        }
}

static void grow(struct map *map)
{
        struct map bigger = { .size = map->size > 0 ? map->size * 2 : 64 };

        if (bigger.size > SIZE_MAX / sizeof(*bigger.slots))
                memory_exhausted();
        bigger.slots = memory_new(bigger.size * sizeof(*bigger.slots));
        for (size_t i = 0; i < map->size; i++) {
                const struct map_slot *slot = &map->slots[i];

                if (slot->value) {
                        *find(&bigger, slot->a, slot->b) = *slot;
                        bigger.used++;
                }
        }
        free(map->slots);
        *map = bigger;
}

void *map_get(const struct map *map, uint64_t a, uint64_t b)
{
        return map->size > 0 ? find(map, a, b)->value : NULL;
}

void **map_place(struct map *map, uint64_t a, uint64_t b)
{
        struct map_slot *slot;

        /* At most seven slots of ten are taken. */
        if (map->used >= map->size / 10 * 7 + map->size % 10 * 7 / 10)
                grow(map);
        slot = find(map, a, b);
        if (!slot->value) {
                slot->a = a;
                slot->b = b;
                map->used++;
        }
        return &slot->value;
}
