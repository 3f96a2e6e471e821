/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of objects from one scene to the next. */
#include "base/array.h"
#include "base/memory.h"
#include "tui/scene-private.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS_MOST = 64 };

bool track_measure(const struct kind *kind, uint16_t *ret_field)
{
        /* The first one that the kind has. */
        static const uint16_t fields[] = {
                FIELD_ATTACHED, FIELD_QUEUED_MESSAGES, FIELD_RECEIVE_QUEUE_BYTES, FIELD_QUEUED_BYTES, FIELD_VALUE,
                FIELD_WAITING, FIELD_COUNTER, FIELD_ALLOCATED_BYTES, FIELD_CQ_PENDING, FIELD_TARGET_COUNT,
                FIELD_WATCH_COUNT, FIELD_MARK_COUNT, FIELD_TICKS,
        };

        for (unsigned i = 0; i < COUNT(fields); i++)
                if (kind_has_field(kind, fields[i])) {
                        *ret_field = fields[i];
                        return true;
                }
        return false;
}

/* Does its kind tell how much it is used, and is that known? */
static bool object_level(const struct object *object, uint16_t field, size_t *hint, uint64_t *ret)
{
        const struct value *value = row_get_at(object_row(object), field, hint);

        if (!value || value->type != VALUE_UINT)
                return false;
        *ret = value->u;
        return true;
}

/* --- tracks ----------------------------------------------------------------- */

/* What the kinds measure, asked once for each. */
struct measures {
        uint16_t fields[KINDS_MOST];
        bool has[KINDS_MOST];
        size_t hints[KINDS_MOST];
};

static void find_measures(const struct kind_set *kinds, struct measures *ret)
{
        *ret = (struct measures){ 0 };
        for (unsigned i = 0; i < kinds->nkinds && i < KINDS_MOST; i++)
                ret->has[i] = track_measure(kinds->kinds[i], &ret->fields[i]);
}

static bool all_equal(const float *samples, unsigned n, float to)
{
        for (unsigned i = 0; i < n; i++)
                if (samples[i] != to)
                        return false;
        return true;
}

/* What never changes needs no list. */
static void add_sample(struct arena *arena, struct track *track, uint64_t level)
{
        const float *old = track->samples;
        unsigned n = track->nsamples, skip = n == TRACK_SAMPLES;
        float *samples;

        track->nsamples = (uint8_t)(n + 1 - skip);
        if (old ? all_equal(old + skip, n - skip, (float)level) : n == 0 || track->level == level) {
                track->samples = NULL;
        } else {
                samples = ARENA_ARRAY(arena, float, TRACK_SAMPLES);
                for (unsigned i = skip; i < n; i++)
                        samples[i - skip] = old ? old[i] : (float)track->level;
                samples[n - skip] = (float)level;
                track->samples = samples;
        }
        track->level = level;
}

/* The scene before is not going to stay, and its samples lie there. */
static void keep_samples(struct arena *arena, struct track *track)
{
        if (track->samples)
                track->samples = memcpy(ARENA_ARRAY(arena, float, TRACK_SAMPLES), track->samples,
                                        track->nsamples * sizeof(*track->samples));
}

static void measure(struct arena *arena, struct track *track, const struct object *object, struct measures *measures)
{
        unsigned kind = object->kind_order;
        uint64_t level;

        track->measured = kind < KINDS_MOST && measures->has[kind] &&
                          object_level(object, measures->fields[kind], &measures->hints[kind], &level);
        if (!track->measured) {
                keep_samples(arena, track);
                return;
        }
        if (track->nsamples == 0)
                track->first_level = level;
        add_sample(arena, track, level);
}

/* What is going to be compared, line by line of memory: that lies in the order in which it was found. */
static void fetch(const struct match *match, const struct object *now)
{
        const struct object *before = match_before(match, now);

        if (!before)
                return;
        object_ahead(now);
        object_ahead(before);
}

static void make_tracks(struct scene *scene, const struct scene *previous, const struct match *match)
{
        const struct snapshot *snapshot = scene->snapshot;
        struct measures measures;

        find_measures(snapshot->kinds, &measures);
        scene->tracks = ARENA_ARRAY(&scene->arena, struct track, snapshot->nobjects);
        for (size_t i = 0; i < snapshot->nobjects; i++) {
                const struct object *object = &snapshot->objects[i], *before = NULL;
                struct track *track = &scene->tracks[i];

                if (previous) {
                        before = match_before(match, object);
                        if (i + OBJECTS_AHEAD < snapshot->nobjects)
                                fetch(match, &snapshot->objects[i + OBJECTS_AHEAD]);
                }
                if (before) {
                        *track = *scene_track(previous, before);
                        track->changed = object_changes(match, object, before);
                        track->fresh = false;
                } else {
                        track->first_seen = snapshot->origin.time;
                        track->fresh = previous;
                        scene->nfresh += track->fresh;
                }
                measure(&scene->arena, track, object, &measures);
        }
}

