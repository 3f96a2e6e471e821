/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_HOST_PRIVATE_H
#define SYS_HOST_PRIVATE_H

/* Private to sys/: what a host keeps from look to look. */
#include "sys/host.h"

struct listings;

/* NULL: nobody looks again. */
struct listings *host_listings(const struct host *host);

#endif
