/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_CARRY_PRIVATE_H
#define ADMIN_CARRY_PRIVATE_H

/* Private to admin/carry*.c. */
#include "admin/carry.h"

/*
 * Removes what one row says, and notes it, in the block or (NULL) at once. Two threads may do that at a time where
 * carry_by_two() is for the plan.
 */
void carry_row(struct carry *carry, size_t number, struct journal_block *block);

/* Tells of a row that is done. The caller's thread alone. */
void carry_tell(struct carry *carry, size_t number);

/*
 * Is the plan one that two threads are faster with? It is long, copies are not
 * made on the way, and the hooks of its kinds may be called by several threads
 * (acts.concurrent).
 */
bool carry_by_two(const struct carry *carry);

/*
 * carry_remove() by two threads, each a stretch of rows at a time. As with one:
 * the line of a row is in the journal before it is told; rows are told in the
 * order of the plan, by the caller's thread; between two rows it stops. Other
 * than with one: a stretch has one line before its deeds, and its other lines
 * come together (journal-block.h); they are in the order of the deeds, not of
 * the plan, and behind rows that are left untouched there may be some that are
 * done. Returns how many were done.
 */
size_t carry_remove_by_two(struct carry *carry);

#endif
