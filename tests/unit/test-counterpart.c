/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/counterpart.h"

#include "base/array.h"
#include "base/buf.h"
#include "model/builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint16_t fields[] = { FIELD_INODE, FIELD_STATE };

#define KIND_OF(wake_) { .name = #wake_, .title = #wake_, .address = ADDRESS_INODE, \
                         .fields = fields, .nfields = COUNT(fields), .wake = wake_ }

static const struct kind kind_list[] = {
        KIND_OF(WAKE_NOBODY), KIND_OF(WAKE_PEER), KIND_OF(WAKE_SIDE), KIND_OF(WAKE_HOLDER),
        KIND_OF(WAKE_LAST), KIND_OF(WAKE_LOCK), KIND_OF(WAKE_WATCHED),
};
static const struct kind *const kinds[] = {
        &kind_list[0], &kind_list[1], &kind_list[2], &kind_list[3], &kind_list[4], &kind_list[5], &kind_list[6],
};
static const struct kind_set kind_set = { kinds, COUNT(kinds) };

struct scene {
        struct builder *builder;
        struct process *processes[10];  /* pids 100... */
        struct snapshot *snapshot;
        struct counterparts who;
};

static int setup(void **state)
{
        static struct scene scene;
        const struct want want = { .kinds = 0x7f, .holders = true, .waiters = true };

        scene = (struct scene){ .builder = builder_new(&kind_set, &want) };
        for (unsigned i = 0; i < COUNT(scene.processes); i++)
                scene.processes[i] = builder_process(scene.builder, 100 + (pid_t)i, 1, TEXT("p"));
        *state = &scene;
        return 0;
}

static int teardown(void **state)
{
        struct scene *scene = *state;

        counterparts_done(&scene->who);
        snapshot_free(scene->snapshot);
        return 0;
}

static struct object *make(struct scene *scene, enum wake wake, uint64_t id)
{
        return builder_object(scene->builder, (struct object_key){ kinds[wake], 0, id }, NULL);
}

static void hold(struct scene *scene, struct object *object, unsigned process, enum way_word way, enum access_word access)
{
        builder_hold(scene->builder, (struct hold){ .object = object, .process = scene->processes[process], .way = way,
                                                    .access = access, .fd = way == WAY_FD ? 3 : -1,
                                                    .maps = way == WAY_MAP });
}

static void wait_on(struct scene *scene, struct object *object, unsigned process, const char *operation)
{
        builder_wait(scene->builder, (struct wait){ .object = object, .process = scene->processes[process],
                                                    .tid = 100 + (pid_t)process, .operation = operation });
}

/* Whom the only wait of that process is for: pids without the hundred; "self": nobody but itself. */
static void assert_awaited(struct scene *scene, unsigned process, const char *expected)
{
        const struct process *waiter = snapshot_process(scene->snapshot, 100 + (pid_t)process);
        struct buf got = { 0 };

        assert_int_equal(waiter->nwaits, 1);
        counterparts_of_wait(waiter->waits[0], &scene->who);
        for (size_t i = 0; i < scene->who.n; i++)
                buf_printf(&got, "%s%d", i ? "," : "", scene->who.processes[i]->pid - 100);
        if (scene->who.only_self)
                buf_string(&got, "self");
        assert_string_equal(buf_text(&got).data, expected);
        buf_done(&got);
}

static void pipes(void **state)
{
        struct scene *scene = *state;
        struct object *pipe = make(scene, WAKE_SIDE, 1), *own = make(scene, WAKE_SIDE, 2);

        hold(scene, pipe, 0, WAY_FD, ACCESS_R);
        hold(scene, pipe, 1, WAY_FD, ACCESS_W);
        hold(scene, pipe, 2, WAY_FD, ACCESS_R);
        hold(scene, pipe, 3, WAY_FD, ACCESS_W);
        hold(scene, pipe, 3, WAY_FD, ACCESS_W);
        wait_on(scene, pipe, 0, "read");
        wait_on(scene, pipe, 1, "writev");
        wait_on(scene, pipe, 2, "splice");
        hold(scene, own, 5, WAY_FD, ACCESS_R);
        hold(scene, own, 5, WAY_FD, ACCESS_W);
        hold(scene, own, 6, WAY_FD, ACCESS_R);
        wait_on(scene, own, 5, "read");
        scene->snapshot = builder_seal(scene->builder);
        assert_awaited(scene, 0, "1,3");
        assert_awaited(scene, 1, "0,2");
        assert_awaited(scene, 2, "0,1,3");
        assert_awaited(scene, 5, "self");
}

static void sockets(void **state)
{
        struct scene *scene = *state;
        struct object *a = make(scene, WAKE_PEER, 1), *b = make(scene, WAKE_PEER, 2), *listener = make(scene, WAKE_PEER, 3);

        builder_peer(scene->builder, a, b);
        hold(scene, a, 0, WAY_FD, ACCESS_RW);
        hold(scene, a, 4, WAY_FD, ACCESS_RW);
        hold(scene, b, 1, WAY_FD, ACCESS_RW);
        hold(scene, b, 2, WAY_FD, ACCESS_RW);
        hold(scene, listener, 3, WAY_FD, ACCESS_RW);
        hold(scene, listener, 2, WAY_FD, ACCESS_RW);
        wait_on(scene, a, 0, "recvfrom");
        wait_on(scene, listener, 3, "accept4");
        scene->snapshot = builder_seal(scene->builder);
        assert_awaited(scene, 0, "1,2");
        /* Whoever will connect: not those who share the listener. */
        assert_awaited(scene, 3, "");
}

