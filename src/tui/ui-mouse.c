/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/layout.h"
#include "tui/prompt.h"
#include "tui/ui-private.h"

enum { WHEEL_ROWS = 3 };

/* The wheel scrolls what is looked at; the cursor goes along as far as it must. */
static void wheel(struct ui *ui, bool up)
{
        struct level *level = ui_level(ui);
        const struct rows *rows = &ui->rows;
        struct layout layout;
        size_t most;

        layout_measure(ui, &layout);
        most = rows->n > layout.body_height ? rows->n - layout.body_height : 0;
        if (up)
                level->top -= level->top < WHEEL_ROWS ? level->top : WHEEL_ROWS;
        else
                level->top = level->top + WHEEL_ROWS < most ? level->top + WHEEL_ROWS : most;
        if (level->view->flags & VIEW_SCROLLS)
                ui_move_to(ui, level->top);
        else if (level->at < level->top)
                ui_move_to(ui, level->top);
        else if (layout.body_height > 0 && level->at >= level->top + layout.body_height)
                ui_move_to(ui, level->top + layout.body_height - 1);
}

static void on_row(struct ui *ui, size_t row, bool open)
{
        if (row >= ui->rows.n || ui_level(ui)->view->flags & VIEW_SCROLLS || ui->rows.items[row].type == ROW_HEADING)
                return;
        ui_move_to(ui, row);
        if (open)
                ui_act(ui, ACTION_OPEN);
}

static void click(struct ui *ui, const struct input *input)
{
        bool twice = input->mouse == MOUSE_DOUBLE;
        struct place place;

        layout_at(ui, input->x, input->y, &place);
        switch (place.type) {
        case PLACE_TAB:     ui_go(ui, place.view); break;
        case PLACE_HEADING: ui_sort_by(ui, place.column); break;
        case PLACE_ROW:     on_row(ui, place.row, twice); break;
        case PLACE_HINT:    ui_act(ui, place.action); break;
        case PLACE_PANE:
                if (twice)
                        ui_act(ui, ACTION_OPEN);
                break;
        case PLACE_NOTHING: break;
        }
}

void ui_mouse(struct ui *ui, const struct input *input)
{
        if (!ui->options.mouse || ui->width < WIDTH_LEAST || ui->height < HEIGHT_LEAST)
                return;
        switch (input->mouse) {
        case MOUSE_WHEEL_UP:   wheel(ui, true); break;
        case MOUSE_WHEEL_DOWN: wheel(ui, false); break;
        case MOUSE_CLICK:
        case MOUSE_DOUBLE:
                if (ui->prompt.type != PROMPT_NONE)
                        prompt_close(ui);
                click(ui, input);
                break;
        case MOUSE_RIGHT:
        case MOUSE_NONE:       break;
        }
}
