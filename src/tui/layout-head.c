/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Title, gauges, crumbs. */
#include "base/escape.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "output/limits.h"
#include "report/totals.h"
#include "tui/layout-private.h"
#include "tui/view-cells.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define INIT_IPC_NS     UINT64_C(0xEFFFFFFF)    /* PROC_IPC_INIT_INO */
#define NS_PER_SECOND   INT64_C(1000000000)
#define NS_PER_MS       INT64_C(1000000)

enum {
        WIDTH_USUAL = 60, WIDTH_CLOCK = 30, HOST_MOST = 24,
        MILLE = 1000, LONG_AGO = 10 * MILLE /* ms */,
        GAUGES_MOST = 8, NAME_MOST = 17, PERCENT_WIDTH = 5 /* "100%!" */, BAR_LEAST = 5, BAR_MOST = 20,
        SUMMED_MOST = 10000,
};

/* --- title ----------------------------------------------------------------- */

/* "250ms", "1.5s", "2s", "90s" */
static void add_ms(struct buf *out, int64_t ms)
{
        if (ms < MILLE)
                buf_printf(out, "%" PRId64 "ms", ms);
        else if (ms < LONG_AGO && ms % MILLE >= MILLE / 10)
                buf_printf(out, "%" PRId64 ".%" PRId64 "s", ms / MILLE, ms % MILLE / (MILLE / 10));
        else
                buf_printf(out, "%" PRId64 "s", ms / MILLE);
}

static void add_clock(const struct ui *ui, struct buf *out)
{
        /* That of another day says which. */
        bool dated = ui->options.recorded && ui->width >= WIDTH_USUAL;
        time_t seconds = (time_t)(ui->now / NS_PER_SECOND);
        struct tm tm;
        char text[32];

        if (!localtime_r(&seconds, &tm))
                return;
        if (strftime(text, sizeof(text), dated ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm) > 0)
                buf_string(out, text);
}

static void put_right(struct pen *pen, struct buf *text, unsigned look)
{
        if (text->len > 0)
                pen_put_right(pen, buf_text(text), look);
        pen_put_right(pen, TEXT("  "), 0);
        buf_clear(text);
}

static void draw_state(const struct ui *ui, struct pen *pen, struct buf *text)
{
        if (ui->options.recorded) {
                buf_string(text, _("RECORDED"));
                put_right(pen, text, LOOK_BOLD);
        } else if (ui->paused) {
                buf_string(text, _(" PAUSED: Z goes on "));
                put_right(pen, text, STYLE_WARN | LOOK_REVERSE);
        } else {
                buf_printf(text, "%s ", _("LIVE"));
                add_ms(text, ui->paced_ms);
                put_right(pen, text, STYLE_GOOD);
        }
}

/* How old what is shown is, and what it costs to look: when that makes the pace slower. */
static void draw_age(const struct ui *ui, struct pen *pen, struct buf *text)
{
        if (!ui->scene || ui->options.fixed || ui->options.recorded || ui->width < WIDTH_USUAL)
                return;
        buf_printf(text, "%s ", _("age"));
        add_ms(text, ui->now > ui->scene_at ? (ui->now - ui->scene_at) / NS_PER_MS : 0);
        put_right(pen, text, ui->now - ui->scene_at > 3 * NS_PER_MS * ui->paced_ms ? STYLE_WARN : STYLE_NONE);
        if (ui->paced_ms > ui->interval_ms && ui->scene->cost > 0) {
                buf_printf(text, "%s ", _("cost"));
                add_ms(text, ui->scene->cost / NS_PER_MS);
                put_right(pen, text, STYLE_WARN);
        }
}

/* All of it behind two blanks, or nothing. */
static void put_whole(struct pen *pen, struct buf *text, unsigned look)
{
        if (text->len > 0 && pen->x + 2 + utf8_columns(buf_text(text)) <= pen->end) {
                pen->x += 2;
                pen_put(pen, buf_text(text), look);
        }
        buf_clear(text);
}

