/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Message queues: full, never read, or notifying nobody; and writers that nobody reads from. */
#include "base/array.h"
#include "report/findings-private.h"

static bool begins(const char *operation, const char *const *calls, unsigned n)
{
        for (unsigned i = 0; i < n; i++)
                if (text_starts(text_of(operation), text_of(calls[i])))
                        return true;
        return false;
}

static bool sends(const char *operation)
{
        static const char *const calls[] = { "msgsnd", "mq_timedsend" };

        return begins(operation, calls, COUNT(calls));
}

static bool receives(const char *operation)
{
        static const char *const calls[] = { "msgrcv", "mq_timedreceive" };

        return begins(operation, calls, COUNT(calls));
}

/* Calls that do nothing but write: who polls, or moves from one to the other, may wait for anything. */
static bool writes(const char *operation)
{
        static const char *const calls[] = { "write", "pwrite", "send", "vmsplice" };

        return begins(operation, calls, COUNT(calls)) && strcmp(operation, "sendfile") != 0 &&
               strcmp(operation, "sendfile64") != 0;
}

/* The wait that lasts longest, of those that do it; *ret_n: how many. One that is not known to last only if all are. */
static const struct wait *longest(const struct object *object, bool (*does)(const char *), unsigned *ret_n)
{
        const struct wait *found = NULL;
        unsigned n = 0;

        for (unsigned i = 0; i < object->nwaits; i++) {
                const struct wait *wait = &object->waits[i];

                if (!does(wait->operation))
                        continue;
                n++;
                if (!found || (wait->since && (!found->since || wait->since < found->since)))
                        found = wait;
        }
        *ret_n = n;
        return found;
}

static void say_blocked(struct judging *judging, const struct wait *wait, unsigned n)
{
        say_process(judging, wait->process);
        say(judging, N_(" is blocked in %s"), wait->operation);
        if (wait->since) {
                say(judging, N_(" for "));
                say_span(judging, seconds_since(judging, (uint64_t)wait->since));
        }
        if (n > 1)
                say_count(judging, n - 1, ", and %u more is", ", and %u more are", n - 1);
}

static void say_full(struct judging *judging, const struct object *object)
{
        uint64_t messages = number_or_zero(object, FIELD_QUEUED_MESSAGES), most;

        if (number_of(object, FIELD_MAX_MESSAGES, &most))
                say(judging, N_("; %u of %u messages are in it"), (unsigned)messages, (unsigned)most);
        else if (number_of(object, FIELD_MAX_BYTES, &most))
                say(judging, N_("; messages in it: %u, of %llu of %llu bytes"), (unsigned)messages,
                    (unsigned long long)number_or_zero(object, FIELD_QUEUED_BYTES), (unsigned long long)most);
}

static void queue_full(struct judging *judging, const struct object *object)
{
        unsigned n;
        const struct wait *wait = longest(object, sends, &n);
        struct finding *draft;

        if (!wait)
                return;
        draft = finding_begin(judging, FINDING_QUEUE_FULL, object, wait->process);
        draft->since = wait->since;
        if (!wait->since || seconds_since(judging, (uint64_t)wait->since) < STUCK_SECONDS)
                draft->severity = SEVERITY_NOTICE;
        say_blocked(judging, wait, n);
        say_full(judging, object);
        finding_end(judging);
}

/* Is somebody there who could receive? */
static bool has_receiver(const struct judging *judging, const struct object *object)
{
        unsigned n;
        uint64_t life;

        if (longest(object, receives, &n))
                return true;
        if (topic_of(judging, object) == TOPIC_MQ) {
                for (unsigned i = 0; i < object->nholds; i++)
                        if (object->holds[i].way == WAY_FD && object->holds[i].access & ACCESS_R)
                                return true;
                return judging->holders_hidden;
        }
        return !number_of(object, FIELD_LAST_RECEIVE_LIFE, &life) || life == LIFE_ALIVE || life == LIFE_UNKNOWN;
}

/* Who sent it last may be who waits for the answer in another queue, and goes on to use this one. */
static bool has_sender(const struct object *object)
{
        uint64_t life;

        return number_of(object, FIELD_LAST_SEND_LIFE, &life) && (life == LIFE_ALIVE || life == LIFE_UNKNOWN);
}

