/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/builder.h"

#include "base/memory.h"
#include "base/radix.h"
#include "base/thread.h"
#include "model/builder-private.h"
#include "model/reference.h"

#include <stdlib.h>

/* Beside the draft, so that hardly a comparison needs to look at it. */
struct ranked {
        struct object_rank rank;
        struct draft *draft;
};

static int compare_ranked(const void *a, const void *b)
{
        const struct ranked *x = a, *y = b;

        if (x->rank.group != y->rank.group)
                return x->rank.group < y->rank.group ? -1 : 1;
        if (x->rank.number != y->rank.number)
                return x->rank.number < y->rank.number ? -1 : 1;
        if (x->rank.second != y->rank.second)
                return x->rank.second < y->rank.second ? -1 : 1;
        return object_compare(&x->draft->object, &y->draft->object);
}

/* By number; those of the same number are compared. */
static void sort_numbers(struct ranked *list, size_t n)
{
        struct radix_item *items = memory_resize(NULL, 2 * n, sizeof(*items));
        struct ranked *copy = memory_resize(NULL, n, sizeof(*copy));

        memcpy(copy, list, n * sizeof(*copy));
        for (size_t i = 0; i < n; i++)
                items[i] = (struct radix_item){ copy[i].rank.number, (uint32_t)i };
        radix_sort(items, items + n, n);
        for (size_t i = 0; i < n; i++)
                list[i] = copy[items[i].place];
        free(items);
        free(copy);
        for (size_t i = 0, end; i < n; i = end) {
                for (end = i + 1; end < n && list[end].rank.number == list[i].rank.number; end++)
                        ;
                if (end - i > 1)
                        qsort(list + i, end - i, sizeof(*list), compare_ranked);
        }
}

/* Of a group of object_rank(). */
static void sort_group(struct ranked *list, size_t n)
{
        enum { RADIX_LEAST = 256 };     /* fewer are quicker compared than counted */
        size_t sorted = 1;

        /* The kernel lists by number, mostly. */
        while (sorted < n && compare_ranked(&list[sorted - 1], &list[sorted]) <= 0)
                sorted++;
        if (sorted >= n)
                return;
        if (n < RADIX_LEAST || n > UINT32_MAX)
                qsort(list, n, sizeof(*list), compare_ranked);
        else
                sort_numbers(list, n);
}

/* Whoever had it closed it, or ended, while we looked; and nobody else has it. */
static bool is_phantom(const struct draft *draft)
{
        return draft->forsaken && !draft->kept && draft->object.key.kind->unlisted && !draft->nholds && !draft->nwaits;
}

/* That a thread of /proc is still in its call when the object is looked at is a deduction. */
static void tell_waiters(struct builder *builder, struct draft *draft)
{
        const struct value *state;

        if (!draft->nwaits || !kind_has_field(draft->object.key.kind, FIELD_STATE))
                return;
        state = row_get(object_row(&draft->object), FIELD_STATE);
        if (!state || state->type != VALUE_WORDS || !(state->u & WORD_BIT(STATE_WAITERS)))
                builder_state(builder, &draft->object, WORD_BIT(STATE_WAITERS), true);
}

/* What the snapshot shall have. */
static size_t rank_drafts(struct builder *builder, struct ranked *ret)
{
        size_t n = 0;

        for (unsigned order = 0; order < builder->kinds->nkinds; order++)
                for (size_t i = 0; i < builder->lists[order].n; i++) {
                        struct draft *draft = builder->lists[order].drafts[i];

                        if (is_phantom(draft))
                                continue;
                        tell_waiters(builder, draft);
                        ret[n++] = (struct ranked){ object_rank(&draft->object), draft };
                }
        return n;
}

