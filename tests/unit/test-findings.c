/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judged.h"

/* "A:pipe:1 B:pipe:2|notice" of each cycle; an empty string: there is none. */
static void assert_cycles(struct scene *scene, const char *expected)
{
        struct buf got = { 0 };

        judge(scene, FINDING_BIT(FINDING_WAIT_CYCLE));
        for (size_t i = 0; i < scene->findings.n; i++) {
                const struct finding *finding = &scene->findings.list[i];

                if (i)
                        buf_string(&got, ", ");
                for (unsigned j = 0; j < finding->ncycle; j++) {
                        if (j)
                                buf_byte(&got, ' ');
                        buf_add(&got, finding->cycle[j]->process->comm);
                        buf_byte(&got, ':');
                        buf_add(&got, finding->cycle[j]->object->ref);
                }
                buf_printf(&got, "|%s", severity_word(finding->severity));
        }
        assert_string_equal(buf_text(&got).data, expected);
        buf_done(&got);
}

static void two_pipes(void **state)
{
        struct scene *scene = *state;

        people(scene, 3);
        wait_on(scene, pipe_between(scene, 1, 1, 0), 0, "read");
        wait_on(scene, pipe_between(scene, 2, 0, 1), 1, "write");
        builder_hold(scene->builder, (struct hold){ .object = builder_find(scene->builder,
                             (struct object_key){ &kind_pipe, 0, 2 }), .process = scene->processes[0], .way = WAY_FD,
                             .access = ACCESS_R, .fd = 9 });
        assert_cycles(scene, "A:pipe:1 B:pipe:2|critical");
        assert_int_equal(scene->findings.list[0].since, NOW - 60 * SECOND);
        assert_false(scene->findings.list[0].inferred);
        assert_string_equal(scene->findings.list[0].remedy.data, "kill 100");
        assert_string_equal(scene->findings.list[0].evidence.data,
                            "A[100] waits in read for pipe:1, which only B[101] could serve; "
                            "B[101] waits in write for pipe:2, which only A[100] could serve; for 60 s");
}

/* A third one that can write, and is not blocked, may. */
static void helped_from_outside(void **state)
{
        struct scene *scene = *state;
        struct object *pipe;

        people(scene, 3);
        pipe = pipe_between(scene, 1, 1, 0);
        hold(scene, pipe, 2, WAY_FD, ACCESS_W);
        wait_on(scene, pipe, 0, "read");
        wait_on(scene, pipe_between(scene, 2, 0, 1), 1, "read");
        assert_cycles(scene, "");
}

/* The same third one waits for one of the two: a larger knot. */
static void helper_is_stuck(void **state)
{
        struct scene *scene = *state;
        struct object *pipe;

        people(scene, 3);
        pipe = pipe_between(scene, 1, 1, 0);
        hold(scene, pipe, 2, WAY_FD, ACCESS_W);
        wait_on(scene, pipe, 0, "read");
        wait_on(scene, pipe_between(scene, 2, 0, 1), 1, "read");
        wait_on(scene, pipe_between(scene, 3, 0, 2), 2, "read");
        assert_cycles(scene, "A:pipe:1 B:pipe:2|critical");
        assert_non_null(strstr(scene->findings.list[0].evidence.data, "only B[101] and 1 other could serve"));
        assert_non_null(strstr(scene->findings.list[0].evidence.data, "1 more process waits for these"));
}

/* A cycle, but one of the two polls a second pipe, whose writer is free. */
static void poll_is_no_knot(void **state)
{
        struct scene *scene = *state;
        struct wait wait;

        people(scene, 3);
        wait_on(scene, pipe_between(scene, 1, 1, 0), 0, "read");
        waiting(scene, &wait, pipe_between(scene, 2, 0, 1), 1, "poll")->inferred = true;
        builder_wait(scene->builder, wait);
        waiting(scene, &wait, pipe_between(scene, 3, 2, 1), 1, "poll")->inferred = true;
        builder_wait(scene->builder, wait);
        assert_cycles(scene, "");
}

