/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/plan.h"

#include "base/array.h"
#include "model/acts.h"
#include "model/builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ME = 1000, OTHER = 1001, NAMESPACE = 7 };

static int remove_nothing(struct act *act)
{
        (void)act;
        return 0;
}

static const char *never_big(const struct object *object)
{
        const struct value *size = row_get(object_row(object), FIELD_SIZE_BYTES);

        return size && size->u > 1 << 20 ? "too big to go" : NULL;
}

static const struct acts acts = { .remove = remove_nothing };
static const struct acts picky = { .remove = remove_nothing, .irremovable = never_big };
static const uint16_t fields[] = {
        FIELD_ID, FIELD_KEY, FIELD_OWNER, FIELD_CREATOR, FIELD_STATE, FIELD_SIZE_BYTES, FIELD_ATTACHED,
        FIELD_RESIDENT_BYTES, FIELD_SWAPPED_BYTES, FIELD_QUEUED_MESSAGES, FIELD_QUEUED_BYTES, FIELD_LINKED,
};

#define KIND(name_, acts_, ...) { .name = name_, .title = name_, .address = ADDRESS_ID, .fields = fields, \
                                  .nfields = COUNT(fields), .acts = acts_, __VA_ARGS__ }

enum { COUNTED, UNCOUNTED, PICKY, NAMELESS };

static const struct kind kind_list[] = {
        KIND("shm", &acts, .consequence = "they keep it"),
        KIND("msg", &acts, .uncounted = true, .consequence = "messages are lost"),
        KIND("picky", &picky, .consequence = "nothing"),
        KIND("pipe", NULL),
};
static const struct kind *const kinds[] = { &kind_list[0], &kind_list[1], &kind_list[2], &kind_list[3] };
static const struct kind_set kind_set = { kinds, COUNT(kinds) };

struct scene {
        struct builder *builder;
        struct process *process;
        struct snapshot *snapshot;
        struct plan plan;
        struct protections *protections;
};

static int setup(void **state)
{
        static struct scene scene;
        const struct want want = { .kinds = 0xf, .holders = true, .waiters = true };

        scene = (struct scene){ .builder = builder_new(&kind_set, &want), .protections = protections_new() };
        builder_origin(scene.builder)->uid = ME;
        scene.process = builder_process(scene.builder, 100, 1, TEXT("worker"));
        *state = &scene;
        return 0;
}

static int teardown(void **state)
{
        struct scene *scene = *state;

        plan_done(&scene->plan);
        protections_free(scene->protections);
        snapshot_free(scene->snapshot);
        return 0;
}

static struct object *make(struct scene *scene, unsigned kind, uint64_t id, uint64_t owner, uint64_t key)
{
        struct object *object = builder_object(scene->builder, (struct object_key){ kinds[kind], NAMESPACE, id }, NULL);

        object->ns = NAMESPACE;
        builder_uint(scene->builder, object, FIELD_OWNER, owner);
        builder_uint(scene->builder, object, FIELD_KEY, key);
        return object;
}

static void hold(struct scene *scene, struct object *object, enum way_word way)
{
        builder_hold(scene->builder, (struct hold){ .object = object, .process = scene->process, .way = way,
                                                    .fd = way == WAY_FD ? 3 : -1, .maps = way == WAY_MAP });
}

static void plan_all(struct scene *scene, bool force, bool protected)
{
        struct plan_options options = { force, protected, scene->protections };
        const struct object *objects[64];

        if (!scene->snapshot)
                scene->snapshot = builder_seal(scene->builder);
        plan_done(&scene->plan);
        for (size_t i = 0; i < scene->snapshot->nobjects; i++)
                objects[i] = objects[scene->snapshot->nobjects + i] = &scene->snapshot->objects[i];
        /* Each named twice, and planned once. */
        plan_make(scene->snapshot, objects, scene->snapshot->nobjects * 2, &options, &scene->plan);
        assert_int_equal(scene->plan.n, scene->snapshot->nobjects);
        assert_int_equal(scene->plan.nchosen + scene->plan.nrefused, scene->plan.n);
}

