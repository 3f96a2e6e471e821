/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_SCENE_PRIVATE_H
#define TUI_SCENE_PRIVATE_H

/* The parts that a scene is made of, in the order in which they are made. Private to tui/scene*.c. */
#include "tui/scene.h"

/* Tracks, ghosts and the map of objects: what became of the scene before. */
void scene_follow(struct scene *scene, const struct scene *previous);

/* Totals of families and processes, the biggest, the blocked: once findings and tracks are there. */
void scene_sum_up(struct scene *scene);

/* Which values of an object differ from what it was: bits as in track.changed. */
uint64_t object_changes(const struct object *now, const struct object *before);

/* A deep copy without holds, peers and waits. */
struct object object_copy(struct arena *arena, const struct object *object);

#endif
