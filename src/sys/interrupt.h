/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_INTERRUPT_H
#define SYS_INTERRUPT_H

/*
 * SIGINT, SIGTERM, SIGHUP and SIGQUIT while something must not end half done:
 * they wait, long work asks for them between its steps and gives up in order,
 * and at the end they do what they always do. No handler, no state.
 */
#include <signal.h>
#include <stdbool.h>

/* From now on they wait; those that are ignored anyway stay so. *ret_old: for interrupt_allow(). */
void interrupt_hold(sigset_t *ret_old);

/* Does one wait? */
bool interrupt_waits(void);

/* They act again: one that waited ends the program here. */
void interrupt_allow(const sigset_t *old);

#endif