static const struct plan_row *row(const struct scene *scene, unsigned kind, uint64_t id)
{
        for (size_t i = 0; i < scene->plan.n; i++)
                if (scene->plan.rows[i].object->key.kind == kinds[kind] && scene->plan.rows[i].object->key.id == id)
                        return &scene->plan.rows[i];
        fail_msg("no row for %s:%d", kinds[kind]->name, (int)id);
        return NULL;
}

static void assert_row(const struct scene *scene, unsigned kind, uint64_t id, enum verdict verdict, bool chosen)
{
        const struct plan_row *found = row(scene, kind, id);

        assert_string_equal(verdict_word(found->verdict.verdict), verdict_word(verdict));
        assert_int_equal(found->chosen, chosen);
        assert_true(found->verdict.nreasons >= 1);
}

static void test_free_and_orphan(void **state)
{
        struct scene *scene = *state;
        struct object *free_one = make(scene, COUNTED, 1, ME, 0), *orphan = make(scene, COUNTED, 2, ME, 0);

        builder_uint(scene->builder, free_one, FIELD_ATTACHED, 0);
        builder_uint(scene->builder, free_one, FIELD_RESIDENT_BYTES, 4096);
        builder_uint(scene->builder, free_one, FIELD_SWAPPED_BYTES, 8192);
        builder_uint(scene->builder, orphan, FIELD_ATTACHED, 0);
        builder_state(scene->builder, orphan, WORD_BIT(STATE_ORPHAN), true);
        plan_all(scene, false, false);
        assert_row(scene, COUNTED, 1, VERDICT_FREE, true);
        assert_row(scene, COUNTED, 2, VERDICT_ORPHAN, true);
        assert_false(row(scene, COUNTED, 1)->verdict.inferred);
        assert_true(row(scene, COUNTED, 2)->verdict.inferred);
        assert_false(row(scene, COUNTED, 1)->forced);
        assert_int_equal(scene->plan.bytes, 12288);
        assert_int_equal(scene->plan.by_verdict[VERDICT_FREE], 1);
        assert_int_equal(scene->plan.by_verdict[VERDICT_ORPHAN], 1);
        assert_int_equal(scene->plan.nforced + scene->plan.nothers, 0);
        assert_string_equal(row(scene, COUNTED, 1)->verdict.consequence, "they keep it");
}

static void test_in_use(void **state)
{
        struct scene *scene = *state;
        struct object *mapped = make(scene, COUNTED, 1, ME, 0), *made = make(scene, COUNTED, 2, ME, 0);
        struct object *unseen = make(scene, COUNTED, 3, ME, 0);

        builder_uint(scene->builder, mapped, FIELD_ATTACHED, 1);
        builder_uint(scene->builder, mapped, FIELD_RESIDENT_BYTES, 4096);
        builder_uint(scene->builder, mapped, FIELD_SWAPPED_BYTES, 0);
        hold(scene, mapped, WAY_MAP);
        builder_uint(scene->builder, made, FIELD_ATTACHED, 0);
        hold(scene, made, WAY_CREATOR);
        builder_uint(scene->builder, unseen, FIELD_ATTACHED, 2);
        plan_all(scene, false, false);
        assert_row(scene, COUNTED, 1, VERDICT_IN_USE, false);
        assert_row(scene, COUNTED, 2, VERDICT_IN_USE, false);
        assert_row(scene, COUNTED, 3, VERDICT_IN_USE, false);
        assert_false(row(scene, COUNTED, 1)->verdict.inferred);
        assert_true(row(scene, COUNTED, 2)->verdict.inferred);
        assert_false(row(scene, COUNTED, 3)->verdict.inferred);
        assert_int_equal(scene->plan.nrefused, 3);

        plan_all(scene, true, false);
        assert_int_equal(scene->plan.nchosen, 3);
        assert_int_equal(scene->plan.nforced, 3);
        assert_true(row(scene, COUNTED, 1)->used && row(scene, COUNTED, 1)->forced);
        /* Its holders keep the memory. */
        assert_int_equal(scene->plan.bytes, 0);
}