static void poll_in_a_knot(void **state)
{
        struct scene *scene = *state;
        struct wait wait;

        people(scene, 3);
        wait_on(scene, pipe_between(scene, 1, 1, 0), 0, "read");
        waiting(scene, &wait, pipe_between(scene, 2, 0, 1), 1, "poll")->inferred = true;
        builder_wait(scene->builder, wait);
        waiting(scene, &wait, pipe_between(scene, 3, 2, 1), 1, "poll")->inferred = true;
        builder_wait(scene->builder, wait);
        wait_on(scene, pipe_between(scene, 4, 1, 2), 2, "read");
        assert_cycles(scene, "A:pipe:1 B:pipe:2|warning");
        assert_true(scene->findings.list[0].inferred);
        assert_non_null(strstr(scene->findings.list[0].evidence.data, "sets of descriptors were read from memory"));
}

/* What makes A's wait harmless, one after the other. */
static void assert_harmless(struct scene *scene, void (*change)(struct scene *scene, struct wait *wait))
{
        struct wait wait;

        people(scene, 3);
        waiting(scene, &wait, pipe_between(scene, 1, 1, 0), 0, "read");
        change(scene, &wait);
        builder_wait(scene->builder, wait);
        wait_on(scene, pipe_between(scene, 2, 0, 1), 1, "read");
        assert_cycles(scene, "");
}

static void give_time(struct scene *scene, struct wait *wait)
{
        (void)scene;
        wait->timed = true;
}

static void give_others(struct scene *scene, struct wait *wait)
{
        (void)scene;
        wait->others = true;
}

static void just_ran(struct scene *scene, struct wait *wait)
{
        (void)scene;
        wait->since = NOW - SECOND;
}

static void give_thread(struct scene *scene, struct wait *wait)
{
        (void)wait;
        scene->threads[0] = 2;
}

static void elsewhere(struct scene *scene, struct wait *wait)
{
        builder_state(scene->builder, wait->object, WORD_BIT(STATE_ELSEWHERE), false);
}

static void timed(void **state) { assert_harmless(*state, give_time); }
static void also_for_a_device(void **state) { assert_harmless(*state, give_others); }
static void in_motion(void **state) { assert_harmless(*state, just_ran); }
static void another_thread(void **state) { assert_harmless(*state, give_thread); }
static void end_out_of_sight(void **state) { assert_harmless(*state, elsewhere); }

/* All threads of a process have to be stuck: here both are, in different pipes of B's. */
static void all_threads(void **state)
{
        struct scene *scene = *state;
        struct wait wait;

        people(scene, 2);
        scene->threads[0] = 2;
        wait_on(scene, pipe_between(scene, 1, 1, 0), 0, "read");
        waiting(scene, &wait, pipe_between(scene, 2, 1, 0), 0, "read")->tid = 999;
        builder_wait(scene->builder, wait);
        wait_on(scene, pipe_between(scene, 3, 0, 1), 1, "read");
        assert_cycles(scene, "A:pipe:1 B:pipe:3|critical");
}

static void locks_and_pipes(void **state)
{
        struct scene *scene = *state;
        struct object *lock;

        people(scene, 2);
        lock = make(scene, &kind_lock, 7);
        builder_text(scene->builder, lock, FIELD_NAME, TEXT("flock/0:1/7/0-max"));
        hold(scene, lock, 0, WAY_LOCK, ACCESS_W);
        wait_on(scene, lock, 1, "flock");
        wait_on(scene, pipe_between(scene, 1, 1, 0), 0, "read");
        assert_cycles(scene, "A:pipe:1 B:lock:flock/0:1/7/0-max|critical");
}

static struct object *socket_of(struct scene *scene, unsigned process, uint64_t id, enum socket_state_word phase)
{
        struct object *object = make(scene, &kind_unix, id);

        builder_uint(scene->builder, object, FIELD_SOCKET_TYPE, SOCKET_STREAM);
        builder_uint(scene->builder, object, FIELD_SOCKET_STATE, phase);
        hold(scene, object, process, WAY_FD, ACCESS_RW);
        return object;
}

static void sockets(void **state)
{
        struct scene *scene = *state;
        struct object *a, *b;

        people(scene, 2);
        a = socket_of(scene, 0, 1, SOCKET_ESTABLISHED);
        b = socket_of(scene, 1, 2, SOCKET_ESTABLISHED);
        builder_peer(scene->builder, a, b);
        wait_on(scene, a, 0, "recvmsg");
        wait_on(scene, b, 1, "read");
        assert_cycles(scene, "A:unix:ino=1 B:unix:ino=2|critical");
}

