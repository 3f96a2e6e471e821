/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/sysv-acts.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "kind/kinds.h"
#include "sys/sysv.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { PERMISSIONS = 0777, VALUES_MOST = 2 * IDENTITY_MOST };

static enum sysv_type type_of(const struct act *act)
{
        const struct kind *kind = act->object->key.kind;

        return kind == &kind_shm ? SYSV_SHM : kind == &kind_sem ? SYSV_SEM : SYSV_MSG;
}

static int id_of(const struct act *act)
{
        return act->object->key.id > INT32_MAX ? -1 : (int)act->object->key.id;
}

/* --- is it still what was seen? --------------------------------------------- */

static uint64_t ns(int64_t seconds)
{
        return (uint64_t)seconds * SYSV_GRAIN;
}

static uint64_t fact(const struct sysv_facts *facts, uint16_t field)
{
        switch (field) {
        case FIELD_ID:                  return (uint64_t)facts->id;
        case FIELD_KEY:                 return facts->key;
        case FIELD_CREATOR:             return facts->creator;
        case FIELD_CREATOR_GROUP:       return facts->creator_group;
        case FIELD_CHANGED_AT:          return ns(facts->changed);
        case FIELD_SIZE_BYTES:          return facts->shm.size;
        case FIELD_ATTACHED:            return facts->shm.attached;
        case FIELD_CREATOR_PID:         return (uint64_t)facts->shm.creator_pid;
        case FIELD_LAST_PID:            return (uint64_t)facts->shm.last_pid;
        case FIELD_ATTACHED_AT:         return ns(facts->shm.attached_at);
        case FIELD_DETACHED_AT:         return ns(facts->shm.detached_at);
        case FIELD_SEMAPHORE_COUNT:     return facts->sem.count;
        case FIELD_OPERATED_AT:         return ns(facts->sem.operated_at);
        case FIELD_QUEUED_MESSAGES:     return facts->msg.messages;
        case FIELD_QUEUED_BYTES:        return facts->msg.bytes;
        case FIELD_LAST_SEND_PID:       return (uint64_t)facts->msg.last_send_pid;
        case FIELD_LAST_RECEIVE_PID:    return (uint64_t)facts->msg.last_receive_pid;
        case FIELD_SENT_AT:             return ns(facts->msg.sent_at);
        case FIELD_RECEIVED_AT:         return ns(facts->msg.received_at);
        }
        return 0;
}

/*
 * Who attaches to save the contents becomes the last one to have attached and
 * detached. As long as that is us, it is nobody else.
 */
static bool by_ourselves(const struct act *act, const struct sysv_facts *now)
{
        return type_of(act) == SYSV_SHM && now->shm.last_pid != 0 && now->shm.last_pid == getpid();
}

static bool tells_attaching(uint16_t field)
{
        return field == FIELD_LAST_PID || field == FIELD_ATTACHED_AT || field == FIELD_DETACHED_AT;
}

/*
 * Does all agree at first sight? It mostly does, and then nothing else matters.
 * False: who knows, see compare().
 */
static bool all_alike(const struct act *act, bool counters, const struct sysv_facts *now)
{
        const struct acts *acts = act->object->key.kind->acts;

        for (unsigned i = 0; i < acts->nidentity + (counters ? acts->ncounters : 0); i++) {
                uint16_t field = i < acts->nidentity ? acts->identity[i] : acts->counters[i - acts->nidentity];
                const struct value *value = object_get(act->object, field);

                if (!value || value->type != VALUE_UINT || field == FIELD_WAITING || value->u != fact(now, field))
                        return false;
        }
        return true;
}

/* waiting: threads blocked on a set; NULL: not looked at. Counters that are left out agree. */
static int compare(struct act *act, bool counters, const struct sysv_facts *now, const uint64_t *waiting)
{
        const struct acts *acts = act->object->key.kind->acts;
        struct value values[VALUES_MOST];
        bool ours = by_ourselves(act, now);
        unsigned n = 0;

        if (all_alike(act, counters, now))
                return 0;
        for (unsigned i = 0; i < acts->nidentity + acts->ncounters && n < VALUES_MOST; i++) {
                uint16_t field = i < acts->nidentity ? acts->identity[i] : acts->counters[i - acts->nidentity];

                if ((i >= acts->nidentity && !counters) ||
                    (field == FIELD_WAITING ? !waiting : ours && tells_attaching(field))) {
                        const struct value *seen = object_get(act->object, field);

                        if (seen)
                                values[n++] = *seen;
                        continue;
                }
                values[n++] = (struct value){ .field = field, .type = VALUE_UINT,
                                              .u = field == FIELD_WAITING ? *waiting : fact(now, field) };
        }
        return act_check(act, (struct row){ values, n });
}

int sysv_act_compare(struct act *act, bool counters, const struct sysv_facts *now)
{
        return compare(act, counters, now, NULL);
}

int sysv_act_look(struct act *act, bool counters, struct sysv_facts *ret)
{
        struct sysv_facts now;
        int r = sysv_stat(act->host, type_of(act), id_of(act), &now);

        if (r == 0)
                r = compare(act, counters, &now, NULL);
        if (r == 0)
                *ret = now;
        return r;
}

/* --- removing ---------------------------------------------------------------- */

struct look {
        struct act *act;
        bool has_waiting;
        uint64_t waiting;
};

static bool same(const struct sysv_facts *now, void *data)
{
        struct look *look = data;

        return compare(look->act, true, now, look->has_waiting ? &look->waiting : NULL) == 0;
}

/*
 * Whoever began to wait on a set since it was seen. A call for each semaphore,
 * so it comes before the look at the set itself, which comes right before the deed.
 */
