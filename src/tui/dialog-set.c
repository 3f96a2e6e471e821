/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other values for an object: a line for each field that can be given, edited in place, with what would change. */
#include "admin/assignments.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "output/change.h"
#include "tui/dialog-private.h"
#include "tui/paste.h"

#include <stdlib.h>

enum { LINES_MOST = 1000, VALUE_MOST = 64 };

/* Columns; the narrow ones where the box is narrower than NARROW. */
enum { NAME_WIDE = 14, NAME_NARROW = 10, VALUE_WIDE = 14, VALUE_NARROW = 8, NARROW = 50 };

struct given {
        struct assignment place;        /* what it is about: field, number, word of a state */
        struct buf name;                /* "mode", "value[3]", "locked" */
        struct buf before, text;        /* as it is, and as it was typed */
        struct buf typed;               /* "mode=0600" */
        struct assignment assignment;   /* that, if it is right */
        struct parse_error error;       /* message: NULL: it is right */
};

struct setting {
        struct box_dialog shown;
        struct scene *scene;            /* kept */
        const struct object *object;
        struct given *given;
        size_t n;
        bool more;                      /* than there are lines */
        bool editing;                   /* the cursor is in a line */
        unsigned cancel, apply;
};

static bool is_changed(const struct given *given)
{
        return !text_equal(buf_text(&given->before), buf_text(&given->text));
}

static struct format plain_format(const struct ui *ui, const struct setting *setting)
{
        struct format format = ui_format(ui);

        format.snapshot = setting->scene->snapshot;
        format.bytes = true;            /* what is shown can be typed */
        return format;
}

/* --- what stands in it -------------------------------------------------------- */

/* Columns before the values. */
static unsigned name_columns(unsigned width)
{
        return (width < NARROW ? NAME_NARROW : NAME_WIDE) + 2;
}

static void add_line(const struct ui *ui, const struct setting *setting, const struct given *given,
                     struct box_text *text)
{
        const struct format format = plain_format(ui, setting);
        unsigned before = name_columns(text->width), look = STYLE_NONE, columns, value;
        struct buf line = { 0 };

        buf_printf(&line, "%-*s  ", (int)before - 2, given->name.data);
        buf_add(&line, buf_text(&given->text));
        columns = utf8_columns(buf_text(&line));
        if (is_changed(given)) {
                value = before + (text->width < NARROW ? VALUE_NARROW : VALUE_WIDE);
                buf_printf(&line, "%*s  ", columns < value ? (int)(value - columns) : 0, "");
                if (given->error.message) {
                        buf_string(&line, "! ");
                        buf_string(&line, _(given->error.message));
                } else {
                        change_put(setting->object, &given->assignment, NULL, &format, &line);
                }
                look = given->error.message ? STYLE_BAD : STYLE_GOOD | LOOK_BOLD;
        }
        box_add_choice(text, look, buf_text(&line));
        buf_done(&line);
}

static void fill(const struct ui *ui, const struct dialog *dialog, struct box_text *text)
{
        const struct setting *setting = (const struct setting *)dialog;

        for (size_t i = 0; i < setting->n; i++)
                add_line(ui, setting, &setting->given[i], text);
        if (setting->more)
                box_add(text, LOOK_DIM, 0, text_of(_("There are more: ipcview set changes any of them.")));
}

static void draw(const struct ui *ui, const struct dialog *dialog, struct grid *grid)
{
        const struct setting *setting = (const struct setting *)dialog;
        const struct box *box = &setting->shown.box;
        struct box_place place;
        unsigned x, y;

        box_draw(ui, dialog, box, grid);
        if (!setting->editing || box->at < 0 || (size_t)box->at >= setting->n ||
            !box_line_at(ui, box, (size_t)box->at, &x, &y))
                return;
        box_measure(ui, box, box->text.n, &place);
        grid->cursor = true;
        grid->cursor_x = x + name_columns(place.inner) + utf8_columns(buf_text(&setting->given[box->at].text));
        grid->cursor_y = y;
        if (grid->cursor_x >= grid->width)
                grid->cursor_x = grid->width ? grid->width - 1 : 0;
}

/* --- editing -------------------------------------------------------------------- */

static void read_line(struct setting *setting, struct given *given)
{
        struct assignments assignments = { .names = setting->scene->snapshot };

        given->error = (struct parse_error){ 0 };
        buf_clear(&given->typed);
        buf_printf(&given->typed, "%s=", given->name.data);
        buf_add(&given->typed, buf_text(&given->text));
        if (is_changed(given) && assignments_add(&assignments, NULL, given->typed.data, &given->error) == 0)
                given->assignment = assignments.list[0];
        assignments_done(&assignments);
}

