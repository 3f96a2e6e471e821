/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_LOGIND_H
#define COLLECT_LOGIND_H

#include "model/builder.h"
#include "sys/host.h"

/* What logind does to the objects of users that log out: into the origin, with want.limits. */
void collect_logind(const struct host *host, struct builder *builder);

#endif
