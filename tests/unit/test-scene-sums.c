/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a scene comes to; and that it may be read while the next one is made, for ever. */
#include "scene.h"

#include <malloc.h>
#include <pthread.h>

/* --- history --------------------------------------------------------------------- */

static struct scene *feed(struct scene *scene, int64_t second, uint64_t messages)
{
        struct builder *builder = begin(second);

        add_queue(builder, 1, messages);
        return next(scene, builder);
}

static void assert_line(const struct track *track, unsigned width, bool utf8, const char *expected)
{
        struct buf out = { 0 };

        track_sparkline(track, width, utf8, &out);
        assert_string_equal(out.data ? out.data : "", expected);
        buf_done(&out);
}

static void test_sparkline(void **state)
{
        struct scene *scene = feed(NULL, 0, 0);

        (void)state;
        scene = feed(scene, 1, 1);
        scene = feed(scene, 2, 50);
        scene = feed(scene, 3, 100);
        assert_line(track_of(scene, 1), 8, false, "    _.=#");
        assert_line(track_of(scene, 1), 8, true, "    ▁▂▅█");
        assert_line(track_of(scene, 1), 2, false, "=#");
        for (int64_t i = 4; i < 40; i++)
                scene = feed(scene, i, 0);
        assert_int_equal(track_of(scene, 1)->nsamples, TRACK_SAMPLES);
        assert_line(track_of(scene, 1), 4, false, "____");
        assert_line(&(struct track){ 0 }, 4, false, "");
        scene = feed(scene, 40, UINT64_MAX);
        assert_line(track_of(scene, 1), 4, false, "___#");
        scene_drop(scene);
}

static void test_growers(void **state)
{
        struct builder *builder = begin(0);
        struct scene *scene;

        (void)state;
        for (uint64_t i = 0; i < 40; i++)
                add_queue(builder, i, 10);
        add_memory(builder, 100, 0);
        add_memory(builder, 101, 4096);
        scene = next(NULL, builder);
        assert_int_equal(scene->ngrowers, 0);

        builder = begin(9);
        for (uint64_t i = 0; i < 40; i++)
                add_queue(builder, i, 10 + i * 7 % 40);
        add_memory(builder, 100, 1 << 20);
        add_memory(builder, 101, 4096 + 100);   /* less than a page: noise */
        scene = next(scene, builder);
        assert_int_equal(scene->ngrowers, GROWERS_MOST);
        assert_int_equal(scene->growers[0].object->key.id, 100);
        assert_int_equal(scene->growers[0].by, 1 << 20);
        assert_int_equal(scene->growers[0].since, START);
        for (unsigned i = 1; i < GROWERS_MOST; i++)
                assert_int_equal(scene->growers[i].by, 40 - i);
        scene_drop(scene);
}

/* --- sums --------------------------------------------------------------------------- */

static void test_sums(void **state)
{
        struct builder *builder = begin(0);
        struct process *a = builder_process(builder, 10, 5, TEXT("a"));
        struct process *b = builder_process(builder, 11, 5, TEXT("b"));
        struct object *memory = add_memory(builder, 100, 1 << 20), *small = add_memory(builder, 101, 4096);
        struct object *plain = add_plain(builder, 102), *orphan = add_memory(builder, 103, 8192);
        struct scene *scene;

        (void)state;
        builder_state(builder, orphan, WORD_BIT(STATE_ORPHAN), true);
        hold(builder, memory, a, 3);
        hold(builder, memory, a, 4);            /* once more: counts once */
        hold(builder, memory, b, 3);
        hold(builder, plain, a, 5);
        builder_hold(builder, (struct hold){ .object = small, .process = a, .way = WAY_CREATOR, .fd = -1 });
        builder_wait(builder, (struct wait){ .object = plain, .process = a, .tid = 10, .operation = "epoll_wait" });
        builder_wait(builder, (struct wait){ .object = memory, .process = b, .tid = 11, .operation = "futex",
                                             .since = START - 5 * SECOND });
        builder_wait(builder, (struct wait){ .object = memory, .process = b, .tid = 12, .operation = "futex",
                                             .since = START - 9 * SECOND });
        scene = next(NULL, builder);

        assert_int_equal(scene->families[FAMILY_POSIX].totals.objects, 3);
        assert_int_equal(scene->families[FAMILY_POSIX].totals.orphans, 1);
        assert_int_equal(scene->families[FAMILY_POSIX].totals.memory, (1 << 20) + 4096 + 8192);
        assert_int_equal(scene->families[FAMILY_OTHER].totals.objects, 1);
        assert_int_equal(scene->processes[0].objects[FAMILY_POSIX], 2);
        assert_int_equal(scene->processes[0].objects[FAMILY_OTHER], 1);
        assert_int_equal(scene->processes[0].bytes, 1 << 20);
        assert_int_equal(scene->processes[1].bytes, 1 << 20);
        assert_int_equal(scene->nbiggest, 3);
        assert_int_equal(scene->biggest[0]->key.id, 100);
        assert_int_equal(scene->biggest[2]->key.id, 101);
        assert_int_equal(scene->nidle, 1);
        assert_int_equal(scene->nheld_up, 2);
        assert_int_equal(scene->nblocked, 2);
        assert_int_equal(scene->blocked[0]->tid, 12);
        assert_ptr_equal(scene_process(scene, subject_of_process(&scene->snapshot->processes[1])),
                         &scene->snapshot->processes[1]);
        assert_null(scene_process(scene, subject_of(SUBJECT_PROCESS, 6, 11)));
        scene_drop(scene);
}

