/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System V shared memory: shmget(2), shmat(2), shmctl(2). */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/thread.h"
#include "kind/claim.h"
#include "kind/kinds.h"
#include "kind/sysv-acts.h"
#include "kind/sysv-table.h"
#include "model/limit.h"
#include "model/reference.h"
#include "sys/sysv-acts.h"

#include <errno.h>
#include <stdlib.h>

/* Bits that the permission column of /proc/sysvipc/shm carries beyond the nine (linux/shm.h). */
static uint64_t states(uint64_t mode)
{
        return (mode & 01000 ? WORD_BIT(STATE_DEST) : 0) |
               (mode & 02000 ? WORD_BIT(STATE_LOCKED) : 0) |
               (mode & 04000 ? WORD_BIT(STATE_HUGETLB) : 0) |
               (mode & 010000 ? WORD_BIT(STATE_NORESERVE) : 0);
}

static const struct sysv_column columns[] = {
        { "size",   FIELD_SIZE_BYTES },
        { "nattch", FIELD_ATTACHED },
        { "rss",    FIELD_RESIDENT_BYTES },
        { "swap",   FIELD_SWAPPED_BYTES },
        { "cpid",   FIELD_CREATOR_PID },
        { "lpid",   FIELD_LAST_PID },
        { "atime",  FIELD_ATTACHED_AT },
        { "dtime",  FIELD_DETACHED_AT },
};

static const struct sysv_source source = {
        .kind = &kind_shm, .path = "/proc/sysvipc/shm", .id = "shmid",
        .columns = columns, .ncolumns = COUNT(columns), .states = states,
};

/* --- a few that are named ------------------------------------------------------ */

/* What was asked for, and is not there. */
static void **missing(struct builder *builder, uint64_t id)
{
        return builder_note(builder, &kind_shm, id, 0);
}

static struct value number(uint16_t field, uint64_t number)
{
        return (struct value){ .field = field, .type = VALUE_UINT, .u = number };
}

static struct value moment(uint16_t field, int64_t seconds)
{
        if (seconds < 0)
                return (struct value){ .field = field, .type = VALUE_UNKNOWN };
        return number(field, (uint64_t)seconds * SYSV_GRAIN);
}

/* The same as its row of the table tells, but for the pages in memory and in swap. */
static void add_segment(struct builder *builder, const struct sysv_facts *facts)
{
        const struct value values[] = {
                number(FIELD_ID, (uint64_t)facts->id),
                number(FIELD_KEY, facts->key),
                number(FIELD_OWNER, facts->owner),
                number(FIELD_GROUP, facts->group),
                number(FIELD_CREATOR, facts->creator),
                number(FIELD_CREATOR_GROUP, facts->creator_group),
                number(FIELD_MODE, facts->mode),
                { .field = FIELD_STATE, .type = VALUE_WORDS, .u = states(facts->permissions) },
                number(FIELD_SIZE_BYTES, facts->shm.size),
                number(FIELD_ATTACHED, facts->shm.attached),
                number(FIELD_CREATOR_PID, (uint64_t)facts->shm.creator_pid),
                number(FIELD_LAST_PID, (uint64_t)facts->shm.last_pid),
                moment(FIELD_ATTACHED_AT, facts->shm.attached_at),
                moment(FIELD_DETACHED_AT, facts->shm.detached_at),
                moment(FIELD_CHANGED_AT, facts->changed),
        };
        uint64_t ns = builder_origin(builder)->ipc_ns;
        struct object_key key = { &kind_shm, ns, (uint64_t)facts->id };
        struct object *object;
        bool new;

        object = builder_object(builder, key, &new);
        if (!new)
                return;
        object->ns = ns;
        builder_values(builder, object, values, COUNT(values));
}

/* What the kernel tells of segments that were named: a part of them, which a thread asks for. */
struct answers {
        const struct host *host;
        const struct reference *named;
        size_t first, end;
        struct sysv_facts *facts;       /* of each, and what sysv_stat() returned; 1: it is no segment's name */
        int *results;
};

static void *ask(void *data)
{
        const struct answers *answers = data;

        for (size_t i = answers->first; i < answers->end; i++) {
                const struct reference *named = &answers->named[i];

                answers->results[i] = named->kind != &kind_shm || named->number > INT32_MAX ? 1 :
                        sysv_stat(answers->host, SYSV_SHM, (int)named->number, &answers->facts[i]);
        }
        return NULL;
}

