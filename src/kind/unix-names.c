/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/unix.h"

/*
 * Many sockets may bear one name: the connections that a listener accepted
 * have its name, too; a stream and a datagram socket may share an abstract one;
 * and a path can be unlinked and bound again. It leads to the one of them that
 * connect(2) would find, if that can be told.
 */
struct bearer {
        const struct unix_known *best;
        unsigned rank;
        bool several;                   /* of that rank */
        struct bearer *next;            /* of the same hash */
};

enum { RANK_CONNECTION = 1, RANK_BOUND, RANK_LISTENER };

static unsigned rank_of(const struct unix_known *known)
{
        return known->listens ? RANK_LISTENER : known->connection ? RANK_CONNECTION : RANK_BOUND;
}

/* FNV-1a; names are hostile, so whoever finds a hash compares the name. */
static uint64_t hash_of(struct text text)
{
        uint64_t hash = UINT64_C(0xcbf29ce484222325);

        for (size_t i = 0; i < text.len; i++)
                hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
        return hash;
}

/* A bad choice of names would make long chains: beyond some length none of them counts as the one. */
enum { CHAIN_MOST = 64 };

static struct bearer *bearer_of(struct map *map, struct arena *arena, const struct unix_known *known)
{
        /* Paths are the same in all network namespaces: a connection belongs to that of who connected. */
        uint64_t ns = known->name.data[0] == 0 ? known->object->ns : 0;
        void **place = map_place(map, hash_of(known->name), ns);
        struct bearer *bearer, *first = *place;
        unsigned n = 0;

        for (bearer = first; bearer && n < CHAIN_MOST; bearer = bearer->next, n++)
                if (text_equal(bearer->best->name, known->name))
                        return bearer;
        if (n == CHAIN_MOST)
                return NULL;
        bearer = ARENA_NEW(arena, struct bearer);
        *bearer = (struct bearer){ .best = known, .next = first };
        *place = bearer;
        return bearer;
}

static void compete(struct bearer *bearer, const struct unix_known *known)
{
        unsigned rank = rank_of(known);

        if (rank > bearer->rank) {
                bearer->best = known;
                bearer->rank = rank;
                bearer->several = false;
        } else if (rank == bearer->rank && known->object != bearer->best->object) {
                bearer->several = true;
        }
}

void unix_settle_names(struct builder *builder)
{
        struct unix_known *named = unix_list(builder)->named;
        struct map map = { 0 };
        struct arena arena;

        arena_init(&arena);
        for (struct unix_known *known = named; known; known = known->next) {
                if (known->object->nameless)
                        continue;
                known->bearer = bearer_of(&map, &arena, known);
                if (known->bearer)
                        compete(known->bearer, known);
        }
        for (struct unix_known *known = named; known; known = known->next)
                if (!known->bearer || known->bearer->several || known->bearer->best->object != known->object)
                        known->object->nameless = true;
        map_done(&map);
        arena_done(&arena);
}
