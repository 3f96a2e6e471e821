/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/builder.h"

#include "base/memory.h"
#include "model/builder-private.h"

#include <assert.h>
#include <stdlib.h>

static size_t hash_kind(const struct kind *kind)
{
        uintptr_t address = (uintptr_t)kind;

        return (address >> 5 ^ address >> 11) % ORDER_HASHES;
}

/* Readers of the snapshot look up fields by it, too: it lives in the arena. */
static uint8_t *make_places(struct builder *builder)
{
        size_t n = (size_t)builder->kinds->nkinds * FIELD_COUNT;
        uint8_t *places = ARENA_ARRAY(builder_arena(builder), uint8_t, n);

        for (size_t i = 0; i < n; i++)
                places[i] = builder->traits[i].place;
        return places;
}

struct builder *builder_new(const struct kind_set *kinds, const struct want *want)
{
        return builder_new_again(kinds, want, NULL);
}

struct builder *builder_new_again(const struct kind_set *kinds, const struct want *want,
                                  struct builder_memory *memory)
{
        struct builder *builder = memory_new(sizeof(*builder));

        builder->kinds = kinds;
        builder->memory = memory;
        builder->snapshot = memory_new(sizeof(*builder->snapshot));
        builder->snapshot->kinds = kinds;
        builder->snapshot->want = *want;
        builder->homes = memory_new((kinds->nkinds + 1) * sizeof(*builder->homes));
        builder->lists = memory_new((kinds->nkinds + 1) * sizeof(*builder->lists));
        builder->rooms = memory_new((kinds->nkinds + 1) * sizeof(*builder->rooms));
        builder->traits = builder_traits(kinds);
        for (unsigned i = 0; i < kinds->nkinds; i++)
                builder->orders[hash_kind(kinds->kinds[i])] = (uint8_t)i;
        builder->by_key = memory_new((kinds->nkinds + 1) * sizeof(*builder->by_key));
        builder->notes = memory_new((kinds->nkinds + 1) * sizeof(*builder->notes));
        if (memory) {
                builder_recall(builder);
        } else {
                arena_init(&builder->snapshot->arena);
                arena_init(&builder->scratch);
        }
        builder->places = make_places(builder);
        return builder;
}

void builder_free(struct builder *builder)
{
        if (!builder)
                return;
        for (unsigned i = 0; i < builder->kinds->nkinds; i++) {
                free(builder->lists[i].drafts);
                map_done(&builder->by_key[i]);
                map_done(&builder->notes[i]);
        }
        free(builder->by_key);
        free(builder->notes);
        free(builder->laters);
        free(builder->homes);
        free(builder->rooms);
        free(builder->traits);
        map_done(&builder->users.seen);
        free(builder->users.ids);
        map_done(&builder->groups.seen);
        free(builder->groups.ids);
        map_done(&builder->visited);
        map_done(&builder->by_inode);
        map_done(&builder->by_pid);
        free(builder->lists);
        free(builder->drafts);
        free(builder->runners);
        free(builder->gaps);
        free(builder->readings);
        arena_done(&builder->scratch);
        snapshot_free(builder->snapshot);
        free(builder);
}

struct arena *builder_arena(struct builder *builder)
{
        return &builder->snapshot->arena;
}

struct snapshot_origin *builder_origin(struct builder *builder)
{
        return &builder->snapshot->origin;
}

bool builder_in_row(const struct builder *builder)
{
        return builder->memory;
}

const struct kind_set *builder_kinds(const struct builder *builder)
{
        return builder->kinds;
}

const struct want *builder_want(const struct builder *builder)
{
        return &builder->snapshot->want;
}

static unsigned kind_order(const struct builder *builder, const struct kind *kind)
{
        const struct kind_set *set = builder->kinds;
        unsigned i = builder->orders[hash_kind(kind)];

        if (i < set->nkinds && set->kinds[i] == kind)
                return i;
        for (i = 0; i < set->nkinds && set->kinds[i] != kind; i++)
                ;
        assert(i < set->nkinds);
        return i;
}

void *builder_grow(void *array, size_t used, size_t *room, size_t size)
{
        if (used < *room)
                return array;
        *room = *room ? *room * 2 : 64;
        return memory_resize(array, *room, size);
}

void builder_expect_kind(struct builder *builder, const struct kind *kind, size_t n)
{
        map_expect(&builder->by_key[kind_order(builder, kind)], n);
}

void builder_expect(struct builder *builder, size_t n)
{
        map_expect(&builder->by_inode, n);
}

static struct draft *add_draft(struct builder *builder, unsigned order, struct object_key key)
{
        struct draft *draft = ARENA_NEW(&builder->scratch, struct draft);
        struct draft_list *list = &builder->lists[order];

