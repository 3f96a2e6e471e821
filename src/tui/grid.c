/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/grid.h"

#include "base/array.h"
#include "base/memory.h"
#include "base/utf8.h"

#include <stdlib.h>

static const struct grid_cell blank = { .bytes = " ", .len = 1, .width = 1 };

static struct grid_cell *cell_at(const struct grid *grid, unsigned x, unsigned y)
{
        return &grid->cells[(size_t)y * grid->width + x];
}

static void clear(struct grid *grid)
{
        for (size_t i = 0; i < (size_t)grid->width * grid->height; i++)
                grid->cells[i] = blank;
        grid->cursor = false;
}

void grid_resize(struct grid *grid, unsigned width, unsigned height)
{
        if (width > GRID_MOST)
                width = GRID_MOST;
        if (height > GRID_MOST)
                height = GRID_MOST;
        if (width != grid->width || height != grid->height || !grid->cells) {
                grid->cells = memory_resize(grid->cells, (size_t)width * height, sizeof(*grid->cells));
                grid->width = width;
                grid->height = height;
        }
        clear(grid);
}

void grid_done(struct grid *grid)
{
        free(grid->cells);
        *grid = (struct grid){ .width = 0 };
}

/* What is written over one half of a wide character leaves a blank in the other. */
static void make_whole(struct grid *grid, unsigned x, unsigned y)
{
        struct grid_cell *cell = cell_at(grid, x, y);

        if (cell->width == 0 && x > 0) {
                cell[-1] = (struct grid_cell){ .bytes = " ", .len = 1, .width = 1, .look = cell[-1].look };
                *cell = (struct grid_cell){ .bytes = " ", .len = 1, .width = 1, .look = cell->look };
        } else if (cell->width == 2 && x + 1 < grid->width) {
                cell[1] = (struct grid_cell){ .bytes = " ", .len = 1, .width = 1, .look = cell[1].look };
                *cell = (struct grid_cell){ .bytes = " ", .len = 1, .width = 1, .look = cell->look };
        }
}

/* bytes: of one character, at most four. */
static void set_cell(struct grid *grid, unsigned x, unsigned y, struct text bytes, unsigned width, unsigned look)
{
        struct grid_cell *cell = cell_at(grid, x, y);

        make_whole(grid, x, y);
        if (width == 2)
                make_whole(grid, x + 1, y);
        *cell = (struct grid_cell){ .len = (uint8_t)bytes.len, .width = (uint8_t)width, .look = (uint8_t)look };
        memcpy(cell->bytes, bytes.data, bytes.len);
        if (width == 2)
                cell[1] = (struct grid_cell){ .look = (uint8_t)look };
}

static void add_mark(struct grid_cell *cell, struct text bytes)
{
        if (cell->len + bytes.len >= sizeof(cell->bytes))
                return;
        memcpy(cell->bytes + cell->len, bytes.data, bytes.len);
        cell->len = (uint8_t)(cell->len + bytes.len);
}

unsigned grid_put(struct grid *grid, unsigned x, unsigned y, unsigned room, struct text text, unsigned look)
{
        unsigned at = 0, last = UINT32_MAX;

        if (y >= grid->height || x >= grid->width)
                return 0;
        if (room > grid->width - x)
                room = grid->width - x;
        while (text.len > 0) {
                uint32_t code;
                unsigned len = utf8_decode(text, &code);
                int width = len > 0 ? utf8_width(code) : -1;
                struct text bytes = { text.data, len };

                /* No display form: nothing that moves a cursor gets out by mistake. */
                if (width < 0) {
                        len = len > 0 ? len : 1;
                        bytes = TEXT("?");
                        width = 1;
                }
                text = text_from(text, len);
                if (width == 0) {
                        /* A mark with nothing before it has no place of its own. */
                        if (last != UINT32_MAX)
                                add_mark(cell_at(grid, last, y), bytes);
                        continue;
                }
                if ((unsigned)width > room - at) {
                        if (at < room)
                                set_cell(grid, x + at, y, TEXT(" "), 1, look);
                        return room;
                }
                last = x + at;
                set_cell(grid, last, y, bytes, (unsigned)width, look);
                at += (unsigned)width;
        }
        return at;
}

