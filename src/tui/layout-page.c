/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that scrolls; lines of text in a table; what is said where there are no rows. */
#include "base/i18n.h"
#include "base/utf8.h"
#include "tui/layout-private.h"

static unsigned line_look(const struct row_item *item)
{
        return item->type == ROW_HEADING ? STYLE_TITLE | LOOK_BOLD : item->style;
}

void layout_draw_line(const struct ui *ui, const struct layout *layout, const struct row_item *item, unsigned y,
                      struct grid *grid)
{
        unsigned x = item->type == ROW_HEADING ? 1 : GUTTER;

        grid_put_cut(grid, x, y, layout->body_width - x, *(const struct text *)item->thing, line_look(item), ALIGN_LEFT,
                     ui->options.utf8);
}

/* A page begins a column from the edge. What is scrolled out of it may end within a wide character. */
static void draw_page_line(const struct level *level, const struct row_item *item, const struct needle *needle,
                           unsigned room, unsigned y, struct grid *grid)
{
        struct text whole = *(const struct text *)item->thing, text = whole;
        unsigned cut = 0, x = 1;

        if (level->left > 0) {
                unsigned columns = utf8_columns(text);
                struct text head = utf8_cut(text, level->left, &cut);

                if (columns <= level->left)
                        return;
                if (cut < level->left) {
                        head = utf8_cut(text, level->left + 1, &cut);
                        x++;
                }
                text = text_from(text, head.len);
        }
        grid_put(grid, x, y, room - x, text, line_look(item));
        layout_mark_matches(needle, whole, level->left, grid, 1, y, room - 1);
}

void layout_draw_page(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        const struct level *level = ui_level(ui);
        struct needle needle;

        needle_make(&needle, ui_sought(ui));
        for (unsigned i = 0; i < layout->body_height && level->top + i < ui->rows.n; i++)
                draw_page_line(level, &ui->rows.items[level->top + i], &needle, layout->body_width, layout->body_y + i,
                               grid);
        needle_done(&needle);
        grid->cursor = true;
        grid->cursor_x = 0;
        grid->cursor_y = layout->body_y;
}

void layout_draw_nothing(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        const struct view_settings *settings = ui_settings(ui, ui_level(ui)->view);
        const char *text;

        if (!ui->scene)
                text = _("looking ...");
        else if (settings->filter)
                text = _("nothing matches the filter: \\ changes it");
        else if (!snapshot_complete(ui->scene->snapshot))
                text = _("nothing that is visible");
        else
                text = _("nothing here");
        grid_put(grid, GUTTER, layout->body_y, layout->body_width - GUTTER, text_of(text), STYLE_DIM);
        grid->cursor = true;
        grid->cursor_x = 0;
        grid->cursor_y = layout->body_y;
}