/* False: the kernel does not answer. */
static bool add_answers(const struct answers *answers, struct builder *builder)
{
        for (size_t i = answers->first; i < answers->end; i++) {
                int r = answers->results[i];

                if (r == 0)
                        add_segment(builder, &answers->facts[i]);
                else if (r == -ENOENT)
                        *missing(builder, answers->named[i].number) = builder;
                else if (r < 0)
                        return false;
        }
        return true;
}

/*
 * The kernel formats a row of its table, and we read it, in ten times the time that a call for a segment
 * takes. Of many another thread asks for most, while this one makes objects of what is known. False: the kernel does
 * not answer for all of them.
 */
static bool scan_named(const struct host *host, const struct want *want, struct builder *builder)
{
        enum { MANY = 512 };
        size_t n = want->nnamed;
        struct answers ours = { .host = host, .named = want->named, .end = n < MANY ? n : n / 4 }, theirs;
        pthread_t other;
        bool helped, answered;

        ours.facts = memory_large_new((n + 1) * sizeof(*ours.facts));
        ours.results = memory_new((n + 1) * sizeof(*ours.results));
        theirs = ours;
        theirs.first = ours.end;
        theirs.end = n;
        helped = theirs.first < n && thread_start(&other, ask, &theirs);
        builder_expect_kind(builder, &kind_shm, n);
        ask(&ours);
        answered = add_answers(&ours, builder);
        if (helped)
                pthread_join(other, NULL);
        else
                ask(&theirs);
        answered = answered && add_answers(&theirs, builder);
        memory_large_free(ours.facts, (n + 1) * sizeof(*ours.facts));
        free(ours.results);
        return answered;
}

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        bool pages = field_set_has(&want->fields, FIELD_RESIDENT_BYTES) ||
                     field_set_has(&want->fields, FIELD_SWAPPED_BYTES);

        if (pages || !builder_wants_only_named(builder, &kind_shm) || !scan_named(host, want, builder))
                sysv_scan(&source, host, builder);
}

/* "/SYSV0052e2c1 (deleted)": the key is the one that the segment was made with (ipc/shm.c, newseg). */
static bool map_key(struct text name, uint64_t *ret)
{
        return name.len >= 13 && number_parse_base((struct text){ name.data + 5, 8 }, 16, UINT32_MAX, ret) == 0;
}

/* A removed segment shows key 0; else the key must be the mapping's, or it is another segment. */
static bool key_fits(const struct object *object, uint64_t key)
{
        const struct value *own = object_get(object, FIELD_KEY);

        return !own || own->type != VALUE_UINT || own->u == key || own->u == 0;
}

/* What can be told of a segment that no table lists: from its mapping alone. */
static struct object *from_mapping(struct claim *claim, uint64_t ns, uint64_t key)
{
        struct object_key identity = { &kind_shm, ns, claim->entry->inode };
        struct object *object;
        bool new;

        object = builder_object(claim->builder, identity, &new);
        if (!new)
                return object;
        object->ns = ns;
        object->foreign = ns != 0;
        builder_uint(claim->builder, object, FIELD_ID, claim->entry->inode);
        builder_uint(claim->builder, object, FIELD_KEY, key);
        builder_unknown(claim->builder, object, FIELD_OWNER);
        builder_unknown(claim->builder, object, FIELD_MODE);
        builder_unknown(claim->builder, object, FIELD_SIZE_BYTES);
        builder_unknown(claim->builder, object, FIELD_ATTACHED);
        return object;
}

static struct object *find_segment(struct claim *claim, uint64_t ns, uint64_t key)
{
        struct object_key identity = { &kind_shm, ns, claim->entry->inode };
        struct object *object = builder_find(claim->builder, identity);

        return object && key_fits(object, key) ? object : NULL;
}

/* It is not in the snapshot because it was not named, and so it needs not be. */
static bool nobody_asks(struct builder *builder, struct object_key key)
{
        return builder_wants_only_named(builder, &kind_shm) && !builder_find(builder, key) &&
               !*missing(builder, key.id);
}

/*
 * The inode of the mapping is the shmid, but shmids repeat across IPC
 * namespaces, and a process keeps its segments when it leaves a namespace. So
 * the process' own namespace is asked first, then the reader's.
 */
static struct object *claim_mapping(struct claim *claim)
{
        uint64_t own = builder_origin(claim->builder)->ipc_ns, ns = own, key;
        struct object *object;