/* Blanks are in no value. */
static bool is_typed(uint32_t code)
{
        return code > ' ' && code < KEY_FIRST && utf8_width(code) > 0;
}

static void add_character(struct given *given, uint32_t code)
{
        char bytes[4];

        if (given->text.len < VALUE_MOST)
                buf_add(&given->text, (struct text){ bytes, utf8_encode(code, bytes) });
}

/* What is typed takes the place of what stands there, as of a selection; Backspace edits it. */
static void type_over(struct given *given)
{
        if (!is_changed(given))
                buf_clear(&given->text);
}

static void edited(struct setting *setting, struct given *given)
{
        setting->editing = true;
        box_focus(&setting->shown.box, NO_CONTROL);
        read_line(setting, given);
}

static bool type(struct setting *setting, uint32_t key)
{
        struct given *given = &setting->given[setting->shown.box.at];
        struct buf *text = &given->text;

        if (key == UI_KEY_BACKSPACE) {
                while (text->len && ((unsigned char)text->data[text->len - 1] & 0xc0) == 0x80)
                        text->len--;
                if (text->len)
                        text->len--;
                if (text->data)
                        text->data[text->len] = 0;
        } else if (key == ('u' & 0x1f)) {
                buf_clear(text);
        } else if (is_typed(key)) {
                type_over(given);
                add_character(given, key);
        } else {
                return false;
        }
        edited(setting, given);
        return true;
}

static bool paste(struct ui *ui, struct dialog *dialog, struct text text)
{
        struct setting *setting = (struct setting *)dialog;
        struct given *given;
        bool typed = false;
        uint32_t code;

        if (setting->shown.box.at < 0)
                return false;
        given = &setting->given[setting->shown.box.at];
        while (paste_next(&text, &code)) {
                if (!is_typed(code))
                        continue;
                if (!typed)
                        type_over(given);
                add_character(given, code);
                typed = true;
        }
        if (!typed)
                return false;
        edited(setting, given);
        box_refill(ui, dialog, &setting->shown.box);
        return true;
}

/* Is there something to apply, and all of it right? Else a message tells. */
static bool is_ready(struct ui *ui, const struct setting *setting)
{
        size_t changed = 0;

        for (size_t i = 0; i < setting->n; i++) {
                const struct given *given = &setting->given[i];

                if (!is_changed(given))
                        continue;
                if (given->error.message) {
                        ui_message(ui, STYLE_BAD, "%s: %s", given->name.data, _(given->error.message));
                        return false;
                }
                changed++;
        }
        if (!changed)
                ui_message(ui, STYLE_WARN, _("nothing was changed: type over a value"));
        return changed > 0;
}

static void agree(struct ui *ui, struct setting *setting)
{
        struct order *order = order_new(ORDER_SET, setting->scene);

        order->objects = memory_new(sizeof(*order->objects));
        order->objects[0] = setting->object;
        order->n = 1;
        order->assignments = ARENA_ARRAY(&order->arena, struct assignment, setting->n);
        order->typed = ARENA_ARRAY(&order->arena, const char *, setting->n);
        for (size_t i = 0; i < setting->n; i++) {
                struct given *given = &setting->given[i];

                if (!is_changed(given))
                        continue;
                order->assignments[order->nassignments] = given->assignment;
                order->typed[order->nassignments++] = arena_text(&order->arena, buf_text(&given->typed)).data;
        }
        dialog_order(ui, order);
}

static bool key(struct ui *ui, struct dialog *dialog, const struct input *input)
{
        struct setting *setting = (struct setting *)dialog;
        struct box *box = &setting->shown.box;
        unsigned control = 0;

        if (box->at >= 0 && type(setting, input->key)) {
                box_refill(ui, dialog, box);
                return true;
        }
        /* Enter behind a value leads to the button, not further. */
        if (setting->editing && input->key == UI_KEY_ENTER) {
                if (is_ready(ui, setting)) {
                        setting->editing = false;
                        box_focus(box, setting->apply);
                }
                return true;
        }
        if (setting->editing && (input->key == UI_KEY_TAB || input->key == UI_KEY_BACK_TAB)) {
                setting->editing = false;
                box_focus(box, setting->cancel);
                return true;
        }
        switch (box_key(ui, dialog, box, input, &control)) {
        case BOX_CANCEL:
                return false;
        case BOX_PRESS:
                if (control != setting->apply)
                        return false;
                if (is_ready(ui, setting))
                        agree(ui, setting);
                return true;
        case BOX_CHANGE:
        case BOX_NONE:
                break;
        }
        return true;
}

