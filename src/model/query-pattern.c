/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query-private.h"

#include "base/i18n.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>

/*
 * regcomp(3) of glibc recurses for every parenthesis and copies what is
 * repeated: a short pattern could use up the stack or all memory, and back
 * references take exponential time. What is refused here nobody needs in order
 * to tell IPC objects apart.
 */
enum { PATTERN_LENGTH_MAX = 1024, PATTERN_WORK_MAX = 8192, QUERY_WORK_MAX = 8 * PATTERN_WORK_MAX };

int pattern_compile_glob(struct text text, size_t at, struct query *query, struct text *ret,
                         struct parse_error *ret_error)
{
        if (text.len > PATTERN_LENGTH_MAX)
                return parse_fail(ret_error, -EINVAL, N_("the pattern is too long"), at + PATTERN_LENGTH_MAX);
        if (memchr(text.data, 0, text.len))
                return parse_fail(ret_error, -EINVAL, N_("a pattern has no NUL byte"), at);
        *ret = arena_text(&query->arena, text);
        return 0;
}

/* The largest number in an interval like {2,50}; 1 if it has none. */
static uint64_t interval_copies(const char *brace)
{
        uint64_t number = 0, largest = 1;

        for (const char *p = brace + 1; *p && *p != '}'; p++) {
                number = *p < '0' || *p > '9' ? 0 : number * 10 + (uint64_t)(*p - '0');
                if (number > PATTERN_WORK_MAX)
                        return number;
                if (number > largest)
                        largest = number;
        }
        return largest;
}

/*
 * The length of the pattern after every repetition has been copied out, or
 * more: intervals multiply, and so does a + (one copy, then any number) behind
 * a group or another repetition.
 */
static uint64_t expanded_length(struct text pattern)
{
        uint64_t length = pattern.len;

        for (const char *p = pattern.data; *p && length <= PATTERN_WORK_MAX; p++) {
                bool nested = p > pattern.data && strchr(")+*?}", p[-1]);

                if (*p == '{')
                        length *= interval_copies(p);
                else if (*p == '+' && nested)
                        length *= 2;
        }
        return length;
}

static bool has_back_reference(const char *pattern)
{
        for (const char *p = pattern; *p; p++)
                if (p[0] == '\\' && p[1]) {
                        p++;
                        if (*p >= '1' && *p <= '9')
                                return true;
                }
        return false;
}

int pattern_compile_regex(struct text text, size_t at, struct query *query, const regex_t **ret,
                          struct parse_error *ret_error)
{
        struct pattern *pattern;
        struct text copy;
        uint64_t work;
        int r;

        r = pattern_compile_glob(text, at, query, &copy, ret_error);
        if (r < 0)
                return r;
        work = expanded_length(copy);
        query->work += work;
        if (work > PATTERN_WORK_MAX || query->work > QUERY_WORK_MAX || has_back_reference(copy.data))
                return parse_fail(ret_error, -EINVAL, N_("the regular expression is too costly"), at);

        pattern = ARENA_NEW(&query->arena, struct pattern);
        if (regcomp(&pattern->regex, copy.data, REG_EXTENDED | REG_NOSUB) != 0)
                return parse_fail(ret_error, -EINVAL, N_("not a regular expression"), at);
        pattern->next = query->patterns;
        query->patterns = pattern;
        *ret = &pattern->regex;
        return 0;
}

void pattern_free_all(struct pattern *patterns)
{
        for (; patterns; patterns = patterns->next)
                regfree(&patterns->regex);
}

/* As a C string, with \0 in the place of NUL bytes. */
static const char *c_string(struct text text, struct buf *scratch)
{
        buf_clear(scratch);
        buf_reserve(scratch, text.len);
        while (text.len > 0) {
                const char *nul = memchr(text.data, 0, text.len);
                size_t len = nul ? (size_t)(nul - text.data) : text.len;

                buf_add(scratch, (struct text){ text.data, len });
                if (nul)
                        buf_add(scratch, TEXT("\\0"));
                text = text_from(text, len + (nul ? 1 : 0));
        }
        return buf_text(scratch).data;
}

bool pattern_match(const struct test *test, struct text text, struct buf *scratch)
{
        const char *string = c_string(text, scratch);

        if (test->how == HOW_GLOB)
                return fnmatch(test->text.data, string, 0) == 0;
        return regexec(test->regex, string, 0, NULL, 0) == 0;
}
