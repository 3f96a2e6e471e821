/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of text: what an object or process is, its JSON, and any text. */
#include "base/escape.h"
#include "base/i18n.h"
#include "base/json-pretty.h"
#include "base/utf8.h"
#include "output/json.h"
#include "output/page.h"
#include "tui/detail.h"
#include "tui/layout.h"
#include "tui/view-cells.h"
#include "tui/view-text.h"

enum { MARGINS = 2 };

/* --- what all pages have --------------------------------------------------- */

unsigned text_columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        (void)ui;
        (void)level;
        ret[0] = (struct view_column){ { "", ALIGN_LEFT, 0 }, .id = COLUMN_OWN };
        return 1;
}

enum style text_cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                     const struct view_column *column, struct buf *out)
{
        (void)ui;
        (void)level;
        (void)column;
        buf_add(out, *(const struct text *)item->thing);
        return item->style;
}

unsigned text_width(const struct ui *ui)
{
        struct layout layout;

        layout_measure(ui, &layout);
        return layout.body_width > MARGINS ? layout.body_width - MARGINS : 1;
}

static int keep(void *data, struct text bytes)
{
        buf_add(data, bytes);
        return 0;
}

/* What begins at the edge is a title. */
static void add_page(struct rows *rows, struct text text)
{
        size_t first = rows->n;

        rows_add_lines(rows, text);
        for (size_t i = first; i < rows->n; i++) {
                const struct text *line = rows->items[i].thing;

                if (line->len > 0 && line->data[0] != ' ')
                        rows->items[i].style = STYLE_TITLE;
        }
}

/* Is there nothing but a memory of it? */
static void add_gone(const struct ui *ui, struct subject subject, struct rows *rows)
{
        const struct ghost *ghost = scene_ghost(ui->scene, subject);
        struct buf text = { 0 };

        if (ghost) {
                buf_add(&text, ghost->object.ref);
                buf_printf(&text, " %s\n", _(ghost->object.key.kind->title));
                detail_ghost(ui, ghost, text_width(ui), &text);
        } else {
                buf_string(&text, _("It is gone."));
        }
        add_page(rows, buf_text(&text));
        buf_done(&text);
}

/* --- page ------------------------------------------------------------------ */

static void fill_page(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct object *object = scene_object(ui->scene, level->about);
        const struct process *process = scene_process(ui->scene, level->about);
        struct format format = ui_format(ui);
        struct table_look look = { .width = text_width(ui), .headings = true, .utf8 = ui->options.utf8 };
        struct buf text = { 0 };
        struct sink sink = { .write = keep, .data = &text };

        if (object)
                page_object(ui->scene->judge, object, &format, &look, &sink);
        else if (process)
                page_process(ui->scene->snapshot, process, &format, &look, &sink);
        sink_done(&sink);
        if (text.len > 0)
                add_page(rows, buf_text(&text));
        else
                add_gone(ui, level->about, rows);
        buf_done(&text);
}

const struct view view_page = {
        .name = "page", .title = N_("Page"),
        .flags = VIEW_SCROLLS | VIEW_ABOUT, .family = FAMILY_COUNT,
        .fill = fill_page, .columns = text_columns, .cell = text_cell,
};

/* --- json ------------------------------------------------------------------ */

/* The line of that record among those of --ndjson, without the member that says what it is. */
static void add_record(struct text lines, const char *type, struct buf *out)
{
        struct buf begin = { 0 };
        struct text line;

        buf_printf(&begin, "{\"record\":\"%s\",", type);
        while (text_split(&lines, '\n', &line))
                if (text_starts(line, buf_text(&begin))) {
                        buf_byte(out, '{');
                        buf_add(out, text_from(line, begin.len));
                        break;
                }
        buf_done(&begin);
}

static void fill_json(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct snapshot *snapshot = ui->scene->snapshot;
        const struct object *object = scene_object(ui->scene, level->about);
        const struct process *process = scene_process(ui->scene, level->about);
        struct json_options options = { .lines = true, .judge = ui->scene->judge };
        struct buf lines = { 0 }, record = { 0 }, text = { 0 };
        struct sink sink = { .write = keep, .data = &lines };

        if (object || process) {
                json_print(snapshot, &object, object ? 1 : 0, &process, process ? 1 : 0, &options, &sink);
                sink_done(&sink);
                add_record(buf_text(&lines), object ? "object" : "process", &record);
                json_pretty(buf_text(&record), !ui->options.utf8, &text);
                rows_add_lines(rows, buf_text(&text));
        } else {
                add_gone(ui, level->about, rows);
        }
        buf_done(&lines);
        buf_done(&record);
        buf_done(&text);
}

const struct view view_json = {
        .name = "json", .title = N_("JSON"),
        .flags = VIEW_SCROLLS | VIEW_ABOUT, .family = FAMILY_COUNT,
        .fill = fill_json, .columns = text_columns, .cell = text_cell,
};

/* --- any text -------------------------------------------------------------- */

/* Sentences are wrapped; lines with columns, which two blanks tell, are left as they are. */
static bool is_prose(struct text line)
{
        size_t i = 0;

        while (i < line.len && line.data[i] == ' ')
                i++;
        for (; i + 1 < line.len; i++)
                if (line.data[i] == ' ' && line.data[i + 1] == ' ')
                        return false;
        return true;
}

void text_fill(const struct ui *ui, struct text page, struct rows *rows)
{
        unsigned width = text_width(ui), indent;
        struct buf text = { 0 };
        struct text line;

        while (text_split(&page, '\n', &line)) {
                for (indent = 0; indent < line.len && line.data[indent] == ' ';)
                        indent++;
                if (utf8_columns(line) > width && indent < width / 2 && is_prose(line)) {
                        cell_wrap(text_from(line, indent), width, indent, &text);
                } else {
                        buf_add(&text, line);
                        buf_byte(&text, '\n');
                }
        }
        add_page(rows, buf_text(&text));
        buf_done(&text);
}

static void fill_text(const struct ui *ui, const struct level *level, struct rows *rows)
{
        if (level->text)
                text_fill(ui, text_of(level->text), rows);
}

const struct view view_text = {
        .name = "text", .title = N_("Text"),
        .flags = VIEW_SCROLLS | VIEW_ABOUT | VIEW_STATIC, .family = FAMILY_COUNT,
        .fill = fill_text, .columns = text_columns, .cell = text_cell,
};
