/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query.h"

#include "base/memory.h"
#include "model/builder.h"

#include <errno.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint16_t thing_fields[] = {
        FIELD_OWNER, FIELD_STATE, FIELD_SIZE_BYTES, FIELD_CREATOR_LIFE, FIELD_LINKED, FIELD_TARGET,
};
static const struct kind thing = { .name = "thing", .scope = NAMESPACE_IPC, .address = ADDRESS_ID,
                                   .fields = thing_fields, .nfields = 6 };
static const uint16_t named_fields[] = { FIELD_NAME, FIELD_OWNER };
static const struct kind named = { .name = "named", .scope = NAMESPACE_IPC, .address = ADDRESS_NAME,
                                   .fields = named_fields, .nfields = 2 };
static const struct kind opened = { .name = "opened", .address = ADDRESS_FD };
static const struct kind *const kinds[] = { &thing };
static const struct kind_set set = { kinds, 1 };

static void key_parses(void **state)
{
        struct parse_error error = { "", 0 };
        struct sort_key key;

        (void)state;
        assert_int_equal(sort_parse(TEXT("size_bytes"), &key, &error), 0);
        assert_int_equal(key.field, FIELD_SIZE_BYTES);
        assert_false(key.descending);
        assert_int_equal(sort_parse(TEXT("holders:desc"), &key, &error), 0);
        assert_int_equal(key.field, FIELD_HOLDERS);
        assert_true(key.descending);
        assert_int_equal(sort_parse(TEXT("owner:asc"), &key, &error), 0);
        assert_int_equal(key.field, FIELD_OWNER);
        assert_false(key.descending);
}

static void assert_wrong(struct text text, const char *message, size_t at)
{
        struct sort_key key = { FIELD_COUNT, true };
        struct parse_error error = { "", 0 };

        assert_int_equal(sort_parse(text, &key, &error), -EINVAL);
        assert_string_equal(error.message, message);
        assert_int_equal(error.at, at);
        assert_int_equal(key.field, FIELD_COUNT);
}

static void wrong_keys(void **state)
{
        (void)state;
        assert_wrong(TEXT(""), "unknown field", 0);
        assert_wrong(TEXT("size"), "unknown field", 0);
        assert_wrong(TEXT("holders.pid"), "unknown field", 0);
        assert_wrong(TEXT("-id"), "unknown field", 0);
        assert_wrong(TEXT("summary"), "this field is only for tables", 0);
        assert_wrong(TEXT("id:"), "the direction is asc or desc", 3);
        assert_wrong(TEXT("id:down"), "the direction is asc or desc", 3);
        assert_wrong(TEXT("id:desc:asc"), "the direction is asc or desc", 3);
}

static struct object *add(struct builder *builder, uint64_t id)
{
        return builder_object(builder, (struct object_key){ &thing, 1, id }, NULL);
}

/* 1 and 3 are equal in everything that they have; 4 has nothing; of 5 nothing is known. */
static int make_things(void **state)
{
        static const struct want want = { .kinds = 1, .holders = true };
        struct builder *builder = builder_new(&set, &want);
        struct process *one = builder_process(builder, 10, 1, TEXT("one"));
        struct process *two = builder_process(builder, 11, 1, TEXT("two"));

        for (uint64_t id = 1; id <= 3; id++) {
                struct object *object = add(builder, id);
                bool second = id == 2;

                builder_uint(builder, object, FIELD_OWNER, second ? 999 : 1000);
                builder_state(builder, object, WORD_BIT(second ? STATE_LOCKED : STATE_DEST), false);
                builder_uint(builder, object, FIELD_SIZE_BYTES, second ? UINT64_MAX : 0);
                builder_uint(builder, object, FIELD_CREATOR_LIFE, second ? LIFE_NONE : LIFE_DEAD);
                builder_uint(builder, object, FIELD_LINKED, second);
                builder_text(builder, object, FIELD_TARGET, second ? TEXT("a") : TEXT("a\0b"));
        }
        add(builder, 4);
        for (size_t i = 0; i < thing.nfields; i++)
                builder_unknown(builder, add(builder, 5), thing.fields[i]);
        builder_hold(builder, (struct hold){ .object = add(builder, 2), .process = one, .way = WAY_FD,
                                             .access = ACCESS_R, .fd = 3 });
        builder_hold(builder, (struct hold){ .object = add(builder, 2), .process = one, .way = WAY_FD,
                                             .access = ACCESS_R, .fd = 4 });
        builder_hold(builder, (struct hold){ .object = add(builder, 4), .process = one, .way = WAY_FD,
                                             .access = ACCESS_R, .fd = 5 });
        builder_hold(builder, (struct hold){ .object = add(builder, 4), .process = two, .way = WAY_FD,
                                             .access = ACCESS_R, .fd = 5 });
        *state = builder_seal(builder);
        return 0;
}

