/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limits explain: which limit makes a call fail. */
#include "base/i18n.h"
#include "command/limits.h"
#include "command/message.h"
#include "output/limits.h"

#include <stdlib.h>

enum { ERRNO_MOST = 4095 };             /* MAX_ERRNO, linux/err.h */

/* ENOSPC, in any case; 0: no such error. */
static int find_error(const char *name)
{
        for (int error = 1; error <= ERRNO_MOST; error++) {
                const char *known = strerrorname_np(error);

                if (known && strcasecmp(known, name) == 0)
                        return error;
        }
        return strcasecmp(name, "EWOULDBLOCK") == 0 ? find_error("EAGAIN") : 0;
}

static bool is_call(const char *name)
{
        unsigned n;
        const struct limit_failure *failures = limit_failures(&n);

        for (unsigned i = 0; i < n; i++)
                if (limit_failure_names(&failures[i], text_of(name)))
                        return true;
        return false;
}

static enum exit_status explain(struct session *session, int error, const char *call)
{
        const struct settings *settings = &session->invocation->settings;
        struct limit_report report;
        struct limit_cause *causes;
        size_t n;

        limits_want(session);
        session_collect(session);
        if (limits_need(session) != STATUS_DONE)
                return STATUS_FAILED;
        limits_report(session->snapshot, true, &report);
        n = limits_explain(&report, error, call, &causes);
        if (settings->json)
                limits_json_causes(session->snapshot, causes, n, &(struct json_options){ .lines = settings->lines },
                                   &session->sink);
        else if (n > 0)
                limits_print_causes(causes, n, error, call, &session->format, &session->sink);
        else
                message(session->invocation, call ? call : strerrorname_np(error),
                        _("no limit is known that makes it fail with that error"));
        free(causes);
        limits_report_done(&report);
        return n > 0 ? STATUS_DONE : STATUS_MISSING;
}

enum exit_status limits_explain_run(struct invocation *invocation)
{
        struct session session;
        enum exit_status status;
        const char *call = invocation->narguments > 2 ? invocation->arguments[2] : NULL;
        int error;

        if (invocation->narguments < 2 || invocation->narguments > 3) {
                message(invocation, "explain", _("needs an error, as in: limits explain ENOSPC shmget"));
                return STATUS_USAGE;
        }
        error = find_error(invocation->arguments[1]);
        if (!error) {
                message(invocation, invocation->arguments[1], _("not the name of an error, such as ENOSPC"));
                return STATUS_USAGE;
        }
        if (call && !is_call(call)) {
                message(invocation, call, _("not a call that is known to hit limits"));
                return STATUS_USAGE;
        }
        status = session_open(&session, invocation);
        if (status == STATUS_DONE)
                status = explain(&session, error, call);
        return session_close(&session, status);
}
