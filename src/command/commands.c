/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/command.h"

#include "base/array.h"

#define COMMAND(name) extern const struct command command_##name;
#include "command/commands.list"
#undef COMMAND

const struct command *const all_commands[] = {
#define COMMAND(name) &command_##name,
#include "command/commands.list"
#undef COMMAND
};

const unsigned all_commands_count = COUNT(all_commands);
