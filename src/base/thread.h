/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/*
 * Starts a thread that gets no signals but those of its own faults: the others are for the one that is
 * there for them. False if there can be none: then the caller does the work itself.
 */
bool thread_start(pthread_t *ret, void *(*work)(void *data), void *data);

/* From now on the threads of this program that did not call it come before this one, and before those it starts. */
void thread_give_way(void);

#endif