        draft->object.key = key;
        draft->object.kind_order = order;
        draft->object.places = builder->places + (size_t)order * FIELD_COUNT;
        draft->room = builder->rooms[order];
        draft->object.values = ARENA_ROOM(builder_arena(builder), struct value, draft->room);
        list->drafts = builder_grow(list->drafts, list->n, &list->room, sizeof(draft));
        list->drafts[list->n++] = draft;
        builder->ndrafts++;
        return draft;
}

struct object *builder_object(struct builder *builder, struct object_key key, bool *ret_new)
{
        unsigned order = kind_order(builder, key.kind);
        void **place = map_place(&builder->by_key[order], key.scope, key.id);
        bool new = !*place;

        if (new)
                *place = add_draft(builder, order, key);
        if (ret_new)
                *ret_new = new;
        return &((struct draft *)*place)->object;
}

struct object *builder_indexed_object(struct builder *builder, struct object_key key, uint64_t dev, uint64_t inode)
{
        void **place = map_place(&builder->by_inode, dev, inode);

        if (!*place || ((struct draft *)*place)->object.key.kind != key.kind)
                *place = add_draft(builder, kind_order(builder, key.kind), key);
        return &((struct draft *)*place)->object;
}

struct object *builder_find(struct builder *builder, struct object_key key)
{
        struct draft *draft = map_get(&builder->by_key[kind_order(builder, key.kind)], key.scope, key.id);

        return draft ? &draft->object : NULL;
}

void builder_index(struct builder *builder, struct object *object, uint64_t dev, uint64_t inode)
{
        *map_place(&builder->by_inode, dev, inode) = draft_of(object);
}

struct object *builder_indexed(struct builder *builder, uint64_t dev, uint64_t inode)
{
        struct draft *draft = map_get(&builder->by_inode, dev, inode);

        return draft ? &draft->object : NULL;
}

void builder_indexed_ahead(const struct builder *builder, uint64_t dev, uint64_t inode)
{
        map_ahead(&builder->by_inode, dev, inode);
}

void builder_hold_ahead(const struct object *object)
{
        memory_ahead(object);
        memory_ahead(&((const struct draft *)object)->holds);
}

bool builder_wants(const struct builder *builder, const struct kind *kind)
{
        return builder_want(builder)->kinds >> kind_order(builder, kind) & 1;
}

bool builder_wants_only_named(const struct builder *builder, const struct kind *kind)
{
        return builder_want(builder)->only_named >> kind_order(builder, kind) & 1;
}

void builder_set_home(struct builder *builder, const struct kind *kind, uint64_t scope)
{
        builder->homes[kind_order(builder, kind)] = scope;
}

uint64_t builder_home(const struct builder *builder, const struct kind *kind)
{
        return builder->homes[kind_order(builder, kind)];
}

bool builder_has_gap(const struct builder *builder, const struct kind *kind)
{
        for (size_t i = 0; i < builder->ngaps; i++)
                if (builder->gaps[i].kind == kind)
                        return true;
        return false;
}

bool builder_saw_holders(const struct builder *builder)
{
        for (size_t i = 0; i < builder->ngaps; i++)
                if (gap_hides_holders(&builder->gaps[i]))
                        return false;
        return builder_want(builder)->holders;
}

bool builder_visit(struct builder *builder, const struct kind *kind, uint64_t scope)
{
        void **place = map_place(&builder->visited, kind_order(builder, kind), scope);
        bool first = !*place;

        *place = builder;
        return first;
}

enum { PROCESS_VALUES = 24 };

struct process *builder_process(struct builder *builder, pid_t pid, uint64_t start, struct text comm)
{
        struct draft_process *runner = ARENA_NEW(&builder->scratch, struct draft_process);

        runner->process = (struct process){ .pid = pid, .start = start,
                                            .comm = arena_text(builder_arena(builder), comm) };
        runner->room = PROCESS_VALUES;
        runner->process.values = ARENA_ROOM(builder_arena(builder), struct value, PROCESS_VALUES);
        *map_place(&builder->by_pid, (uint64_t)pid, 0) = runner;
        builder->runners = builder_grow(builder->runners, builder->nrunners, &builder->runners_room, sizeof(runner));
        builder->runners[builder->nrunners++] = runner;
        return &runner->process;
}

struct process *builder_find_process(struct builder *builder, pid_t pid)
{
        struct draft_process *runner = map_get(&builder->by_pid, (uint64_t)pid, 0);

        return runner ? &runner->process : NULL;
}