static int free_things(void **state)
{
        snapshot_free(*state);
        return 0;
}

/* Sorts the objects, which stand as in the snapshot: 1 2 3 4 5. */
static void assert_sorted(const struct snapshot *snapshot, uint16_t field, bool descending,
                          const char *expected)
{
        const struct object *objects[5];
        char order[6] = "";

        for (size_t i = 0; i < 5; i++)
                objects[i] = &snapshot->objects[i];
        sort_objects(snapshot, objects, 5, (struct sort_key){ field, descending });
        for (size_t i = 0; i < 5; i++)
                order[i] = (char)('0' + objects[i]->key.id);
        assert_string_equal(order, expected);
}

static void ascending(void **state)
{
        assert_sorted(*state, FIELD_OWNER, false, "21345");
        assert_sorted(*state, FIELD_SIZE_BYTES, false, "13245");
        assert_sorted(*state, FIELD_STATE, false, "13245");
        assert_sorted(*state, FIELD_CREATOR_LIFE, false, "13245");
        assert_sorted(*state, FIELD_LINKED, false, "13245");
        assert_sorted(*state, FIELD_TARGET, false, "21345");
        assert_sorted(*state, FIELD_HOLDERS, false, "13524");
        assert_sorted(*state, FIELD_REF, false, "12345");
        assert_sorted(*state, FIELD_PATH, false, "12345");
        assert_sorted(*state, FIELD_PEERS, false, "12345");
}

static void descending(void **state)
{
        assert_sorted(*state, FIELD_OWNER, true, "13245");
        assert_sorted(*state, FIELD_SIZE_BYTES, true, "21345");
        assert_sorted(*state, FIELD_STATE, true, "21345");
        assert_sorted(*state, FIELD_CREATOR_LIFE, true, "21345");
        assert_sorted(*state, FIELD_LINKED, true, "21345");
        assert_sorted(*state, FIELD_TARGET, true, "13245");
        assert_sorted(*state, FIELD_HOLDERS, true, "42135");
        assert_sorted(*state, FIELD_REF, true, "54321");
        assert_sorted(*state, FIELD_KIND, true, "12345");
        assert_sorted(*state, FIELD_PATH, true, "12345");
}

/* Many equal ones: whatever qsort does with them, they stay as they were. */
static void stable(void **state)
{
        enum { MANY = 1000 };
        const struct snapshot *snapshot = *state;
        const struct object **objects = memory_new(MANY * sizeof(*objects));

        for (size_t i = 0; i < MANY; i++)
                objects[i] = &snapshot->objects[i * 7 % 5];
        sort_objects(snapshot, objects, MANY, (struct sort_key){ FIELD_SIZE_BYTES, true });
        for (size_t i = 0; i < MANY; i++) {
                if (i < MANY / 5)
                        assert_int_equal(objects[i]->key.id, 2);
                else if (i < MANY * 3 / 5)      /* they stood as 1 3 5 2 4 1 3 5 2 4... */
                        assert_int_equal(objects[i]->key.id, i % 2 == 0 ? 1 : 3);
                else
                        assert_int_equal(objects[i]->key.id, i % 2 == 0 ? 5 : 4);
        }
        free(objects);
}

enum { CROWD = 2000 };

/* Sizes and texts in which much is alike, long ones among them, some with NULs, some of them equal. */
static struct snapshot *make_crowd(void)
{
        static const struct want want = { .kinds = 1 };
        struct builder *builder = builder_new(&set, &want);
        uint32_t chance = 1;

        for (uint64_t id = 1; id <= CROWD; id++) {
                struct object *object = add(builder, id);
                char text[128];
                size_t n = 0, len, alike = id % 3 * 32;

                for (len = 0; len < alike; len++)
                        text[len] = 'x';
                do {
                        chance = chance * 1103515245 + 12345;
                        text[len++] = "a\0\xff"[(chance >> 16) % 3];
                } while (++n < 20 && chance >> 20 & 7);
                if (id % 11)
                        builder_text(builder, object, FIELD_TARGET, (struct text){ text, len });
                if (id % 13)
                        builder_uint(builder, object, FIELD_SIZE_BYTES,
                                     chance & 4 ? (uint64_t)chance << 32 : chance >> 24 & 31);
        }
        return builder_seal(builder);
}

/* By the values alone: with 0 for what has none, which must stand at the end. */
static int compare_values(const struct object *a, const struct object *b, uint16_t field)
{
        const struct value *x = row_get(object_row(a), field), *y = row_get(object_row(b), field);

        if (!x || !y)
                return !x - !y;
        if (x->type == VALUE_TEXT)
                return text_compare(value_text(x), value_text(y));
        return (x->u > y->u) - (x->u < y->u);
}

