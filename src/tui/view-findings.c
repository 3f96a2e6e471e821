/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings: what is leaked, stuck, full or unsafe, the gravest first. */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "tui/view-cells.h"

#include <stdlib.h>

enum { COLUMN_SEVERITY = COLUMN_OWN, COLUMN_RULE, COLUMN_SUBJECT, COLUMN_SINCE, COLUMN_BYTES, COLUMN_EVIDENCE };

/* --- rows ------------------------------------------------------------------- */

static int compare_numbers(uint64_t a, uint64_t b)
{
        return a < b ? -1 : a > b;
}

static struct text subject_text(const struct finding *finding)
{
        if (finding->object)
                return finding->object->ref;
        if (finding->process)
                return finding->process->comm;
        return finding->limit ? text_of(limit_get(finding->limit->reading->limit)->name) : TEXT("");
}

static int compare_by(const struct finding *a, const struct finding *b, uint16_t column)
{
        switch (column) {
        case COLUMN_SEVERITY:
                return compare_numbers(a->severity, b->severity);
        case COLUMN_RULE:
                return strcmp(a->rule->name, b->rule->name);
        case COLUMN_SUBJECT:
                return text_compare(subject_text(a), subject_text(b));
        case COLUMN_SINCE:
                return compare_numbers((uint64_t)b->since, (uint64_t)a->since);
        case COLUMN_BYTES:
                return compare_numbers(a->bytes, b->bytes);
        case COLUMN_EVIDENCE:
                return text_compare(a->evidence, b->evidence);
        default:
                return 0;
        }
}

static int compare(const void *a, const void *b, void *data)
{
        const struct finding *x = *(const struct finding *const *)a, *y = *(const struct finding *const *)b;
        const struct view_settings *settings = data;
        int order = compare_by(x, y, settings->sort);

        if (settings->descending)
                order = -order;
        return order ? order : x < y ? -1 : x > y;
}

static void fill(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct findings *findings = &ui->scene->findings;
        const struct view_settings *settings = ui_settings(ui, level->view);
        const struct finding **shown = memory_new((findings->n + 1) * sizeof(*shown));

        for (size_t i = 0; i < findings->n; i++)
                shown[i] = &findings->list[i];
        if (findings->n && settings->sort != NO_SORT)
                qsort_r(shown, findings->n, sizeof(*shown), compare, (void *)settings);
        for (size_t i = 0; i < findings->n; i++)
                rows_add(rows, (struct row_item){ .type = ROW_FINDING, .subject = subject_of_finding(shown[i]),
                                                  .thing = shown[i] });
        rows->all = findings->n;
        free(shown);
}

/* --- columns ---------------------------------------------------------------- */

static unsigned columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        const struct view_column all[] = {
                { { _("SEVERITY"), ALIGN_LEFT, 0 }, .id = COLUMN_SEVERITY },
                { { _("SUBJECT"), ALIGN_LEFT, 12 }, .id = COLUMN_SUBJECT },
                { { _("RULE"), ALIGN_LEFT, 10 }, .id = COLUMN_RULE },
                { { _("FOR"), ALIGN_RIGHT, 0 }, .id = COLUMN_SINCE },
                { { _("MEMORY"), ALIGN_RIGHT, 0 }, .id = COLUMN_BYTES },
                { { _("EVIDENCE"), ALIGN_LEFT, 20 }, .id = COLUMN_EVIDENCE },
        };

        (void)ui, (void)level;
        memcpy(ret, all, sizeof(all));
        return COUNT(all);
}

static enum style cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                       const struct view_column *column, struct buf *out)
{
        const struct finding *finding = item->thing;

        (void)level;
        switch (column->id) {
        case COLUMN_SEVERITY:
                buf_printf(out, "%-2s %s", severity_sign(finding->severity), severity_name(finding->severity));
                return severity_style(finding->severity);
        case COLUMN_RULE:
                buf_string(out, finding->rule->name);
                break;
        case COLUMN_SUBJECT:
                cell_finding_subject(ui, finding, out);
                break;
        case COLUMN_SINCE:
                cell_since(ui, finding->since, out);
                break;
        case COLUMN_BYTES:
                if (finding->bytes)
                        cell_bytes(ui, finding->bytes, out);
                break;
        default:
                buf_add(out, finding->evidence);
                if (finding->inferred)
                        buf_string(out, _(" (deduced)"));
        }
        return STYLE_NONE;
}

/* --- more about one --------------------------------------------------------- */

void view_finding_detail(const struct ui *ui, const struct finding *finding, unsigned width, struct buf *out)
{
        struct buf text = { 0 };

        buf_printf(&text, "%s %s: ", severity_sign(finding->severity), finding->rule->name);
        cell_finding_subject(ui, finding, &text);
        buf_printf(&text, ": %s", _(finding->rule->title));
        cell_wrap(buf_text(&text), width, 0, out);
        cell_wrap(finding->evidence, width, 2, out);
        if (finding->inferred)
                cell_wrap(text_of(_("This is deduced: the kernel does not tell it.")), width, 2, out);
        if (finding->remedy.len) {
                buf_clear(&text);
                /* TRANSLATORS: a command follows */
                buf_printf(&text, "%s ", _("Remedy:"));
                buf_add(&text, finding->remedy);
                cell_wrap(buf_text(&text), width, 2, out);
        }
        buf_byte(out, '\n');
        cell_wrap(text_of(_(finding->rule->explanation)), width, 2, out);
        buf_done(&text);
}

static void detail(const struct ui *ui, const struct row_item *item, unsigned width, struct buf *out)
{
        view_finding_detail(ui, item->thing, width, out);
}

void view_open_finding(struct ui *ui, const struct finding *finding)
{
        if (finding->object)
                ui_open_about(ui, &view_page, subject_of_object(finding->object));
        else if (finding->process && !finding->limit)
                ui_open_about(ui, &view_page, subject_of_process(finding->process));
        else if (finding->limit)
                view_open_limit(ui, finding->limit);
}

static void open_row(struct ui *ui, const struct row_item *item)
{
        view_open_finding(ui, item->thing);
}

const struct view view_findings = {
        .name = "findings", .title = N_("Findings"), .tab = N_("Find"), .digit = '!',
        .flags = VIEW_SORTS, .family = FAMILY_COUNT,
        .fill = fill, .columns = columns, .cell = cell, .open = open_row, .detail = detail,
};
