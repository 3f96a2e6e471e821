/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From one scene to the next: what is new, changed, gone. */
#include "scene.h"

/* --- what changes -------------------------------------------------------------- */

static void test_first(void **state)
{
        struct builder *builder = begin(0);
        struct scene *scene;

        (void)state;
        add_queue(builder, 7, 3);
        add_plain(builder, 9);
        scene = next(NULL, builder);

        assert_int_equal(scene->number, 1);
        assert_false(track_of(scene, 7)->fresh);
        assert_int_equal(track_of(scene, 7)->changed, 0);
        assert_int_equal(track_of(scene, 7)->first_seen, START);
        assert_true(track_of(scene, 7)->measured);
        assert_int_equal(track_of(scene, 7)->level, 3);
        assert_false(scene_track(scene, &scene->snapshot->objects[1])->measured);
        assert_null(scene_object(scene, subject_of_queue(8)));
        assert_null(scene_object(scene, subject_of(SUBJECT_PROCESS, 7, 1)));
        assert_int_equal(scene->nfresh + scene->ngone + scene->nghosts, 0);
        scene_drop(scene);
}

static uint64_t bit_of(const struct scene *scene, uint64_t id, uint16_t field)
{
        const struct object *object = scene_object(scene, subject_of_queue(id));

        for (unsigned i = 0; i < object->nvalues; i++)
                if (object->values[i].field == field)
                        return UINT64_C(1) << i;
        return 0;
}

static void test_values(void **state)
{
        struct builder *builder = begin(0);
        struct object *object;
        struct scene *scene;

        (void)state;
        object = add_queue(builder, 1, 3);
        builder_text(builder, object, FIELD_NAME, TEXT("one"));
        add_rows(builder, object, 5);
        scene = next(NULL, builder);

        builder = begin(1);
        object = add_queue(builder, 1, 3);
        builder_text(builder, object, FIELD_NAME, TEXT("one"));
        add_rows(builder, object, 5);
        scene = next(scene, builder);
        assert_int_equal(track_of(scene, 1)->changed, 0);

        builder = begin(2);
        object = add_queue(builder, 1, 4);
        builder_text(builder, object, FIELD_NAME, TEXT("two"));
        add_rows(builder, object, 6);
        scene = next(scene, builder);
        assert_int_equal(track_of(scene, 1)->changed,
                         bit_of(scene, 1, FIELD_QUEUED_MESSAGES) | bit_of(scene, 1, FIELD_NAME) |
                         bit_of(scene, 1, FIELD_SEMAPHORES));
        assert_int_equal(track_of(scene, 1)->first_seen, START);

        /* A value that came, and one that is not known any more. */
        builder = begin(3);
        object = builder_object(builder, (struct object_key){ &queues, 1, 1 }, NULL);
        builder_unknown(builder, object, FIELD_QUEUED_MESSAGES);
        builder_uint(builder, object, FIELD_ID, 1);
        scene = next(scene, builder);
        assert_int_equal(track_of(scene, 1)->changed, bit_of(scene, 1, FIELD_QUEUED_MESSAGES));
        assert_false(track_of(scene, 1)->measured);
        scene_drop(scene);
}

/* Samples outlive the scene that they were taken for, also where there is none to add. */
static void test_samples(void **state)
{
        static const float all[] = { 3, 3, 4, 4, 3 };
        static const uint64_t levels[] = { 3, 3, 4, 0, 4, 3 };
        struct scene *scene = NULL;
        unsigned n = 0;

        (void)state;
        for (unsigned i = 0; i < COUNT(levels); i++) {
                struct builder *builder = begin(i);
                struct object *object = builder_object(builder, (struct object_key){ &queues, 1, 1 }, NULL);
                const struct track *track;

                if (levels[i])
                        builder_uint(builder, object, FIELD_QUEUED_MESSAGES, levels[i]);
                else
                        builder_unknown(builder, object, FIELD_QUEUED_MESSAGES);
                scene = next(scene, builder);
                n += levels[i] > 0;
                track = track_of(scene, 1);
                assert_int_equal(track->nsamples, n);
                for (unsigned j = 0; j < n; j++)
                        assert_true((track->samples ? track->samples[j] : (float)track->level) == all[j]);
        }
        scene_drop(scene);
}

static void test_ties(void **state)
{
        struct builder *builder = begin(0);
        struct process *process = builder_process(builder, 10, 5, TEXT("a"));
        struct object *queue = add_queue(builder, 1, 0);
        struct scene *scene;

        (void)state;
        hold(builder, queue, process, 3);
        add_queue(builder, 2, 0);
        scene = next(NULL, builder);

        /* The same pid is another process. */
        builder = begin(1);
        process = builder_process(builder, 10, 6, TEXT("a"));
        queue = add_queue(builder, 1, 0);
        hold(builder, queue, process, 3);
        builder_peer(builder, queue, add_queue(builder, 2, 0));
        scene = next(scene, builder);
        assert_int_equal(track_of(scene, 1)->changed, CHANGED_HOLDERS | CHANGED_PEERS);
        assert_int_equal(track_of(scene, 2)->changed, CHANGED_PEERS);

        builder = begin(2);
        process = builder_process(builder, 10, 6, TEXT("a"));
        queue = add_queue(builder, 1, 0);
        hold(builder, queue, process, 3);
        builder_peer(builder, queue, add_queue(builder, 2, 0));
        builder_wait(builder, (struct wait){ .object = queue, .process = process, .tid = 10, .operation = "msgsnd" });
        scene = next(scene, builder);
        /* Sealing adds the state that somebody waits. */
        assert_int_equal(track_of(scene, 1)->changed, CHANGED_WAITERS | bit_of(scene, 1, FIELD_STATE));
        assert_int_equal(scene->nheld_up, 1);
        assert_int_equal(scene->nblocked, 1);
        scene_drop(scene);
}

