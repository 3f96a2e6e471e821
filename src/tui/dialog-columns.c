/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns a view has: those of now first, in their order, then all others that its kinds have. */
#include "base/i18n.h"
#include "base/memory.h"
#include "tui/dialog-private.h"

#include <stdlib.h>

enum { NAME_COLUMNS = 20, NAME_NARROW = 12, NARROW = 50 };

struct choice {
        uint16_t id;
        bool on;
};

struct choosing {
        struct box_dialog shown;
        const struct view *view;
        struct choice *choices;
        size_t n;
        bool usual;                     /* back to what the view has by itself */
        unsigned cancel, apply;
};

static const char *column_name(uint16_t id)
{
        return id == COLUMN_ACTIVITY ? "activity" : field_get(id)->name;
}

static const char *column_help(uint16_t id)
{
        return id == COLUMN_ACTIVITY ? N_("how much it was used lately, as a line") : field_get(id)->help;
}

static void fill(const struct ui *ui, const struct dialog *dialog, struct box_text *text)
{
        const struct choosing *choosing = (const struct choosing *)dialog;
        int columns = text->width < NARROW ? NAME_NARROW : NAME_COLUMNS;
        struct buf line = { 0 };

        (void)ui;
        for (size_t i = 0; i < choosing->n; i++) {
                const struct choice *choice = &choosing->choices[i];

                buf_clear(&line);
                buf_printf(&line, "[%c] %-*s  %s", choice->on ? 'x' : ' ', columns, column_name(choice->id),
                           _(column_help(choice->id)));
                box_add_choice(text, choice->on ? LOOK_BOLD : 0, buf_text(&line));
        }
        buf_done(&line);
}

static bool has(const struct choosing *choosing, uint16_t id)
{
        for (size_t i = 0; i < choosing->n; i++)
                if (choosing->choices[i].id == id)
                        return true;
        return false;
}

static void add(struct choosing *choosing, uint16_t id, bool on)
{
        if (has(choosing, id))
                return;
        choosing->choices = memory_resize(choosing->choices, choosing->n + 1, sizeof(*choosing->choices));
        choosing->choices[choosing->n++] = (struct choice){ id, on };
}

static void find_columns(const struct ui *ui, struct choosing *choosing)
{
        const struct level *level = ui_level(ui);
        const struct kind_set *set = ui->scene->snapshot->kinds;
        uint64_t kinds = view_shown_kinds(ui, level);
        struct view_column columns[COLUMNS_MOST];
        unsigned n = level->view->columns(ui, level, columns);

        choosing->n = 0;
        /* Those of the view's own are always there. */
        for (unsigned i = 0; i < n; i++)
                if (columns[i].id <= COLUMN_ACTIVITY)
                        add(choosing, columns[i].id, true);
        add(choosing, COLUMN_ACTIVITY, false);
        for (uint16_t field = 0; field < FIELD_COUNT; field++)
                for (unsigned i = 0; i < set->nkinds; i++)
                        if (kinds >> i & 1 && kind_has_field(set->kinds[i], field)) {
                                add(choosing, field, false);
                                break;
                        }
}

static unsigned count_on(const struct choosing *choosing)
{
        unsigned n = 0;

        for (size_t i = 0; i < choosing->n; i++)
                n += choosing->choices[i].on;
        return n;
}

/* What was touched is meant: Enter applies it. */
static void changed(struct ui *ui, struct choosing *choosing)
{
        choosing->usual = false;
        box_focus(&choosing->shown.box, choosing->apply);
        box_refill(ui, &choosing->shown.dialog, &choosing->shown.box);
}

static void turn(struct ui *ui, struct choosing *choosing)
{
        struct choice *choice = &choosing->choices[choosing->shown.box.at];

        if (!choice->on && count_on(choosing) == COLUMNS_MOST) {
                ui_message(ui, STYLE_WARN, _("too many columns"));
                return;
        }
        choice->on = !choice->on;
        changed(ui, choosing);
}

static void shift(struct ui *ui, struct choosing *choosing, long by)
{
        long at = choosing->shown.box.at, to = at + by;
        struct choice choice;

        if (to < 0 || to >= (long)choosing->n)
                return;
        choice = choosing->choices[at];
        choosing->choices[at] = choosing->choices[to];
        choosing->choices[to] = choice;
        changed(ui, choosing);
        box_choose(ui, &choosing->shown.box, to);
}

/* The usual columns, as far as can be seen without applying them. */
static void reset(struct ui *ui, struct choosing *choosing)
{
        struct view_settings *settings = ui_settings(ui, choosing->view);
        unsigned n = settings->ncolumns;

        settings->ncolumns = 0;
        find_columns(ui, choosing);
        settings->ncolumns = n;
        changed(ui, choosing);
        choosing->usual = true;
}

static bool apply(struct ui *ui, struct choosing *choosing)
{
        struct view_settings *settings = ui_settings(ui, choosing->view);
        unsigned n = 0;

        if (!choosing->usual && count_on(choosing) == 0) {
                ui_message(ui, STYLE_WARN, _("at least one column; r brings the usual ones back"));
                return true;
        }
        for (size_t i = 0; !choosing->usual && i < choosing->n; i++)
                if (choosing->choices[i].on)
                        settings->columns[n++] = choosing->choices[i].id;
        settings->ncolumns = n;
        ui->stale = true;
        return false;
}

static bool key(struct ui *ui, struct dialog *dialog, const struct input *input)
{
        struct choosing *choosing = (struct choosing *)dialog;
        struct box *box = &choosing->shown.box;
        unsigned control = 0;

        if (input->key == 'r') {
                reset(ui, choosing);
                return true;
        }
        if (box->at >= 0 && input->key == ' ') {
                turn(ui, choosing);
                return true;
        }
        if (box->at >= 0 && (input->key == '<' || input->key == '>')) {
                shift(ui, choosing, input->key == '<' ? -1 : 1);
                return true;
        }
        switch (box_key(ui, dialog, box, input, &control)) {
        case BOX_CANCEL:
                return false;
        case BOX_PRESS:
                return control == choosing->apply && apply(ui, choosing);
        case BOX_CHANGE:
        case BOX_NONE:
                break;
        }
        return true;
}

static void choosing_free(struct dialog *dialog)
{
        struct choosing *choosing = (struct choosing *)dialog;

        box_done(&choosing->shown.box);
        free(choosing->choices);
        free(choosing);
}

static const struct dialog_class choosing_class = {
        .name = "columns", .key = key, .draw = dialog_draw_box, .free = choosing_free,
};

void dialog_columns(struct ui *ui)
{
        const struct level *level = ui_level(ui);
        struct choosing *choosing;
        struct box *box;

        if (!ui->scene || !(level->view->flags & VIEW_OBJECTS)) {
                ui_message(ui, STYLE_WARN, _("the columns of this view can't be chosen"));
                return;
        }
        choosing = memory_new(sizeof(*choosing));
        choosing->shown.dialog.class = &choosing_class;
        choosing->view = level->view;
        find_columns(ui, choosing);
        box = &choosing->shown.box;
        box->want = 90;
        box->fill = fill;
        choosing->cancel = box_control(box, CONTROL_BUTTON, _("Cancel"));
        choosing->apply = box_control(box, CONTROL_BUTTON, _("Apply"));
        dialog_title(ui, box, text_of(_("Columns: Space chooses, < > move, r resets")));
        box_refill(ui, &choosing->shown.dialog, box);
        box_choose(ui, box, 0);
        dialog_open(ui, &choosing->shown.dialog);
}
