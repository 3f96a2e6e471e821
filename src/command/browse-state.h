/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_BROWSE_STATE_H
#define COMMAND_BROWSE_STATE_H

/*
 * What the browser remembers from one run to the next: order and columns of
 * views, the detail pane, the interval, what was typed. In a file of its own in the state
 * directory; ipcview.conf, which people write, is never written.
 */
#include "tui/ui.h"

/*
 * From the file into a ui that was just made. There is none: this is the first run. What is
 * damaged, or may have been written by others, is passed over as a whole, and told by ui_message().
 * Nothing with options.fixed.
 */
void browse_state_load(struct ui *ui);

/*
 * Into the file. Not with options.readonly, recorded, fixed; not below directories that belong to
 * another user (sudo with the home of who called it). What can't be written is lost: that is no fault worth telling.
 */
void browse_state_save(const struct ui *ui);

/* The text of the file, to and from; load: 0, or -EINVAL and nothing changed. */
void browse_state_write(const struct ui *ui, struct buf *out);
int browse_state_read(struct ui *ui, struct text text);

#endif
