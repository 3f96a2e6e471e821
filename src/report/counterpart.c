/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/counterpart.h"

#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>

/* What the process does with the object: so the other one must do the opposite. */
enum direction { DIRECTION_READ = 1, DIRECTION_WRITE = 2, DIRECTION_BOTH = 3 };

void counterparts_done(struct counterparts *counterparts)
{
        free(counterparts->processes);
        *counterparts = (struct counterparts){ 0 };
}

static void add(struct counterparts *list, const struct process *process, const struct process *self)
{
        if (process == self) {
                list->only_self = true;
                return;
        }
        /* Holds come by process: most repetitions are seen here. */
        if (list->n && list->processes[list->n - 1] == process)
                return;
        if (list->n == list->room) {
                list->room = list->room ? list->room * 2 : 16;
                list->processes = memory_resize(list->processes, list->room, sizeof(*list->processes));
        }
        list->processes[list->n++] = process;
}

static int compare(const void *a, const void *b)
{
        const struct process *const *x = a, *const *y = b;

        /* The processes of a snapshot lie by pid. */
        return *x < *y ? -1 : *x > *y;
}

static void finish(struct counterparts *list)
{
        size_t n = 0;

        if (list->n)
                qsort(list->processes, list->n, sizeof(*list->processes), compare);
        for (size_t i = 0; i < list->n; i++)
                if (i == 0 || list->processes[i] != list->processes[i - 1])
                        list->processes[n++] = list->processes[i];
        list->n = n;
        if (n)
                list->only_self = false;
}

static bool has_it(const struct hold *hold)
{
        return hold->way == WAY_FD || hold->way == WAY_MAP;
}

/* What its descriptors and mappings of the object allow the process: bits of enum access_word. */
static unsigned rights_of(const struct object *object, const struct process *process)
{
        unsigned access = 0;

        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].process == process && has_it(&object->holds[i]))
                        access |= object->holds[i].access;
        return access;
}

/* The sides of a terminal that the process has, as bits; 0: the object is no terminal. */
static uint64_t sides_of(const struct object *object, const struct process *process)
{
        uint64_t sides = 0;

        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].process == process && object->holds[i].side != SIDE_NONE)
                        sides |= WORD_BIT(object->holds[i].side);
        return sides;
}

/*
 * Holders that can do the opposite: read what is written, write what is read;
 * of a terminal, those on the side where the process is not.
 */
static void add_sides(struct counterparts *list, const struct object *object, const struct process *self,
                      enum direction direction)
{
        unsigned opposite = (direction & DIRECTION_READ ? ACCESS_W : 0) |
                            (direction & DIRECTION_WRITE ? ACCESS_R : 0);
        uint64_t sides = sides_of(object, self);

        for (unsigned i = 0; i < object->nholds; i++) {
                const struct hold *hold = &object->holds[i];

                if (has_it(hold) && hold->access & opposite && !(sides & WORD_BIT(hold->side)))
                        add(list, hold->process, self);
        }
}

/* Memory and counters: what one of the two writes, the other reads. */
static void add_sharers(struct counterparts *list, const struct object *object, const struct process *self)
{
        unsigned own = rights_of(object, self);

        for (unsigned i = 0; i < object->nholds; i++)
                if (has_it(&object->holds[i]) && (own | object->holds[i].access) & ACCESS_W)
                        add(list, object->holds[i].process, self);
}

static void add_holders(struct counterparts *list, const struct object *object, const struct process *self)
{
        for (unsigned i = 0; i < object->nholds; i++)
                if (has_it(&object->holds[i]))
                        add(list, object->holds[i].process, self);
}

static void add_ways(struct counterparts *list, const struct object *object, const struct process *self,
                     enum way_word way)
{
        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].way == way)
                        add(list, object->holds[i].process, self);
}

/* Only what is known of the object itself; what it watches is one step further. */
static void add_direct(struct counterparts *list, const struct object *object, const struct process *self,
                       enum direction direction)
{
        switch (object->key.kind->wake) {
        case WAKE_PEER:
                for (unsigned i = 0; i < object->npeers; i++)
                        add_holders(list, object->peers[i], self);
                break;
        case WAKE_SIDE:
                add_sides(list, object, self, direction);
                break;
        case WAKE_HOLDER:
                add_sharers(list, object, self);
                break;
        case WAKE_LAST:
                add_ways(list, object, self, WAY_LAST);
                break;
        case WAKE_LOCK:
                add_ways(list, object, self, WAY_LOCK);
                break;
        case WAKE_NOBODY:
        case WAKE_WATCHED:
                break;
        }
}

static void add_all(struct counterparts *list, const struct object *object, const struct process *self,
                    enum direction direction)
{
        if (object->key.kind->wake == WAKE_WATCHED)
                for (unsigned i = 0; i < object->npeers; i++)
                        add_direct(list, object->peers[i], self, DIRECTION_BOTH);
        else
                add_direct(list, object, self, direction);
}

/* System calls that bring something or take something; the others wait for either. */
static enum direction direction_of(const char *operation)
{
        static const struct {
                struct text prefix;
                enum direction direction;
        } calls[] = {
                { { "read", 4 }, DIRECTION_READ },           { { "pread", 5 }, DIRECTION_READ },
                { { "recv", 4 }, DIRECTION_READ },           { { "mq_timedreceive", 15 }, DIRECTION_READ },
                { { "write", 5 }, DIRECTION_WRITE },         { { "pwrite", 6 }, DIRECTION_WRITE },
                { { "send", 4 }, DIRECTION_WRITE },          { { "mq_timedsend", 12 }, DIRECTION_WRITE },
                { { "vmsplice", 8 }, DIRECTION_WRITE },
        };

        for (unsigned i = 0; i < COUNT(calls); i++)
                if (text_starts(text_of(operation), calls[i].prefix))
                        return calls[i].direction;
        return DIRECTION_BOTH;
}

void counterparts_of_wait(const struct wait *wait, struct counterparts *ret)
{
        ret->n = 0;
        ret->only_self = false;
        add_all(ret, wait->object, wait->process, direction_of(wait->operation));
        finish(ret);
}

void counterparts_of_holder(const struct object *object, const struct process *process, struct counterparts *ret)
{
        ret->n = 0;
        ret->only_self = false;
        if (object->key.kind->wake != WAKE_WATCHED)
                add_direct(ret, object, process, (enum direction)(rights_of(object, process) & DIRECTION_BOTH));
        finish(ret);
}
