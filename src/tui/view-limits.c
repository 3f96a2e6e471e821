/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits: how full they are, and of one everything that is known. */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "output/limits.h"
#include "tui/view-cells.h"
#include "tui/view-text.h"

#include <stdlib.h>

enum {
        COLUMN_NAME = COLUMN_OWN, COLUMN_PERCENT, COLUMN_BAR, COLUMN_USED, COLUMN_VALUE, COLUMN_WHOM, COLUMN_TOP,
        COLUMN_FAILURES, COLUMN_MEANING,
};

enum {
        OF_ONE_MOST = 20,               /* rows of one limit, beside the fullest those that are half full */
        HALF_FULL = 500,
        WHOM_MOST = 100,                /* rows in the text about one */
        BAR_LEAST = 10, BAR_MOST = 40, USUAL_WIDTH = 80,
};

/* --- rows ------------------------------------------------------------------- */

static bool fills(const struct limit_row *row)
{
        return limit_get(row->reading->limit)->manner == MANNER_FILLS;
}

/* Without a column to sort by: the fullest first, then those whose use is not known, then those that nothing fills. */
static int compare_usual(const struct limit_row *a, const struct limit_row *b)
{
        if (fills(a) != fills(b))
                return fills(a) ? -1 : 1;
        if (a->permille != b->permille)
                return a->permille > b->permille ? -1 : 1;
        return 0;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
        return a < b ? -1 : a > b;
}

static int compare_by(const struct limit_row *a, const struct limit_row *b, uint16_t column)
{
        switch (column) {
        case COLUMN_NAME:
                return strcmp(limit_get(a->reading->limit)->name, limit_get(b->reading->limit)->name);
        case COLUMN_PERCENT:
        case COLUMN_BAR:
                return a->permille < b->permille ? -1 : a->permille > b->permille;
        case COLUMN_USED:
                return compare_numbers(a->used, b->used);
        case COLUMN_VALUE:
                return compare_numbers(a->reading->unlimited ? UINT64_MAX : a->reading->value,
                                       b->reading->unlimited ? UINT64_MAX : b->reading->value);
        case COLUMN_WHOM:
                return limit_get(a->reading->limit)->binds < limit_get(b->reading->limit)->binds ? -1 :
                       limit_get(a->reading->limit)->binds > limit_get(b->reading->limit)->binds;
        case COLUMN_FAILURES:
                return compare_numbers(a->reading->failures, b->reading->failures);
        default:
                return compare_usual(a, b);
        }
}

static int compare(const void *a, const void *b, void *data)
{
        const struct limit_row *x = *(const struct limit_row *const *)a, *y = *(const struct limit_row *const *)b;
        const struct view_settings *settings = data;
        int order = compare_by(x, y, settings->sort);

        if (settings->sort != NO_SORT && settings->descending)
                order = -order;
        /* The order of the report, which is that of the dictionary. */
        return order ? order : x < y ? -1 : x > y;
}

/* Thousands of processes have the same limit: of each the fullest stands for all, and those that come near. */
static void fill(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct limit_report *report = &ui->scene->findings.limits;
        const struct limit_row **shown = memory_new((report->n + 1) * sizeof(*shown));
        size_t n = 0, of_one = 0;

        for (size_t i = 0; i < report->n; i++) {
                const struct limit_row *row = &report->rows[i];

                if (i == 0 || report->rows[i - 1].reading->limit != row->reading->limit)
                        of_one = 0;
                if (of_one == 0 || (row->permille >= HALF_FULL && of_one < OF_ONE_MOST)) {
                        shown[n++] = row;
                        of_one++;
                }
        }
        if (n)
                qsort_r(shown, n, sizeof(*shown), compare, ui_settings(ui, level->view));
        for (size_t i = 0; i < n; i++)
                rows_add(rows, (struct row_item){ .type = ROW_LIMIT, .subject = subject_of_limit(shown[i]),
                                                  .thing = shown[i] });
        rows->all = report->n;
        free(shown);
}

/* --- columns ---------------------------------------------------------------- */

static unsigned bar_width(const struct ui *ui)
{
        unsigned more = ui->width > USUAL_WIDTH ? (ui->width - USUAL_WIDTH) / 3 : 0;

        return BAR_LEAST + more < BAR_MOST ? BAR_LEAST + more : BAR_MOST;
}

