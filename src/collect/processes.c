/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/processes.h"

#include "base/array.h"

#include <errno.h>

static enum process_state_word state_word(char state)
{
        switch (state) {
        case 'R': return PROCESS_RUNNING;
        case 'S': return PROCESS_SLEEPING;
        case 'D': return PROCESS_BLOCKED;
        case 'T': return PROCESS_STOPPED;
        case 't': return PROCESS_TRACED;
        case 'Z': return PROCESS_ZOMBIE;
        case 'I': return PROCESS_IDLE;
        default:  return PROCESS_OTHER;
        }
}

static void set(struct builder *builder, struct process *process, uint16_t field, uint64_t number)
{
        builder_process_value(builder, process,
                              (struct value){ .field = field, .type = field_get(field)->type, .u = number });
}

static void set_text(struct builder *builder, struct process *process, uint16_t field, struct text text)
{
        struct text copy = arena_text(builder_arena(builder), text);

        builder_process_value(builder, process, (struct value){ .field = field, .type = VALUE_TEXT,
                                                                .len = (uint32_t)copy.len, .data = copy.data });
}

/* A process that ends meanwhile hides nothing: only other errors leave a gap. */
static void hidden(struct builder *builder, struct process *process, uint16_t field, const char *where, int err)
{
        builder_process_value(builder, process, (struct value){ .field = field, .type = VALUE_UNKNOWN });
        if (err != -ENOENT && err != -ESRCH)
                builder_gap(builder, NULL, where, -err, NULL);
}

static void set_signals(struct builder *builder, struct process *process, const struct process_signals *signals)
{
        set(builder, process, FIELD_SIGNALS_PENDING, signals->pending);
        set(builder, process, FIELD_SIGNALS_PROCESS_PENDING, signals->process_pending);
        set(builder, process, FIELD_SIGNALS_BLOCKED, signals->blocked);
        set(builder, process, FIELD_SIGNALS_IGNORED, signals->ignored);
        set(builder, process, FIELD_SIGNALS_CAUGHT, signals->caught);
        set(builder, process, FIELD_SIGNALS_QUEUED, signals->queued);
        set(builder, process, FIELD_SIGNALS_QUEUED_LIMIT, signals->queued_limit);
}

static void set_user(struct builder *builder, struct process *process, const struct process_facts *facts)
{
        if (facts->status_err < 0)
                hidden(builder, process, FIELD_UID, "/proc/PID/status", facts->status_err);
        else
                set(builder, process, FIELD_UID, facts->status.uid);
}

static void set_cgroup(struct builder *builder, struct process *process, const struct process_facts *facts)
{
        if (facts->cgroup_err < 0) {
                hidden(builder, process, FIELD_CGROUP, "/proc/PID/cgroup", facts->cgroup_err);
                return;
        }
        set_text(builder, process, FIELD_CGROUP, buf_text(&facts->cgroup));
        if (facts->unit.data)
                set_text(builder, process, FIELD_UNIT, facts->unit);
        if (facts->in_container)
                set_text(builder, process, FIELD_CONTAINER, buf_text(&facts->container));
}

static void set_namespaces(struct builder *builder, struct process *process, const struct process_facts *facts)
{
        static const uint16_t fields[PROCESS_NS_COUNT] = {
                [PROCESS_NS_IPC] = FIELD_IPC_NAMESPACE, [PROCESS_NS_MNT] = FIELD_MNT_NAMESPACE,
                [PROCESS_NS_NET] = FIELD_NET_NAMESPACE, [PROCESS_NS_PID] = FIELD_PID_NAMESPACE,
                [PROCESS_NS_USER] = FIELD_USER_NAMESPACE,
        };

        for (unsigned i = 0; i < PROCESS_NS_COUNT; i++)
                /* No gap: where this is refused, the descriptors are too, and those have one. */
                if (facts->namespaces[i] == 0)
                        hidden(builder, process, fields[i], "", -ESRCH);
                else
                        set(builder, process, fields[i], facts->namespaces[i]);
}

static struct process *describe(const struct host *host, const struct process_facts *facts, pid_t pid,
                                struct builder *builder)
{
        const struct process_stat *stat = &facts->stat;
        int64_t start = process_start_time(host, stat->start);
        struct process *process = builder_process(builder, pid, (uint64_t)start, stat->comm);

        set(builder, process, FIELD_PID, (uint64_t)pid);
        if (start)
                set(builder, process, FIELD_START_TIME, (uint64_t)start);
        else
                hidden(builder, process, FIELD_START_TIME, "/proc/stat", -ENODATA);
        set(builder, process, FIELD_PARENT_PID, (uint64_t)stat->parent);
        set_text(builder, process, FIELD_COMM, stat->comm);
        if (facts->command_err < 0)
                hidden(builder, process, FIELD_COMMAND, "/proc/PID/cmdline", facts->command_err);
        else
                set_text(builder, process, FIELD_COMMAND, buf_text(&facts->command));
        set_user(builder, process, facts);
        set(builder, process, FIELD_PROCESS_STATE, state_word(stat->state));
        set_cgroup(builder, process, facts);
        set_namespaces(builder, process, facts);
        if (facts->status_err == 0 && facts->status.has_signals)
                set_signals(builder, process, &facts->status.signals);
        if (builder_want(builder)->limits) {
                set(builder, process, FIELD_THREAD_COUNT, stat->nthreads);
                if (facts->status_err == 0)
                        set(builder, process, FIELD_REAL_UID, facts->status.real_uid);
        }
        return process;
}

/* Of one that the builder has not, whose PART_IDENTITY was read. */
static struct process *tell(const struct host *host, const struct process_facts *facts, pid_t pid,
                            struct builder *builder)
{
        if (facts->stat_err == 0)
                return describe(host, facts, pid, builder);
        if (facts->stat_err != -ENOENT && facts->stat_err != -ESRCH)
                builder_gap(builder, NULL, "/proc/PID/stat", -facts->stat_err, NULL);
        return NULL;
}

struct process *process_meet(const struct host *host, int dir, pid_t pid, struct builder *builder)
{
        struct process *process = builder_find_process(builder, pid);
        struct process_facts facts = { 0 };

        if (process)
                return process;
        process_facts_read(&facts, dir, PART_IDENTITY);
        process = tell(host, &facts, pid, builder);
        process_facts_done(&facts);
        return process;
}

struct process *process_meet_here(const struct host *host, struct walk *walk, pid_t pid, struct builder *builder)
{
        struct process *process = builder_find_process(builder, pid);

        return process ? process : tell(host, walk_facts(walk, PART_IDENTITY), pid, builder);
}
