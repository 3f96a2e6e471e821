/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/limits-private.h"

#include "base/memory.h"

#include <stdlib.h>

/* What a user or process takes of a limit by several objects: is summed up. */
struct share {
        struct limit_share share;
        struct share *next;             /* of the same row, in the order met */
};

/* Of processes: where the last one had it. */
struct hints {
        size_t real_uid, uid, threads, descriptors;
};

/* A row that is being summed up. */
struct tally {
        struct limit_row *row;
        struct map by_id;               /* share_type, id -> struct share */
        struct share *first, *last;
};

enum share_type { SHARE_USER, SHARE_PROCESS };

/* What the kinds say about a limit. */
struct sum {
        bool there;                     /* a kind that was looked at charges it */
        bool exact;                     /* and the kernel's own list has all of them */
};

struct charging {
        const struct snapshot *snapshot;
        struct arena arena;             /* of shares */
        struct tally *tallies;
        size_t n;
        struct map by_subject;          /* limit, subject -> struct tally */
        struct sum sums[LIMIT_COUNT];
        struct hints hints;
};

static bool number(const struct value *value, uint64_t *ret)
{
        if (!value || value->type != VALUE_UINT)
                return false;
        *ret = value->u;
        return true;
}

static bool process_number(const struct process *process, uint16_t field, size_t *hint, uint64_t *ret)
{
        return number(row_get_at(process_row(process), field, hint), ret);
}

static uint64_t plus(uint64_t a, uint64_t b)
{
        return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/*
 * The greatest shares; of equals the one that was met first. At once for who has but one in the row: a kind
 * charges a limit once for an object, and a process is met once.
 */
static void put_share(struct limit_row *row, const struct limit_share *share)
{
        unsigned at = row->ntop;

        while (at > 0 && row->top[at - 1].used < share->used)
                at--;
        if (at == LIMIT_TOP)
                return;
        if (row->ntop < LIMIT_TOP)
                row->ntop++;
        memmove(&row->top[at + 1], &row->top[at], (row->ntop - at - 1) * sizeof(*row->top));
        row->top[at] = *share;
}

static bool is_share_of(const struct share *share, enum share_type type, uint64_t id)
{
        if (type == SHARE_USER)
                return share->share.is_user && share->share.uid == id;
        return share->share.process && (uint64_t)share->share.process->pid == id;
}

/* Of those who may have several in the row; it gets them when it is closed. */
static void add_share(struct charging *charging, struct tally *tally, enum share_type type, uint64_t id,
                      struct limit_share share)
{
        struct share *known = tally->last;
        void **place;

        /* Mostly the same user all the time. */
        if (!known || !is_share_of(known, type, id)) {
                place = map_place(&tally->by_id, type, id);
                if (!*place) {
                        *place = known = ARENA_NEW(&charging->arena, struct share);
                        known->share = share;
                        known->share.used = 0;
                        *(tally->last ? &tally->last->next : &tally->first) = known;
                        tally->last = known;
                }
                known = *place;
        }
        known->share.used = plus(known->share.used, share.used);
}

static void share_of_user(struct charging *charging, struct tally *tally, uint64_t uid, uint64_t used)
{
        add_share(charging, tally, SHARE_USER, uid,
                  (struct limit_share){ .is_user = true, .uid = (uid_t)uid, .used = used });
}

static void share_of_process(struct charging *charging, struct tally *tally, const struct process *process,
                             uint64_t used)
{
        add_share(charging, tally, SHARE_PROCESS, (uint64_t)process->pid,
                  (struct limit_share){ .process = process, .used = used });
}

static struct tally *tally_of(struct charging *charging, uint16_t limit, uint64_t subject)
{
        return map_get(&charging->by_subject, limit, subject);
}

/* Whoever has it open. */
static const struct process *holder_of(const struct object *object)
{
        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].way == WAY_FD || object->holds[i].way == WAY_MAP)
                        return object->holds[i].process;
        return NULL;
}

/* Whom the kernel counts it against: its owner, else the real user of who has it. */
static bool user_of(const struct object *object, const struct process *holder, struct hints *hints, uint64_t *ret)
{
        return number(object_get(object, FIELD_OWNER), ret) ||
               (holder && (process_number(holder, FIELD_REAL_UID, &hints->real_uid, ret) ||
                           process_number(holder, FIELD_UID, &hints->uid, ret)));
}

static bool subject_of(struct charging *charging, const struct limit *limit, const struct object *object,
                       uint64_t *ret)
{
        switch (limit->binds) {
        case BINDS_NAMESPACE:
                *ret = object->ns || object->foreign ? object->ns : charging->snapshot->origin.ipc_ns;
                return true;
        case BINDS_USER:
                return user_of(object, holder_of(object), &charging->hints, ret);
        case BINDS_MOUNT:
                return number(object_get(object, FIELD_DEV), ret);
        default:
                return false;
        }
}

static bool amount_of(const struct charging *charging, const struct kind_charge *charge, const struct object *object,
                      uint64_t *ret)
{
        unsigned page = charging->snapshot->origin.page_bytes ? charging->snapshot->origin.page_bytes : 4096;

        *ret = 1;
        switch (charge->how) {
        case CHARGE_ONE:
        case CHARGE_OWN:
                return true;
        case CHARGE_OTHER:
                return charge->amount(object, ret);
        case CHARGE_FIELD:
        case CHARGE_PAGES:
                break;
        }
        if (!number(object_get(object, charge->field), ret)) {
                *ret = charge->otherwise;
                return charge->otherwise > 0;
        }
        if (charge->how == CHARGE_PAGES)
                *ret = *ret / page + (*ret % page != 0);
        return true;
}