static void add_rights(const struct ui *ui, struct buf *out)
{
        const struct snapshot *snapshot = ui->scene->snapshot;
        uint64_t hidden = 0;
        struct text name;

        for (size_t i = 0; i < snapshot->ngaps; i++)
                hidden += snapshot->gaps[i].times;
        if (snapshot_user_name(snapshot, snapshot->origin.uid, &name))
                escape_display(out, name, ui->options.utf8);
        else
                buf_printf(out, "uid %u", snapshot->origin.uid);
        buf_string(out, ": ");
        if (hidden == 0)
                buf_string(out, _("sees all"));
        else
                /* TRANSLATORS: so many things could not be seen */
                buf_printf(out, P_("%" PRIu64 " hidden", "%" PRIu64 " hidden", hidden), hidden);
}

/* What may be missing matters more than which namespace it is. */
static void draw_machine(const struct ui *ui, struct pen *pen, struct buf *text)
{
        const struct snapshot_origin *origin = &ui->scene->snapshot->origin;
        struct buf rights = { 0 };
        unsigned least;

        escape_display(text, origin->host, ui->options.utf8);
        cell_cut(ui, text, 0, HOST_MOST);
        put_whole(pen, text, 0);
        if (origin->ipc_ns == INIT_IPC_NS)
                buf_string(text, "ipc:init");
        else if (origin->ipc_ns != 0)
                buf_printf(text, "ipc:%" PRIu64, origin->ipc_ns);
        add_rights(ui, &rights);
        least = 2 + utf8_columns(buf_text(&rights));
        if (pen->x + 2 + utf8_columns(buf_text(text)) + least > pen->end)
                buf_clear(text);
        put_whole(pen, text, 0);
        put_whole(pen, &rights, snapshot_complete(ui->scene->snapshot) ? STYLE_NONE : STYLE_WARN);
        buf_done(&rights);
}

void layout_draw_title(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        struct pen pen = { grid, 1, layout->title_y, ui->width - 1 };
        struct buf text = { 0 };

        if (!layout->has_title)
                return;
        if (ui->width >= WIDTH_CLOCK) {
                add_clock(ui, &text);
                put_right(&pen, &text, 0);
        }
        draw_age(ui, &pen, &text);
        draw_state(ui, &pen, &text);
        pen_put(&pen, TEXT(PACKAGE), STYLE_TITLE | LOOK_BOLD);
        if (ui->scene)
                draw_machine(ui, &pen, &text);
        buf_done(&text);
}

/* --- gauges ---------------------------------------------------------------- */

struct gauge {
        const struct limit_row *row;
        struct text name;
        unsigned name_width;
        char end[16];                   /* "91%!" */
};

static struct text gauge_name(const struct limit_row *row)
{
        struct text name = text_of(limit_get(row->reading->limit)->name), prefix = TEXT("rlimit_");

        return text_starts(name, prefix) ? text_from(name, prefix.len) : name;
}

static struct gauge gauge_of(const struct limit_row *row)
{
        struct gauge gauge = { .row = row, .name = gauge_name(row) };
        const char *near = limit_pressure(row) == PRESSURE_NONE ? "" : "!";

        gauge.name_width = gauge.name.len < NAME_MOST ? (unsigned)gauge.name.len : NAME_MOST;
        if (row->permille < 10 * MILLE)
                snprintf(gauge.end, sizeof(gauge.end), "%d%%%s", row->permille / 10, near);
        else
                snprintf(gauge.end, sizeof(gauge.end), ">999%%!");
        return gauge;
}

/* With brackets; those that grow up to 100 % keep their place. */
static unsigned gauge_rest(const struct gauge *gauge)
{
        size_t len = strlen(gauge->end);

        return 2 + (len > PERCENT_WIDTH ? (unsigned)len : PERCENT_WIDTH);
}

