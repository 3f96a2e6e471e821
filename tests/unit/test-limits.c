/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/limits.h"

#include "base/array.h"
#include "model/builder.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NS = 4026531839, OTHER_NS = 4026531900 };

static const uint16_t shm_fields[] = { FIELD_ID, FIELD_OWNER, FIELD_SIZE_BYTES };
static const struct kind_charge shm_charges[] = {
        { .limit = LIMIT_SHMMNI, .how = CHARGE_ONE, .exact = true },
        { .limit = LIMIT_SHMALL, .how = CHARGE_PAGES, .field = FIELD_SIZE_BYTES, .exact = true },
};
static const struct kind shm = {
        .name = "shm", .title = "shm", .scope = NAMESPACE_IPC, .address = ADDRESS_ID,
        .fields = shm_fields, .nfields = COUNT(shm_fields),
        .charges = shm_charges, .ncharges = COUNT(shm_charges),
};

/* An instance with watches: whose it is, only its holders tell. */
static const uint16_t watch_fields[] = { FIELD_WATCH_COUNT };
static const struct kind_charge watch_charges[] = {
        { .limit = LIMIT_INOTIFY_INSTANCES, .how = CHARGE_ONE },
        { .limit = LIMIT_INOTIFY_WATCHES, .how = CHARGE_FIELD, .field = FIELD_WATCH_COUNT },
};
static const struct kind watch = {
        .name = "inotify", .title = "inotify", .address = ADDRESS_FD, .unlisted = true,
        .fields = watch_fields, .nfields = COUNT(watch_fields),
        .charges = watch_charges, .ncharges = COUNT(watch_charges),
};

/* A file, which has a name of its own. */
static const uint16_t file_fields[] = { FIELD_INODE, FIELD_DEV, FIELD_ALLOCATED_BYTES };
static const struct kind_charge file_charges[] = {
        { .limit = LIMIT_DEVSHM_BYTES, .how = CHARGE_FIELD, .field = FIELD_ALLOCATED_BYTES },
};
static const struct kind file = {
        .name = "pshm", .title = "pshm", .address = ADDRESS_ID, .fields = file_fields, .nfields = COUNT(file_fields),
        .charges = file_charges, .ncharges = COUNT(file_charges),
};

static const struct kind *const kinds[] = { &shm, &watch, &file };
static const struct kind_set kind_set = { kinds, COUNT(kinds) };

struct scene {
        struct builder *builder;
        struct snapshot *snapshot;
        struct limit_report report;
        unsigned nobjects;
};

static void begin(struct scene *scene, bool holders)
{
        const struct want want = { .kinds = 7, .holders = holders, .limits = true };

        *scene = (struct scene){ .builder = builder_new(&kind_set, &want) };
        builder_origin(scene->builder)->ipc_ns = NS;
        builder_origin(scene->builder)->page_bytes = 4096;
}

static void report(struct scene *scene, bool every)
{
        scene->snapshot = builder_seal(scene->builder);
        limits_report(scene->snapshot, every, &scene->report);
}

static void end(struct scene *scene)
{
        limits_report_done(&scene->report);
        snapshot_free(scene->snapshot);
}

static void read_value(struct scene *scene, uint16_t limit, uint64_t subject, uint64_t value)
{
        builder_reading(scene->builder, &(struct limit_reading){ .limit = limit, .subject = subject, .value = value });
}

static void add_segment(struct scene *scene, uint64_t ns, uid_t owner, uint64_t size)
{
        struct object_key key = { &shm, ns, scene->nobjects++ };
        struct object *object = builder_object(scene->builder, key, NULL);

        object->ns = ns;
        builder_uint(scene->builder, object, FIELD_ID, key.id);
        builder_uint(scene->builder, object, FIELD_OWNER, owner);
        builder_uint(scene->builder, object, FIELD_SIZE_BYTES, size);
}

static struct process *add_process(struct scene *scene, pid_t pid, uid_t uid)
{
        struct process *process = builder_process(scene->builder, pid, 1, TEXT("p"));

        builder_process_value(scene->builder, process,
                              (struct value){ .field = FIELD_REAL_UID, .type = VALUE_UINT, .u = uid });
        return process;
}

static void add_watches(struct scene *scene, struct process *process, uint64_t count)
{
        struct object_key key = { &watch, (uint64_t)process->pid, scene->nobjects++ };
        struct object *object = builder_object(scene->builder, key, NULL);

        builder_uint(scene->builder, object, FIELD_WATCH_COUNT, count);
        builder_hold(scene->builder, (struct hold){ .object = object, .process = process, .way = WAY_FD });
}

