/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leaving while something is still being done: that would be left undone. */
#include "base/i18n.h"
#include "base/memory.h"
#include "tui/dialog-private.h"

#include <stdlib.h>

struct leaving {
        struct box_dialog shown;
        unsigned leave;
};

static void fill(const struct ui *ui, const struct dialog *dialog, struct box_text *text)
{
        (void)ui;
        (void)dialog;
        box_add(text, LOOK_BOLD, 0, text_of(_("What you asked for is still being done.")));
        box_add(text, 0, 0, text_of(_("If you leave now, a copy that is not complete is given up, its object stays, "
                                      "and what has not begun is not touched.")));
}

static bool key(struct ui *ui, struct dialog *dialog, const struct input *input)
{
        struct leaving *leaving = (struct leaving *)dialog;
        unsigned control = 0;

        switch (box_key(ui, dialog, &leaving->shown.box, input, &control)) {
        case BOX_CANCEL:
                return false;
        case BOX_PRESS:
                if (control == leaving->leave)
                        ui_request(ui, REQUEST_QUIT, TEXT(""), TEXT(""));
                return false;
        case BOX_CHANGE:
        case BOX_NONE:
                break;
        }
        return true;
}

/* All is done: there is nothing to ask any more, and what was asked for is done. */
static void outcome(struct ui *ui, struct dialog *dialog, const struct outcome *outcome)
{
        (void)dialog;
        (void)outcome;
        if (ui->nrunning == 0)
                dialog_close(ui);
}

static void leaving_free(struct dialog *dialog)
{
        struct leaving *leaving = (struct leaving *)dialog;

        box_done(&leaving->shown.box);
        free(leaving);
}

static const struct dialog_class leaving_class = {
        .name = "leave", .key = key, .draw = dialog_draw_box, .outcome = outcome, .free = leaving_free,
};

bool dialog_leave(struct ui *ui)
{
        struct leaving *leaving;
        struct box *box;

        if (ui->nrunning == 0)
                return true;
        leaving = memory_new(sizeof(*leaving));
        leaving->shown.dialog.class = &leaving_class;
        box = &leaving->shown.box;
        box->want = 60;
        box->at = NO_LINE;
        box->fill = fill;
        box_control(box, CONTROL_BUTTON, _("Stay"));
        leaving->leave = box_control(box, CONTROL_BUTTON, _("Leave"));
        dialog_title(ui, box, text_of(_("Leave?")));
        box_refill(ui, &leaving->shown.dialog, box);
        dialog_open(ui, &leaving->shown.dialog);
        return false;
}
