/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removal: the plan of what was chosen, as it was seen when the key was pressed, and
 * consent. The screen behind it goes on; what is agreed to is what stands in the box.
 */
#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/number.h"
#include "output/removal.h"
#include "tui/dialog-private.h"

#include <stdlib.h>

enum {
        LOOKS_MOST = 400,               /* one at once after the other, at objects too new to be told from others */
        HOLDERS_LINES = 4,              /* of those who have an object */
};

struct removing {
        struct box_dialog shown;
        struct scene *scene;            /* kept: what is to be removed is of it */
        const struct object **objects;
        size_t n;
        struct plan plan;
        struct plan_options options;
        const char *save_to;            /* the ui's; NULL: there is no place for copies */
        unsigned looks;
        struct buf number_label;
        size_t unlisted;                /* of those that are marked: not among the rows that people see */
        unsigned force, protected, drain, number, cancel, remove, save;     /* controls */
};

/* --- what stands in it -------------------------------------------------------- */

/* The same object now: is it still what stands in the plan? NULL, or what became of it. */
static const char *news(const struct ui *ui, const struct removing *removing, const struct plan_row *row)
{
        const struct object *now;
        struct act act = { .object = row->object, .force = row->forced && row->used };

        if (ui->scene == removing->scene)
                return NULL;
        now = scene_object(ui->scene, subject_of_object(row->object));
        if (!now)
                return N_("gone meanwhile");
        if (row->chosen && act_check(&act, object_row(now)) < 0)
                return N_("changed meanwhile: it will be left as it is");
        return NULL;
}

static const char *plan_word(const struct plan_row *row)
{
        if (!row->chosen)
                /* TRANSLATORS: what happens to an object, with a sign before it */
                return _("- keep  ");
        return row->forced ? _("! remove") : _("x remove");
}

static unsigned widest_reference(const struct removing *removing, unsigned most)
{
        unsigned widest = 0;

        for (size_t i = 0; i < removing->plan.n; i++) {
                size_t len = removing->plan.rows[i].object->ref.len;

                if (len <= most && len > widest)
                        widest = (unsigned)len;
        }
        return widest;
}

/* "nobody has it; nginx[2011]": the decisive reason first, and who has it. */
static void put_why(const struct plan_row *row, const struct format *format, struct buf *out)
{
        for (unsigned i = 0; i < row->verdict.nreasons; i++) {
                buf_string(out, i ? "; " : "");
                removal_put_reason(&row->verdict.reasons[i], format->utf8, out);
        }
        if (row->object->nholds == 0)
                return;
        buf_string(out, out->len ? "; " : "");
        format_holders(out, row->object, format);
}

static void add_row(const struct ui *ui, const struct removing *removing, const struct plan_row *row, unsigned widest,
                    struct box_text *text)
{
        const struct value *owner = row_get(object_row(row->object), FIELD_OWNER);
        const struct format format = { .bytes = ui->options.format.bytes, .time = ui->options.format.time,
                                       .utf8 = ui->options.utf8, .most = text->width * HOLDERS_LINES,
                                       .snapshot = removing->scene->snapshot };
        unsigned look = (unsigned)(row->chosen && row->forced ? STYLE_BAD : removal_style(row->verdict.verdict));
        const char *happened = news(ui, removing, row);
        struct buf line = { 0 };

        buf_printf(&line, "%s  ", plan_word(row));
        buf_add(&line, row->object->ref);
        if (row->object->ref.len < widest)
                buf_printf(&line, "%*s", (int)(widest - row->object->ref.len), "");
        buf_printf(&line, "  %s  ", verdict_word(row->verdict.verdict));
        removal_put_size(row->object, &format, &line);
        if (owner) {
                buf_string(&line, "  ");
                format_value(&line, owner, &format);
                if (row->others)
                        buf_string(&line, _(", another user"));
        }
        box_add(text, look | (row->chosen ? LOOK_BOLD : 0), 4, buf_text(&line));
        buf_clear(&line);
        buf_string(&line, "    ");
        put_why(row, &format, &line);
        if (line.len > 4)
                box_add(text, row->chosen ? 0 : LOOK_DIM, 4, buf_text(&line));
        if (happened) {
                buf_clear(&line);
                buf_printf(&line, "    %s", _(happened));
                box_add(text, STYLE_WARN | LOOK_BOLD, 4, buf_text(&line));
        }
        buf_done(&line);
}

