/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help: what the commands and options are. */
#include "command/help.h"

#include "base/i18n.h"
#include "command/message.h"
#include "command/options.h"
#include "kind/kinds.h"

#include <errno.h>
#include <stdio.h>

enum { OPTION_WIDTH = 22 };

static enum exit_status put(const struct invocation *invocation, struct buf *text)
{
        bool bad = fwrite(text->data, 1, text->len, stdout) != text->len;

        bad |= fflush(stdout) != 0;
        if (bad && errno != EPIPE)
                message(invocation, _("standard output"), strerror(errno));
        buf_done(text);
        return bad ? STATUS_FAILED : STATUS_DONE;
}

static void add_option(struct buf *text, const struct option_spec *option)
{
        struct buf left = { 0 };

        if (option->letter)
                buf_printf(&left, "-%c", option->letter);
        else
                buf_string(&left, "  ");
        if (option->name)
                buf_printf(&left, "%s --%s", option->letter ? "," : " ", option->name);
        if (option->argument)
                buf_printf(&left, "%s%s", option_is_optional(option) ? "" : option->name ? "=" : " ",
                           _(option->argument));
        buf_printf(text, "  %-*s  %s\n", OPTION_WIDTH, left.data, _(option->help));
        buf_done(&left);
}

static void add_globals(struct buf *text)
{
        unsigned n;
        const struct option_spec *options = options_global(&n);

        buf_printf(text, "\n%s\n", _("Options:"));
        for (unsigned i = 0; i < n; i++)
                add_option(text, &options[i]);
}

enum exit_status help_program(const struct invocation *invocation)
{
        struct buf text = { 0 };

        buf_printf(&text, "%s\n\n%s\n", _("Usage: ipcview [OPTION]... [COMMAND] [KIND|REF]..."),
                   _("Shows the IPC objects of this machine: what there is, who has it, whether it may go.\n"
                     "Without a command: list; with --json: everything."));
        buf_printf(&text, "\n%s\n", _("Commands:"));
        for (unsigned i = 0; i < all_commands_count; i++)
                buf_printf(&text, "  %-10s %s\n", all_commands[i]->name, _(all_commands[i]->summary));
        buf_printf(&text, "\n%s\n", _("Kinds:"));
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                buf_printf(&text, "  %-10s %s\n", all_kinds.kinds[i]->name, _(all_kinds.kinds[i]->title));
        add_globals(&text);
        buf_printf(&text, "\n%s\n",
                   _("References: shm:1234 (id), shm:0x5eed (key), mq:/jobs, pshm:/cache, psem:/lock, pid:2011.\n"
                     "Exit status: 0 done, 1 failed, 2 usage, 3 no such object, 4 not permitted, 5 refused,\n"
                     "10 limit or finding, 64 some of several."));
        return put(invocation, &text);
}

enum exit_status help_command(const struct invocation *invocation, const struct command *command)
{
        struct buf text = { 0 };

        buf_printf(&text, _("Usage: ipcview %s [OPTION]... %s"), command->name,
                   *command->usage ? _(command->usage) : "");
        while (text.len && text.data[text.len - 1] == ' ')
                text.data[--text.len] = 0;
        buf_printf(&text, "\n\n%s\n", _(command->summary));
        if (command->details)
                buf_printf(&text, "%s\n", _(command->details));
        if (command->noptions)
                buf_byte(&text, '\n');
        for (unsigned i = 0; i < command->noptions; i++)
                add_option(&text, &command->options[i]);
        add_globals(&text);
        return put(invocation, &text);
}

enum exit_status help_version(const struct invocation *invocation)
{
        struct buf text = { 0 };

        buf_string(&text, PACKAGE_STRING "\n");
        return put(invocation, &text);
}

static enum exit_status run(struct invocation *invocation)
{
        const struct command *command;

        if (invocation->narguments == 0)
                return help_program(invocation);
        command = command_find(invocation->arguments[0]);
        if (!command || invocation->narguments > 1) {
                message(invocation, invocation->arguments[command ? 1 : 0],
                        command ? _("unexpected argument") : _("no such command"));
                return STATUS_USAGE;
        }
        return help_command(invocation, command);
}

const struct command command_help = {
        .name = "help",
        .usage = N_("[COMMAND]"),
        .summary = N_("what the commands and options are"),
        .run = run,
};
