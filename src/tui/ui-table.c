/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a table shows, in which order: filter, sort, columns. */
#include "base/i18n.h"
#include "base/memory.h"
#include "model/query.h"
#include "tui/ui-private.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

void settings_done(struct view_settings *settings)
{
        free(settings->filter);
        query_free(settings->query);
        level_done(&settings->last);
        *settings = (struct view_settings){ .sort = NO_SORT };
}

static struct view_settings *shown_settings(const struct ui *ui)
{
        return ui_settings(ui, ui_level(ui)->view);
}

static unsigned shown_columns(const struct ui *ui, struct view_column ret[COLUMNS_MOST])
{
        const struct level *level = ui_level(ui);

        return ui->scene ? level->view->columns(ui, level, ret) : 0;
}

/*
 * Whoever asks for the largest wants to see them: a cursor that was never moved from the first row
 * stays there, whatever that is now.
 */
static void reordered(struct ui *ui)
{
        struct level *level = ui_level(ui);
        size_t first = 0;

        while (first < ui->rows.n && ui->rows.items[first].type == ROW_HEADING)
                first++;
        if (level->at <= first)
                level->cursor = subject_of(SUBJECT_NONE, 0, 0);
        ui->stale = true;
        ui->searched = 0;
}

/* --- filter ---------------------------------------------------------------- */

/* "2d ago" is counted from the moment that is shown. */
static int64_t moment(const struct ui *ui)
{
        return ui->scene ? ui->scene->snapshot->origin.time : ui->now;
}

int ui_filter(struct ui *ui, const struct view *view, const char *text, struct parse_error *ret_error)
{
        struct view_settings *settings = ui_settings(ui, view);
        struct query *query = NULL;
        struct text trimmed = text_of(text ? text : "");
        char *copy = NULL;

        while (trimmed.len > 0 && trimmed.data[trimmed.len - 1] == ' ')
                trimmed.len--;
        if (trimmed.len > 0) {
                struct buf kept = { 0 };
                int r = query_parse(trimmed, moment(ui), &query, ret_error);

                if (r < 0)
                        return r;
                buf_add(&kept, trimmed);
                copy = kept.data;
        }
        free(settings->filter);
        query_free(settings->query);
        settings->filter = copy;
        settings->query = query;
        if (view == ui_level(ui)->view)
                reordered(ui);
        return 0;
}

void ui_filters_renew(struct ui *ui)
{
        for (unsigned i = 0; i < all_views_count; i++) {
                struct view_settings *settings = &ui->settings[i];
                struct parse_error error;
                struct query *query;

                if (!settings->filter || query_parse(text_of(settings->filter), moment(ui), &query, &error) < 0)
                        continue;
                query_free(settings->query);
                settings->query = query;
        }
}

/* --- sort ------------------------------------------------------------------ */

static bool can_sort(const struct ui *ui)
{
        return ui_level(ui)->view->flags & VIEW_SORTS;
}

static unsigned sortable(const struct ui *ui, struct view_column ret[COLUMNS_MOST])
{
        struct view_column all[COLUMNS_MOST];
        unsigned n = can_sort(ui) ? shown_columns(ui, all) : 0, kept = 0;

        for (unsigned i = 0; i < n; i++)
                if (all[i].id != COLUMN_ACTIVITY)
                        ret[kept++] = all[i];
        return kept;
}

/* Of amounts, the largest are what people look for. */
static bool usually_descending(const struct view_column *column)
{
        return column->column.align == ALIGN_RIGHT;
}

static void set_sort(struct ui *ui, const struct view_column *column, bool descending)
{
        struct view_settings *settings = shown_settings(ui);

        settings->sort = column ? column->id : NO_SORT;
        settings->descending = descending;
        reordered(ui);
        if (!column)
                ui_message(ui, STYLE_NONE, _("in the usual order"));
        else if (!usually_descending(column))
                ui_message(ui, STYLE_NONE, descending ? _("sorted by %s, backwards") : _("sorted by %s"),
                           column->column.title);
        else if (descending)
                ui_message(ui, STYLE_NONE, _("sorted by %s, the largest first"), column->column.title);
        else
                ui_message(ui, STYLE_NONE, _("sorted by %s, the smallest first"), column->column.title);
}