static void look_for_waiting(struct look *look)
{
        const struct row row = object_row(look->act->object);
        const struct value *seen = row_get(row, FIELD_WAITING), *count = row_get(row, FIELD_SEMAPHORE_COUNT);
        struct sysv_semaphore *semaphores;

        if (look->act->force || !seen || seen->type != VALUE_UINT || !count || count->type != VALUE_UINT ||
            count->u == 0 || count->u > UINT16_MAX)
                return;
        semaphores = memory_new(count->u * sizeof(*semaphores));
        if (sysv_semaphores(look->act->host, id_of(look->act), (unsigned)count->u, semaphores) == 0) {
                look->has_waiting = true;
                for (uint64_t i = 0; i < count->u; i++)
                        look->waiting += (uint64_t)semaphores[i].waiting_increase + semaphores[i].waiting_zero;
        }
        free(semaphores);
}

int sysv_act_remove(struct act *act)
{
        struct look look = { .act = act };

        if (type_of(act) == SYSV_SEM)
                look_for_waiting(&look);
        return sysv_remove(act->host, type_of(act), id_of(act), same, &look);
}

/* --- setting ----------------------------------------------------------------- */

enum { SEMAPHORE_VALUE_MOST = 32767 };  /* SEMVMX */

/* What assignments come to. */
struct change {
        struct sysv_facts attributes;   /* as they are to be */
        bool has_attributes, has_values, has_lock, lock;
};

static int refuse(struct act *act, int err, const char *reason)
{
        act->reason = reason;
        return err;
}

static int take_attribute(struct act *act, const struct assignment *assignment, struct change *change)
{
        uint64_t u = assignment->value.u;

        change->has_attributes = true;
        switch (assignment->value.field) {
        case FIELD_OWNER:
                change->attributes.owner = (uid_t)u;
                return u < UINT32_MAX ? 0 : refuse(act, -EINVAL, N_("there is no such user"));
        case FIELD_GROUP:
                change->attributes.group = (gid_t)u;
                return u < UINT32_MAX ? 0 : refuse(act, -EINVAL, N_("there is no such group"));
        case FIELD_MODE:
                change->attributes.mode = (uint32_t)u;
                return u <= PERMISSIONS ? 0 : refuse(act, -EINVAL, N_("its mode has nine bits"));
        case FIELD_MAX_BYTES:
                if (type_of(act) != SYSV_MSG)
                        return -EINVAL;
                change->attributes.msg.max_bytes = u;
                return u <= SIZE_MAX ? 0 : -ERANGE;
        }
        return -EINVAL;
}

static int take_value(struct act *act, const struct assignment *assignment, struct change *change)
{
        if (type_of(act) != SYSV_SEM)
                return -EINVAL;
        if (assignment->number >= change->attributes.sem.count)
                return refuse(act, -ERANGE, N_("the set has no semaphore of that number"));
        if (assignment->value.u > SEMAPHORE_VALUE_MOST)
                return refuse(act, -ERANGE, N_("a semaphore holds at most 32767"));
        change->has_values = true;
        return 0;
}

static int take_lock(struct act *act, const struct assignment *assignment, struct change *change)
{
        const uint64_t locked = WORD_BIT(STATE_LOCKED), both = assignment->value.u | assignment->clear;

        if (type_of(act) != SYSV_SHM || both != locked || assignment->value.u == assignment->clear)
                return refuse(act, -EINVAL, N_("of the states only \"locked\" of a segment can be set or taken away"));
        change->has_lock = true;
        change->lock = assignment->value.u == locked;
        return 0;
}

static int take(struct act *act, const struct assignment *assignment, struct change *change)
{
        if (assignment->value.field == FIELD_VALUE)
                return take_value(act, assignment, change);
        if (assignment->value.field == FIELD_STATE)
                return take_lock(act, assignment, change);
        return take_attribute(act, assignment, change);
}

static int set_values(struct act *act, const struct assignment *assignments, unsigned n)
{
        int r = 0;

        for (unsigned i = 0; r == 0 && i < n; i++)
                if (assignments[i].value.field == FIELD_VALUE)
                        r = sysv_set_semaphore(act->host, id_of(act), (unsigned)assignments[i].number,
                                               (unsigned)assignments[i].value.u);
        return r;
}

/*
 * Either all or nothing: values can't be taken back, as they may have let
 * threads go on. So a set's attributes are first set to what they are; if that
 * is allowed, so is what follows. A lock can be taken back.
 */
static int apply(struct act *act, const struct sysv_facts *now, const struct change *change,
                 const struct assignment *assignments, unsigned n)
{
        enum sysv_type type = type_of(act);
        int r = 0;

        if (change->has_values && change->has_attributes)
                r = sysv_set(act->host, type, now->id, now);
        if (r == 0 && change->has_values)
                r = set_values(act, assignments, n);
        if (r == 0 && change->has_lock)
                r = sysv_lock(act->host, now->id, change->lock);
        if (r == 0 && change->has_attributes) {
                r = sysv_set(act->host, type, now->id, &change->attributes);
                if (r == -EPERM && type == SYSV_MSG && change->attributes.msg.max_bytes > now->msg.max_bytes)
                        act->reason = N_("more than kernel.msgmnb needs CAP_SYS_RESOURCE");
                if (r < 0 && change->has_lock && now->shm.locked != change->lock)
                        sysv_lock(act->host, now->id, now->shm.locked);
        }
        return r;
}

int sysv_act_set(struct act *act, const struct assignment *assignments, unsigned n)
{
        struct sysv_facts now;
        struct change change;
        int r = sysv_act_look(act, true, &now);

        if (r < 0)
                return r;
        change = (struct change){ .attributes = now };
        for (unsigned i = 0; r == 0 && i < n; i++)
                r = take(act, &assignments[i], &change);
        return r < 0 ? r : apply(act, &now, &change, assignments, n);
}
