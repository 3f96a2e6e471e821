/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/browse-state.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/number.h"
#include "sys/state.h"
#include "tui/prompt.h"

#include <errno.h>

#define STATE_FILE   "browse.state"
#define STATE_HEADER "# ipcview browse 1: written when the browser is left"

enum { FILE_MOST = 1 << 18, LINE_MOST = 512 };

static const struct {
        const char *name;
        enum prompt_type type;
} histories[] = {
        { "command", PROMPT_COMMAND },
        { "search",  PROMPT_SEARCH },
        { "filter",  PROMPT_FILTER },
        { "write",   PROMPT_WRITE },
};

/* --- columns by name ------------------------------------------------------- */

/* Those of a view of its own have none in the dictionary. */
static void add_column(struct buf *out, uint16_t id)
{
        if (id < FIELD_COUNT)
                buf_string(out, field_get(id)->name);
        else
                buf_printf(out, "own:%u", (unsigned)id - FIELD_COUNT);
}

static bool find_column(struct text name, uint16_t *ret)
{
        uint64_t number;

        if (!text_starts(name, TEXT("own:")))
                return field_find(name, ret);
        if (number_parse(text_from(name, 4), UINT8_MAX, &number) < 0)
                return false;
        *ret = (uint16_t)(FIELD_COUNT + number);
        return true;
}

/* --- writing --------------------------------------------------------------- */

static void write_view(struct buf *out, const struct view *view, const struct view_settings *settings)
{
        if (settings->sort != NO_SORT) {
                buf_printf(out, "sort %s ", view->name);
                add_column(out, settings->sort);
                buf_string(out, settings->descending ? " desc\n" : " asc\n");
        }
        for (unsigned i = 0; i < settings->ncolumns; i++) {
                if (i == 0)
                        buf_printf(out, "columns %s ", view->name);
                else
                        buf_byte(out, ',');
                add_column(out, settings->columns[i]);
        }
        if (settings->ncolumns > 0)
                buf_byte(out, '\n');
}

void browse_state_write(const struct ui *ui, struct buf *out)
{
        buf_string(out, STATE_HEADER "\n");
        buf_printf(out, "interval %u\n", ui->interval_ms);
        buf_printf(out, "detail %s\n", ui->detail ? "yes" : "no");
        for (unsigned i = 0; i < all_views_count; i++)
                write_view(out, all_views[i], &ui->settings[i]);
        for (unsigned i = 0; i < COUNT(histories); i++) {
                enum prompt_type type = histories[i].type;

                for (size_t j = 0; j < ui->prompt.nhistory[type]; j++) {
                        struct text line = text_of(ui->prompt.history[type][j]);

                        if (line.len > LINE_MOST)
                                continue;
                        buf_printf(out, "typed %s ", histories[i].name);
                        buf_add(out, line);
                        buf_byte(out, '\n');
                }
        }
}

/* --- reading --------------------------------------------------------------- */

/* Lines are read twice: only when all are right, anything is done. */
static int read_interval(struct ui *ui, struct text rest, bool apply)
{
        uint64_t ms;

        if (number_parse(rest, INTERVAL_MOST_MS, &ms) < 0 || ms < INTERVAL_LEAST_MS)
                return -EINVAL;
        if (apply)
                ui->interval_ms = ui->paced_ms = (unsigned)ms;
        return 0;
}

static int read_detail(struct ui *ui, struct text rest, bool apply)
{
        bool yes = text_equal(rest, TEXT("yes"));

        if (!yes && !text_equal(rest, TEXT("no")))
                return -EINVAL;
        if (apply)
                ui->detail = yes;
        return 0;
}

/* A view that there is no more is passed over: *ret is NULL then. */
static int read_view(struct ui *ui, struct text *rest, struct view_settings **ret, bool *ret_objects)
{
        struct text name;
        const struct view *view;

        if (!text_split(rest, ' ', &name))
                return -EINVAL;
        view = view_find(name);
        *ret = view ? ui_settings(ui, view) : NULL;
        *ret_objects = view && view->flags & VIEW_OBJECTS;
        return 0;
}

