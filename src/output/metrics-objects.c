/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/metrics-private.h"

#include "base/memory.h"
#include "report/totals.h"

#include <stdlib.h>

/* What has been seen of one kind. */
struct kind_sum {
        struct totals totals;
        size_t states[state_word_count];
        size_t threads;                 /* blocked on its objects, each once */
        int64_t since;                  /* the first of them; 0: none, or not known */
};

/* And of one owner. */
struct owner_sum {
        uid_t uid;
        struct totals totals;
};

struct sums {
        const struct metrics *metrics;
        struct kind_sum *kinds;
        struct map threads;             /* thread, kind -> anything */
        struct map by_uid;              /* -> struct owner_sum */
        struct owner_sum **owners;
        size_t nowners, room;
};

static uint64_t number(const struct object *object, uint16_t field, bool *ret_known)
{
        const struct value *value = row_get(object_row(object), field);

        *ret_known = value && value->type != VALUE_UNKNOWN;
        return *ret_known ? value->u : 0;
}

static struct owner_sum *owner_of(struct sums *sums, uid_t uid)
{
        void **place = map_place(&sums->by_uid, uid, 0);
        struct owner_sum *owner = *place;

        if (owner)
                return owner;
        if (sums->nowners == sums->room) {
                sums->room = sums->room ? sums->room * 2 : 16;
                sums->owners = memory_resize(sums->owners, sums->room, sizeof(*sums->owners));
        }
        owner = memory_new(sizeof(*owner));
        owner->uid = uid;
        *place = owner;
        sums->owners[sums->nowners++] = owner;
        return owner;
}

/* A thread in poll(2) waits for many objects, perhaps of one kind. */
static void add_wait(struct sums *sums, struct kind_sum *kind, const struct wait *wait)
{
        uint64_t thread = (uint64_t)wait->process->pid << 32 | (uint32_t)wait->tid;
        void **place = map_place(&sums->threads, thread, wait->object->kind_order);

        if (!*place) {
                *place = sums;
                kind->threads++;
        }
        if (wait->since && (!kind->since || wait->since < kind->since))
                kind->since = wait->since;
}

static void add_object(struct sums *sums, const struct object *object)
{
        struct kind_sum *kind = &sums->kinds[object->kind_order];
        bool known;
        uint64_t states = number(object, FIELD_STATE, &known), uid;

        totals_add(&kind->totals, object);
        for (unsigned i = 0; i < state_word_count; i++)
                kind->states[i] += states >> i & 1;
        for (unsigned i = 0; i < object->nwaits; i++)
                add_wait(sums, kind, &object->waits[i]);
        uid = number(object, FIELD_OWNER, &known);
        if (known)
                totals_add(&owner_of(sums, (uid_t)uid)->totals, object);
}

/* Was the kind looked for? What only holders tell of is not there without them, which proves nothing. */
static bool is_counted(const struct snapshot *snapshot, unsigned kind)
{
        return snapshot->want.kinds >> kind & 1 && (snapshot->want.holders || !snapshot->kinds->kinds[kind]->unlisted);
}

static bool has_size(const struct kind *kind)
{
        return kind_has_field(kind, FIELD_SIZE_BYTES) || kind_has_field(kind, FIELD_QUEUED_BYTES);
}

static bool has_memory(const struct kind *kind)
{
        return kind_has_field(kind, FIELD_RESIDENT_BYTES) || kind_has_field(kind, FIELD_ALLOCATED_BYTES) ||
               kind_has_field(kind, FIELD_QUEUED_BYTES);
}

static bool has_any(const struct kind *kind)
{
        (void)kind;
        return true;
}

static uint64_t objects_of(const struct totals *totals)
{
        return totals->objects;
}

static uint64_t bytes_of(const struct totals *totals)
{
        return totals->bytes;
}

static uint64_t memory_of(const struct totals *totals)
{
        return totals->memory;
}

static uint64_t nameless_memory_of(const struct totals *totals)
{
        return totals->nameless_memory;
}

static uint64_t unknown_of(const struct totals *totals)
{
        return totals->unknown;
}

/* A family with a series for each kind that has such a thing. */
static void put_kinds(const struct sums *sums, struct exposition *out, bool (*has)(const struct kind *kind),
                      uint64_t (*amount)(const struct totals *totals))
{
        const struct snapshot *snapshot = sums->metrics->snapshot;

        for (unsigned i = 0; i < snapshot->kinds->nkinds; i++) {
                if (!is_counted(snapshot, i) || !has(snapshot->kinds->kinds[i]))
                        continue;
                exposition_series(out);
                exposition_label(out, "kind", text_of(snapshot->kinds->kinds[i]->name));
                exposition_uint(out, amount(&sums->kinds[i].totals));
        }
}

/*
 * A series for each kind and state would be some hundred, nearly all 0 for ever.
 * So the others are there while there is such an object; for these there is
 * always one, where an object of the kind can come to it.
 */
static bool is_expected(const struct kind *kind, unsigned state)
{
        if (state == STATE_ORPHAN)
                return kind->consequence && !kind->uncounted && kind_has_field(kind, FIELD_STATE);
        if (state == STATE_FULL)
                return kind_has_field(kind, FIELD_MAX_MESSAGES) || kind_has_field(kind, FIELD_MAX_BYTES) ||
                       kind_has_field(kind, FIELD_MAX_BACKLOG);
        return false;
}

