/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/layout.h"

#include "base/i18n.h"
#include "base/utf8.h"
#include "tui/dialog.h"
#include "tui/layout-private.h"

enum {
        WIDTH_ONE_LINE = 80,                    /* of gauges */
        BESIDE_LEAST = 40, BESIDE_MOST = 90, BELOW_LEAST = 3, BELOW_MOST = 14,
};

/* --- which line is what ---------------------------------------------------- */

/* Takes so many of the spare lines, if they are there. */
static unsigned take(unsigned *spare, unsigned lines)
{
        if (*spare < lines)
                return 0;
        *spare -= lines;
        return lines;
}

static bool has_heading(const struct ui *ui)
{
        const struct level *level = ui_level(ui);
        struct view_column columns[COLUMNS_MOST];
        unsigned n;

        if (level->view->flags & VIEW_SCROLLS)
                return false;
        if (!ui->scene)
                return true;
        n = level->view->columns(ui, level, columns);
        for (unsigned i = 0; i < n; i++)
                if (columns[i].column.title[0])
                        return true;
        return false;
}

static void measure_pane(const struct ui *ui, struct layout *layout)
{
        unsigned rest = layout->footer_y - layout->body_y, lines;

        if (!ui->detail || ui_level(ui)->view->flags & VIEW_SCROLLS)
                return;
        if (ui->width >= WIDTH_BESIDE) {
                unsigned width = ui->width * 2 / 5;

                width = width < BESIDE_LEAST ? BESIDE_LEAST : width > BESIDE_MOST ? BESIDE_MOST : width;
                layout->pane_width = width;
                layout->body_width = layout->pane_x = ui->width - width;
                layout->pane_y = layout->heading_y;
                layout->pane_height = layout->footer_y - layout->heading_y;
                return;
        }
        lines = rest * 2 / 5;
        lines = lines < BELOW_MOST ? lines : BELOW_MOST;
        if (rest < ROWS_LEAST + lines)
                lines = rest > ROWS_LEAST ? rest - ROWS_LEAST : 0;
        if (lines < BELOW_LEAST)
                return;
        layout->pane_width = ui->width;
        layout->pane_height = lines;
        layout->pane_y = layout->footer_y - lines;
        layout->body_height -= lines;
}

void layout_measure(const struct ui *ui, struct layout *ret)
{
        struct layout layout = { .body_width = ui->width };
        unsigned spare, y = 0, gauges = ui->width >= WIDTH_ONE_LINE ? 1 : 2;

        if (ui->width < WIDTH_LEAST || ui->height < HEIGHT_LEAST) {
                layout.too_small = true;
                layout.footer_y = ui->height > 0 ? ui->height - 1 : 0;
                layout.body_height = 1;
                *ret = layout;
                return;
        }

        /* What is dearest comes first; never at the expense of the least number of rows. */
        layout.heading_height = has_heading(ui);
        spare = ui->height - 1 - layout.heading_height;
        spare = spare > ROWS_LEAST ? spare - ROWS_LEAST : 0;
        layout.has_tabs = take(&spare, 1);
        layout.crumbs_height = take(&spare, 1);
        layout.has_title = take(&spare, 1);
        layout.gauges_height = layout_has_gauges(ui) && spare > gauges ? take(&spare, gauges) : 0;

        layout.title_y = y;
        y += layout.has_title;
        layout.gauges_y = y;
        y += layout.gauges_height;
        layout.tabs_y = y;
        y += layout.has_tabs;
        layout.crumbs_y = y;
        y += layout.crumbs_height;
        layout.heading_y = y;
        y += layout.heading_height;
        layout.body_y = y;
        layout.footer_y = ui->height - 1;
        layout.body_height = layout.footer_y - y;
        measure_pane(ui, &layout);
        *ret = layout;
}

/* --- pens ------------------------------------------------------------------ */

void pen_put(struct pen *pen, struct text text, unsigned look)
{
        if (pen->x < pen->end)
                pen->x += grid_put(pen->grid, pen->x, pen->y, pen->end - pen->x, text, look);
}

void pen_string(struct pen *pen, const char *string, unsigned look)
{
        pen_put(pen, text_of(string), look);
}

