/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects, who has them and who waits: the inverse of json-object.c. */
#include "output/json-read-private.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "model/reference.h"

#include <json-c/json.h>

/* What an object is, before there is one. */
struct identity {
        struct reference reference;
        struct text ref;
        uint64_t ns;
        bool foreign;
        struct value values[FIELD_COUNT];
        unsigned n;
};

struct object *reader_find(const struct reader *reader, const char *ref)
{
        void *object = NULL;

        return lh_table_lookup_ex(reader->refs, ref, &object) ? object : NULL;
}

static const struct kind *kind_of(struct reader *reader, const char *name)
{
        if (!reader->kind || strcmp(reader->kind->name, name) != 0)
                reader->kind = kind_find(reader->kinds, text_of(name));
        return reader->kind;
}

static int read_namespace(struct reader *reader, struct json_object *json, uint64_t *ret)
{
        const char *name = field_get(FIELD_NAMESPACE)->name;
        bool null;
        struct json_object *member = reader_member(json, name, &null);
        int r;

        if (!member)
                return 0;
        if (!json_object_is_type(member, json_type_object))
                return reader_fail(reader, name, N_("no object"));
        r = reader_uint(reader, member, "inode", UINT64_MAX, ret);
        return r < 0 ? r : 0;
}

/* Those are computed from the others, or ties. */
static bool is_stored(uint16_t field)
{
        switch (field) {
        case FIELD_REF:
        case FIELD_KIND:
        case FIELD_NAMESPACE:
        case FIELD_AGE_SECONDS:
        case FIELD_HOLDERS:
        case FIELD_PEERS:
        case FIELD_WAITERS:
        case FIELD_SUMMARY:
                return false;
        default:
                return true;
        }
}

static int read_values(struct reader *reader, struct json_object *json, const struct kind *kind,
                       struct identity *identity)
{
        for (unsigned i = 0; i < kind->nfields; i++) {
                int r = is_stored(kind->fields[i]) ?
                        reader_value(reader, json, kind->fields[i], &identity->values[identity->n]) : 0;

                if (r < 0)
                        return r;
                identity->n += r > 0;
        }
        return 0;
}

static struct value *value_of(struct identity *identity, struct text name)
{
        for (unsigned i = 0; i < identity->n; i++)
                if (text_equal(text_of(field_get(identity->values[i].field)->name), name))
                        return &identity->values[i];
        return NULL;
}

static uint64_t number_of(const struct identity *identity, uint16_t field)
{
        const struct value *value = row_get((struct row){ identity->values, identity->n }, field);

        return value && value->type == VALUE_UINT ? value->u : 0;
}

/* Values that we deduced are named aside; and so are those whose null means that they could not be read. */
static int mark_values(struct reader *reader, struct json_object *json, const char *list, struct identity *identity,
                       void (*mark)(struct value *value))
{
        struct json_object *array;
        int r = reader_array(reader, json, list, &array);

        for (size_t i = 0; r > 0 && i < json_object_array_length(array); i++) {
                struct json_object *item = json_object_array_get_idx(array, i);
                struct value *value;

                if (!json_object_is_type(item, json_type_string))
                        return reader_fail(reader, list, N_("no text"));
                value = value_of(identity, text_of(json_object_get_string(item)));
                if (value)
                        mark(value);
        }
        return r < 0 ? r : 0;
}

static void mark_inferred(struct value *value)
{
        value->inferred = true;
}

static void mark_unread(struct value *value)
{
        if (value->type == VALUE_UINT && value->u == 0)
                value->type = VALUE_UNKNOWN;
}

static int read_reference(struct reader *reader, struct json_object *json, const struct kind *kind,
                          struct identity *identity)
{
        const char *name = field_get(FIELD_REF)->name, *ref;
        struct parse_error error;
        int r = reader_word(reader, json, name, &ref);

        if (r < 0)
                return r;
        if (r == 0 || reference_parse(reader->kinds, text_of(ref), builder_arena(reader->builder),
                                      &identity->reference, &error) < 0 ||
            identity->reference.kind != kind || identity->reference.by == REFERENCE_KEY)
                return reader_fail(reader, name, N_("no reference of an object of this kind"));
        identity->ref = text_of(ref);
        return 0;
}

static int read_identity(struct reader *reader, struct json_object *json, const struct kind *kind,
                         struct identity *identity)
{
        int r = read_reference(reader, json, kind, identity);

        if (r == 0)
                r = read_namespace(reader, json, &identity->ns);
        if (r == 0)
                r = reader_bool(reader, json, "foreign", &identity->foreign);
        if (r >= 0)
                r = read_values(reader, json, kind, identity);
        if (r == 0)
                r = mark_values(reader, json, field_get(FIELD_INFERRED)->name, identity, mark_inferred);
        if (r == 0)
                r = mark_values(reader, json, "unread", identity, mark_unread);
        return r;
}

/*
 * What identified the object where it was seen is not in the text whole: what
 * is told of it, and where that is no more than another object's, a number of
 * our own in the scope. It grows, as the order of equals goes by it.
 */
