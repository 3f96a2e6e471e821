/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/box.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { INDENT_MOST = 40, LINES_FIRST = 32 };

static void add_line(struct box_text *text, unsigned look, bool heading, struct text line)
{
        if (text->n == text->room) {
                text->room = text->room ? text->room * 2 : LINES_FIRST;
                text->lines = memory_resize(text->lines, text->room, sizeof(*text->lines));
        }
        text->lines[text->n++] = (struct box_line){ arena_text(&text->arena, line), look, heading };
}

/* The longest beginning that fits, at a blank where there is one; what is left begins behind the blank. */
static struct text cut_line(struct text *rest, unsigned width)
{
        unsigned columns;
        struct text piece = utf8_cut(*rest, width, &columns);
        const char *blank;

        if (piece.len == rest->len) {
                *rest = text_from(*rest, rest->len);
                return piece;
        }
        if (piece.len == 0) {
                /* Not even a character fits: there is no screen for that. */
                *rest = text_from(*rest, rest->len);
                return piece;
        }
        blank = rest->data[piece.len] == ' ' ? rest->data + piece.len : memrchr(piece.data, ' ', piece.len);
        /* A blank so far to the left is the indent, or would leave most of the line empty. */
        if (blank && (size_t)(blank - piece.data) * 2 > piece.len) {
                piece.len = (size_t)(blank - piece.data);
                *rest = text_from(*rest, piece.len + 1);
        } else {
                *rest = text_from(*rest, piece.len);
        }
        return piece;
}

void box_add(struct box_text *text, unsigned look, unsigned hang, struct text line)
{
        struct buf indented = { 0 };
        bool first = true;

        if (hang > INDENT_MOST || hang * 2 > text->width)
                hang = 0;
        do {
                struct text piece = cut_line(&line, first ? text->width : text->width - hang);

                buf_clear(&indented);
                if (!first)
                        buf_printf(&indented, "%*s", (int)hang, "");
                buf_add(&indented, piece);
                add_line(text, look, true, buf_text(&indented));
                first = false;
        } while (line.len);
        buf_done(&indented);
}

void box_add_choice(struct box_text *text, unsigned look, struct text line)
{
        add_line(text, look, false, line);
}

unsigned box_control(struct box *box, enum control_type type, const char *label)
{
        unsigned control = box->ncontrols++;

        box->controls[control] = (struct control){ .type = type, .label = label };
        return control;
}

void box_text_done(struct box_text *text)
{
        arena_done(&text->arena);
        free(text->lines);
        *text = (struct box_text){ 0 };
}

void box_fill(const struct ui *ui, const struct dialog *dialog, const struct box *box, struct box_text *text)
{
        struct box_place place;

        box_text_done(text);
        arena_init(&text->arena);
        box_measure(ui, box, 0, &place);
        text->width = place.inner;
        box->fill(ui, dialog, text);
}

static size_t last_top(const struct ui *ui, const struct box *box)
{
        struct box_place place;

        box_measure(ui, box, box->text.n, &place);
        return box->text.n > place.text_height ? box->text.n - place.text_height : 0;
}

void box_refill(const struct ui *ui, const struct dialog *dialog, struct box *box)
{
        size_t last;

        box_fill(ui, dialog, box, &box->text);
        last = last_top(ui, box);
        if (box->top > last)
                box->top = last;
        if (box->at != NO_LINE)
                box_choose(ui, box, box->at);
}

void box_outdated(struct box *box)
{
        box->text.width = 0;
}

void box_done(struct box *box)
{
        box_text_done(&box->text);
        buf_done(&box->title);
        for (unsigned i = 0; i < box->ncontrols; i++)
                buf_done(&box->controls[i].text);
}

/* --- choosing ------------------------------------------------------------- */

/* The nearest line at or behind it in that direction that can be chosen, else the nearest in the other; or NO_LINE. */
static long choosable(const struct box_text *text, long line, int step)
{
        long n = (long)text->n;

        if (line < 0)
                line = 0;
        if (line >= n)
                line = n - 1;
        for (long i = line; i >= 0 && i < n; i += step)
                if (!text->lines[i].heading)
                        return i;
        for (long i = line; i >= 0 && i < n; i -= step)
                if (!text->lines[i].heading)
                        return i;
        return NO_LINE;
}

static void choose(const struct ui *ui, struct box *box, long line, int step)
{
        struct box_place place;
        size_t at;

        box->at = choosable(&box->text, line, step);
        if (box->at == NO_LINE)
                return;
        at = (size_t)box->at;
        box_measure(ui, box, box->text.n, &place);
        /* What stands above the first choice is seen with it, as far as there is room. */
        if (choosable(&box->text, 0, 1) == box->at && at < place.text_height)
                box->top = 0;
        else if (at < box->top)
                box->top = at;
        else if (at >= box->top + place.text_height)
                box->top = at - place.text_height + 1;
}

void box_choose(const struct ui *ui, struct box *box, long line)
{
        choose(ui, box, line, 1);
}

static void scroll(const struct ui *ui, struct box *box, long by)
{
        long top = (long)box->top + by, last = (long)last_top(ui, box);

        box->top = (size_t)(top < 0 ? 0 : top > last ? last : top);
}