static int read_sort(struct ui *ui, struct text rest, bool apply)
{
        struct view_settings *settings;
        struct text name;
        uint16_t column;
        bool descending, objects;

        if (read_view(ui, &rest, &settings, &objects) < 0 || !text_split(&rest, ' ', &name) ||
            !find_column(name, &column))
                return -EINVAL;
        descending = text_equal(rest, TEXT("desc"));
        if (!descending && !text_equal(rest, TEXT("asc")))
                return -EINVAL;
        if (apply && settings && (column < FIELD_COUNT || !objects)) {
                settings->sort = column;
                settings->descending = descending;
        }
        return 0;
}

static int read_columns(struct ui *ui, struct text rest, bool apply)
{
        struct view_settings *settings;
        uint16_t columns[COLUMNS_MOST];
        unsigned n = 0;
        struct text name;
        bool objects;

        if (read_view(ui, &rest, &settings, &objects) < 0)
                return -EINVAL;
        while (text_split(&rest, ',', &name))
                if (n == COLUMNS_MOST || !find_column(name, &columns[n]) || columns[n++] > COLUMN_ACTIVITY)
                        return -EINVAL;
        if (apply && settings && objects) {
                memcpy(settings->columns, columns, n * sizeof(*columns));
                settings->ncolumns = n;
        }
        return 0;
}

static int read_typed(struct ui *ui, struct text rest, bool apply)
{
        struct text name;

        if (!text_split(&rest, ' ', &name) || rest.len == 0 || rest.len > LINE_MOST)
                return -EINVAL;
        for (unsigned i = 0; i < COUNT(histories); i++)
                if (text_equal(name, text_of(histories[i].name))) {
                        if (apply)
                                prompt_remember(&ui->prompt, histories[i].type, rest);
                        return 0;
                }
        return -EINVAL;
}

static int read_line(struct ui *ui, struct text line, bool apply)
{
        static const struct {
                const char *name;
                int (*read)(struct ui *ui, struct text rest, bool apply);
        } words[] = {
                { "interval", read_interval }, { "detail", read_detail },   { "sort", read_sort },
                { "columns", read_columns },   { "typed", read_typed },
        };
        struct text name;

        if (!text_split(&line, ' ', &name))
                return -EINVAL;
        for (unsigned i = 0; i < COUNT(words); i++)
                if (text_equal(name, text_of(words[i].name)))
                        return words[i].read(ui, line, apply);
        return -EINVAL;
}

int browse_state_read(struct ui *ui, struct text text)
{
        for (unsigned pass = 0; pass < 2; pass++) {
                struct text rest = text, line;

                if (text.len == 0 || text.data[text.len - 1] != '\n' || !text_split(&rest, '\n', &line) ||
                    !text_equal(line, TEXT(STATE_HEADER)))
                        return -EINVAL;
                while (text_split(&rest, '\n', &line))
                        if (read_line(ui, line, pass == 1) < 0)
                                return -EINVAL;
        }
        return 0;
}

/* --- the file -------------------------------------------------------------- */

void browse_state_load(struct ui *ui)
{
        struct buf text = { 0 };
        int r;

        if (ui->options.fixed)
                return;
        r = state_file_read(STATE_FILE, FILE_MOST, &text);
        ui->options.first_run = r == -ENOENT;
        if (r == 0)
                r = browse_state_read(ui, buf_text(&text));
        if (r == -EINVAL || r == -EFBIG)
                ui_message(ui, STYLE_WARN, _("%s in the state directory is damaged: it was not read"), STATE_FILE);
        else if (r < 0 && r != -ENOENT)
                ui_message(ui, STYLE_WARN, _("%s in the state directory was not read: %s"), STATE_FILE, strerror(-r));
        buf_done(&text);
}

void browse_state_save(const struct ui *ui)
{
        struct buf text = { 0 };

        if (ui->options.readonly || ui->options.recorded || ui->options.fixed)
                return;
        browse_state_write(ui, &text);
        state_file_write(STATE_FILE, buf_text(&text));
        buf_done(&text);
}
