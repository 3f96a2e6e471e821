/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_BROWSE_ORDER_H
#define COMMAND_BROWSE_ORDER_H

/* One order of the browser, from its beginning to its end. */
#include "tui/order.h"

struct host;

struct carrier {
        const struct host *host;
        void *data;
        void (*tell)(void *data, struct outcome *outcome);      /* takes the buffers of the outcome */
        bool (*stop)(void *data);       /* asked between objects */
};

/*
 * Does it, and tells: each object's outcome, progress in between, the last one. False: it was stopped before its end.
 * The host must be this machine, live.
 */
bool order_carry_out(const struct carrier *carrier, const struct order *order);

/* The outcome of an order that has to wait, or (full) can't even do that. */
void order_outcome_waits(const struct order *order, bool full, struct outcome *ret);

#endif
