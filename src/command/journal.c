/* SPDX-License-Identifier: GPL-2.0-or-later */
/* journal: what was done, by whom, with which result. */
#include "admin/journal-entries.h"
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "base/number.h"
#include "command/message.h"
#include "command/session.h"
#include "output/json.h"
#include "sys/state.h"

#include <errno.h>
#include <string.h>

static const struct option_spec options[] = {
        { 'n', 'n', "lines", N_("N"), N_("the last N lines only") },
};

static int read_limit(const struct invocation *invocation, uint64_t *ret)
{
        *ret = UINT64_MAX;
        for (size_t i = 0; i < invocation->ngiven; i++)
                if (number_parse(text_of(invocation->given[i].argument), UINT64_MAX, ret) < 0) {
                        message(invocation, invocation->given[i].argument, _("not a number"));
                        return -EINVAL;
                }
        return 0;
}

static void add(struct table *table, struct text text, const struct format *format)
{
        struct buf out = { 0 };

        if (text.len)
                escape_display(&out, text, format->utf8);
        else
                buf_byte(&out, '-');
        table_add(table, buf_text(&out), STYLE_NONE, false);
        buf_done(&out);
}

static void add_row(struct table *table, const struct journal_row *row, const struct format *format)
{
        struct value time = { .field = FIELD_CHANGED_AT, .type = VALUE_UINT, .u = (uint64_t)row->time };
        struct buf text = { 0 };

        format_value(&text, &time, format);
        table_add(table, buf_text(&text), STYLE_NONE, false);
        add(table, row->user, format);
        add(table, row->as, format);
        buf_clear(&text);
        buf_add(&text, row->action);
        if (row->signal.len) {
                buf_byte(&text, ' ');
                buf_add(&text, row->signal);
        }
        add(table, buf_text(&text), format);
        add(table, row->ref.len ? row->ref : row->kind, format);
        buf_clear(&text);
        buf_add(&text, row->result);
        if (row->error.len) {
                buf_byte(&text, ' ');
                buf_add(&text, row->error);
        }
        add(table, buf_text(&text), format);
        add(table, row->copy, format);
        buf_done(&text);
}

static void print_table(struct session *session, const struct journal_entries *entries)
{
        const struct column columns[] = {
                { _("TIME"), ALIGN_LEFT, 0 },    { _("USER"), ALIGN_LEFT, 8 },
                { _("AS"), ALIGN_LEFT, 8 },      { _("ACTION"), ALIGN_LEFT, 0 },
                { _("REF"), ALIGN_LEFT, 16 },    { _("RESULT"), ALIGN_LEFT, 0 },
                { _("COPY"), ALIGN_LEFT, 16 },
        };
        struct table table;

        table_init(&table, &session->arena, columns, COUNT(columns));
        for (size_t i = 0; i < entries->n; i++)
                add_row(&table, &entries->rows[i], &session->format);
        table_print(&table, &session->look, &session->sink.buf);
        table_done(&table);
}

static void tell_doubts(const struct invocation *invocation, const char *path, const struct journal_entries *entries)
{
        struct buf text = { 0 };

        if (entries->damaged) {
                buf_printf(&text, P_("%zu line is damaged and left out", "%zu lines are damaged and left out",
                                     entries->damaged), entries->damaged);
                message(invocation, path, text.data);
        }
        buf_clear(&text);
        if (entries->interrupted) {
                buf_printf(&text, P_("%zu removal was interrupted: look whether the object is still there",
                                     "%zu removals were interrupted: look whether the objects are still there",
                                     entries->interrupted), entries->interrupted);
                message(invocation, path, text.data);
        }
        buf_done(&text);
}

static enum exit_status run_session(struct session *session, uint64_t limit)
{
        const struct invocation *invocation = session->invocation;
        struct json_options json = { .lines = invocation->settings.lines };
        struct buf all = { 0 }, path = { 0 };
        struct journal_entries entries;
        int r = journal_read(&all);

        if (journal_path(&path) < 0)
                buf_string(&path, _("journal"));
        if (r < 0 && r != -ENOENT) {
                message(invocation, path.data, r == -EPERM ? _("others can write it, so it is not trusted")
                                                           : strerror(-r));
                buf_done(&path);
                return r == -EACCES || r == -EPERM ? STATUS_FORBIDDEN : STATUS_FAILED;
        }
        session_take(session);
        journal_entries_read(buf_text(&all), limit, &session->arena, &entries);
        if (invocation->settings.json)
                json_print_journal(session->snapshot, entries.lines, entries.n, &json, &session->sink);
        else
                print_table(session, &entries);
        tell_doubts(invocation, path.data, &entries);
        buf_done(&path);
        buf_done(&all);
        return STATUS_DONE;
}

static enum exit_status journal_run(struct invocation *invocation)
{
        enum exit_status status;
        struct session session;
        uint64_t limit;

        if (read_limit(invocation, &limit) < 0)
                return STATUS_USAGE;
        status = session_open(&session, invocation);
        if (status == STATUS_DONE) {
                session.want.holders = false;
                status = run_session(&session, limit);
        }
        return session_close(&session, status);
}

const struct command command_journal = {
        .name = "journal",
        .usage = "",
        .no_arguments = true,
        .summary = N_("what was done to objects, by whom, with which result"),
        .options = options, .noptions = COUNT(options),
        .run = journal_run,
};