/* epoll: B watches its end of the pair, by an epoll that another one watches; that with a listener is free. */
static void epolls(struct scene *scene, bool listener)
{
        struct object *a, *b, *inner, *outer;

        people(scene, 2);
        a = socket_of(scene, 0, 1, SOCKET_ESTABLISHED);
        b = socket_of(scene, 1, 2, SOCKET_ESTABLISHED);
        builder_peer(scene->builder, a, b);
        inner = make(scene, &kind_epoll, 3);
        outer = make(scene, &kind_epoll, 4);
        hold(scene, inner, 1, WAY_FD, ACCESS_RW);
        hold(scene, outer, 1, WAY_FD, ACCESS_RW);
        builder_uint(scene->builder, inner, FIELD_TARGET_COUNT, 1);
        builder_uint(scene->builder, outer, FIELD_TARGET_COUNT, listener ? 2 : 1);
        builder_peer_oneway(scene->builder, inner, b);
        builder_peer_oneway(scene->builder, outer, inner);
        if (listener)
                builder_peer_oneway(scene->builder, outer, socket_of(scene, 1, 5, SOCKET_LISTENING));
        wait_on(scene, a, 0, "recvmsg");
        wait_on(scene, outer, 1, "epoll_wait");
        judge(scene, FINDING_BIT(FINDING_WAIT_CYCLE));
        assert_int_equal(scene->findings.n, listener ? 0 : 1);
}

static void epoll_of_epoll(void **state) { epolls(*state, false); }
static void epoll_with_listener(void **state) { epolls(*state, true); }

/* Who has both ends of a pipe waits for itself; unless a signal handler writes. */
static void own_pipe(void **state)
{
        struct scene *scene = *state;
        struct object *pipe;

        people(scene, 2);
        for (unsigned i = 0; i < 2; i++) {
                pipe = make(scene, &kind_pipe, 1 + i);
                hold(scene, pipe, i, WAY_FD, ACCESS_RW);
                wait_on(scene, pipe, i, "read");
        }
        scene->caught[1] = WORD_BIT(SIGNAL_TERM);
        assert_cycles(scene, "A:pipe:1|critical");
}

/* A FIFO that is kept open by its reader is how daemons take commands; two of them in a ring are worth a word. */
static void fifos(void **state)
{
        struct scene *scene = *state;
        struct object *fifo[3];

        people(scene, 3);
        for (unsigned i = 0; i < 3; i++) {
                char name[] = { '/', 'f', (char)('0' + i), 0 };

                fifo[i] = make(scene, &kind_fifo, 1 + i);
                builder_text(scene->builder, fifo[i], FIELD_NAME, text_of(name));
                builder_uint(scene->builder, fifo[i], FIELD_LINKED, true);
        }
        hold(scene, fifo[0], 0, WAY_FD, ACCESS_RW);
        wait_on(scene, fifo[0], 0, "read");
        hold(scene, fifo[1], 1, WAY_FD, ACCESS_R);
        hold(scene, fifo[1], 2, WAY_FD, ACCESS_W);
        wait_on(scene, fifo[1], 1, "read");
        hold(scene, fifo[2], 2, WAY_FD, ACCESS_R);
        hold(scene, fifo[2], 1, WAY_FD, ACCESS_W);
        wait_on(scene, fifo[2], 2, "read");
        assert_cycles(scene, "B:fifo:/f1 C:fifo:/f2|notice");
}

/* Who waits for a cycle is behind it, whatever the order of the pids. */
static void behind(void **state)
{
        struct scene *scene = *state;

        people(scene, 5);
        wait_on(scene, pipe_between(scene, 1, 1, 0), 0, "read");        /* A waits for B... */
        wait_on(scene, pipe_between(scene, 2, 3, 1), 1, "read");        /* ...B for D */
        wait_on(scene, pipe_between(scene, 3, 3, 2), 2, "read");        /* C for D */
        wait_on(scene, pipe_between(scene, 4, 4, 3), 3, "read");
        wait_on(scene, pipe_between(scene, 5, 3, 4), 4, "read");
        assert_cycles(scene, "D:pipe:4 E:pipe:5|critical");
        assert_non_null(strstr(scene->findings.list[0].evidence.data, "3 more processes wait for these"));
}

