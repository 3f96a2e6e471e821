/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_SCENE_PRIVATE_H
#define TUI_SCENE_PRIVATE_H

/* The parts that a scene is made of, in the order in which they are made. Private to tui/scene*.c. */
#include "tui/scene.h"

#include <stdatomic.h>

/* Tracks, ghosts and the map of objects: what became of the scene before. */
void scene_follow(struct scene *scene, const struct scene *previous);

/* Totals of families and processes, the biggest, the blocked: once findings and tracks are there. */
void scene_sum_up(struct scene *scene);

/*
 * Who is there: shared from scene to scene, by counting, as long as nobody comes or goes. What holds
 * for an object stands at its place in `subjects`.
 */
struct roster {
        struct subject *subjects;       /* of each object, in their order */
        size_t n;
        struct map places;              /* subject -> itself, in subjects */
        atomic_uint references;
};

/* That of the snapshot: a new one, or the previous one (NULL: there is none) once more. */
struct roster *roster_make(const struct snapshot *snapshot, struct roster *previous);
void roster_drop(struct roster *roster);        /* NULL is fine */
/* False: none of them. */
bool roster_find(const struct roster *roster, struct subject subject, size_t *ret_place);

/* What of a snapshot was there in the one before, and where. */
struct match {
        const struct snapshot *now, *before;
        const struct object **objects;  /* what each object was, NULL: it is new. No array: all are where they were */
        const struct process **processes;       /* what each process was, NULL: it is new */
};

/* match->now is given; roster: its own. */
void match_make(struct match *match, const struct roster *roster, const struct scene *previous);
void match_done(struct match *match);

static inline const struct object *match_before(const struct match *match, const struct object *now)
{
        size_t place = (size_t)(now - match->now->objects);

        return match->objects ? match->objects[place] : &match->before->objects[place];
}

/* Which values of an object differ from what it was: bits as in track.changed. */
uint64_t object_changes(const struct match *match, const struct object *now, const struct object *before);

/* A deep copy without holds, peers and waits. */
struct object object_copy(struct arena *arena, const struct object *object);

#endif
