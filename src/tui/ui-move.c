/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cursor, which is bound to a subject, and what of the rows is on the screen. */
#include "base/utf8.h"
#include "tui/layout.h"
#include "tui/ui-private.h"

enum {
        CELLS_STEP = 8,                 /* Left and Right on a page */
        UNFOLD_ROUNDS = 3, UNFOLD_MOST = 2000,
};

static bool scrolls(const struct ui *ui)
{
        return ui_level(ui)->view->flags & VIEW_SCROLLS;
}

static bool takes_cursor(const struct row_item *item)
{
        return item->type != ROW_HEADING;
}

static size_t body_height(const struct ui *ui)
{
        struct layout layout;

        layout_measure(ui, &layout);
        return layout.body_height > 0 ? layout.body_height : 1;
}

const struct row_item *ui_row(const struct ui *ui)
{
        const struct level *level = ui_level(ui);

        if (ui->stale || scrolls(ui) || level->at >= ui->rows.n || !takes_cursor(&ui->rows.items[level->at]))
                return NULL;
        return &ui->rows.items[level->at];
}

/* --- the cursor ------------------------------------------------------------ */

/* The nearest row that can have the cursor: from `at` on, else before it. */
static size_t nearest(const struct rows *rows, size_t at, bool up)
{
        size_t i;

        if (at >= rows->n)
                at = rows->n - 1;
        if (up) {
                for (i = at; i > 0 && !takes_cursor(&rows->items[i]); i--)
                        ;
                if (takes_cursor(&rows->items[i]))
                        return i;
        }
        for (i = at; i < rows->n; i++)
                if (takes_cursor(&rows->items[i]))
                        return i;
        for (i = at; i > 0 && !takes_cursor(&rows->items[i]); i--)
                ;
        return i;
}

static void set_cursor(struct ui *ui, size_t at)
{
        struct level *level = ui_level(ui);

        level->at = at;
        level->cursor = takes_cursor(&ui->rows.items[at]) ? ui->rows.items[at].subject
                                                          : subject_of(SUBJECT_NONE, 0, 0);
}

static bool find_row(const struct rows *rows, struct subject subject, size_t *ret)
{
        for (size_t i = 0; i < rows->n; i++)
                if (takes_cursor(&rows->items[i]) && subject_equal(rows->items[i].subject, subject)) {
                        *ret = i;
                        return true;
                }
        return false;
}

void ui_bind_cursor(struct ui *ui)
{
        struct level *level = ui_level(ui);
        const struct rows *rows = &ui->rows;
        bool none = subject_type(level->cursor) == SUBJECT_NONE;
        size_t at;

        if (rows->n == 0 || scrolls(ui))
                return;
        if (level->at < rows->n && !none && takes_cursor(&rows->items[level->at]) &&
            subject_equal(rows->items[level->at].subject, level->cursor))
                return;
        if (none || !find_row(rows, level->cursor, &at)) {
                set_cursor(ui, nearest(rows, level->at, false));
                return;
        }
        /* What people look at stays where it is on the screen; but the first rows are not pushed out of sight. */
        if (level->top > 0 && at + level->top >= level->at)
                level->top = at + level->top - level->at;
        level->at = at;
}

void ui_put_cursor(struct ui *ui, struct subject subject)
{
        size_t at;

        ui_settle(ui);
        if (scrolls(ui) || !find_row(&ui->rows, subject, &at))
                return;
        set_cursor(ui, at);
        ui_scroll(ui);
}

/* --- scrolling ------------------------------------------------------------- */

/* How far a page can be moved to the left: the widest line ends at the right edge then. */
static unsigned most_left(const struct ui *ui)
{
        struct layout layout;
        unsigned widest = 0;

        layout_measure(ui, &layout);
        for (size_t i = 0; i < ui->rows.n; i++) {
                const struct row_item *item = &ui->rows.items[i];

                if (item->type == ROW_TEXT || item->type == ROW_HEADING) {
                        unsigned columns = utf8_columns(*(const struct text *)item->thing);

                        widest = columns > widest ? columns : widest;
                }
        }
        return widest >= layout.body_width ? widest + 1 - layout.body_width : 0;
}

static unsigned last_column(const struct ui *ui)
{
        const struct level *level = ui_level(ui);
        struct view_column columns[COLUMNS_MOST];
        unsigned n = ui->scene ? level->view->columns(ui, level, columns) : 0;

        return n > 1 ? n - 2 : 0;        /* the first one stays, the last one can be seen */
}

void ui_scroll(struct ui *ui)
{
        struct level *level = ui_level(ui);
        const struct rows *rows = &ui->rows;
        size_t height = body_height(ui);

        if (rows->n == 0) {
                level->top = 0;
                return;
        }
        if (!scrolls(ui)) {
                if (level->at < level->top)
                        level->top = level->at;
                if (level->at - level->top >= height)
                        level->top = level->at - height + 1;
                while (level->top > 0 && !takes_cursor(&rows->items[level->top - 1]) &&
                       level->at - level->top + 1 < height)
                        level->top--;
        }
        if (level->top + height > rows->n)
                level->top = rows->n > height ? rows->n - height : 0;
        if (level->left > 0) {
                unsigned most = scrolls(ui) ? most_left(ui) : last_column(ui);

                level->left = level->left < most ? level->left : most;
        }
}

