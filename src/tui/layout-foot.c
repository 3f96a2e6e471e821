/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last line: what is typed, what is told, or which keys there are. */
#include "base/escape.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "tui/layout-private.h"

enum { HINT_GAP = 2, HINTS_MOST = 32 };

/* --- hints ----------------------------------------------------------------- */

struct hint {
        enum action action;
        struct text key;
        const char *word;
        unsigned width, x;
};

/* There is nowhere to go back to from a tab. */
static bool is_idle(const struct ui *ui, enum action action)
{
        return !ui_allows(ui, action) || (action == ACTION_BACK && ui->nlevels <= 1);
}

static unsigned collect(const struct ui *ui, struct hint ret[HINTS_MOST])
{
        unsigned where = ui_level(ui)->view->flags & VIEW_SCROLLS ? IN_PAGE : IN_TABLE, n = 0;

        for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT && n < HINTS_MOST; action++) {
                const struct action_facts *facts = action_facts(action);
                struct text keys = text_of(facts->keys);
                struct hint *hint = &ret[n];

                if (!facts->footer || !(facts->where & where) || is_idle(ui, action))
                        continue;
                *hint = (struct hint){ .action = action, .word = _(facts->footer) };
                text_word(&keys, &hint->key);
                hint->width = (unsigned)hint->key.len + 1 + utf8_columns(text_of(hint->word)) + HINT_GAP;
                n++;
        }
        return n;
}

/* Those that find room: the last two (help, quit) always, the others from the first. */
static unsigned place_hints(const struct ui *ui, struct hint hints[HINTS_MOST])
{
        unsigned n = collect(ui, hints), kept = 0, x = 1, last = n > 2 ? n - 2 : 0, reserved = 0;

        for (unsigned i = last; i < n; i++)
                reserved += hints[i].width;
        for (unsigned i = 0; i < n; i++) {
                if (i >= last)
                        reserved -= hints[i].width;
                if (x + hints[i].width + reserved > ui->width + HINT_GAP)
                        continue;
                hints[i].x = x;
                x += hints[i].width;
                hints[kept++] = hints[i];
        }
        return kept;
}

static void draw_hints(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        struct hint hints[HINTS_MOST];
        unsigned n = place_hints(ui, hints);

        for (unsigned i = 0; i < n; i++) {
                struct pen pen = { grid, hints[i].x, layout->footer_y, ui->width };

                pen_put(&pen, hints[i].key, LOOK_BOLD);
                pen.x++;
                pen_string(&pen, hints[i].word, 0);
        }
}

enum action layout_hint_at(const struct ui *ui, unsigned x)
{
        struct hint hints[HINTS_MOST];
        unsigned n;

        if (ui->prompt.type != PROMPT_NONE || ui->message.len > 0)
                return ACTION_NONE;
        n = place_hints(ui, hints);
        for (unsigned i = 0; i < n; i++)
                if (x >= hints[i].x && x - hints[i].x < hints[i].width - HINT_GAP)
                        return hints[i].action;
        return ACTION_NONE;
}

/* --- prompt ---------------------------------------------------------------- */

static const char *prompt_label(enum prompt_type type)
{
        switch (type) {
        case PROMPT_SEARCH:
                return "/";
        case PROMPT_FILTER:
                return "\\ ";
        case PROMPT_WRITE:
                return _("write to: ");
        default:
                return ":";
        }
}

/* Columns of what stands before a byte offset, as it is shown. */
static unsigned shown_columns(const struct ui *ui, size_t offset, struct buf *shown)
{
        size_t len = offset < ui->prompt.text.len ? offset : ui->prompt.text.len;

        buf_clear(shown);
        escape_display(shown, (struct text){ buf_text(&ui->prompt.text).data, len }, ui->options.utf8);
        return utf8_columns(buf_text(shown));
}

/*
 * The line above: completions, or what is wrong, with a sign above the place; the
 * words stand behind it, or before it where they have no room there.
 */
static void draw_hint(const struct ui *ui, unsigned y, unsigned fault, struct grid *grid)
{
        bool wrong = ui->prompt.fault != SIZE_MAX;
        unsigned x = 1, columns = utf8_columns(buf_text(&ui->prompt.hint));

        if (ui->prompt.hint.len == 0 || y == 0)
                return;
        grid_fill(grid, 0, y, ui->width, ' ', 0);
        if (wrong) {
                grid_put(grid, fault, y, 1, TEXT("v"), STYLE_BAD | LOOK_BOLD);
                x = fault + 2;
                if (x + columns > ui->width && columns + 2 <= fault)
                        x = fault - 1 - columns;
        }
        if (x < ui->width)
                grid_put_cut(grid, x, y, ui->width - x, buf_text(&ui->prompt.hint), wrong ? STYLE_BAD : STYLE_NONE,
                             ALIGN_LEFT, ui->options.utf8);
}

static void draw_prompt(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        struct pen pen = { grid, 0, layout->footer_y, ui->width };
        struct buf shown = { 0 };
        unsigned cursor, skip = 0, cut, fault, start;

        pen_string(&pen, prompt_label(ui->prompt.type), LOOK_BOLD);
        start = pen.x;
        fault = start + (ui->prompt.fault != SIZE_MAX ? shown_columns(ui, ui->prompt.fault, &shown) : 0);
        cursor = shown_columns(ui, ui->prompt.cursor, &shown);
        shown_columns(ui, SIZE_MAX, &shown);

        /* The cursor stays on the screen. */
        if (start + cursor >= ui->width)
                skip = start + cursor - ui->width + 1;
        if (skip > 0) {
                struct text head = utf8_cut(buf_text(&shown), skip, &cut);

                if (cut < skip)
                        head = utf8_cut(buf_text(&shown), skip + 1, &skip);
                pen_put(&pen, text_from(buf_text(&shown), head.len), 0);
        } else {
                pen_put(&pen, buf_text(&shown), 0);
        }
        if (ui->prompt.fault != SIZE_MAX && fault >= start + skip)
                grid_look(grid, fault - skip, layout->footer_y, 1, STYLE_BAD | LOOK_UNDER);
        draw_hint(ui, layout->footer_y - 1, fault >= skip ? fault - skip : start, grid);
        grid->cursor = true;
        grid->cursor_x = start + cursor - skip;
        grid->cursor_y = layout->footer_y;
        buf_done(&shown);
}

void layout_draw_footer(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        if (ui->prompt.type != PROMPT_NONE)
                draw_prompt(ui, layout, grid);
        else if (ui->message.len > 0)
                grid_put_cut(grid, 1, layout->footer_y, ui->width - 1, buf_text(&ui->message), ui->message_style,
                             ALIGN_LEFT, ui->options.utf8);
        else
                draw_hints(ui, layout, grid);
}
