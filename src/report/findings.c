/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/findings.h"

#include "base/array.h"
#include "base/memory.h"
#include "report/findings-private.h"

#include <stdlib.h>

#define INITIAL_PID_NAMESPACE 0xEFFFFFFCu       /* PROC_PID_INIT_INO, linux/proc_ns.h */

static const struct finding_rule rules[] = {
#define FINDING(id, name, severity, needs, title, explanation, remedy) \
        [FINDING_##id] = { name, SEVERITY_##severity, needs, title, explanation, remedy },
#include "report/findings.list"
#undef FINDING
};

static const char *const severities[SEVERITY_COUNT] = {
        [SEVERITY_NOTICE] = "notice", [SEVERITY_WARNING] = "warning", [SEVERITY_CRITICAL] = "critical",
};

const struct finding_rule *finding_rule_get(uint16_t id)
{
        return &rules[id];
}

bool finding_rule_find(struct text name, uint16_t *ret)
{
        for (uint16_t i = 0; i < FINDING_COUNT; i++)
                if (text_equal(name, text_of(rules[i].name))) {
                        *ret = i;
                        return true;
                }
        return false;
}

const char *severity_word(enum severity severity)
{
        return severities[severity];
}

bool severity_find(struct text word, enum severity *ret)
{
        for (unsigned i = 0; i < SEVERITY_COUNT; i++)
                if (text_equal(word, text_of(severities[i]))) {
                        *ret = (enum severity)i;
                        return true;
                }
        return false;
}

bool finding_is_about(const struct finding *finding, const struct object *object)
{
        if (finding->object == object)
                return true;
        for (unsigned i = 0; i < finding->ncycle; i++)
                if (finding->cycle[i]->object == object)
                        return true;
        return false;
}

const uint16_t *findings_fields(unsigned *ret_n)
{
        static const uint16_t fields[] = {
                FIELD_KEY, FIELD_OWNER, FIELD_MODE, FIELD_STATE, FIELD_SIZE_BYTES, FIELD_CREATED_AT, FIELD_CHANGED_AT,
                FIELD_MODIFIED_AT, FIELD_ATTACHED, FIELD_RESIDENT_BYTES, FIELD_SWAPPED_BYTES, FIELD_CREATOR_PID,
                FIELD_CREATOR_LIFE, FIELD_LAST_PID, FIELD_LAST_LIFE, FIELD_ATTACHED_AT, FIELD_DETACHED_AT,
                FIELD_OPERATED_AT, FIELD_WAITING, FIELD_SEMAPHORES, FIELD_QUEUED_MESSAGES, FIELD_QUEUED_BYTES,
                FIELD_MAX_BYTES, FIELD_MAX_MESSAGES, FIELD_LAST_SEND_LIFE, FIELD_LAST_RECEIVE_LIFE, FIELD_SENT_AT,
                FIELD_RECEIVED_AT, FIELD_NOTIFY, FIELD_ALLOCATED_BYTES, FIELD_LINKED, FIELD_SOCKET_TYPE,
                FIELD_SOCKET_STATE, FIELD_LOCAL_PEER, FIELD_BACKLOG, FIELD_MAX_BACKLOG, FIELD_DESCRIPTORS_IN_FLIGHT,
                FIELD_TARGET_COUNT,
        };

        *ret_n = COUNT(fields);
        return fields;
}

/* --- what was hidden -------------------------------------------------------- */

static bool is_of(const char *where, const char *const *list, unsigned n)
{
        for (unsigned i = 0; where && i < n; i++)
                if (strcmp(where, list[i]) == 0)
                        return true;
        return false;
}

static void see_gaps(struct judging *judging)
{
        static const char *const of_waits[] = { "/proc/PID/syscall", "/proc/PID/mem" };
        static const char *const of_limits[] = { "/proc/sys", "/proc/PID/limits" };
        const struct snapshot *snapshot = judging->snapshot;

        judging->holders_hidden = !snapshot->want.holders;
        judging->waits_hidden = !snapshot->want.waiters;
        judging->limits_hidden = !snapshot->want.limits;
        judging->outside = snapshot->origin.pid_ns && snapshot->origin.pid_ns != INITIAL_PID_NAMESPACE;
        for (size_t i = 0; i < snapshot->ngaps; i++) {
                const struct gap *gap = &snapshot->gaps[i];

                if (gap->kind)
                        continue;
                judging->waits_hidden |= is_of(gap->where, of_waits, COUNT(of_waits));
                judging->limits_hidden |= is_of(gap->where, of_limits, COUNT(of_limits));
                judging->holders_hidden |= gap_hides_holders(gap);
        }
        /* Who can't be looked into may wait for anything. */
        judging->waits_hidden |= judging->holders_hidden;
        for (uint16_t i = 0; i < FINDING_COUNT; i++)
                if ((rules[i].needs & NEEDS_HOLDERS && judging->holders_hidden) ||
                    (rules[i].needs & NEEDS_WAITS && judging->waits_hidden) ||
                    (rules[i].needs & NEEDS_LIMITS && judging->limits_hidden))
                        judging->findings->hampered |= FINDING_BIT(i);
        judging->findings->hampered &= judging->options->rules;
}

static void see_kinds(struct judging *judging)
{
        static const char *const names[] = {
                [TOPIC_SHM] = "shm", [TOPIC_SEM] = "sem", [TOPIC_MSG] = "msg", [TOPIC_MQ] = "mq",
                [TOPIC_PSHM] = "pshm", [TOPIC_PSEM] = "psem", [TOPIC_PIPE] = "pipe", [TOPIC_FIFO] = "fifo",
                [TOPIC_UNIX] = "unix", [TOPIC_INET] = "inet", [TOPIC_MEMFD] = "memfd",
                [TOPIC_EVENTFD] = "eventfd", [TOPIC_PTY] = "pty",
        };
        const struct kind_set *kinds = judging->snapshot->kinds;

        for (unsigned i = 0; i < kinds->nkinds && i < COUNT(judging->topic); i++)
                for (unsigned j = 1; j < COUNT(names); j++)
                        if (strcmp(kinds->kinds[i]->name, names[j]) == 0)
                                judging->topic[i] = (uint8_t)j;
}

/* --- all of them ------------------------------------------------------------ */

static void judge_object(struct judging *judging, const struct object *object)
{
        switch (topic_of(judging, object)) {
        case TOPIC_SHM:
        case TOPIC_SEM:
                findings_sysv(judging, object);
                findings_keys(judging, object);
                break;
        case TOPIC_MSG:
                findings_queues(judging, object);
                findings_keys(judging, object);
                break;
        case TOPIC_MQ:
                findings_queues(judging, object);
                break;
        case TOPIC_PIPE:
        case TOPIC_FIFO:
                findings_writers(judging, object);
                break;
        case TOPIC_UNIX:
        case TOPIC_INET:
                findings_sockets(judging, object);
                findings_writers(judging, object);
                break;
        case TOPIC_PSHM:
        case TOPIC_PSEM:
        case TOPIC_MEMFD:
        case TOPIC_EVENTFD:
        case TOPIC_PTY:
        case TOPIC_OTHER:
                break;
        }
        findings_memory(judging, object);
        findings_modes(judging, object);
}

/* The gravest first, then by rule; of one rule in the order in which they were found. */
static int compare(const void *a, const void *b)
{
        const struct finding *const *x = a, *const *y = b;

        if ((*x)->severity != (*y)->severity)
                return (*x)->severity > (*y)->severity ? -1 : 1;
        if ((*x)->id != (*y)->id)
                return (*x)->id < (*y)->id ? -1 : 1;
        return *x < *y ? -1 : *x > *y;
}

static void sort(struct findings *findings)
{
        const struct finding **order = memory_new((findings->n + 1) * sizeof(*order));
        struct finding *sorted = memory_new((findings->n + 1) * sizeof(*sorted));

        for (size_t i = 0; i < findings->n; i++)
                order[i] = &findings->list[i];
        if (findings->n)
                qsort(order, findings->n, sizeof(*order), compare);
        for (size_t i = 0; i < findings->n; i++) {
                sorted[i] = *order[i];
                findings->by_severity[sorted[i].severity]++;
        }
        free(order);
        free(findings->list);
        findings->list = sorted;
        findings->room = findings->n + 1;
}

void findings_make(const struct snapshot *snapshot, const struct findings_options *options, struct findings *ret)
{
        struct judging judging = { .snapshot = snapshot, .options = options, .findings = ret };

        *ret = (struct findings){ 0 };
        arena_init(&ret->arena);
        see_kinds(&judging);
        see_gaps(&judging);
        for (size_t i = 0; i < snapshot->nobjects; i++) {
                if (i + OBJECTS_AHEAD < snapshot->nobjects)
                        object_ahead(&snapshot->objects[i + OBJECTS_AHEAD]);
                judge_object(&judging, &snapshot->objects[i]);
        }
        findings_nameless(&judging);
        findings_remove_ipc(&judging);
        findings_limits(&judging);
        findings_cycles(&judging);
        sort(ret);
        map_done(&judging.keys);
        map_done(&judging.nameless);
        buf_done(&judging.text);
}

void findings_done(struct findings *findings)
{
        limits_report_done(&findings->limits);
        free(findings->list);
        arena_done(&findings->arena);
        *findings = (struct findings){ 0 };
}
