/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/map.h"

#include "base/memory.h"

enum { EXPECT_MOST = 1 << 20 };        /* slots made before they are needed */

struct map_slot {
        uint64_t a, b;
        void *value;                    /* NULL: free */
};

void map_done(struct map *map)
{
        memory_large_free(map->slots, map->size * sizeof(*map->slots));
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

static void resize(struct map *map, size_t size)
{
        struct map bigger = { .size = size };

        if (bigger.size > SIZE_MAX / sizeof(*bigger.slots))
                memory_exhausted();
        bigger.slots = memory_large_new(bigger.size * sizeof(*bigger.slots));
        for (size_t i = 0; i < map->size; i++) {
                const struct map_slot *slot = &map->slots[i];

                if (slot->value) {
                        *find(&bigger, slot->a, slot->b) = *slot;
                        bigger.used++;
                }
        }
        memory_large_free(map->slots, map->size * sizeof(*map->slots));
        *map = bigger;
}

/* At most seven slots of ten are taken. */
static size_t room(size_t size)
{
        return size / 10 * 7 + size % 10 * 7 / 10;
}

void map_expect(struct map *map, size_t more)
{
        size_t size = map->size > 0 ? map->size : 64;

        while (room(size) < map->used + more && size < EXPECT_MOST)
                size *= 2;
        if (size > map->size)
                resize(map, size);
}

void *map_get(const struct map *map, uint64_t a, uint64_t b)
{
        return map->size > 0 ? find(map, a, b)->value : NULL;
}

void map_ahead(const struct map *map, uint64_t a, uint64_t b)
{
        if (map->size > 0)
                memory_ahead(&map->slots[mix(a, b) & (map->size - 1)]);
}

void **map_place(struct map *map, uint64_t a, uint64_t b)
{
        struct map_slot *slot;

        if (map->used >= room(map->size))
                resize(map, map->size > 0 ? map->size * 2 : 64);
        slot = find(map, a, b);
        if (!slot->value) {
                slot->a = a;
                slot->b = b;
                map->used++;
        }
        return &slot->value;
}

/*
 * A gap would hide what was put behind it because its own place was taken: such
 * keys move up, until a place is free anyway.
 */
bool map_remove(struct map *map, uint64_t a, uint64_t b)
{
        size_t mask = map->size - 1, gap, at;

        if (map->size == 0 || !find(map, a, b)->value)
                return false;
        gap = (size_t)(find(map, a, b) - map->slots);
        for (at = (gap + 1) & mask; map->slots[at].value; at = (at + 1) & mask) {
                size_t home = mix(map->slots[at].a, map->slots[at].b) & mask;

                if (((at - home) & mask) < ((at - gap) & mask))
                        continue;
                map->slots[gap] = map->slots[at];
                gap = at;
        }
        map->slots[gap].value = NULL;
        map->used--;
        return true;
}

bool map_next(const struct map *map, size_t *at, uint64_t *ret_a, void **ret_value)
{
        while (*at < map->size) {
                const struct map_slot *slot = &map->slots[(*at)++];

                if (!slot->value)
                        continue;
                *ret_a = slot->a;
                *ret_value = slot->value;
                return true;
        }
        return false;
}
