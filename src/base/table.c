/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/table.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <limits.h>
#include <stdlib.h>

#define GAP 2                           /* blanks between two columns */

void table_init(struct table *table, struct arena *arena, const struct column *columns, unsigned ncolumns)
{
        *table = (struct table){ .arena = arena, .columns = columns, .ncolumns = ncolumns };
        table->widths = memory_resize(NULL, ncolumns, sizeof(*table->widths));
        for (unsigned i = 0; i < ncolumns; i++)
                table->widths[i] = utf8_columns(text_of(columns[i].title));
}

void table_done(struct table *table)
{
        memory_large_free(table->cells, table->size * sizeof(*table->cells));
        free(table->widths);
        *table = (struct table){ 0 };
}

static struct cell cell_of(struct text text, enum style style)
{
        unsigned width = utf8_columns(text);

        return (struct cell){
                .data = text.data,
                .len = text.len < UINT_MAX ? (unsigned)text.len : UINT_MAX,
                .width = width < USHRT_MAX ? (unsigned short)width : USHRT_MAX,
                .style = (unsigned char)style,
        };
}

static void make_room(struct table *table, size_t size)
{
        struct cell *cells = memory_large_new(size * sizeof(*cells));

        if (table->ncells)
                memcpy(cells, table->cells, table->ncells * sizeof(*cells));
        memory_large_free(table->cells, table->size * sizeof(*cells));
        table->cells = cells;
        table->size = size;
}

void table_expect(struct table *table, size_t rows)
{
        if (rows < SIZE_MAX / sizeof(*table->cells) / table->ncolumns && rows * table->ncolumns > table->size)
                make_room(table, rows * table->ncolumns);
}

bool table_split(struct table *table, size_t rows, struct arena *arena, struct table *ret)
{
        if (rows >= table->size / table->ncolumns)
                return false;
        table_init(ret, arena, table->columns, table->ncolumns);
        ret->cells = table->cells + rows * table->ncolumns;
        ret->size = table->size - rows * table->ncolumns;
        table->size = rows * table->ncolumns;
        return true;
}

void table_join(struct table *table, struct table *second)
{
        for (unsigned i = 0; i < table->ncolumns; i++)
                if (second->widths[i] > table->widths[i])
                        table->widths[i] = second->widths[i];
        table->size += second->size;
        table->ncells += second->ncells;
        free(second->widths);
        *second = (struct table){ 0 };
}

static void add(struct table *table, struct cell cell)
{
        unsigned *width = &table->widths[table->ncells % table->ncolumns];

        if (table->ncells == table->size)
                make_room(table, table->size > 0 ? table->size * 2 : 256);
        table->cells[table->ncells++] = cell;
        if (cell.width > *width)
                *width = cell.width;
}

void table_add(struct table *table, struct text text, enum style style, bool keep)
{
        if (text.len == 0)
                text = TEXT("");
        else if (!keep)
                text = arena_text(table->arena, text);
        add(table, cell_of(text, style));
}

void table_repeat(struct table *table)
{
        add(table, table->cells[table->ncells - table->ncolumns]);
}

/* The widths without the titles, which table->widths includes. */
static void measure_cells(const struct table *table, unsigned *ret_widths)
{
        unsigned column = 0;

        memset(ret_widths, 0, table->ncolumns * sizeof(*ret_widths));
        for (size_t i = 0; i < table->ncells; i++) {
                if (table->cells[i].width > ret_widths[column])
                        ret_widths[column] = table->cells[i].width;
                if (++column == table->ncolumns)
                        column = 0;
        }
}

/* A column's width when none that may shrink is to be wider than `level`. */
static unsigned shrink(const struct column *column, unsigned width, unsigned level)
{
        if (column->least == 0 || width <= level || width <= column->least)
                return width;
        return level > column->least ? level : column->least;
}

static size_t shrunk_total(const struct table *table, const unsigned *widths, unsigned level)
{
        size_t total = (size_t)GAP * (table->ncolumns - 1);

        for (unsigned i = 0; i < table->ncolumns; i++)
                total += shrink(&table->columns[i], widths[i], level);
        return total;
}

void table_fit(const struct table *table, unsigned width, bool headings, unsigned *ret_widths)
{
        unsigned low = 0, high = width;
        size_t total;

        if (table->ncolumns == 0)
                return;
        if (headings)
                memcpy(ret_widths, table->widths, table->ncolumns * sizeof(*ret_widths));
        else
                measure_cells(table, ret_widths);
        if (width == 0 || shrunk_total(table, ret_widths, UINT_MAX) <= width)
                return;

        /* The highest level at which it fits, or 0: everything at its least. */
        while (low < high) {
                unsigned level = low + (high - low + 1) / 2;

                if (shrunk_total(table, ret_widths, level) <= width)
                        low = level;
                else
                        high = level - 1;
        }
        total = shrunk_total(table, ret_widths, low);
        for (unsigned i = 0; i < table->ncolumns; i++) {
                unsigned shrunk = shrink(&table->columns[i], ret_widths[i], low);

                /* What is left is less than a column for each of those at the level. */
                if (shrunk == low && ret_widths[i] > low && total < width) {
                        shrunk++;
                        total++;
                }
                ret_widths[i] = shrunk;
        }
}

