/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limits: every limit that bounds IPC, its use, and who uses most. */
#include "command/limits.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "command/configuration.h"
#include "command/message.h"
#include "command/options.h"
#include "output/limits.h"

#include <errno.h>
#include <stdlib.h>

enum { OPTION_ALL = 512, OPTION_FAIL_AT };

static const struct option_spec options[] = {
        { OPTION_ALL, 0, "all", NULL, N_("a row for each user, process, queue... that a limit binds") },
        { OPTION_FAIL_AT, 0, "fail-at", N_("[NAME=]LEVEL"),
          N_("exit with 10 if a limit is used that much, as in 80%") },
};

/* The levels of --fail-at, above those of the configuration. */
static enum exit_status read_levels(const struct invocation *invocation, struct thresholds *thresholds)
{
        for (size_t i = 0; i < invocation->ngiven; i++) {
                const struct given *given = &invocation->given[i];
                int err = given->code == OPTION_FAIL_AT ? thresholds_add(thresholds, given->argument) : 0;

                if (err < 0) {
                        message(invocation, given->argument, err == -ENOENT ? _("--fail-at: no such limit") :
                                                             _("--fail-at: not a percentage, as in 80% or shmmni=80%"));
                        return STATUS_USAGE;
                }
        }
        return STATUS_DONE;
}

void limits_want(struct session *session)
{
        static const uint16_t fields[] = {
                FIELD_OWNER, FIELD_SIZE_BYTES, FIELD_SEMAPHORE_COUNT, FIELD_QUEUED_BYTES,
                FIELD_QUEUED_MESSAGES, FIELD_MAX_BYTES, FIELD_MAX_MESSAGES, FIELD_MAX_MESSAGE_BYTES,
                FIELD_ALLOCATED_BYTES, FIELD_WATCH_COUNT, FIELD_TARGET_COUNT, FIELD_BACKLOG, FIELD_MAX_BACKLOG,
        };

        session_want_all_kinds(session);
        session_want_fields(session, fields, COUNT(fields));
        session->want.limits = true;
        session->want.processes = !session->invocation->settings.no_holders;
}

enum exit_status limits_need(const struct session *session)
{
        if (session->snapshot->want.limits)
                return STATUS_DONE;
        message(session->invocation, session->invocation->settings.from,
                _("a list of objects, without limits: save 'ipcview --json', without a command"));
        return STATUS_FAILED;
}

/* The rows that are shown. */
struct selection {
        bool named[LIMIT_COUNT];
        bool any;                       /* some limit was named; else all are meant */
        bool own;                       /* of namespaces, those of the reader only */
        bool every;                     /* one that binds several: a row for each of them */
        struct thresholds thresholds;
        const struct limit_row **rows;
        size_t n;
};

static enum exit_status read_names(const struct invocation *invocation, struct selection *selection)
{
        for (int i = 0; i < invocation->narguments; i++) {
                uint16_t limit;

                if (!limit_find(text_of(invocation->arguments[i]), &limit)) {
                        message(invocation, invocation->arguments[i], _("no such limit"));
                        return STATUS_USAGE;
                }
                selection->named[limit] = selection->any = true;
        }
        return STATUS_DONE;
}

static bool is_selected(const struct selection *selection, const struct snapshot *snapshot,
                        const struct limit_reading *reading)
{
        if (selection->any && !selection->named[reading->limit])
                return false;
        return !selection->own || reading->subject == snapshot->origin.ipc_ns;
}

static void select_rows(const struct limit_report *report, const struct snapshot *snapshot,
                        struct selection *selection)
{
        selection->rows = memory_new((report->n + 1) * sizeof(*selection->rows));
        for (size_t i = 0; i < report->n; i++)
                if (is_selected(selection, snapshot, report->rows[i].reading))
                        selection->rows[selection->n++] = &report->rows[i];
}

static bool find_column(struct text word, enum limit_column *ret)
{
        for (unsigned i = 0; i < LIMIT_COLUMNS; i++)
                if (text_equal(word, text_of(limit_column_word(i)))) {
                        *ret = i;
                        return true;
                }
        return false;
}

static const enum limit_column standard[] = {
        LIMIT_COLUMN_LIMIT, LIMIT_COLUMN_WHOM, LIMIT_COLUMN_VALUE, LIMIT_COLUMN_USED, LIMIT_COLUMN_PERCENT,
        LIMIT_COLUMN_TOP,
};