unsigned grid_put_cut(struct grid *grid, unsigned x, unsigned y, unsigned room, struct text text, unsigned look,
                      enum align align, bool utf8)
{
        unsigned columns, taken;

        if (y >= grid->height || x >= grid->width)
                return 0;
        if (room > grid->width - x)
                room = grid->width - x;
        columns = utf8_columns(text);
        if (columns <= room) {
                unsigned indent = align == ALIGN_RIGHT ? room - columns : 0;

                grid_fill(grid, x, y, indent, ' ', look);
                return indent + grid_put(grid, x + indent, y, room - indent, text, look);
        }
        if (room == 0)
                return 0;
        taken = grid_put(grid, x, y, room - 1, utf8_cut(text, room - 1, &columns), look);
        return taken + grid_put(grid, x + taken, y, 1, utf8 ? text_of("\u2026") : TEXT("+"), look);
}

void grid_fill(struct grid *grid, unsigned x, unsigned y, unsigned columns, char byte, unsigned look)
{
        if (y >= grid->height || x >= grid->width)
                return;
        if (columns > grid->width - x)
                columns = grid->width - x;
        for (unsigned i = 0; i < columns; i++)
                set_cell(grid, x + i, y, (struct text){ &byte, 1 }, 1, look);
}

void grid_look(struct grid *grid, unsigned x, unsigned y, unsigned columns, unsigned look)
{
        if (y >= grid->height || x >= grid->width)
                return;
        if (columns > grid->width - x)
                columns = grid->width - x;
        for (unsigned i = 0; i < columns; i++) {
                struct grid_cell *cell = cell_at(grid, x + i, y);
                unsigned old = cell->look;

                if (look & LOOK_STYLE)
                        old &= ~(unsigned)LOOK_STYLE;
                cell->look = (uint8_t)(old | look);
        }
}

/* --- as text ------------------------------------------------------------------ */

static void dump_lines(const struct grid *grid, struct buf *out)
{
        for (unsigned y = 0; y < grid->height; y++) {
                size_t end = out->len;

                for (unsigned x = 0; x < grid->width; x++) {
                        const struct grid_cell *cell = cell_at(grid, x, y);

                        buf_add(out, (struct text){ cell->bytes, cell->len });
                        if (cell->len > 0 && !(cell->len == 1 && cell->bytes[0] == ' '))
                                end = out->len;
                }
                out->len = end;
                buf_byte(out, '\n');
        }
}

static void dump_look_name(unsigned look, struct buf *out)
{
        static const char *const styles[] = { "plain", "title", "dim", "good", "warn", "bad" };
        static const struct {
                unsigned bit;
                const char *name;
        } bits[] = {
                { LOOK_REVERSE, "reverse" }, { LOOK_BOLD, "bold" }, { LOOK_UNDER, "under" }, { LOOK_DIM, "faint" },
        };
        unsigned style = look & LOOK_STYLE;

        buf_string(out, style < COUNT(styles) ? styles[style] : "?");
        for (unsigned i = 0; i < COUNT(bits); i++)
                if (look & bits[i].bit)
                        buf_printf(out, " %s", bits[i].name);
}

/* Each look gets a letter in the order in which it comes up; what has none is a point. */
static void dump_looks(const struct grid *grid, struct buf *out)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        char letter[256] = { '.' };
        unsigned order[256], n = 0;

        for (unsigned y = 0; y < grid->height; y++) {
                size_t end = out->len;

                for (unsigned x = 0; x < grid->width; x++) {
                        unsigned look = cell_at(grid, x, y)->look;

                        if (!letter[look]) {
                                letter[look] = n < sizeof(letters) - 1 ? letters[n] : '?';
                                order[n++] = look;
                        }
                        buf_byte(out, letter[look]);
                        if (look)
                                end = out->len;
                }
                out->len = end;
                buf_byte(out, '\n');
        }
        for (unsigned i = 0; i < n; i++) {
                buf_printf(out, "%c: ", letter[order[i]]);
                dump_look_name(order[i], out);
                buf_byte(out, '\n');
        }
}

void grid_dump(const struct grid *grid, bool looks, struct buf *out)
{
        dump_lines(grid, out);
        if (looks)
                dump_looks(grid, out);
}