        if (claim->entry->dev >> 32 != 0 || !map_key(claim->entry->link, &key))
                return NULL;
        if (process_read_namespace(walk_process_dir(claim->walk), "ipc", &ns) < 0)
                claim->inferred = true;
        if (ns != own)
                sysv_visit(&source, claim->host, walk_process_dir(claim->walk), ns, claim->builder);
        object = find_segment(claim, ns, key);
        if (!object && nobody_asks(claim->builder, (struct object_key){ &kind_shm, own, claim->entry->inode }))
                return NULL;
        if (!object && ns == own && builder_visit(claim->builder, &kind_shm, own)) {
                /* Made since the table was read? Asked once: some machines make them all the time. */
                sysv_scan(&source, claim->host, claim->builder);
                object = find_segment(claim, own, key);
        }
        if (object)
                return object;
        claim->inferred = true;
        object = find_segment(claim, own, key);
        return object ? object : from_mapping(claim, ns == own ? 0 : ns, key);
}

static bool gone(const struct object *object, uint16_t life)
{
        const struct value *value = object_get(object, life);

        return value && value->type == VALUE_WORD && (value->u == LIFE_DEAD || value->u == LIFE_REUSED);
}

/* Leaked: nobody is attached, and who made and last used it are gone. */
static void conclude(struct builder *builder, struct object *object)
{
        const struct value *attached = object_get(object, FIELD_ATTACHED);
        const struct value *last = object_get(object, FIELD_LAST_LIFE);

        if (!attached || attached->type != VALUE_UINT || attached->u != 0 || !gone(object, FIELD_CREATOR_LIFE))
                return;
        if (gone(object, FIELD_LAST_LIFE) || (last && last->type == VALUE_WORD && last->u == LIFE_NONE))
                builder_state(builder, object, WORD_BIT(STATE_ORPHAN), true);
}

static const uint16_t fields[] = {
        FIELD_ID, FIELD_KEY, FIELD_OWNER, FIELD_GROUP, FIELD_CREATOR, FIELD_CREATOR_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_SIZE_BYTES, FIELD_ATTACHED, FIELD_RESIDENT_BYTES, FIELD_SWAPPED_BYTES,
        FIELD_CREATOR_PID, FIELD_CREATOR_LIFE, FIELD_LAST_PID, FIELD_LAST_LIFE,
        FIELD_ATTACHED_AT, FIELD_DETACHED_AT, FIELD_CHANGED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_KEY, FIELD_SIZE_BYTES, FIELD_ATTACHED, FIELD_OWNER, FIELD_MODE, FIELD_STATE,
        FIELD_AGE_SECONDS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_ATTACHED, FIELD_RESIDENT_BYTES };

static const struct kind_history history[] = {
        { NO_ROWS, FIELD_CREATOR_PID, FIELD_CREATOR_LIFE, { FIELD_CHANGED_AT }, 1, WAY_CREATOR, N_("created by") },
        { NO_ROWS, FIELD_LAST_PID, FIELD_LAST_LIFE, { FIELD_ATTACHED_AT, FIELD_DETACHED_AT }, 2, WAY_LAST,
          N_("last attached or detached by") },
};

/* Counted against whoever called SHM_LOCK, who must be its owner or creator, or privileged (ipc/shm.c). */
static bool locked_bytes(const struct object *object, uint64_t *ret)
{
        const struct value *state = object_get(object, FIELD_STATE);
        const struct value *size = object_get(object, FIELD_SIZE_BYTES);

        *ret = 0;
        if (!state || state->type != VALUE_WORDS || !(state->u & WORD_BIT(STATE_LOCKED)))
                return true;
        if (!size || size->type != VALUE_UINT)
                return false;
        *ret = size->u;
        return true;
}

static const struct kind_charge charges[] = {
        { .limit = LIMIT_SHMMNI, .how = CHARGE_ONE, .exact = true },
        { .limit = LIMIT_SHMALL, .how = CHARGE_PAGES, .field = FIELD_SIZE_BYTES, .exact = true },
        { .limit = LIMIT_RLIMIT_MEMLOCK, .how = CHARGE_OTHER, .amount = locked_bytes },
};

const struct kind kind_shm = {
        .name = "shm",
        .title = N_("System V shared memory"),
        .scope = NAMESPACE_IPC,
        .address = ADDRESS_ID,
        .family = FAMILY_SHM,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .consequence = N_("processes that are attached keep their memory; "
                          "a program that starts later gets another segment"),
        .acts = &shm_acts,
        .claims = CLAIM_SYSV_MAP,
        .scan = scan,
        .wake = WAKE_HOLDER,
        .claim = claim_mapping,
        .history = history, .nhistory = COUNT(history),
        .conclude = conclude,
};
