/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/scene-private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <time.h>

static int64_t clock_ns(void)
{
        struct timespec now;

        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        return (int64_t)now.tv_sec * 1000 * 1000 * 1000 + now.tv_nsec;
}

/* Two threads are going to read it: whatever is made at the first use is made here. */
static void make_judge(struct scene *scene, const struct protections *protections)
{
        scene->judge = memory_new(sizeof(*scene->judge));
        judge_init(scene->judge, scene->snapshot, protections);
        judge_prepare(scene->judge);
}

struct scene *scene_make(const struct scene *previous, struct snapshot *snapshot, const struct scene_options *options)
{
        struct scene *scene = memory_new(sizeof(*scene));
        int64_t start = clock_ns();

        arena_init(&scene->arena);
        scene->snapshot = snapshot;
        scene->references = 1;
        scene->number = previous ? previous->number + 1 : 1;
        scene->cost = options->cost;
        scene->work = options->work;
        findings_make(snapshot, &options->findings, &scene->findings);
        make_judge(scene, options->protections);
        scene_follow(scene, previous);
        scene_sum_up(scene);
        scene->made_in = clock_ns() - start;
        return scene;
}

struct scene *scene_take(struct scene *scene)
{
        (void)__atomic_add_fetch(&scene->references, 1, __ATOMIC_RELAXED);
        return scene;
}

void scene_drop(struct scene *scene)
{
        if (!scene || __atomic_sub_fetch(&scene->references, 1, __ATOMIC_ACQ_REL) > 0)
                return;
        judge_done(scene->judge);
        free(scene->judge);
        findings_done(&scene->findings);
        roster_drop(scene->roster);
        arena_done(&scene->arena);
        snapshot_free(scene->snapshot);
        free(scene);
}

const struct object *scene_object(const struct scene *scene, struct subject subject)
{
        size_t place;

        return roster_find(scene->roster, subject, &place) ? &scene->snapshot->objects[place] : NULL;
}

const struct process *scene_process(const struct scene *scene, struct subject subject)
{
        const struct process *process;

        if (subject_type(subject) != SUBJECT_PROCESS)
                return NULL;
        process = snapshot_process(scene->snapshot, (pid_t)subject.b);
        return process && subject_equal(subject_of_process(process), subject) ? process : NULL;
}

const struct ghost *scene_ghost(const struct scene *scene, struct subject subject)
{
        for (size_t i = 0; i < scene->nghosts; i++)
                if (subject_equal(subject_of_object(&scene->ghosts[i].object), subject))
                        return &scene->ghosts[i];
        return NULL;
}

const struct track *scene_track(const struct scene *scene, const struct object *object)
{
        return &scene->tracks[object - scene->snapshot->objects];
}

const struct process_sum *scene_process_sum(const struct scene *scene, const struct process *process)
{
        return &scene->processes[process - scene->snapshot->processes];
}
