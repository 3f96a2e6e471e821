/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema: the JSON Schema of what --json prints. */
#include "base/i18n.h"
#include "command/session.h"
#include "kind/kinds.h"

static enum exit_status run(struct invocation *invocation)
{
        struct session session;
        enum exit_status status;

        status = session_open(&session, invocation);
        if (status == STATUS_DONE)
                json_schema(&all_kinds, &session.sink);
        return session_close(&session, status);
}

const struct command command_schema = {
        .name = "schema",
        .usage = "",
        .no_arguments = true,
        .summary = N_("the JSON Schema of what --json prints"),
        .run = run,
};
