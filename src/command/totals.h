/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_TOTALS_H
#define COMMAND_TOTALS_H

/* list -u: objects and bytes by kind. */
#include "command/session.h"

void totals_print(struct session *session, const struct object *const *objects, size_t n);

#endif
