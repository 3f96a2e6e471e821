/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The overview: what is wrong, who is held up, what is nearly used up, where the memory is. As
 * many lines of each as fit on the screen; each line leads to where the thing lives.
 */
#include "base/i18n.h"
#include "tui/detail.h"
#include "tui/layout.h"
#include "tui/overview.h"

enum { COLUMN_LINE = COLUMN_OWN };

/* How many lines a section has in any case, and at most, if there are so many. */
static const struct {
        size_t least, most;
} shares[SECTION_COUNT] = {
        [SECTION_FINDINGS] = { 5, 15 }, [SECTION_BLOCKED] = { 2, 10 }, [SECTION_LIMITS] = { 3, 12 },
        [SECTION_FAMILIES] = { FAMILY_COUNT, FAMILY_COUNT }, [SECTION_BIGGEST] = { 2, BIGGEST_MOST },
        [SECTION_GROWERS] = { 2, GROWERS_MOST }, [SECTION_GAPS] = { 1, 6 },
};

/* --- lines -------------------------------------------------------------------- */

void overview_heading(struct overview *overview)
{
        struct text *text = ARENA_NEW(&overview->rows->arena, struct text);

        cell_cut(overview->ui, &overview->text, 0, overview->width);
        *text = arena_text(&overview->rows->arena, buf_text(&overview->text));
        rows_add(overview->rows, (struct row_item){ .type = ROW_HEADING, .thing = text, .style = STYLE_TITLE,
                                                    .subject = subject_of(SUBJECT_LINE, overview->rows->n, 0) });
        buf_clear(&overview->text);
}

void overview_line(struct overview *overview, enum section section, struct subject subject, struct overview_line line)
{
        struct overview_line *kept = ARENA_NEW(&overview->rows->arena, struct overview_line);

        *kept = line;
        kept->text = arena_text(&overview->rows->arena, buf_text(&overview->text));
        rows_add(overview->rows, (struct row_item){ .type = ROW_NODE, .thing = kept, .style = line.style,
                                                    .subject = subject_of(SUBJECT_LINE, section + 1,
                                                                          subject_hash(section, subject)) });
        buf_clear(&overview->text);
}

void overview_end_piece(struct overview *overview, size_t from, unsigned columns)
{
        cell_cut(overview->ui, &overview->text, from, columns);
        cell_pad(&overview->text, from, columns + 1);
}

void overview_right(struct overview *overview, size_t from, unsigned columns)
{
        struct buf *text = &overview->text;
        unsigned taken = (unsigned)(text->len - from);  /* ASCII */

        if (taken >= columns)
                return;
        (void)buf_reserve(text, columns - taken);
        memmove(text->data + from + columns - taken, text->data + from, taken + 1);
        memset(text->data + from, ' ', columns - taken);
        text->len += columns - taken;
}

void overview_bytes(struct overview *overview, uint64_t bytes, unsigned columns)
{
        size_t from = overview->text.len;

        cell_bytes(overview->ui, bytes, &overview->text);
        overview_right(overview, from, columns);
}

unsigned overview_name_width(const struct overview *overview)
{
        return overview->width < 60 ? 14 : overview->width < 100 ? 20 : overview->width < 140 ? 28 : 36;
}

/* --- all of it ------------------------------------------------------------------------------ */

static size_t least(size_t a, size_t b)
{
        return a < b ? a : b;
}

/* Each section gets its least; what is left goes round, in the order of the screen. */
static void share_out(struct overview *overview, size_t lines)
{
        size_t used = 0;
        bool grew = true;

        for (unsigned i = 0; i < SECTION_COUNT; i++) {
                overview->shown[i] = least(overview->n[i], shares[i].least);
                used += overview->shown[i] + (overview->shown[i] > 0);
        }
        used += overview->n[SECTION_FINDINGS] == 0 ? 2 : overview->n[SECTION_FINDINGS] > shares[SECTION_FINDINGS].least;
        while (grew && used < lines) {
                grew = false;
                for (unsigned i = 0; i < SECTION_COUNT && used < lines; i++)
                        if (overview->shown[i] < least(overview->n[i], shares[i].most)) {
                                overview->shown[i]++;
                                used++;
                                grew = true;
                        }
        }
}

