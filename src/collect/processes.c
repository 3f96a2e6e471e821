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

static void set_status(struct builder *builder, struct process *process, int err, const struct process_status *status)
{
        if (err < 0)
                hidden(builder, process, FIELD_UID, "/proc/PID/status", err);
        else
                set(builder, process, FIELD_UID, status->uid);
}

static void set_command(int dir, struct builder *builder, struct process *process, struct buf *buf)
{
        int err;

        buf_clear(buf);
        err = process_read_command(dir, buf);
        if (err < 0)
                hidden(builder, process, FIELD_COMMAND, "/proc/PID/cmdline", err);
        else
                set_text(builder, process, FIELD_COMMAND, buf_text(buf));
}

static void set_cgroup(int dir, struct builder *builder, struct process *process, struct buf *buf)
{
        struct buf container = { 0 };
        struct text unit;
        int err;

        buf_clear(buf);
        err = process_read_cgroup(dir, buf);
        if (err < 0) {
                hidden(builder, process, FIELD_CGROUP, "/proc/PID/cgroup", err);
                return;
        }
        set_text(builder, process, FIELD_CGROUP, buf_text(buf));
        if (cgroup_unit(buf_text(buf), &unit))
                set_text(builder, process, FIELD_UNIT, unit);
        if (cgroup_container(buf_text(buf), &container))
                set_text(builder, process, FIELD_CONTAINER, buf_text(&container));
        buf_done(&container);
}

static void set_namespaces(int dir, struct builder *builder, struct process *process)
{
        static const char *const names[] = { "ipc", "mnt", "net", "pid", "user" };
        static const uint16_t fields[] = {
                FIELD_IPC_NAMESPACE, FIELD_MNT_NAMESPACE, FIELD_NET_NAMESPACE, FIELD_PID_NAMESPACE,
                FIELD_USER_NAMESPACE,
        };
        uint64_t inodes[COUNT(names)];

        process_read_namespaces(dir, names, COUNT(names), inodes);
        for (unsigned i = 0; i < COUNT(names); i++)
                /* No gap: where this is refused, the descriptors are too, and those have one. */
                if (inodes[i] == 0)
                        hidden(builder, process, fields[i], "", -ESRCH);
                else
                        set(builder, process, fields[i], inodes[i]);
}

static struct process *describe(const struct host *host, int dir, pid_t pid, const struct process_stat *stat,
                                struct builder *builder)
{
        int64_t start = process_start_time(host, stat->start);
        struct process *process = builder_process(builder, pid, (uint64_t)start, stat->comm);
        struct process_status status;
        struct buf buf = { 0 };
        int err;

        set(builder, process, FIELD_PID, (uint64_t)pid);
        if (start)
                set(builder, process, FIELD_START_TIME, (uint64_t)start);
        else
                hidden(builder, process, FIELD_START_TIME, "/proc/stat", -ENODATA);
        set(builder, process, FIELD_PARENT_PID, (uint64_t)stat->parent);
        set_text(builder, process, FIELD_COMM, stat->comm);
        set_command(dir, builder, process, &buf);
        err = process_read_status(dir, &status);
        set_status(builder, process, err, &status);
        set(builder, process, FIELD_PROCESS_STATE, state_word(stat->state));
        set_cgroup(dir, builder, process, &buf);
        set_namespaces(dir, builder, process);
        if (err == 0 && status.has_signals)
                set_signals(builder, process, &status.signals);
        if (builder_want(builder)->limits) {
                set(builder, process, FIELD_THREAD_COUNT, stat->nthreads);
                if (err == 0)
                        set(builder, process, FIELD_REAL_UID, status.real_uid);
        }
        buf_done(&buf);
        return process;
}

struct process *process_meet(const struct host *host, int dir, pid_t pid, struct builder *builder)
{
        struct process *process = builder_find_process(builder, pid);
        struct process_stat stat;
        struct buf buf = { 0 };
        int err;

        if (process)
                return process;
        err = process_read_stat(dir, &buf, &stat);
        if (err == 0)
                process = describe(host, dir, pid, &stat, builder);
        else if (err != -ENOENT && err != -ESRCH)
                builder_gap(builder, NULL, "/proc/PID/stat", -err, NULL);
        buf_done(&buf);
        return process;
}