static void test_empty(void **state)
{
        struct scene *scene = next(NULL, begin(0));

        (void)state;
        scene = next(scene, begin(1));
        assert_int_equal(scene->number, 2);
        assert_int_equal(scene->snapshot->nobjects + scene->nghosts + scene->nbiggest + scene->nblocked, 0);
        scene_drop(scene);
        scene_drop(NULL);
}

/* --- threads, memory ------------------------------------------------------------------ */

static struct builder *many(int64_t second, uint64_t n)
{
        struct builder *builder = begin(second);
        struct process *process = builder_process(builder, 10, 5, TEXT("a"));

        for (uint64_t i = 0; i < n; i++)
                hold(builder, add_queue(builder, i + (uint64_t)second % 7, i + (uint64_t)second), process, (int)i);
        return builder;
}

struct task {
        const struct scene *previous;
        struct snapshot *snapshot;
        struct scene *scene;
};

static void *make_in_thread(void *data)
{
        const struct scene_options options = { .findings = { .rules = FINDING_ALL } };
        struct task *task = data;

        task->scene = scene_make(task->previous, task->snapshot, &options);
        return NULL;
}

/* What a browser does: it reads a scene while the next one is made of it. */
static uint64_t read_all(struct scene *scene)
{
        struct buf line = { 0 };
        uint64_t sum = 0;

        for (size_t i = 0; i < scene->snapshot->nobjects; i++) {
                const struct object *object = &scene->snapshot->objects[i];
                struct verdict_report report;

                verdict_read(scene->judge, object, &report);
                sum += report.verdict + scene_track(scene, object)->changed;
                sum += scene_object(scene, subject_of_object(object)) == object;
                buf_clear(&line);
                track_sparkline(scene_track(scene, object), 8, true, &line);
        }
        for (size_t i = 0; i < scene->nghosts; i++)
                sum += scene->ghosts[i].object.nvalues;
        buf_done(&line);
        return sum;
}

static void test_threads(void **state)
{
        struct scene *scene = next(NULL, many(0, 500));

        (void)state;
        for (int64_t i = 1; i < 20; i++) {
                struct task task = { scene_take(scene), builder_seal(many(i, 500)), NULL };
                pthread_t thread;

                assert_int_equal(pthread_create(&thread, NULL, make_in_thread, &task), 0);
                assert_true(read_all(scene) >= 500);
                scene_drop(scene);      /* the thread's own share keeps it */
                assert_int_equal(pthread_join(thread, NULL), 0);
                scene_drop((struct scene *)task.previous);
                scene = task.scene;
                assert_int_equal(scene->number, i + 1);
        }
        scene_drop(scene);
}

enum { REFRESHES = 10000, SETTLED = 100, SLACK = 256 * 1024 };

static void test_no_growth(void **state)
{
        struct scene *scene = NULL;
        size_t used = 0, allocated = 0;

        (void)state;
        for (int64_t i = 0; i < REFRESHES; i++) {
                scene = next(scene, many(i, 30));
                if (i == SETTLED) {
                        used = scene->arena.used;
                        allocated = mallinfo2().uordblks;
                }
        }
        assert_int_equal(scene->number, REFRESHES);
        assert_in_range(scene->arena.used, 1, 2 * used);
        /* Sanitizers have an allocator of their own, which tells nothing here, but finds leaks. */
        assert_in_range(mallinfo2().uordblks, 0, allocated + SLACK);
        scene_drop(scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_sparkline),
                cmocka_unit_test(test_growers),
                cmocka_unit_test(test_sums),
                cmocka_unit_test(test_empty),
                cmocka_unit_test(test_threads),
                cmocka_unit_test(test_no_growth),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
