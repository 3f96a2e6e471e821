/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metrics: limits, objects, findings and waits for Prometheus. */
#include "base/array.h"
#include "base/i18n.h"
#include "command/check.h"
#include "command/limits.h"
#include "command/message.h"
#include "command/options.h"
#include "output/metrics.h"
#include "sys/file-replace.h"

#include <errno.h>
#include <time.h>

enum { OPTION_OUTPUT = 512, OPTION_ALL };

/* Whoever collects the file runs as another user. */
enum { FILE_MODE = 0644 };

static const struct option_spec options[] = {
        { OPTION_OUTPUT, 'o', "output", N_("FILE"), N_("write FILE, which is replaced as a whole or not at all") },
        { OPTION_ALL, 0, "all", NULL, N_("a series for each user, process, queue... that a limit binds") },
};

/* -o FILE; NULL: standard output. */
static const char *file_of(const struct invocation *invocation)
{
        const char *file = NULL;

        for (size_t i = 0; i < invocation->ngiven; i++)
                if (invocation->given[i].code == OPTION_OUTPUT)
                        file = invocation->given[i].argument;
        return file;
}

/* What other commands take and would mean nothing here: better said than ignored. */
static enum exit_status refuse_settings(const struct invocation *invocation)
{
        const struct settings *settings = &invocation->settings;
        const char *given = settings->columns ? "-o" : settings->filter ? "--filter" : settings->sort ? "--sort" :
                            settings->json ? "--json" : NULL;

        if (!given)
                return STATUS_DONE;
        message(invocation, given, settings->columns ? _("has no columns: a file is named behind the command") :
                                                       _("metrics have one format, and all of it"));
        return STATUS_USAGE;
}

static int64_t now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void want_everything(struct session *session)
{
        static const uint16_t fields[] = {
                FIELD_OWNER, FIELD_STATE, FIELD_SIZE_BYTES, FIELD_RESIDENT_BYTES, FIELD_SWAPPED_BYTES,
                FIELD_ALLOCATED_BYTES, FIELD_QUEUED_BYTES,
        };
        unsigned n;
        const uint16_t *more = findings_fields(&n);

        limits_want(session);
        session_want_fields(session, fields, COUNT(fields));
        session_want_fields(session, more, n);
        session->want.waiters = true;
}

static int gather(void *data, struct text bytes)
{
        buf_add(data, bytes);
        return 0;
}

static enum exit_status write_file(const struct invocation *invocation, const char *file,
                                   const struct metrics *metrics)
{
        struct buf text = { 0 };
        struct sink sink = { .write = gather, .data = &text };
        int err;

        metrics_print(metrics, &sink);
        sink_done(&sink);
        err = file_replace(file, buf_text(&text), FILE_MODE);
        buf_done(&text);
        if (err == 0)
                return STATUS_DONE;
        message(invocation, file,
                err == -ELOOP ? _("is a symbolic link: name the file itself") : strerror(-err));
        return STATUS_FAILED;
}

static enum exit_status print(struct session *session, const struct configuration *configuration, int64_t start)
{
        const struct invocation *invocation = session->invocation;
        struct metrics metrics = { .snapshot = session->snapshot, .every = options_given(invocation, OPTION_ALL) };
        const char *file = file_of(invocation);
        struct findings_options how;
        int levels[LIMIT_COUNT];
        enum exit_status status = STATUS_DONE;
        struct limit_report limits;
        struct findings findings;

        limits_report(session->snapshot, metrics.every, &limits);
        metrics.limits = &limits;
        /* Rules that don't see who holds what would say that nothing is wrong. */
        if (session->want.holders) {
                check_options(session, configuration, 0, levels, &how);
                findings_make(session->snapshot, &how, &findings);
                metrics.findings = &findings;
                metrics.rules = how.rules;
        }
        metrics.duration = now() - start;
        if (file)
                status = write_file(invocation, file, &metrics);
        else
                metrics_print(&metrics, &session->sink);
        if (metrics.findings)
                findings_done(&findings);
        limits_report_done(&limits);
        return status;
}

static enum exit_status run(struct invocation *invocation)
{
        enum exit_status status = refuse_settings(invocation);
        int64_t start = now();
        struct configuration configuration;
        struct session session;

        if (status != STATUS_DONE)
                return status;
        status = session_open(&session, invocation);
        if (status == STATUS_DONE) {
                /* What is wrong with it is told; for looking it will do. */
                configuration_read(&configuration, invocation);
                want_everything(&session);
                session_collect(&session);
                status = print(&session, &configuration, start);
                configuration_done(&configuration);
        }
        return session_close(&session, status);
}

const struct command command_metrics = {
        .name = "metrics",
        .usage = "",
        .no_arguments = true,
        .summary = N_("limits, objects, findings and waits for Prometheus"),
        .details = N_("In the text format of Prometheus: for the textfile collector of its node exporter, with\n"
                      "-o /var/lib/prometheus/node-exporter/ipcview.prom."),
        .options = options, .noptions = COUNT(options),
        .run = run,
};
