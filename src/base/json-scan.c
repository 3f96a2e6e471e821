/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json-scan.h"

#include <errno.h>

static void skip_blanks(struct text *rest)
{
        size_t n = 0;

        while (n < rest->len && (rest->data[n] == ' ' || rest->data[n] == '\n' || rest->data[n] == '\t' ||
                                 rest->data[n] == '\r'))
                n++;
        *rest = text_from(*rest, n);
}

static bool take(struct text *rest, char byte)
{
        if (rest->len == 0 || rest->data[0] != byte)
                return false;
        *rest = text_from(*rest, 1);
        return true;
}

/* Behind the quote that ends it. */
static int skip_string(struct text *rest)
{
        struct text text = text_from(*rest, 1);

        for (;;) {
                size_t n = 0;

                while (n < text.len && text.data[n] != '"' && text.data[n] != '\\')
                        n++;
                if (n >= text.len)
                        return -EBADMSG;
                if (text.data[n] == '"') {
                        *rest = text_from(text, n + 1);
                        return 0;
                }
                text = text_from(text, n + 2);
        }
}

static bool is_digit(char byte)
{
        return byte >= '0' && byte <= '9';
}

/* JSON has no leading zeros: of two numbers the longer is the larger. */
static int skip_number(struct text *rest)
{
        bool negative = take(rest, '-');
        struct text most = negative ? TEXT("9223372036854775808") : TEXT("18446744073709551615");
        struct text digits = { rest->data, 0 };

        while (digits.len < rest->len && is_digit(rest->data[digits.len]))
                digits.len++;
        if (digits.len == 0 || digits.len > most.len || (digits.len == most.len && text_compare(digits, most) > 0))
                return -EBADMSG;
        *rest = text_from(*rest, digits.len);
        return 0;
}

/* A letter of true, false, null, or of what stands behind the digits of a fraction. */
static bool is_other(char byte)
{
        return (byte >= 'a' && byte <= 'z') || byte == 'E' || byte == '.' || byte == '+' || byte == ',' || byte == ':';
}

static int skip_inside(struct text *rest, unsigned *depth)
{
        char byte = rest->data[0];

        if (byte == '"')
                return skip_string(rest);
        if (byte == '-' || is_digit(byte))
                return skip_number(rest);
        if (byte == '{' || byte == '[') {
                if (++*depth > JSON_SCAN_DEPTH)
                        return -EBADMSG;
        } else if (byte == '}' || byte == ']') {
                --*depth;
        } else if (!is_other(byte)) {
                return -EBADMSG;
        }
        *rest = text_from(*rest, 1);
        return 0;
}

static int skip_brackets(struct text *rest)
{
        unsigned depth = 0;

        do {
                int r;

                skip_blanks(rest);
                r = rest->len > 0 ? skip_inside(rest, &depth) : -EBADMSG;
                if (r < 0)
                        return r;
        } while (depth > 0);
        return 0;
}

/* A number or a word ends where something else begins. */
static int skip_scalar(struct text *rest)
{
        size_t n = 0;
        struct text number = *rest;

        if ((number.data[0] == '-' || is_digit(number.data[0])) && skip_number(&number) < 0)
                return -EBADMSG;
        while (n < rest->len && (is_digit(rest->data[n]) || rest->data[n] == '-' ||
                                 (is_other(rest->data[n]) && rest->data[n] != ',' && rest->data[n] != ':')))
                n++;
        *rest = text_from(*rest, n);
        return n > 0 ? 0 : -EBADMSG;
}

int json_scan_value(struct text *rest, struct text *ret_value)
{
        struct text value;
        int r;

        skip_blanks(rest);
        if (rest->len == 0)
                return 0;
        value = *rest;
        if (value.data[0] == '"')
                r = skip_string(rest);
        else if (value.data[0] == '{' || value.data[0] == '[')
                r = skip_brackets(rest);
        else
                r = skip_scalar(rest);
        if (r < 0)
                return r;
        *ret_value = (struct text){ value.data, (size_t)(rest->data - value.data) };
        return 1;
}

/* A value must come. */
static int need_value(struct text *rest, struct text *ret_value)
{
        int r = json_scan_value(rest, ret_value);

        return r == 0 ? -EBADMSG : r;
}

/* The bracket or comma in front of a part: 1, 0 behind the last, or -EBADMSG. */
static int begin_part(struct text *rest, bool first, const char brackets[2])
{
        skip_blanks(rest);
        if (first && !take(rest, brackets[0]))
                return -EBADMSG;
        skip_blanks(rest);
        if (take(rest, brackets[1]))
                return 0;
        return first || take(rest, ',') ? 1 : -EBADMSG;
}

int json_scan_member(struct text *rest, bool first, struct text *ret_key, struct text *ret_value)
{
        int r = begin_part(rest, first, "{}");
        struct text key, value;

        if (r <= 0)
                return r;
        skip_blanks(rest);
        if (rest->len == 0 || rest->data[0] != '"')
                return -EBADMSG;
        key = *rest;
        if (skip_string(rest) < 0)
                return -EBADMSG;
        key = (struct text){ key.data + 1, (size_t)(rest->data - key.data) - 2 };
        skip_blanks(rest);
        if (!take(rest, ':') || need_value(rest, &value) < 0)
                return -EBADMSG;
        *ret_key = key;
        *ret_value = value;
        return 1;
}

int json_scan_item(struct text *rest, bool first, struct text *ret_value)
{
        int r = begin_part(rest, first, "[]");

        return r <= 0 ? r : need_value(rest, ret_value);
}
