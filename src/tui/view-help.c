/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to type, from the tables that make it work. */
#include "base/array.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "tui/prompt.h"
#include "tui/view-cells.h"
#include "tui/view-text.h"

enum { KEY_COLUMNS = 20, INDENT = 2, WORDS_LEAST = 20 };

struct pair {
        const char *left, *right;       /* right: N_() */
};

static const struct pair filter_pairs[] = {
        { "size_bytes > 1M", N_("compare: == != < <= > >=, sizes with K M G, ages with s m h d") },
        { "state has orphan", N_("one of the words of a field") },
        { "owner == app", N_("users and groups by name or number") },
        { "name ~ '*cache*'", N_("a pattern; =~ a regular expression; !~ and !=~ are their opposites") },
        { "holders.comm == nginx", N_("true if it is of any holder; waiters. and semaphores. likewise") },
        { "A and not (B or C)", N_("also && ! ||") },
        { "waiting", N_("a field alone: is it known, and not zero?") },
};

static const struct pair sign_pairs[] = {
        { ">", N_("the row under the cursor") },
        { "*", N_("marked: what is done is done to all marked objects") },
        { "+", N_("new since the last look") },
        { "~", N_("before a value: it has changed; beside the row: something of it has") },
        { "-", N_("gone; for five seconds it is still shown. In a cell: does not apply") },
        { "?", N_("in a cell: it could not be read") },
        { "v ^", N_("in a heading: sorted by it, the largest or the smallest first") },
        { "< >", N_("at the ends of the heading: there are more columns, see Left and Right") },
        { "!", N_("a limit that is nearly, or wholly, used up; a finding that needs somebody") },
};

struct help {
        const struct ui *ui;
        struct rows *rows;
        unsigned width;
        struct buf text;
};

static void add_heading(struct help *help, const char *heading)
{
        if (help->rows->n > 0)
                rows_add_lines(help->rows, TEXT("\n"));
        rows_add_lines(help->rows, text_of(heading));
        help->rows->items[help->rows->n - 1].style = STYLE_TITLE;
}

/* What is typed, and beside it, or where that is too narrow below it, what it does. */
static void add_pair(struct help *help, struct text left, const char *right)
{
        unsigned column = INDENT + KEY_COLUMNS, columns = utf8_columns(left);
        struct buf words = { 0 };
        struct text rest, line;

        if (help->width < column + WORDS_LEAST)
                column = 2 * INDENT;
        buf_clear(&help->text);
        buf_string(&help->text, "  ");
        buf_add(&help->text, left);
        if (INDENT + columns + 2 > column)
                buf_byte(&help->text, '\n');
        cell_wrap(text_of(right), help->width > column ? help->width - column : 1, 0, &words);
        rest = buf_text(&words);
        while (text_split(&rest, '\n', &line)) {
                size_t start = help->text.len;

                while (start > 0 && help->text.data[start - 1] != '\n')
                        start--;
                cell_pad(&help->text, start, column);
                buf_add(&help->text, line);
                buf_byte(&help->text, '\n');
        }
        rows_add_lines(help->rows, buf_text(&help->text));
        buf_done(&words);
}

static void add_pairs(struct help *help, const char *heading, const struct pair *pairs, size_t n)
{
        add_heading(help, heading);
        for (size_t i = 0; i < n; i++)
                add_pair(help, text_of(pairs[i].left), _(pairs[i].right));
}

static void add_actions(struct help *help)
{
        const char *group = NULL;

        for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
                const struct action_facts *facts = action_facts(action);

                if (!ui_allows(help->ui, action))
                        continue;
                if (!group || strcmp(group, facts->group) != 0)
                        add_heading(help, _(facts->group));
                group = facts->group;
                add_pair(help, text_of(facts->keys), _(facts->help));
        }
}

static void add_tabs(struct help *help)
{
        add_heading(help, _("Views"));
        for (unsigned i = 0; i < all_views_count; i++) {
                const struct view *view = all_views[i];
                struct buf keys = { 0 };

                if (view->flags & VIEW_ABOUT)
                        continue;
                if (view->digit)
                        buf_printf(&keys, "%c ", view->digit);
                buf_printf(&keys, ":%s", view->name);
                add_pair(help, buf_text(&keys), _(view->title));
                buf_done(&keys);
        }
}

static void add_commands(struct help *help)
{
        const struct prompt_command *commands;
        unsigned n;

        commands = prompt_commands(&n);
        add_heading(help, _("Commands"));
        add_pair(help, TEXT(":shm, :pipe, ..."), _("the objects of a kind"));
        add_pair(help, TEXT(":shm:7, :pid:1"), _("an object or process"));
        for (unsigned i = 0; i < n; i++) {
                struct buf typed = { 0 };

                if (commands[i].program || !commands[i].help || (commands[i].changes && help->ui->options.readonly))
                        continue;
                buf_printf(&typed, ":%s", commands[i].name);
                if (commands[i].usage[0])
                        buf_printf(&typed, " %s", _(commands[i].usage));
                add_pair(help, buf_text(&typed), _(commands[i].help));
                buf_done(&typed);
        }
        if (!help->ui->options.recorded)
                add_pair(help, TEXT(":COMMAND ..."), _("any command of ipcview, as `ipcview help` lists them"));
}

static void fill(const struct ui *ui, const struct level *level, struct rows *rows)
{
        struct help help = { .ui = ui, .rows = rows, .width = text_width(ui) };

        (void)level;
        add_actions(&help);
        add_tabs(&help);
        add_commands(&help);
        add_pairs(&help, _("Filter"), filter_pairs, COUNT(filter_pairs));
        add_pairs(&help, _("Signs"), sign_pairs, COUNT(sign_pairs));
        buf_done(&help.text);
}

const struct view view_help = {
        .name = "help", .title = N_("Help"),
        .flags = VIEW_SCROLLS | VIEW_STATIC, .family = FAMILY_COUNT,
        .fill = fill, .columns = text_columns, .cell = text_cell,
};