/* --- making it ------------------------------------------------------------------- */

static void add_given(const struct ui *ui, struct setting *setting, struct assignment place, const char *name)
{
        const struct format format = plain_format(ui, setting);
        struct given *given;

        if (setting->n == LINES_MOST) {
                setting->more = true;
                return;
        }
        setting->given = memory_resize(setting->given, setting->n + 1, sizeof(*setting->given));
        given = &setting->given[setting->n++];
        *given = (struct given){ .place = place };
        buf_string(&given->name, name);
        change_put_before(setting->object, &place, &format, &given->before);
        buf_add(&given->text, buf_text(&given->before));
}

static void add_semaphores(const struct ui *ui, struct setting *setting)
{
        const struct value *count = row_get(object_row(setting->object), FIELD_SEMAPHORE_COUNT);
        uint64_t n = count && count->type == VALUE_UINT ? count->u : 1;
        struct buf name = { 0 };

        for (uint64_t i = 0; i < n && !setting->more; i++) {
                buf_clear(&name);
                buf_printf(&name, "value[%llu]", (unsigned long long)i);
                add_given(ui, setting, (struct assignment){ .value = { .field = FIELD_VALUE }, .number = i },
                          name.data);
        }
        buf_done(&name);
}

static void add_fields(const struct ui *ui, struct setting *setting)
{
        const struct acts *acts = setting->object->key.kind->acts;

        for (unsigned i = 0; i < acts->nsettable; i++) {
                struct assignment place = { .value = { .field = acts->settable[i] } };

                switch (acts->settable[i]) {
                case FIELD_VALUE:
                        add_semaphores(ui, setting);
                        break;
                case FIELD_STATE:
                        place.clear = WORD_BIT(STATE_LOCKED);
                        add_given(ui, setting, place, field_get(FIELD_STATE)->words->words[STATE_LOCKED]);
                        break;
                default:
                        add_given(ui, setting, place, field_get(place.value.field)->name);
                }
        }
}

static void setting_free(struct dialog *dialog)
{
        struct setting *setting = (struct setting *)dialog;

        for (size_t i = 0; i < setting->n; i++) {
                buf_done(&setting->given[i].name);
                buf_done(&setting->given[i].before);
                buf_done(&setting->given[i].text);
                buf_done(&setting->given[i].typed);
        }
        free(setting->given);
        box_done(&setting->shown.box);
        scene_drop(setting->scene);
        free(setting);
}

static const struct dialog_class setting_class = {
        .name = "set", .key = key, .paste = paste, .draw = draw, .free = setting_free,
};

/* Why nothing can be given to it; NULL: something can. Translated. */
static const char *obstacle(const struct object *object)
{
        if (!object)
                return _("there is no object to change here");
        if (object->foreign)
                return _("of another namespace: run ipcview there, by nsenter(1)");
        if (!object->key.kind->acts || !object->key.kind->acts->set || !object->key.kind->acts->nsettable)
                return _("nothing can be set of objects of this kind");
        return NULL;
}

void dialog_set(struct ui *ui)
{
        struct buf title = { 0 };
        const struct object *object;
        struct setting *setting;
        struct box *box;

        if (!dialog_may_act(ui) || !ui->scene)
                return;
        object = scene_object(ui->scene, ui_subject(ui));
        if (obstacle(object)) {
                ui_message(ui, STYLE_WARN, "%s", obstacle(object));
                return;
        }
        setting = memory_new(sizeof(*setting));
        setting->shown.dialog.class = &setting_class;
        setting->scene = scene_take(ui->scene);
        setting->object = object;
        add_fields(ui, setting);
        box = &setting->shown.box;
        box->want = 72;
        box->fill = fill;
        setting->cancel = box_control(box, CONTROL_BUTTON, _("Cancel"));
        setting->apply = box_control(box, CONTROL_BUTTON, _("Apply"));
        buf_printf(&title, _("Change %.*s"), (int)object->ref.len, object->ref.data);
        dialog_title(ui, box, buf_text(&title));
        buf_done(&title);
        box_refill(ui, &setting->shown.dialog, box);
        dialog_open(ui, &setting->shown.dialog);
}
