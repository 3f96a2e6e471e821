/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query-private.h"

#include <time.h>

struct eval {
        const struct snapshot *snapshot;
        const struct object *object;
        struct buf text, scratch;       /* for patterns; allocated only if there are any */
};

static bool record_is_set(const struct row *row)
{
        for (size_t i = 0; i < row->nvalues; i++)
                if (value_is_set(&row->values[i]))
                        return true;
        return false;
}

bool rows_count(const struct snapshot *snapshot, const struct object *object, uint16_t field, uint64_t *ret)
{
        struct value value;

        if (field == FIELD_HOLDERS) {
                if (!snapshot->want.holders)
                        return false;   /* nobody looked */
                *ret = object_count_holders(object);
                return true;
        }
        if (field == FIELD_PEERS) {
                *ret = object->npeers;
                return snapshot->want.holders;
        }
        if (field == FIELD_WAITERS) {
                *ret = object->nwaits;
                return snapshot->want.waiters;
        }
        if (!snapshot_value(snapshot, object, field, &value))
                return false;
        if (value.type == VALUE_RECORD)
                *ret = value.len > 0 && record_is_set(value.rows);
        else if (value.type == VALUE_ROWS)
                *ret = value.len;
        else
                return false;
        return true;
}

static void form_time(uint64_t ns, struct buf *out)
{
        time_t seconds = (time_t)(ns / 1000000000);
        struct tm tm;

        if (ns == 0 || !gmtime_r(&seconds, &tm))
                buf_string(out, "never");
        else
                buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                           tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void form_uint(const struct snapshot *snapshot, enum unit unit, uint64_t number, struct buf *out)
{
        struct text name;

        if (unit == UNIT_UID && snapshot_user_name(snapshot, (uid_t)number, &name))
                buf_add(out, name);
        else if (unit == UNIT_GID && snapshot_group_name(snapshot, (gid_t)number, &name))
                buf_add(out, name);
        else if (unit == UNIT_MODE)
                buf_printf(out, "%04o", (unsigned)number);
        else if (unit == UNIT_KEY && number == 0)
                buf_string(out, "private");
        else if (unit == UNIT_KEY)
                buf_printf(out, "0x%08x", (unsigned)number);
        else if (unit == UNIT_DEV)
                buf_printf(out, "%u:%u", (unsigned)(number >> 32), (unsigned)number);
        else if (unit == UNIT_TIME)
                form_time(number, out);
        else
                buf_uint(out, number);
}

static void form_words(const struct word_set *set, uint64_t mask, struct buf *out)
{
        const char *separator = "";

        for (unsigned i = 0; i < set->nwords; i++)
                if (mask & WORD_BIT(i)) {
                        buf_string(out, separator);
                        buf_string(out, set->words[i]);
                        separator = ",";
                }
}

void value_form(const struct snapshot *snapshot, const struct value *value, struct buf *out)
{
        const struct field *field = field_get(value->field);

        switch ((enum value_type)value->type) {
        case VALUE_UINT:
                form_uint(snapshot, field->unit, value->u, out);
                break;
        case VALUE_INT:
                buf_int(out, value->i);
                break;
        case VALUE_BOOL:
                buf_string(out, value->u ? "true" : "false");
                break;
        case VALUE_TEXT:
                buf_add(out, value_text(value));
                break;
        case VALUE_WORD:
                if (field->words && value->u < field->words->nwords)
                        buf_string(out, field->words->words[value->u]);
                break;
        case VALUE_WORDS:
                if (field->words)
                        form_words(field->words, value->u, out);
                break;
        case VALUE_UNKNOWN:
        case VALUE_ROWS:
        case VALUE_RECORD:
        case VALUE_OBJECT:
                break;
        }
}

/* Each word of a set is a text of its own for a glob; a regex sees them joined with commas. */
static bool match_words(struct eval *eval, const struct test *test, const struct value *value)
{
        const struct word_set *set = field_get(value->field)->words;

        for (unsigned i = 0; set && i < set->nwords; i++)
                if (value->u & WORD_BIT(i) && pattern_match(test, text_of(set->words[i]), &eval->scratch))
                        return true;
        return false;
}

static bool test_pattern(struct eval *eval, const struct test *test, const struct value *value)
{
        if (value->type == VALUE_TEXT)
                return pattern_match(test, value_text(value), &eval->scratch);
        if (value->type == VALUE_WORDS && test->how == HOW_GLOB)
                return match_words(eval, test, value);
        buf_clear(&eval->text);
        value_form(eval->snapshot, value, &eval->text);
        return pattern_match(test, buf_text(&eval->text), &eval->scratch);
}

/* order: of the value against what it is compared with, <0, 0, >0. A pattern that matches is 0. */
static bool holds_for(enum operator operator, int order)
{
        switch (operator) {
        case OPERATOR_EQUAL:
        case OPERATOR_GLOB:
        case OPERATOR_REGEX:
        case OPERATOR_HAS:
                return order == 0;
        case OPERATOR_NOT_EQUAL:
        case OPERATOR_NOT_GLOB:
        case OPERATOR_NOT_REGEX:
                return order != 0;
        case OPERATOR_LESS:
                return order < 0;
        case OPERATOR_LESS_EQUAL:
                return order <= 0;
        case OPERATOR_GREATER:
                return order > 0;
        case OPERATOR_GREATER_EQUAL:
                return order >= 0;
        }
        return false;
}

static int compare_uint(uint64_t a, uint64_t b)
{
        return a < b ? -1 : a > b;
}

static int compare_int(int64_t a, int64_t b)
{
        return a < b ? -1 : a > b;
}

/*
 * A date equals every moment in it, but before and after are meant from its
 * beginning. Never is equal to never alone, and neither before nor after a date.
 */
static bool test_time(const struct test *test, uint64_t ns)
{
        bool equality = test->operator == OPERATOR_EQUAL || test->operator == OPERATOR_NOT_EQUAL;

        if (equality && ns >= test->moment.from && ns < test->moment.end)
                return test->operator == OPERATOR_EQUAL;
        if (ns == 0)
                return test->operator == OPERATOR_NOT_EQUAL;
        return holds_for(test->operator, equality ? 1 : compare_uint(ns, test->moment.from));
}

/* A user without a name is certainly not the one of that name. */
static bool test_name(const struct eval *eval, const struct test *test, const struct value *value)
{
        bool group = field_get(value->field)->unit == UNIT_GID, known;
        struct text name;

        known = group ? snapshot_group_name(eval->snapshot, (gid_t)value->u, &name)
                      : snapshot_user_name(eval->snapshot, (uid_t)value->u, &name);
        return holds_for(test->operator, known && text_equal(name, test->text) ? 0 : 1);
}

static bool test_words(const struct test *test, uint64_t mask)
{
        if (test->operator == OPERATOR_HAS)
                return (mask & test->number) == test->number;
        return holds_for(test->operator, compare_uint(mask, test->number));
}

static bool test_value(struct eval *eval, const struct test *test, const struct value *value)
{
        if (value->type == VALUE_UNKNOWN)
                return false;
        switch (test->how) {
        case HOW_SET:
                return value_is_set(value);
        case HOW_UINT:
                return holds_for(test->operator, compare_uint(value->u, test->number));
        case HOW_INT:
                return holds_for(test->operator, compare_int(value->i, test->integer));
        case HOW_TIME:
                return test_time(test, value->u);
        case HOW_TEXT:
                return value->type == VALUE_TEXT &&
                       holds_for(test->operator, text_compare(value_text(value), test->text));
        case HOW_NAME:
                return test_name(eval, test, value);
        case HOW_WORDS:
                return test_words(test, value->u);
        case HOW_GLOB:
        case HOW_REGEX:
                return holds_for(test->operator, test_pattern(eval, test, value) ? 0 : 1);
        case HOW_COUNT:
                break;
        }
        return false;
}

static bool test_row(struct eval *eval, const struct test *test, struct row row)
{
        const struct value *value = row_get(row, test->member);

        return value && test_value(eval, test, value);
}

/* Relations are no values of the object: their rows are made as they are tested. */
static bool test_relations(struct eval *eval, const struct test *test)
{
        const struct object *object = eval->object;
        struct value members[HOLD_VALUES];
        unsigned rows = test->field == FIELD_HOLDERS ? object->nholds :
                        test->field == FIELD_PEERS ? object->npeers : object->nwaits;

        for (unsigned i = 0; i < rows; i++) {
                unsigned n = 1;

                if (test->field == FIELD_HOLDERS)
                        n = hold_values(&object->holds[i], members);
                else if (test->field == FIELD_WAITERS)
                        n = wait_values(&object->waits[i], members);
                else
                        snapshot_value(eval->snapshot, object->peers[i], FIELD_REF, &members[0]);
                if (test_row(eval, test, (struct row){ members, n }))
                        return true;
        }
        return false;
}

/* True if it holds for any row. */
static bool test_rows(struct eval *eval, const struct test *test)
{
        const struct object *object = eval->object;
        struct value value;

        if (test->field == FIELD_HOLDERS || test->field == FIELD_PEERS || test->field == FIELD_WAITERS)
                return test_relations(eval, test);
        if (!snapshot_value(eval->snapshot, object, test->field, &value))
                return false;
        if (value.type != VALUE_ROWS && value.type != VALUE_RECORD)
                return false;
        for (uint32_t i = 0; i < value.len; i++)
                if (test_row(eval, test, value.rows[i]))
                        return true;
        return false;
}

static bool test_object(struct eval *eval, const struct test *test)
{
        struct value value;
        uint64_t count;

        if (test->member < FIELD_COUNT)
                return test_rows(eval, test);
        if (field_get(test->field)->nmembers > 0) {
                if (!rows_count(eval->snapshot, eval->object, test->field, &count))
                        return false;
                return test->how == HOW_SET ? count > 0
                                            : holds_for(test->operator, compare_uint(count, test->number));
        }
        return snapshot_value(eval->snapshot, eval->object, test->field, &value) &&
               test_value(eval, test, &value);
}

static bool node_match(struct eval *eval, const struct node *node)
{
        switch (node->type) {
        case NODE_AND:
                for (const struct node *child = node->child; child; child = child->next)
                        if (!node_match(eval, child))
                                return false;
                return true;
        case NODE_OR:
                for (const struct node *child = node->child; child; child = child->next)
                        if (node_match(eval, child))
                                return true;
                return false;
        case NODE_NOT:
                return !node_match(eval, node->child);
        case NODE_TEST:
                return test_object(eval, &node->test);
        }
        return false;
}

bool query_match(const struct query *query, const struct snapshot *snapshot, const struct object *object)
{
        struct eval eval = { .snapshot = snapshot, .object = object };
        bool match = node_match(&eval, query->root);

        buf_done(&eval.text);
        buf_done(&eval.scratch);
        return match;
}
