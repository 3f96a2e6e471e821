/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_LIMITS_H
#define COMMAND_LIMITS_H

#include "command/session.h"

/* Asks for everything that limits need. */
void limits_want(struct session *session);

/* Are they there? A saved snapshot may have none: then STATUS_FAILED after a message. */
enum exit_status limits_need(const struct session *session);

/* list -l: the limits that ipcs -l prints, of the kinds given by their names. */
enum exit_status limits_like_ipcs(struct invocation *invocation, const char *const *kinds, unsigned nkinds);

/* limits explain ERROR [CALL] */
enum exit_status limits_explain_run(struct invocation *invocation);

#endif
