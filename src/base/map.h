/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_MAP_H
#define BASE_MAP_H

/*
 * A hash map from a pair of 64-bit numbers (dev and inode, scope and id, pid
 * and start time) to a pointer. Open addressing; grows by doubling, so that a
 * hundred thousand insertions stay linear. Keys are mixed with a multiplier:
 * a hostile choice of inodes costs speed, not correctness.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot;

struct map {
        struct map_slot *slots;
        size_t used, size;              /* size: 0 or a power of two */
};

/* { 0 } is a valid empty map. Frees the table, not what the values point to. */
void map_done(struct map *map);

/* The value, or NULL. */
void *map_get(const struct map *map, uint64_t a, uint64_t b);

/* A hint that saves waiting for memory: the key is going to be asked for, after a few others. */
void map_ahead(const struct map *map, uint64_t a, uint64_t b);

/*
 * The place of the value for this key, NULL inside when it is new: the caller
 * stores a pointer there (never NULL) before the next call. Valid until then.
 */
void **map_place(struct map *map, uint64_t a, uint64_t b);

/* Takes a key out; true if it was there. */
bool map_remove(struct map *map, uint64_t a, uint64_t b);

/*
 * Goes over all keys, in no order: *at is 0 at first. True with the next value, and its key in
 * *ret_a. The map must not change meanwhile.
 */
bool map_next(const struct map *map, size_t *at, uint64_t *ret_a, void **ret_value);

/* That many more keys are going to come: saves the growing. Cheap if they don't. */
void map_expect(struct map *map, size_t more);

#endif