static void test_uncounted(void **state)
{
        struct scene *scene = *state;
        struct object *lonely = make(scene, UNCOUNTED, 1, ME, 0), *kin = make(scene, UNCOUNTED, 2, ME, 0x5eed);
        struct object *stranger = make(scene, UNCOUNTED, 3, OTHER, 0x5eed);
        struct object *segment = make(scene, COUNTED, 9, ME, 0x5eed), *last = make(scene, UNCOUNTED, 4, ME, 0);

        builder_uint(scene->builder, lonely, FIELD_QUEUED_MESSAGES, 3);
        builder_uint(scene->builder, lonely, FIELD_QUEUED_BYTES, 30);
        builder_uint(scene->builder, segment, FIELD_ATTACHED, 1);
        hold(scene, segment, WAY_MAP);
        hold(scene, last, WAY_LAST);
        builder_uint(scene->builder, kin, FIELD_QUEUED_MESSAGES, 5);
        builder_uint(scene->builder, stranger, FIELD_CREATOR, ME);
        plan_all(scene, false, false);

        /* Nothing speaks against it, and nothing proves it. */
        assert_row(scene, UNCOUNTED, 1, VERDICT_FREE, true);
        assert_true(row(scene, UNCOUNTED, 1)->verdict.inferred);
        assert_int_equal(scene->plan.messages, 3);
        assert_int_equal(scene->plan.bytes, 30);

        /* A segment of the same key and owner is mapped. */
        assert_row(scene, UNCOUNTED, 2, VERDICT_IN_USE, false);
        assert_true(row(scene, UNCOUNTED, 2)->verdict.inferred);
        assert_ptr_equal(row(scene, UNCOUNTED, 2)->verdict.reasons[0].object, row(scene, COUNTED, 9)->object);

        /* Of the same key, but not the same owner. */
        assert_row(scene, UNCOUNTED, 3, VERDICT_FREE, true);
        assert_true(row(scene, UNCOUNTED, 3)->others);
        assert_int_equal(scene->plan.nothers, 1);
        assert_row(scene, UNCOUNTED, 4, VERDICT_IN_USE, false);
}

static void test_foreign_and_impossible(void **state)
{
        struct scene *scene = *state;
        struct object *others = make(scene, COUNTED, 1, OTHER, 0), *elsewhere = make(scene, COUNTED, 2, ME, 0);
        struct object *dest = make(scene, COUNTED, 3, ME, 0), *big = make(scene, PICKY, 5, ME, 0);

        builder_uint(scene->builder, others, FIELD_ATTACHED, 0);
        elsewhere->foreign = true;
        builder_state(scene->builder, dest, WORD_BIT(STATE_DEST), false);
        make(scene, NAMELESS, 4, ME, 0);
        builder_uint(scene->builder, big, FIELD_SIZE_BYTES, 2 << 20);
        builder_uint(scene->builder, make(scene, PICKY, 6, ME, 0), FIELD_ATTACHED, 0);
        plan_all(scene, true, true);
        assert_row(scene, COUNTED, 1, VERDICT_FOREIGN, false);
        assert_true(row(scene, COUNTED, 1)->verdict.others);
        assert_row(scene, COUNTED, 2, VERDICT_FOREIGN, false);
        assert_false(row(scene, COUNTED, 2)->verdict.others);
        assert_row(scene, COUNTED, 3, VERDICT_IMPOSSIBLE, false);
        assert_null(row(scene, COUNTED, 3)->verdict.consequence);
        assert_row(scene, NAMELESS, 4, VERDICT_IMPOSSIBLE, false);
        assert_row(scene, PICKY, 5, VERDICT_IMPOSSIBLE, false);
        assert_string_equal(row(scene, PICKY, 5)->verdict.reasons[0].text, "too big to go");
        assert_row(scene, PICKY, 6, VERDICT_FREE, true);
}

