/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/waits.h"

#include "base/i18n.h"
#include "collect/processes.h"
#include "kind/waiting.h"

#include <errno.h>

/* How many tables of its threads a process may have before we no longer ask which one a thread uses. */
enum { TABLES_MOST = 64 };

/* One thread of the scene. */
struct blocked {
        const struct wait_scene *scene;
        struct wait_thread thread;
        struct process *process;        /* once there is an object that it waits on */
        int64_t since;
};

static void gap(const struct wait_scene *scene, const char *where, int err, const char *reason)
{
        if (err != -ENOENT && err != -ESRCH)
                builder_gap(scene->builder, NULL, where, -err, reason);
}

/* A stopped thread is in no call, though the kernel still names the last one. */
static bool is_stopped(const struct process *process)
{
        const struct value *state = row_get(process_row(process), FIELD_PROCESS_STATE);

        return state && state->type == VALUE_WORD && (state->u == PROCESS_STOPPED || state->u == PROCESS_TRACED);
}

static void tie(struct blocked *blocked, struct object *object, bool inferred, bool others)
{
        const struct wait_scene *scene = blocked->scene;

        if (!blocked->process) {
                blocked->process = process_meet_here(scene->host, scene->walk, scene->pid, scene->builder);
                if (!blocked->process)
                        return;
                blocked->since = waits_since(scene->waits);
        }
        if (!is_stopped(blocked->process))
                builder_wait(scene->builder, (struct wait){
                        .object = object, .process = blocked->process, .tid = blocked->thread.tid,
                        .operation = blocked->thread.call.operation, .since = blocked->since, .inferred = inferred,
                        .timed = blocked->thread.call.timed, .others = others,
                });
}

/* A thread whose table the walk read under the name of another that shares it. */
static pid_t table_of(const struct wait_scene *scene, pid_t tid)
{
        const struct fd_table *table = scene->table;

        if (table->nowners == 1)
                return tid;
        for (size_t i = 0; i < table->nowners; i++)
                if (table->owners[i].tid == tid)
                        return tid;
        for (size_t i = 0; i < table->nowners && i < TABLES_MOST; i++)
                if (waits_same_table(scene->waits, tid, table->owners[i].tid))
                        return table->owners[i].tid;
        return tid;
}

static void memory_gap(const struct wait_scene *scene, int err)
{
        if (err < 0)
                gap(scene, "/proc/PID/mem", err,
                    err == -EOPNOTSUPP ? N_("a recording does not hold the memory of processes") : NULL);
}

static void more_gap(const struct wait_scene *scene)
{
        gap(scene, "/proc/PID/mem", -E2BIG, N_("a thread waits for more than 1,024 descriptors or words"));
}

/* A call that names several waits for any of them: that it is this one is a deduction. */
static void wait_for_fds(struct blocked *blocked)
{
        const struct wait_scene *scene = blocked->scene;
        struct object *objects[WAIT_FDS_MOST];
        int fds[WAIT_FDS_MOST];
        pid_t table;
        bool more, others;
        int n, known = 0;

        if (!scene->table->nslots)
                return;
        n = waits_fds(scene->waits, &blocked->thread.call, fds, &more);
        memory_gap(scene, n);
        if (more)
                more_gap(scene);
        table = n > 0 ? table_of(scene, blocked->thread.tid) : 0;
        for (int i = 0; i < n; i++) {
                struct object *object = fd_table_find(scene->table, table, fds[i]);

                if (object)
                        objects[known++] = object;
        }
        others = more || known < n;
        for (int i = 0; i < known; i++)
                tie(blocked, objects[i], n > 1 || more, others);
}

/* That the word belongs to the object is a deduction: any word of any shared memory may be waited on. */
static void wait_for_words(struct blocked *blocked)
{
        const struct wait_scene *scene = blocked->scene;
        uint64_t addresses[WAIT_FDS_MOST];
        bool more;
        int n;

        if (!scene->table->nmaps)
                return;
        n = waits_futexes(scene->waits, &blocked->thread.call, addresses, &more);
        memory_gap(scene, n);
        if (more)
                more_gap(scene);
        for (int i = 0; i < n; i++) {
                struct object *object = fd_table_at(scene->table, addresses[i]);

                if (object)
                        tie(blocked, object, true, n > 1);
        }
}

/* Kinds that share a source share the function: asked once. */
static void ask_kinds(struct blocked *blocked)
{
        const struct wait_scene *scene = blocked->scene;
        struct object *(*asked)(struct waiting *waiting) = NULL;

        for (unsigned i = 0; i < scene->kinds->nkinds; i++) {
                const struct kind *kind = scene->kinds->kinds[i];
                struct waiting waiting = { scene->host, scene->builder, scene->waits, &blocked->thread, false,
                                           scene->pid };
                struct object *object;

                if (!kind->waited || kind->waited == asked || !builder_wants(scene->builder, kind))
                        continue;
                asked = kind->waited;
                object = kind->waited(&waiting);
                if (object) {
                        tie(blocked, object, waiting.inferred, false);
                        return;
                }
        }
}

static bool is_anything_waited(const struct wait_scene *scene)
{
        bool any = scene->table->nslots || scene->table->nmaps;

        for (unsigned i = 0; i < scene->kinds->nkinds && !any; i++)
                any = scene->kinds->kinds[i]->waited && builder_wants(scene->builder, scene->kinds->kinds[i]);
        return any;
}

bool collect_waits(const struct wait_scene *scene)
{
        struct blocked blocked = { .scene = scene };
        struct waits_kept *kept = walk_waits_kept(scene->walk);
        bool any = false;

        /* What there is to wait for may be another thing the next time. */
        if (!is_anything_waited(scene))
                return true;
        waits_start(scene->waits, kept && kept->whole ? -1 : walk_process_dir(scene->walk), scene->pid, kept);
        while (waits_next(scene->waits, &blocked.thread)) {
                any = true;
                blocked.process = NULL;
                switch (blocked.thread.call.target) {
                case WAIT_FD:
                case WAIT_FDS:
                case WAIT_POLL:
                case WAIT_SELECT:
                case WAIT_SOCKET:
                        wait_for_fds(&blocked);
                        break;
                case WAIT_FUTEX:
                case WAIT_FUTEXES:
                        wait_for_words(&blocked);
                        break;
                case WAIT_SEM:
                case WAIT_MSG:
                case WAIT_LOCK:
                case WAIT_PATH:
                        ask_kinds(&blocked);
                        break;
                }
        }
        if (waits_error(scene->waits) < 0)
                gap(scene, "/proc/PID/syscall", waits_error(scene->waits),
                    waits_error(scene->waits) == -EOPNOTSUPP ?
                    N_("a thread is blocked in a system call of a machine that is not known") : NULL);
        return any || waits_error(scene->waits) < 0;
}
