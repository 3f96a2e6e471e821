/* SPDX-License-Identifier: GPL-2.0-or-later */
/* show: everything about objects and processes. */
#include "command/show.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "command/configuration.h"
#include "command/message.h"
#include "command/references.h"
#include "command/session.h"
#include "output/page.h"
#include "report/verdict.h"

#include <stdlib.h>

struct page_list {
        struct object_set objects;
        const struct process **processes;
        size_t nprocesses;
};

static void find_processes(struct session *session, struct references *references, struct page_list *pages)
{
        pages->processes = memory_new((references->n + 1) * sizeof(*pages->processes));
        for (size_t i = 0; i < references->n; i++) {
                const struct process *process;

                if (references->list[i].by != REFERENCE_PID)
                        continue;
                process = snapshot_process(session->snapshot, (pid_t)references->list[i].number);
                if (process) {
                        pages->processes[pages->nprocesses++] = process;
                        references->found++;
                } else {
                        references_missing(references, i);
                }
        }
}

static void print_pages(struct session *session, struct judge *judge, const struct page_list *pages)
{
        for (size_t i = 0; i < pages->objects.n; i++) {
                if (i)
                        buf_byte(&session->sink.buf, '\n');
                page_object(judge, pages->objects.objects[i], &session->format, &session->look,
                            &session->sink);
                sink_pass(&session->sink);
        }
        for (size_t i = 0; i < pages->nprocesses; i++) {
                if (i || pages->objects.n)
                        buf_byte(&session->sink.buf, '\n');
                page_process(session->snapshot, pages->processes[i], &session->format, &session->look, &session->sink);
                sink_pass(&session->sink);
        }
}

/* The JSON of a process names what it holds: those objects are in it too. */
static void print_json(struct session *session, struct judge *judge, struct page_list *pages,
                       const struct references *references)
{
        struct json_options options = { .lines = session->invocation->settings.lines, .judge = judge,
                                        .errors = references->errors, .nerrors = references->nerrors };

        for (size_t i = 0; i < pages->nprocesses; i++)
                for (unsigned j = 0; j < pages->processes[i]->nholds; j++)
                        object_set_add(&pages->objects, session->snapshot, pages->processes[i]->holds[j]->object);
        json_print(session->snapshot, pages->objects.objects, pages->objects.n,
                   pages->nprocesses ? pages->processes : NULL, pages->nprocesses, &options, &session->sink);
}

static void ask(struct session *session, const struct references *references)
{
        for (size_t i = 0; i < references->n; i++) {
                const struct kind *kind = references->list[i].kind;

                if (references->list[i].by == REFERENCE_PID) {
                        session_want_all_kinds(session);
                        session->want.processes = true;
                } else if (!kind || kind->wake == WAKE_WATCHED) {
                        /* A descriptor may be anything; what is watched may be, too. */
                        session_want_all_kinds(session);
                }
        }
        session_want_all_fields(session);
        session_want_kin(session);
        session->want.detail = true;
        session->want.waiters = true;
}

static enum exit_status run_session(struct session *session, struct references *references,
                                    const struct configuration *configuration)
{
        const struct invocation *invocation = session->invocation;
        enum exit_status status = STATUS_DONE;
        struct page_list pages = { 0 };
        struct judge judge;

        for (int i = 0; i < invocation->narguments && status == STATUS_DONE; i++)
                status = references_add(references, invocation->arguments[i]);
        if (status != STATUS_DONE)
                return status;
        ask(session, references);
        session_collect(session);
        references_find(references, session->snapshot, &pages.objects);
        pages.objects.n = session_select(session, pages.objects.objects, pages.objects.n);
        find_processes(session, references, &pages);
        judge_init(&judge, session->snapshot, configuration->protections);
        if (invocation->settings.json)
                print_json(session, &judge, &pages, references);
        else
                print_pages(session, &judge, &pages);
        judge_done(&judge);
        object_set_done(&pages.objects);
        free(pages.processes);
        return references_status(references);
}

enum exit_status show_run(struct invocation *invocation)
{
        struct configuration configuration;
        struct references references;
        struct session session;
        enum exit_status status;

        if (invocation->narguments == 0) {
                message(invocation, NULL, _("which object? (KIND:NAME or pid:N)"));
                return STATUS_USAGE;
        }
        status = session_open(&session, invocation);
        references_init(&references, &session);
        /* What is wrong with it is told; for looking it will do. */
        configuration_read(&configuration, invocation);
        if (status == STATUS_DONE)
                status = run_session(&session, &references, &configuration);
        references_done(&references);
        configuration_done(&configuration);
        return session_close(&session, status);
}

const struct command command_show = {
        .name = "show",
        .usage = N_("REF..."),
        .saved = true,
        .summary = N_("everything about objects or processes: who has them, since when, may they be removed"),
        .run = show_run,
};
