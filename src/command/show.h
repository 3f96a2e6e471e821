/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_SHOW_H
#define COMMAND_SHOW_H

#include "command/command.h"

/* The command "show", also for ipcs' habit (list -m -i ID). */
enum exit_status show_run(struct invocation *invocation);

#endif
