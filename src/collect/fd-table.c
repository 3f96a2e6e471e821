/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/fd-table.h"

#include "base/memory.h"

#include <stdlib.h>

void fd_table_done(struct fd_table *table)
{
        free(table->slots);
        free(table->owners);
        free(table->maps);
        *table = (struct fd_table){ 0 };
}

static void *grow(void *array, size_t used, size_t *room, size_t size)
{
        if (used < *room)
                return array;
        *room = *room ? *room * 2 : 64;
        return memory_resize(array, *room, size);
}

static struct fd_owner *new_owner(struct fd_table *table, pid_t tid)
{
        struct fd_owner *owner;

        table->owners = grow(table->owners, table->nowners, &table->owners_room, sizeof(*table->owners));
        owner = &table->owners[table->nowners++];
        *owner = (struct fd_owner){ .tid = tid, .first = table->nslots };
        return owner;
}

void fd_table_begin(struct fd_table *table, pid_t pid)
{
        table->nslots = table->nowners = table->nmaps = 0;
        new_owner(table, pid);
}

void fd_table_add(struct fd_table *table, pid_t tid, int fd, struct object *object)
{
        struct fd_owner *owner = &table->owners[table->nowners - 1];

        if (owner->tid != tid)
                owner = new_owner(table, tid);
        owner->n++;
        table->slots = grow(table->slots, table->nslots, &table->slots_room, sizeof(*table->slots));
        table->slots[table->nslots++] = (struct fd_slot){ fd, object };
}

void fd_table_map(struct fd_table *table, uint64_t start, uint64_t end, struct object *object)
{
        table->maps = grow(table->maps, table->nmaps, &table->maps_room, sizeof(*table->maps));
        table->maps[table->nmaps++] = (struct fd_map){ start, end, object };
}

/* After the leader's, or the one read in its stead, those of threads follow by tid. */
static const struct fd_owner *find_owner(const struct fd_table *table, pid_t tid)
{
        size_t low = 2, high = table->nowners;

        for (size_t i = 0; i < 2 && i < table->nowners; i++)
                if (table->owners[i].tid == tid)
                        return &table->owners[i];
        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (table->owners[middle].tid < tid)
                        low = middle + 1;
                else
                        high = middle;
        }
        if (low < table->nowners && table->owners[low].tid == tid)
                return &table->owners[low];
        return &table->owners[table->nowners > 1 && !table->owners[0].n ? 1 : 0];
}

struct object *fd_table_find(const struct fd_table *table, pid_t tid, int fd)
{
        const struct fd_owner *owner = find_owner(table, tid);
        size_t low = 0, high = owner->n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const struct fd_slot *slot = &table->slots[owner->first + middle];

                if (slot->fd == fd)
                        return slot->object;
                if (slot->fd < fd)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

struct object *fd_table_at(const struct fd_table *table, uint64_t address)
{
        size_t low = 0, high = table->nmaps;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const struct fd_map *map = &table->maps[middle];

                if (address < map->start)
                        high = middle;
                else if (address >= map->end)
                        low = middle + 1;
                else
                        return map->object;
        }
        return NULL;
}
