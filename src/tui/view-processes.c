/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes, and what one of them has. */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "model/query.h"
#include "tui/process-tree.h"
#include "tui/view-cells.h"

#include <stdlib.h>

enum {
        COLUMN_MEMORY = COLUMN_OWN, COLUMN_FINDINGS, COLUMN_WAITS, COLUMN_COMMAND_LINE, COLUMN_HOW,
        COLUMN_FAMILY,                  /* and above: objects of a family */
};

enum { DEPTH_SHOWN = 8 };               /* of a tree: deeper ones stand below each other */

/* --- sums ------------------------------------------------------------------- */

static const struct process_sum *sum_of(const struct ui *ui, const struct process *process)
{
        return scene_process_sum(ui->scene, process);
}

/* What a thread has waited for the longest, of those that are held up rather; NULL: none waits. */
static const struct wait *telling_wait(const struct process *process)
{
        const struct wait *found = NULL;

        for (unsigned i = 0; i < process->nwaits; i++) {
                const struct wait *wait = process->waits[i];

                if (!found || (wait_is_idle(found) && !wait_is_idle(wait)) ||
                    (wait_is_idle(found) == wait_is_idle(wait) && wait->since && wait->since < found->since))
                        found = wait;
        }
        return found;
}

static uint64_t number_of(const struct process *process, uint16_t field)
{
        const struct value *value = row_get(process_row(process), field);

        return value && value->type == VALUE_UINT ? value->u : 0;
}

/* --- rows ------------------------------------------------------------------- */

struct sorting {
        const struct ui *ui;
        uint16_t column;
        bool descending;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
        return a < b ? -1 : a > b;
}

static int compare_findings(const struct process_sum *a, const struct process_sum *b)
{
        if (!a->findings || !b->findings || a->worst == b->worst)
                return compare_numbers(a->findings, b->findings);
        return compare_numbers(a->worst, b->worst);
}

/* The longest last; who is held up behind who waits for work. */
static int compare_waits(const struct process *a, const struct process *b)
{
        const struct wait *x = telling_wait(a), *y = telling_wait(b);

        if (!x || !y)
                return !x && y ? -1 : x && !y;
        if (wait_is_idle(x) != wait_is_idle(y))
                return wait_is_idle(x) ? -1 : 1;
        if (!x->since || !y->since)
                return !x->since && y->since ? -1 : x->since && !y->since;
        return compare_numbers((uint64_t)y->since, (uint64_t)x->since);
}

static int compare_by(const struct sorting *sorting, const struct process *a, const struct process *b)
{
        const struct process_sum *x = sum_of(sorting->ui, a), *y = sum_of(sorting->ui, b);

        switch (sorting->column) {
        case FIELD_COMM:
                return text_compare(a->comm, b->comm);
        case FIELD_UID:
        case FIELD_DESCRIPTOR_COUNT:
                return compare_numbers(number_of(a, sorting->column), number_of(b, sorting->column));
        case COLUMN_MEMORY:
                return compare_numbers(x->bytes, y->bytes);
        case COLUMN_FINDINGS:
                return compare_findings(x, y);
        case COLUMN_WAITS:
                return compare_waits(a, b);
        default:
                if (sorting->column >= COLUMN_FAMILY && sorting->column < COLUMN_FAMILY + FAMILY_COUNT)
                        return compare_numbers(x->objects[sorting->column - COLUMN_FAMILY],
                                               y->objects[sorting->column - COLUMN_FAMILY]);
                return compare_numbers((uint64_t)a->pid, (uint64_t)b->pid);
        }
}

static int compare(const void *a, const void *b, void *data)
{
        const struct process *x = *(const struct process *const *)a, *y = *(const struct process *const *)b;
        const struct sorting *sorting = data;
        int order = compare_by(sorting, x, y);

        if (sorting->descending)
                order = -order;
        return order ? order : x < y ? -1 : x > y;
}

/* Who has nothing and waits for nothing (threads of the kernel) tells nothing about IPC. */
static bool is_shown(const struct process *process)
{
        return process->nholds || process->nwaits;
}