/* Keys that belong to the lines. */
static bool move(const struct ui *ui, struct box *box, uint32_t key)
{
        struct box_place place;
        long by;

        box_measure(ui, box, box->text.n, &place);
        switch (key) {
        case UI_KEY_UP:
        case 'k':             by = -1; break;
        case UI_KEY_DOWN:
        case 'j':             by = 1; break;
        case UI_KEY_PAGE_UP:  by = -(long)place.text_height; break;
        case UI_KEY_PAGE_DOWN: by = (long)place.text_height; break;
        case UI_KEY_HOME:     by = -(long)box->text.n; break;
        case UI_KEY_END:      by = (long)box->text.n; break;
        default:              return false;
        }
        if (box->at == NO_LINE)
                scroll(ui, box, by);
        else
                choose(ui, box, box->at + by, by < 0 ? -1 : 1);
        return true;
}

/* --- controls --------------------------------------------------------------- */

void box_focus(struct box *box, unsigned control)
{
        box->focus = control;
}

static void step_focus(struct box *box, int step)
{
        for (unsigned i = 0; i < box->ncontrols; i++) {
                box->focus = (box->focus + box->ncontrols + (unsigned)step) % box->ncontrols;
                if (!box->controls[box->focus].hidden)
                        return;
        }
}

static long find_control(const struct box *box, enum control_type type, uint32_t key)
{
        for (unsigned i = 0; i < box->ncontrols; i++) {
                const struct control *control = &box->controls[i];

                if (!control->hidden && control->type == type && (!key || (uint32_t)(unsigned char)control->key == key))
                        return i;
        }
        return -1;
}

static enum box_event press(struct box *box, unsigned control, unsigned *ret_control)
{
        struct control *pressed = &box->controls[control];

        *ret_control = box->focus = control;
        if (pressed->type != CONTROL_TOGGLE)
                return BOX_PRESS;
        pressed->on = !pressed->on;
        return BOX_CHANGE;
}

/* Digits go to the number from everywhere. */
static bool type_number(struct box *box, uint32_t key, unsigned *ret_control)
{
        long number = find_control(box, CONTROL_NUMBER, 0);
        struct buf *text;

        if (number < 0)
                return false;
        text = &box->controls[number].text;
        if (key >= '0' && key <= '9' && text->len < NUMBER_MOST)
                buf_byte(text, (char)key);
        else if (key == UI_KEY_BACKSPACE && text->len)
                text->data[--text->len] = 0;
        else
                return false;
        *ret_control = box->focus = (unsigned)number;
        return true;
}

static enum box_event mouse(const struct ui *ui, struct box *box, const struct input *input, unsigned *ret_control)
{
        struct box_place place;
        size_t line;

        if (input->mouse == MOUSE_WHEEL_UP || input->mouse == MOUSE_WHEEL_DOWN) {
                move(ui, box, input->mouse == MOUSE_WHEEL_UP ? UI_KEY_UP : UI_KEY_DOWN);
                return BOX_NONE;
        }
        if (input->mouse != MOUSE_CLICK && input->mouse != MOUSE_DOUBLE)
                return BOX_NONE;
        box_measure(ui, box, box->text.n, &place);
        for (unsigned i = 0; i < box->ncontrols; i++) {
                const struct box_control_place *control = &place.controls[i];

                if (!box->controls[i].hidden && input->y == control->y && input->x >= control->x &&
                    input->x < control->x + control->width)
                        return press(box, i, ret_control);
        }
        line = box->top + input->y - place.text_y;
        if (box->at != NO_LINE && input->y >= place.text_y && input->y < place.text_y + place.text_height &&
            line < box->text.n && !box->text.lines[line].heading)
                box_choose(ui, box, (long)line);
        return BOX_NONE;
}

enum box_event box_key(const struct ui *ui, const struct dialog *dialog, struct box *box, const struct input *input,
                       unsigned *ret_control)
{
        uint32_t key = input->key;
        struct box_place place;
        long toggle;

        box_measure(ui, box, box->text.n, &place);
        if (place.inner != box->text.width)
                box_refill(ui, dialog, box);
        if (key == UI_KEY_ESC || key == 'q' || key == ('c' & 0x1f))
                return BOX_CANCEL;
        /* Nobody agrees to what can't be seen. */
        if (!place.fits)
                return BOX_NONE;
        if (key == UI_KEY_MOUSE)
                return mouse(ui, box, input, ret_control);
        toggle = key > ' ' && key < 0x7f ? find_control(box, CONTROL_TOGGLE, key) : -1;
        if (toggle >= 0)
                return press(box, (unsigned)toggle, ret_control);
        if (type_number(box, key, ret_control))
                return BOX_CHANGE;
        if (key == UI_KEY_TAB || key == UI_KEY_RIGHT)
                step_focus(box, 1);
        else if (key == UI_KEY_BACK_TAB || key == UI_KEY_LEFT)
                step_focus(box, -1);
        else if (box->focus >= box->ncontrols)
                move(ui, box, key);
        else if (key == UI_KEY_ENTER || (key == ' ' && box->controls[box->focus].type == CONTROL_TOGGLE))
                return press(box, box->focus, ret_control);
        else
                move(ui, box, key);
        return BOX_NONE;
}