bool pen_put_right(struct pen *pen, struct text text, unsigned look)
{
        unsigned columns = utf8_columns(text);

        if (pen->x > pen->end || columns > pen->end - pen->x)
                return false;
        pen->end -= columns;
        grid_put(pen->grid, pen->end, pen->y, columns, text, look);
        return true;
}

/* --- matches --------------------------------------------------------------- */

static unsigned columns_before(struct text text, size_t at)
{
        return utf8_columns((struct text){ text.data, at });
}

void layout_mark_matches(const struct needle *needle, struct text text, unsigned skip, struct grid *grid, unsigned x,
                         unsigned y, unsigned room)
{
        unsigned end = skip + room;
        size_t at = 0, len;

        for (; needle_find(needle, text, at, &at, &len); at += len) {
                unsigned from = columns_before(text, at), to = columns_before(text, at + len);

                if (from >= end)
                        return;
                from = from > skip ? from : skip;
                to = to < end ? to : end;
                /* Also where there are no colours, and on the row of the cursor, which is reversed. */
                if (from < to)
                        grid_look(grid, x + from - skip, y, to - from, LOOK_UNDER | LOOK_BOLD);
        }
}

/* --- all of it ------------------------------------------------------------- */

void layout_draw(const struct ui *ui, struct grid *grid)
{
        struct layout layout;

        layout_measure(ui, &layout);
        grid_resize(grid, ui->width, ui->height);
        if (layout.too_small) {
                grid_put(grid, 0, 0, ui->width, text_of(_("too small")), STYLE_WARN);
                return;
        }
        layout_draw_title(ui, &layout, grid);
        layout_draw_gauges(ui, &layout, grid);
        layout_draw_tabs(ui, &layout, grid);
        layout_draw_crumbs(ui, &layout, grid);
        if (ui_level(ui)->view->flags & VIEW_SCROLLS)
                layout_draw_page(ui, &layout, grid);
        else if (ui->scene)
                layout_draw_table(ui, &layout, grid);
        if (ui->rows.n == 0)
                layout_draw_nothing(ui, &layout, grid);
        layout_draw_pane(ui, &layout, grid);
        layout_draw_footer(ui, &layout, grid);
        dialog_draw(ui, grid);
}

bool layout_draw_time(const struct ui *ui, struct grid *grid)
{
        struct layout layout;

        /* Rows may be due to go, a box may lie over the title. */
        if (ui->stale || ui->dialog || grid->width != ui->width || grid->height != ui->height)
                return false;
        layout_measure(ui, &layout);
        if (!layout.has_title)
                return true;
        grid_fill(grid, 0, layout.title_y, ui->width, ' ', 0);
        layout_draw_title(ui, &layout, grid);
        return true;
}

/* --- what is where --------------------------------------------------------- */

static void in_body(const struct ui *ui, const struct layout *layout, unsigned y, struct place *ret)
{
        size_t row = ui_level(ui)->top + (y - layout->body_y);

        if (y < layout->body_y + layout->body_height && row < ui->rows.n)
                *ret = (struct place){ .type = PLACE_ROW, .row = row };
}

static bool in_pane(const struct layout *layout, unsigned x, unsigned y)
{
        return layout->pane_height > 0 && x >= layout->pane_x && x - layout->pane_x < layout->pane_width &&
               y >= layout->pane_y && y - layout->pane_y < layout->pane_height;
}

void layout_at(const struct ui *ui, unsigned x, unsigned y, struct place *ret)
{
        struct layout layout;

        *ret = (struct place){ .type = PLACE_NOTHING };
        layout_measure(ui, &layout);
        if (layout.too_small || x >= ui->width || y >= ui->height)
                return;
        if (y == layout.footer_y) {
                ret->action = layout_hint_at(ui, x);
                ret->type = ret->action != ACTION_NONE ? PLACE_HINT : PLACE_NOTHING;
        } else if (in_pane(&layout, x, y)) {
                ret->type = PLACE_PANE;
        } else if (layout.has_tabs && y == layout.tabs_y) {
                ret->view = layout_tab_at(ui, x);
                ret->type = ret->view ? PLACE_TAB : PLACE_NOTHING;
        } else if (layout.heading_height > 0 && y == layout.heading_y) {
                if (layout_column_at(ui, &layout, x, &ret->column))
                        ret->type = PLACE_HEADING;
        } else if (y >= layout.body_y) {
                in_body(ui, &layout, y, ret);
        }
}
