/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Thousands of references at once find what each finds alone. */
#include "model/resolver.h"

#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

struct found {
        const struct object *objects[8];
        size_t n;
};

static void gather(const struct object *object, void *data)
{
        struct found *found = data;

        assert_true(found->n < COUNT(found->objects));
        found->objects[found->n++] = object;
}

static struct snapshot *many(void)
{
        const struct want want = { .kinds = 7 };
        struct builder *builder = builder_new(&sample_kinds, &want);

        /* Every key in two namespaces, and some twice in ours, as no kernel has it. */
        for (uint64_t i = 0; i < 300; i++) {
                struct object *shm = builder_object(builder, (struct object_key){ &sample_shm, SAMPLE_NS + i % 2, i }, NULL);
                struct object *mq = builder_object(builder, (struct object_key){ &sample_mq, 25 + i % 2, i }, NULL);
                char name[16];

                snprintf(name, sizeof(name), "/%u", (unsigned)i / 2);
                shm->ns = SAMPLE_NS + i % 2;
                shm->foreign = i % 2;
                builder_uint(builder, shm, FIELD_KEY, i / 4);
                mq->foreign = i % 2;
                builder_text(builder, mq, FIELD_NAME, text_of(name));
                builder_uint(builder, mq, FIELD_INODE, i);
                mq->nameless = i % 10 == 0;
        }
        return builder_seal(builder);
}

static void test_same_answers(void **state)
{
        static const char *const forms[] = {
                "shm:%u", "shm:0x%x", "shm:key=%u", "shm:0x%x,ns=4026531840", "shm:%u,ns=4026531840", "sem:0x%x", "mq:/%u",
                "mq:ino=%u", "mq:ino=%u,dev=0:26", "mq:/%u,dev=0:26",
        };
        struct snapshot *snapshot = many();
        struct resolver resolver;
        size_t total = 0;

        (void)state;
        resolver_init(&resolver, snapshot);
        for (unsigned i = 0; i < 320; i++)
                for (size_t form = 0; form < COUNT(forms); form++) {
                        struct found alone = { 0 }, together = { 0 };
                        struct reference reference;
                        struct parse_error error;
                        struct arena arena;
                        char word[64];

                        arena_init(&arena);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                        snprintf(word, sizeof(word), forms[form], i);
#pragma GCC diagnostic pop
                        if (reference_parse(&sample_kinds, text_of(word), &arena, &reference, &error) == 0) {
                                assert_int_equal(reference_resolve(snapshot, &reference, gather, &alone),
                                                 resolver_find(&resolver, &reference, gather, &together));
                                assert_int_equal(alone.n, together.n);
                                assert_memory_equal(alone.objects, together.objects, sizeof(alone.objects));
                                total += alone.n;
                        }
                        arena_done(&arena);
                }
        assert_true(total > 1000);
        resolver_done(&resolver);
        snapshot_free(snapshot);
}

static void test_empty(void **state)
{
        const struct want want = { .kinds = 7 };
        struct snapshot *snapshot = builder_seal(builder_new(&sample_kinds, &want));
        struct reference reference = { .kind = &sample_shm, .by = REFERENCE_KEY, .number = 5 };
        struct found found = { 0 };
        struct resolver resolver;

        (void)state;
        resolver_init(&resolver, snapshot);
        assert_int_equal(resolver_find(&resolver, &reference, gather, &found), 0);
        resolver_done(&resolver);
        snapshot_free(snapshot);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_same_answers),
                cmocka_unit_test(test_empty),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
