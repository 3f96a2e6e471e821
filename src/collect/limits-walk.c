/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/limits.h"

#include "base/array.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>

#define INITIAL_USER_NAMESPACE 0xEFFFFFFDu      /* PROC_USER_INIT_INO, linux/proc_ns.h */

/* What all processes of a user take together, and the lowest of their limits. */
struct user {
        uid_t uid;
        struct process *lowest[PROCESS_LIMITS]; /* whose it is; NULL: none was read */
        uint64_t soft[PROCESS_LIMITS];
        bool exempt;                    /* has all capabilities, unless it gave them up */
        uint64_t threads;
        bool has_signals;
        uint64_t signals;               /* queued */
        struct user *next;
};

struct limits_walk {
        const struct host *host;
        struct builder *builder;
        bool initial;                   /* uids are those of the initial user namespace */
        struct map by_uid;
        struct map namespaces;          /* IPC namespaces that were met */
        struct user *users, **last;     /* in the order met */

        /* of the current process */
        bool read;                      /* its limits were looked for */
        int err;
        struct process_limits limits;
        pid_t tid;                      /* whose table is counted; 0: none yet */
        uint64_t descriptors, below;    /* all, and those with a number below RLIMIT_NOFILE */
};

struct limits_walk *limits_walk_new(const struct host *host, struct builder *builder)
{
        struct limits_walk *walk;
        uint64_t ns;

        if (!builder_want(builder)->limits)
                return NULL;
        walk = memory_new(sizeof(*walk));
        walk->host = host;
        walk->builder = builder;
        walk->last = &walk->users;
        ns = host_namespace(host, "user");
        walk->initial = ns == 0 || ns == INITIAL_USER_NAMESPACE;
        return walk;
}

void limits_walk_begin(struct limits_walk *walk)
{
        if (!walk)
                return;
        walk->read = false;
        walk->tid = 0;
        walk->descriptors = walk->below = 0;
}

static void read_limits(struct limits_walk *limits, struct walk *walk)
{
        const struct process_facts *facts;

        if (limits->read)
                return;
        limits->read = true;
        facts = walk_facts(walk, PART_LIMITS);
        limits->limits = facts->limits;
        limits->err = facts->limits_err;
        if (limits->err < 0 && limits->err != -ENOENT && limits->err != -ESRCH)
                builder_gap(limits->builder, NULL, "/proc/PID/limits", -limits->err, NULL);
}

void limits_walk_descriptor(struct limits_walk *limits, struct walk *walk, const struct entry *entry)
{
        uint64_t fd = (uint64_t)entry->fd, beyond = fd + 1 + entry->more, most;

        if (!limits)
                return;
        read_limits(limits, walk);
        if (!limits->tid)
                limits->tid = entry->tid;
        if (entry->tid != limits->tid)
                return;
        limits->descriptors += beyond - fd;
        most = limits->limits.soft[PROCESS_LIMIT_NOFILE];
        if (fd < most)
                limits->below += (beyond < most ? beyond : most) - fd;
}

static const struct value *value_of(const struct process *process, uint16_t field, enum value_type type)
{
        const struct value *value = row_get(process_row(process), field);

        return value && value->type == type ? value : NULL;
}

static struct user *user_of(struct limits_walk *walk, uid_t uid)
{
        void **place = map_place(&walk->by_uid, uid, 0);

        if (!*place) {
                struct user *user = ARENA_NEW(builder_arena(walk->builder), struct user);

                user->uid = uid;
                user->exempt = uid == 0 && walk->initial;
                *walk->last = user;
                walk->last = &user->next;
                *place = user;
        }
        return *place;
}

static void add_to_user(struct limits_walk *walk, struct process *process)
{
        const struct value *uid = value_of(process, FIELD_REAL_UID, VALUE_UINT);
        const struct value *threads = value_of(process, FIELD_THREAD_COUNT, VALUE_UINT);
        const struct value *queued = value_of(process, FIELD_SIGNALS_QUEUED, VALUE_UINT);
        struct user *user;

        if (!uid)
                return;
        user = user_of(walk, (uid_t)uid->u);
        user->threads += threads ? threads->u : 0;
        if (queued) {
                user->has_signals = true;
                user->signals = queued->u;
        }
        for (unsigned i = 0; i < PROCESS_LIMITS; i++)
                if (walk->limits.there[i] && (!user->lowest[i] || walk->limits.soft[i] < user->soft[i])) {
                        user->lowest[i] = process;
                        user->soft[i] = walk->limits.soft[i];
                }
}

static void read_descriptors(struct limits_walk *walk, struct process *process)
{
        uint64_t most = walk->limits.soft[PROCESS_LIMIT_NOFILE];
        bool there = walk->limits.there[PROCESS_LIMIT_NOFILE];

        builder_process_value(walk->builder, process, (struct value){ .field = FIELD_DESCRIPTOR_COUNT,
                                                                      .type = VALUE_UINT, .u = walk->descriptors });
        builder_reading(walk->builder, &(struct limit_reading){
                .limit = LIMIT_RLIMIT_NOFILE, .subject = (uint64_t)process->pid, .process = process,
                .unknown = !there, .unlimited = there && most == LIMIT_NONE, .value = most,
                .counted = true, .used = there ? walk->below : walk->descriptors });
}

/* Kernel threads have limits that bind nobody; they have no command line. */
static bool is_bound(const struct limits_walk *walk, const struct process *process)
{
        const struct value *command = value_of(process, FIELD_COMMAND, VALUE_TEXT);

        return walk->descriptors > 0 || !command || command->len > 0;
}

