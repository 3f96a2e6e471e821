/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where one is, and where one came from. */
#include "base/i18n.h"
#include "base/memory.h"
#include "tui/ui-private.h"

#include <stdlib.h>
#include <string.h>

void level_done(struct level *level)
{
        free(level->title);
        free(level->text);
        map_done(&level->unfolded);
        *level = (struct level){ 0 };
}

struct level *ui_level(const struct ui *ui)
{
        return (struct level *)&ui->levels[ui->nlevels - 1];
}

struct view_settings *ui_settings(const struct ui *ui, const struct view *view)
{
        return &ui->settings[view_index(view)];
}

static void changed(struct ui *ui)
{
        ui->stale = true;
        ui->searched = 0;
}

/* A tab is left: where one was in it is kept. */
static void leave_tab(struct ui *ui)
{
        struct level *level = &ui->levels[0];
        struct level *last = &ui_settings(ui, level->view)->last;

        level_done(last);
        *last = *level;
        *level = (struct level){ 0 };
}

void ui_go(struct ui *ui, const struct view *view)
{
        struct level *last = &ui_settings(ui, view)->last;

        if (view->flags & VIEW_ABOUT)
                return;
        while (ui->nlevels > 1)
                level_done(&ui->levels[--ui->nlevels]);
        if (ui->nlevels > 0)
                leave_tab(ui);
        ui->levels[0] = *last;
        ui->levels[0].view = view;
        *last = (struct level){ 0 };
        ui->nlevels = 1;
        changed(ui);
}

static bool same_title(const char *a, const char *b)
{
        return a == b || (a && b && strcmp(a, b) == 0);
}

struct level *ui_open(struct ui *ui, const struct view *view, struct subject about, const char *title)
{
        struct level *top = ui_level(ui);

        if (top->view == view && !top->text && subject_equal(top->about, about) && same_title(top->title, title))
                return top;
        if (ui->nlevels == LEVELS_MOST) {
                level_done(&ui->levels[1]);
                memmove(&ui->levels[1], &ui->levels[2], (LEVELS_MOST - 2) * sizeof(*ui->levels));
                ui->nlevels--;
        }
        top = &ui->levels[ui->nlevels++];
        *top = (struct level){ .view = view, .about = about };
        if (title) {
                struct buf copy = { 0 };

                buf_string(&copy, title);
                buf_byte(&copy, 0);
                top->title = copy.data;
        }
        changed(ui);
        return top;
}

bool ui_back(struct ui *ui)
{
        if (ui->nlevels <= 1)
                return false;
        level_done(&ui->levels[--ui->nlevels]);
        changed(ui);
        return true;
}
