/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_HELP_H
#define COMMAND_HELP_H

/* Help, made from the descriptors. Printed to stdout. */
#include "command/command.h"

enum exit_status help_program(const struct invocation *invocation);
enum exit_status help_command(const struct invocation *invocation, const struct command *command);
enum exit_status help_version(const struct invocation *invocation);

#endif
