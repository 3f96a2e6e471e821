/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules about what no recording holds: since when a thread waits, the
 * values of semaphores, the backlog of listeners, and the files of sockets.
 * tests/cli/check.bats looks up in here whatever no recorded machine shows.
 */
#include "report/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judged.h"

static void wait_since(struct scene *scene, struct object *object, unsigned process, const char *operation,
                       int64_t seconds)
{
        struct wait wait;

        waiting(scene, &wait, object, process, operation)->since = seconds ? NOW - seconds * SECOND : 0;
        builder_wait(scene->builder, wait);
}

/* --- writers ------------------------------------------------------------------ */

static void write_for(struct scene *scene, const char *operation, int64_t seconds)
{
        people(scene, 3);
        wait_since(scene, pipe_between(scene, 1, 0, 1), 0, operation, seconds);
}

static void writer(struct scene *scene)
{
        write_for(scene, "write", 60);
}

static void writer_soon(struct scene *scene)
{
        write_for(scene, "write", 9);
}

static void writer_recorded(struct scene *scene)
{
        write_for(scene, "write", 0);
}

static void mover(struct scene *scene)
{
        write_for(scene, "sendfile", 60);
}

static void reader_alone(struct scene *scene)
{
        people(scene, 2);
        wait_since(scene, pipe_between(scene, 1, 0, 1), 1, "read", 60);
}

static void two_writers(struct scene *scene)
{
        people(scene, 3);
        wait_since(scene, pipe_between(scene, 1, 0, 1), 0, "writev", 30);
        hold(scene, builder_find(scene->builder, (struct object_key){ &kind_pipe, 0, 1 }), 2, WAY_FD, ACCESS_W);
        wait_since(scene, builder_find(scene->builder, (struct object_key){ &kind_pipe, 0, 1 }), 2, "write", 60);
}

static void reader_stopped(struct scene *scene)
{
        writer(scene);
        set(scene, 1, FIELD_PROCESS_STATE, PROCESS_STOPPED);
}

static void nobody_reads(struct scene *scene)
{
        struct object *pipe;

        people(scene, 1);
        pipe = make(scene, &kind_pipe, 1);
        hold(scene, pipe, 0, WAY_FD, ACCESS_W);
        wait_since(scene, pipe, 0, "write", 60);
}

static void pager(struct scene *scene)
{
        struct object *pty;

        writer(scene);
        pty = make(scene, &kind_pty, 2);
        hold(scene, pty, 1, WAY_FD, ACCESS_RW);
        wait_since(scene, pty, 1, "read", 60);
}

static void tcp_writer(struct scene *scene, bool local)
{
        struct object *a, *b;

        people(scene, 2);
        a = make(scene, &kind_inet, 1);
        b = make(scene, &kind_inet, 2);
        builder_peer(scene->builder, a, b);
        builder_uint(scene->builder, a, FIELD_LOCAL_PEER, local);
        hold(scene, a, 0, WAY_FD, ACCESS_RW);
        hold(scene, b, 1, WAY_FD, ACCESS_RW);
        wait_since(scene, a, 0, "sendto", 60);
}

static void local_writer(struct scene *scene)
{
        tcp_writer(scene, true);
}

static void remote_writer(struct scene *scene)
{
        tcp_writer(scene, false);
}

/* --- listeners ----------------------------------------------------------------- */

static struct object *listener(struct scene *scene, uint64_t waiting, uint64_t most)
{
        struct object *object;

        people(scene, 2);
        object = make(scene, &kind_inet, 1);
        builder_uint(scene->builder, object, FIELD_SOCKET_STATE, SOCKET_LISTENING);
        builder_uint(scene->builder, object, FIELD_BACKLOG, waiting);
        builder_uint(scene->builder, object, FIELD_MAX_BACKLOG, most);
        hold(scene, object, 0, WAY_FD, ACCESS_RW);
        return object;
}

static void overfull(struct scene *scene)
{
        wait_since(scene, listener(scene, 3, 2), 1, "connect", 60);
}

/* It lets one more in. */
static void full(struct scene *scene)
{
        listener(scene, 2, 2);
}

/* As /proc/net tells it. */
static void full_or_not(struct scene *scene)
{
        builder_unknown(scene->builder, listener(scene, 3, 0), FIELD_MAX_BACKLOG);
}

/* --- files of sockets ------------------------------------------------------------ */

static struct object *bound(struct scene *scene, const char *path, uint64_t state, bool inferred)
{
        struct object *object;

        people(scene, 1);
        object = make(scene, &kind_unix, 1);
        builder_text(scene->builder, object, FIELD_NAME, text_of(path));
        builder_uint(scene->builder, object, FIELD_OWNER, 1000);
        builder_state(scene->builder, object, state, inferred);
        return object;
}