static void test_root_counts_others(void **state)
{
        struct scene *scene = *state;

        builder_origin(scene->builder)->uid = 0;
        builder_uint(scene->builder, make(scene, COUNTED, 1, OTHER, 0), FIELD_ATTACHED, 0);
        builder_uint(scene->builder, make(scene, COUNTED, 2, 0, 0), FIELD_ATTACHED, 0);
        plan_all(scene, false, false);
        assert_int_equal(scene->plan.nchosen, 2);
        assert_int_equal(scene->plan.nothers, 1);
}

static void test_protected(void **state)
{
        struct scene *scene = *state;
        struct object *idle = make(scene, COUNTED, 1, ME, 0x10), *busy = make(scene, COUNTED, 2, ME, 0x11);
        struct verdict_report report;
        struct parse_error error;
        struct judge judge;

        assert_int_equal(protections_add(scene->protections, TEXT("key == 0x10 or key == 0x11"), "/etc/x.conf", &error), 0);
        builder_uint(scene->builder, idle, FIELD_ATTACHED, 0);
        builder_uint(scene->builder, busy, FIELD_ATTACHED, 1);
        hold(scene, busy, WAY_MAP);
        plan_all(scene, true, false);
        assert_row(scene, COUNTED, 1, VERDICT_PROTECTED, false);
        assert_row(scene, COUNTED, 2, VERDICT_PROTECTED, false);
        assert_int_equal(row(scene, COUNTED, 1)->verdict.otherwise, VERDICT_FREE);
        assert_int_equal(row(scene, COUNTED, 2)->verdict.otherwise, VERDICT_IN_USE);
        assert_string_equal(row(scene, COUNTED, 1)->verdict.reasons[0].where, "/etc/x.conf");

        plan_all(scene, false, true);
        assert_row(scene, COUNTED, 1, VERDICT_PROTECTED, true);
        assert_row(scene, COUNTED, 2, VERDICT_PROTECTED, false);
        assert_true(row(scene, COUNTED, 1)->forced);
        assert_false(row(scene, COUNTED, 1)->used);

        plan_all(scene, true, true);
        assert_int_equal(scene->plan.nforced, 2);

        /* Who asks without rules gets none. */
        judge_init(&judge, scene->snapshot, NULL);
        verdict_read(&judge, row(scene, COUNTED, 1)->object, &report);
        assert_int_equal(report.verdict, VERDICT_FREE);
        judge_done(&judge);
}

static void test_hidden_holders(void **state)
{
        struct scene *scene = *state;
        struct object *object = make(scene, UNCOUNTED, 1, ME, 0);

        (void)object;
        builder_gap(scene->builder, NULL, "/proc/PID/fd", 13, NULL);
        plan_all(scene, false, false);
        assert_row(scene, UNCOUNTED, 1, VERDICT_UNKNOWN, false);
        plan_all(scene, true, false);
        assert_row(scene, UNCOUNTED, 1, VERDICT_UNKNOWN, true);
        assert_true(row(scene, UNCOUNTED, 1)->used);
}

/* Who waits is the only sign of use where nobody counts users; elsewhere it is one of several. */
static void test_hidden_waits(void **state)
{
        struct scene *scene = *state;

        make(scene, UNCOUNTED, 1, ME, 0);
        make(scene, COUNTED, 1, ME, 0);
        builder_gap(scene->builder, NULL, "/proc/PID/syscall", 1, NULL);
        plan_all(scene, false, false);
        assert_row(scene, UNCOUNTED, 1, VERDICT_UNKNOWN, false);
        assert_row(scene, COUNTED, 1, VERDICT_FREE, true);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_free_and_orphan, setup, teardown),
                cmocka_unit_test_setup_teardown(test_in_use, setup, teardown),
                cmocka_unit_test_setup_teardown(test_uncounted, setup, teardown),
                cmocka_unit_test_setup_teardown(test_foreign_and_impossible, setup, teardown),
                cmocka_unit_test_setup_teardown(test_root_counts_others, setup, teardown),
                cmocka_unit_test_setup_teardown(test_protected, setup, teardown),
                cmocka_unit_test_setup_teardown(test_hidden_holders, setup, teardown),
                cmocka_unit_test_setup_teardown(test_hidden_waits, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
