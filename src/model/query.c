/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "model/query-private.h"

#include <errno.h>
#include <stdlib.h>

struct parser {
        struct query *query;
        struct lexer lexer;
        struct token token;             /* the next one, not yet consumed */
        unsigned nesting;
        struct parse_error *error;
};

static int parse_chain(struct parser *parser, enum node_type type, struct node **ret);

static int fail_here(struct parser *parser, const char *message)
{
        return parse_fail(parser->error, -EINVAL, message, parser->token.at);
}

static int advance(struct parser *parser)
{
        return lexer_next(&parser->lexer, &parser->token, parser->error);
}

static bool at_word(const struct parser *parser, struct text word)
{
        return parser->token.type == TOKEN_WORD && text_equal(parser->token.text, word);
}

static struct node *new_node(struct parser *parser, enum node_type type)
{
        struct node *node = ARENA_NEW(&parser->query->arena, struct node);

        node->type = type;
        return node;
}

static bool is_member(const struct field *field, uint16_t member)
{
        for (unsigned i = 0; i < field->nmembers; i++)
                if (field->members[i] == member)
                        return true;
        return false;
}

/* The member that is named behind the dot of rows.member */
static int resolve_member(struct parser *parser, struct text name, size_t at, struct test *test)
{
        const struct field *field = field_get(test->field);

        if (field->nmembers == 0)
                return parse_fail(parser->error, -EINVAL, N_("this field has no members"), at);
        if (!field_find(name, &test->member) || !is_member(field, test->member))
                return parse_fail(parser->error, -EINVAL, N_("not a member of this field"), at);
        field_set_add(&parser->query->fields, test->member);
        return 0;
}

static int resolve_field(struct parser *parser, const struct token *token, struct test *test)
{
        const char *dot = memchr(token->text.data, '.', token->text.len);
        size_t len = dot ? (size_t)(dot - token->text.data) : token->text.len;

        test->member = FIELD_COUNT;
        if (!field_find((struct text){ token->text.data, len }, &test->field))
                return parse_fail(parser->error, -EINVAL, N_("unknown field"), token->at);
        if (test->field == FIELD_SUMMARY)
                return parse_fail(parser->error, -EINVAL, N_("this field is only for tables"), token->at);
        field_set_add(&parser->query->fields, test->field);
        return dot ? resolve_member(parser, text_from(token->text, len + 1), token->at + len + 1, test) : 0;
}

/* Can the next token only be an operator, or an error in the place of one? */
static bool at_operator(struct parser *parser)
{
        if (at_word(parser, TEXT("has"))) {
                parser->token.type = TOKEN_OPERATOR;
                parser->token.operator = OPERATOR_HAS;
        }
        return parser->token.type == TOKEN_OPERATOR;
}

static int parse_test(struct parser *parser, struct node **ret)
{
        struct token field = parser->token, operator, value;
        struct node *node;
        int r;

        if (field.type != TOKEN_WORD)
                return fail_here(parser, N_("a field is missing here"));
        node = new_node(parser, NODE_TEST);
        *ret = node;
        r = resolve_field(parser, &field, &node->test);
        if (r >= 0)
                r = advance(parser);
        if (r < 0 || !at_operator(parser))
                return r;               /* a bare field: HOW_SET */

        operator = parser->token;
        r = advance(parser);
        if (r < 0)
                return r;
        value = parser->token;
        if (value.type != TOKEN_WORD && value.type != TOKEN_QUOTED)
                return fail_here(parser, N_("a value is missing here"));
        r = test_compile(&node->test, &operator, &value, parser->query, parser->error);
        return r < 0 ? r : advance(parser);
}

static int parse_group(struct parser *parser, struct node **ret)
{
        size_t open = parser->token.at;
        int r = advance(parser);

        if (r >= 0)
                r = parse_chain(parser, NODE_OR, ret);
        if (r < 0)
                return r;
        if (parser->token.type == TOKEN_END)
                return parse_fail(parser->error, -EINVAL, N_("this parenthesis is not closed"), open);
        if (parser->token.type != TOKEN_CLOSE)
                return fail_here(parser, N_("and, or or an operator is missing here"));
        return advance(parser);
}