static void visit_namespace(struct limits_walk *limits, struct walk *walk, const struct process *process)
{
        const struct value *ns = value_of(process, FIELD_IPC_NAMESPACE, VALUE_UINT);
        uint64_t own = builder_origin(limits->builder)->ipc_ns;
        void **place;

        if (!ns || !own || ns->u == own)
                return;
        place = map_place(&limits->namespaces, ns->u, 0);
        if (*place)
                return;
        *place = limits;
        collect_foreign_limits(limits->host, limits->builder, walk_process_dir(walk), ns->u);
}

void limits_walk_end(struct limits_walk *limits, struct walk *walk, struct process *process)
{
        if (!limits || !process || !is_bound(limits, process))
                return;
        read_limits(limits, walk);
        if (limits->err == -ENOENT || limits->err == -ESRCH)
                return;
        visit_namespace(limits, walk, process);
        read_descriptors(limits, process);
        add_to_user(limits, process);
}

/* Limits of users that a sysctl tells, for all of them alike; their use follows from the objects. */
struct user_sysctl {
        uint16_t limit;
        const char *path;
        const char *within;             /* the same of the reader's user namespace: the lower one binds; or NULL */
        bool zero_is_none;
        bool exempts;                   /* who has capabilities is not bound */
        struct limit_reading reading;
};

static void read_sysctl(struct limits_walk *walk, struct user_sysctl *sysctl)
{
        struct limit_reading inner = { .limit = sysctl->limit };
        struct limit_reading *reading = &sysctl->reading;

        reading->limit = sysctl->limit;
        limits_read_value(walk->host, walk->builder, sysctl->path, reading);
        if (sysctl->within && !reading->unknown &&
            limits_read_value(walk->host, NULL, sysctl->within, &inner) && !inner.unlimited &&
            (reading->unlimited || inner.value < reading->value))
                *reading = inner;
        if (sysctl->zero_is_none && !reading->unknown && reading->value == 0)
                reading->unlimited = true;
}

static void read_user(struct limits_walk *walk, const struct user *user, enum process_limit which, uint16_t limit,
                      const struct limit_reading *use)
{
        struct limit_reading reading = *use;

        if (!user->lowest[which])
                return;
        reading.limit = limit;
        reading.subject = user->uid;
        reading.process = user->lowest[which];
        reading.value = user->soft[which];
        reading.unlimited = reading.unlimited || reading.value == LIMIT_NONE;
        builder_reading(walk->builder, &reading);
}

/* A queue with the attributes that mq_open(3) gives without being told others: 10 messages of 8192 bytes. */
enum { USUAL_QUEUE = 10 * (8192 + 48) + 10 * 48 };

static void read_users(struct limits_walk *walk, struct user_sysctl *sysctls, unsigned n)
{
        for (const struct user *user = walk->users; user; user = user->next) {
                for (unsigned i = 0; i < n; i++) {
                        struct limit_reading reading = sysctls[i].reading;

                        reading.subject = user->uid;
                        reading.unlimited |= sysctls[i].exempts && user->exempt && !reading.unknown;
                        builder_reading(walk->builder, &reading);
                }
                read_user(walk, user, PROCESS_LIMIT_MSGQUEUE, LIMIT_RLIMIT_MSGQUEUE,
                          &(struct limit_reading){ .usual = USUAL_QUEUE });
                read_user(walk, user, PROCESS_LIMIT_MEMLOCK, LIMIT_RLIMIT_MEMLOCK,
                          &(struct limit_reading){ .unlimited = user->exempt });
                read_user(walk, user, PROCESS_LIMIT_SIGPENDING, LIMIT_RLIMIT_SIGPENDING,
                          &(struct limit_reading){ .counted = user->has_signals, .used = user->signals });
                read_user(walk, user, PROCESS_LIMIT_NPROC, LIMIT_RLIMIT_NPROC,
                          &(struct limit_reading){ .counted = true, .inferred = true, .used = user->threads,
                                                   .unlimited = user->exempt });
        }
}

void limits_walk_finish(struct limits_walk *walk)
{
        struct user_sysctl sysctls[] = {
                { .limit = LIMIT_PIPE_USER_PAGES_SOFT, .path = "/proc/sys/fs/pipe-user-pages-soft",
                  .zero_is_none = true, .exempts = true },
                { .limit = LIMIT_PIPE_USER_PAGES_HARD, .path = "/proc/sys/fs/pipe-user-pages-hard",
                  .zero_is_none = true, .exempts = true },
                { .limit = LIMIT_INOTIFY_INSTANCES, .path = "/proc/sys/fs/inotify/max_user_instances",
                  .within = "/proc/sys/user/max_inotify_instances" },
                { .limit = LIMIT_INOTIFY_WATCHES, .path = "/proc/sys/fs/inotify/max_user_watches",
                  .within = "/proc/sys/user/max_inotify_watches" },
                { .limit = LIMIT_EPOLL_WATCHES, .path = "/proc/sys/fs/epoll/max_user_watches" },
        };

        if (!walk)
                return;
        for (unsigned i = 0; i < COUNT(sysctls); i++)
                read_sysctl(walk, &sysctls[i]);
        read_users(walk, sysctls, COUNT(sysctls));
        map_done(&walk->by_uid);
        map_done(&walk->namespaces);
        free(walk);
}
