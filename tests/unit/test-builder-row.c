/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builders one after the other, each with what the last one left: builder_new_again(). */
#include "model/builder.h"

#include <errno.h>
#include <pthread.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

enum { MANY = 5000 };                   /* enough for a thread to help with the sealing */

static unsigned threads_asked;

/* Instead of the library's: there are none to be had. */
int pthread_create(pthread_t *ret, const pthread_attr_t *attributes, void *(*work)(void *data), void *data)
{
        (void)ret;
        (void)attributes;
        (void)work;
        (void)data;
        threads_asked++;
        return EAGAIN;
}

/* n segments, each found by its inode and held by one of n / 10 processes; every second one has the next as a peer. */
static struct snapshot *make(struct builder_memory *memory, unsigned n)
{
        static const struct want want = { .kinds = 7, .holders = true };
        struct builder *builder = builder_new_again(&sample_kinds, &want, memory);
        struct process *process = NULL;
        struct object *last = NULL;

        for (unsigned i = 0; i < n; i++) {
                /* Not in the order in which they are sealed. */
                uint64_t id = (uint64_t)i * 7919 % n + 1;
                struct object *object = builder_object(builder, (struct object_key){ &sample_shm, 1, id }, NULL);

                if (i % 10 == 0)
                        process = builder_process(builder, (pid_t)(n - i), 1, TEXT("any"));
                assert_int_equal(object->nvalues, 0);
                builder_index(builder, object, 1, id);
                builder_uint(builder, object, FIELD_ID, id);
                *builder_note(builder, &sample_shm, id, 0) = object;
                builder_hold(builder, (struct hold){ .object = object, .process = process, .way = WAY_FD, .fd = 3 });
                if (i % 2)
                        builder_peer(builder, object, last);
                last = object;
        }
        /* Of what the last one had, none is found. */
        assert_null(builder_indexed(builder, 1, n + 1));
        assert_null(builder_find(builder, (struct object_key){ &sample_shm, 1, n + 1 }));
        assert_null(builder_find_process(builder, (pid_t)n + 1));
        assert_null(*builder_note(builder, &sample_shm, n + 1, 0));
        *builder_note(builder, &sample_shm, n + 1, 0) = builder;
        assert_int_equal(builder_in_row(builder), memory != NULL);
        return builder_seal(builder);
}

static void assert_same(const struct snapshot *a, const struct snapshot *b)
{
        assert_int_equal(a->nobjects, b->nobjects);
        assert_int_equal(a->nprocesses, b->nprocesses);
        assert_int_equal(a->nholds, b->nholds);
        for (size_t i = 0; i < a->nobjects; i++) {
                const struct object *x = &a->objects[i], *y = &b->objects[i];

                assert_int_equal(x->key.id, y->key.id);
                assert_true(text_equal(x->ref, y->ref));
                assert_int_equal(x->nvalues, y->nvalues);
                assert_int_equal(object_get(x, FIELD_ID)->u, object_get(y, FIELD_ID)->u);
                assert_int_equal(x->nholds, 1);
                assert_int_equal(x->holds->process->pid, y->holds->process->pid);
                assert_int_equal(x->npeers, y->npeers);
                for (unsigned j = 0; j < x->npeers; j++)
                        assert_int_equal(x->peers[j]->key.id, y->peers[j]->key.id);
        }
}

/* Growing, shrinking, and much the same; the one before lives until the next is made, as on a screen. */
static void a_row_gives_what_each_gives_alone(void **state)
{
        static const unsigned sizes[] = { 1, 100, MANY, MANY + 10, MANY, 20, 4 * MANY, MANY, 10, 10, 10 };
        struct builder_memory *memory = builder_memory_new();
        struct snapshot *last = NULL;

        (void)state;
        for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
                struct snapshot *alone = make(NULL, sizes[i]), *next = make(memory, sizes[i]);

                assert_same(next, alone);
                snapshot_free(alone);
                if (last)
                        assert_int_equal(last->nobjects, sizes[i - 1]);
                snapshot_free(last);
                last = next;
        }
        builder_memory_free(memory);
        /* It outlives what it was made with. */
        assert_int_equal(last->objects[9].key.id, 10);
        snapshot_free(last);
        builder_memory_free(NULL);
}

/* One block for all of a snapshot, once it is known how much that is; and that of the last but one. */
static void memory_goes_round(void **state)
{
        enum { ROUNDS = 8 };
        struct builder_memory *memory = builder_memory_new();
        struct snapshot *last = NULL;
        uintptr_t blocks[ROUNDS];

        (void)state;
        for (unsigned i = 0; i < ROUNDS; i++) {
                struct snapshot *next = make(memory, MANY);
                const struct arena *arena = &next->arena;

                blocks[i] = (uintptr_t)arena->blocks;
                if (i > 0) {
                        assert_ptr_equal(arena->blocks, arena->first);
                        assert_true((size_t)(arena->end - arena->next) < arena->used);
                }
                if (i > 2)
                        assert_int_equal(blocks[i], blocks[i - 2]);
                snapshot_free(last);
                last = next;
        }
        snapshot_free(last);
        builder_memory_free(memory);
}

static void threads_help_only_who_is_waited_for(void **state)
{
        struct builder_memory *memory = builder_memory_new();

        (void)state;
        threads_asked = 0;
        snapshot_free(make(NULL, MANY));
        assert_true(threads_asked > 0);
        threads_asked = 0;
        snapshot_free(make(memory, MANY));
        snapshot_free(make(memory, MANY));
        assert_int_equal(threads_asked, 0);
        builder_memory_free(memory);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_row_gives_what_each_gives_alone),
                cmocka_unit_test(memory_goes_round),
                cmocka_unit_test(threads_help_only_who_is_waited_for),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
