/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_MESSAGE_H
#define COMMAND_MESSAGE_H

/*
 * One-line messages on stderr: "ipcview: COMMAND: SUBJECT: text". Whatever
 * came from outside is escaped. Below command/ nobody prints.
 */
#include "model/reference.h"
#include "command/command.h"

/* subject: an argument as typed, or NULL. text: translated already. */
void message(const struct invocation *invocation, const char *subject, const char *text);

/* With the argument repeated, and the column at which it is wrong. what: "--filter", or NULL. */
void message_parse(const struct invocation *invocation, const char *what, const char *argument,
                   const struct parse_error *error);

/* One line about what could not be seen, if anything; silent with -q. */
void message_gaps(const struct invocation *invocation, const struct snapshot *snapshot);

/* May characters beyond ASCII be printed? */
bool message_utf8(void);

#endif