/* Ten segments of a byte use ten pages. */
static void test_pages(void **state)
{
        const struct limit_row *row;
        struct scene scene;

        (void)state;
        begin(&scene, true);
        read_value(&scene, LIMIT_SHMALL, NS, 20);
        read_value(&scene, LIMIT_SHMMNI, NS, 11);
        for (unsigned i = 0; i < 10; i++)
                add_segment(&scene, NS, 1000, 1);
        add_segment(&scene, OTHER_NS, 1000, 1 << 20);
        report(&scene, false);
        row = limits_find(&scene.report, LIMIT_SHMALL);
        assert_non_null(row);
        assert_true(row->known);
        assert_false(row->inferred);
        assert_int_equal(row->used, 10);
        assert_int_equal(row->permille, 500);
        row = limits_find(&scene.report, LIMIT_SHMMNI);
        assert_int_equal(row->used, 10);
        assert_int_equal(row->permille, 909);
        assert_false(row->hit);
        end(&scene);
}

static void test_shares(void **state)
{
        static const uid_t owners[] = { 5, 1, 2, 2, 3, 3, 3, 4, 4 };
        const struct limit_row *row;
        struct scene scene;

        (void)state;
        begin(&scene, true);
        read_value(&scene, LIMIT_SHMMNI, NS, 9);
        for (unsigned i = 0; i < COUNT(owners); i++)
                add_segment(&scene, NS, owners[i], 4096);
        report(&scene, false);
        row = limits_find(&scene.report, LIMIT_SHMMNI);
        assert_true(row->hit);
        assert_int_equal(row->permille, 1000);
        assert_int_equal(row->ntop, LIMIT_TOP);
        assert_true(row->top[0].is_user);
        assert_int_equal(row->top[0].uid, 3);
        assert_int_equal(row->top[0].used, 3);
        /* Of equals the one that was met first. */
        assert_int_equal(row->top[1].uid, 2);
        assert_int_equal(row->top[2].uid, 4);
        end(&scene);
}

static void test_users(void **state)
{
        struct process *mine, *second;
        const struct limit_row *row;
        struct scene scene;

        (void)state;
        begin(&scene, true);
        mine = add_process(&scene, 10, 1000);
        second = add_process(&scene, 11, 1000);
        read_value(&scene, LIMIT_INOTIFY_WATCHES, 1000, 100);
        read_value(&scene, LIMIT_INOTIFY_WATCHES, 1001, 100);
        read_value(&scene, LIMIT_INOTIFY_INSTANCES, 1000, 3);
        add_watches(&scene, mine, 10);
        add_watches(&scene, second, 80);
        add_watches(&scene, mine, 9);
        report(&scene, true);
        assert_int_equal(scene.report.n, 3);
        row = limits_find(&scene.report, LIMIT_INOTIFY_WATCHES);
        assert_int_equal(row->reading->subject, 1000);
        assert_int_equal(row->used, 99);
        assert_true(row->inferred);
        assert_false(row->hit);
        assert_int_equal(row->ntop, 2);
        assert_int_equal(row->top[0].process->pid, 11);
        assert_int_equal(row->top[1].used, 19);
        assert_int_equal(row[1].reading->subject, 1001);
        assert_true(row[1].known);
        assert_int_equal(row[1].used, 0);
        assert_true(limits_find(&scene.report, LIMIT_INOTIFY_INSTANCES)->hit);
        end(&scene);
}