static void stale(struct scene *scene)
{
        struct object *object = bound(scene, "/run/s", WORD_BIT(STATE_STALE), false);

        builder_uint(scene->builder, object, FIELD_CREATED_AT, (uint64_t)(NOW - 60 * SECOND));
}

static void stale_odd(struct scene *scene)
{
        bound(scene, "/run/a b", WORD_BIT(STATE_STALE), false);
}

static void lost(struct scene *scene, uint64_t state, bool inferred, enum socket_state_word phase)
{
        struct object *object = bound(scene, "/run/s", state, inferred);

        builder_uint(scene->builder, object, FIELD_SOCKET_STATE, phase);
        hold(scene, object, 0, WAY_FD, ACCESS_RW);
}

static void unlinked(struct scene *scene)
{
        lost(scene, WORD_BIT(STATE_UNLINKED), false, SOCKET_LISTENING);
}

static void replaced(struct scene *scene)
{
        lost(scene, WORD_BIT(STATE_REPLACED), false, SOCKET_LISTENING);
}

static void unlinked_perhaps(struct scene *scene)
{
        lost(scene, WORD_BIT(STATE_UNLINKED), true, SOCKET_LISTENING);
}

static void unlinked_client(struct scene *scene)
{
        lost(scene, WORD_BIT(STATE_UNLINKED), false, SOCKET_ESTABLISHED);
}

static void in_place(struct scene *scene)
{
        lost(scene, 0, false, SOCKET_LISTENING);
}

/* --- semaphores ------------------------------------------------------------------- */

/* A set of two, of which threads wait for the second. */
static void semaphores(struct scene *scene, uint64_t increase, uint64_t zero, enum life_word life)
{
        enum { COLUMNS = 6 };
        struct arena *arena = builder_arena(scene->builder);
        struct row *rows = ARENA_ARRAY(arena, struct row, 2);
        struct object *object;

        people(scene, 1);
        object = make(scene, &kind_sem, 1);
        builder_uint(scene->builder, object, FIELD_ID, 1);
        for (unsigned i = 0; i < 2; i++) {
                const struct { uint16_t field; uint64_t number; } members[COLUMNS] = {
                        { FIELD_NUMBER, i }, { FIELD_VALUE, i ? 0 : 7 }, { FIELD_WAITING_INCREASE, i ? increase : 0 },
                        { FIELD_WAITING_ZERO, i ? zero : 0 }, { FIELD_LAST_PID, 4711 },
                        { FIELD_LAST_LIFE, i ? life : LIFE_DEAD },
                };
                struct value *values = ARENA_ARRAY(arena, struct value, COLUMNS);

                for (unsigned j = 0; j < COLUMNS; j++)
                        values[j] = (struct value){ .field = members[j].field, .type = field_get(members[j].field)->type,
                                                    .u = members[j].number };
                rows[i] = (struct row){ values, COLUMNS };
        }
        builder_value(scene->builder, object, (struct value){ .field = FIELD_SEMAPHORES, .type = VALUE_ROWS, .len = 2,
                                                              .rows = rows });
        if (increase + zero)
                builder_state(scene->builder, object, WORD_BIT(STATE_WAITERS), false);
        builder_uint(scene->builder, object, FIELD_OPERATED_AT, (uint64_t)(NOW - 60 * SECOND));
}

static void abandoned(struct scene *scene)
{
        semaphores(scene, 1, 1, LIFE_DEAD);
}

static void abandoned_reused(struct scene *scene)
{
        semaphores(scene, 0, 1, LIFE_REUSED);
}

static void used(struct scene *scene)
{
        semaphores(scene, 1, 1, LIFE_ALIVE);
}

static void unused(struct scene *scene)
{
        semaphores(scene, 0, 0, LIFE_DEAD);
}

/* --- the rules, upon these ----------------------------------------------------------- */