static int parse_negation(struct parser *parser, struct node **ret);

static int parse_operand(struct parser *parser, struct node **ret)
{
        int r;

        if (parser->nesting >= QUERY_NESTING_MAX)
                return fail_here(parser, N_("the filter nests too deeply"));
        parser->nesting++;
        if (parser->token.type == TOKEN_NOT || at_word(parser, TEXT("not")))
                r = parse_negation(parser, ret);
        else if (parser->token.type == TOKEN_OPEN)
                r = parse_group(parser, ret);
        else
                r = parse_test(parser, ret);
        parser->nesting--;
        return r;
}

static int parse_negation(struct parser *parser, struct node **ret)
{
        struct node *node = new_node(parser, NODE_NOT), *child;
        int r = advance(parser);

        if (r >= 0)
                r = parse_operand(parser, &child);
        if (r < 0)
                return r;
        node->child = child;
        *ret = node;
        return 0;
}

static bool at_junction(const struct parser *parser, enum node_type type)
{
        if (type == NODE_OR)
                return parser->token.type == TOKEN_OR || at_word(parser, TEXT("or"));
        return parser->token.type == TOKEN_AND || at_word(parser, TEXT("and"));
}

/* Operands with `or` between them, each a chain with `and`. One operand alone needs no node. */
static int parse_chain(struct parser *parser, enum node_type type, struct node **ret)
{
        struct node *chain = NULL, *last = NULL, *operand;

        for (;;) {
                int r = type == NODE_OR ? parse_chain(parser, NODE_AND, &operand)
                                        : parse_operand(parser, &operand);

                if (r < 0)
                        return r;
                if (last)
                        last->next = operand;
                last = operand;
                if (!at_junction(parser, type))
                        break;
                if (!chain) {
                        chain = new_node(parser, type);
                        chain->child = operand;
                }
                r = advance(parser);
                if (r < 0)
                        return r;
        }
        *ret = chain ? chain : last;
        return 0;
}

static int parse_all(struct parser *parser)
{
        struct node *root;
        int r = advance(parser);

        if (r >= 0)
                r = parse_chain(parser, NODE_OR, &root);
        if (r < 0)
                return r;
        if (parser->token.type == TOKEN_CLOSE)
                return fail_here(parser, N_("no parenthesis is open here"));
        if (parser->token.type != TOKEN_END)
                return fail_here(parser, N_("and, or or an operator is missing here"));
        parser->query->root = root;
        return 0;
}

int query_parse(struct text expression, int64_t now, struct query **ret, struct parse_error *ret_error)
{
        struct query *query;
        struct parser parser;
        int r;

        if (expression.len > QUERY_LENGTH_MAX)
                return parse_fail(ret_error, -EINVAL, N_("the filter is too long"), QUERY_LENGTH_MAX);
        query = memory_new(sizeof(*query));
        arena_init(&query->arena);
        query->now = now;

        /* Words and texts of the tree point into this copy. */
        expression = arena_text(&query->arena, expression);
        parser = (struct parser){ .query = query, .error = ret_error };
        parser.lexer = (struct lexer){ &query->arena, expression, 0 };
        r = parse_all(&parser);
        if (r < 0) {
                query_free(query);
                return -EINVAL;
        }
        *ret = query;
        return 0;
}

void query_free(struct query *query)
{
        if (!query)
                return;
        pattern_free_all(query->patterns);
        arena_done(&query->arena);
        free(query);
}

void query_fields(const struct query *query, struct field_set *set)
{
        for (size_t i = 0; i < sizeof(set->bits) / sizeof(set->bits[0]); i++)
                set->bits[i] |= query->fields.bits[i];
}
