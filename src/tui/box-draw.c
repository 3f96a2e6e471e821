/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the parts of a box are, and how they look. */
#include "tui/box.h"

#include "base/i18n.h"
#include "base/utf8.h"

enum {
        FRAME = 2,                      /* columns on each side: the line, and a blank or the mark of the choice */
        ROOM_ABOVE = 2,                 /* lines that are left of the view where the screen is high enough */
        HIGH = 20,
        BETWEEN = 2,                    /* columns between controls */
        WIDTH_WANTED = 30, HEIGHT_WANTED = 6,
};

static unsigned control_width(const struct control *control)
{
        unsigned label = utf8_columns(text_of(control->label));

        switch (control->type) {
        case CONTROL_TOGGLE:
                return label + (control->key ? 8 : 4);
        case CONTROL_NUMBER:
                return label + 3 + NUMBER_MOST;
        case CONTROL_BUTTON:
                break;
        }
        return label + 4;
}

/* From the left, each type on lines of its own. Returns how many lines. */
static unsigned place_controls(const struct box *box, unsigned room, struct box_control_place *places)
{
        const struct control *before = NULL;
        unsigned x = 0, y = 0;

        for (unsigned i = 0; i < box->ncontrols; i++) {
                const struct control *control = &box->controls[i];
                unsigned width = control_width(control);

                if (control->hidden)
                        continue;
                if (width > room)
                        width = room;
                if (before && (before->type != control->type || x + BETWEEN + width > room)) {
                        y++;
                        x = 0;
                } else if (before) {
                        x += BETWEEN;
                }
                places[i] = (struct box_control_place){ x, y, width };
                x += width;
                before = control;
        }
        return before ? y + 1 : 0;
}

void box_measure(const struct ui *ui, const struct box *box, size_t nlines, struct box_place *ret)
{
        unsigned lines, most, spare = ui->height >= HIGH ? ROOM_ABOVE * 2 : 0, around;

        *ret = (struct box_place){ .width = box->want + 2 * FRAME };
        if (ret->width > ui->width)
                ret->width = ui->width;
        ret->inner = ret->width > 2 * FRAME ? ret->width - 2 * FRAME : 1;
        lines = place_controls(box, ret->inner, ret->controls);
        around = 2 + (lines ? lines + 1 : 0);
        ret->fits = ret->width >= WIDTH_WANTED && ui->height >= around + 1 && ui->height >= HEIGHT_WANTED;
        most = ui->height > around + spare ? ui->height - around - spare : 1;
        ret->text_height = nlines < most ? (unsigned)nlines : most;
        if (ret->text_height == 0)
                ret->text_height = 1;
        ret->height = ret->text_height + around;
        ret->x = (ui->width - ret->width) / 2;
        ret->y = ui->height > ret->height ? (ui->height - ret->height) / 2 : 0;
        ret->text_y = ret->y + 1;
        for (unsigned i = 0; i < box->ncontrols; i++) {
                ret->controls[i].x += ret->x + FRAME;
                ret->controls[i].y += ret->text_y + ret->text_height + 1;
        }
}

bool box_line_at(const struct ui *ui, const struct box *box, size_t line, unsigned *ret_x, unsigned *ret_y)
{
        struct box_place place;

        box_measure(ui, box, box->text.n, &place);
        if (!place.fits || line < box->top || line >= box->top + place.text_height)
                return false;
        *ret_x = place.x + FRAME;
        *ret_y = place.text_y + (unsigned)(line - box->top);
        return true;
}

/* --- the frame ---------------------------------------------------------------- */

struct border {
        const char *left, *middle, *right;
};

static void draw_rule(struct grid *grid, const struct box_place *place, unsigned y, const struct border *border)
{
        grid_put(grid, place->x, y, 1, text_of(border->left), 0);
        for (unsigned x = 1; x + 1 < place->width; x++)
                grid_put(grid, place->x + x, y, 1, text_of(border->middle), 0);
        grid_put(grid, place->x + place->width - 1, y, 1, text_of(border->right), 0);
}

static void draw_frame(const struct ui *ui, const struct box *box, const struct box_place *place, struct grid *grid)
{
        static const struct border ascii = { "+", "-", "+" }, top = { "\u250c", "\u2500", "\u2510" },
                                   bottom = { "\u2514", "\u2500", "\u2518" }, middle = { "\u251c", "\u2500", "\u2524" };
        bool utf8 = ui->options.utf8;
        const char *side = utf8 ? "\u2502" : "|";
        unsigned last = place->y + place->height - 1, rule = place->text_y + place->text_height;
        unsigned room = place->width > 2 * FRAME + 2 ? place->width - 2 * FRAME - 2 : 0, taken;

        for (unsigned y = place->y; y <= last; y++) {
                grid_fill(grid, place->x, y, place->width, ' ', 0);
                grid_put(grid, place->x, y, 1, text_of(side), 0);
                grid_put(grid, place->x + place->width - 1, y, 1, text_of(side), 0);
        }
        draw_rule(grid, place, place->y, utf8 ? &top : &ascii);
        draw_rule(grid, place, last, utf8 ? &bottom : &ascii);
        if (rule < last)
                draw_rule(grid, place, rule, utf8 ? &middle : &ascii);
        taken = grid_put_cut(grid, place->x + FRAME + 1, place->y, room, buf_text(&box->title), LOOK_BOLD, ALIGN_LEFT,
                             utf8);
        grid_put(grid, place->x + FRAME, place->y, 1, TEXT(" "), 0);
        grid_put(grid, place->x + FRAME + 1 + taken, place->y, 1, TEXT(" "), 0);
}