/* How a table is being written: the look, and what follows from it. */
struct page {
        const struct table *table;
        const struct table_look *look;
        const unsigned *widths;
        unsigned shown;                 /* columns, from the first */
        struct text mark;               /* where text is cut */
        struct buf *out;
};

/*
 * Columns that find no room at their least: the one that reaches over the edge
 * is cut there, those behind it are left out. Returns how many stay.
 */
static unsigned clip(const struct table *table, unsigned width, unsigned *widths)
{
        size_t left = width;

        for (unsigned i = 0; i < table->ncolumns; i++) {
                if (i > 0) {
                        if (left <= GAP && widths[i] > 0)
                                return i;
                        left -= left < GAP ? left : GAP;
                }
                if (widths[i] > left)
                        widths[i] = (unsigned)left;
                left -= widths[i];
        }
        return table->ncolumns;
}

static struct text sgr(enum style style)
{
        switch (style) {
        case STYLE_TITLE:
                return TEXT("\033[1m");
        case STYLE_DIM:
                return TEXT("\033[2m");
        case STYLE_GOOD:
                return TEXT("\033[32m");
        case STYLE_WARN:
                return TEXT("\033[33m");
        case STYLE_BAD:
                return TEXT("\033[31;1m");
        case STYLE_NONE:
                break;
        }
        return TEXT("");
}

static char *put(char *place, struct text text)
{
        memcpy(place, text.data, text.len);
        return place + text.len;
}

/* Blanks, then text and mark in their style: with a single look at the buffer's room. */
static void put_cell(const struct page *page, size_t blanks, enum style style,
                     struct text text, struct text mark)
{
        struct text on = page->look->colour ? sgr(style) : TEXT("");
        struct text off = on.len > 0 ? TEXT("\033[0m") : TEXT("");
        size_t len = blanks + on.len + text.len + mark.len + off.len;
        char *place = buf_reserve(page->out, len);

        memset(place, ' ', blanks);
        place += blanks;
        /* Most cells are text alone. */
        if (on.len > 0)
                place = put(place, on);
        place = put(place, text);
        if (mark.len > 0)
                place = put(place, mark);
        if (off.len > 0)
                place = put(place, off);
        *place = 0;
        page->out->len += len;
}

/* Writes what of the cell fits, behind the blanks that are due; returns the blanks due next. */
static size_t print_cell(const struct page *page, unsigned column, const struct cell *cell, size_t blanks)
{
        struct text text = { cell->data, cell->len }, mark = TEXT("");
        unsigned width = page->widths[column], taken = cell->width;
        bool right = page->table->columns[column].align == ALIGN_RIGHT;

        if (cell->width > width) {
                mark = width > 0 ? page->mark : mark;
                text = utf8_cut(text, width > 0 ? width - 1 : 0, &taken);
                taken += width > 0;
        }
        if (text.len + mark.len == 0)
                return blanks + width;
        put_cell(page, right ? blanks + width - taken : blanks, cell->style, text, mark);
        return right ? 0 : width - taken;
}

/* Blanks are written before the next cell that is not empty, so that none trails. */
static void print_row(const struct page *page, const struct cell *cells, size_t count)
{
        size_t blanks = 0;

        if (count > page->shown)
                count = page->shown;
        for (unsigned i = 0; i < count; i++)
                blanks = print_cell(page, i, &cells[i], i > 0 ? blanks + GAP : blanks);
        buf_byte(page->out, '\n');
}

static void print_headings(const struct page *page)
{
        const struct table *table = page->table;
        struct cell *cells = memory_resize(NULL, table->ncolumns, sizeof(*cells));

        for (unsigned i = 0; i < table->ncolumns; i++)
                cells[i] = cell_of(text_of(table->columns[i].title), STYLE_TITLE);
        print_row(page, cells, table->ncolumns);
        free(cells);
}

void table_print_passing(const struct table *table, const struct table_look *look, struct buf *out,
                         void (*pass)(void *data), void *data)
{
        unsigned *widths = memory_resize(NULL, table->ncolumns, sizeof(*widths));
        struct page page = {
                .table = table,
                .look = look,
                .widths = widths,
                .shown = table->ncolumns,
                .mark = look->utf8 ? TEXT("…") : TEXT("+"),
                .out = out,
        };

        table_fit(table, look->width, look->headings, widths);
        if (look->width > 0)
                page.shown = clip(table, look->width, widths);
        if (look->headings)
                print_headings(&page);
        for (size_t i = 0; i < table->ncells; i += table->ncolumns) {
                size_t left = table->ncells - i;

                print_row(&page, &table->cells[i], left < table->ncolumns ? left : table->ncolumns);
                if (pass)
                        pass(data);
        }
        free(widths);
}

void table_print(const struct table *table, const struct table_look *look, struct buf *out)
{
        table_print_passing(table, look, out, NULL, NULL);
}
