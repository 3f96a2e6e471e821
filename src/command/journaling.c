/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/journaling.h"

#include "base/i18n.h"
#include "command/message.h"
#include "sys/state.h"

#include <errno.h>
#include <string.h>

static void complain(const struct invocation *invocation, int err)
{
        struct buf path = { 0 }, text = { 0 };

        /* Without a path there is no home to have one in. */
        if (journal_path(&path) < 0)
                buf_string(&path, _("journal"));
        buf_printf(&text, _("what is done is not noted: %s"),
                   err == EPERM ? _("others can write it, so it is not trusted") : strerror(err));
        message(invocation, path.data, text.data);
        buf_done(&path);
        buf_done(&text);
}

struct journal *journaling_begin(const struct invocation *invocation)
{
        struct journal *journal;
        int r = journal_open(&journal);

        if (r == 0)
                return journal;
        complain(invocation, -r);
        return NULL;
}

void journaling_end(const struct invocation *invocation, struct journal *journal, int err)
{
        int r = journal_close(journal);

        if (err == 0)
                err = -r;
        if (err)
                complain(invocation, err);
}