/* The fullest row of each limit, the fullest limits first; returns how many. */
static unsigned choose(const struct limit_report *report, struct gauge ret[GAUGES_MOST])
{
        unsigned n = 0;

        for (size_t i = 0; i < report->n; i++) {
                const struct limit_row *row = &report->rows[i];
                unsigned at = n;

                if (row->permille < 0 || (i > 0 && report->rows[i - 1].reading->limit == row->reading->limit))
                        continue;
                while (at > 0 && ret[at - 1].row->permille < row->permille)
                        at--;
                if (at == GAUGES_MOST)
                        continue;
                n += n < GAUGES_MOST;
                for (unsigned j = n - 1; j > at; j--)
                        ret[j] = ret[j - 1];
                ret[at] = gauge_of(row);
        }
        return n;
}

/* The overview has bars of its own. */
bool layout_has_gauges(const struct ui *ui)
{
        const struct limit_report *report = ui->scene ? &ui->scene->findings.limits : NULL;

        if (!report || ui_level(ui)->view == &view_overview)
                return false;
        for (size_t i = 0; i < report->n; i++)
                if (report->rows[i].permille >= 0)
                        return true;
        return false;
}

/* So many of them find room in a line, with bars that are long enough. */
static unsigned in_a_line(const struct gauge *gauges, unsigned n, unsigned room, unsigned *ret_bar)
{
        unsigned taken = 0, fitting = 0;

        while (fitting < n) {
                unsigned more = gauges[fitting].name_width + gauge_rest(&gauges[fitting]) + 1;

                if (fitting > 0 && taken + more + (fitting + 1) * BAR_LEAST > room)
                        break;
                taken += more;
                fitting++;
        }
        *ret_bar = fitting > 0 && room > taken ? (room - taken) / fitting : 0;
        *ret_bar = *ret_bar < BAR_LEAST ? BAR_LEAST : *ret_bar > BAR_MOST ? BAR_MOST : *ret_bar;
        return fitting;
}

/* "shmmni[|||||    ]91%!" */
static void draw_gauge(const struct ui *ui, const struct gauge *gauge, unsigned bar, struct pen *pen)
{
        const struct limit_row *row = gauge->row;
        unsigned full = row->permille >= MILLE ? bar : bar * (unsigned)row->permille / MILLE;
        enum style style = limit_pressure(row) == PRESSURE_NONE ? STYLE_GOOD : limits_style(row);

        if (full == 0 && row->permille > 0)
                full = 1;
        grid_put_cut(pen->grid, pen->x, pen->y, gauge->name_width, gauge->name, 0, ALIGN_LEFT, ui->options.utf8);
        pen->x += gauge->name_width;
        pen_put(pen, TEXT("["), LOOK_BOLD);
        grid_fill(pen->grid, pen->x, pen->y, full, '|', style);
        pen->x += bar;
        pen_put(pen, TEXT("]"), LOOK_BOLD);
        pen_string(pen, gauge->end, style);
}

void layout_draw_gauges(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        struct gauge gauges[GAUGES_MOST];
        unsigned n, next = 0;

        if (layout->gauges_height == 0)
                return;
        n = choose(&ui->scene->findings.limits, gauges);
        for (unsigned line = 0; line < layout->gauges_height; line++) {
                unsigned bar, fitting = in_a_line(gauges + next, n - next, ui->width - 1, &bar), x = 1;

                for (unsigned end = next + fitting; next < end; next++) {
                        struct pen pen = { grid, x, layout->gauges_y + line, ui->width };

                        draw_gauge(ui, &gauges[next], bar, &pen);
                        x += gauges[next].name_width + gauge_rest(&gauges[next]) + bar + 1;
                }
        }
}

/* --- crumbs ---------------------------------------------------------------- */

/* What is marked, and the memory it takes; of very many that is not summed up for each frame. */
static void add_marks(const struct ui *ui, struct buf *out)
{
        const struct format format = ui_format(ui);
        struct value bytes = { .field = FIELD_SIZE_BYTES, .type = VALUE_UINT };
        size_t n = 0;

        if (!ui->scene || ui->marks.used == 0)
                return;
        if (ui->marks.used > SUMMED_MOST) {
                buf_string(out, "  ");
                buf_printf(out, P_("%zu marked", "%zu marked", ui->marks.used), ui->marks.used);
                return;
        }
        for (size_t i = 0; i < ui->scene->snapshot->nobjects && n < ui->marks.used; i++) {
                const struct object *object = &ui->scene->snapshot->objects[i];
                uint64_t memory;

                if (!ui_marked(ui, subject_of_object(object)))
                        continue;
                n++;
                if (totals_memory(object, &memory))
                        bytes.u += memory;
        }
        if (n == 0)
                return;
        buf_string(out, "  ");
        buf_printf(out, P_("%zu marked", "%zu marked", n), n);
        if (bytes.u > 0) {
                buf_byte(out, ' ');
                format_value(out, &bytes, &format);
        }
}

