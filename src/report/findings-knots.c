/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/findings-knots.h"

#include "base/array.h"

/* System calls that bring something or take something; the others wait for either. */
static enum side side_of(const char *operation)
{
        static const struct {
                struct text prefix;
                enum side side;
        } calls[] = {
                { { "readahead", 9 }, SIDE_EITHER },   { { "read", 4 }, SIDE_READS },
                { { "pread", 5 }, SIDE_READS },        { { "recv", 4 }, SIDE_READS },
                { { "mq_timedreceive", 15 }, SIDE_READS },
                { { "write", 5 }, SIDE_WRITES },       { { "pwrite", 6 }, SIDE_WRITES },
                { { "sendfile", 8 }, SIDE_EITHER },    { { "send", 4 }, SIDE_WRITES },
                { { "mq_timedsend", 12 }, SIDE_WRITES }, { { "vmsplice", 8 }, SIDE_WRITES },
        };

        for (unsigned i = 0; i < COUNT(calls); i++)
                if (text_starts(text_of(operation), calls[i].prefix))
                        return calls[i].side;
        return SIDE_EITHER;
}

/* --- who could serve an object ------------------------------------------------- */

static bool has_it(const struct hold *hold)
{
        return hold->way == WAY_FD || hold->way == WAY_MAP;
}

static bool serves(const struct judging *judging, const struct object *object, enum side side,
                   const struct hold *hold)
{
        unsigned opposite = (side & SIDE_READS ? ACCESS_W : 0) | (side & SIDE_WRITES ? ACCESS_R : 0);

        switch (object->key.kind->wake) {
        case WAKE_LOCK:
                return hold->way == WAY_LOCK;
        case WAKE_LAST:
                return hold->way == WAY_LAST;
        case WAKE_SIDE:
                /* Both sides of a terminal can be read and written: whoever has it may be at the other one. */
                return has_it(hold) && (topic_of(judging, object) == TOPIC_PTY || hold->access & opposite ||
                                        hold->access >= ACCESS_UNKNOWN);
        default:
                return has_it(hold);
        }
}

/* Walks over those who could serve an object. { 0 } begins. */
struct wakers {
        unsigned peer, hold;
};

static const struct process *next_waker(const struct judging *judging, const struct object *object, enum side side,
                                        struct wakers *at)
{
        if (object->key.kind->wake == WAKE_PEER) {
                for (; at->peer < object->npeers; at->peer++, at->hold = 0)
                        while (at->hold < object->peers[at->peer]->nholds) {
                                const struct hold *hold = &object->peers[at->peer]->holds[at->hold++];

                                if (has_it(hold))
                                        return hold->process;
                        }
                return NULL;
        }
        while (at->hold < object->nholds) {
                const struct hold *hold = &object->holds[at->hold++];

                if (serves(judging, object, side, hold))
                        return hold->process;
        }
        return NULL;
}

/* --- what else could serve it --------------------------------------------------- */

/* A connection between two sockets of this machine, which nobody else can send into. */
static bool is_closed_pair(const struct judging *judging, const struct object *object)
{
        uint64_t phase, type, local;
        bool established = number_of(object, FIELD_SOCKET_STATE, &phase) && phase == SOCKET_ESTABLISHED;

        for (unsigned i = 0; i < object->npeers; i++)
                if (!is_held(object->peers[i]))
                        return false;
        if (object->npeers == 0 || !established)
                return false;
        if (topic_of(judging, object) == TOPIC_INET)
                return number_of(object, FIELD_LOCAL_PEER, &local) && local;
        if (topic_of(judging, object) != TOPIC_UNIX)
                return false;
        return (number_of(object, FIELD_SOCKET_TYPE, &type) && type != SOCKET_DGRAM) ||
               !row_get(object_row(object), FIELD_NAME);
}

static bool has_name(const struct judging *judging, const struct object *object)
{
        switch (topic_of(judging, object)) {
        case TOPIC_FIFO:
        case TOPIC_MQ:
        case TOPIC_PSHM:
        case TOPIC_PSEM:
                return number_or_zero(object, FIELD_LINKED);
        case TOPIC_PIPE:
        case TOPIC_EVENTFD:
        case TOPIC_UNIX:
        case TOPIC_INET:
        case TOPIC_MEMFD:
                return false;
        default:
                /* Files, terminals, segments: somebody may still come. Locks can't be joined. */
                return object->key.kind->wake != WAKE_LOCK && object->key.kind->wake != WAKE_SIDE;
        }
}

/* The only one who could serve it, or NULL: nobody or several. */
static const struct process *sole_waker(const struct judging *judging, const struct object *object, enum side side)
{
        const struct process *sole = NULL, *process;
        struct wakers at = { 0 };

        while ((process = next_waker(judging, object, side, &at))) {
                if (sole && sole != process)
                        return NULL;
                sole = process;
        }
        return sole;
}

static bool waits_on(const struct process *process, const struct object *object)
{
        for (unsigned i = 0; i < process->nwaits; i++)
                if (process->waits[i]->object == object)
                        return true;
        return false;
}

/*
 * Who has both ends wakes itself from a signal handler; and a FIFO or queue is
 * often kept open for writing by its own reader, so that it never ends.
 */
static bool is_own(const struct judging *judging, const struct object *object, enum side side, bool named)
{
        const struct process *sole = side & SIDE_READS ? sole_waker(judging, object, side) : NULL;
        uint64_t caught;

        if (!sole || object->key.kind->wake == WAKE_LOCK || !waits_on(sole, object))
                return false;
        return named || !process_number(sole, FIELD_SIGNALS_CAUGHT, &caught) || caught;
}