/* By group first: the kinds, and in each those with and those without a name. */
static void sort_drafts(struct builder *builder)
{
        struct ranked *found = memory_resize(NULL, 2 * builder->ndrafts, sizeof(*found));
        struct ranked *list = found + builder->ndrafts;
        size_t n = rank_drafts(builder, found), ngroups = 2 * (size_t)builder->kinds->nkinds, *ends;

        /* Where each group begins; and then, as they are put there, where it ends. */
        ends = memory_new((ngroups + 1) * sizeof(*ends));
        for (size_t i = 0; i < n; i++)
                ends[found[i].rank.group + 1]++;
        for (size_t group = 0; group < ngroups; group++)
                ends[group + 1] += ends[group];
        for (size_t i = 0; i < n; i++)
                list[ends[found[i].rank.group]++] = found[i];
        for (size_t group = 0, at = 0; group < ngroups; at = ends[group++])
                sort_group(list + at, ends[group] - at);
        builder->drafts = memory_resize(NULL, n, sizeof(*builder->drafts));
        for (size_t i = 0; i < n; i++)
                builder->drafts[i] = list[i].draft;
        builder->ndrafts = n;
        free(found);
        free(ends);
}

static int compare_runners(const void *a, const void *b)
{
        const struct draft_process *const *x = a, *const *y = b;
        pid_t p = (*x)->process.pid, q = (*y)->process.pid;

        return p < q ? -1 : p > q;
}

static int compare_holds(const void *a, const void *b)
{
        const struct hold *x = a, *y = b;

        if (x->process->pid != y->process->pid)
                return x->process->pid < y->process->pid ? -1 : 1;
        if (x->way != y->way)
                return x->way < y->way ? -1 : 1;
        if (x->fd != y->fd)
                return x->fd < y->fd ? -1 : 1;
        return x->tid < y->tid ? -1 : x->tid > y->tid;
}

static void seal_processes(struct builder *builder, struct snapshot *snapshot)
{
        if (builder->nrunners)
                qsort(builder->runners, builder->nrunners, sizeof(*builder->runners), compare_runners);
        snapshot->nprocesses = builder->nrunners;
        snapshot->processes = ARENA_ROOM(&snapshot->arena, struct process, builder->nrunners);
        for (size_t i = 0; i < builder->nrunners; i++) {
                struct draft_process *runner = builder->runners[i];

                runner->sealed = &snapshot->processes[i];
                *runner->sealed = runner->process;
                runner->sealed->holds = ARENA_ROOM(&snapshot->arena, struct hold *, runner->nholds);
                runner->sealed->nholds = 0;
                runner->sealed->waits = ARENA_ROOM(&snapshot->arena, struct wait *, runner->nwaits);
                runner->sealed->nwaits = 0;
        }
}

/* The holds of one object, from its list into the next free slice of the array. */
static void seal_holds(const struct draft *draft, struct object *object, struct hold *slice)
{
        unsigned n = draft->nholds, at = n;
        bool ordered = true;

        /* The newest comes first, and mostly is the last. */
        for (const struct draft_hold *link = draft->holds; link; link = link->next) {
                slice[--at] = link->hold;
                slice[at].object = object;
                slice[at].process = ((struct draft_process *)link->hold.process)->sealed;
                ordered = ordered && (at + 1 == n || compare_holds(&slice[at], &slice[at + 1]) <= 0);
        }
        if (!ordered)
                qsort(slice, n, sizeof(*slice), compare_holds);
        object->holds = slice;
        object->nholds = n;
}

static int compare_peers(const void *a, const void *b)
{
        const struct object *const *x = a, *const *y = b;

        /* The sealed objects lie in their order. */
        return *x < *y ? -1 : *x > *y;
}

static void seal_peers(const struct draft *draft, struct arena *arena)
{
        struct object *object = draft->sealed;
        unsigned n = 0;

        if (!draft->npeers)
                return;
        object->peers = ARENA_ROOM(arena, struct object *, draft->npeers);
        for (const struct draft_peer *link = draft->peers; link; link = link->next)
                object->peers[n++] = ((struct draft *)link->peer)->sealed;
        if (n > 1)
                qsort(object->peers, n, sizeof(*object->peers), compare_peers);
        for (unsigned i = 0; i < n; i++)
                if (object->peers[i] && (i == 0 || object->peers[i] != object->peers[i - 1]))
                        object->peers[object->npeers++] = object->peers[i];
}