static bool refuses_sort(struct ui *ui)
{
        if (can_sort(ui))
                return false;
        ui_message(ui, STYLE_WARN, _("this view has an order of its own"));
        return true;
}

void ui_sort_step(struct ui *ui, int step)
{
        struct view_column columns[COLUMNS_MOST];
        unsigned n = sortable(ui, columns), at = n;     /* n: no sort */

        if (refuses_sort(ui) || n == 0)
                return;
        for (unsigned i = 0; i < n; i++)
                if (columns[i].id == shown_settings(ui)->sort)
                        at = i;
        at = (at + (step > 0 ? 1 : n)) % (n + 1);
        set_sort(ui, at < n ? &columns[at] : NULL, at < n && usually_descending(&columns[at]));
}

void ui_sort_by(struct ui *ui, uint16_t id)
{
        const struct view_settings *settings = shown_settings(ui);
        struct view_column columns[COLUMNS_MOST];
        unsigned n = sortable(ui, columns);

        if (refuses_sort(ui))
                return;
        for (unsigned i = 0; i < n; i++)
                if (columns[i].id == id)
                        set_sort(ui, &columns[i], settings->sort == id ? !settings->descending
                                                                       : usually_descending(&columns[i]));
}

void ui_sort_turn(struct ui *ui)
{
        struct view_column columns[COLUMNS_MOST];
        unsigned n = sortable(ui, columns);

        if (refuses_sort(ui) || n == 0)
                return;
        if (shown_settings(ui)->sort == NO_SORT)
                set_sort(ui, &columns[0], true);
        else
                ui_sort_by(ui, shown_settings(ui)->sort);
}

static bool is_named(const struct view_column *column, struct text name)
{
        return (column->id < FIELD_COUNT && text_equal(text_of(field_get(column->id)->name), name)) ||
               (strlen(column->column.title) == name.len &&
                strncasecmp(column->column.title, name.data, name.len) == 0);
}

int ui_sort_text(struct ui *ui, struct text text, struct parse_error *ret_error)
{
        struct text direction = text, name;
        struct view_column columns[COLUMNS_MOST], other;
        unsigned n = sortable(ui, columns);
        struct sort_key key;
        int r;

        *ret_error = (struct parse_error){ N_("this view has an order of its own"), 0 };
        if (!can_sort(ui))
                return -EINVAL;
        if (text_equal(text, TEXT("none"))) {
                set_sort(ui, NULL, false);
                return 0;
        }
        if (!text_split(&direction, ':', &name))
                name = text;
        for (unsigned i = 0; i < n; i++)
                if (is_named(&columns[i], name) && (direction.len == 0 || text_equal(direction, TEXT("desc")) ||
                                                    text_equal(direction, TEXT("asc")))) {
                        set_sort(ui, &columns[i], text_equal(direction, TEXT("desc")));
                        return 0;
                }
        r = sort_parse(text, &key, ret_error);
        if (r < 0)
                return r;
        *ret_error = (struct parse_error){ N_("this view has no such column"), 0 };
        if (!(ui_level(ui)->view->flags & VIEW_OBJECTS))
                return -EINVAL;
        other = (struct view_column){ .column.title = field_get(key.field)->name, .id = key.field };
        set_sort(ui, &other, key.descending);
        return 0;
}

/* --- columns --------------------------------------------------------------- */

static bool has_column(const uint16_t *columns, unsigned n, uint16_t id, unsigned *ret)
{
        for (unsigned i = 0; i < n; i++)
                if (columns[i] == id) {
                        *ret = i;
                        return true;
                }
        return false;
}