static void add_lines(struct box_text *text, unsigned look, struct text lines)
{
        struct text line;

        while (text_split(&lines, '\n', &line))
                box_add(text, look, 2, line);
}

/* So many can't be told from what takes their place. */
static size_t count_unsettled(const struct removing *removing)
{
        size_t unsettled = 0;

        for (size_t i = 0; i < removing->plan.n; i++)
                if (removing->plan.rows[i].chosen &&
                    !act_settled(removing->plan.rows[i].object, removing->scene->snapshot->origin.time))
                        unsettled++;
        return unsettled;
}

static void add_sums(const struct ui *ui, const struct removing *removing, struct box_text *text)
{
        const struct plan *plan = &removing->plan;
        const struct format format = ui_format(ui);
        size_t unsettled = count_unsettled(removing);
        struct buf line = { 0 };

        if (plan->nchosen)
                removal_put_sum(plan, &format, &line);
        else
                buf_string(&line, _("Nothing of this would be removed."));
        add_lines(text, LOOK_BOLD, buf_text(&line));
        buf_clear(&line);
        if (plan->nrefused)
                buf_printf(&line, P_("%zu object is kept.\n", "%zu objects are kept.\n", plan->nrefused),
                           plan->nrefused);
        if (plan->nforced)
                buf_printf(&line, P_("%zu of them is in use or protected.\n", "%zu of them are in use or protected.\n",
                                     plan->nforced), plan->nforced);
        if (plan->nothers)
                buf_printf(&line, P_("%zu of them belongs to another user.\n", "%zu of them belong to other users.\n",
                                     plan->nothers), plan->nothers);
        if (unsettled)
                buf_printf(&line, P_("%zu was made a moment ago, and is left as it is: wait for the next look\n",
                                     "%zu were made a moment ago, and are left as they are: wait for the next look\n",
                                     unsettled), unsettled);
        add_lines(text, STYLE_WARN, buf_text(&line));
        buf_done(&line);
}

/* A copy can be made of all that is removed? Else which one has none, and why: N_(). */
static const char *no_copy(const struct removing *removing)
{
        if (!removing->save_to)
                return N_("there is no home for copies");
        for (size_t i = 0; i < removing->plan.n; i++) {
                const struct plan_row *row = &removing->plan.rows[i];
                const struct acts *acts = row->object->key.kind->acts;

                if (row->chosen && !acts->save)
                        return acts->cannot_save ? acts->cannot_save
                                                 : N_("objects of this kind have no contents to save");
        }
        return NULL;
}

/* Marks are easily forgotten. */
static void add_unlisted(const struct removing *removing, struct box_text *text)
{
        const size_t n = removing->unlisted;
        struct buf line = { 0 };

        if (n == 0)
                return;
        buf_printf(&line, P_("%zu of them is not in this list: it was marked elsewhere, or is filtered out.",
                             "%zu of them are not in this list: they were marked elsewhere, or are filtered out.", n),
                   n);
        box_add(text, STYLE_WARN | LOOK_BOLD, 2, buf_text(&line));
        buf_done(&line);
}

static void fill(const struct ui *ui, const struct dialog *dialog, struct box_text *text)
{
        const struct removing *removing = (const struct removing *)dialog;
        unsigned widest = widest_reference(removing, text->width / 3);
        const char *why = no_copy(removing);
        struct buf lines = { 0 };

        add_sums(ui, removing, text);
        add_unlisted(removing, text);
        for (size_t i = 0; i < removing->plan.n; i++)
                add_row(ui, removing, &removing->plan.rows[i], widest, text);
        removal_put_consequences(&removing->plan, &lines);
        add_lines(text, 0, buf_text(&lines));
        buf_clear(&lines);
        if (removing->plan.nchosen == 0) {
                buf_done(&lines);
                return;
        }
        if (why) {
                buf_printf(&lines, _("No copy can be saved: %s."), _(why));
        } else {
                /* TRANSLATORS: behind it stands a path */
                buf_string(&lines, _("Copies are saved in "));
                escape_display(&lines, text_of(removing->save_to), ui->options.utf8);
        }
        box_add(text, LOOK_DIM, 2, buf_text(&lines));
        buf_done(&lines);
}

/* --- the plan ----------------------------------------------------------------- */