static void fill(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct scene *scene = ui->scene;
        struct overview overview = { .ui = ui, .rows = rows };
        struct layout layout;

        (void)level;
        layout_measure(ui, &layout);
        overview.width = layout.body_width > GUTTER + 8 ? layout.body_width - GUTTER : 8;
        overview_find_limits(&overview);
        overview_find_groups(&overview);
        overview.n[SECTION_BLOCKED] = scene->nblocked;
        for (unsigned i = 0; i < FAMILY_COUNT; i++)
                overview.n[SECTION_FAMILIES] += scene->families[i].totals.objects > 0;
        overview.n[SECTION_BIGGEST] = scene->nbiggest;
        overview.n[SECTION_GROWERS] = scene->ngrowers;
        overview.n[SECTION_GAPS] = scene->snapshot->ngaps;
        share_out(&overview, layout.body_height);
        overview_findings(&overview);
        overview_blocked(&overview);
        overview_limits(&overview);
        overview_families(&overview);
        overview_biggest(&overview);
        overview_growers(&overview);
        overview_gaps(&overview);
        rows->all = rows->n;
        buf_done(&overview.text);
}

static unsigned columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        (void)ui, (void)level;
        ret[0] = (struct view_column){ { "", ALIGN_LEFT, 20 }, .id = COLUMN_LINE };
        return 1;
}

static enum style cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                       const struct view_column *column, struct buf *out)
{
        (void)ui, (void)level, (void)column;
        if (item->type == ROW_NODE) {
                buf_add(out, ((const struct overview_line *)item->thing)->text);
                return ((const struct overview_line *)item->thing)->style;
        }
        buf_add(out, *(const struct text *)item->thing);
        return item->style;
}

/* Not ui_go(): Esc leads back to here. */
static void open_tab(struct ui *ui, const struct view *view, struct subject cursor)
{
        (void)ui_open(ui, view, subject_of(SUBJECT_NONE, 0, 0), NULL);
        ui_put_cursor(ui, cursor);
}

static void open_row(struct ui *ui, const struct row_item *item)
{
        const struct overview_line *line = item->thing;
        const struct view *to = line->to;

        if (item->type != ROW_NODE)
                return;
        if (to == &view_findings)
                open_tab(ui, to, line->finding ? subject_of_finding(line->finding) : subject_of(SUBJECT_NONE, 0, 0));
        else if (to == &view_limits)
                open_tab(ui, to, subject_of_limit(line->limit));
        else if (line->finding)
                view_open_finding(ui, line->finding);
        else if (line->about.object)
                ui_open_about(ui, to ? to : &view_page, subject_of_object(line->about.object));
        else if (line->about.process)
                ui_open_about(ui, to ? to : &view_page, subject_of_process(line->about.process));
        else if (to)
                open_tab(ui, to, subject_of(SUBJECT_NONE, 0, 0));
}

static void detail(const struct ui *ui, const struct row_item *item, unsigned width, struct buf *out)
{
        const struct overview_line *line = item->type == ROW_NODE ? item->thing : NULL;

        if (line && line->finding)
                view_finding_detail(ui, line->finding, width, out);
        else if (line && line->limit)
                view_limit_detail(ui, line->limit, width, out);
        else
                detail_subject(ui, ui_subject(ui), width, out);
}

const struct view view_overview = {
        .name = "overview", .title = N_("Overview"), .tab = N_("Over"), .digit = '1', .family = FAMILY_COUNT,
        .fill = fill, .columns = columns, .cell = cell, .open = open_row, .detail = detail,
};
