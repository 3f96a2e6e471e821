/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query-private.h"

#include "base/i18n.h"
#include "base/number.h"

#include <errno.h>

enum { MODE_MAX = 07777 };

static bool is_pattern(enum operator operator)
{
        return operator >= OPERATOR_GLOB && operator <= OPERATOR_NOT_REGEX;
}

static bool is_order(enum operator operator)
{
        return operator >= OPERATOR_LESS && operator <= OPERATOR_GREATER_EQUAL;
}

/* What a number parser returned; message: the error if it is not that it was too large. */
static int check_number(int r, const char *message, const struct token *value, struct parse_error *ret_error)
{
        if (r == 0)
                return 0;
        return parse_fail(ret_error, r, r == -ERANGE ? N_("number too large") : message, value->at);
}

static int compile_size(struct test *test, const struct token *value, struct parse_error *ret_error)
{
        int r = number_parse_size(value->text, &test->number);

        return check_number(r, N_("not a size: bytes, or a number with K, M, G, T"), value, ret_error);
}

static int compile_span(struct test *test, const struct token *value, struct parse_error *ret_error)
{
        int r = number_parse_span(value->text, &test->number);

        return check_number(r, N_("not a span of time: seconds, or a number with s, m, h, d, w"),
                            value, ret_error);
}

static int compile_mode(struct test *test, const struct token *value, struct parse_error *ret_error)
{
        int r = number_parse_base(value->text, 8, MODE_MAX, &test->number);

        return check_number(r, N_("not permission bits: octal, at most 7777"), value, ret_error);
}

static int compile_time(struct test *test, const struct token *value, int64_t now,
                        struct parse_error *ret_error)
{
        int r = literal_time(value->text, value->at, now, &test->moment, ret_error);

        if (r < 0)
                return r;
        if (test->moment.from == 0 && is_order(test->operator))
                return parse_fail(ret_error, -EINVAL, N_("never is not before or after anything"), value->at);
        test->how = HOW_TIME;
        return 0;
}

/* A number, or else the name of a user or group, which only the snapshot can tell. */
static int compile_owner(struct test *test, const struct token *value, struct parse_error *ret_error)
{
        int r = number_parse(value->text, UINT32_MAX, &test->number);

        if (r != -EINVAL)
                return check_number(r, NULL, value, ret_error);
        if (is_order(test->operator))
                return parse_fail(ret_error, r, N_("names have no order: write the number"), value->at);
        if (value->text.len == 0)
                return parse_fail(ret_error, r, N_("the name is empty"), value->at);
        test->how = HOW_NAME;
        test->text = value->text;
        return 0;
}

static int compile_uint(struct test *test, enum unit unit, const struct token *value, int64_t now,
                        struct parse_error *ret_error)
{
        test->how = HOW_UINT;
        switch (unit) {
        case UNIT_BYTES:
                return compile_size(test, value, ret_error);
        case UNIT_SECONDS:
                return compile_span(test, value, ret_error);
        case UNIT_TIME:
                return compile_time(test, value, now, ret_error);
        case UNIT_UID:
        case UNIT_GID:
                return compile_owner(test, value, ret_error);
        case UNIT_MODE:
                return compile_mode(test, value, ret_error);
        case UNIT_KEY:
                return literal_key(value->text, value->at, &test->number, ret_error);
        case UNIT_DEV:
                return literal_dev(value->text, value->at, &test->number, ret_error);
        case UNIT_NONE:
        case UNIT_PID:
        case UNIT_NAMESPACE:
                break;
        }
        return literal_number(value->text, value->at, UINT64_MAX, &test->number, ret_error);
}

static int compile_int(struct test *test, const struct token *value, struct parse_error *ret_error)
{
        int r = number_parse_int(value->text, INT64_MIN, INT64_MAX, &test->integer);

        test->how = HOW_INT;
        return check_number(r, N_("not a number"), value, ret_error);
}