void builder_hold(struct builder *builder, struct hold hold)
{
        struct draft *draft = draft_of(hold.object);
        struct draft_hold *link;

        if (hold.way == WAY_MAP && draft->last_map && draft->last_map->hold.process == hold.process) {
                draft->last_map->hold.maps += hold.maps;
                draft->last_map->hold.access |= hold.access;
                return;
        }
        link = ARENA_ROOM(&builder->scratch, struct draft_hold, 1);
        link->hold = hold;
        link->next = draft->holds;
        draft->holds = link;
        draft->nholds++;
        if (hold.way == WAY_MAP)
                draft->last_map = link;
        ((struct draft_process *)hold.process)->nholds++;
        builder->nholds++;
}

const struct hold *builder_next_hold(const struct object *object, const struct hold *previous)
{
        const struct draft_hold *link = previous ? ((const struct draft_hold *)previous)->next :
                                                   ((const struct draft *)object)->holds;

        return link ? &link->hold : NULL;
}

unsigned builder_count_users(const struct object *object, enum way_word way, unsigned access)
{
        const struct hold *hold = NULL;
        const struct process *last = NULL;
        unsigned n = 0;

        while ((hold = builder_next_hold(object, hold)))
                if (hold->way == way && hold->access & access && hold->process != last) {
                        last = hold->process;
                        n++;
                }
        return n;
}

void builder_later(struct builder *builder, const struct later *later)
{
        builder->laters = builder_grow(builder->laters, builder->nlaters, &builder->laters_room, sizeof(*later));
        builder->laters[builder->nlaters++] = *later;
}

const struct later *builder_each_later(const struct builder *builder, size_t number)
{
        return number < builder->nlaters ? &builder->laters[number] : NULL;
}

void **builder_note(struct builder *builder, const struct kind *kind, uint64_t a, uint64_t b)
{
        return map_place(&builder->notes[kind_order(builder, kind)], a, b);
}

void builder_peer_oneway(struct builder *builder, struct object *from, struct object *to)
{
        struct draft *draft = draft_of(from);
        struct draft_peer *link;

        /* The commonest repetition: both ends tell of the same connection, one after the other. */
        if (draft->peers && draft->peers->peer == to)
                return;
        link = ARENA_ROOM(&builder->scratch, struct draft_peer, 1);
        *link = (struct draft_peer){ to, draft->peers };
        draft->peers = link;
        draft->npeers++;
}

void builder_peer(struct builder *builder, struct object *a, struct object *b)
{
        builder_peer_oneway(builder, a, b);
        builder_peer_oneway(builder, b, a);
}

void builder_wait(struct builder *builder, struct wait wait)
{
        struct draft *draft = draft_of(wait.object);
        struct draft_wait *link = draft->waits;

        /* A set of descriptors may name the same object more than once. */
        if (link && link->wait.process == wait.process && link->wait.tid == wait.tid)
                return;
        link = ARENA_ROOM(&builder->scratch, struct draft_wait, 1);
        *link = (struct draft_wait){ wait, draft->waits };
        draft->waits = link;
        draft->nwaits++;
        ((struct draft_process *)wait.process)->nwaits++;
}

bool builder_waiting(const struct object *object, const struct process *process)
{
        if (((const struct draft_process *)process)->nwaits == 0)
                return false;
        for (const struct draft_wait *link = ((const struct draft *)object)->waits; link; link = link->next)
                if (link->wait.process == process)
                        return true;
        return false;
}

bool builder_held(const struct builder *builder, const struct object *object, int way)
{
        (void)builder;
        for (const struct draft_hold *link = ((const struct draft *)object)->holds; link; link = link->next)
                if (way < 0 || link->hold.way == (enum way_word)way)
                        return true;
        return false;
}

void builder_gap_told(struct builder *builder, const struct gap *gap)
{
        builder->gaps = builder_grow(builder->gaps, builder->ngaps, &builder->gaps_room, sizeof(*gap));
        builder->gaps[builder->ngaps++] = *gap;
}

void builder_gap(struct builder *builder, const struct kind *kind, const char *where, int err, const char *reason)
{
        struct gap *gap;

        for (size_t i = 0; i < builder->ngaps; i++) {
                gap = &builder->gaps[i];
                if (gap->kind == kind && gap->err == err && strcmp(gap->where, where) == 0 && gap->reason == reason) {
                        gap->times++;
                        return;
                }
        }
        builder_gap_told(builder, &(struct gap){ kind, where, err, 1, reason });
}

void builder_reading(struct builder *builder, const struct limit_reading *reading)
{
        struct limit_reading *copy;

        builder->readings = builder_grow(builder->readings, builder->nreadings, &builder->readings_room, sizeof(*copy));
        copy = &builder->readings[builder->nreadings++];
        *copy = *reading;
        copy->name = arena_text(builder_arena(builder), reading->name);
}

struct object *builder_each(struct builder *builder, const struct kind *kind, size_t number)
{
        const struct draft_list *list = &builder->lists[kind_order(builder, kind)];

        return number < list->n ? &list->drafts[number]->object : NULL;
}