static void others(void **state)
{
        struct scene *scene = *state;
        struct object *memory = make(scene, WAKE_HOLDER, 1), *queue = make(scene, WAKE_LAST, 2);
        struct object *lock = make(scene, WAKE_LOCK, 3), *timer = make(scene, WAKE_NOBODY, 4);

        hold(scene, memory, 0, WAY_MAP, ACCESS_R);
        hold(scene, memory, 1, WAY_MAP, ACCESS_R);
        hold(scene, memory, 2, WAY_MAP, ACCESS_RW);
        wait_on(scene, memory, 0, "futex");
        hold(scene, queue, 3, WAY_LAST, ACCESS_NONE);
        hold(scene, queue, 4, WAY_CREATOR, ACCESS_NONE);
        wait_on(scene, queue, 5, "msgrcv");
        hold(scene, lock, 6, WAY_LOCK, ACCESS_W);
        wait_on(scene, lock, 7, "flock");
        hold(scene, timer, 8, WAY_FD, ACCESS_RW);
        hold(scene, timer, 9, WAY_FD, ACCESS_RW);
        wait_on(scene, timer, 8, "read");
        scene->snapshot = builder_seal(scene->builder);
        assert_awaited(scene, 0, "2");
        assert_awaited(scene, 5, "3");
        assert_awaited(scene, 7, "6");
        assert_awaited(scene, 8, "");
}

static void watched(void **state)
{
        struct scene *scene = *state;
        struct object *epoll = make(scene, WAKE_WATCHED, 1), *pipe = make(scene, WAKE_SIDE, 2);
        struct object *a = make(scene, WAKE_PEER, 3), *b = make(scene, WAKE_PEER, 4), *inner = make(scene, WAKE_WATCHED, 5);

        builder_peer(scene->builder, a, b);
        builder_peer_oneway(scene->builder, epoll, pipe);
        builder_peer_oneway(scene->builder, epoll, a);
        /* Polls that watch each other end nowhere. */
        builder_peer_oneway(scene->builder, epoll, inner);
        builder_peer_oneway(scene->builder, inner, epoll);
        hold(scene, epoll, 0, WAY_FD, ACCESS_RW);
        hold(scene, pipe, 0, WAY_FD, ACCESS_R);
        hold(scene, pipe, 1, WAY_FD, ACCESS_W);
        hold(scene, a, 0, WAY_FD, ACCESS_RW);
        hold(scene, b, 2, WAY_FD, ACCESS_RW);
        wait_on(scene, epoll, 0, "epoll_wait");
        scene->snapshot = builder_seal(scene->builder);
        assert_awaited(scene, 0, "1,2");
}

static void contacts(void **state)
{
        struct scene *scene = *state;
        struct object *file = make(scene, WAKE_HOLDER, 1), *pipe = make(scene, WAKE_SIDE, 2);
        const struct process *process;

        for (unsigned i = 0; i < 5; i++)
                hold(scene, file, i, WAY_MAP, ACCESS_RX);
        for (unsigned i = 0; i < 5; i++)
                hold(scene, pipe, i, WAY_FD, i == 2 ? ACCESS_R : ACCESS_W);
        scene->snapshot = builder_seal(scene->builder);
        process = snapshot_process(scene->snapshot, 100);
        assert_int_equal(process->nholds, 2);
        /* Nobody writes: nothing is said by it. */
        counterparts_of_holder(process->holds[0]->object->key.id == 1 ? process->holds[0]->object : process->holds[1]->object,
                               process, &scene->who);
        assert_int_equal(scene->who.n, 0);
        counterparts_of_holder(process->holds[0]->object->key.id == 2 ? process->holds[0]->object : process->holds[1]->object,
                               process, &scene->who);
        assert_int_equal(scene->who.n, 1);
        assert_int_equal(scene->who.processes[0]->pid, 102);
}

static void states(void **state)
{
        struct scene *scene = *state;
        struct object *pipe = make(scene, WAKE_SIDE, 1), *idle = make(scene, WAKE_SIDE, 2);
        const struct value *value;

        (void)idle;
        /* The same object twice in one set of descriptors. */
        wait_on(scene, pipe, 0, "poll");
        wait_on(scene, pipe, 0, "poll");
        wait_on(scene, pipe, 1, "poll");
        scene->snapshot = builder_seal(scene->builder);
        assert_int_equal(scene->snapshot->objects[0].nwaits, 2);
        value = row_get(object_row(&scene->snapshot->objects[0]), FIELD_STATE);
        assert_non_null(value);
        assert_true(value->u == WORD_BIT(STATE_WAITERS) && value->inferred);
        assert_null(row_get(object_row(&scene->snapshot->objects[1]), FIELD_STATE));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(pipes, setup, teardown),
                cmocka_unit_test_setup_teardown(sockets, setup, teardown),
                cmocka_unit_test_setup_teardown(others, setup, teardown),
                cmocka_unit_test_setup_teardown(watched, setup, teardown),
                cmocka_unit_test_setup_teardown(contacts, setup, teardown),
                cmocka_unit_test_setup_teardown(states, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
