/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_DETAIL_H
#define TUI_DETAIL_H

/*
 * The essence of a page in few lines: what the detail pane shows unless a view knows
 * better. The most telling comes first, since the pane may be low. Lines in display form, of at
 * most `width` columns.
 */
#include "tui/ui.h"

void detail_ghost(const struct ui *ui, const struct ghost *ghost, unsigned width, struct buf *out);

/* Of whatever the subject is; nothing of what is no object or process. */
void detail_subject(const struct ui *ui, struct subject subject, unsigned width, struct buf *out);

/* Its name and what it is: "shm:7 System V shared memory". */
void detail_title(const struct ui *ui, struct subject subject, struct buf *out);

#endif
