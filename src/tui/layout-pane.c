/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/i18n.h"
#include "base/utf8.h"
#include "tui/detail.h"
#include "tui/layout-private.h"

static void make_text(const struct ui *ui, const struct row_item *item, unsigned width, struct buf *out)
{
        const struct view *view = ui_level(ui)->view;

        if (view->detail)
                view->detail(ui, item, width, out);
        else
                detail_subject(ui, ui_subject(ui), width, out);
}

/* "-- shm:7 System V shared memory ------------- d closes --", as a line between table and pane. */
static void draw_title(const struct ui *ui, const struct layout *layout, struct text title, struct grid *grid)
{
        unsigned beside = layout->pane_x > 0, end = layout->pane_x + layout->pane_width - 1;
        struct pen pen = { grid, layout->pane_x + 1 + beside, layout->pane_y, end };
        unsigned hint = utf8_columns(text_of(_("d closes")));

        grid_fill(grid, layout->pane_x + beside, layout->pane_y, layout->pane_width - beside, '-', STYLE_DIM);
        if (title.len > 0) {
                pen_put(&pen, TEXT(" "), 0);
                pen.x += grid_put_cut(grid, pen.x, pen.y, pen.end - pen.x - 1, title, STYLE_TITLE | LOOK_BOLD,
                                      ALIGN_LEFT, ui->options.utf8);
                pen_put(&pen, TEXT(" "), 0);
        }
        if (pen.end > pen.x + hint + 4) {
                pen.end--;
                pen_put_right(&pen, TEXT(" "), 0);
                pen_put_right(&pen, text_of(_("d closes")), STYLE_DIM);
                pen_put_right(&pen, TEXT(" "), 0);
        }
}

void layout_draw_pane(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        const struct row_item *item = ui_row(ui);
        bool beside = layout->pane_x > 0;
        unsigned x = layout->pane_x + (beside ? 2 : 1), width = layout->pane_width - (beside ? 3 : 2), y;
        struct buf title = { 0 }, lines = { 0 };
        struct text rest, line;

        if (layout->pane_height == 0)
                return;
        if (item && ui->scene) {
                detail_title(ui, ui_subject(ui), &title);
                make_text(ui, item, width, &lines);
        }
        if (beside)
                for (y = 0; y < layout->pane_height; y++)
                        grid_put(grid, layout->pane_x, layout->pane_y + y, 1, TEXT("|"), STYLE_DIM);
        draw_title(ui, layout, buf_text(&title), grid);
        rest = buf_text(&lines);
        for (y = 1; y < layout->pane_height && text_split(&rest, '\n', &line); y++)
                grid_put_cut(grid, x, layout->pane_y + y, width, line, 0, ALIGN_LEFT, ui->options.utf8);
        buf_done(&title);
        buf_done(&lines);
}
