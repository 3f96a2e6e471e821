/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/dialog.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "tui/dialog-private.h"

void dialog_open(struct ui *ui, struct dialog *dialog)
{
        dialog_close(ui);
        ui->dialog = dialog;
}

void dialog_close(struct ui *ui)
{
        struct dialog *dialog = ui->dialog;

        ui->dialog = NULL;
        if (dialog)
                dialog->class->free(dialog);
}

void dialog_key(struct ui *ui, const struct input *input)
{
        struct dialog *dialog = ui->dialog;

        /* It may have opened another one in its place. */
        if (dialog && !dialog->class->key(ui, dialog, input) && ui->dialog == dialog)
                dialog_close(ui);
}

bool dialog_paste(struct ui *ui, struct text text)
{
        struct dialog *dialog = ui->dialog;

        return dialog && dialog->class->paste && dialog->class->paste(ui, dialog, text);
}

void dialog_draw(const struct ui *ui, struct grid *grid)
{
        if (ui->dialog)
                ui->dialog->class->draw(ui, ui->dialog, grid);
}

void dialog_scene(struct ui *ui)
{
        if (ui->dialog && ui->dialog->class->scene)
                ui->dialog->class->scene(ui, ui->dialog);
}

void dialog_title(const struct ui *ui, struct box *box, struct text text)
{
        buf_clear(&box->title);
        escape_display(&box->title, text, ui->options.utf8);
}

void dialog_draw_box(const struct ui *ui, const struct dialog *dialog, struct grid *grid)
{
        const struct box_dialog *shown = (const struct box_dialog *)dialog;

        box_draw(ui, dialog, &shown->box, grid);
}

bool dialog_may_act(struct ui *ui)
{
        if (ui->options.recorded)
                ui_message(ui, STYLE_WARN, _("this is a recording: nothing of it can be changed"));
        else if (ui->options.readonly)
                ui_message(ui, STYLE_WARN, _("nothing can be changed: --readonly"));
        else
                return true;
        return false;
}

void dialog_order(struct ui *ui, struct order *order)
{
        struct dialog *dialog;

        if (ui->nrequests == REQUESTS_MOST)
                ui_message(ui, STYLE_WARN, _("too much is waiting: nothing was done"));
        if (ui->nrequests == REQUESTS_MOST || !dialog_may_act(ui)) {
                order_free(order);
                dialog_close(ui);
                return;
        }
        order->number = ++ui->norders;
        ui->nrunning++;
        dialog = progress_new(ui, order);
        ui_request_order(ui, order);
        dialog_open(ui, dialog);
}

void ui_outcome(struct ui *ui, const struct outcome *outcome)
{
        if (outcome->last && ui->nrunning > 0)
                ui->nrunning--;
        if (!outcome->only_progress)
                ui_log(ui, outcome->style, buf_text(&outcome->command), buf_text(&outcome->result));
        if (ui->dialog && ui->dialog->class->outcome)
                ui->dialog->class->outcome(ui, ui->dialog, outcome);
        if (!outcome->last)
                return;
        /* The box may be closed, and closes itself where all went well. */
        ui_message(ui, outcome->style, "%s", buf_text(&outcome->result).data);
        /* What was done is seen at once. */
        ui_request(ui, REQUEST_REFRESH, TEXT(""), TEXT(""));
}