static void share(struct charging *charging, struct tally *tally, const struct object *object, uint64_t used)
{
        const struct process *holder = holder_of(object);
        bool addressed = kind_named(object->key.kind) || object->key.kind->address == ADDRESS_ID;
        enum limit_binds binds = limit_get(tally->row->reading->limit)->binds;
        uint64_t uid;

        if (binds == BINDS_NAMESPACE && user_of(object, holder, &charging->hints, &uid))
                share_of_user(charging, tally, uid, used);
        else if (!addressed && holder)
                share_of_process(charging, tally, holder, used);
        else if (binds != BINDS_NAMESPACE)
                put_share(tally->row, &(struct limit_share){ .object = object, .used = used });
}

static void charge(struct charging *charging, const struct object *object, const struct kind_charge *charge)
{
        struct tally *tally;
        uint64_t subject, used;

        if (charge->how == CHARGE_OWN || !subject_of(charging, limit_get(charge->limit), object, &subject))
                return;
        tally = tally_of(charging, charge->limit, subject);
        if (!tally)
                return;
        if (!amount_of(charging, charge, object, &used)) {
                tally->row->partial |= !tally->row->reading->counted;
                return;
        }
        if (used == 0)
                return;
        if (!tally->row->reading->counted)
                tally->row->used = plus(tally->row->used, used);
        share(charging, tally, object, used);
}

/* Threads and descriptors are taken by processes. */
static void charge_process(struct charging *charging, const struct process *process)
{
        uint64_t threads = 0, descriptors = 0, uid = 0;
        struct hints *hints = &charging->hints;
        bool has_user = process_number(process, FIELD_REAL_UID, &hints->real_uid, &uid), bound;
        struct tally *tally;

        process_number(process, FIELD_THREAD_COUNT, &hints->threads, &threads);
        /* Kernel threads are not bound: nobody counted their descriptors. */
        bound = process_number(process, FIELD_DESCRIPTOR_COUNT, &hints->descriptors, &descriptors);
        tally = tally_of(charging, LIMIT_FILE_MAX, 0);
        if (tally && descriptors)
                put_share(tally->row, &(struct limit_share){ .process = process, .used = descriptors });
        if (!has_user || !threads)
                return;
        tally = tally_of(charging, LIMIT_THREADS_MAX, 0);
        if (tally)
                share_of_user(charging, tally, uid, threads);
        tally = tally_of(charging, LIMIT_PID_MAX, 0);
        if (tally)
                share_of_user(charging, tally, uid, threads);
        tally = bound ? tally_of(charging, LIMIT_RLIMIT_NPROC, uid) : NULL;
        if (tally)
                put_share(tally->row, &(struct limit_share){ .process = process, .used = threads });
}

/* Did something keep the kernel's list of the kind from being read? */
static bool list_hidden(const struct snapshot *snapshot, const struct kind *kind)
{
        for (size_t i = 0; i < snapshot->ngaps; i++)
                if (snapshot->gaps[i].kind == kind && text_starts(text_of(snapshot->gaps[i].where), TEXT("/proc/")))
                        return true;
        return false;
}

static void look_at_kinds(struct charging *charging)
{
        const struct snapshot *snapshot = charging->snapshot;

        for (unsigned i = 0; i < snapshot->kinds->nkinds; i++) {
                const struct kind *kind = snapshot->kinds->kinds[i];

                if (!(snapshot->want.kinds >> i & 1) || (kind->unlisted && !snapshot->want.holders))
                        continue;
                for (unsigned j = 0; j < kind->ncharges; j++)
                        charging->sums[kind->charges[j].limit] = (struct sum){
                                true, kind->charges[j].exact && !list_hidden(snapshot, kind) };
        }
}

static void open_tallies(struct charging *charging, struct limit_row *rows, size_t n)
{
        charging->tallies = memory_new((n + 1) * sizeof(*charging->tallies));
        charging->n = n;
        map_expect(&charging->by_subject, n);
        for (size_t i = 0; i < n; i++) {
                const struct limit_reading *reading = rows[i].reading;
                const struct sum *sum = &charging->sums[reading->limit];
                enum limit_binds binds = limit_get(reading->limit)->binds;

                charging->tallies[i].row = &rows[i];
                if (binds == BINDS_OBJECT || binds == BINDS_PROCESS || binds == BINDS_CGROUP || binds == BINDS_POOL)
                        continue;
                *map_place(&charging->by_subject, reading->limit, reading->subject) = &charging->tallies[i];
                if (!reading->counted && sum->there && limit_get(reading->limit)->manner == MANNER_FILLS) {
                        rows[i].known = true;
                        rows[i].inferred = !sum->exact;
                }
        }
}

static void close_tally(struct tally *tally)
{
        struct limit_row *row = tally->row;

        for (const struct share *share = tally->first; share; share = share->next)
                put_share(row, &share->share);
        if (row->partial)
                row->inferred = true;
        map_done(&tally->by_id);
}

void limits_charge(const struct snapshot *snapshot, struct limit_row *rows, size_t n)
{
        struct charging charging = { .snapshot = snapshot };

        arena_init(&charging.arena);
        look_at_kinds(&charging);
        open_tallies(&charging, rows, n);
        for (size_t i = 0; i < snapshot->nobjects; i++) {
                const struct object *object = &snapshot->objects[i];

                for (unsigned j = 0; j < object->key.kind->ncharges; j++)
                        charge(&charging, object, &object->key.kind->charges[j]);
        }
        for (size_t i = 0; i < snapshot->nprocesses; i++)
                charge_process(&charging, &snapshot->processes[i]);
        for (size_t i = 0; i < n; i++)
                close_tally(&charging.tallies[i]);
        map_done(&charging.by_subject);
        free(charging.tallies);
        arena_done(&charging.arena);
}
