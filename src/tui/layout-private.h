/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_LAYOUT_PRIVATE_H
#define TUI_LAYOUT_PRIVATE_H

/* What the files of the layout share. */
#include "tui/layout.h"
#include "tui/needle.h"

enum { ROWS_LEAST = 6, WIDTH_BESIDE = 110 };

/* --- a line that is written from the left or from the right */
struct pen {
        struct grid *grid;
        unsigned x, y, end;             /* free are the columns from x up to, without, end */
};

void pen_put(struct pen *pen, struct text text, unsigned look);
void pen_string(struct pen *pen, const char *string, unsigned look);
/* At the right end of what is free; nothing, if it does not fit there as a whole. */
bool pen_put_right(struct pen *pen, struct text text, unsigned look);

/*
 * Marks what is searched for in a text that was written at a place, where it has `room` columns; the first
 * `skip` columns of it are scrolled out to the left.
 */
void layout_mark_matches(const struct needle *needle, struct text text, unsigned skip, struct grid *grid, unsigned x,
                         unsigned y, unsigned room);

/* --- layout-head.c */
void layout_draw_title(const struct ui *ui, const struct layout *layout, struct grid *grid);
/* Are there limits with a use to tell? */
bool layout_has_gauges(const struct ui *ui);
void layout_draw_gauges(const struct ui *ui, const struct layout *layout, struct grid *grid);
void layout_draw_crumbs(const struct ui *ui, const struct layout *layout, struct grid *grid);

/* --- layout-tabs.c */
void layout_draw_tabs(const struct ui *ui, const struct layout *layout, struct grid *grid);
/* The tab at a column, or NULL. */
const struct view *layout_tab_at(const struct ui *ui, unsigned x);

/* --- layout-table.c: heading and rows */
void layout_draw_table(const struct ui *ui, const struct layout *layout, struct grid *grid);
/* The id of the column whose heading is there; false: none. */
bool layout_column_at(const struct ui *ui, const struct layout *layout, unsigned x, uint16_t *ret);

/* --- layout-page.c: text that scrolls, and lines that take the whole width of a table */
void layout_draw_page(const struct ui *ui, const struct layout *layout, struct grid *grid);
void layout_draw_line(const struct ui *ui, const struct layout *layout, const struct row_item *item, unsigned y,
                      struct grid *grid);

/* Instead of rows: why there are none. */
void layout_draw_nothing(const struct ui *ui, const struct layout *layout, struct grid *grid);

/* --- layout-pane.c */
void layout_draw_pane(const struct ui *ui, const struct layout *layout, struct grid *grid);

/* --- layout-foot.c */
void layout_draw_footer(const struct ui *ui, const struct layout *layout, struct grid *grid);
enum action layout_hint_at(const struct ui *ui, unsigned x);

#endif
