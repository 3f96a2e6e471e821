/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of what is chosen: what, and where to. */
#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "output/removal.h"
#include "tui/dialog-private.h"

#include <stdlib.h>

struct saving {
        struct box_dialog shown;
        struct scene *scene;            /* kept */
        const struct object **objects;
        size_t n;
        unsigned drain, cancel, save;   /* controls */
};

/* N_(): why there is nothing to save of it; NULL: there is. */
static const char *no_copy(const struct object *object)
{
        const struct acts *acts = object->key.kind->acts;

        if (object->foreign)
                return N_("of another namespace: run ipcview there, by nsenter(1)");
        if (acts && acts->save)
                return NULL;
        return acts && acts->cannot_save ? acts->cannot_save : N_("objects of this kind have no contents to save");
}

/* Are there messages that can only be taken out? Where their number is not known, there may be. */
static bool needs_drain(const struct object *object)
{
        const struct acts *acts = object->key.kind->acts;
        const struct value *messages = row_get(object_row(object), FIELD_QUEUED_MESSAGES);

        return !no_copy(object) && acts->drains && messages && (messages->type == VALUE_UNKNOWN || messages->u > 0);
}

static bool any_needs_drain(const struct saving *saving)
{
        for (size_t i = 0; i < saving->n; i++)
                if (needs_drain(saving->objects[i]))
                        return true;
        return false;
}

static bool is_drained(const struct saving *saving)
{
        const struct control *drain = &saving->shown.box.controls[saving->drain];

        return drain->on && !drain->hidden;
}

static void add_object(const struct format *format, const struct object *object, bool drained, struct box_text *text)
{
        const char *why = no_copy(object);
        struct buf line = { 0 };

        buf_string(&line, why ? "- " : "+ ");
        buf_add(&line, object->ref);
        buf_string(&line, "  ");
        removal_put_size(object, format, &line);
        if (why)
                buf_printf(&line, "  %s", _(why));
        else if (needs_drain(object))
                buf_printf(&line, "  %s", drained ? _("its messages are taken out: it is empty then")
                                                  : _("its messages can only be taken out: choose that below"));
        box_add(text, why ? STYLE_WARN : STYLE_NONE, 4, buf_text(&line));
        buf_done(&line);
}

static void fill(const struct ui *ui, const struct dialog *dialog, struct box_text *text)
{
        const struct saving *saving = (const struct saving *)dialog;
        struct format format = ui_format(ui);
        struct buf line = { 0 };

        format.snapshot = saving->scene->snapshot;
        buf_string(&line, _("Copies are saved in "));
        escape_display(&line, text_of(ui->options.save_to), ui->options.utf8);
        box_add(text, LOOK_BOLD, 2, buf_text(&line));
        buf_done(&line);
        for (size_t i = 0; i < saving->n; i++)
                add_object(&format, saving->objects[i], is_drained(saving), text);
        box_add(text, LOOK_DIM, 0, is_drained(saving)
                ? text_of(_("The queues stay, without messages. ipcview restore brings copies back."))
                : text_of(_("The objects stay as they are. ipcview restore brings copies back.")));
}

static void agree(struct ui *ui, struct saving *saving)
{
        struct order *order = order_new(ORDER_SAVE, saving->scene);

        order->save_to = arena_text(&order->arena, text_of(ui->options.save_to)).data;
        order->drain = is_drained(saving);
        order->objects = saving->objects;
        saving->objects = NULL;
        for (size_t i = 0; i < saving->n; i++)
                if (!no_copy(order->objects[i]))
                        order->objects[order->n++] = order->objects[i];
        saving->n = 0;
        dialog_order(ui, order);
}

static bool key(struct ui *ui, struct dialog *dialog, const struct input *input)
{
        struct saving *saving = (struct saving *)dialog;
        unsigned control = 0;

        switch (box_key(ui, dialog, &saving->shown.box, input, &control)) {
        case BOX_CANCEL:
                return false;
        case BOX_PRESS:
                if (control != saving->save)
                        return false;
                agree(ui, saving);
                return true;
        case BOX_CHANGE:
                box_refill(ui, dialog, &saving->shown.box);
                return true;
        case BOX_NONE:
                break;
        }
        return true;
}

static void saving_free(struct dialog *dialog)
{
        struct saving *saving = (struct saving *)dialog;

        box_done(&saving->shown.box);
        free(saving->objects);
        scene_drop(saving->scene);
        free(saving);
}

static const struct dialog_class saving_class = {
        .name = "save", .key = key, .draw = dialog_draw_box, .free = saving_free,
};

void dialog_save(struct ui *ui)
{
        const struct object **objects;
        struct saving *saving;
        size_t n, can = 0;

        if (!dialog_may_act(ui) || !ui->scene)
                return;
        n = ui_chosen(ui, &objects);
        for (size_t i = 0; i < n; i++)
                can += !no_copy(objects[i]);
        if (!ui->options.save_to || can == 0) {
                ui_message(ui, STYLE_WARN, "%s", n == 0 ? _("there is no object to save here") :
                           !ui->options.save_to ? _("there is no home for copies") : _(no_copy(objects[0])));
                free(objects);
                return;
        }
        saving = memory_new(sizeof(*saving));
        saving->shown.dialog.class = &saving_class;
        saving->scene = scene_take(ui->scene);
        saving->objects = objects;
        saving->n = n;
        saving->shown.box.want = 76;
        saving->shown.box.at = NO_LINE;
        saving->shown.box.fill = fill;
        saving->drain = box_control(&saving->shown.box, CONTROL_TOGGLE, _("take messages out to save them"));
        saving->shown.box.controls[saving->drain].key = 'd';
        saving->shown.box.controls[saving->drain].hidden = !any_needs_drain(saving);
        saving->cancel = box_control(&saving->shown.box, CONTROL_BUTTON, _("Cancel"));
        saving->save = box_control(&saving->shown.box, CONTROL_BUTTON, _("Save"));
        dialog_title(ui, &saving->shown.box, text_of(_("Save copies?")));
        box_focus(&saving->shown.box, saving->cancel);
        box_refill(ui, &saving->shown.dialog, &saving->shown.box);
        dialog_open(ui, &saving->shown.dialog);
}