static struct object *make_object(struct reader *reader, const struct kind *kind, const struct identity *identity)
{
        const struct reference *reference = &identity->reference;
        struct object_key key = { kind, identity->ns, reference->number };
        struct object *object;
        bool new = false;

        if (reference->by == REFERENCE_NAME)
                key.id = number_of(identity, FIELD_INODE);
        if (reference->by == REFERENCE_FD)
                key.scope = reference->pid;
        else if (kind->address == ADDRESS_NAME)
                key.scope = reference->dev ? reference->dev : number_of(identity, FIELD_DEV);
        do {
                object = builder_object(reader->builder, key, &new);
                key.scope = (UINT64_C(1) << 63) + ++reader->spare;
        } while (!new);
        object->ns = identity->ns;
        object->foreign = identity->foreign;
        for (unsigned i = 0; i < identity->n; i++)
                builder_value(reader->builder, object, identity->values[i]);
        return object;
}

/* Sealing makes the reference anew: it must come out the same. */
static bool bears_reference(struct object *object, struct text ref)
{
        struct buf again = { 0 };
        bool same;

        reference_print(object, &again);
        if (!text_equal(buf_text(&again), ref) && kind_named(object->key.kind)) {
                object->nameless = true;
                buf_clear(&again);
                reference_print(object, &again);
        }
        same = text_equal(buf_text(&again), ref);
        buf_done(&again);
        return same;
}

static void set_access(struct hold *hold, const struct value *access)
{
        hold->access = hold->way == WAY_FD || hold->way == WAY_MAP || hold->way == WAY_LOCK ? ACCESS_UNKNOWN : 0;
        if (access->type == VALUE_WORD)
                hold->access = (unsigned)access->u;
}

static void set_cloexec(struct hold *hold, const struct value *cloexec)
{
        if (cloexec->type == VALUE_UNKNOWN)
                hold->cloexec = CLOEXEC_UNKNOWN;
        else
                hold->cloexec = cloexec->u ? CLOEXEC_YES : CLOEXEC_NO;
}

static int read_hold(struct reader *reader, struct json_object *json, struct hold *hold)
{
        struct value way, value = { .type = VALUE_UNKNOWN };
        uint64_t number = 0;
        int r = reader_value(reader, json, FIELD_WAY, &way);

        if (r == 0)
                return reader_fail(reader, field_get(FIELD_WAY)->name, N_("is missing"));
        if (r < 0 || way.type != VALUE_WORD)
                return r < 0 ? r : 0;
        hold->way = (enum way_word)way.u;
        hold->fd = -1;
        r = reader_uint(reader, json, field_get(FIELD_FD)->name, INT32_MAX, &number);
        if (r > 0)
                hold->fd = (int)number;
        if (r == 0 && hold->way == WAY_FD)
                return reader_fail(reader, field_get(FIELD_FD)->name, N_("is missing"));
        if (r >= 0)
                r = reader_value(reader, json, FIELD_ACCESS, &value);
        set_access(hold, &value);
        if (r >= 0)
                r = reader_value(reader, json, FIELD_CLOEXEC, &value);
        if (r > 0)
                set_cloexec(hold, &value);
        if (r >= 0)
                r = reader_value(reader, json, FIELD_SIDE, &value);
        hold->side = r > 0 && value.type == VALUE_WORD ? (enum side_word)value.u : SIDE_NONE;
        number = 0;
        if (r >= 0)
                r = reader_uint(reader, json, field_get(FIELD_TID)->name, INT32_MAX, &number);
        hold->tid = (pid_t)number;
        number = hold->way == WAY_MAP;
        if (r >= 0)
                r = reader_uint(reader, json, field_get(FIELD_MAPS)->name, UINT32_MAX, &number);
        hold->maps = hold->way == WAY_MAP ? (unsigned)number : 0;
        if (r >= 0)
                r = reader_bool(reader, json, field_get(FIELD_INFERRED)->name, &hold->inferred);
        return r < 0 ? r : 1;
}

static int add_hold(struct reader *reader, struct json_object *json, struct object *object, struct process **last_map)
{
        struct hold hold = { .object = object };
        int r = reader_process_of(reader, json, &hold.process);

        if (r == 0)
                r = read_hold(reader, json, &hold);
        if (r <= 0)
                return r;
        /* The builder would add up what is one row for each process already. */
        if (hold.way == WAY_MAP && *last_map == hold.process)
                return reader_fail(reader, NULL, N_("given twice"));
        if (hold.way == WAY_MAP)
                *last_map = hold.process;
        builder_hold(reader->builder, hold);
        return 0;
}

static int read_operation(struct reader *reader, struct json_object *json, const char **ret)
{
        const char *name = field_get(FIELD_OPERATION)->name, *operation;
        int r = reader_word(reader, json, name, &operation);

        if (r < 0)
                return r;
        /* It is printed as it is, as a word of ours. */
        if (r == 0 || operation[strspn(operation, "abcdefghijklmnopqrstuvwxyz0123456789_")])
                return reader_fail(reader, name, N_("no system call"));
        if (!reader->operation || strcmp(reader->operation, operation) != 0)
                reader->operation = operation;
        *ret = reader->operation;
        return 0;
}