/* May something serve it that is no process of ours? */
static bool is_open(const struct judging *judging, const struct object *object, enum side side)
{
        struct wakers at = { 0 };

        switch (object->key.kind->wake) {
        case WAKE_NOBODY:
                return true;
        case WAKE_WATCHED:
                return number_or_zero(object, FIELD_TARGET_COUNT) != object->npeers || object->npeers == 0;
        case WAKE_PEER:
                if (!is_closed_pair(judging, object))
                        return true;
                break;
        case WAKE_SIDE:
        case WAKE_HOLDER:
        case WAKE_LAST:
        case WAKE_LOCK:
                break;
        }
        return has_state(object, STATE_ELSEWHERE) || has_state(object, STATE_PENDING) ||
               !next_waker(judging, object, side, &at) ||
               is_own(judging, object, side, has_name(judging, object));
}

/* --- nodes ---------------------------------------------------------------------- */

static void add_edge(struct knots *knots, const struct edge **list, struct node *node)
{
        struct edge *edge = ARENA_NEW(&knots->arena, struct edge);

        *edge = (struct edge){ node, *list };
        *list = edge;
}

static struct node *new_node(struct knots *knots, const struct object *object, enum side side)
{
        void **place = map_place(&knots->by_object, (uint64_t)(uintptr_t)object, side);
        const struct judging *judging = knots->judging;
        struct node *node = *place;

        if (node)
                return node;
        *place = node = ARENA_NEW(&knots->arena, struct node);
        *node = (struct node){ .object = object, .side = side, .next = knots->nodes };
        knots->nodes = node;
        node->next_untied = knots->untied;
        knots->untied = node;
        if (has_name(judging, object))
                node->doubts |= DOUBT_NAME;
        if (object->key.kind->wake == WAKE_LAST)
                node->doubts = DOUBT_LAST;
        if (object->key.kind->wake == WAKE_WATCHED)
                node->doubts = 0;
        node->freed = is_open(judging, object, side);
        return node;
}

/* Until somebody is met who acts: then the others don't matter. */
static void tie_wakers(struct knots *knots, struct node *node)
{
        const struct process *process, *last = NULL;
        struct wakers at = { 0 };

        while (!node->freed && (process = next_waker(knots->judging, node->object, node->side, &at))) {
                struct actor *actor = &knots->actors[process - knots->judging->snapshot->processes];

                if (process == last)
                        continue;
                last = process;
                node->freed = actor->acts;
                if (!actor->acts)
                        add_edge(knots, &actor->wakes, node);
        }
}

/* An epoll is served when one of those that it watches is; one epoll may watch another. */
static void tie_watched(struct knots *knots, struct node *node)
{
        for (unsigned i = 0; !node->freed && i < node->object->npeers; i++) {
                struct node *watched = new_node(knots, node->object->peers[i], SIDE_EITHER);

                node->freed = watched->freed;
                node->doubts |= watched->doubts;
                add_edge(knots, &watched->frees, node);
        }
}

struct node *knots_node(struct knots *knots, const struct wait *wait)
{
        struct node *node = new_node(knots, wait->object, side_of(wait->operation));

        while (knots->untied) {
                struct node *untied = knots->untied;

                knots->untied = untied->next_untied;
                if (untied->object->key.kind->wake == WAKE_WATCHED)
                        tie_watched(knots, untied);
                else
                        tie_wakers(knots, untied);
        }
        return node;
}

const struct node *knots_node_of(const struct knots *knots, const struct wait *wait)
{
        return map_get(&knots->by_object, (uint64_t)(uintptr_t)wait->object, side_of(wait->operation));
}

/* --- afterwards ------------------------------------------------------------------- */

/* One of those of the object itself: anybody but self if possible. */
static const struct process *waker_of(const struct judging *judging, const struct object *object, enum side side,
                                      const struct process *self)
{
        const struct process *process, *found = NULL;
        struct wakers at = { 0 };

        while ((!found || found == self) && (process = next_waker(judging, object, side, &at)))
                found = process;
        return found;
}

const struct process *knots_waker(struct knots *knots, const struct wait *wait, const struct process *self)
{
        const struct process *process, *found = NULL;

        if (wait->object->key.kind->wake != WAKE_WATCHED)
                return waker_of(knots->judging, wait->object, side_of(wait->operation), self);
        for (unsigned i = 0; i < wait->object->npeers && (!found || found == self); i++) {
                process = waker_of(knots->judging, wait->object->peers[i], SIDE_EITHER, self);
                if (process)
                        found = process;
        }
        return found;
}

unsigned knots_count_wakers(struct knots *knots, const struct wait *wait)
{
        const struct process *process;
        struct wakers at = { 0 };
        struct map seen = { 0 };
        unsigned n;

        if (wait->object->key.kind->wake != WAKE_WATCHED)
                while ((process = next_waker(knots->judging, wait->object, side_of(wait->operation), &at)))
                        if (process != wait->process)
                                *map_place(&seen, (uint64_t)process->pid, 0) = &seen;
        n = (unsigned)seen.used;
        map_done(&seen);
        return n ? n : 1;
}

unsigned knots_doubts(struct knots *knots)
{
        const struct judging *judging = knots->judging;

        if (!knots->flights_counted) {
                for (size_t i = 0; i < judging->snapshot->nobjects && !knots->flights; i++)
                        knots->flights = number_or_zero(&judging->snapshot->objects[i], FIELD_DESCRIPTORS_IN_FLIGHT);
                knots->flights_counted = true;
        }
        return (judging->holders_hidden ? DOUBT_HIDDEN : 0) | (judging->outside ? DOUBT_OUTSIDE : 0) |
               (knots->flights ? DOUBT_FLIGHT : 0);
}