/* Who has but one share of a row: of equals the one that was met first. */
static void test_single_shares(void **state)
{
        static const uint64_t amounts[] = { 4, 9, 7, 9, 7, 1, 8 };
        static const unsigned order[LIMIT_TOP] = { 1, 3, 6 };
        const struct limit_row *row;
        struct scene scene;

        (void)state;
        begin(&scene, true);
        read_value(&scene, LIMIT_FILE_MAX, 0, 100);
        read_value(&scene, LIMIT_THREADS_MAX, 0, 100);
        read_value(&scene, LIMIT_RLIMIT_NPROC, 1000, 100);
        read_value(&scene, LIMIT_DEVSHM_BYTES, 26, 100);
        for (unsigned i = 0; i < COUNT(amounts); i++) {
                struct process *process = add_process(&scene, 10 + (pid_t)i, 1000);
                struct object *object = builder_object(scene.builder, (struct object_key){ &file, 26, 50 + i }, NULL);

                builder_process_value(scene.builder, process, (struct value){
                        .field = FIELD_DESCRIPTOR_COUNT, .type = VALUE_UINT, .u = amounts[i] });
                builder_process_value(scene.builder, process, (struct value){
                        .field = FIELD_THREAD_COUNT, .type = VALUE_UINT, .u = amounts[i] });
                builder_uint(scene.builder, object, FIELD_INODE, 50 + i);
                builder_uint(scene.builder, object, FIELD_DEV, 26);
                builder_uint(scene.builder, object, FIELD_ALLOCATED_BYTES, amounts[i]);
        }
        report(&scene, true);
        for (unsigned i = 0; i < LIMIT_TOP; i++) {
                row = limits_find(&scene.report, LIMIT_FILE_MAX);
                assert_int_equal(row->ntop, LIMIT_TOP);
                assert_int_equal(row->top[i].process->pid, 10 + order[i]);
                assert_int_equal(row->top[i].used, amounts[order[i]]);
                row = limits_find(&scene.report, LIMIT_RLIMIT_NPROC);
                assert_int_equal(row->top[i].process->pid, 10 + order[i]);
                row = limits_find(&scene.report, LIMIT_DEVSHM_BYTES);
                assert_int_equal(row->ntop, LIMIT_TOP);
                assert_int_equal(row->top[i].object->key.id, 50 + order[i]);
                assert_int_equal(row->top[i].used, amounts[order[i]]);
                assert_int_equal(row->used, 45);
        }
        /* All threads of a user are one share. */
        row = limits_find(&scene.report, LIMIT_THREADS_MAX);
        assert_int_equal(row->ntop, 1);
        assert_int_equal(row->top[0].used, 45);
        end(&scene);
}

/* Without a walk nobody knows what only holders tell. */
static void test_unseen(void **state)
{
        const struct limit_row *row;
        struct scene scene;

        (void)state;
        begin(&scene, false);
        read_value(&scene, LIMIT_INOTIFY_WATCHES, 1000, 100);
        read_value(&scene, LIMIT_SEMMNI, NS, 100);
        read_value(&scene, LIMIT_SHMMNI, NS, 100);
        builder_gap(scene.builder, &shm, "/proc/sysvipc/shm", EACCES, NULL);
        report(&scene, false);
        row = limits_find(&scene.report, LIMIT_INOTIFY_WATCHES);
        assert_false(row->known);
        assert_int_equal(row->permille, -1);
        assert_false(limits_find(&scene.report, LIMIT_SEMMNI)->known);
        row = limits_find(&scene.report, LIMIT_SHMMNI);
        assert_true(row->known && row->inferred);
        assert_null(limits_find(&scene.report, LIMIT_MSGMNI));
        end(&scene);
}

static void test_partial(void **state)
{
        struct process *process;
        const struct limit_row *row;
        struct scene scene;
        struct object *object;

        (void)state;
        begin(&scene, true);
        process = add_process(&scene, 10, 1000);
        read_value(&scene, LIMIT_INOTIFY_WATCHES, 1000, 100);
        add_watches(&scene, process, 10);
        object = builder_object(scene.builder, (struct object_key){ &watch, 10, 99 }, NULL);
        builder_unknown(scene.builder, object, FIELD_WATCH_COUNT);
        builder_hold(scene.builder, (struct hold){ .object = object, .process = process, .way = WAY_FD });
        report(&scene, false);
        row = limits_find(&scene.report, LIMIT_INOTIFY_WATCHES);
        assert_int_equal(row->used, 10);
        assert_true(row->partial && row->inferred);
        end(&scene);
}

static struct limit_row count(const struct limit_reading *reading)
{
        struct limit_row row;
        struct scene scene;

        begin(&scene, true);
        builder_reading(scene.builder, reading);
        report(&scene, false);
        assert_int_equal(scene.report.n, 1);
        row = scene.report.rows[0];
        end(&scene);
        return row;
}

