/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/view.h"

#include "base/memory.h"

enum { ROWS_FIRST = 64 };

void rows_expect(struct rows *rows, size_t more)
{
        if (rows->room - rows->n >= more)
                return;
        rows->room = rows->n + more;
        rows->items = memory_resize(rows->items, rows->room, sizeof(*rows->items));
}

void rows_add(struct rows *rows, struct row_item item)
{
        if (rows->n == rows->room) {
                rows->room = rows->room > 0 ? rows->room * 2 : ROWS_FIRST;
                rows->items = memory_resize(rows->items, rows->room, sizeof(*rows->items));
        }
        rows->items[rows->n++] = item;
}

void rows_add_lines(struct rows *rows, struct text text)
{
        struct text copy = arena_text(&rows->arena, text), line;

        while (text_split(&copy, '\n', &line)) {
                struct text *thing = ARENA_NEW(&rows->arena, struct text);

                *thing = line;
                rows_add(rows, (struct row_item){ .type = ROW_TEXT, .thing = thing,
                                                  .subject = subject_of(SUBJECT_LINE, rows->n, 0) });
        }
}
