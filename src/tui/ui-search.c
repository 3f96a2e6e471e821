/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The search: as one types, and the next and previous match. It looks at what is
 * shown, cell by cell. A key looks at so many rows at most; when there are more, the next
 * key goes on where this one stopped.
 */
#include "base/i18n.h"
#include "tui/needle.h"
#include "tui/prompt.h"
#include "tui/ui-private.h"

enum { ROWS_A_KEY = 5000 };

struct text ui_sought(const struct ui *ui)
{
        return buf_text(ui->prompt.type == PROMPT_SEARCH ? &ui->prompt.text : &ui->search);
}

struct seeker {
        struct ui *ui;
        struct needle needle;
        struct view_column columns[COLUMNS_MOST];
        unsigned ncolumns;
        struct buf cell;
};

static void seeker_init(struct seeker *seeker, struct ui *ui, struct text text)
{
        const struct level *level = ui_level(ui);

        *seeker = (struct seeker){ .ui = ui };
        needle_make(&seeker->needle, text);
        if (ui->rows.n > 0)
                seeker->ncolumns = level->view->columns(ui, level, seeker->columns);
}

static void seeker_done(struct seeker *seeker)
{
        needle_done(&seeker->needle);
        buf_done(&seeker->cell);
}

static bool has_needle(const struct seeker *seeker, struct text text)
{
        size_t at, len;

        return needle_find(&seeker->needle, text, 0, &at, &len);
}

static bool row_matches(struct seeker *seeker, size_t at)
{
        const struct ui *ui = seeker->ui;
        const struct level *level = ui_level(ui);
        const struct row_item *item = &ui->rows.items[at];

        if (level->view->flags & VIEW_SCROLLS)
                return has_needle(seeker, *(const struct text *)item->thing);
        if (item->type == ROW_HEADING)
                return false;
        for (unsigned i = 0; i < seeker->ncolumns; i++) {
                buf_clear(&seeker->cell);
                level->view->cell(ui, level, item, &seeker->columns[i], &seeker->cell);
                if (has_needle(seeker, buf_text(&seeker->cell)))
                        return true;
        }
        return false;
}

enum found { FOUND_NONE, FOUND_ROW, FOUND_MORE };

/*
 * From `from` on, all around; the first `skip` rows are known to be none. *looked is how
 * many rows were looked at in vain, those included.
 */
static enum found seek(struct ui *ui, struct text text, size_t from, bool up, size_t skip, size_t *looked,
                       size_t *ret_at)
{
        size_t n = ui->rows.n, end = skip + ROWS_A_KEY < n ? skip + ROWS_A_KEY : n;
        enum found found = end < n ? FOUND_MORE : FOUND_NONE;
        struct seeker seeker;

        seeker_init(&seeker, ui, text);
        for (*looked = skip < n ? skip : n; *looked < end; (*looked)++) {
                *ret_at = (up ? from + n - *looked : from + *looked) % n;
                if (row_matches(&seeker, *ret_at)) {
                        found = FOUND_ROW;
                        break;
                }
        }
        seeker_done(&seeker);
        return found;
}

/* --- as one types ---------------------------------------------------------- */

static void restore(struct ui *ui)
{
        const struct level *before = &ui->prompt.before;
        struct level *level = ui_level(ui);

        level->at = before->at;
        level->top = before->top;
        level->cursor = before->cursor;
        ui_bind_cursor(ui);
        ui_scroll(ui);
}

static size_t start(const struct ui *ui)
{
        size_t at = ui->prompt.before.at;

        return at < ui->rows.n ? at : 0;
}

void ui_search_typed(struct ui *ui, bool grown)
{
        struct prompt *prompt = &ui->prompt;
        size_t at;

        buf_clear(&prompt->hint);
        if (!grown)
                ui->searched = 0;
        if (prompt->text.len == 0) {
                restore(ui);
                return;
        }
        switch (seek(ui, buf_text(&prompt->text), start(ui), false, ui->searched, &ui->searched, &at)) {
        case FOUND_ROW:
                ui_move_to(ui, at);
                if (at < start(ui))
                        buf_string(&prompt->hint, _("from the top again"));
                break;
        case FOUND_MORE:
                buf_printf(&prompt->hint, _("not in %zu rows yet: Enter, then n goes on"), ui->searched);
                break;
        case FOUND_NONE:
                restore(ui);
                buf_string(&prompt->hint, _("not found"));
                break;
        }
}

void ui_search_accept(struct ui *ui)
{
        bool unfinished = ui->searched < ui->rows.n && ui->searched >= ROWS_A_KEY;

        if (ui->prompt.text.len == 0) {
                ui_search_step(ui, ACTION_SEARCH_NEXT);
                return;
        }
        buf_clear(&ui->search);
        buf_add(&ui->search, buf_text(&ui->prompt.text));
        ui->searching = ACTION_SEARCH_NEXT;
        if (!unfinished)
                ui->searched = 0;
}

void ui_search_cancel(struct ui *ui)
{
        restore(ui);
        ui->searched = 0;
}

/* --- again ----------------------------------------------------------------- */

void ui_search_step(struct ui *ui, enum action action)
{
        bool up = action == ACTION_SEARCH_PREVIOUS;
        size_t n = ui->rows.n, here = ui_level(ui)->at, from, at;
        enum found found;

        if (ui->search.len == 0) {
                ui_message(ui, STYLE_WARN, _("nothing was searched for yet: / does"));
                return;
        }
        if (ui->searching != action)
                ui->searched = 0;
        ui->searching = action;
        if (n == 0)
                return;
        from = (here + (up ? n - 1 : 1)) % n;
        found = seek(ui, buf_text(&ui->search), from, up, ui->searched, &ui->searched, &at);
        if (found == FOUND_MORE) {
                ui_message(ui, STYLE_NONE, _("not in %zu rows: the same key goes on"), ui->searched);
                return;
        }
        ui->searched = 0;
        if (found == FOUND_NONE) {
                ui_message(ui, STYLE_WARN, _("not found: %s"), ui->search.data);
                return;
        }
        if (up ? at >= here : at <= here)
                ui_message(ui, STYLE_NONE, up ? _("from the end again") : _("from the top again"));
        ui_move_to(ui, at);
}
