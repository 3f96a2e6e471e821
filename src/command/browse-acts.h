/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_BROWSE_ACTS_H
#define COMMAND_BROWSE_ACTS_H

/*
 * Carries out what people agreed to in the browser, in a thread of its own, one order after the
 * other, by the same deeds as the commands: what they check there is checked here.
 */
#include "tui/order.h"

#include <stdbool.h>

struct acts_queue;

/* Of this machine only. 0, or -errno: the machine can't be read, or there can be no thread. */
int acts_start(struct acts_queue **ret);

/*
 * Ends it. What is being done to an object is ended in order (a copy that is being written is given
 * up, and what it was of stays), what waits is dropped. True: something was left undone. NULL is fine.
 */
bool acts_stop(struct acts_queue *acts);

/*
 * Takes an order. What comes of it, also that it can't be taken, follows as outcomes; the last
 * one says so. acts NULL: nothing is done, and nothing follows.
 */
void acts_perform(struct acts_queue *acts, struct order *order);

int acts_fd(const struct acts_queue *acts);                     /* readable when there is an outcome */
bool acts_take(struct acts_queue *acts, struct outcome *ret);   /* the next one; its buffers are the caller's */

#endif