/* --- keys ------------------------------------------------------------------ */

void ui_move_to(struct ui *ui, size_t at)
{
        struct level *level = ui_level(ui);

        if (ui->rows.n == 0)
                return;
        if (scrolls(ui))
                level->top = level->at = at;
        else
                set_cursor(ui, nearest(&ui->rows, at, at < level->at));
        ui_scroll(ui);
}

/* By so many rows, on a page without a cursor by so many lines. */
static void move_by(struct ui *ui, size_t step, bool up, bool page)
{
        struct level *level = ui_level(ui);
        size_t from = scrolls(ui) ? level->top : level->at, n = ui->rows.n;

        if (n == 0)
                return;
        if (page && !scrolls(ui))
                level->top = !up ? level->top + step : level->top > step ? level->top - step : 0;
        if (up) {
                size_t to = from > step ? from - step : 0;

                if (!scrolls(ui) && nearest(&ui->rows, to, true) >= from)
                        level->top = 0;         /* only headings are above */
                ui_move_to(ui, to);
        } else {
                size_t to = step < n - from ? from + step : n - 1;

                if (scrolls(ui) || nearest(&ui->rows, to, false) > from)
                        ui_move_to(ui, to);
        }
        ui_scroll(ui);
}

/* One of a tree that can be folded. */
static bool is_node(const struct ui *ui, const struct row_item *item)
{
        return item && item->type == ROW_NODE && ui_level(ui)->view == &view_relations;
}

static bool is_unfolded(const struct ui *ui, const struct row_item *item)
{
        return map_get(&ui_level(ui)->unfolded, item->subject.a, item->subject.b);
}

static void unfold(struct ui *ui, const struct row_item *item)
{
        *map_place(&ui_level(ui)->unfolded, item->subject.a, item->subject.b) = ui;
        ui->stale = true;
}

/* Left on a node that is open closes it, else goes to the node above. */
static void fold(struct ui *ui, const struct row_item *item)
{
        size_t at = ui_level(ui)->at;

        if (map_remove(&ui_level(ui)->unfolded, item->subject.a, item->subject.b)) {
                ui->stale = true;
                return;
        }
        while (at > 0 && (ui->rows.items[at].depth >= item->depth || !takes_cursor(&ui->rows.items[at])))
                at--;
        if (ui->rows.items[at].depth < item->depth)
                ui_move_to(ui, at);
}

bool ui_unfold_all(struct ui *ui)
{
        const struct row_item *item = ui_row(ui);
        unsigned depth, opened = 0;

        if (!is_node(ui, item))
                return false;
        if (is_unfolded(ui, item)) {
                fold(ui, item);
                return true;
        }
        depth = item->depth;
        unfold(ui, item);
        for (unsigned round = 1; round < UNFOLD_ROUNDS && ui->stale; round++) {
                ui_settle(ui);
                for (size_t i = ui_level(ui)->at + 1; i < ui->rows.n && ui->rows.items[i].depth > depth; i++)
                        if (is_node(ui, &ui->rows.items[i]) && !is_unfolded(ui, &ui->rows.items[i]) &&
                            opened++ < UNFOLD_MOST)
                                unfold(ui, &ui->rows.items[i]);
        }
        return true;
}

static void move_sideways(struct ui *ui, bool right)
{
        struct level *level = ui_level(ui);
        const struct row_item *item = ui_row(ui);
        unsigned step = scrolls(ui) ? CELLS_STEP : 1;

        if (is_node(ui, item) && right)
                unfold(ui, item);
        else if (is_node(ui, item))
                fold(ui, item);
        else if (right)
                level->left += step;
        else
                level->left -= level->left < step ? level->left : step;
        ui_scroll(ui);
}

void ui_move(struct ui *ui, enum action action)
{
        size_t page = body_height(ui);

        switch (action) {
        case ACTION_UP:        move_by(ui, 1, true, false); break;
        case ACTION_DOWN:      move_by(ui, 1, false, false); break;
        case ACTION_PAGE_UP:   move_by(ui, page, true, true); break;
        case ACTION_PAGE_DOWN: move_by(ui, page, false, true); break;
        case ACTION_FIRST:
                ui_level(ui)->top = 0;
                ui_move_to(ui, 0);
                break;
        case ACTION_LAST:      ui_move_to(ui, ui->rows.n > 0 ? ui->rows.n - 1 : 0); break;
        case ACTION_LEFT:      move_sideways(ui, false); break;
        case ACTION_RIGHT:     move_sideways(ui, true); break;
        default:               break;
        }
}
