/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/i18n.h"
#include "base/utf8.h"
#include "tui/layout-private.h"

struct tab {
        const struct view *view;
        unsigned x, width;              /* with the column before it */
};

static unsigned title_width(const struct view *view)
{
        return (view->digit ? 1 : 0) + utf8_columns(text_of(_(view->tab)));
}

/* Columns between two tabs: two where there is room for all, else one, which both share. */
static unsigned between(const struct ui *ui)
{
        unsigned width = 1;

        for (unsigned i = 0; i < all_views_count; i++)
                if (all_views[i]->tab)
                        width += title_width(all_views[i]) + 2;
        return width <= ui->width ? 2 : 1;
}

/* The tab that the stack began with; a view without a tab belongs to none. */
static const struct view *current(const struct ui *ui)
{
        return ui->levels[0].view;
}

/* All are moved to the left as far as is needed to see the current one, and the one behind it. */
static unsigned first_tab(const struct ui *ui)
{
        unsigned gap = between(ui), first = 0, width = 0;
        bool met = false;

        for (unsigned i = 0; i < all_views_count; i++) {
                if (!all_views[i]->tab)
                        continue;
                width += title_width(all_views[i]) + gap;
                while (width + 1 > ui->width && first < i) {
                        width -= all_views[first]->tab ? title_width(all_views[first]) + gap : 0;
                        first++;
                }
                if (met)
                        return first;
                met = all_views[i] == current(ui);
        }
        return met ? first : 0;
}

/* The next tab behind this one (at first: a zeroed one); false: there is no more, or no room. */
static bool next_tab(const struct ui *ui, struct tab *tab)
{
        unsigned i = tab->view ? view_index(tab->view) + 1 : first_tab(ui);

        tab->x += tab->width;
        while (i < all_views_count && !all_views[i]->tab)
                i++;
        if (i == all_views_count)
                return false;
        tab->view = all_views[i];
        tab->width = title_width(tab->view) + between(ui);
        return tab->x + tab->width < ui->width;
}

void layout_draw_tabs(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        struct tab tab = { 0 };

        if (!layout->has_tabs)
                return;
        while (next_tab(ui, &tab)) {
                struct pen pen = { grid, tab.x + 1, layout->tabs_y, tab.x + tab.width + 1 };
                bool here = tab.view == current(ui);
                char digit[] = { tab.view->digit, 0 };

                if (here)
                        grid_put(grid, tab.x, layout->tabs_y, 1, TEXT(">"), LOOK_BOLD);
                pen_string(&pen, digit, here ? LOOK_BOLD : STYLE_DIM);
                pen_string(&pen, _(tab.view->tab), here ? LOOK_BOLD | LOOK_REVERSE : 0);
                if (here)
                        pen_string(&pen, "<", LOOK_BOLD);
        }
}

const struct view *layout_tab_at(const struct ui *ui, unsigned x)
{
        struct tab tab = { 0 };

        while (next_tab(ui, &tab))
                if (x >= tab.x && x - tab.x < tab.width)
                        return tab.view;
        return NULL;
}
