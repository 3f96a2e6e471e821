/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that was done from here: its command line, and what came of it. The newest is the last. */
#include "base/i18n.h"
#include "tui/ui.h"

#include <stdint.h>
#include <stdlib.h>

enum { COLUMN_TIME = COLUMN_OWN, COLUMN_COMMAND, COLUMN_RESULT };

struct log_row {
        struct row_node node;           /* neither an object nor a process */
        struct log_entry entry;         /* its texts are the log's */
};

/* Entries move when the oldest is forgotten, their texts don't. */
static struct subject subject_of_entry(const struct log_entry *entry)
{
        return subject_of(SUBJECT_NODE, 0, (uintptr_t)entry->command);
}

static void fill(const struct ui *ui, const struct level *level, struct rows *rows)
{
        (void)level;
        for (size_t i = 0; i < ui->nlog; i++) {
                struct log_row *row = ARENA_NEW(&rows->arena, struct log_row);

                row->entry = ui->log[i];
                rows_add(rows, (struct row_item){ .type = ROW_NODE, .thing = row,
                                                  .subject = subject_of_entry(&row->entry) });
        }
        rows->all = rows->n;
}

static unsigned columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        (void)ui;
        (void)level;
        ret[0] = (struct view_column){ { _("TIME"), ALIGN_LEFT, 0 }, .id = COLUMN_TIME };
        ret[1] = (struct view_column){ { _("RESULT"), ALIGN_LEFT, 20 }, .id = COLUMN_RESULT };
        ret[2] = (struct view_column){ { _("COMMAND"), ALIGN_LEFT, 16 }, .id = COLUMN_COMMAND };
        return 3;
}

static void put_time(const struct ui *ui, const struct log_entry *entry, enum time_style style, struct buf *out)
{
        const struct value time = { .field = FIELD_CHANGED_AT, .type = VALUE_UINT, .u = (uint64_t)entry->time };
        struct format format = ui_format(ui);

        format.time = style;
        format_value(out, &time, &format);
}

static enum style cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                       const struct view_column *column, struct buf *out)
{
        const struct log_row *row = item->thing;

        (void)level;
        if (column->id == COLUMN_TIME)
                put_time(ui, &row->entry, ui->options.format.time, out);
        else
                buf_string(out, column->id == COLUMN_COMMAND ? row->entry.command : row->entry.result);
        return column->id == COLUMN_RESULT ? row->entry.style : STYLE_NONE;
}

static void put_page(const struct ui *ui, const struct log_entry *entry, struct buf *out)
{
        put_time(ui, entry, TIME_ISO, out);
        buf_printf(out, "\n\n%s\n\n%s\n", entry->command, entry->result);
}

static void open_row(struct ui *ui, const struct row_item *item)
{
        const struct log_row *row = item->thing;
        struct log_entry entry = row->entry;
        struct buf text = { 0 };
        struct level *level;

        put_page(ui, &entry, &text);
        level = ui_open(ui, &view_text, item->subject, NULL);
        free(level->text);
        level->text = text.data;
        ui->stale = true;
}

static void detail(const struct ui *ui, const struct row_item *item, unsigned width, struct buf *out)
{
        const struct log_row *row = item->thing;

        (void)width;
        put_page(ui, &row->entry, out);
}

const struct view view_log = {
        .name = "log", .title = N_("What was done from here"), .tab = N_("Log"), .flags = VIEW_STATIC,
        .fill = fill, .columns = columns, .cell = cell, .open = open_row, .detail = detail,
};