static void fill(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct snapshot *snapshot = ui->scene->snapshot;
        const struct view_settings *settings = ui_settings(ui, level->view);
        struct sorting sorting = { ui, settings->sort, settings->descending };
        const struct process **shown = memory_new((snapshot->nprocesses + 1) * sizeof(*shown));
        unsigned *depths = memory_new((snapshot->nprocesses + 1) * sizeof(*depths));
        size_t n = 0;

        for (size_t i = 0; i < snapshot->nprocesses; i++)
                if (is_shown(&snapshot->processes[i]))
                        shown[n++] = &snapshot->processes[i];
        if (n && settings->sort != NO_SORT)
                qsort_r(shown, n, sizeof(*shown), compare, &sorting);
        if (level->tree)
                process_tree(snapshot, shown, n, depths);
        for (size_t i = 0; i < n; i++)
                rows_add(rows, (struct row_item){ .type = ROW_PROCESS, .subject = subject_of_process(shown[i]),
                                                  .thing = shown[i], .depth = depths[i] });
        rows->all = snapshot->nprocesses;
        free(depths);
        free(shown);
}

/* --- columns ---------------------------------------------------------------- */

static unsigned columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        const struct view_column first[] = {
                { { _("PID"), ALIGN_RIGHT, 0 }, .id = FIELD_PID },
                { { _("USER"), ALIGN_LEFT, 4 }, .id = FIELD_UID },
                { { _("COMMAND"), ALIGN_LEFT, 0 }, .id = FIELD_COMM },
                { { _("MEMORY"), ALIGN_RIGHT, 0 }, .id = COLUMN_MEMORY },
                { { _("FINDINGS"), ALIGN_LEFT, 0 }, .id = COLUMN_FINDINGS },
                { { _("WAITS FOR"), ALIGN_LEFT, 24 }, .id = COLUMN_WAITS },
                { { _("FDS"), ALIGN_RIGHT, 0 }, .id = FIELD_DESCRIPTOR_COUNT },
        };
        unsigned n = COUNT(first);

        (void)ui, (void)level;
        memcpy(ret, first, sizeof(first));
        for (unsigned i = 0; i < FAMILY_COUNT; i++)
                ret[n++] = (struct view_column){
                        { _(view_of_family((enum family)i)->tab), ALIGN_RIGHT, 0 }, .id = (uint16_t)(COLUMN_FAMILY + i),
                };
        ret[n++] = (struct view_column){ { _("COMMAND LINE"), ALIGN_LEFT, 12 }, .id = COLUMN_COMMAND_LINE };
        return n;
}

/* "semop sem:3 3m" */
static enum style put_wait(const struct ui *ui, const struct process *process, struct buf *out)
{
        const struct wait *wait = telling_wait(process);

        if (!wait)
                return STYLE_NONE;
        buf_printf(out, "%s%s ", wait->operation, wait->inferred ? "*" : "");
        buf_add(out, wait->object->ref);
        if (wait->since) {
                buf_byte(out, ' ');
                cell_since(ui, wait->since, out);
        }
        if (process->nwaits > 1)
                buf_printf(out, " +%u", process->nwaits - 1);
        return wait_is_idle(wait) ? STYLE_DIM : STYLE_WARN;
}

static enum style put_findings(const struct process_sum *sum, struct buf *out)
{
        if (sum->findings == 0)
                return STYLE_NONE;
        buf_printf(out, "%s %u", severity_sign(sum->worst), sum->findings);
        return severity_style(sum->worst);
}

/* Nothing is a blank: what is there shall stand out. */
static enum style put_count(uint64_t n, struct buf *out)
{
        if (n)
                buf_uint(out, n);
        return STYLE_NONE;
}

static enum style put_field(const struct ui *ui, const struct process *process, uint16_t field, struct buf *out)
{
        const struct value *value = row_get(process_row(process), field);
        struct format format = ui_format(ui);

        if (!value)
                return STYLE_NONE;
        format_value(out, value, &format);
        return format_style(value);
}

static enum style cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                       const struct view_column *column, struct buf *out)
{
        const struct process *process = item->thing;
        const struct process_sum *sum = sum_of(ui, process);