static unsigned columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        const struct view_column all[] = {
                { { _("LIMIT"), ALIGN_LEFT, 0 }, .id = COLUMN_NAME },
                { { _("USE%"), ALIGN_RIGHT, 0 }, .id = COLUMN_PERCENT },
                { { "", ALIGN_LEFT, bar_width(ui) }, .id = COLUMN_BAR },
                { { _("USED"), ALIGN_RIGHT, 0 }, .id = COLUMN_USED },
                { { _("OF"), ALIGN_RIGHT, 0 }, .id = COLUMN_VALUE },
                { { _("BINDS"), ALIGN_LEFT, 10 }, .id = COLUMN_WHOM },
                { { _("MOST"), ALIGN_LEFT, 10 }, .id = COLUMN_TOP },
                { { _("FAILURES"), ALIGN_RIGHT, 0 }, .id = COLUMN_FAILURES },
                { { _("MEANING"), ALIGN_LEFT, 12 }, .id = COLUMN_MEANING },
        };

        (void)level;
        memcpy(ret, all, sizeof(all));
        return COUNT(all);
}

static void put_value(const struct ui *ui, const struct limit_row *row, struct buf *out)
{
        struct format format = ui_format(ui);

        if (row->reading->unknown)
                buf_byte(out, '?');
        else if (row->reading->unlimited)
                buf_string(out, _("no limit"));
        else
                limits_format_amount(out, limit_get(row->reading->limit), row->reading->value, &format);
}

static void put_used(const struct ui *ui, const struct limit_row *row, struct buf *out)
{
        struct format format = ui_format(ui);

        if (!fills(row))
                buf_byte(out, '-');
        else if (!row->known)
                buf_byte(out, '?');
        else
                limits_format_amount(out, limit_get(row->reading->limit), row->used, &format);
}

/* The sign is for those who see no colour. */
static void put_percent(const struct limit_row *row, struct buf *out)
{
        if (row->permille < 0) {
                buf_byte(out, fills(row) && !row->known ? '?' : '-');
                return;
        }
        limits_format_permille(out, row->permille);
        if (limit_pressure(row) != PRESSURE_NONE)
                buf_byte(out, '!');
}

static enum style cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                       const struct view_column *column, struct buf *out)
{
        const struct limit_row *row = item->thing;
        const struct limit *limit = limit_get(row->reading->limit);
        struct format format = ui_format(ui);

        (void)level;
        switch (column->id) {
        case COLUMN_NAME:
                buf_string(out, limit->name);
                break;
        case COLUMN_PERCENT:
                put_percent(row, out);
                return limits_style(row);
        case COLUMN_BAR:
                if (fills(row) && row->permille >= 0)
                        cell_bar(row->permille, bar_width(ui), out);
                return limits_style(row);
        case COLUMN_USED:
                put_used(ui, row, out);
                break;
        case COLUMN_VALUE:
                put_value(ui, row, out);
                break;
        case COLUMN_WHOM:
                limits_format_whom(out, row->reading, &format);
                break;
        case COLUMN_TOP:
                limits_format_top(out, row, &format);
                break;
        case COLUMN_FAILURES:
                if (row->reading->failures) {
                        buf_uint(out, row->reading->failures);
                        return STYLE_WARN;
                }
                buf_byte(out, '-');
                break;
        default:
                buf_string(out, _(limit->title));
        }
        return STYLE_NONE;
}

/* --- all about one ---------------------------------------------------------- */

static void put_row(const struct ui *ui, const struct limit_row *row, struct buf *out)
{
        struct format format = ui_format(ui);
        size_t from = out->len;

        buf_string(out, "  ");
        put_percent(row, out);
        cell_pad(out, from, 9);
        put_used(ui, row, out);
        buf_string(out, " / ");
        put_value(ui, row, out);
        cell_pad(out, from, 28);
        buf_byte(out, ' ');
        limits_format_whom(out, row->reading, &format);
        if (row->ntop) {
                buf_string(out, _("; most: "));
                limits_format_top(out, row, &format);
        }
        buf_byte(out, '\n');
}

