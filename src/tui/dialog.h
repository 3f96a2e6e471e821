/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_DIALOG_H
#define TUI_DIALOG_H

/*
 * Boxes on top of a view that ask something. A dialog is a descriptor with
 * hooks and data of its own; while it is there it gets all keys. Cancel always has the focus
 * at first, and Esc cancels always.
 */
#include "tui/order.h"
#include "tui/ui.h"

struct dialog_class {
        const char *name;
        /* A key. False: the dialog is over (the ui closes it). */
        bool (*key)(struct ui *ui, struct dialog *dialog, const struct input *input);
        /* Text was pasted. False: there is no line for it. NULL: there never is. */
        bool (*paste)(struct ui *ui, struct dialog *dialog, struct text text);
        /* Draws it, box and all, on a frame that is drawn. */
        void (*draw)(const struct ui *ui, const struct dialog *dialog, struct grid *grid);
        void (*scene)(struct ui *ui, struct dialog *dialog);    /* ui->scene is a new one; NULL: no matter */
        void (*outcome)(struct ui *ui, struct dialog *dialog, const struct outcome *outcome);   /* or NULL */
        void (*free)(struct dialog *dialog);    /* the whole of it */
};

/* First member of each dialog's own struct. */
struct dialog {
        const struct dialog_class *class;
};

/* Opens it: takes it; one that is open is closed before. */
void dialog_open(struct ui *ui, struct dialog *dialog);
void dialog_close(struct ui *ui);

/* Keys, frames and new scenes go through here; nothing without a dialog. */
void dialog_key(struct ui *ui, const struct input *input);
bool dialog_paste(struct ui *ui, struct text text);     /* false: it goes nowhere */
void dialog_draw(const struct ui *ui, struct grid *grid);
void dialog_scene(struct ui *ui);

/* What actions open. Each tells by ui_message() why it can't. */
void dialog_remove(struct ui *ui);      /* what is chosen: plan, consent, typed count, with or without a copy */
void dialog_save(struct ui *ui);
void dialog_set(struct ui *ui);         /* the object of the row: a line for each settable field */
void dialog_signal(struct ui *ui);      /* the process of the row, or one of the holders of its object */
void dialog_columns(struct ui *ui);     /* which columns the view has */

/* May the browser be left at once? False: something is still being done, and now there is a dialog that asks. */
bool dialog_leave(struct ui *ui);

/* For dialogs: leaves the order as a request (takes it), and shows how it goes; closes the dialog that asks. */
void dialog_order(struct ui *ui, struct order *order);

/*
 * May anything be changed from here? Not with --readonly, and nothing of a recorded machine:
 * then a message tells. Every dialog that leaves an order asks at its beginning and at its end.
 */
bool dialog_may_act(struct ui *ui);

/* What came of an order, piece by piece: to the log, the message, the dialog that shows progress. */
void ui_outcome(struct ui *ui, const struct outcome *outcome);

#endif