        (void)level;
        switch (column->id) {
        case FIELD_PID:
                buf_int(out, process->pid);
                return STYLE_NONE;
        case FIELD_COMM:
                for (unsigned i = 0; i < item->depth && i < DEPTH_SHOWN; i++)
                        buf_string(out, "  ");
                escape_display(out, process->comm, ui->options.utf8);
                return STYLE_NONE;
        case FIELD_UID:
        case FIELD_DESCRIPTOR_COUNT:
                return put_field(ui, process, column->id, out);
        case COLUMN_COMMAND_LINE:
                return put_field(ui, process, FIELD_COMMAND, out);
        case COLUMN_MEMORY:
                if (sum->bytes)
                        cell_bytes(ui, sum->bytes, out);
                return STYLE_NONE;
        case COLUMN_FINDINGS:
                return put_findings(sum, out);
        case COLUMN_WAITS:
                return put_wait(ui, process, out);
        default:
                return put_count(sum->objects[column->id - COLUMN_FAMILY], out);
        }
}

static void open_process(struct ui *ui, const struct row_item *item)
{
        ui_open_about(ui, &view_page, subject_of_process(item->thing));
}

const struct view view_processes = {
        .name = "processes", .title = N_("Processes"), .tab = N_("Proc"), .digit = '0',
        .flags = VIEW_SORTS, .family = FAMILY_COUNT,
        .fill = fill, .columns = columns, .cell = cell, .open = open_process,
};

/* --- what one has ------------------------------------------------------------- */

static const uint16_t usual_fields[] = {
        FIELD_REF, FIELD_SIZE_BYTES, FIELD_OWNER, FIELD_STATE, FIELD_SUMMARY, FIELD_PEERS,
};

static void fill_contents(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct process *process = scene_process(ui->scene, level->about);
        const struct view_settings *settings = ui_settings(ui, level->view);
        const struct snapshot *snapshot = ui->scene->snapshot;
        const struct object **objects;
        size_t n = 0;

        if (!process)
                return;
        objects = memory_new((process->nholds + 1) * sizeof(*objects));
        for (unsigned i = 0; i < process->nholds; i++) {
                const struct object *object = process->holds[i]->object;

                /* All holds of an object come in one run. */
                if (i > 0 && process->holds[i - 1]->object == object)
                        continue;
                rows->all++;
                if (!settings->query || query_match(settings->query, snapshot, object))
                        objects[n++] = object;
        }
        if (settings->sort < FIELD_COUNT && settings->sort != FIELD_SUMMARY)
                sort_objects(snapshot, objects, n, (struct sort_key){ settings->sort, settings->descending });
        for (size_t i = 0; i < n; i++)
                rows_add(rows, (struct row_item){ .type = ROW_OBJECT, .subject = subject_of_object(objects[i]),
                                                  .thing = objects[i] });
        free(objects);
}

static unsigned columns_contents(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        const struct view_settings *settings = ui_settings(ui, level->view);
        const uint16_t *fields = settings->ncolumns ? settings->columns : usual_fields;
        unsigned nfields = settings->ncolumns ? settings->ncolumns : COUNT(usual_fields), n = 0;

        for (unsigned i = 0; i < nfields && n < COLUMNS_MOST; i++) {
                if (fields[i] < FIELD_COUNT)
                        ret[n++] = (struct view_column){ { _(field_get(fields[i])->title), format_align(fields[i]),
                                                           format_least(fields[i]) }, .id = fields[i] };
                if (i == 0 && n < COLUMNS_MOST)
                        ret[n++] = (struct view_column){ { _("HOW"), ALIGN_LEFT, 8 }, .id = COLUMN_HOW };
        }
        return n;
}

static enum style cell_contents(const struct ui *ui, const struct level *level, const struct row_item *item,
                                const struct view_column *column, struct buf *out)
{
        const struct process *process = scene_process(ui->scene, level->about);

        if (column->id != COLUMN_HOW)
                return view_objects.cell(ui, level, item, column, out);
        if (process)
                cell_holds(item->thing, process, HOLDS_SHOWN, out);
        return STYLE_NONE;
}

const struct view view_contents = {
        .name = "contents", .title = N_("What it has"),
        .flags = VIEW_OBJECTS | VIEW_SORTS | VIEW_ABOUT, .family = FAMILY_COUNT,
        .fill = fill_contents, .columns = columns_contents, .cell = cell_contents,
};