static void put_whom(const struct ui *ui, uint16_t limit, struct buf *out)
{
        const struct limit_report *report = &ui->scene->findings.limits;
        size_t told = 0, n = 0;

        for (size_t i = 0; i < report->n; i++)
                n += report->rows[i].reading->limit == limit;
        buf_printf(out, "\n%s\n", n > 1 ? _("Whom it binds, the fullest first") : _("Whom it binds"));
        if (n == 0)
                buf_printf(out, "  %s\n", _("nobody at present"));
        for (size_t i = 0; i < report->n && told < WHOM_MOST; i++)
                if (report->rows[i].reading->limit == limit) {
                        put_row(ui, &report->rows[i], out);
                        told++;
                }
        if (n > told)
                buf_printf(out, P_("  and %zu more\n", "  and %zu more\n", n - told), n - told);
}

static void put_failures(uint16_t limit, unsigned width, struct buf *out)
{
        unsigned n;
        const struct limit_failure *failures = limit_failures(&n);
        struct buf text = { 0 };

        buf_printf(out, "\n%s\n", _("What fails when it is used up"));
        for (unsigned i = 0; i < n; i++) {
                if (failures[i].limit != limit)
                        continue;
                buf_clear(&text);
                buf_printf(&text, "%s: %s", strerrorname_np(failures[i].error), failures[i].calls);
                if (failures[i].why)
                        buf_printf(&text, ": %s", _(failures[i].why));
                cell_wrap(buf_text(&text), width, 2, out);
        }
        buf_done(&text);
}

static void put_limit(const struct ui *ui, uint16_t id, struct buf *out)
{
        const struct limit *limit = limit_get(id);
        unsigned width = text_width(ui);

        buf_printf(out, "%s: %s\n", limit->name, _(limit->title));
        cell_wrap(text_of(_(limit->help)), width, 2, out);
        buf_printf(out, "  %s %s\n", _("read from:"), limit->source);
        if (limit->manner == MANNER_CAPS)
                buf_printf(out, "  %s\n", _("It bounds each single request: nothing fills it."));
        put_whom(ui, id, out);
        put_failures(id, width, out);
        buf_printf(out, "\n%s\n", _("How to raise it"));
        cell_wrap(text_of(_(limit->raise)), width, 2, out);
}

static void fill_limit(const struct ui *ui, const struct level *level, struct rows *rows)
{
        struct buf text = { 0 };

        if (subject_type(level->about) != SUBJECT_LIMIT)
                return;
        put_limit(ui, (uint16_t)subject_first(level->about), &text);
        text_fill(ui, buf_text(&text), rows);
        buf_done(&text);
}

const struct view view_limit = {
        .name = "limit", .title = N_("Limit"),
        .flags = VIEW_SCROLLS | VIEW_ABOUT, .family = FAMILY_COUNT,
        .fill = fill_limit, .columns = text_columns, .cell = text_cell,
};

void view_open_limit(struct ui *ui, const struct limit_row *row)
{
        ui_open(ui, &view_limit, subject_of_limit(row), limit_get(row->reading->limit)->name);
}

static void open_row(struct ui *ui, const struct row_item *item)
{
        view_open_limit(ui, item->thing);
}

void view_limit_detail(const struct ui *ui, const struct limit_row *row, unsigned width, struct buf *out)
{
        const struct limit *limit = limit_get(row->reading->limit);

        buf_printf(out, "%s: %s\n", limit->name, _(limit->title));
        cell_wrap(text_of(_(limit->help)), width, 2, out);
        put_row(ui, row, out);
        put_failures(row->reading->limit, width, out);
        buf_printf(out, "\n%s\n", _("How to raise it"));
        cell_wrap(text_of(_(limit->raise)), width, 2, out);
}

static void detail(const struct ui *ui, const struct row_item *item, unsigned width, struct buf *out)
{
        view_limit_detail(ui, item->thing, width, out);
}

const struct view view_limits = {
        .name = "limits", .title = N_("Limits"), .tab = N_("Lim"), .digit = '%',
        .flags = VIEW_SORTS, .family = FAMILY_COUNT,
        .fill = fill, .columns = columns, .cell = cell, .open = open_row, .detail = detail,
};
