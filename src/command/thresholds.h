/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_THRESHOLDS_H
#define COMMAND_THRESHOLDS_H

/*
 * From which use on a limit counts as too full: one level for all, and levels
 * of single limits, which win. They come from the configuration, then from
 * --fail-at or --level. 0 is a level like any other: whatever is known has
 * reached it.
 */
#include "report/limits.h"

struct thresholds {
        bool has_all;
        int all;                        /* in thousandths */
        struct {
                bool there;
                int permille;
        } of[LIMIT_COUNT];
};

/*
 * "80%", "80", "97.5%": the level of the limit of that name, or of all without
 * one. 0; -EINVAL: no percentage; -ENOENT: no such limit.
 */
int thresholds_set(struct thresholds *thresholds, struct text name, struct text level);

/* The same as one word: LEVEL or NAME=LEVEL. */
int thresholds_add(struct thresholds *thresholds, const char *argument);

/* The level of a limit: true and *ret_permille if there is one. */
bool thresholds_get(const struct thresholds *thresholds, uint16_t limit, int *ret_permille);

/* Is the row at or above its level? */
bool thresholds_reached(const struct thresholds *thresholds, const struct limit_row *row);

#endif
