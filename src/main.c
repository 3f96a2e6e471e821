/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ipcview: global options, the command, its exit status. */
#include "base/i18n.h"
#include "command/help.h"
#include "command/message.h"
#include "command/options.h"
#include "sys/rights.h"

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

/* Numbers are the same in every language: scripts read them. */
static void set_language(void)
{
        setlocale(LC_ALL, "");
        setlocale(LC_NUMERIC, "C");
        bindtextdomain(PACKAGE, LOCALEDIR);
        textdomain(PACKAGE);
}

/* Without a command: who sits at a terminal walks around, unless asking for what only a table has. */
static bool wants_table(const struct settings *settings)
{
        return settings->json || settings->columns || settings->no_headings || !isatty(STDIN_FILENO) ||
               !isatty(STDOUT_FILENO);
}

static enum exit_status run(int argc, char **argv, struct invocation *invocation)
{
        if (options_read(argc, argv, invocation) < 0)
                return STATUS_USAGE;
        if (invocation->settings.version)
                return help_version(invocation);
        if (invocation->settings.help && !invocation->command)
                return help_program(invocation);
        if (invocation->settings.help)
                return help_command(invocation, invocation->command);
        if (!invocation->command) {
                invocation->command = command_find(wants_table(&invocation->settings) ? "list" : "browse");
                invocation->plain = true;
        }
        if (invocation->command->no_arguments && invocation->narguments) {
                message(invocation, invocation->arguments[0], _("unexpected argument"));
                return STATUS_USAGE;
        }
        if (invocation->settings.from && invocation->settings.sysroot) {
                message(invocation, "--from", _("not together with --sysroot"));
                return STATUS_USAGE;
        }
        if (invocation->settings.from && !invocation->command->saved) {
                message(invocation, "--from", _("this command can't use a saved snapshot"));
                return STATUS_USAGE;
        }
        return invocation->command->run(invocation);
}

int main(int argc, char **argv)
{
        struct invocation invocation = { 0 };
        enum exit_status status;

        rights_guard_streams();
        set_language();
        status = run(argc, argv, &invocation);
        free(invocation.given);
        return (int)status;
}
