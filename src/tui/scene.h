/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_SCENE_H
#define TUI_SCENE_H

/*
 * A snapshot with everything that views want to know about it and that would be
 * too slow to find out while somebody waits for a key: findings, limits, what is new,
 * changed or gone, history. Made away from the screen from the snapshot and the
 * scene before it, then never changed; shared by counting.
 */
#include "report/findings.h"
#include "report/totals.h"
#include "report/verdict.h"
#include "tui/subject.h"

enum { TRACK_SAMPLES = 16, GHOSTS_MOST = 500, GROWERS_MOST = 10, BIGGEST_MOST = 10, BLOCKED_MOST = 64 };
#define GHOST_NS        (INT64_C(5) * 1000 * 1000 * 1000)       /* gone rows are shown that long */

/* Bits of track.changed beside those of the values, by their place in the object. */
#define CHANGED_HOLDERS (UINT64_C(1) << 61)
#define CHANGED_PEERS   (UINT64_C(1) << 62)
#define CHANGED_WAITERS (UINT64_C(1) << 63)

/* What is known of an object over time. */
struct track {
        uint64_t changed;               /* values that differ from a snapshot ago */
        int64_t first_seen;             /* ns since the epoch */
        uint64_t first_level, level;    /* what is measured, then and now: see track_measure() */
        const float *samples;           /* what it was, the oldest first, the last one is `level`; NULL: all are */
        uint8_t nsamples;
        bool fresh;                     /* was not there a snapshot ago, and a snapshot ago there was one */
        bool measured;                  /* the kind has something to measure */
};

/* An object that is not there any more: a copy of its values, without holds, peers and waits. */
struct ghost {
        struct object object;
        int64_t gone_at;
};

/* Who has grown most since it was first seen. */
struct grower {
        const struct object *object;
        uint64_t by;                    /* in the unit of what is measured */
        int64_t since;
};

/* What a process has, summed up. */
struct process_sum {
        unsigned objects[FAMILY_COUNT]; /* that it has, made, or used last: each once */
        uint64_t bytes;                 /* memory of those that it has open or mapped: wholly for each who has it */
        unsigned findings;              /* about it, or about what it has */
        enum severity worst;            /* of them */
};

/* What there is of a family. */
struct family_sum {
        struct totals totals;
        unsigned findings;
};

struct scene_options {
        struct findings_options findings;       /* its lists are borrowed for the call */
        const struct protections *protections;  /* borrowed for life; NULL: none */
        int64_t cost;                           /* ns that collecting took; 0: not known */
        int64_t work;                           /* ns of processors since the scene before; 0: not known */
};

struct scene {
        struct arena arena;
        struct snapshot *snapshot;      /* owned */
        struct findings findings;       /* with the limits, a row for whomever they bind */
        struct judge *judge;            /* ready: verdict_read() is cheap */
        struct track *tracks;           /* one for each object, in their order */
        struct roster *roster;          /* whom a subject means; the one of the scene before, if nobody came or went */
        const struct subject *subjects; /* of each object, in their order: they lie closer together than the objects */
        struct ghost *ghosts;           /* the latest first */
        size_t nghosts;
        struct grower growers[GROWERS_MOST];    /* the most first */
        size_t ngrowers;
        size_t nfresh, ngone;           /* since the scene before */
        struct family_sum families[FAMILY_COUNT];
        struct process_sum *processes;  /* one for each process, in their order */
        const struct object *biggest[BIGGEST_MOST];     /* by memory, the most first */
        size_t nbiggest;
        const struct wait *blocked[BLOCKED_MOST];       /* who is held up, not waiting for work: the longest first */
        size_t nblocked;                /* at most that many */
        size_t nheld_up, nidle;         /* threads that are held up; that wait for work, as servers do */
        int64_t cost;                   /* ns: collecting */
        int64_t work;                   /* ns: of processors, all that the program did since the scene before */
        int64_t made_in;                /* ns: making the scene */
        unsigned number;                /* 1, 2... */
        int references;                 /* atomic */
};

/*
 * Takes the snapshot. previous: NULL, or the scene before; only read, and not
 * kept. Any thread may do it.
 */
struct scene *scene_make(const struct scene *previous, struct snapshot *snapshot, const struct scene_options *options);

/* Scenes are shared: whoever keeps one takes it, and drops it. The last one frees it. Any thread; NULL is fine. */
struct scene *scene_take(struct scene *scene);
void scene_drop(struct scene *scene);

/* The object of a subject, or NULL: it is gone, or no object. */
const struct object *scene_object(const struct scene *scene, struct subject subject);
const struct process *scene_process(const struct scene *scene, struct subject subject);
const struct ghost *scene_ghost(const struct scene *scene, struct subject subject);
const struct track *scene_track(const struct scene *scene, const struct object *object);
const struct process_sum *scene_process_sum(const struct scene *scene, const struct process *process);

/* Is it a call in which servers and workers wait for something to do? Nothing is wrong with that. */
bool wait_is_idle(const struct wait *wait);

/* The field that tells how much an object is used (attached, queued_bytes, ...); false: there is none. */
bool track_measure(const struct kind *kind, uint16_t *ret_field);

/*
 * The samples as a line of `width` columns, in Unicode blocks or the ASCII signs "_.:-=+*#";
 * scaled to the largest of them. Nothing is measured: empty.
 */
void track_sparkline(const struct track *track, unsigned width, bool utf8, struct buf *out);

#endif