static void queue_unread(struct judging *judging, const struct object *object)
{
        static const uint16_t moments[] = { FIELD_SENT_AT, FIELD_RECEIVED_AT, FIELD_MODIFIED_AT };
        uint64_t messages, bytes = number_or_zero(object, FIELD_QUEUED_BYTES);
        uint64_t since = latest_of(object, moments, COUNT(moments));
        bool counted = number_of(object, FIELD_QUEUED_MESSAGES, &messages);
        struct finding *draft;

        /* Of a recorded queue only the bytes are known. */
        if ((counted ? messages : bytes) == 0 || object->foreign || has_receiver(judging, object))
                return;
        draft = finding_begin(judging, FINDING_QUEUE_UNREAD, object, NULL);
        draft->inferred = true;
        draft->since = (int64_t)since;
        draft->bytes = bytes;
        if (!since || seconds_since(judging, since) < FORGOTTEN_SECONDS || has_sender(object))
                draft->severity = SEVERITY_NOTICE;
        if (counted)
                say_count(judging, messages, "%u message", "%u messages", (unsigned)messages);
        else
                say(judging, N_("messages"));
        if (draft->bytes) {
                say(judging, N_(" of "));
                say_bytes(judging, draft->bytes);
        }
        if (since) {
                say(judging, N_(", the last one from "));
                say_span(judging, seconds_since(judging, since));
                say(judging, N_(" ago"));
        }
        say(judging, N_("; nobody waits for them, and no receiver is alive"));
        finding_end(judging);
}

static void notify_dead(struct judging *judging, const struct object *object)
{
        const struct value *notify = row_get(object_row(object), FIELD_NOTIFY);
        const struct value *pid = notify && notify->type == VALUE_RECORD ? row_get(notify->rows[0], FIELD_PID) : NULL;

        /* Only where every process was listed its absence says anything. */
        if (!pid || pid->type != VALUE_UINT || pid->u == 0 || pid->u > INT32_MAX ||
            !judging->snapshot->want.processes || judging->holders_hidden ||
            snapshot_process(judging->snapshot, (pid_t)pid->u))
                return;
        finding_begin(judging, FINDING_NOTIFY_DEAD, object, NULL)->inferred = true;
        say(judging, N_("pid %u is registered to be told of the next message, and there is no such process"),
            (unsigned)pid->u);
        finding_end(judging);
}

void findings_queues(struct judging *judging, const struct object *object)
{
        if (judging_wants(judging, FINDING_QUEUE_FULL))
                queue_full(judging, object);
        if (judging_wants(judging, FINDING_QUEUE_UNREAD))
                queue_unread(judging, object);
        if (judging_wants(judging, FINDING_NOTIFY_DEAD))
                notify_dead(judging, object);
}

/* --- writers ---------------------------------------------------------------- */

/* A process that should read what is written to the object: the first that is seen. */
static const struct process *reader_of(const struct object *object)
{
        if (object->key.kind->wake != WAKE_PEER) {
                for (unsigned i = 0; i < object->nholds; i++)
                        if (object->holds[i].way == WAY_FD && object->holds[i].access & ACCESS_R)
                                return object->holds[i].process;
                return NULL;
        }
        for (unsigned i = 0; i < object->npeers; i++)
                for (unsigned j = 0; j < object->peers[i]->nholds; j++)
                        if (object->peers[i]->holds[j].way == WAY_FD)
                                return object->peers[i]->holds[j].process;
        return NULL;
}

/* A pager, say: what it waits for is a person. */
static bool waits_for_user(const struct judging *judging, const struct process *process)
{
        for (unsigned i = 0; i < process->nwaits; i++)
                if (topic_of(judging, process->waits[i]->object) == TOPIC_PTY)
                        return true;
        return false;
}

static void say_reader(struct judging *judging, const struct process *reader)
{
        uint64_t state;

        if (!reader) {
                say(judging, N_("; no reader is seen"));
                return;
        }
        say(judging, N_("; "));
        say_process(judging, reader);
        if (process_number(reader, FIELD_PROCESS_STATE, &state) && state == PROCESS_STOPPED) {
                say(judging, N_(" could read, and is stopped"));
                finding_remedy(judging, "kill -CONT %d", reader->pid);
        } else {
                say(judging, N_(" could read, and does not"));
                finding_remedy(judging, "ipcview show pid:%d", reader->pid);
        }
}

void findings_writers(struct judging *judging, const struct object *object)
{
        uint64_t local;
        unsigned n;
        const struct wait *wait;
        const struct process *reader;
        struct finding *draft;

        if (!judging_wants(judging, FINDING_WRITER_STUCK) || object->nwaits == 0)
                return;
        /* The other machine, and what lies between, is not ours to judge. */
        if (topic_of(judging, object) == TOPIC_INET && (!number_of(object, FIELD_LOCAL_PEER, &local) || !local))
                return;
        wait = longest(object, writes, &n);
        if (!wait || !wait->since || seconds_since(judging, (uint64_t)wait->since) < STUCK_SECONDS)
                return;
        reader = reader_of(object);
        draft = finding_begin(judging, FINDING_WRITER_STUCK, object, wait->process);
        draft->since = wait->since;
        if (reader && waits_for_user(judging, reader))
                draft->severity = SEVERITY_NOTICE;
        say_blocked(judging, wait, n);
        say_reader(judging, reader);
        finding_end(judging);
}