/* -o a,b or +a or all. Returns the number, or -1 after a message. ret has room for LIMIT_COLUMNS. */
static int read_columns(const struct invocation *invocation, enum limit_column *ret)
{
        const char *given = invocation->settings.columns;
        struct text rest = text_of(given ? given : "+"), word;
        bool has[LIMIT_COLUMNS] = { 0 };
        int n = 0;

        if (given && strcmp(given, "all") == 0) {
                for (unsigned i = 0; i < LIMIT_COLUMNS; i++)
                        ret[n++] = i;
                return n;
        }
        if (text_starts(rest, TEXT("+"))) {
                rest = text_from(rest, 1);
                for (unsigned i = 0; i < COUNT(standard); i++) {
                        ret[n++] = standard[i];
                        has[standard[i]] = true;
                }
        }
        while (text_split(&rest, ',', &word)) {
                struct parse_error error = { N_("no column of limits"), (size_t)(word.data - given) };
                enum limit_column column;

                if (!find_column(word, &column)) {
                        message_parse(invocation, "-o", given, &error);
                        return -1;
                }
                if (!has[column])
                        ret[n++] = column;
                has[column] = true;
        }
        /* No columns at all, or none behind the last comma. */
        if (n == 0 || (given && text_ends(text_of(given), TEXT(",")))) {
                message_parse(invocation, "-o", given,
                              &(struct parse_error){ N_("no column of limits"), strlen(given) });
                return -1;
        }
        return n;
}

struct order {
        enum limit_column column;
        bool descending;
        bool given;
};

/* COLUMN[:desc]; only of those that have an order of their own. */
static enum exit_status read_order(const struct invocation *invocation, struct order *ret)
{
        const char *given = invocation->settings.sort;
        struct text rest = text_of(given ? given : ""), word;

        if (!given)
                return STATUS_DONE;
        ret->given = true;
        if (!text_split(&rest, ':', &word) || !find_column(word, &ret->column) ||
            (ret->column != LIMIT_COLUMN_LIMIT && ret->column != LIMIT_COLUMN_VALUE &&
             ret->column != LIMIT_COLUMN_USED && ret->column != LIMIT_COLUMN_PERCENT &&
             ret->column != LIMIT_COLUMN_FAILURES)) {
                message_parse(invocation, "--sort", given,
                              &(struct parse_error){ N_("not one of limit, value, used, percent, failures"), 0 });
                return STATUS_USAGE;
        }
        ret->descending = text_equal(rest, TEXT("desc"));
        if (rest.len > 0 && !ret->descending) {
                message_parse(invocation, "--sort", given,
                              &(struct parse_error){ N_("only :desc may follow"), word.len });
                return STATUS_USAGE;
        }
        return STATUS_DONE;
}

/* What has no such number comes last, whatever the direction. */
static bool key_of(const struct limit_row *row, enum limit_column column, uint64_t *ret)
{
        switch (column) {
        case LIMIT_COLUMN_VALUE:
                *ret = row->reading->unlimited ? UINT64_MAX : row->reading->value;
                return !row->reading->unknown;
        case LIMIT_COLUMN_USED:
                *ret = row->used;
                return row->known;
        case LIMIT_COLUMN_PERCENT:
                *ret = (uint64_t)(row->permille < 0 ? 0 : row->permille);
                return row->permille >= 0;
        case LIMIT_COLUMN_FAILURES:
                *ret = row->reading->failures;
                return true;
        default:
                *ret = 0;
                return true;
        }
}

static int compare(const void *a, const void *b, void *data)
{
        const struct limit_row *x = *(const struct limit_row *const *)a, *y = *(const struct limit_row *const *)b;
        const struct order *order = data;
        uint64_t p, q;
        bool has_p = key_of(x, order->column, &p), has_q = key_of(y, order->column, &q);
        int result = 0;

        if (has_p != has_q)
                return has_p ? -1 : 1;
        if (order->column == LIMIT_COLUMN_LIMIT)
                result = strcmp(limit_get(x->reading->limit)->name, limit_get(y->reading->limit)->name);
        else if (has_p && p != q)
                result = p < q ? -1 : 1;
        if (result)
                return order->descending ? -result : result;
        return x < y ? -1 : x > y;
}

/* One line on stderr for each limit that is above its level: what cron mails. */
static enum exit_status judge(const struct invocation *invocation, const struct session *session,
                              const struct selection *selection)
{
        const struct thresholds *thresholds = &selection->thresholds;
        enum exit_status status = STATUS_DONE;
        struct buf text = { 0 };

        for (size_t i = 0; i < selection->n; i++) {
                const struct limit_row *row = selection->rows[i];
                int level = 0;

                if (!thresholds_reached(thresholds, row))
                        continue;
                status = STATUS_LIMIT;
                if (invocation->settings.quiet)
                        break;
                thresholds_get(thresholds, row->reading->limit, &level);
                buf_clear(&text);
                limits_format_whom(&text, row->reading, &session->format);
                buf_string(&text, ": ");
                limits_format_permille(&text, row->permille);
                buf_string(&text, _(" used, at or above "));
                limits_format_permille(&text, level);
                message(invocation, limit_get(row->reading->limit)->name, text.data);
        }
        buf_done(&text);
        return status;
}