static void many(void **state)
{
        static const uint16_t fields[] = { FIELD_TARGET, FIELD_SIZE_BYTES };
        struct snapshot *snapshot = make_crowd();
        const struct object **objects = memory_new(CROWD * sizeof(*objects));

        (void)state;
        assert_int_equal(snapshot->nobjects, CROWD);
        for (unsigned round = 0; round < 4; round++) {
                uint16_t field = fields[round / 2];
                bool down = round % 2;

                for (size_t i = 0; i < CROWD; i++)
                        objects[i] = &snapshot->objects[i];
                sort_objects(snapshot, objects, CROWD, (struct sort_key){ field, down });
                for (size_t i = 1; i < CROWD; i++) {
                        int order = compare_values(objects[i - 1], objects[i], field);

                        if (down && row_get(object_row(objects[i]), field))
                                order = -order;
                        assert_true(order < 0 || (order == 0 && objects[i - 1] < objects[i]));
                }
        }
        free(objects);
        snapshot_free(snapshot);
}

static void few(void **state)
{
        const struct snapshot *snapshot = *state;
        const struct object *one = &snapshot->objects[0];

        sort_objects(snapshot, NULL, 0, (struct sort_key){ FIELD_ID, false });
        sort_objects(snapshot, &one, 1, (struct sort_key){ FIELD_ID, true });
        assert_ptr_equal(one, &snapshot->objects[0]);
}

static int sign(int number)
{
        return (number > 0) - (number < 0);
}

/* What ranks tell apart, object_compare() tells apart in the same way. */
static int compare_ranks(const struct object *a, const struct object *b)
{
        struct object_rank x = object_rank(a), y = object_rank(b);

        if (x.group != y.group)
                return x.group < y.group ? -1 : 1;
        if (x.number != y.number)
                return x.number < y.number ? -1 : 1;
        return x.second < y.second ? -1 : x.second > y.second;
}

static void ranks_are_of_the_order(void **state)
{
        static const struct text names[] = {
                TEXT(""), TEXT("\0"), TEXT("a"), TEXT("a\0"), TEXT("a\0\0\0\0\0\0"), TEXT("a\0\0\0\0\0\0\0"),
                TEXT("a\0\0\0\0\0\0\0b"), TEXT("ab"), TEXT("abcdef"), TEXT("abcdefg"), TEXT("abcdefg\0"),
                TEXT("abcdefgh"), TEXT("abcdefgi"), TEXT("abcdefghi"), TEXT("\xff"),
                TEXT("\xff\xff\xff\xff\xff\xff\xff\xff"),
        };
        enum { NAMES = sizeof(names) / sizeof(*names), IDS = 2, ALL = (NAMES + 2) * IDS * IDS };
        static const struct kind *const of[] = { &named, &opened };
        struct value values[NAMES];
        struct object objects[ALL] = { 0 };
        unsigned n = 0, told = 0;

        (void)state;
        for (unsigned i = 0; i < NAMES + 2; i++)
                for (uint64_t id = 0; id < IDS; id++)
                        for (uint64_t scope = 0; scope < IDS; scope++) {
                                struct object *object = &objects[n++];

                                /* The ids run against the scopes; the last two have no name. */
                                object->key = (struct object_key){ of[i == NAMES + 1], scope, IDS - id };
                                object->kind_order = i == NAMES + 1;
                                if (i >= NAMES)
                                        continue;
                                values[i] = (struct value){
                                        .field = FIELD_NAME, .type = VALUE_TEXT,
                                        .data = names[i].data, .len = (uint32_t)names[i].len,
                                };
                                object->values = &values[i];
                                object->nvalues = 1;
                        }
        for (unsigned i = 0; i < n; i++)
                for (unsigned j = 0; j < n; j++) {
                        int by_rank = compare_ranks(&objects[i], &objects[j]);

                        told += by_rank != 0;
                        if (by_rank)
                                assert_int_equal(by_rank, sign(object_compare(&objects[i], &objects[j])));
                }
        /* All but pairs of the same name and id, and of long names that begin alike. */
        assert_true(told > n * n * 9 / 10);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(key_parses),
                cmocka_unit_test(wrong_keys),
                cmocka_unit_test(ascending),
                cmocka_unit_test(descending),
                cmocka_unit_test(stable),
                cmocka_unit_test(many),
                cmocka_unit_test(few),
                cmocka_unit_test(ranks_are_of_the_order),
        };

        return cmocka_run_group_tests(tests, make_things, free_things);
}
