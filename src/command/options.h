/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_OPTIONS_H
#define COMMAND_OPTIONS_H

/* Options, read from the tables: the global ones and the command's own. */
#include "command/command.h"

/*
 * Reads the command line: finds the command, fills in settings and arguments.
 * Options may stand before and behind arguments; "--" ends them. Before the
 * command's name only global options count, behind it the command's own win.
 * 0, or -EINVAL after a message.
 */
int options_read(int argc, char **argv, struct invocation *ret);

/* Whether that own option of a command without `option` was given. */
bool options_given(const struct invocation *invocation, int code);

/* "[=DIR]": the argument may be left out. ("[NAME=]LEVEL" may not.) */
bool option_is_optional(const struct option_spec *option);

/* The global options, for the help. */
const struct option_spec *options_global(unsigned *ret_n);

/* The command of that name or alias, or NULL. */
const struct command *command_find(const char *name);

#endif