static bool any_used(const struct plan *plan)
{
        for (size_t i = 0; i < plan->n; i++)
                if (plan->rows[i].used && plan->rows[i].verdict.verdict != VERDICT_FOREIGN &&
                    plan->rows[i].verdict.verdict != VERDICT_IMPOSSIBLE)
                        return true;
        return false;
}

/* Plans anew: what was typed was for another plan. */
static void replan(const struct ui *ui, struct removing *removing)
{
        struct box *box = &removing->shown.box;
        struct buf title = { 0 };
        size_t n;

        removing->options.force = box->controls[removing->force].on;
        removing->options.protected = box->controls[removing->protected].on;
        plan_done(&removing->plan);
        plan_make(removing->scene->snapshot, removing->objects, removing->n, &removing->options, &removing->plan);
        n = removing->plan.nchosen;
        buf_clear(&box->controls[removing->number].text);
        box->controls[removing->force].hidden = !any_used(&removing->plan);
        box->controls[removing->protected].hidden = removing->plan.by_verdict[VERDICT_PROTECTED] == 0;
        box->controls[removing->drain].hidden = no_copy(removing) || removing->plan.messages == 0;
        box->controls[removing->number].hidden = !plan_needs_number(&removing->plan);
        box->controls[removing->remove].hidden = n == 0;
        box->controls[removing->save].hidden = n == 0 || no_copy(removing);
        if (box->controls[box->focus].hidden)
                box_focus(box, removing->cancel);
        buf_clear(&removing->number_label);
        buf_printf(&removing->number_label, P_("To remove %zu object, type this number:",
                                               "To remove %zu objects, type this number:", n), n);
        box->controls[removing->number].label = removing->number_label.data;
        if (removing->n == 1)
                buf_printf(&title, _("Remove %.*s?"), (int)removing->objects[0]->ref.len,
                           removing->objects[0]->ref.data);
        else
                buf_printf(&title, P_("Remove %zu object?", "Remove %zu objects?", removing->n), removing->n);
        dialog_title(ui, box, buf_text(&title));
        buf_done(&title);
        box_refill(ui, &removing->shown.dialog, box);
}

/* The objects of this scene, where they are still what was chosen; those that are gone stay out. */
static void renew_objects(const struct ui *ui, struct removing *removing)
{
        size_t kept = 0;

        for (size_t i = 0; i < removing->n; i++) {
                const struct object *now = scene_object(ui->scene, subject_of_object(removing->objects[i]));

                if (now)
                        removing->objects[kept++] = now;
        }
        removing->n = kept;
        scene_drop(removing->scene);
        removing->scene = scene_take(ui->scene);
}

/* As often as it takes, within bounds: also when the screen is paused. Behind these the usual looks have to do. */
static void look_soon(struct ui *ui, struct removing *removing)
{
        if (count_unsettled(removing) && removing->looks < LOOKS_MOST) {
                removing->looks++;
                ui_request(ui, REQUEST_REFRESH, TEXT(""), TEXT(""));
        }
}

/*
 * A new scene. What is chosen stays frozen, with one exception: objects so new that what
 * takes their place could look the same are looked at again, as rm does, before anybody has agreed.
 */
static void look_again(struct ui *ui, struct dialog *dialog)
{
        struct removing *removing = (struct removing *)dialog;

        if (count_unsettled(removing)) {
                renew_objects(ui, removing);
                if (removing->n == 0) {
                        ui_message(ui, STYLE_WARN, _("what was to be removed is gone"));
                        dialog_close(ui);
                        return;
                }
                /* Nobody agrees to what came into the box while the finger was on its way. */
                box_focus(&removing->shown.box, removing->cancel);
                replan(ui, removing);
                look_soon(ui, removing);
                return;
        }
        box_refill(ui, dialog, &removing->shown.box);
}

/* --- consent ------------------------------------------------------------------ */

static bool number_typed(struct ui *ui, struct removing *removing)
{
        const struct control *number = &removing->shown.box.controls[removing->number];
        uint64_t typed;

        if (!plan_needs_number(&removing->plan))
                return true;
        if (number_parse(buf_text(&number->text), UINT64_MAX, &typed) == 0 && typed == removing->plan.nchosen)
                return true;
        ui_message(ui, STYLE_WARN, number->text.len ? _("that is not the number: nothing was removed")
                                                    : _("type the number of objects first"));
        box_focus(&removing->shown.box, removing->number);
        return false;
}

