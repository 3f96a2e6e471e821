/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_BOX_H
#define TUI_BOX_H

/*
 * What dialogs look like: a frame with a title, lines of text that scroll or
 * from which one is chosen, below them toggles, a field for a number, buttons. Private to the dialogs.
 *
 * Up, Down and the like belong to the lines; Tab, Left and Right to the
 * controls; Enter presses what has the focus; Esc, q and C-c cancel.
 */
#include "tui/dialog.h"

enum { CONTROLS_MOST = 8, NO_LINE = -1, NO_CONTROL = CONTROLS_MOST, NUMBER_MOST = 9 };

struct box_line {
        struct text text;               /* display form */
        unsigned look;
        bool heading;                   /* can't be chosen */
};

/* Lines, made for a width. */
struct box_text {
        struct arena arena;
        struct box_line *lines;
        size_t n, room;
        unsigned width;
};

enum control_type { CONTROL_BUTTON, CONTROL_TOGGLE, CONTROL_NUMBER };

struct control {
        enum control_type type;
        const char *label;              /* translated */
        char key;                       /* of a toggle: does the same from everywhere; 0: none */
        bool hidden;
        bool on;                        /* CONTROL_TOGGLE */
        struct buf text;                /* CONTROL_NUMBER: digits */
};

struct box {
        struct buf title;               /* display form */
        unsigned want;                  /* columns that its text would like */
        struct box_text text;
        /* Writes the lines anew; must not change the dialog. */
        void (*fill)(const struct ui *ui, const struct dialog *dialog, struct box_text *out);
        size_t top;                     /* the first line that is seen */
        long at;                        /* the line that is chosen; NO_LINE: they only scroll */
        struct control controls[CONTROLS_MOST];
        unsigned ncontrols, focus;
};

/* --- making it */

/* Appends lines: wrapped at blanks, the second and those after it `hang` columns to the right. */
void box_add(struct box_text *text, unsigned look, unsigned hang, struct text line);

/* One line, never wrapped: for lists of choices. */
void box_add_choice(struct box_text *text, unsigned look, struct text line);

/* Appends a control; its number. */
unsigned box_control(struct box *box, enum control_type type, const char *label);

/* Writes the lines for the present width: after they, or the ui, changed. */
void box_refill(const struct ui *ui, const struct dialog *dialog, struct box *box);
void box_done(struct box *box);

/* What stands in it changed, maybe many times before anybody looks: the lines are written when somebody does. */
void box_outdated(struct box *box);

/* Lines for another width than they were made for last. */
void box_fill(const struct ui *ui, const struct dialog *dialog, const struct box *box, struct box_text *text);
void box_text_done(struct box_text *text);

/* --- where it is: box-draw.c */

struct box_control_place {
        unsigned x, y, width;
};

struct box_place {
        bool fits;                      /* else there is only a line that says so, and only cancelling */
        unsigned x, y, width, height;   /* with the frame */
        unsigned inner;                 /* columns of the text */
        unsigned text_y, text_height;
        struct box_control_place controls[CONTROLS_MOST];
};

void box_measure(const struct ui *ui, const struct box *box, size_t nlines, struct box_place *ret);

/* --- using it */

enum box_event {
        BOX_NONE,
        BOX_CANCEL,
        BOX_PRESS,                      /* the control with the focus: a button; or Enter in the number */
        BOX_CHANGE,                     /* a toggle, or the number */
};

/* Carries out what keys mean for it; *ret_control with PRESS and CHANGE. */
enum box_event box_key(const struct ui *ui, const struct dialog *dialog, struct box *box, const struct input *input,
                       unsigned *ret_control);

/* NO_CONTROL: none has it, whoever edits a line. */
void box_focus(struct box *box, unsigned control);

/* Moves the choice, or scrolls, so that the line is chosen. */
void box_choose(const struct ui *ui, struct box *box, long line);

/* The screen place of a line, for a cursor in it; false: it is not seen. */
bool box_line_at(const struct ui *ui, const struct box *box, size_t line, unsigned *ret_x, unsigned *ret_y);

void box_draw(const struct ui *ui, const struct dialog *dialog, const struct box *box, struct grid *grid);

#endif