/* Names sort objects anew: the map finds what the order does not. */
static void test_came_and_went(void **state)
{
        struct builder *builder = begin(0);
        struct scene *scene;

        (void)state;
        for (uint64_t i = 0; i < 100; i++)
                add_queue(builder, i, i);
        scene = next(NULL, builder);
        builder = begin(1);
        for (uint64_t i = 0; i < 200; i += 2)
                add_queue(builder, i, i);
        scene = next(scene, builder);

        assert_int_equal(scene->nfresh, 50);
        assert_int_equal(scene->ngone, 50);
        assert_int_equal(scene->nghosts, 50);
        for (uint64_t i = 0; i < 200; i += 2) {
                assert_int_equal(track_of(scene, i)->fresh, i >= 100);
                assert_int_equal(track_of(scene, i)->changed, 0);
        }
        scene_drop(scene);
}

/* --- ghosts --------------------------------------------------------------------- */

static void test_ghost(void **state)
{
        struct builder *builder = begin(0);
        struct process *process = builder_process(builder, 10, 5, TEXT("a"));
        struct object *queue = add_queue(builder, 1, 9);
        const struct ghost *ghost;
        struct scene *scene;

        (void)state;
        hold(builder, queue, process, 3);
        builder_text(builder, queue, FIELD_NAME, TEXT("name"));
        add_rows(builder, queue, 6);
        scene = next(NULL, builder);
        scene = next(scene, begin(2));

        ghost = scene_ghost(scene, subject_of_queue(1));
        assert_non_null(ghost);
        assert_int_equal(ghost->gone_at, START + 2 * SECOND);
        assert_int_equal(ghost->object.nholds, 0);
        assert_true(text_equal(ghost->object.ref, TEXT("queue:1")));
        assert_true(text_equal(value_text(row_get(object_row(&ghost->object), FIELD_NAME)), TEXT("name")));
        assert_int_equal(row_get(object_row(&ghost->object), FIELD_SEMAPHORES)->rows[1].values[1].u, 6);
        assert_null(scene_object(scene, subject_of_queue(1)));

        /* Kept from scene to scene, but not for ever. */
        scene = next(scene, begin(4));
        assert_int_equal(scene->ngone, 0);
        ghost = scene_ghost(scene, subject_of_queue(1));
        assert_non_null(ghost);
        assert_int_equal(ghost->gone_at, START + 2 * SECOND);
        assert_true(text_equal(value_text(row_get(object_row(&ghost->object), FIELD_NAME)), TEXT("name")));
        scene = next(scene, begin(7));
        assert_int_equal(scene->nghosts, 0);
        scene_drop(scene);
}

static void test_came_back(void **state)
{
        struct builder *builder = begin(0);
        struct scene *scene;

        (void)state;
        add_queue(builder, 1, 9);
        scene = next(next(NULL, builder), begin(1));
        assert_int_equal(scene->nghosts, 1);
        builder = begin(2);
        add_queue(builder, 1, 9);
        scene = next(scene, builder);
        assert_int_equal(scene->nghosts, 0);
        assert_true(track_of(scene, 1)->fresh);
        assert_int_equal(track_of(scene, 1)->nsamples, 1);
        scene_drop(scene);
}

static void test_clock_set_back(void **state)
{
        struct builder *builder = begin(100);
        struct scene *scene;

        (void)state;
        add_queue(builder, 1, 9);
        scene = next(next(NULL, builder), begin(101));
        assert_int_equal(scene->nghosts, 1);
        scene = next(scene, begin(50));
        assert_int_equal(scene->nghosts, 0);
        scene_drop(scene);
}

static void test_many_ghosts(void **state)
{
        struct builder *builder = begin(0);
        struct scene *scene;

        (void)state;
        for (uint64_t i = 0; i < 2 * GHOSTS_MOST; i++)
                add_queue(builder, i, i);
        scene = next(next(NULL, builder), begin(1));
        assert_int_equal(scene->ngone, 2 * GHOSTS_MOST);
        assert_int_equal(scene->nghosts, GHOSTS_MOST);
        /* The latest push out the others. */
        builder = begin(2);
        for (uint64_t i = 5000; i < 5000 + GHOSTS_MOST; i++)
                add_queue(builder, i, i);
        scene = next(next(scene, builder), begin(3));
        assert_int_equal(scene->nghosts, GHOSTS_MOST);
        assert_int_equal(scene->ghosts[GHOSTS_MOST - 1].gone_at, START + 3 * SECOND);
        scene_drop(scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_first),
                cmocka_unit_test(test_values),
                cmocka_unit_test(test_samples),
                cmocka_unit_test(test_ties),
                cmocka_unit_test(test_came_and_went),
                cmocka_unit_test(test_ghost),
                cmocka_unit_test(test_came_back),
                cmocka_unit_test(test_clock_set_back),
                cmocka_unit_test(test_many_ghosts),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