static void agree(struct ui *ui, struct removing *removing, bool save)
{
        struct order *order;

        if (removing->plan.nchosen == 0 || !number_typed(ui, removing))
                return;
        order = order_new(ORDER_REMOVE, removing->scene);
        order->plan = removing->plan;
        removing->plan = (struct plan){ 0 };
        if (save) {
                order->save_to = arena_text(&order->arena, text_of(removing->save_to)).data;
                order->drain = removing->shown.box.controls[removing->drain].on &&
                               !removing->shown.box.controls[removing->drain].hidden;
        }
        dialog_order(ui, order);
}

static bool key(struct ui *ui, struct dialog *dialog, const struct input *input)
{
        struct removing *removing = (struct removing *)dialog;
        struct box *box = &removing->shown.box;
        unsigned control = 0;

        switch (box_key(ui, dialog, box, input, &control)) {
        case BOX_CANCEL:
                return false;
        case BOX_CHANGE:
                if (control != removing->number && control != removing->drain)
                        replan(ui, removing);
                return true;
        case BOX_PRESS:
                if (control == removing->cancel)
                        return false;
                /* Enter behind the number leads to the button, not further. */
                if (control == removing->number && number_typed(ui, removing))
                        box_focus(box, removing->remove);
                else if (control == removing->remove || control == removing->save)
                        agree(ui, removing, control == removing->save);
                return true;
        case BOX_NONE:
                break;
        }
        return true;
}

static void removing_free(struct dialog *dialog)
{
        struct removing *removing = (struct removing *)dialog;

        plan_done(&removing->plan);
        box_done(&removing->shown.box);
        buf_done(&removing->number_label);
        free(removing->objects);
        scene_drop(removing->scene);
        free(removing);
}

static const struct dialog_class removing_class = {
        .name = "remove", .key = key, .draw = dialog_draw_box, .scene = look_again, .free = removing_free,
};

static struct removing *removing_new(const struct ui *ui)
{
        struct removing *removing = memory_new(sizeof(*removing));
        struct box *box = &removing->shown.box;

        removing->shown.dialog.class = &removing_class;
        removing->scene = scene_take(ui->scene);
        removing->options.protections = ui->options.protections;
        removing->save_to = ui->options.save_to;
        box->want = 76;
        box->at = NO_LINE;
        box->fill = fill;
        removing->force = box_control(box, CONTROL_TOGGLE, _("force: what is in use or unknown, too"));
        box->controls[removing->force].key = 'f';
        removing->protected = box_control(box, CONTROL_TOGGLE, _("what is protected, too"));
        box->controls[removing->protected].key = 'p';
        removing->drain = box_control(box, CONTROL_TOGGLE, _("take messages out to save them"));
        box->controls[removing->drain].key = 'd';
        removing->number = box_control(box, CONTROL_NUMBER, "");
        removing->cancel = box_control(box, CONTROL_BUTTON, _("Cancel"));
        removing->remove = box_control(box, CONTROL_BUTTON, _("Remove"));
        removing->save = box_control(box, CONTROL_BUTTON, _("Save and remove"));
        box_focus(box, removing->cancel);
        return removing;
}

static size_t count_unlisted(const struct ui *ui, size_t n)
{
        size_t listed = 0;

        for (size_t i = 0; i < ui->rows.n; i++)
                listed += ui->rows.items[i].type == ROW_OBJECT && ui_marked(ui, ui->rows.items[i].subject);
        return ui->marks.used > 0 && ui_level(ui)->view->flags & VIEW_OBJECTS && listed < n ? n - listed : 0;
}

void dialog_remove(struct ui *ui)
{
        const struct object **objects;
        struct removing *removing;
        size_t n;

        if (!dialog_may_act(ui) || !ui->scene)
                return;
        n = ui_chosen(ui, &objects);
        if (n == 0) {
                ui_message(ui, STYLE_WARN, _("there is no object to remove here"));
                free(objects);
                return;
        }
        removing = removing_new(ui);
        removing->objects = objects;
        removing->n = n;
        removing->unlisted = count_unlisted(ui, n);
        replan(ui, removing);
        look_soon(ui, removing);
        dialog_open(ui, &removing->shown.dialog);
}