static enum exit_status print(struct session *session, struct selection *selection, struct order *order,
                              const enum limit_column *columns, unsigned ncolumns)
{
        const struct invocation *invocation = session->invocation;
        const struct settings *settings = &invocation->settings;
        enum exit_status status;

        if (order->given && selection->n)
                qsort_r(selection->rows, selection->n, sizeof(*selection->rows), compare, order);
        if (settings->json)
                limits_json(session->snapshot, selection->rows, selection->n,
                            &(struct json_options){ .lines = settings->lines }, &session->sink);
        else
                limits_print(selection->rows, selection->n, columns, ncolumns, &session->format, &session->look,
                             &session->sink);
        status = judge(invocation, session, selection);
        return status;
}

static enum exit_status show(struct invocation *invocation, struct selection *selection)
{
        enum limit_column columns[LIMIT_COLUMNS];
        struct order order = { 0 };
        struct invocation call = *invocation;
        struct session session;
        struct limit_report report;
        enum exit_status status = read_order(invocation, &order);
        int ncolumns = read_columns(invocation, columns);

        if (status != STATUS_DONE || ncolumns < 0)
                return STATUS_USAGE;
        if (invocation->settings.filter) {
                message(invocation, "--filter", _("is for objects: name the limits instead"));
                return STATUS_USAGE;
        }
        /* These were ours, not fields of objects. */
        call.settings.sort = call.settings.columns = NULL;
        status = session_open(&session, &call);
        if (status == STATUS_DONE) {
                limits_want(&session);
                session_collect(&session);
                status = limits_need(&session);
        }
        if (status == STATUS_DONE) {
                limits_report(session.snapshot, selection->every, &report);
                select_rows(&report, session.snapshot, selection);
                status = print(&session, selection, &order, columns, (unsigned)ncolumns);
                free(selection->rows);
                limits_report_done(&report);
        }
        return session_close(&session, status);
}

enum exit_status limits_like_ipcs(struct invocation *invocation, const char *const *kinds, unsigned nkinds)
{
        static const struct {
                const char *kind;
                uint16_t first, last;   /* in the dictionary */
        } parts[] = {
                { "shm", LIMIT_SHMMNI, LIMIT_SHMMIN }, { "msg", LIMIT_MSGMNI, LIMIT_MSGMNB },
                { "sem", LIMIT_SEMMNI, LIMIT_SEMVMX },
        };
        struct selection selection = { .any = true, .own = true, .every = true };

        for (unsigned i = 0; i < COUNT(parts); i++) {
                bool wanted = nkinds == 0;

                for (unsigned j = 0; j < nkinds; j++)
                        wanted |= strcmp(kinds[j], parts[i].kind) == 0;
                for (uint16_t limit = parts[i].first; wanted && limit <= parts[i].last; limit++)
                        selection.named[limit] = true;
        }
        return show(invocation, &selection);
}

static enum exit_status run(struct invocation *invocation)
{
        struct selection selection = { .every = options_given(invocation, OPTION_ALL) };
        struct configuration configuration;
        enum exit_status status;

        if (invocation->narguments > 0 && strcmp(invocation->arguments[0], "explain") == 0)
                return limits_explain_run(invocation);
        status = read_names(invocation, &selection);
        if (status != STATUS_DONE)
                return status;
        /* What is wrong with it is told; for looking it will do. */
        configuration_read(&configuration, invocation);
        selection.thresholds = configuration.thresholds;
        configuration_done(&configuration);
        status = read_levels(invocation, &selection.thresholds);
        return status == STATUS_DONE ? show(invocation, &selection) : status;
}

const struct command command_limits = {
        .name = "limits",
        .usage = N_("[NAME]... | explain ERROR [CALL]"),
        .saved = true,
        .summary = N_("every limit that bounds IPC, its use, and who uses most"),
        .details = N_("explain goes through the limits that make a system call fail with an error (ENOSPC,\n"
                      "EMFILE, EAGAIN...), in the kernel's order, and says which one is hit now and by whom."),
        .options = options, .noptions = COUNT(options),
        .run = run,
};
