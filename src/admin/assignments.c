/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/assignments.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/number.h"
#include "model/snapshot.h"
#include "sys/host.h"

#include <errno.h>
#include <stdlib.h>

/* No count or value that the kernel takes is larger than an int. */
enum { MODE_MAX = 0777, NUMBER_MAX = INT32_MAX };

/* Words of `state` that people may give and take. */
static const enum state_word states[] = { STATE_LOCKED, STATE_HUGETLB, STATE_NORESERVE };

bool is_assignment(const char *argument)
{
        size_t end = strcspn(argument, ":=");

        return argument[end] == '=';
}

/* Who knows users and groups by name: the host, or without one the snapshot. */
struct people {
        const struct host *host;
        const struct snapshot *names;
};

static bool find_person(bool group, struct text name, const struct people *people, uint32_t *ret)
{
        if (people->host)
                return group ? host_group_id(people->host, name, ret) : host_user_id(people->host, name, ret);
        if (people->names)
                return group ? snapshot_group_id(people->names, name, ret)
                             : snapshot_user_id(people->names, name, ret);
        return false;
}

static int read_owner(bool group, struct text text, size_t at, const struct people *people, uint64_t *ret,
                      struct parse_error *ret_error)
{
        uint32_t id;
        /* -1 means "as it is" to the kernel. */
        int r = number_parse(text, UINT32_MAX - 1, ret);

        if (r == 0)
                return 0;
        if (r == -ERANGE)
                return parse_fail(ret_error, r, N_("number too large"), at);
        if (!find_person(group, text, people, &id)) {
                if (people->host)
                        return parse_fail(ret_error, r, group ? N_("no such group") : N_("no such user"), at);
                return parse_fail(ret_error, r, group ? N_("no group of that name was seen: give its number")
                                                      : N_("no user of that name was seen: give the number"), at);
        }
        *ret = id;
        return 0;
}

static int read_number(enum unit unit, struct text text, size_t at, const struct people *people, uint64_t *ret,
                       struct parse_error *ret_error)
{
        int r;

        switch (unit) {
        case UNIT_BYTES:
                r = number_parse_size(text, ret);
                if (r == -EINVAL)
                        return parse_fail(ret_error, r, N_("not a size: bytes, or a number with K, M, G, T"), at);
                break;
        case UNIT_MODE:
                r = number_parse_base(text, 8, MODE_MAX, ret);
                if (r < 0)
                        return parse_fail(ret_error, r, N_("not permission bits: octal, at most 777"), at);
                break;
        case UNIT_KEY:
                return literal_key(text, at, ret, ret_error);
        case UNIT_UID:
        case UNIT_GID:
                return read_owner(unit == UNIT_GID, text, at, people, ret, ret_error);
        default:
                return literal_number(text, at, NUMBER_MAX, ret, ret_error);
        }
        return r < 0 ? parse_fail(ret_error, r, N_("number too large"), at) : 0;
}

/* NAME[NUMBER]: cuts the number off. */
static int read_subscript(struct text *name, uint64_t *ret, struct parse_error *ret_error)
{
        const char *bracket = name->len ? memchr(name->data, '[', name->len) : NULL;
        struct text digits;
        size_t at;

        if (!bracket)
                return 0;
        at = (size_t)(bracket - name->data) + 1;
        digits = text_from(*name, at);
        if (digits.len == 0 || digits.data[digits.len - 1] != ']')
                return parse_fail(ret_error, -EINVAL, N_("a [ without its ]"), at - 1);
        digits.len--;
        name->len = at - 1;
        return literal_number(digits, at, NUMBER_MAX, ret, ret_error);
}

static int read_state(enum state_word word, struct text text, size_t at, struct assignment *ret,
                      struct parse_error *ret_error)
{
        bool yes = text_equal(text, TEXT("yes")) || text_equal(text, TEXT("true"));

        if (!yes && !text_equal(text, TEXT("no")) && !text_equal(text, TEXT("false")))
                return parse_fail(ret_error, -EINVAL, N_("yes or no is meant here"), at);
        ret->value = (struct value){ .field = FIELD_STATE, .type = VALUE_WORDS, .u = yes ? WORD_BIT(word) : 0 };
        ret->clear = yes ? 0 : WORD_BIT(word);
        return 0;
}

static int read_one(struct text argument, const struct people *people, struct assignment *ret,
                    struct parse_error *ret_error)
{
        size_t at = (size_t)((const char *)memchr(argument.data, '=', argument.len) - argument.data);
        struct text name = { argument.data, at }, value = text_from(argument, at + 1);
        const struct field *field;
        bool numbered;
        uint16_t id;
        int r;

        for (size_t i = 0; i < COUNT(states); i++)
                if (text_equal(name, text_of(field_get(FIELD_STATE)->words->words[states[i]])))
                        return read_state(states[i], value, at + 1, ret, ret_error);
        r = read_subscript(&name, &ret->number, ret_error);
        if (r < 0)
                return r;
        numbered = name.len < at;
        if (!field_find(name, &id))
                return parse_fail(ret_error, -EINVAL, N_("unknown field"), 0);
        if (numbered && id != FIELD_VALUE)
                return parse_fail(ret_error, -EINVAL, N_("only value has a [NUMBER]"), name.len);
        field = field_get(id);
        if (field->type != VALUE_UINT || field->unit == UNIT_TIME || field->unit == UNIT_PID)
                return parse_fail(ret_error, -EINVAL, N_("this field can't be given"), 0);
        ret->value = (struct value){ .field = id, .type = VALUE_UINT };
        if (id == FIELD_VALUE && !numbered)
                ret->number = NUMBER_NONE;
        return read_number(field->unit, value, at + 1, people, &ret->value.u, ret_error);
}

static bool same_place(const struct assignment *a, const struct assignment *b)
{
        if (a->value.field != b->value.field)
                return false;
        if (a->value.field == FIELD_STATE)
                return (a->value.u | a->clear) & (b->value.u | b->clear);
        return a->number == b->number;
}

int assignments_add(struct assignments *assignments, const struct host *host, const char *argument,
                    struct parse_error *ret_error)
{
        const struct people people = { host, assignments->names };
        struct assignment assignment = { 0 };
        unsigned n = assignments->n;
        int r = read_one(text_of(argument), &people, &assignment, ret_error);

        for (unsigned i = 0; r == 0 && i < n; i++)
                if (same_place(&assignments->list[i], &assignment))
                        r = parse_fail(ret_error, -EINVAL, N_("given twice"), 0);
        if (r < 0)
                return r;
        assignments->list = memory_resize(assignments->list, n + 1, sizeof(*assignments->list));
        assignments->typed = memory_resize(assignments->typed, n + 1, sizeof(*assignments->typed));
        assignments->list[n] = assignment;
        assignments->typed[n] = argument;
        assignments->n = n + 1;
        return 0;
}

void assignments_done(struct assignments *assignments)
{
        free(assignments->list);
        free(assignments->typed);
        *assignments = (struct assignments){ 0 };
}
