/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/message.h"

#include "base/escape.h"
#include "base/i18n.h"

#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool message_utf8(void)
{
        return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* One write, so that lines of several processes don't mix. A failure here has nowhere to be told. */
static void say(const struct buf *line)
{
        size_t done = 0;

        while (done < line->len) {
                ssize_t n = write(STDERR_FILENO, line->data + done, line->len - done);

                if (n <= 0)
                        return;
                done += (size_t)n;
        }
}

static void begin(const struct invocation *invocation, struct buf *line)
{
        buf_string(line, "ipcview: ");
        if (invocation->command) {
                buf_string(line, invocation->command->name);
                buf_string(line, ": ");
        }
}

void message(const struct invocation *invocation, const char *subject, const char *text)
{
        struct buf line = { 0 };

        begin(invocation, &line);
        if (subject) {
                escape_display(&line, text_of(subject), message_utf8());
                buf_string(&line, ": ");
        }
        buf_string(&line, text);
        buf_byte(&line, '\n');
        say(&line);
        buf_done(&line);
}

void message_parse(const struct invocation *invocation, const char *what, const char *argument,
                   const struct parse_error *error)
{
        size_t len = strlen(argument), at = error->at < len ? error->at : len;
        struct buf line = { 0 };

        begin(invocation, &line);
        if (what) {
                buf_string(&line, what);
                buf_string(&line, ": ");
        }
        escape_display(&line, text_of(argument), message_utf8());
        buf_printf(&line, _(": at column %zu: "), at + 1);
        buf_string(&line, _(error->message));
        buf_byte(&line, '\n');
        say(&line);
        buf_done(&line);
}

static void add_gap(struct buf *line, const struct gap *gap)
{
        if (gap->kind)
                buf_printf(line, "%s: ", gap->kind->name);
        buf_printf(line, "%s: %s", gap->where, strerror(gap->err));
        if (gap->reason)
                buf_printf(line, ", %s", _(gap->reason));
        if (gap->times > 1)
                buf_printf(line, P_(" (%u time)", " (%u times)", gap->times), gap->times);
}

void message_gaps(const struct invocation *invocation, const struct snapshot *snapshot)
{
        struct buf line = { 0 };

        if (snapshot_complete(snapshot) || invocation->settings.quiet)
                return;
        begin(invocation, &line);
        buf_string(&line, _("not everything could be seen: "));
        for (size_t i = 0; i < snapshot->ngaps; i++) {
                if (i)
                        buf_string(&line, "; ");
                add_gap(&line, &snapshot->gaps[i]);
        }
        buf_byte(&line, '\n');
        say(&line);
        buf_done(&line);
}
