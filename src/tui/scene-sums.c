/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a scene comes to: of families and of processes, and who stands out. */
#include "base/array.h"
#include "base/memory.h"
#include "tui/scene-private.h"

#include <stdlib.h>

/* --- objects ---------------------------------------------------------------- */

struct big {
        const struct object *object;
        uint64_t bytes;
};

static void add_big(struct big *list, size_t *n, struct big big)
{
        size_t at = *n;

        while (at > 0 && list[at - 1].bytes < big.bytes)
                at--;
        if (at == BIGGEST_MOST)
                return;
        if (*n < BIGGEST_MOST)
                ++*n;
        memmove(&list[at + 1], &list[at], (*n - at - 1) * sizeof(*list));
        list[at] = big;
}

/* memory: of each object, what it takes as far as that is known; filled in. */
static void sum_objects(struct scene *scene, uint64_t *memory)
{
        struct big list[BIGGEST_MOST];

        for (size_t i = 0; i < scene->snapshot->nobjects; i++) {
                const struct object *object = &scene->snapshot->objects[i];
                struct totals *totals = &scene->families[object->key.kind->family].totals;
                uint64_t before = totals->memory;

                totals_add(totals, object);
                memory[i] = totals->memory - before;
                if (memory[i] > 0)
                        add_big(list, &scene->nbiggest, (struct big){ object, memory[i] });
        }
        for (size_t i = 0; i < scene->nbiggest; i++)
                scene->biggest[i] = list[i].object;
}

/* --- processes -------------------------------------------------------------- */

/* Only who has it keeps it: who made it, or used it last, need not. */
static bool keeps_memory(const struct hold *hold)
{
        return hold->way == WAY_FD || hold->way == WAY_MAP;
}

static void sum_process(const struct scene *scene, const struct process *process, const uint64_t *memory,
                        struct process_sum *sum)
{
        const struct object *object = NULL;
        bool counted = false;

        /* All holds of an object come in one run. */
        for (unsigned i = 0; i < process->nholds; i++) {
                const struct hold *hold = process->holds[i];

                if (hold->object != object) {
                        object = hold->object;
                        counted = false;
                        sum->objects[object->key.kind->family]++;
                }
                if (!counted && keeps_memory(hold)) {
                        counted = true;
                        sum->bytes += memory[object - scene->snapshot->objects];
                }
        }
}

static void add_finding(struct scene *scene, const struct process *process, const struct finding *finding)
{
        struct process_sum *sum = &scene->processes[process - scene->snapshot->processes];

        if (sum->findings == 0 || finding->severity > sum->worst)
                sum->worst = finding->severity;
        sum->findings++;
}

/* Of those around a cycle each one counts; of others the process that it is about, else all that have the object. */
static void sum_finding(struct scene *scene, const struct finding *finding)
{
        const struct process *last = NULL;

        if (finding->object)
                scene->families[finding->object->key.kind->family].findings++;
        if (finding->ncycle)
                for (unsigned i = 0; i < finding->ncycle; i++)
                        add_finding(scene, finding->cycle[i]->process, finding);
        else if (finding->process)
                add_finding(scene, finding->process, finding);
        else if (finding->object)
                for (unsigned i = 0; i < finding->object->nholds; i++) {
                        if (finding->object->holds[i].process != last)
                                add_finding(scene, finding->object->holds[i].process, finding);
                        last = finding->object->holds[i].process;
                }
}

/* --- who is blocked ----------------------------------------------------------- */

bool wait_is_idle(const struct wait *wait)
{
        static const struct text idle[] = {
                { "read", 4 }, { "pread", 5 }, { "recv", 4 }, { "accept", 6 }, { "epoll", 5 }, { "poll", 4 },
                { "ppoll", 5 }, { "select", 6 }, { "pselect", 7 }, { "msgrcv", 6 }, { "mq_timedreceive", 15 },
                { "io_uring", 8 }, { "io_", 3 }, { "rt_sig", 6 }, { "wait", 4 }, { "splice", 6 }, { "_newselect", 10 },
        };

        for (unsigned i = 0; i < COUNT(idle); i++)
                if (text_starts(text_of(wait->operation), idle[i]))
                        return true;
        return false;
}

/* The longest first; of those whose time is not known the order of pids. */
static bool comes_before(const struct wait *a, const struct wait *b)
{
        if (!a->since != !b->since)
                return a->since;
        return a->since < b->since;
}

static void add_blocked(struct scene *scene, const struct wait *wait)
{
        size_t at = scene->nblocked;

        while (at > 0 && comes_before(wait, scene->blocked[at - 1]))
                at--;
        if (at == BLOCKED_MOST)
                return;
        if (scene->nblocked < BLOCKED_MOST)
                scene->nblocked++;
        memmove(&scene->blocked[at + 1], &scene->blocked[at],
                (scene->nblocked - at - 1) * sizeof(scene->blocked[0]));
        scene->blocked[at] = wait;
}

static void sum_waits(struct scene *scene, const struct process *process)
{
        pid_t tid = -1;

        /* A thread that waits for many has a row for each, in a run mostly: it counts once. */
        for (unsigned i = 0; i < process->nwaits; i++) {
                const struct wait *wait = process->waits[i];
                bool again = wait->tid == tid;

                tid = wait->tid;
                if (wait_is_idle(wait)) {
                        scene->nidle += !again;
                } else {
                        scene->nheld_up += !again;
                        add_blocked(scene, wait);
                }
        }
}

void scene_sum_up(struct scene *scene)
{
        const struct snapshot *snapshot = scene->snapshot;
        uint64_t *memory = memory_resize(NULL, snapshot->nobjects, sizeof(*memory));

        sum_objects(scene, memory);
        scene->processes = ARENA_ARRAY(&scene->arena, struct process_sum, snapshot->nprocesses);
        for (size_t i = 0; i < snapshot->nprocesses; i++) {
                sum_process(scene, &snapshot->processes[i], memory, &scene->processes[i]);
                sum_waits(scene, &snapshot->processes[i]);
        }
        free(memory);
        for (size_t i = 0; i < scene->findings.n; i++)
                sum_finding(scene, &scene->findings.list[i]);
}
