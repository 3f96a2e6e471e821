/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_METRICS_PRIVATE_H
#define OUTPUT_METRICS_PRIVATE_H

#include "output/exposition.h"
#include "output/metrics.h"

/* The families of limits; metrics-limits.c. */
void metrics_limits(const struct metrics *metrics, struct exposition *out);

/* The families of objects: by kind, by state, by owner; metrics-objects.c. */
void metrics_objects(const struct metrics *metrics, struct exposition *out);

/* The labels uid and user. Names may be shared, or missing: then the number stands in both. */
void metrics_label_user(const struct metrics *metrics, struct exposition *out, uid_t uid);

#endif