static const struct example {
        uint16_t rule;
        void (*make)(struct scene *scene);
        enum severity severity;
        const char *evidence, *remedy;  /* NULL: there is no finding */
} examples[] = {
        { FINDING_WRITER_STUCK, writer, SEVERITY_WARNING,
          "A[100] is blocked in write for 60 s; B[101] could read, and does not", "ipcview show pid:101" },
        { FINDING_WRITER_STUCK, reader_stopped, SEVERITY_WARNING,
          "A[100] is blocked in write for 60 s; B[101] could read, and is stopped", "kill -CONT 101" },
        { FINDING_WRITER_STUCK, two_writers, SEVERITY_WARNING,
          "C[102] is blocked in write for 60 s, and 1 more is; B[101] could read, and does not",
          "ipcview show pid:101" },
        { FINDING_WRITER_STUCK, nobody_reads, SEVERITY_WARNING,
          "A[100] is blocked in write for 60 s; no reader is seen", "" },
        { FINDING_WRITER_STUCK, pager, SEVERITY_NOTICE,
          "A[100] is blocked in write for 60 s; B[101] could read, and does not", "ipcview show pid:101" },
        { FINDING_WRITER_STUCK, local_writer, SEVERITY_WARNING,
          "A[100] is blocked in sendto for 60 s; B[101] could read, and does not", "ipcview show pid:101" },
        { FINDING_WRITER_STUCK, remote_writer, 0, NULL, NULL },
        { FINDING_WRITER_STUCK, writer_soon, 0, NULL, NULL },
        { FINDING_WRITER_STUCK, writer_recorded, 0, NULL, NULL },
        { FINDING_WRITER_STUCK, mover, 0, NULL, NULL },
        { FINDING_WRITER_STUCK, reader_alone, 0, NULL, NULL },

        { FINDING_BACKLOG_FULL, overfull, SEVERITY_WARNING,
          "3 connections wait to be accepted, and more may not (the backlog is 2); "
          "1 thread is blocked in connect; it is up to A[100]", "ipcview show inet:1" },
        { FINDING_BACKLOG_FULL, full, 0, NULL, NULL },
        { FINDING_BACKLOG_FULL, full_or_not, 0, NULL, NULL },

        { FINDING_SOCKET_STALE, stale, SEVERITY_NOTICE,
          "no socket is bound to this file of 1000, made 60 s ago", "rm -- /run/s" },
        /* The path is no word of a shell. */
        { FINDING_SOCKET_STALE, stale_odd, SEVERITY_NOTICE,
          "no socket is bound to this file of 1000", "ipcview show unix:/run/a%20b" },
        { FINDING_SOCKET_STALE, unlinked, 0, NULL, NULL },

        { FINDING_SOCKET_LOST, unlinked, SEVERITY_WARNING,
          "there is no file at /run/s any more; the socket is A[100]'s", "ipcview show unix:/run/s" },
        { FINDING_SOCKET_LOST, replaced, SEVERITY_WARNING,
          "another file lies at /run/s now; the socket is A[100]'s", "ipcview show unix:/run/s" },
        { FINDING_SOCKET_LOST, unlinked_perhaps, SEVERITY_NOTICE,
          "there is no file at /run/s any more; the socket is A[100]'s", "ipcview show unix:/run/s" },
        { FINDING_SOCKET_LOST, unlinked_client, SEVERITY_NOTICE,
          "there is no file at /run/s any more; the socket is A[100]'s", "ipcview show unix:/run/s" },
        { FINDING_SOCKET_LOST, in_place, 0, NULL, NULL },
        { FINDING_SOCKET_LOST, stale, 0, NULL, NULL },

        { FINDING_SEM_DEAD_OPERATOR, abandoned, SEVERITY_NOTICE,
          "semaphore 1 has the value 0, 2 threads wait for it, and pid 4711, which changed it last, is dead; "
          "the last operation was 60 s ago", "ipcview show sem:1" },
        { FINDING_SEM_DEAD_OPERATOR, abandoned_reused, SEVERITY_NOTICE,
          "semaphore 1 has the value 0, 1 thread waits for it, and pid 4711, which changed it last, is dead; "
          "the last operation was 60 s ago", "ipcview show sem:1" },
        { FINDING_SEM_DEAD_OPERATOR, used, 0, NULL, NULL },
        { FINDING_SEM_DEAD_OPERATOR, unused, 0, NULL, NULL },
};

static void try(const struct example *example)
{
        const struct finding *finding;
        struct scene *scene;
        void *state;

        setup(&state);
        scene = state;
        example->make(scene);
        judge(scene, FINDING_BIT(example->rule));
        if (scene->findings.n != (example->evidence ? 1 : 0))
                fail_msg("%s, example %zu: %zu findings", finding_rule_get(example->rule)->name,
                         (size_t)(example - examples), scene->findings.n);
        if (example->evidence) {
                finding = &scene->findings.list[0];
                assert_int_equal(finding->id, example->rule);
                assert_int_equal(finding->severity, example->severity);
                assert_string_equal(finding->evidence.data, example->evidence);
                assert_int_equal(finding->remedy.len, strlen(example->remedy));
                assert_memory_equal(finding->remedy.data, example->remedy, finding->remedy.len);
        }
        teardown(&state);
}

static void test_examples(void **state)
{
        (void)state;
        for (unsigned i = 0; i < COUNT(examples); i++)
                try(&examples[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_examples),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
