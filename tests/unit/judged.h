/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_JUDGED_H
#define TESTS_UNIT_JUDGED_H

/*
 * A machine made by hand, upon which the rules of findings are put: processes,
 * objects, who has them and who waits for them. Include it behind cmocka.h.
 */
#include "base/array.h"
#include "base/buf.h"
#include "kind/kinds.h"
#include "model/builder.h"
#include "report/findings.h"

#define SECOND INT64_C(1000000000)
#define NOW (INT64_C(1760000000) * SECOND)
#define PID_NAMESPACE 0xEFFFFFFCu

enum { PROCESSES = 8 };

struct scene {
        struct builder *builder;
        struct process *processes[PROCESSES];   /* pids 100... */
        uint64_t threads[PROCESSES], caught[PROCESSES];
        unsigned n;
        struct snapshot *snapshot;
        struct findings findings;
};

static inline int setup(void **state)
{
        static struct scene scene;
        const struct want want = { .kinds = (UINT64_C(1) << all_kinds.nkinds) - 1, .holders = true, .waiters = true,
                                   .processes = true, .limits = true };

        scene = (struct scene){ .builder = builder_new(&all_kinds, &want) };
        builder_origin(scene.builder)->time = NOW;
        builder_origin(scene.builder)->pid_ns = PID_NAMESPACE;
        *state = &scene;
        return 0;
}

static inline int teardown(void **state)
{
        struct scene *scene = *state;

        findings_done(&scene->findings);
        snapshot_free(scene->snapshot);
        return 0;
}

static inline void set(struct scene *scene, unsigned process, uint16_t field, uint64_t number)
{
        builder_process_value(scene->builder, scene->processes[process],
                              (struct value){ .field = field, .type = field_get(field)->type, .u = number });
}

/* So many processes, of one thread each that catches no signal. */
static inline void people(struct scene *scene, unsigned n)
{
        for (unsigned i = 0; i < n; i++) {
                char name[] = { (char)('A' + i), 0 };

                scene->processes[i] = builder_process(scene->builder, 100 + (pid_t)i, 1, text_of(name));
                scene->threads[i] = 1;
        }
        scene->n = n;
}

static inline struct object *make(struct scene *scene, const struct kind *kind, uint64_t id)
{
        struct object *object = builder_object(scene->builder, (struct object_key){ kind, 0, id }, NULL);

        builder_uint(scene->builder, object, FIELD_INODE, id);
        builder_state(scene->builder, object, 0, false);
        return object;
}

static inline void hold(struct scene *scene, struct object *object, unsigned process, enum way_word way,
                        enum access_word access)
{
        builder_hold(scene->builder, (struct hold){ .object = object, .process = scene->processes[process], .way = way,
                                                    .access = access, .fd = way == WAY_FD ? 3 : -1 });
}

static inline struct wait *waiting(struct scene *scene, struct wait *wait, struct object *object,
                                   unsigned process, const char *operation)
{
        *wait = (struct wait){ .object = object, .process = scene->processes[process], .tid = 100 + (pid_t)process,
                               .operation = operation, .since = NOW - 60 * SECOND };
        return wait;
}

static inline void wait_on(struct scene *scene, struct object *object, unsigned process, const char *operation)
{
        struct wait wait;

        builder_wait(scene->builder, *waiting(scene, &wait, object, process, operation));
}

/* A pipe from one to the other. */
static inline struct object *pipe_between(struct scene *scene, uint64_t id, unsigned from, unsigned to)
{
        struct object *pipe = make(scene, &kind_pipe, id);

        hold(scene, pipe, from, WAY_FD, ACCESS_W);
        hold(scene, pipe, to, WAY_FD, ACCESS_R);
        return pipe;
}

static inline void judge(struct scene *scene, uint64_t rules)
{
        const struct findings_options options = { .rules = rules, .utf8 = true };

        for (unsigned i = 0; i < scene->n; i++) {
                set(scene, i, FIELD_THREAD_COUNT, scene->threads[i]);
                set(scene, i, FIELD_SIGNALS_CAUGHT, scene->caught[i]);
        }
        scene->snapshot = builder_seal(scene->builder);
        findings_make(scene->snapshot, &options, &scene->findings);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