static void add_count(const struct ui *ui, struct buf *out)
{
        const struct level *level = ui_level(ui);
        size_t all = ui->rows.all > ui->rows.n ? ui->rows.all : ui->rows.n;

        if (level->view->flags & VIEW_SCROLLS || !ui->scene)
                return;
        buf_string(out, "  ");
        if (ui_settings(ui, level->view)->filter)
                /* TRANSLATORS: rows: those that the filter lets through, and all */
                buf_printf(out, _("%zu of %zu"), ui->rows.n, all);
        else if (level->view->flags & VIEW_OBJECTS)
                buf_printf(out, P_("%zu object", "%zu objects", all), all);
}

/* Lines of a page: where one is in it. */
static void add_place(const struct ui *ui, const struct layout *layout, struct buf *out)
{
        const struct level *level = ui_level(ui);
        size_t below = level->top + layout->body_height;

        if (!(level->view->flags & VIEW_SCROLLS) || ui->rows.n <= layout->body_height)
                return;
        buf_printf(out, "  %zu-%zu/%zu", level->top + 1, below < ui->rows.n ? below : ui->rows.n, ui->rows.n);
}

static void add_path(const struct ui *ui, struct buf *out)
{
        for (unsigned i = 0; i < ui->nlevels; i++) {
                const struct level *level = &ui->levels[i];

                if (i > 0)
                        buf_string(out, " > ");
                buf_string(out, level->title ? level->title : _(level->view->title));
        }
}

/* The path from its end, when it does not fit: where one is matters most. */
static void draw_path(const struct ui *ui, struct pen *pen, const struct buf *path)
{
        struct text text = buf_text(path);
        struct text mark = ui->options.utf8 ? TEXT("…") : TEXT("+");
        unsigned room = pen->end > pen->x ? pen->end - pen->x : 0, columns = utf8_columns(text);

        if (columns > room && room > 1) {
                unsigned cut;
                struct text head = utf8_cut(text, columns - room + 1, &cut);

                if (cut < columns - room + 1)
                        head = utf8_cut(text, columns - room + 2, &cut);
                pen_put(pen, mark, STYLE_DIM);
                text = text_from(text, head.len);
        }
        pen_put(pen, text, LOOK_BOLD);
}

void layout_draw_crumbs(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        const struct view_settings *settings = ui_settings(ui, ui_level(ui)->view);
        struct pen pen = { grid, 1, layout->crumbs_y, ui->width - 1 };
        struct buf text = { 0 };

        if (layout->crumbs_height == 0)
                return;
        if (!layout->has_title && ui->paused)
                pen_put_right(&pen, text_of(_(" PAUSED")), STYLE_WARN | LOOK_REVERSE);
        add_marks(ui, &text);
        pen_put_right(&pen, buf_text(&text), LOOK_BOLD);
        buf_clear(&text);
        add_count(ui, &text);
        add_place(ui, layout, &text);
        pen_put_right(&pen, buf_text(&text), 0);
        buf_clear(&text);

        add_path(ui, &text);
        draw_path(ui, &pen, &text);
        buf_clear(&text);
        if (settings->filter) {
                buf_string(&text, "  \\ ");
                escape_display(&text, text_of(settings->filter), ui->options.utf8);
                if (pen.end > pen.x)
                        grid_put_cut(grid, pen.x, pen.y, pen.end - pen.x, buf_text(&text), STYLE_WARN, ALIGN_LEFT,
                                     ui->options.utf8);
        }
        buf_done(&text);
}
