/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_UI_PRIVATE_H
#define TUI_UI_PRIVATE_H

/* What the files of the state share, and nobody else calls. */
#include "tui/ui.h"

/* --- ui-level.c */
void level_done(struct level *level);

/* --- ui-move.c: the cursor and what is scrolled */

/* After rows were filled: the row of the cursor's subject, or that which came to its place. */
void ui_bind_cursor(struct ui *ui);

/* Nothing beyond the last row, the cursor on the screen. */
void ui_scroll(struct ui *ui);

/* Puts the cursor on that row, or the nearest that can have it (of pages: scrolls there). */
void ui_move_to(struct ui *ui, size_t at);

/* One of the actions that move. */
void ui_move(struct ui *ui, enum action action);

/* Opens or closes all below a node of a tree; false: the row is none. */
bool ui_unfold_all(struct ui *ui);

/* --- ui.c, ui-act.c */

/*
 * How often it is refreshed: as asked for; less often where collecting takes more than a tenth of that, or
 * where nobody has pressed a key for long and it is more than a hundredth of a processor's time.
 */
unsigned ui_pace(const struct ui *ui);

/* Asks for another interval, and tells. */
void ui_interval(struct ui *ui, unsigned ms);

/* --- ui-mouse.c */
void ui_mouse(struct ui *ui, const struct input *input);

/* --- ui-search.c */

/* The prompt's text changed: to the first match from where it was opened. */
void ui_search_typed(struct ui *ui, bool grown);
void ui_search_accept(struct ui *ui);
void ui_search_cancel(struct ui *ui);
void ui_search_step(struct ui *ui, enum action action);

/* --- ui-table.c: sort, filter, columns, what is shown as text */

/* To the next or previous column (step 1 or -1), or none. */
void ui_sort_step(struct ui *ui, int step);
void ui_sort_turn(struct ui *ui);

/* By that column; once more: the other way round. */
void ui_sort_by(struct ui *ui, uint16_t column);

/* "FIELD[:desc]", "none". 0, or -EINVAL with *ret_error. */
int ui_sort_text(struct ui *ui, struct text text, struct parse_error *ret_error);

/* "a,b", "+c", "-d"; empty: the usual ones. 0, or -EINVAL with *ret_error. */
int ui_columns_text(struct ui *ui, struct text text, struct parse_error *ret_error);

/* Filters look at a snapshot's names and moment: read anew for another one. */
void ui_filters_renew(struct ui *ui);

/* All rows of the view as text, not only those on the screen. */
void ui_table_text(struct ui *ui, struct buf *out);

void settings_done(struct view_settings *settings);

/* --- ui-mark.c */
void ui_mark(struct ui *ui);
void ui_mark_all(struct ui *ui);
void ui_mark_none(struct ui *ui);

/* Marks of what is not there any more are forgotten. */
void ui_marks_renew(struct ui *ui);

#endif