static void test_permille(void **state)
{
        static const struct {
                uint64_t value, used;
                int permille;
                bool hit;
        } cases[] = {
                { 1000, 0, 0, false }, { 1000, 999, 999, false }, { 1000, 1000, 1000, true },
                { 1000, 1500, 1500, true }, { 3, 2, 666, false }, { 0, 0, 1000, true }, { 0, 1, INT_MAX, true },
                { UINT64_MAX - 1, UINT64_MAX - 2, 999, false }, { 1, UINT64_MAX, INT_MAX, true },
                { INT64_MAX, INT64_MAX / 2, 499, false },
        };

        (void)state;
        for (unsigned i = 0; i < COUNT(cases); i++) {
                struct limit_row row = count(&(struct limit_reading){
                        .limit = LIMIT_FILE_MAX, .value = cases[i].value, .counted = true, .used = cases[i].used });

                assert_int_equal(row.permille, cases[i].permille);
                assert_int_equal(row.hit, cases[i].hit);
        }
}

static void test_no_percentage(void **state)
{
        struct limit_row row;

        (void)state;
        row = count(&(struct limit_reading){ .limit = LIMIT_FILE_MAX, .unlimited = true, .counted = true, .used = 5 });
        assert_true(row.known && row.permille == -1 && !row.hit);
        row = count(&(struct limit_reading){ .limit = LIMIT_FILE_MAX, .unknown = true, .counted = true, .used = 5 });
        assert_true(row.known && row.permille == -1 && !row.hit);
        /* What bounds each request is not used up. */
        row = count(&(struct limit_reading){ .limit = LIMIT_SHMMAX, .value = 10, .counted = true, .used = 10 });
        assert_true(row.permille == -1 && !row.hit);
}

/* A backlog of 2 lets three in; a message must fit whole; a pool without pages is not full. */
static void test_hit(void **state)
{
        struct limit_row row;

        (void)state;
        row = count(&(struct limit_reading){ .limit = LIMIT_FILE_MAX, .value = 100, .counted = true, .used = 90,
                                             .usual = 10 });
        assert_false(row.hit);
        row = count(&(struct limit_reading){ .limit = LIMIT_FILE_MAX, .value = 100, .counted = true, .used = 91,
                                             .usual = 10 });
        assert_true(row.hit);
        assert_int_equal(row.permille, 910);
        row = count(&(struct limit_reading){ .limit = LIMIT_HUGETLB, .counted = true });
        assert_int_equal(row.permille, 0);
        assert_true(row.hit);
}

static void test_pressure(void **state)
{
        static const struct {
                uint16_t limit;
                uint64_t value, used, usual;
                enum limit_pressure pressure;
        } cases[] = {
                { LIMIT_FILE_MAX, 1000, 0, 0, PRESSURE_NONE }, { LIMIT_FILE_MAX, 1000, 899, 0, PRESSURE_NONE },
                { LIMIT_FILE_MAX, 1000, 900, 0, PRESSURE_NEAR }, { LIMIT_FILE_MAX, 1000, 999, 0, PRESSURE_NEAR },
                { LIMIT_FILE_MAX, 1000, 1000, 0, PRESSURE_HIT }, { LIMIT_FILE_MAX, 1000, 1500, 0, PRESSURE_HIT },
                { LIMIT_FILE_MAX, 1000, 500, 600, PRESSURE_HIT }, { LIMIT_FILE_MAX, 1000, 0, 2000, PRESSURE_NONE },
                { LIMIT_FILE_MAX, 0, 0, 0, PRESSURE_HIT }, { LIMIT_FILE_MAX, 0, 1, 0, PRESSURE_HIT },
                { LIMIT_HUGETLB, 0, 0, 0, PRESSURE_NONE },
                { LIMIT_BACKLOG, 0, 0, 0, PRESSURE_NONE }, { LIMIT_BACKLOG, 2, 2, 0, PRESSURE_NEAR },
                { LIMIT_BACKLOG, 2, 3, 0, PRESSURE_HIT },
        };
        struct limit_row row;

        (void)state;
        for (unsigned i = 0; i < COUNT(cases); i++) {
                row = count(&(struct limit_reading){ .limit = cases[i].limit, .value = cases[i].value, .counted = true,
                                                     .used = cases[i].used, .usual = cases[i].usual });
                assert_int_equal(limit_pressure(&row), cases[i].pressure);
        }
        row = count(&(struct limit_reading){ .limit = LIMIT_FILE_MAX, .unlimited = true, .counted = true, .used = 5 });
        assert_int_equal(limit_pressure(&row), PRESSURE_NONE);
}