static int add_wait(struct reader *reader, struct json_object *json, struct object *object)
{
        struct wait wait = { .object = object };
        uint64_t tid = 0, since = 0;
        int r = reader_process_of(reader, json, &wait.process);

        if (r == 0)
                r = reader_uint(reader, json, field_get(FIELD_TID)->name, INT32_MAX, &tid);
        if (r >= 0)
                r = read_operation(reader, json, &wait.operation);
        if (r == 0)
                r = reader_time(reader, json, field_get(FIELD_SINCE)->name, &since);
        if (r >= 0)
                r = reader_bool(reader, json, field_get(FIELD_INFERRED)->name, &wait.inferred);
        if (r >= 0)
                r = reader_bool(reader, json, "timed", &wait.timed);
        if (r >= 0)
                r = reader_bool(reader, json, "others", &wait.others);
        if (r < 0)
                return r;
        wait.tid = (pid_t)tid;
        wait.since = since > INT64_MAX ? 0 : (int64_t)since;
        builder_wait(reader->builder, wait);
        return 0;
}

static int read_users(struct reader *reader, struct json_object *json, uint16_t field, struct object *object,
                      bool *ret_there)
{
        const char *name = field_get(field)->name;
        struct process *last_map = NULL;
        struct json_object *array;
        int r = reader_array(reader, json, name, &array);

        if (r <= 0)
                return r;
        *ret_there = true;
        reader->rows = name;
        r = 0;
        for (size_t i = 0; i < json_object_array_length(array) && r == 0; i++) {
                struct json_object *row = json_object_array_get_idx(array, i);

                reader->row = i;
                if (!json_object_is_type(row, json_type_object))
                        r = reader_fail(reader, NULL, N_("no object"));
                else if (field == FIELD_HOLDERS)
                        r = add_hold(reader, row, object, &last_map);
                else
                        r = add_wait(reader, row, object);
        }
        reader->rows = NULL;
        return r;
}

static int read_peers(struct reader *reader, struct json_object *json, struct object *object)
{
        const char *name = field_get(FIELD_PEERS)->name;
        struct json_object *array;
        int r = reader_array(reader, json, name, &array);

        for (size_t i = 0; r > 0 && i < json_object_array_length(array); i++) {
                struct json_object *item = json_object_array_get_idx(array, i);
                struct arena *arena = builder_arena(reader->builder);

                if (!json_object_is_type(item, json_type_string))
                        return reader_fail(reader, name, N_("no text"));
                if (reader->npeerings == reader->peerings_room) {
                        reader->peerings_room = reader->peerings_room ? reader->peerings_room * 2 : 64;
                        reader->peerings = memory_resize(reader->peerings, reader->peerings_room,
                                                         sizeof(*reader->peerings));
                }
                reader->peerings[reader->npeerings++] = (struct peering){
                        object, arena_text(arena, text_of(json_object_get_string(item))).data };
        }
        return r < 0 ? r : 0;
}

void reader_tie(struct reader *reader)
{
        for (size_t i = 0; i < reader->npeerings; i++) {
                struct object *to = reader_find(reader, reader->peerings[i].ref);

                /* A list of some objects names others that are not in it. */
                if (to)
                        builder_peer_oneway(reader->builder, reader->peerings[i].from, to);
        }
}

/* The first of a reference is the one that is meant by it. */
static void enter(struct reader *reader, struct text ref, struct object *object)
{
        void *before = NULL;

        if (!lh_table_lookup_ex(reader->refs, ref.data, &before) &&
            lh_table_insert(reader->refs, (void *)ref.data, object) < 0)
                memory_exhausted();
}

static int read_known(struct reader *reader, struct json_object *json, const struct kind *kind)
{
        struct identity identity;       /* large, and most of it stays unused: not to be zeroed whole */
        struct object *object;
        int r;

        identity.ns = 0;
        identity.foreign = false;
        identity.n = 0;
        r = read_identity(reader, json, kind, &identity);
        if (r < 0)
                return r;
        object = make_object(reader, kind, &identity);
        if (!bears_reference(object, identity.ref))
                return reader_fail(reader, field_get(FIELD_REF)->name, N_("does not fit the other members"));
        enter(reader, identity.ref, object);
        r = read_users(reader, json, FIELD_HOLDERS, object, &reader->want.holders);
        if (r == 0)
                r = read_users(reader, json, FIELD_WAITERS, object, &reader->want.waiters);
        return r == 0 ? read_peers(reader, json, object) : r;
}

int reader_object(struct reader *reader, struct json_object *json)
{
        const char *name = field_get(FIELD_KIND)->name, *word;
        const struct kind *kind;
        int r = reader_word(reader, json, name, &word);

        if (r < 0)
                return r;
        if (r == 0)
                return reader_fail(reader, name, N_("is missing"));
        kind = kind_of(reader, word);
        if (kind)
                return read_known(reader, json, kind);
        reader->nstrangers += reader->nstrangers < UINT32_MAX;
        return 0;
}
