/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/relations.h"

#include "base/array.h"
#include "base/buf.h"
#include "model/builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const uint16_t fields[] = { FIELD_INODE, FIELD_STATE };

#define KIND_OF(name_, wake_) { .name = name_, .title = name_, .address = ADDRESS_INODE, \
                                .fields = fields, .nfields = COUNT(fields), .wake = wake_ }

static const struct kind locks = KIND_OF("lock", WAKE_LOCK), sockets = KIND_OF("sock", WAKE_PEER);
static const struct kind *const kind_list[] = { &locks, &sockets };
static const struct kind_set kinds = { kind_list, COUNT(kind_list) };

struct world {
        struct builder *builder;
        struct snapshot *snapshot;
        struct map unfolded;
        struct rows rows;
        struct buf text;
};

static int setup(void **state)
{
        static struct world world;
        const struct want want = { .kinds = 3, .holders = true, .waiters = true };

        world = (struct world){ .builder = builder_new(&kinds, &want) };
        *state = &world;
        return 0;
}

static int teardown(void **state)
{
        struct world *world = *state;

        arena_done(&world->rows.arena);
        free(world->rows.items);
        map_done(&world->unfolded);
        buf_done(&world->text);
        snapshot_free(world->snapshot);
        return 0;
}

static struct process *make_process(struct world *world, pid_t pid)
{
        return builder_process(world->builder, pid, 1, TEXT("p"));
}

static struct object *make(struct world *world, const struct kind *kind, uint64_t inode)
{
        struct object *object = builder_object(world->builder, (struct object_key){ kind, 0, inode }, NULL);

        builder_uint(world->builder, object, FIELD_INODE, inode);
        return object;
}

static void hold(struct world *world, struct object *object, struct process *process, enum way_word way)
{
        builder_hold(world->builder, (struct hold){ .object = object, .process = process, .way = way,
                                                    .access = ACCESS_RW, .fd = way == WAY_FD ? 3 : -1 });
}

static void wait_on(struct world *world, struct object *object, struct process *process)
{
        builder_wait(world->builder, (struct wait){ .object = object, .process = process, .tid = process->pid,
                                                    .operation = "flock" });
}

/* --- the tree as text: "lock:ino=1(holder:10(content:sock...", a + where there is more below -------- */

static void put_node(struct buf *out, const struct relation *node)
{
        static const char *const words[] = {
                [RELATION_ROOT] = "", [RELATION_HOLDER] = "held ", [RELATION_PEER] = "peer ",
                [RELATION_WAITER] = "waiter ", [RELATION_AWAITED] = "awaits ", [RELATION_WAKER] = "waker ",
                [RELATION_CONTENT] = "has ", [RELATION_MORE] = "more ",
        };

        buf_string(out, words[node->type]);
        if (node->type == RELATION_MORE)
                buf_uint(out, node->more);
        else if (node->about.object)
                buf_uint(out, node->about.object->key.id);
        else
                buf_printf(out, "p%d", node->about.process->pid);
        buf_string(out, node->cycle ? "^" : node->leaf ? "" : node->open ? "-" : "+");
}

static const char *tree(struct world *world, uint64_t inode, pid_t pid)
{
        const struct object *object = NULL;

        arena_done(&world->rows.arena);
        world->rows.n = 0;
        for (size_t i = 0; i < world->snapshot->nobjects; i++)
                if (world->snapshot->objects[i].key.id == inode)
                        object = &world->snapshot->objects[i];
        relations_fill(object, snapshot_process(world->snapshot, pid), &world->unfolded, &world->rows);
        buf_clear(&world->text);
        for (size_t i = 0; i < world->rows.n; i++) {
                const struct row_item *item = &world->rows.items[i];

                assert_int_equal(item->type, ROW_NODE);
                assert_int_equal(item->depth, ((const struct relation *)item->thing)->depth);
                if (i)
                        buf_byte(&world->text, '\n');
                for (unsigned j = 0; j < item->depth; j++)
                        buf_byte(&world->text, ' ');
                put_node(&world->text, item->thing);
        }
        return world->text.data;
}

/* Unfolds the row of that number of the last tree. */
static void unfold(struct world *world, size_t row)
{
        struct subject subject = world->rows.items[row].subject;

        assert_true(row < world->rows.n);
        *map_place(&world->unfolded, subject.a, subject.b) = world;
}

/* --- cases ----------------------------------------------------------------------------------------- */

static void test_walk(void **state)
{
        struct world *world = *state;
        struct process *a = make_process(world, 10), *b = make_process(world, 11);
        struct object *left = make(world, &sockets, 1), *right = make(world, &sockets, 2), *other = make(world, &sockets, 3);

        hold(world, left, a, WAY_FD);
        hold(world, left, a, WAY_MAP);          /* in two ways: one row */
        hold(world, right, b, WAY_FD);
        hold(world, other, b, WAY_FD);
        builder_peer(world->builder, left, right);
        world->snapshot = builder_seal(world->builder);

        assert_string_equal(tree(world, 1, 0), "1-\n held p10\n peer 2+");
        unfold(world, 2);
        assert_string_equal(tree(world, 1, 0), "1-\n held p10\n peer 2-\n  held p11+");
        unfold(world, 3);
        assert_string_equal(tree(world, 1, 0), "1-\n held p10\n peer 2-\n  held p11-\n   has 3");
        assert_string_equal(tree(world, 0, 11), "p11-\n has 2+\n has 3");
        assert_string_equal(tree(world, 3, 0), "3-\n held p11+");
}

