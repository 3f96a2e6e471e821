/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one builder leaves to the next: how much there was of everything, and the memory for it. */
#include "base/memory.h"
#include "model/builder-private.h"

#include <stdlib.h>

struct builder_memory {
        struct arena_spare *snapshots, *scratches;
        size_t snapshot, scratch;       /* bytes of the last one's arenas */
        size_t by_inode, by_pid;        /* keys in its maps */
        unsigned nkinds;
        size_t *by_key, *notes;         /* the same, per kind */
};

struct builder_memory *builder_memory_new(void)
{
        struct builder_memory *memory = memory_new(sizeof(*memory));

        memory->snapshots = arena_spare_new();
        memory->scratches = arena_spare_new();
        return memory;
}

void builder_memory_free(struct builder_memory *memory)
{
        if (!memory)
                return;
        arena_spare_drop(memory->snapshots);
        arena_spare_drop(memory->scratches);
        free(memory->by_key);
        free(memory->notes);
        free(memory);
}

static void expect(struct map *map, size_t n)
{
        if (n > 0)
                map_expect(map, n);
}

void builder_recall(struct builder *builder)
{
        const struct builder_memory *memory = builder->memory;

        arena_init_spare(&builder->snapshot->arena, memory->snapshots, memory->snapshot);
        arena_init_spare(&builder->scratch, memory->scratches, memory->scratch);
        expect(&builder->by_inode, memory->by_inode);
        expect(&builder->by_pid, memory->by_pid);
        for (unsigned i = 0; i < memory->nkinds && i < builder->kinds->nkinds; i++) {
                expect(&builder->by_key[i], memory->by_key[i]);
                expect(&builder->notes[i], memory->notes[i]);
        }
}

void builder_remember(struct builder *builder)
{
        struct builder_memory *memory = builder->memory;
        unsigned n = builder->kinds->nkinds;

        memory->snapshot = builder->snapshot->arena.used;
        memory->scratch = builder->scratch.used;
        memory->by_inode = builder->by_inode.used;
        memory->by_pid = builder->by_pid.used;
        memory->by_key = memory_resize(memory->by_key, n, sizeof(*memory->by_key));
        memory->notes = memory_resize(memory->notes, n, sizeof(*memory->notes));
        memory->nkinds = n;
        for (unsigned i = 0; i < n; i++) {
                memory->by_key[i] = builder->by_key[i].used;
                memory->notes[i] = builder->notes[i].used;
        }
}