/* Queues of System V, of which nothing says for sure that their numbers are those of this namespace. */
static void deduced_calls(void **state)
{
        struct scene *scene = *state;
        struct object *queues[2];
        struct wait wait;

        people(scene, 2);
        for (unsigned i = 0; i < 2; i++) {
                queues[i] = make(scene, &kind_msg, 1 + i);
                builder_uint(scene->builder, queues[i], FIELD_ID, 1 + i);
                hold(scene, queues[i], 1 - i, WAY_LAST, ACCESS_R);
                waiting(scene, &wait, queues[i], i, "msgrcv")->inferred = true;
                builder_wait(scene->builder, wait);
        }
        assert_cycles(scene, "A:msg:1 B:msg:2|notice");
        assert_non_null(strstr(scene->findings.list[0].evidence.data, "which object a call means was deduced"));
        assert_null(strstr(scene->findings.list[0].evidence.data, "sets of descriptors"));
}

static void hidden_processes(void **state)
{
        struct scene *scene = *state;

        people(scene, 2);
        wait_on(scene, pipe_between(scene, 1, 1, 0), 0, "read");
        wait_on(scene, pipe_between(scene, 2, 0, 1), 1, "read");
        builder_gap(scene->builder, NULL, "/proc/PID/fd", 13, NULL);
        assert_cycles(scene, "A:pipe:1 B:pipe:2|notice");
        assert_true(scene->findings.hampered == FINDING_BIT(FINDING_WAIT_CYCLE));
}

static void names(void **state)
{
        uint16_t id;
        enum severity severity;

        (void)state;
        for (uint16_t i = 0; i < FINDING_COUNT; i++) {
                assert_true(finding_rule_find(text_of(finding_rule_get(i)->name), &id));
                assert_int_equal(id, i);
        }
        assert_false(finding_rule_find(TEXT("shm"), &id));
        assert_true(severity_find(TEXT("warning"), &severity));
        assert_int_equal(severity, SEVERITY_WARNING);
        assert_false(severity_find(TEXT("WARNING"), &severity));
}

/* The gravest first; of a rule, as the objects lie. */
static void order(void **state)
{
        struct scene *scene = *state;

        people(scene, 2);
        for (unsigned i = 0; i < 3; i++) {
                struct object *shm = make(scene, &kind_shm, i);

                builder_uint(scene->builder, shm, FIELD_ID, i);
                builder_uint(scene->builder, shm, FIELD_SIZE_BYTES, 4096);
                builder_state(scene->builder, shm, WORD_BIT(STATE_ORPHAN), true);
                builder_uint(scene->builder, shm, FIELD_CHANGED_AT, (uint64_t)(NOW - (i == 0 ? 1 : 100) * SECOND));
        }
        wait_on(scene, pipe_between(scene, 1, 1, 0), 0, "read");
        wait_on(scene, pipe_between(scene, 2, 0, 1), 1, "read");
        judge(scene, FINDING_ALL);
        assert_int_equal(scene->findings.n, 4);
        assert_int_equal(scene->findings.list[0].id, FINDING_WAIT_CYCLE);
        assert_int_equal(scene->findings.list[1].object->key.id, 1);
        assert_int_equal(scene->findings.list[2].object->key.id, 2);
        assert_int_equal(scene->findings.list[3].severity, SEVERITY_NOTICE);
        assert_int_equal(scene->findings.by_severity[SEVERITY_WARNING], 2);
        assert_string_equal(scene->findings.list[1].remedy.data, "ipcview rm shm:1");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names),
                CASE(two_pipes),
                CASE(helped_from_outside),
                CASE(helper_is_stuck),
                CASE(poll_is_no_knot),
                CASE(poll_in_a_knot),
                CASE(timed),
                CASE(also_for_a_device),
                CASE(in_motion),
                CASE(another_thread),
                CASE(end_out_of_sight),
                CASE(all_threads),
                CASE(locks_and_pipes),
                CASE(sockets),
                CASE(epoll_of_epoll),
                CASE(epoll_with_listener),
                CASE(own_pipe),
                CASE(fifos),
                CASE(behind),
                CASE(deduced_calls),
                CASE(hidden_processes),
                CASE(order),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