static int change_column(uint16_t columns[COLUMNS_MOST], unsigned *n, char sign, uint16_t field)
{
        unsigned at;
        bool there = has_column(columns, *n, field, &at);

        if (sign == '-' && there) {
                memmove(&columns[at], &columns[at + 1], (*n - at - 1) * sizeof(*columns));
                (*n)--;
        } else if (sign != '-' && !there) {
                if (*n == COLUMNS_MOST)
                        return -E2BIG;
                columns[(*n)++] = field;
        }
        return 0;
}

/* The first sign makes it a change of what is shown. */
static unsigned begin_columns(const struct ui *ui, struct text text, uint16_t ret[COLUMNS_MOST])
{
        struct view_column shown[COLUMNS_MOST];
        unsigned n = 0;

        if (text.len > 0 && (text.data[0] == '+' || text.data[0] == '-')) {
                unsigned all = shown_columns(ui, shown);

                for (unsigned i = 0; i < all; i++)
                        if (shown[i].id <= COLUMN_ACTIVITY)
                                ret[n++] = shown[i].id;
        }
        return n;
}

int ui_columns_text(struct ui *ui, struct text text, struct parse_error *ret_error)
{
        struct view_settings *settings = shown_settings(ui);
        uint16_t columns[COLUMNS_MOST], field;
        struct text rest = text, name;
        unsigned n = begin_columns(ui, text, columns);

        *ret_error = (struct parse_error){ N_("the columns of this view can't be chosen"), 0 };
        if (!(ui_level(ui)->view->flags & VIEW_OBJECTS))
                return -EINVAL;
        while (text_split(&rest, ',', &name)) {
                char sign = name.len > 0 && (name.data[0] == '+' || name.data[0] == '-') ? name.data[0] : 0;

                ret_error->at = (size_t)(name.data - text.data);
                ret_error->message = N_("no such field");
                if (text_equal(text_from(name, sign ? 1 : 0), TEXT("activity")))
                        field = COLUMN_ACTIVITY;
                else if (!field_find(text_from(name, sign ? 1 : 0), &field))
                        return -EINVAL;
                ret_error->message = N_("too many columns");
                if (change_column(columns, &n, sign, field) < 0)
                        return -EINVAL;
        }
        memcpy(settings->columns, columns, n * sizeof(*columns));
        settings->ncolumns = n;
        ui->stale = true;
        return 0;
}

/* --- as text --------------------------------------------------------------- */

static void add_table(const struct ui *ui, struct buf *out)
{
        const struct level *level = ui_level(ui);
        const struct table_look look = { .headings = true, .utf8 = ui->options.utf8 };
        struct view_column columns[COLUMNS_MOST];
        struct column headings[COLUMNS_MOST];
        unsigned n = shown_columns(ui, columns);
        struct arena arena;
        struct table table;
        struct buf cell = { 0 };

        for (unsigned i = 0; i < n; i++)
                headings[i] = columns[i].column;
        arena_init(&arena);
        table_init(&table, &arena, headings, n);
        for (size_t row = 0; row < ui->rows.n; row++)
                for (unsigned i = 0; i < n; i++) {
                        buf_clear(&cell);
                        level->view->cell(ui, level, &ui->rows.items[row], &columns[i], &cell);
                        table_add(&table, buf_text(&cell), STYLE_NONE, false);
                }
        table_print(&table, &look, out);
        table_done(&table);
        arena_done(&arena);
        buf_done(&cell);
}

void ui_table_text(struct ui *ui, struct buf *out)
{
        ui_settle(ui);
        if (!(ui_level(ui)->view->flags & VIEW_SCROLLS)) {
                add_table(ui, out);
                return;
        }
        for (size_t i = 0; i < ui->rows.n; i++) {
                buf_add(out, *(const struct text *)ui->rows.items[i].thing);
                buf_byte(out, '\n');
        }
}
