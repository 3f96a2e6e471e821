/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_DIALOG_PRIVATE_H
#define TUI_DIALOG_PRIVATE_H

/* What the files of the dialogs share, and nobody else calls. */
#include "tui/box.h"

/* dialog-progress.c: how an order goes. Closing it does not end the order. */
struct dialog *progress_new(const struct ui *ui, const struct order *order);

/* A dialog whose first members are these: most of what a class needs. */
struct box_dialog {
        struct dialog dialog;
        struct box box;
};

/* Sets the title, from translated text; escaped here, as references may be in it. */
void dialog_title(const struct ui *ui, struct box *box, struct text text);

/* Draws a struct box_dialog. */
void dialog_draw_box(const struct ui *ui, const struct dialog *dialog, struct grid *grid);

#endif
