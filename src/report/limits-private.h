/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_LIMITS_PRIVATE_H
#define REPORT_LIMITS_PRIVATE_H

/* Sums up what objects and processes take of limits. Private to report/limits*.c. */
#include "report/limits.h"

/*
 * rows are those of the snapshot's readings, in their order. Fills in the use
 * that the kernel does not tell, and who uses most.
 */
void limits_charge(const struct snapshot *snapshot, struct limit_row *rows, size_t n);

#endif
