/* SPDX-License-Identifier: GPL-2.0-or-later */
/* info: version, machine, and what this user can and cannot see. */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "command/session.h"
#include "kind/kinds.h"
#include "sys/rights.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LABEL = 14 };

static void line(struct session *session, const char *label, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

static void line(struct session *session, const char *label, const char *format, ...)
{
        struct buf text = { 0 };
        char small[256];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(small, sizeof(small), format, arguments);
        va_end(arguments);
        escape_display(&text, text_of(small), session->look.utf8);
        buf_printf(&session->sink.buf, "%-*s %s\n", LABEL, label, text.data);
        buf_done(&text);
}

static void print_origin(struct session *session)
{
        const struct snapshot_origin *origin = &session->snapshot->origin;
        struct buf kernel = { 0 };
        struct text name = TEXT("?");

        rights_kernel(&kernel);
        snapshot_user_name(session->snapshot, origin->uid, &name);
        line(session, "program", "%s", PACKAGE_STRING);
        line(session, "schema", "%s", JSON_SCHEMA_VERSION);
        line(session, "kernel", "%s", origin->recorded ? _("recorded machine") : kernel.data);
        line(session, "host", "%.*s", (int)origin->host.len, origin->host.data);
        line(session, "user", "%u (%.*s)", (unsigned)origin->uid, (int)name.len, name.data);
        line(session, "namespaces", "ipc:[%llu] mnt:[%llu] net:[%llu] pid:[%llu]", (unsigned long long)origin->ipc_ns,
             (unsigned long long)origin->mnt_ns, (unsigned long long)origin->net_ns,
             (unsigned long long)origin->pid_ns);
        buf_done(&kernel);
}

static void print_kinds(struct session *session)
{
        size_t *counts = memory_new((all_kinds.nkinds + 1) * sizeof(*counts));

        for (size_t i = 0; i < session->snapshot->nobjects; i++)
                counts[session->snapshot->objects[i].kind_order]++;
        buf_printf(&session->sink.buf, "\n%s\n", _("What can be seen"));
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                buf_printf(&session->sink.buf, "  %-8s %8zu  %s\n", all_kinds.kinds[i]->name, counts[i],
                           _(all_kinds.kinds[i]->title));
        buf_printf(&session->sink.buf, "  %-8s %8zu  %s\n", "pid", session->snapshot->nprocesses, _("Processes"));
        free(counts);
}

static void print_rights(struct session *session)
{
        struct right rights[RIGHTS];

        if (session->snapshot->origin.recorded || rights_read(session->host, rights) < 0)
                return;
        buf_printf(&session->sink.buf, "\n%s\n", _("Rights"));
        for (unsigned i = 0; i < RIGHTS; i++)
                buf_printf(&session->sink.buf, "  %-22s %-4s %s\n", rights[i].name,
                           rights[i].held ? _("yes") : _("no"), _(rights[i].allows));
}

static void print_gaps(struct session *session)
{
        const struct snapshot *snapshot = session->snapshot;

        buf_printf(&session->sink.buf, "\n%s\n", _("What could not be seen"));
        if (snapshot_complete(snapshot))
                buf_printf(&session->sink.buf, "  %s\n", _("nothing is hidden"));
        for (size_t i = 0; i < snapshot->ngaps; i++) {
                const struct gap *gap = &snapshot->gaps[i];

                buf_printf(&session->sink.buf, "  %-8s %-20s %6u  %s%s%s\n", gap->kind ? gap->kind->name : "",
                           gap->where, gap->times, strerror(gap->err), gap->reason ? ": " : "",
                           gap->reason ? _(gap->reason) : "");
        }
}

static enum exit_status run(struct invocation *invocation)
{
        struct session session;
        enum exit_status status;

        status = session_open(&session, invocation);
        if (status == STATUS_DONE) {
                session_want_all_kinds(&session);
                session_want_all_fields(&session);
                session.want.waiters = true;
                session.want.processes = !invocation->settings.no_holders;
                session_take(&session);
                if (invocation->settings.json) {
                        struct json_options options = { .lines = invocation->settings.lines };

                        json_print(session.snapshot, NULL, 0, NULL, 0, &options, &session.sink);
                } else {
                        print_origin(&session);
                        print_kinds(&session);
                        print_rights(&session);
                        print_gaps(&session);
                }
        }
        return session_close(&session, status);
}

const struct command command_info = {
        .name = "info",
        .usage = "",
        .no_arguments = true,
        .saved = true,
        .summary = N_("version, machine, and what this user can and cannot see"),
        .run = run,
};
