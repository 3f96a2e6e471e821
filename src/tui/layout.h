/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

/*
 * From the state to a grid of cells. Pure: nothing is changed but the grid.
 *
 *   title      host, namespace, rights, LIVE, age, clock
 *   gauges     limits as bars (where there is height for it)
 *   tabs
 *   crumbs     where one is, filter, how many, marked
 *   heading    of the columns
 *   body       rows
 *   pane       detail, below or at 110 columns and more beside the table
 *   footer     hints, message or prompt
 */
#include "tui/ui.h"

/* Which line is what. Height 0: there is none. */
struct layout {
        unsigned title_y;
        bool has_title;
        unsigned gauges_y, gauges_height;
        unsigned tabs_y;
        bool has_tabs;
        unsigned crumbs_y, crumbs_height;
        unsigned heading_y, heading_height;
        unsigned body_y, body_height, body_width;
        unsigned pane_x, pane_y, pane_width, pane_height;
        unsigned footer_y;
        bool too_small;
};

enum { GUTTER = 3 };                    /* columns before those of a table: cursor, mark, change */

/* From size, view and what is open; for movement by pages and for the mouse, too. */
void layout_measure(const struct ui *ui, struct layout *ret);

/* Draws the whole frame: of a ui that is settled. The grid gets the ui's size. */
void layout_draw(const struct ui *ui, struct grid *grid);

/*
 * Of the last frame, in which nothing but the time has changed since, only what shows it: the title. False, and
 * nothing done: it takes a whole frame.
 */
bool layout_draw_time(const struct ui *ui, struct grid *grid);

/* What is at a place of the screen: for the mouse. */
enum place_type { PLACE_NOTHING, PLACE_TAB, PLACE_HEADING, PLACE_ROW, PLACE_PANE, PLACE_HINT };
struct place {
        enum place_type type;
        const struct view *view;        /* PLACE_TAB */
        uint16_t column;                /* PLACE_HEADING: its id */
        size_t row;                     /* PLACE_ROW */
        enum action action;             /* PLACE_HINT */
};
void layout_at(const struct ui *ui, unsigned x, unsigned y, struct place *ret);

#endif
