/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System V: leaked segments, semaphores of the dead, keys that several share. */
#include "base/array.h"
#include "report/findings-private.h"

#define KEY_FAILED UINT32_MAX           /* (key_t)-1 */

static void say_life(struct judging *judging, const struct object *object, uint16_t pid, uint16_t life)
{
        uint64_t number, word;

        if (!number_of(object, life, &word) || !number_of(object, pid, &number) || word == LIFE_NONE)
                say(judging, N_("nobody that is known"));
        else
                say(judging, word == LIFE_REUSED ? N_("pid %u (another process now)") :
                             word == LIFE_DEAD ? N_("pid %u (dead)") : N_("pid %u"), (unsigned)number);
}

static void shm_orphan(struct judging *judging, const struct object *object)
{
        static const uint16_t moments[] = { FIELD_ATTACHED_AT, FIELD_DETACHED_AT, FIELD_CHANGED_AT };
        struct finding *draft;
        uint64_t since = latest_of(object, moments, COUNT(moments)), taken = 0;

        if (!judging_wants(judging, FINDING_SHM_ORPHAN) || !has_state(object, STATE_ORPHAN))
                return;
        draft = finding_begin(judging, FINDING_SHM_ORPHAN, object, NULL);
        draft->inferred = true;
        draft->since = (int64_t)since;
        taken = number_or_zero(object, FIELD_RESIDENT_BYTES) + number_or_zero(object, FIELD_SWAPPED_BYTES);
        draft->bytes = taken;
        say_bytes(judging, number_or_zero(object, FIELD_SIZE_BYTES));
        say(judging, N_(", of which "));
        say_bytes(judging, taken);
        say(judging, N_(" are in use; nobody is attached, created by "));
        say_life(judging, object, FIELD_CREATOR_PID, FIELD_CREATOR_LIFE);
        say(judging, N_(", last used by "));
        say_life(judging, object, FIELD_LAST_PID, FIELD_LAST_LIFE);
        if (since) {
                say(judging, N_(", for "));
                say_span(judging, seconds_since(judging, since));
        }
        if (since && seconds_since(judging, since) < SETTLED_SECONDS)
                draft->severity = SEVERITY_NOTICE;
        finding_end(judging);
}

static uint64_t member(struct row row, uint16_t field)
{
        const struct value *value = row_get(row, field);

        return value && value->type != VALUE_UNKNOWN ? value->u : 0;
}

/* The first semaphore that threads wait for, and that a dead process has changed last; or NULL. */
static const struct row *find_abandoned(const struct object *object)
{
        const struct value *rows = row_get(object_row(object), FIELD_SEMAPHORES);

        if (!rows || rows->type != VALUE_ROWS)
                return NULL;
        for (uint32_t i = 0; i < rows->len; i++) {
                uint64_t life = member(rows->rows[i], FIELD_LAST_LIFE);

                if (member(rows->rows[i], FIELD_WAITING_INCREASE) + member(rows->rows[i], FIELD_WAITING_ZERO) > 0 &&
                    (life == LIFE_DEAD || life == LIFE_REUSED))
                        return &rows->rows[i];
        }
        return NULL;
}

static void sem_dead_operator(struct judging *judging, const struct object *object)
{
        const struct row *semaphore;
        struct finding *draft;
        uint64_t operated, waiting;

        if (!judging_wants(judging, FINDING_SEM_DEAD_OPERATOR) || !has_state(object, STATE_WAITERS))
                return;
        semaphore = find_abandoned(object);
        if (!semaphore)
                return;
        draft = finding_begin(judging, FINDING_SEM_DEAD_OPERATOR, object, NULL);
        draft->inferred = true;
        waiting = member(*semaphore, FIELD_WAITING_INCREASE) + member(*semaphore, FIELD_WAITING_ZERO);
        say(judging, N_("semaphore %u has the value %u, "), (unsigned)member(*semaphore, FIELD_NUMBER),
            (unsigned)member(*semaphore, FIELD_VALUE));
        say_count(judging, waiting, "%u thread waits for it", "%u threads wait for it", (unsigned)waiting);
        say(judging, N_(", and pid %u, which changed it last, is dead"), (unsigned)member(*semaphore, FIELD_LAST_PID));
        if (number_of(object, FIELD_OPERATED_AT, &operated) && operated) {
                draft->since = (int64_t)operated;
                say(judging, N_("; the last operation was "));
                say_span(judging, seconds_since(judging, operated));
                say(judging, N_(" ago"));
        }
        finding_end(judging);
}

void findings_sysv(struct judging *judging, const struct object *object)
{
        if (topic_of(judging, object) == TOPIC_SHM)
                shm_orphan(judging, object);
        else
                sem_dead_operator(judging, object);
}

static void key_failed(struct judging *judging, const struct object *object)
{
        finding_begin(judging, FINDING_KEY_FAILED, object, NULL);
        say(judging, N_("its key is 0xffffffff, and it belongs to "));
        say_user(judging, (uid_t)number_or_zero(object, FIELD_OWNER));
        finding_end(judging);
}

/*
 * Segments, queues and sets have a table each, and one program that uses one
 * key for all of them is as usual. Two users with the same key are two
 * programs. (IPC_PRIVATE is no key: any number of objects has it.)
 */
void findings_keys(struct judging *judging, const struct object *object)
{
        uint64_t key, owner, other;
        struct object *first;
        void **place;

        if (!number_of(object, FIELD_KEY, &key) || key == 0 || has_state(object, STATE_DEST))
                return;
        if (key == KEY_FAILED) {
                if (judging_wants(judging, FINDING_KEY_FAILED))
                        key_failed(judging, object);
                return;
        }
        if (!judging_wants(judging, FINDING_KEY_SHARED))
                return;
        place = map_place(&judging->keys, object->ns, key);
        if (!*place) {
                *place = (void *)(uintptr_t)object;
                return;
        }
        first = *place;
        if (!number_of(object, FIELD_OWNER, &owner) || !number_of(first, FIELD_OWNER, &other) || owner == other)
                return;
        finding_begin(judging, FINDING_KEY_SHARED, object, NULL);
        say(judging, N_("key 0x%08x: this one belongs to "), (unsigned)key);
        say_user(judging, (uid_t)owner);
        say(judging, ", ");
        buf_add(&judging->text, first->ref);
        say(judging, N_(" to "));
        say_user(judging, (uid_t)other);
        finding_end(judging);
}
