/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/endpoints.h"

#include "base/map.h"
#include "base/memory.h"

#include <stdlib.h>

void ends_add(struct ends *ends, const struct end *end)
{
        if (ends->n == ends->room) {
                ends->room = ends->room ? 2 * ends->room : 64;
                ends->list = memory_resize(ends->list, ends->room, sizeof(*ends->list));
        }
        ends->list[ends->n++] = *end;
}

void ends_done(struct ends *ends)
{
        free(ends->list);
        *ends = (struct ends){ 0 };
}

static bool same(const struct endpoint *a, const struct endpoint *b)
{
        return a->port == b->port && memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
        const unsigned char *bytes = data;

        for (size_t i = 0; i < size; i++)
                hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
        return hash;
}

/* Addresses are the other side's choice: the hash finds, the comparison decides. */
static uint64_t hash_of(const struct endpoint *endpoint)
{
        uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), endpoint->address, sizeof(endpoint->address));

        return mix(hash, &endpoint->port, sizeof(endpoint->port));
}

/* Where sockets are found by what they are: connections by both ends, the others by their own. */
struct index {
        struct map connections, open;
};

static uint64_t connection_key(const struct endpoint *local, const struct endpoint *remote)
{
        return hash_of(local) * 31 + hash_of(remote);
}

static uint64_t open_key(uint16_t protocol, enum endpoint_role role)
{
        return (uint64_t)protocol << 8 | role;
}

/* Several may share an address (SO_REUSEPORT): then which one it is can't be told. */
struct open {
        const struct end *end;
        bool several;
};

static void index_ends(struct index *index, const struct ends *ends, struct arena *arena)
{
        for (size_t i = 0; i < ends->n; i++) {
                const struct end *end = &ends->list[i];
                struct open *open;
                void **place;

                if (end->role == END_CONNECTED) {
                        place = map_place(&index->connections, connection_key(&end->local, &end->remote),
                                          end->protocol);
                        *place = (void *)end;
                        continue;
                }
                if (end->role == END_OTHER)
                        continue;
                place = map_place(&index->open, hash_of(&end->local), open_key(end->protocol, end->role));
                open = *place;
                if (open) {
                        open->several = true;
                } else {
                        open = ARENA_NEW(arena, struct open);
                        open->end = end;
                        *place = open;
                }
        }
}

static const struct end *find_other(const struct index *index, const struct end *end)
{
        const struct end *other = map_get(&index->connections, connection_key(&end->remote, &end->local),
                                          end->protocol);

        return other && other != end && same(&other->local, &end->remote) && same(&other->remote, &end->local) ? other :
               NULL;
}

/* Who takes what is sent to this address: bound to it exactly, or to any address. */
static const struct end *find_open(const struct index *index, const struct end *end, enum endpoint_role role,
                                   const struct endpoint *address, const uint8_t (*any)[16], unsigned nany)
{
        struct endpoint wanted = *address;

        for (unsigned i = 0; i <= nany; i++) {
                const struct open *open = map_get(&index->open, hash_of(&wanted), open_key(end->protocol, role));

                if (open && same(&open->end->local, &wanted))
                        return open->several ? NULL : open->end;
                if (i < nany)
                        memcpy(wanted.address, any[i], sizeof(wanted.address));
        }
        return NULL;
}

static void set_local(struct builder *builder, const struct end *end, bool local)
{
        builder_uint(builder, end->object, FIELD_LOCAL_PEER, local);
}

void ends_tie(const struct ends *ends, const uint8_t (*any)[16], unsigned nany, bool (*loops)(const struct end *end),
              struct builder *builder)
{
        struct index index = { 0 };
        struct arena arena;

        arena_init(&arena);
        index_ends(&index, ends, &arena);
        for (size_t i = 0; i < ends->n; i++) {
                const struct end *end = &ends->list[i], *other, *listener, *receiver = NULL;

                if (end->role != END_CONNECTED)
                        continue;
                other = find_other(&index, end);
                if (!other && loops(end))
                        receiver = find_open(&index, end, END_RECEIVER, &end->remote, any, nany);
                if (other)
                        builder_peer(builder, end->object, other->object);
                else if (receiver)
                        builder_peer_oneway(builder, end->object, receiver->object);
                set_local(builder, end, other || receiver);
                listener = end->pending ? find_open(&index, end, END_LISTENER, &end->local, any, nany) : NULL;
                if (listener)
                        builder_peer(builder, end->object, listener->object);
        }
        map_done(&index.connections);
        map_done(&index.open);
        arena_done(&arena);
}
