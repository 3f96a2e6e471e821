/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/object.h"

static int compare_numbers(uint64_t a, uint64_t b)
{
        return a < b ? -1 : a > b;
}

/* Values stand in the order of the kind's fields: if the name is the first of those, it is here or nowhere. */
const struct value *object_find_name(const struct object *object)
{
        if (object->key.kind->nfields && object->key.kind->fields[0] == FIELD_NAME)
                return object->nvalues && object->values[0].field == FIELD_NAME ? object->values : NULL;
        return row_get(object_row(object), FIELD_NAME);
}

/* Named ones by name and before nameless ones. */
static int compare_names(const struct object *a, const struct object *b)
{
        const struct value *x = object_find_name(a), *y = object_find_name(b);

        if (!x || !y)
                return !x - !y;
        return text_compare(value_text(x), value_text(y));
}

int object_compare(const struct object *a, const struct object *b)
{
        int order = compare_numbers(a->kind_order, b->kind_order);

        if (order == 0 && kind_named(a->key.kind))
                order = compare_names(a, b);
        if (order == 0 && a->key.kind->address == ADDRESS_FD)
                order = compare_numbers(a->key.scope, b->key.scope);
        if (order == 0)
                order = compare_numbers(a->key.id, b->key.id);
        if (order == 0)
                order = compare_numbers(a->foreign, b->foreign);
        if (order == 0)
                order = compare_numbers(a->key.scope, b->key.scope);
        return order;
}

enum { PREFIX = 7 };

/*
 * The first bytes, a shorter text ending in NULs, then how many there are: as
 * a number that is as the text is in the order. Two texts of no more than
 * these bytes are equal if their numbers are.
 */
static uint64_t prefix_of(struct text text)
{
        unsigned char bytes[PREFIX] = { 0 };
        uint64_t number = 0;

        memcpy(bytes, text.data ? text.data : "", text.len < PREFIX ? text.len : PREFIX);
        for (unsigned i = 0; i < PREFIX; i++)
                number = number << 8 | bytes[i];
        return number << 8 | (text.len < PREFIX ? text.len : PREFIX + (text.len > PREFIX));
}

struct object_rank object_rank(const struct object *object)
{
        const struct value *name = kind_named(object->key.kind) ? object_find_name(object) : NULL;
        bool by_scope = object->key.kind->address == ADDRESS_FD;
        struct object_rank rank = { .group = (uint64_t)object->kind_order << 1 | !name };

        if (name) {
                rank.number = prefix_of(value_text(name));
                rank.second = value_text(name).len > PREFIX ? 0 : by_scope ? object->key.scope : object->key.id;
        } else {
                rank.number = by_scope ? object->key.scope : object->key.id;
                rank.second = by_scope ? object->key.id : 0;
        }
        return rank;
}

unsigned object_count_holders(const struct object *object)
{
        unsigned n = 0;

        for (unsigned i = 0; i < object->nholds; i++)
                if (i == 0 || object->holds[i].process != object->holds[i - 1].process)
                        n++;
        return n;
}

static void add(struct value *values, unsigned *n, uint16_t field, enum value_type type, uint64_t u)
{
        values[(*n)++] = (struct value){ .field = field, .type = type, .u = u };
}

static void add_text(struct value *values, unsigned *n, uint16_t field, struct text text)
{
        values[(*n)++] = (struct value){ .field = field, .type = VALUE_TEXT,
                                         .len = (uint32_t)text.len, .data = text.data };
}

/* 0: can't be told. */
static void add_time(struct value *values, unsigned *n, uint16_t field, uint64_t time)
{
        add(values, n, field, time ? VALUE_UINT : VALUE_UNKNOWN, time);
}

unsigned hold_values(const struct hold *hold, struct value ret[HOLD_VALUES])
{
        const struct process *process = hold->process;
        unsigned n = 0;

        add(ret, &n, FIELD_PID, VALUE_UINT, (uint64_t)process->pid);
        add_time(ret, &n, FIELD_START_TIME, process->start);
        add_text(ret, &n, FIELD_COMM, process->comm);
        add(ret, &n, FIELD_WAY, VALUE_WORD, hold->way);
        if (hold->way == WAY_FD || (hold->way == WAY_LOCK && hold->fd >= 0))
                add(ret, &n, FIELD_FD, VALUE_UINT, (uint64_t)hold->fd);
        if (hold->way == WAY_FD || hold->way == WAY_MAP)
                add(ret, &n, FIELD_ACCESS, hold->access == ACCESS_UNKNOWN ? VALUE_UNKNOWN : VALUE_WORD,
                    hold->access);
        if (hold->side != SIDE_NONE)
                add(ret, &n, FIELD_SIDE, VALUE_WORD, hold->side);
        if (hold->cloexec != CLOEXEC_UNREAD)
                add(ret, &n, FIELD_CLOEXEC, hold->cloexec == CLOEXEC_UNKNOWN ? VALUE_UNKNOWN : VALUE_BOOL,
                    hold->cloexec == CLOEXEC_YES);
        if (hold->tid)
                add(ret, &n, FIELD_TID, VALUE_UINT, (uint64_t)hold->tid);
        if (hold->way == WAY_MAP)
                add(ret, &n, FIELD_MAPS, VALUE_UINT, hold->maps);
        if (hold->inferred)
                add(ret, &n, FIELD_INFERRED, VALUE_BOOL, 1);
        return n;
}

unsigned wait_values(const struct wait *wait, struct value ret[WAIT_VALUES])
{
        unsigned n = 0;

        add(ret, &n, FIELD_PID, VALUE_UINT, (uint64_t)wait->process->pid);
        add(ret, &n, FIELD_TID, VALUE_UINT, (uint64_t)wait->tid);
        add_text(ret, &n, FIELD_COMM, wait->process->comm);
        add_text(ret, &n, FIELD_OPERATION, text_of(wait->operation));
        add_time(ret, &n, FIELD_SINCE, (uint64_t)wait->since);
        if (wait->inferred)
                add(ret, &n, FIELD_INFERRED, VALUE_BOOL, 1);
        return n;
}

bool gap_hides_holders(const struct gap *gap)
{
        static const char *const others[] = {
                "/proc/PID/mem", "/proc/PID/syscall", "/proc/PID/limits", "/proc/sys", GAP_OF_KINDS,
        };

        if (gap->kind)
                return false;
        for (size_t i = 0; gap->where && i < sizeof(others) / sizeof(*others); i++)
                if (strcmp(gap->where, others[i]) == 0)
                        return false;
        return true;
}