/* Two that wait for each other: the way is walked until it comes back. */
static void test_deadlock(void **state)
{
        struct world *world = *state;
        struct process *a = make_process(world, 10), *b = make_process(world, 11);
        struct object *first = make(world, &locks, 1), *second = make(world, &locks, 2);

        hold(world, first, a, WAY_LOCK);
        hold(world, second, b, WAY_LOCK);
        wait_on(world, second, a);
        wait_on(world, first, b);
        world->snapshot = builder_seal(world->builder);

        assert_string_equal(tree(world, 0, 10), "p10-\n awaits 2+\n has 1+");
        unfold(world, 1);
        assert_string_equal(tree(world, 0, 10), "p10-\n awaits 2-\n  waker p11+\n  held p11+\n has 1+");
        unfold(world, 2);
        assert_string_equal(tree(world, 0, 10), "p10-\n awaits 2-\n  waker p11-\n   awaits 1+\n  held p11+\n has 1+");
        unfold(world, 3);
        assert_string_equal(tree(world, 0, 10),
                            "p10-\n awaits 2-\n  waker p11-\n   awaits 1-\n    waker p10^\n    held p10^\n"
                            "  held p11+\n has 1+");
        /* One that comes back is not followed, whatever is unfolded. */
        unfold(world, 4);
        assert_string_equal(tree(world, 0, 10),
                            "p10-\n awaits 2-\n  waker p11-\n   awaits 1-\n    waker p10^\n    held p10^\n"
                            "  held p11+\n has 1+");
}

static void test_waiter(void **state)
{
        struct world *world = *state;
        struct process *a = make_process(world, 10), *b = make_process(world, 11);
        struct object *lock = make(world, &locks, 1);

        hold(world, lock, a, WAY_LOCK);
        wait_on(world, lock, b);
        builder_wait(world->builder, (struct wait){ .object = lock, .process = b, .tid = 99, .operation = "flock" });
        world->snapshot = builder_seal(world->builder);

        /* Two threads of a process are one row; whom it waits for is above it here. */
        assert_string_equal(tree(world, 1, 0), "1-\n waiter p11+\n held p10");
        unfold(world, 1);
        assert_string_equal(tree(world, 1, 0), "1-\n waiter p11-\n  waker p10+\n held p10");
        assert_string_equal(tree(world, 0, 11), "p11-\n awaits 1+");
}

static void test_many(void **state)
{
        enum { MANY = 10000 };
        struct world *world = *state;
        struct object *socket = make(world, &sockets, 1);
        struct process *hoarder = make_process(world, 50000);
        const struct relation *last;

        for (pid_t i = 0; i < MANY; i++)
                hold(world, socket, make_process(world, 100 + i), WAY_FD);
        for (uint64_t i = 0; i < MANY; i++)
                hold(world, make(world, &sockets, 100 + i), hoarder, WAY_FD);
        for (uint64_t i = 0; i < MANY; i++)
                builder_peer(world->builder, socket, make(world, &sockets, 100 + i));
        world->snapshot = builder_seal(world->builder);

        tree(world, 1, 0);
        assert_int_equal(world->rows.n, 1 + 2 * (RELATIONS_CHILDREN_MOST + 1));
        last = world->rows.items[RELATIONS_CHILDREN_MOST + 1].thing;
        assert_int_equal(last->type, RELATION_MORE);
        assert_int_equal(last->more, MANY - RELATIONS_CHILDREN_MOST);
        assert_ptr_equal(last->about.object, &world->snapshot->objects[0]);
        tree(world, 0, 50000);
        assert_int_equal(world->rows.n, 1 + RELATIONS_CHILDREN_MOST + 1);

        /* However much is unfolded, it ends. */
        for (unsigned round = 0; round < 4; round++) {
                tree(world, 1, 0);
                for (size_t i = 0; i < world->rows.n; i++)
                        unfold(world, i);
        }
        tree(world, 1, 0);
        assert_int_equal(world->rows.n, RELATIONS_ROWS_MOST);
}

/* A chain that is longer than a tree gets deep. */
static void test_deep(void **state)
{
        enum { LINKS = 40 };
        struct world *world = *state;
        struct object *before = make(world, &sockets, 1);

        for (uint64_t i = 2; i < LINKS; i++) {
                struct object *object = make(world, &sockets, i);

                builder_peer(world->builder, before, object);
                before = object;
        }
        world->snapshot = builder_seal(world->builder);
        for (unsigned i = 0; i < LINKS; i++) {
                tree(world, 1, 0);
                unfold(world, world->rows.n - 1);
        }
        assert_int_equal(world->rows.n, RELATIONS_DEPTH_MOST + 1);
        assert_true(((const struct relation *)world->rows.items[world->rows.n - 1].thing)->leaf);
}

static void test_alone(void **state)
{
        struct world *world = *state;

        make(world, &sockets, 1);
        make_process(world, 10);
        world->snapshot = builder_seal(world->builder);
        assert_string_equal(tree(world, 1, 0), "1");
        assert_string_equal(tree(world, 0, 10), "p10");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_walk, setup, teardown),
                cmocka_unit_test_setup_teardown(test_deadlock, setup, teardown),
                cmocka_unit_test_setup_teardown(test_waiter, setup, teardown),
                cmocka_unit_test_setup_teardown(test_many, setup, teardown),
                cmocka_unit_test_setup_teardown(test_deep, setup, teardown),
                cmocka_unit_test_setup_teardown(test_alone, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
