/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_SYSV_ACTS_H
#define KIND_SYSV_ACTS_H

/* What the acts of the three System V kinds have in common. See model/acts.h for what each does. */
#include "model/acts.h"
#include "sys/sysv-acts.h"

extern const struct acts shm_acts, sem_acts, msg_acts;

/* Times of System V objects are whole seconds. */
#define SYSV_GRAIN UINT64_C(1000000000)

/*
 * What the kernel tells now; 0 if it agrees with what was seen, -ESTALE if not,
 * or -errno. counters: these, too, unless forced.
 */
int sysv_act_look(struct act *act, bool counters, struct sysv_facts *ret);

/* The same, but of facts that were read already. 0 or -ESTALE. */
int sysv_act_compare(struct act *act, bool counters, const struct sysv_facts *now);

int sysv_act_remove(struct act *act);

/* Owner, group and mode; max_bytes of queues, values of semaphores, the lock of segments. */
int sysv_act_set(struct act *act, const struct assignment *assignments, unsigned n);

/* A number of the row that tells what to make; `missing` if it is not known. */
uint64_t sysv_wanted(const struct making *making, uint16_t field, uint64_t missing);

/*
 * Makes the object: sysv has the type, and what only that type has. While
 * `fill` gives it its contents (NULL: it has none) only its maker may use it;
 * made is what the kernel tells of it. Owner, mode and max_bytes come last, at
 * once. On failure it is removed.
 */
int sysv_act_make(struct making *making, struct sysv_making *sysv,
                  int (*fill)(struct making *making, const struct sysv_facts *made));

#endif