/* " 1-5 of 20 v" below the lines, where not all of them are seen. */
static void draw_position(const struct ui *ui, const struct box_place *place, size_t top, size_t n, struct grid *grid)
{
        unsigned y = place->text_y + place->text_height, columns;
        size_t end = top + place->text_height < n ? top + place->text_height : n;
        struct buf text = { 0 };

        if (n <= place->text_height)
                return;
        buf_byte(&text, ' ');
        /* TRANSLATORS: lines of a text that are seen: "1-5 of 20" */
        buf_printf(&text, _("%zu-%zu of %zu"), top + 1, end, n);
        if (ui->options.utf8)
                buf_printf(&text, " %s%s ", top > 0 ? "\u2191" : "", end < n ? "\u2193" : "");
        else
                buf_printf(&text, " %s%s ", top > 0 ? "^" : "", end < n ? "v" : "");
        columns = utf8_columns(buf_text(&text));
        if (columns + 2 * FRAME <= place->width)
                grid_put(grid, place->x + place->width - FRAME - columns, y, columns, buf_text(&text), LOOK_BOLD);
        buf_done(&text);
}

static void draw_control(const struct ui *ui, const struct box *box, unsigned i, const struct box_control_place *place,
                         struct grid *grid)
{
        const struct control *control = &box->controls[i];
        bool focus = box->focus == i;
        struct buf text = { 0 };

        switch (control->type) {
        case CONTROL_BUTTON:
                buf_printf(&text, focus ? "[>%s<]" : "[ %s ]", control->label);
                break;
        case CONTROL_TOGGLE:
                buf_printf(&text, "[%c] %s", control->on ? 'x' : ' ', control->label);
                if (control->key)
                        buf_printf(&text, " (%c)", control->key);
                break;
        case CONTROL_NUMBER:
                buf_printf(&text, "%s [%-*s]", control->label, NUMBER_MOST,
                           control->text.data ? control->text.data : "");
                break;
        }
        grid_put_cut(grid, place->x, place->y, place->width, buf_text(&text), focus ? LOOK_REVERSE | LOOK_BOLD : 0,
                     ALIGN_LEFT, ui->options.utf8);
        if (focus) {
                if (control->type != CONTROL_BUTTON)
                        grid_put(grid, place->x - 1, place->y, 1, TEXT(">"), LOOK_BOLD);
                grid->cursor = true;
                grid->cursor_x = place->x + (control->type == CONTROL_BUTTON ? 2 : 1);
                if (control->type == CONTROL_NUMBER)
                        grid->cursor_x = place->x + place->width - NUMBER_MOST - 1 + (unsigned)control->text.len;
                grid->cursor_y = place->y;
        }
        buf_done(&text);
}

static void draw_lines(const struct ui *ui, const struct box *box, const struct box_text *text,
                       const struct box_place *place, size_t top, struct grid *grid)
{
        for (unsigned i = 0; i < place->text_height && top + i < text->n; i++) {
                const struct box_line *line = &text->lines[top + i];
                bool chosen = box->at == (long)(top + i);
                unsigned y = place->text_y + i;

                grid_put_cut(grid, place->x + FRAME, y, place->inner, line->text, line->look, ALIGN_LEFT,
                             ui->options.utf8);
                if (chosen) {
                        grid_put(grid, place->x + 1, y, 1, TEXT(">"), LOOK_BOLD);
                        grid_look(grid, place->x + FRAME, y, place->inner, LOOK_REVERSE);
                }
        }
}

static void draw_too_small(const struct ui *ui, struct grid *grid)
{
        for (unsigned y = 0; y < ui->height; y++)
                grid_fill(grid, 0, y, ui->width, ' ', 0);
        grid_put_cut(grid, 0, 0, ui->width, text_of(_("Esc cancels: too small for this")), LOOK_BOLD, ALIGN_LEFT,
                     ui->options.utf8);
        grid->cursor = false;
}

void box_draw(const struct ui *ui, const struct dialog *dialog, const struct box *box, struct grid *grid)
{
        struct box_text other = { 0 };
        const struct box_text *text = &box->text;
        struct box_place place;
        size_t top = box->top, last;

        box_measure(ui, box, text->n, &place);
        if (!place.fits) {
                draw_too_small(ui, grid);
                return;
        }
        /* The size changed since the last key, or what stands in it. */
        if (place.inner != text->width) {
                box_fill(ui, dialog, box, &other);
                text = &other;
                box_measure(ui, box, text->n, &place);
        }
        last = text->n > place.text_height ? text->n - place.text_height : 0;
        if (top > last)
                top = last;
        draw_frame(ui, box, &place, grid);
        draw_lines(ui, box, text, &place, top, grid);
        draw_position(ui, &place, top, text->n, grid);
        grid->cursor = false;
        for (unsigned i = 0; i < box->ncontrols; i++)
                if (!box->controls[i].hidden)
                        draw_control(ui, box, i, &place.controls[i], grid);
        box_text_done(&other);
}