static int compare_waits(const void *a, const void *b)
{
        const struct wait *x = a, *y = b;

        if (x->process->pid != y->process->pid)
                return x->process->pid < y->process->pid ? -1 : 1;
        return x->tid < y->tid ? -1 : x->tid > y->tid;
}

/* As with holds, the newest comes first. */
static void seal_waits(const struct draft *draft, struct snapshot *snapshot)
{
        struct object *object = draft->sealed;
        unsigned at = draft->nwaits;

        if (!draft->nwaits)
                return;
        object->waits = ARENA_ROOM(&snapshot->arena, struct wait, draft->nwaits);
        object->nwaits = draft->nwaits;
        for (const struct draft_wait *link = draft->waits; link; link = link->next) {
                struct wait *wait = &object->waits[--at];

                *wait = link->wait;
                wait->object = object;
                wait->process = ((struct draft_process *)link->wait.process)->sealed;
        }
        qsort(object->waits, object->nwaits, sizeof(*object->waits), compare_waits);
        for (unsigned i = 0; i < object->nwaits; i++) {
                struct process *process = object->waits[i].process;

                process->waits[process->nwaits++] = &object->waits[i];
        }
}

/* Values that point to other objects become their references. Rows lie in the builder's arena. */
static void seal_values(struct value *values, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                struct value *value = &values[i];

                if (value->type == VALUE_OBJECT) {
                        const struct object *object = ((const struct draft *)value->object)->sealed;
                        struct text ref = object ? object->ref : TEXT("");

                        value->type = object ? VALUE_TEXT : VALUE_UNKNOWN;
                        value->data = ref.data;
                        value->len = (uint32_t)ref.len;
                } else if (value->type == VALUE_ROWS || value->type == VALUE_RECORD)
                        for (uint32_t j = 0; j < value->len; j++)
                                seal_values((struct value *)value->rows[j].values, value->rows[j].nvalues);
        }
}

void builder_forsake(struct object *object)
{
        ((struct draft *)object)->forsaken = true;
}

void builder_keep(struct object *object)
{
        ((struct draft *)object)->kept = true;
}

/* What two threads do of the objects at once; what they change is either's own. */
struct sealing {
        struct builder *builder;
        struct snapshot *snapshot;
        struct arena arena;             /* the other thread's; the caller has the snapshot's */
};

/* Sorted, they lie all over the memory: each would be waited for. */
static void fetch(const struct builder *builder, size_t i)
{
        enum { LINE = 64 };

        for (size_t at = 0; i < builder->ndrafts && at < sizeof(struct draft); at += LINE)
                memory_ahead((const char *)builder->drafts[i] + at);
}

static void seal_object(struct sealing *sealing, size_t i, struct hold *holds, struct buf *ref, struct arena *arena)
{
        struct draft *draft = sealing->builder->drafts[i];
        struct object *object = &sealing->snapshot->objects[i];

        *object = draft->object;
        draft->sealed = object;
        seal_holds(draft, object, holds);
        buf_clear(ref);
        reference_print(object, ref);
        object->ref = arena_text(arena, buf_text(ref));
}

enum { AHEAD = 8 };                     /* drafts that are fetched before they are needed */

/* The one half from its first object on, the other from its last: where their holds go needs no counting first. */
static void *seal_first_half(void *data)
{
        struct sealing *sealing = data;
        struct hold *holds = sealing->snapshot->holds;
        struct buf ref = { 0 };

        for (size_t i = 0; i < sealing->builder->ndrafts / 2; i++) {
                fetch(sealing->builder, i + AHEAD);
                seal_object(sealing, i, holds, &ref, &sealing->snapshot->arena);
                holds += sealing->snapshot->objects[i].nholds;
        }
        buf_done(&ref);
        return NULL;
}

static void *seal_second_half(void *data)
{
        struct sealing *sealing = data;
        struct hold *holds = sealing->snapshot->holds + sealing->snapshot->nholds;
        struct buf ref = { 0 };

        for (size_t i = sealing->builder->ndrafts; i-- > sealing->builder->ndrafts / 2;) {
                fetch(sealing->builder, i - AHEAD);     /* wraps around at the end: beyond the last is nothing */
                holds -= sealing->builder->drafts[i]->nholds;
                seal_object(sealing, i, holds, &ref, &sealing->arena);
        }
        buf_done(&ref);
        return NULL;
}