static int compile_bool(struct test *test, const struct token *value, struct parse_error *ret_error)
{
        bool yes = text_equal(value->text, TEXT("true")) || text_equal(value->text, TEXT("yes"));

        if (!yes && !text_equal(value->text, TEXT("false")) && !text_equal(value->text, TEXT("no")))
                return parse_fail(ret_error, -EINVAL, N_("true or false is meant here"), value->at);
        test->how = HOW_UINT;
        test->number = yes;
        return 0;
}

static int compile_word(struct test *test, const struct field *field, const struct token *value,
                        struct parse_error *ret_error)
{
        int word = word_find(field->words, value->text);

        if (word < 0)
                return parse_fail(ret_error, -EINVAL, N_("not a word of this field"), value->at);
        test->how = HOW_UINT;
        test->number = (uint64_t)word;
        return 0;
}

/* One word, or several with commas between them, as they are shown; none with == alone. */
static int compile_words(struct test *test, const struct field *field, const struct token *value,
                         struct parse_error *ret_error)
{
        struct text rest = value->text, word;

        if (rest.len == 0 && test->operator == OPERATOR_HAS)
                return parse_fail(ret_error, -EINVAL, N_("not a word of this field"), value->at);
        test->how = HOW_WORDS;
        test->number = 0;
        while (text_split(&rest, ',', &word)) {
                int number = word_find(field->words, word);

                if (number < 0)
                        return parse_fail(ret_error, -EINVAL, N_("not a word of this field"),
                                          value->at + (size_t)(word.data - value->text.data));
                test->number |= WORD_BIT(number);
        }
        if (text_ends(value->text, TEXT(",")))
                return parse_fail(ret_error, -EINVAL, N_("not a word of this field"), value->at + value->text.len);
        return 0;
}

static int compile_pattern(struct test *test, const struct token *value, struct query *query,
                           struct parse_error *ret_error)
{
        bool glob = test->operator == OPERATOR_GLOB || test->operator == OPERATOR_NOT_GLOB;

        test->how = glob ? HOW_GLOB : HOW_REGEX;
        if (glob)
                return pattern_compile_glob(value->text, value->at, query, &test->text, ret_error);
        return pattern_compile_regex(value->text, value->at, query, &test->regex, ret_error);
}

/* What is wrong with the operator for this type, or NULL. */
static const char *misfit(enum operator operator, enum value_type type)
{
        bool rows = type == VALUE_ROWS || type == VALUE_RECORD;

        if (operator == OPERATOR_HAS && type != VALUE_WORDS)
                return N_("has is only for sets of words");
        if (is_pattern(operator) && rows)
                return N_("patterns are for a member of the rows, as in holders.comm");
        if (is_order(operator) && (type == VALUE_BOOL || type == VALUE_WORD || type == VALUE_WORDS))
                return N_("this field has no order");
        return NULL;
}

int test_compile(struct test *test, const struct token *operator, const struct token *value,
                 struct query *query, struct parse_error *ret_error)
{
        const struct field *field = field_get(test->member < FIELD_COUNT ? test->member : test->field);
        const char *message = misfit(operator->operator, field->type);

        if (message)
                return parse_fail(ret_error, -EINVAL, message, operator->at);
        test->operator = operator->operator;
        if (is_pattern(test->operator))
                return compile_pattern(test, value, query, ret_error);

        switch (field->type) {
        case VALUE_UINT:
                return compile_uint(test, field->unit, value, query->now, ret_error);
        case VALUE_INT:
                return compile_int(test, value, ret_error);
        case VALUE_BOOL:
                return compile_bool(test, value, ret_error);
        case VALUE_WORD:
                return compile_word(test, field, value, ret_error);
        case VALUE_WORDS:
                return compile_words(test, field, value, ret_error);
        case VALUE_ROWS:
        case VALUE_RECORD:
                test->how = HOW_COUNT;
                return literal_number(value->text, value->at, UINT64_MAX, &test->number, ret_error);
        case VALUE_TEXT:
        case VALUE_UNKNOWN:
        case VALUE_OBJECT:
                break;
        }
        test->how = HOW_TEXT;
        test->text = value->text;
        return 0;
}
