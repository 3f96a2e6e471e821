/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/columns.h"

#include "base/number.h"

#include <errno.h>

/* Cuts the next line off, without its newline. False at the end; *ret_whole: there was a newline. */
static bool next_line(struct text *rest, struct text *ret_line, bool *ret_whole)
{
        const char *end;

        if (rest->len == 0)
                return false;
        end = memchr(rest->data, '\n', rest->len);
        *ret_whole = end;
        *ret_line = (struct text){ rest->data, end ? (size_t)(end - rest->data) : rest->len };
        *rest = text_from(*rest, ret_line->len + (end ? 1 : 0));
        return true;
}

/* Returns how many words there are; COLUMNS_MOST + 1 stands for too many. */
static unsigned split_words(struct text line, struct text words[static COLUMNS_MOST])
{
        struct text word;
        unsigned n = 0;

        while (text_word(&line, &word)) {
                if (n == COLUMNS_MOST)
                        return COLUMNS_MOST + 1;
                words[n++] = word;
        }
        return n;
}

static bool is_letter(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int columns_init(struct columns *columns, struct text file)
{
        struct text rest = file, line;
        bool whole;

        *columns = (struct columns){ 0 };
        if (!next_line(&rest, &line, &whole))
                return -ENODATA;
        if (!whole)
                return -EBADMSG;
        columns->ncolumns = split_words(line, columns->names);
        if (columns->ncolumns == 0 || columns->ncolumns > COLUMNS_MOST)
                goto bad;
        for (unsigned i = 0; i < columns->ncolumns; i++)
                if (!is_letter(columns->names[i].data[0]))
                        goto bad;
        columns->rest = rest;
        return 0;

bad:
        columns->ncolumns = 0;
        return -EBADMSG;
}

int columns_next(struct columns *columns)
{
        struct text line;
        bool whole;
        unsigned n;

        columns->ncells = 0;
        if (!next_line(&columns->rest, &line, &whole))
                return 0;
        if (!whole)
                return -EBADMSG;
        n = split_words(line, columns->cells);
        if (n != columns->ncolumns)
                return -EBADMSG;
        columns->ncells = n;
        return 1;
}

int columns_find(const struct columns *columns, const char *name)
{
        struct text wanted = text_of(name);

        for (unsigned i = 0; i < columns->ncolumns; i++)
                if (text_equal(columns->names[i], wanted))
                        return (int)i;
        return -1;
}

int columns_number(const struct columns *columns, int index, unsigned base, uint64_t max, uint64_t *ret)
{
        if (index < 0 || (unsigned)index >= columns->ncells)
                return -EBADMSG;
        return number_parse_base(columns->cells[index], base, max, ret) < 0 ? -EBADMSG : 0;
}

int columns_key(const struct columns *columns, int index, uint32_t *ret)
{
        int64_t key;

        if (index < 0 || (unsigned)index >= columns->ncells ||
            number_parse_int(columns->cells[index], INT32_MIN, INT32_MAX, &key) < 0)
                return -EBADMSG;
        *ret = (uint32_t)key;
        return 0;
}