static void *seal_all_peers(void *data)
{
        struct sealing *sealing = data;

        for (size_t i = 0; i < sealing->builder->ndrafts; i++) {
                fetch(sealing->builder, i + AHEAD);
                seal_peers(sealing->builder->drafts[i], &sealing->arena);
        }
        return NULL;
}

/* What the processes have, in the order of the objects, and what needs the references of other objects. */
static void *seal_others(void *data)
{
        const struct sealing *sealing = data;
        struct snapshot *snapshot = sealing->snapshot;

        for (size_t i = 0; i < snapshot->nholds; i++) {
                struct process *process = snapshot->holds[i].process;

                process->holds[process->nholds++] = &snapshot->holds[i];
        }
        for (size_t i = 0; i < snapshot->nobjects; i++) {
                fetch(sealing->builder, i + AHEAD);
                seal_waits(sealing->builder->drafts[i], snapshot);
                if (sealing->builder->drafts[i]->points)
                        seal_values(snapshot->objects[i].values, snapshot->objects[i].nvalues);
        }
        return NULL;
}

/* Of many objects by two threads, if somebody waits for them. */
static void seal_both(struct sealing *sealing, void *(*work)(void *data), void *(*other)(void *data))
{
        enum { MANY = 4096 };
        pthread_t thread;
        bool threaded = sealing->builder->ndrafts >= MANY && !builder_in_row(sealing->builder) &&
                        thread_start(&thread, other, sealing);

        work(sealing);
        if (threaded)
                pthread_join(thread, NULL);
        else
                other(sealing);
}

static void seal_objects(struct builder *builder, struct snapshot *snapshot)
{
        struct sealing sealing = { builder, snapshot, { 0 } };

        sort_drafts(builder);
        snapshot->nobjects = builder->ndrafts;
        snapshot->objects = ARENA_ROOM(&snapshot->arena, struct object, builder->ndrafts);
        snapshot->nholds = builder->nholds;
        snapshot->holds = ARENA_ROOM(&snapshot->arena, struct hold, builder->nholds);
        arena_init(&sealing.arena);
        seal_both(&sealing, seal_first_half, seal_second_half);
        seal_both(&sealing, seal_others, seal_all_peers);
        arena_join(&snapshot->arena, &sealing.arena);
}

/* By limit, and within one in the order in which they were read. Few limits, many readings: no qsort(). */
static void seal_readings(struct builder *builder, struct snapshot *snapshot)
{
        struct limit_reading *sealed = ARENA_ROOM(&snapshot->arena, struct limit_reading, builder->nreadings);
        size_t first[LIMIT_COUNT + 1] = { 0 };

        for (size_t i = 0; i < builder->nreadings; i++)
                first[builder->readings[i].limit + 1]++;
        for (unsigned limit = 0; limit < LIMIT_COUNT; limit++)
                first[limit + 1] += first[limit];
        for (size_t i = 0; i < builder->nreadings; i++) {
                struct limit_reading *reading = &sealed[first[builder->readings[i].limit]++];

                *reading = builder->readings[i];
                if (reading->object)
                        reading->object = ((const struct draft *)reading->object)->sealed;
                if (reading->process)
                        reading->process = ((const struct draft_process *)reading->process)->sealed;
        }
        snapshot->readings = sealed;
        snapshot->nreadings = builder->nreadings;
}

struct snapshot *builder_seal(struct builder *builder)
{
        struct snapshot *snapshot = builder->snapshot;
        struct gap *gaps = ARENA_ARRAY(&snapshot->arena, struct gap, builder->ngaps);

        seal_processes(builder, snapshot);
        seal_objects(builder, snapshot);
        seal_readings(builder, snapshot);
        if (builder->ngaps)
                memcpy(gaps, builder->gaps, builder->ngaps * sizeof(*gaps));
        snapshot->gaps = gaps;
        snapshot->ngaps = builder->ngaps;
        if (builder->memory)
                builder_remember(builder);
        builder->snapshot = NULL;
        builder_free(builder);
        return snapshot;
}
