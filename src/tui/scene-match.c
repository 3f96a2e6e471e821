/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is there, and who of them was there before. */
#include "base/memory.h"
#include "tui/scene-private.h"

#include <stdlib.h>

/* --- rosters ---------------------------------------------------------------- */

static bool is_roster_of(const struct roster *roster, const struct snapshot *snapshot)
{
        if (roster->n != snapshot->nobjects)
                return false;
        for (size_t i = 0; i < roster->n; i++)
                if (!subject_equal(roster->subjects[i], subject_of_object(&snapshot->objects[i])))
                        return false;
        return true;
}

struct roster *roster_make(const struct snapshot *snapshot, struct roster *previous)
{
        struct roster *roster;

        if (previous && is_roster_of(previous, snapshot)) {
                atomic_fetch_add(&previous->references, 1);
                return previous;
        }
        roster = memory_new(sizeof(*roster));
        atomic_init(&roster->references, 1);
        roster->n = snapshot->nobjects;
        roster->subjects = memory_resize(NULL, roster->n, sizeof(*roster->subjects));
        map_expect(&roster->places, roster->n);
        for (size_t i = 0; i < roster->n; i++) {
                struct subject *subject = &roster->subjects[i];

                *subject = subject_of_object(&snapshot->objects[i]);
                *map_place(&roster->places, subject->a, subject->b) = subject;
        }
        return roster;
}

void roster_drop(struct roster *roster)
{
        if (!roster || atomic_fetch_sub(&roster->references, 1) > 1)
                return;
        map_done(&roster->places);
        free(roster->subjects);
        free(roster);
}

bool roster_find(const struct roster *roster, struct subject subject, size_t *ret_place)
{
        const struct subject *found = NULL;

        if (subject_type(subject) == SUBJECT_OBJECT)
                found = map_get(&roster->places, subject.a, subject.b);
        if (!found)
                return false;
        *ret_place = (size_t)(found - roster->subjects);
        return true;
}

/* --- matches ---------------------------------------------------------------- */

/* Both lie by pid. */
static const struct process **match_processes(const struct snapshot *now, const struct snapshot *before)
{
        const struct process **processes = memory_new((now->nprocesses + 1) * sizeof(*processes));
        size_t at = 0;

        for (size_t i = 0; i < now->nprocesses; i++) {
                const struct process *process = &now->processes[i];

                while (at < before->nprocesses && before->processes[at].pid < process->pid)
                        at++;
                if (at < before->nprocesses && before->processes[at].pid == process->pid &&
                    before->processes[at].start == process->start)
                        processes[i] = &before->processes[at];
        }
        return processes;
}

/*
 * Both scenes are in the order of objects, so that the object that follows the last
 * one found is mostly the one looked for; the map is for when something came or went.
 */
static const struct object **match_objects(const struct roster *now, const struct scene *previous)
{
        const struct roster *before = previous->roster;
        const struct object **objects = memory_new((now->n + 1) * sizeof(*objects));
        size_t next = 0;

        for (size_t i = 0; i < now->n; i++) {
                struct subject subject = now->subjects[i];

                if ((next >= before->n || !subject_equal(before->subjects[next], subject)) &&
                    !roster_find(before, subject, &next))
                        continue;
                objects[i] = &previous->snapshot->objects[next++];
        }
        return objects;
}

void match_make(struct match *match, const struct roster *roster, const struct scene *previous)
{
        match->before = previous->snapshot;
        if (roster != previous->roster)
                match->objects = match_objects(roster, previous);
        match->processes = match_processes(match->now, match->before);
}

void match_done(struct match *match)
{
        free(match->objects);
        free(match->processes);
}