static void put_states(const struct sums *sums, struct exposition *out)
{
        const struct snapshot *snapshot = sums->metrics->snapshot;
        const struct word_set *words = field_get(FIELD_STATE)->words;

        for (unsigned i = 0; i < snapshot->kinds->nkinds; i++)
                for (unsigned state = 0; state < words->nwords; state++) {
                        const struct kind *kind = snapshot->kinds->kinds[i];

                        if (!is_counted(snapshot, i) || (!sums->kinds[i].states[state] && !is_expected(kind, state)))
                                continue;
                        exposition_series(out);
                        exposition_label(out, "kind", text_of(kind->name));
                        exposition_label(out, "state", text_of(words->words[state]));
                        exposition_uint(out, sums->kinds[i].states[state]);
                }
}

static void put_waits(const struct sums *sums, struct exposition *out)
{
        const struct snapshot *snapshot = sums->metrics->snapshot;

        if (!snapshot->want.waiters)
                return;
        exposition_family(out, "ipcview_waiting_threads", METRIC_GAUGE,
                          "Threads that are blocked on objects of a kind; for some that is their usual state.");
        for (unsigned i = 0; i < snapshot->kinds->nkinds; i++) {
                exposition_series(out);
                exposition_label(out, "kind", text_of(snapshot->kinds->kinds[i]->name));
                exposition_uint(out, sums->kinds[i].threads);
        }
        exposition_family(out, "ipcview_longest_wait_seconds", METRIC_GAUGE,
                          "For how long the thread has been blocked that waits longest for an object of a kind.");
        for (unsigned i = 0; i < snapshot->kinds->nkinds; i++) {
                int64_t since = sums->kinds[i].since;

                exposition_series(out);
                exposition_label(out, "kind", text_of(snapshot->kinds->kinds[i]->name));
                exposition_seconds(out, since ? snapshot->origin.time - since : 0);
        }
}

/* Who has most: of memory, then of what was asked for, then of objects. */
static int compare_owners(const void *a, const void *b)
{
        const struct owner_sum *x = *(struct owner_sum *const *)a, *y = *(struct owner_sum *const *)b;

        if (x->totals.memory != y->totals.memory)
                return x->totals.memory > y->totals.memory ? -1 : 1;
        if (x->totals.bytes != y->totals.bytes)
                return x->totals.bytes > y->totals.bytes ? -1 : 1;
        if (x->totals.objects != y->totals.objects)
                return x->totals.objects > y->totals.objects ? -1 : 1;
        return x->uid < y->uid ? -1 : x->uid > y->uid;
}

void metrics_label_user(const struct metrics *metrics, struct exposition *out, uid_t uid)
{
        struct text name;

        exposition_label_uint(out, "uid", uid);
        if (snapshot_user_name(metrics->snapshot, uid, &name))
                exposition_label(out, "user", name);
        else
                exposition_label_uint(out, "user", uid);
}

static void put_owners(const struct sums *sums, struct exposition *out, uint64_t (*amount)(const struct totals *totals))
{
        size_t most = sums->metrics->every ? SIZE_MAX : METRICS_USERS;

        for (size_t i = 0; i < sums->nowners && i < most; i++) {
                exposition_series(out);
                metrics_label_user(sums->metrics, out, sums->owners[i]->uid);
                exposition_uint(out, amount(&sums->owners[i]->totals));
        }
}

static void print(struct sums *sums, struct exposition *out)
{
        exposition_family(out, "ipcview_objects", METRIC_GAUGE,
                          "Objects of a kind, in all namespaces that could be seen.");
        put_kinds(sums, out, has_any, objects_of);
        exposition_family(out, "ipcview_objects_in_state", METRIC_GAUGE,
                          "Objects of a kind that are in a state; an object may be in several.");
        put_states(sums, out);
        exposition_family(out, "ipcview_object_bytes", METRIC_GAUGE,
                          "Size of all objects of a kind, or what is queued in them.");
        put_kinds(sums, out, has_size, bytes_of);
        exposition_family(out, "ipcview_object_memory_bytes", METRIC_GAUGE,
                          "Memory that all objects of a kind take, swapped out or not.");
        put_kinds(sums, out, has_memory, memory_of);
        exposition_family(out, "ipcview_nameless_memory_bytes", METRIC_GAUGE,
                          "Of this, what no name leads to: unlinked or marked as removed, and still in use.");
        put_kinds(sums, out, has_memory, nameless_memory_of);
        exposition_family(out, "ipcview_objects_unknown_memory", METRIC_GAUGE,
                          "Objects of a kind whose memory could not be told.");
        put_kinds(sums, out, has_memory, unknown_of);
        put_waits(sums, out);
        exposition_family(out, "ipcview_user_objects", METRIC_GAUGE,
                          "Objects that a user owns, of the users whose objects take most memory.");
        put_owners(sums, out, objects_of);
        exposition_family(out, "ipcview_user_object_bytes", METRIC_GAUGE, "Size of the objects that a user owns.");
        put_owners(sums, out, bytes_of);
        exposition_family(out, "ipcview_user_object_memory_bytes", METRIC_GAUGE,
                          "Memory that the objects of a user take.");
        put_owners(sums, out, memory_of);
}

void metrics_objects(const struct metrics *metrics, struct exposition *out)
{
        const struct snapshot *snapshot = metrics->snapshot;
        struct sums sums = { .metrics = metrics };

        sums.kinds = memory_new((snapshot->kinds->nkinds + 1) * sizeof(*sums.kinds));
        for (size_t i = 0; i < snapshot->nobjects; i++)
                add_object(&sums, &snapshot->objects[i]);
        if (sums.nowners)
                qsort(sums.owners, sums.nowners, sizeof(struct owner_sum *), compare_owners);
        print(&sums, out);
        for (size_t i = 0; i < sums.nowners; i++)
                free(sums.owners[i]);
        free(sums.owners);
        free(sums.kinds);
        map_done(&sums.threads);
        map_done(&sums.by_uid);
}
