/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_WAITING_H
#define KIND_WAITING_H

/*
 * The question that the walk puts to kinds: a thread is blocked in a call that
 * names its object by something else than a descriptor or an address in a
 * mapping. Is it one of yours? To be answered from the call and its target
 * (WAIT_SEM, WAIT_MSG, WAIT_LOCK, WAIT_PATH); what the thread's process has is
 * known, what later ones have is not.
 */
#include "model/builder.h"
#include "sys/waits.h"

struct waiting {
        const struct host *host;
        struct builder *builder;
        struct waits *waits;            /* stands at the thread */
        const struct wait_thread *thread;
        bool inferred;                  /* set by the kind: the object is a deduction */
        pid_t pid;                      /* the thread's process */
};

#endif
