/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory and names that nobody has, and memory that nobody sees. */
#include "base/array.h"
#include "report/findings-private.h"

enum { NAMELESS_LEAST = 64 << 20 };     /* bytes of a process that are worth a word */

/* What a process has of it; the process with the lowest pid counts, so that each object counts once. */
struct nameless {
        const struct process *process;
        uint64_t bytes, objects;
        const struct object *largest;
        uint64_t most;
};

static const uint16_t moments[] = { FIELD_CREATED_AT, FIELD_CHANGED_AT, FIELD_MODIFIED_AT };

static struct finding *begin_unused(struct judging *judging, uint16_t id, const struct object *object)
{
        struct finding *draft = finding_begin(judging, id, object, NULL);

        draft->inferred = true;
        draft->since = (int64_t)latest_of(object, moments, COUNT(moments));
        return draft;
}

static void end_unused(struct judging *judging)
{
        if (judging->draft.since) {
                say(judging, N_("; last changed "));
                say_span(judging, seconds_since(judging, (uint64_t)judging->draft.since));
                say(judging, N_(" ago"));
        }
        finding_end(judging);
}

static void pshm_orphan(struct judging *judging, const struct object *object)
{
        struct finding *draft = begin_unused(judging, FINDING_PSHM_ORPHAN, object);

        draft->bytes = number_or_zero(object, FIELD_ALLOCATED_BYTES);
        if (seconds_since(judging, (uint64_t)draft->since) < FORGOTTEN_SECONDS || !draft->since)
                draft->severity = SEVERITY_NOTICE;
        say(judging, N_("it takes "));
        say_bytes(judging, draft->bytes);
        say(judging, N_(", belongs to "));
        say_user(judging, (uid_t)number_or_zero(object, FIELD_OWNER));
        say(judging, N_(", and no process has it"));
        end_unused(judging);
}

static void psem_orphan(struct judging *judging, const struct object *object)
{
        uint64_t value;

        begin_unused(judging, FINDING_PSEM_ORPHAN, object);
        if (number_of(object, FIELD_VALUE, &value))
                say(judging, N_("its value is %u"), (unsigned)value);
        else
                say(judging, N_("its value is not known"));
        say(judging, N_(", and no process has it"));
        end_unused(judging);
}

static void queue_orphan(struct judging *judging, const struct object *object)
{
        uint64_t most, bytes;

        /* With messages in it: that is queue-unread. A recording tells their bytes alone. */
        if (number_or_zero(object, FIELD_QUEUED_MESSAGES) || !number_of(object, FIELD_QUEUED_BYTES, &bytes) || bytes)
                return;
        begin_unused(judging, FINDING_MQ_ORPHAN, object);
        if (number_of(object, FIELD_MAX_MESSAGES, &most))
                say_count(judging, most, "room for %u message, and no process has it",
                          "room for %u messages, and no process has it", (unsigned)most);
        else
                say(judging, N_("no process has it"));
        end_unused(judging);
}

/* Bytes of an object that only its holders lead to. */
static uint64_t nameless_bytes(const struct judging *judging, const struct object *object)
{
        switch (topic_of(judging, object)) {
        case TOPIC_SHM:
                return has_state(object, STATE_DEST) ? number_or_zero(object, FIELD_RESIDENT_BYTES) +
                                                       number_or_zero(object, FIELD_SWAPPED_BYTES) : 0;
        case TOPIC_PSHM:
                return has_state(object, STATE_UNLINKED) ? number_or_zero(object, FIELD_ALLOCATED_BYTES) : 0;
        case TOPIC_MEMFD:
                return number_or_zero(object, FIELD_ALLOCATED_BYTES);
        default:
                return 0;
        }
}

static const struct process *first_holder(const struct object *object)
{
        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].way == WAY_FD || object->holds[i].way == WAY_MAP)
                        return object->holds[i].process;
        return NULL;
}

static void add_nameless(struct judging *judging, const struct object *object)
{
        uint64_t bytes = nameless_bytes(judging, object);
        const struct process *process = bytes ? first_holder(object) : NULL;
        struct nameless *nameless;
        void **place;

        if (!process)
                return;
        place = map_place(&judging->nameless, (uint64_t)process->pid, 0);
        if (!*place)
                *place = ARENA_NEW(&judging->findings->arena, struct nameless);
        nameless = *place;
        nameless->process = process;
        nameless->bytes += bytes;
        nameless->objects++;
        if (bytes > nameless->most) {
                nameless->most = bytes;
                nameless->largest = object;
        }
}

static void in_flight(struct judging *judging, const struct object *object)
{
        uint64_t number;

        if (!number_of(object, FIELD_DESCRIPTORS_IN_FLIGHT, &number) || number == 0)
                return;
        finding_begin(judging, FINDING_IN_FLIGHT, object, NULL);
        say_count(judging, number, "%u descriptor was sent to it and not received",
                  "%u descriptors were sent to it and not received", (unsigned)number);
        if (object->nholds) {
                say(judging, N_("; "));
                say_process(judging, object->holds[0].process);
                say(judging, N_(" has it"));
        }
        finding_end(judging);
}

/* Nobody has it. */
static void forgotten(struct judging *judging, const struct object *object, uint16_t id,
                      void (*report)(struct judging *judging, const struct object *object))
{
        if (judging_wants(judging, id) && has_state(object, STATE_ORPHAN))
                report(judging, object);
}

void findings_memory(struct judging *judging, const struct object *object)
{
        switch (topic_of(judging, object)) {
        case TOPIC_PSHM:
                forgotten(judging, object, FINDING_PSHM_ORPHAN, pshm_orphan);
                break;
        case TOPIC_PSEM:
                forgotten(judging, object, FINDING_PSEM_ORPHAN, psem_orphan);
                break;
        case TOPIC_MQ:
                forgotten(judging, object, FINDING_MQ_ORPHAN, queue_orphan);
                break;
        case TOPIC_UNIX:
                if (judging_wants(judging, FINDING_IN_FLIGHT))
                        in_flight(judging, object);
                break;
        default:
                break;
        }
        if (judging_wants(judging, FINDING_NAMELESS_MEMORY))
                add_nameless(judging, object);
}

void findings_nameless(struct judging *judging)
{
        const struct snapshot *snapshot = judging->snapshot;

        for (size_t i = 0; judging->nameless.used && i < snapshot->nprocesses; i++) {
                const struct nameless *nameless = map_get(&judging->nameless, (uint64_t)snapshot->processes[i].pid, 0);

                if (!nameless || nameless->bytes < NAMELESS_LEAST)
                        continue;
                finding_begin(judging, FINDING_NAMELESS_MEMORY, NULL, nameless->process)->bytes = nameless->bytes;
                say_process(judging, nameless->process);
                say_count(judging, nameless->objects, " keeps %u object without a name, ",
                          " keeps %u objects without a name, ", (unsigned)nameless->objects);
                say_bytes(judging, nameless->bytes);
                say(judging, N_(" in all; the largest is "));
                buf_add(&judging->text, nameless->largest->ref);
                say(judging, N_(" with "));
                say_bytes(judging, nameless->most);
                finding_remedy(judging, "ipcview show pid:%d", nameless->process->pid);
                finding_end(judging);
        }
}
