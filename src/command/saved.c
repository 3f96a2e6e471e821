/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/saved.h"

#include "base/i18n.h"
#include "command/message.h"
#include "kind/kinds.h"
#include "output/json-read.h"
#include "sys/input.h"

enum { SAVED_MOST = 1 << 30 };          /* bytes: a million objects */

static void tell(const struct invocation *invocation, const char *path, const struct json_read_error *error)
{
        struct buf text = { 0 };

        if (error->place[0])
                buf_printf(&text, "%s: ", error->place);
        buf_string(&text, _(error->message));
        if (error->at)
                buf_printf(&text, _(" (at byte %zu)"), error->at);
        message(invocation, path, text.data);
        buf_done(&text);
}

enum exit_status saved_read(const struct invocation *invocation, const char *path, struct snapshot **ret)
{
        enum exit_status status = STATUS_DONE;
        struct json_read_error error;
        struct buf text = { 0 };
        int err = input_read(path, SAVED_MOST, &text);

        if (err < 0) {
                message(invocation, path, strerror(-err));
                status = STATUS_USAGE;
        } else if (json_read(buf_text(&text), &all_kinds, ret, &error) < 0) {
                tell(invocation, path, &error);
                status = STATUS_USAGE;
        }
        buf_done(&text);
        return status;
}