/* --- ghosts ----------------------------------------------------------------- */

static void add_ghost(struct scene *scene, const struct object *object, int64_t gone_at)
{
        if (scene->nghosts < GHOSTS_MOST)
                scene->ghosts[scene->nghosts++] = (struct ghost){ object_copy(&scene->arena, object), gone_at };
}

/* Of each object of the scene before, whether it is still there. Freed by the caller. */
static bool *find_stayed(const struct match *match)
{
        bool *stayed = memory_new(match->before->nobjects + 1);

        for (size_t i = 0; i < match->now->nobjects; i++) {
                const struct object *before = match_before(match, &match->now->objects[i]);

                if (before)
                        stayed[before - match->before->objects] = true;
        }
        return stayed;
}

static void make_ghosts(struct scene *scene, const struct scene *previous, const struct match *match)
{
        const struct snapshot *before = previous->snapshot;
        int64_t now = scene->snapshot->origin.time;
        /* Everybody stayed: nobody is looked for. */
        bool *stayed = match->objects ? find_stayed(match) : NULL;

        for (size_t i = 0; stayed && i < before->nobjects; i++)
                scene->ngone += !stayed[i];
        if (scene->ngone + previous->nghosts > 0)
                scene->ghosts = ARENA_ARRAY(&scene->arena, struct ghost, GHOSTS_MOST);
        for (size_t i = 0; scene->ngone && i < before->nobjects; i++)
                if (!stayed[i])
                        add_ghost(scene, &before->objects[i], now);
        for (size_t i = 0; i < previous->nghosts; i++) {
                const struct ghost *ghost = &previous->ghosts[i];

                /* A clock that was set back makes no ghost immortal. */
                if (now - ghost->gone_at < GHOST_NS && now >= ghost->gone_at &&
                    !scene_object(scene, subject_of_object(&ghost->object)))
                        add_ghost(scene, &ghost->object, ghost->gone_at);
        }
        free(stayed);
}

/* --- growth ----------------------------------------------------------------- */

/* A message, an attach and a page of bytes weigh alike. */
static uint64_t weight(const struct object *object, uint64_t by)
{
        uint16_t field;

        return track_measure(object->key.kind, &field) && field_get(field)->unit == UNIT_BYTES ? by / 4096 : by;
}

static void add_grower(struct scene *scene, const struct object *object, const struct track *track)
{
        uint64_t by = track->level - track->first_level, heavy = weight(object, by);
        size_t at = scene->ngrowers;

        if (heavy == 0)
                return;
        while (at > 0 && weight(scene->growers[at - 1].object, scene->growers[at - 1].by) < heavy)
                at--;
        if (at == GROWERS_MOST)
                return;
        if (scene->ngrowers < GROWERS_MOST)
                scene->ngrowers++;
        memmove(&scene->growers[at + 1], &scene->growers[at],
                (scene->ngrowers - at - 1) * sizeof(scene->growers[0]));
        scene->growers[at] = (struct grower){ object, by, track->first_seen };
}

void scene_follow(struct scene *scene, const struct scene *previous)
{
        struct match match = { .now = scene->snapshot };

        scene->roster = roster_make(scene->snapshot, previous ? previous->roster : NULL);
        scene->subjects = scene->roster->subjects;
        if (previous)
                match_make(&match, scene->roster, previous);
        make_tracks(scene, previous, &match);
        if (previous)
                make_ghosts(scene, previous, &match);
        match_done(&match);
        for (size_t i = 0; i < scene->snapshot->nobjects; i++)
                if (scene->tracks[i].measured && scene->tracks[i].level > scene->tracks[i].first_level)
                        add_grower(scene, &scene->snapshot->objects[i], &scene->tracks[i]);
}

/* --- as a line -------------------------------------------------------------- */

void track_sparkline(const struct track *track, unsigned width, bool utf8, struct buf *out)
{
        static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
        static const char signs[] = "_.:-=+*#";
        unsigned n = track->nsamples < width ? track->nsamples : width;
        float samples[TRACK_SAMPLES], most = 0;

        if (!track->measured)
                return;
        for (unsigned i = 0; i < n; i++)
                samples[i] = track->samples ? track->samples[track->nsamples - n + i] : (float)track->level;
        for (unsigned i = 0; i < n; i++)
                most = samples[i] > most ? samples[i] : most;
        for (unsigned i = n; i < width; i++)
                buf_byte(out, ' ');
        for (unsigned i = 0; i < n; i++) {
                /* What is little is still more than nothing. */
                unsigned step = samples[i] > 0 ? 1 + (unsigned)(samples[i] / most * 6) : 0;

                if (utf8)
                        buf_string(out, blocks[step]);
                else
                        buf_byte(out, signs[step]);
        }
}