static void test_order(void **state)
{
        static const uint64_t used[] = { 10, 99, 50 };
        struct scene scene;

        (void)state;
        begin(&scene, true);
        for (unsigned i = 0; i < COUNT(used); i++)
                builder_reading(scene.builder, &(struct limit_reading){
                        .limit = LIMIT_HUGETLB, .value = 100, .counted = true, .used = used[i], .name = TEXT("x") });
        read_value(&scene, LIMIT_SHMMNI, NS, 1);
        report(&scene, true);
        assert_int_equal(scene.report.n, 4);
        assert_int_equal(scene.report.rows[0].reading->limit, LIMIT_SHMMNI);
        assert_int_equal(scene.report.rows[1].used, 99);
        assert_int_equal(scene.report.rows[2].used, 50);
        assert_int_equal(scene.report.rows[3].used, 10);
        end(&scene);
}

static void test_explain(void **state)
{
        struct limit_cause *causes;
        struct scene scene;
        size_t n;

        (void)state;
        begin(&scene, true);
        read_value(&scene, LIMIT_SHMALL, NS, 100);
        read_value(&scene, LIMIT_SHMMNI, NS, 1);
        read_value(&scene, LIMIT_SHMMNI, OTHER_NS, 1);
        add_segment(&scene, NS, 0, 95 * 4096);
        add_segment(&scene, OTHER_NS, 0, 1);
        report(&scene, true);
        /* newseg() looks at the pages first. */
        n = limits_explain(&scene.report, ENOSPC, "shmget", &causes);
        assert_int_equal(n, 2);
        assert_int_equal(causes[0].failure->limit, LIMIT_SHMALL);
        assert_true(causes[0].near && !causes[0].hit);
        assert_int_equal(causes[0].hits, 0);
        assert_int_equal(causes[1].failure->limit, LIMIT_SHMMNI);
        assert_true(causes[1].near && causes[1].hit);
        assert_int_equal(causes[1].hits, 2);
        free(causes);
        n = limits_explain(&scene.report, EAGAIN, "pthread_create", &causes);
        assert_int_equal(n, 4);
        assert_int_equal(causes[0].failure->limit, LIMIT_RLIMIT_NPROC);
        assert_null(causes[0].row);
        assert_false(causes[0].hit || causes[0].near);
        free(causes);
        assert_int_equal(limits_explain(&scene.report, ENOSPC, "shmge", &causes), 0);
        free(causes);
        assert_int_equal(limits_explain(&scene.report, ESRCH, NULL, &causes), 0);
        free(causes);
        n = limits_explain(&scene.report, ENOSPC, NULL, &causes);
        assert_true(n > 8);
        free(causes);
        end(&scene);
}

/* Names are released: unique, and words of a shell, a filter and a JSON reader. */
static void test_dictionary(void **state)
{
        unsigned n;
        const struct limit_failure *failures = limit_failures(&n);
        bool fails[LIMIT_COUNT] = { 0 };

        (void)state;
        for (uint16_t i = 0; i < LIMIT_COUNT; i++) {
                const struct limit *limit = limit_get(i);
                uint16_t found;

                assert_true(limit_find(text_of(limit->name), &found));
                assert_int_equal(found, i);
                assert_int_equal(strspn(limit->name, "abcdefghijklmnopqrstuvwxyz_"), strlen(limit->name));
                assert_true(*limit->title && *limit->help && *limit->source && *limit->raise);
                assert_int_equal(limit->binds == BINDS_NAMESPACE, limit->scope != NAMESPACE_NONE);
        }
        for (unsigned i = 0; i < n; i++)
                fails[failures[i].limit] = true;
        /* Of these no call ever hears. */
        fails[LIMIT_INOTIFY_QUEUED_EVENTS] = fails[LIMIT_SOMAXCONN] = true;
        for (uint16_t i = 0; i < LIMIT_COUNT; i++)
                if (!fails[i])
                        fail_msg("no call fails because of %s", limit_get(i)->name);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_pages),
                cmocka_unit_test(test_shares),
                cmocka_unit_test(test_users),
                cmocka_unit_test(test_single_shares),
                cmocka_unit_test(test_unseen),
                cmocka_unit_test(test_partial),
                cmocka_unit_test(test_permille),
                cmocka_unit_test(test_no_percentage),
                cmocka_unit_test(test_hit),
                cmocka_unit_test(test_pressure),
                cmocka_unit_test(test_order),
                cmocka_unit_test(test_explain),
                cmocka_unit_test(test_dictionary),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
