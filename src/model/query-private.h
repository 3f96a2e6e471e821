/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_QUERY_PRIVATE_H
#define MODEL_QUERY_PRIVATE_H

/*
 * Inside the filter language: text -> tokens (query-lexer.c) -> a tree
 * (query.c) whose tests carry values of the type of their field
 * (query-test.c, query-pattern.c) -> a verdict per object (query-eval.c).
 */
#include "base/arena.h"
#include "model/literal.h"
#include "model/query.h"

#include <regex.h>

/* A longer filter is refused, as is one that nests deeper: the tree is walked by recursion. */
enum { QUERY_LENGTH_MAX = 64 * 1024, QUERY_NESTING_MAX = 200 };

enum token_type {
        TOKEN_END,
        TOKEN_WORD, TOKEN_QUOTED,       /* text, without quotes and escapes */
        TOKEN_OPEN, TOKEN_CLOSE,
        TOKEN_AND, TOKEN_OR, TOKEN_NOT, /* && || !; the words are TOKEN_WORD */
        TOKEN_OPERATOR,                 /* operator */
};

enum operator {
        OPERATOR_EQUAL, OPERATOR_NOT_EQUAL,
        OPERATOR_LESS, OPERATOR_LESS_EQUAL, OPERATOR_GREATER, OPERATOR_GREATER_EQUAL,
        OPERATOR_GLOB, OPERATOR_NOT_GLOB,
        OPERATOR_REGEX, OPERATOR_NOT_REGEX,
        OPERATOR_HAS,
};

struct token {
        enum token_type type;
        enum operator operator;
        struct text text;
        size_t at;                      /* where its text begins, behind an opening quote */
};

struct lexer {
        struct arena *arena;            /* for quoted texts with escapes */
        struct text input;
        size_t at;
};

/* Reads the next token. 0, or -EINVAL with *ret_error set. */
int lexer_next(struct lexer *lexer, struct token *ret, struct parse_error *ret_error);

/* How a test compares, and so what it compares with. */
enum how {
        HOW_SET,                        /* nothing: known, and not zero or empty? */
        HOW_COUNT,                      /* number: with the number of rows */
        HOW_UINT,                       /* number */
        HOW_INT,                        /* integer */
        HOW_TIME,                       /* moment */
        HOW_TEXT,                       /* text */
        HOW_NAME,                       /* text: with the name of the user or group */
        HOW_WORDS,                      /* number: a mask */
        HOW_GLOB,                       /* text: a pattern, followed by a NUL */
        HOW_REGEX,                      /* regex */
};

struct test {
        uint16_t field;
        uint16_t member;                /* of each row of the field; FIELD_COUNT: the field itself */
        enum how how;
        enum operator operator;
        union {
                uint64_t number;
                int64_t integer;
                struct moment moment;
                struct text text;
                const regex_t *regex;
        };
};

enum node_type { NODE_AND, NODE_OR, NODE_NOT, NODE_TEST };

struct node {
        enum node_type type;
        const struct node *next;        /* sibling */
        union {
                const struct node *child;       /* first of a list */
                struct test test;
        };
};

/* A compiled expression, which keeps memory outside of the arena. */
struct pattern {
        regex_t regex;
        struct pattern *next;
};

struct query {
        struct arena arena;             /* everything but the inside of the patterns */
        int64_t now;
        const struct node *root;
        struct field_set fields;
        struct pattern *patterns;
        uint64_t work;                  /* what the patterns cost, bounded */
};

/*
 * Completes a test whose field and member are set: is the operator one for
 * this type, and what does the value mean? 0, or -EINVAL with *ret_error set.
 */
int test_compile(struct test *test, const struct token *operator, const struct token *value,
                 struct query *query, struct parse_error *ret_error);

/* Is it a pattern that can be used? at is where it begins. 0, or -EINVAL with *ret_error set. */
int pattern_compile_glob(struct text text, size_t at, struct query *query, struct text *ret,
                         struct parse_error *ret_error);
int pattern_compile_regex(struct text text, size_t at, struct query *query, const regex_t **ret,
                          struct parse_error *ret_error);
void pattern_free_all(struct pattern *patterns);

/* Does the text match? Its NUL bytes are seen as \0; scratch is overwritten. */
bool pattern_match(const struct test *test, struct text text, struct buf *scratch);

/*
 * The number of rows of a field of type VALUE_ROWS or VALUE_RECORD; a record
 * in which nothing is set counts as none. False: absent or not known.
 */
bool rows_count(const struct snapshot *snapshot, const struct object *object, uint16_t field, uint64_t *ret);

/* What patterns see of a value that is no text: 0x00005eed, 0660, alice, dest,locked */
void value_form(const struct snapshot *snapshot, const struct value *value, struct buf *out);

#endif
