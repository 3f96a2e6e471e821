/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query-private.h"

#include "base/i18n.h"

#include <errno.h>

/* Longest first: the first that fits is the one. */
static const struct symbol {
        const char *string;
        enum token_type type;
        enum operator operator;
} symbols[] = {
        { "!=~", TOKEN_OPERATOR, OPERATOR_NOT_REGEX },
        { "==",  TOKEN_OPERATOR, OPERATOR_EQUAL },
        { "=~",  TOKEN_OPERATOR, OPERATOR_REGEX },
        { "!=",  TOKEN_OPERATOR, OPERATOR_NOT_EQUAL },
        { "!~",  TOKEN_OPERATOR, OPERATOR_NOT_GLOB },
        { "<=",  TOKEN_OPERATOR, OPERATOR_LESS_EQUAL },
        { ">=",  TOKEN_OPERATOR, OPERATOR_GREATER_EQUAL },
        { "&&",  TOKEN_AND,      0 },
        { "||",  TOKEN_OR,       0 },
        { "<",   TOKEN_OPERATOR, OPERATOR_LESS },
        { ">",   TOKEN_OPERATOR, OPERATOR_GREATER },
        { "~",   TOKEN_OPERATOR, OPERATOR_GLOB },
        { "!",   TOKEN_NOT,      0 },
        { "(",   TOKEN_OPEN,     0 },
        { ")",   TOKEN_CLOSE,    0 },
};

static bool is_blank(char byte)
{
        return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* May the byte stand in a word without quotes? */
static bool is_bare(char byte)
{
        return !is_blank(byte) && (byte == 0 || !strchr("()'\"!=<>~&|", byte));
}

static struct token lex_word(struct lexer *lexer)
{
        struct token token = { .type = TOKEN_WORD, .at = lexer->at };

        while (lexer->at < lexer->input.len && is_bare(lexer->input.data[lexer->at]))
                lexer->at++;
        token.text = (struct text){ lexer->input.data + token.at, lexer->at - token.at };
        return token;
}

/* Where the closing quote stands; *ret_escapes: how many backslashes escape something before it. */
static bool find_quote(const struct lexer *lexer, char quote, size_t *ret_end, size_t *ret_escapes)
{
        struct text input = lexer->input;
        size_t escapes = 0;

        for (size_t i = lexer->at + 1; i < input.len; i++) {
                if (input.data[i] == quote) {
                        *ret_end = i;
                        *ret_escapes = escapes;
                        return true;
                }
                if (input.data[i] == '\\' && i + 1 < input.len &&
                    (input.data[i + 1] == quote || input.data[i + 1] == '\\')) {
                        escapes++;
                        i++;
                }
        }
        return false;
}

/* A backslash escapes the quote and itself; before anything else it is a plain byte. */
static int lex_quoted(struct lexer *lexer, struct token *ret, struct parse_error *ret_error)
{
        size_t end, escapes, begin = lexer->at + 1;
        char quote = lexer->input.data[lexer->at], *copy;
        struct text raw;

        if (!find_quote(lexer, quote, &end, &escapes))
                return parse_fail(ret_error, -EINVAL, N_("the closing quote is missing"), lexer->at);
        raw = (struct text){ lexer->input.data + begin, end - begin };
        *ret = (struct token){ .type = TOKEN_QUOTED, .at = begin, .text = raw };
        lexer->at = end + 1;
        if (escapes == 0)
                return 0;

        copy = arena_alloc(lexer->arena, raw.len);
        ret->text = (struct text){ copy, raw.len - escapes };
        for (size_t i = 0; i < raw.len; i++) {
                if (raw.data[i] == '\\' && (raw.data[i + 1] == quote || raw.data[i + 1] == '\\'))
                        i++;
                *copy++ = raw.data[i];
        }
        return 0;
}

static int lex_symbol(struct lexer *lexer, struct token *ret, struct parse_error *ret_error)
{
        struct text rest = text_from(lexer->input, lexer->at);

        for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
                struct text symbol = text_of(symbols[i].string);

                if (text_starts(rest, symbol)) {
                        *ret = (struct token){ .type = symbols[i].type, .operator = symbols[i].operator,
                                               .text = symbol, .at = lexer->at };
                        lexer->at += symbol.len;
                        return 0;
                }
        }
        return parse_fail(ret_error, -EINVAL, rest.data[0] == '=' ? N_("equality is written ==")
                                                                  : N_("and, or are written && and ||"),
                          lexer->at);
}

int lexer_next(struct lexer *lexer, struct token *ret, struct parse_error *ret_error)
{
        char byte;

        while (lexer->at < lexer->input.len && is_blank(lexer->input.data[lexer->at]))
                lexer->at++;
        if (lexer->at >= lexer->input.len) {
                *ret = (struct token){ .type = TOKEN_END, .at = lexer->input.len, .text = TEXT("") };
                return 0;
        }

        byte = lexer->input.data[lexer->at];
        if (byte == '\'' || byte == '"')
                return lex_quoted(lexer, ret, ret_error);
        if (!is_bare(byte))
                return lex_symbol(lexer, ret, ret_error);
        *ret = lex_word(lexer);
        return 0;
}
