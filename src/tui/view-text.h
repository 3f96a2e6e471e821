/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_VIEW_TEXT_H
#define TUI_VIEW_TEXT_H

/* What pages of text have in common: one column without a title, cells that are the lines. */
#include "tui/ui.h"

unsigned text_columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST]);
enum style text_cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                     const struct view_column *column, struct buf *out);

/* Columns that a page has for its lines. */
unsigned text_width(const struct ui *ui);

/*
 * The lines of a page, display form: sentences that are too long are wrapped, lines with columns are not; what begins
 * at the edge is a title.
 */
void text_fill(const struct ui *ui, struct text text, struct rows *rows);

#endif
