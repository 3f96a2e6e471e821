/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_EXPOSITION_H
#define OUTPUT_EXPOSITION_H

/*
 * The text format in which Prometheus takes metrics (version 0.0.4), written so
 * that its readers accept it whatever a label holds. No locale matters.
 *
 *   exposition_family(&e, "ipcview_gaps", METRIC_GAUGE, "...");
 *   exposition_series(&e);
 *   exposition_label(&e, "kind", TEXT("shm"));
 *   exposition_uint(&e, 7);
 */
#include "base/map.h"
#include "output/sink.h"

#include <stdbool.h>

enum metric_type { METRIC_GAUGE, METRIC_COUNTER };

struct exposition {
        struct sink *sink;
        const char *name, *help;        /* of the family */
        enum metric_type type;
        bool headed;                    /* its HELP and TYPE are written */
        size_t start;                   /* of the series, in the sink's buffer */
        unsigned nlabels;
        struct map seen;                /* series of the family: by two sums of their text */
};

/* Begins a family. One without a series leaves no trace. help: a sentence, never translated. */
void exposition_family(struct exposition *exposition, const char *name, enum metric_type type, const char *help);

/* Begins a series: labels, then its value, which ends it. */
void exposition_series(struct exposition *exposition);

/*
 * What is no UTF-8, or must not reach a terminal, becomes U+FFFD; backslash,
 * quote and newline are escaped. If two series become equal by that, the first
 * is written: readers refuse a text with a series twice as a whole.
 */
void exposition_label(struct exposition *exposition, const char *name, struct text value);
void exposition_label_uint(struct exposition *exposition, const char *name, uint64_t value);

void exposition_uint(struct exposition *exposition, uint64_t value);
/* a * b, exactly. */
void exposition_product(struct exposition *exposition, uint64_t a, uint64_t b);
/* a / b in millionths, rounded down; b 0: infinite, but 1 if a is 0, too: nothing is left. */
void exposition_ratio(struct exposition *exposition, uint64_t a, uint64_t b);
/* Nanoseconds, as seconds in microseconds; negative ones as 0. */
void exposition_seconds(struct exposition *exposition, int64_t nanoseconds);
void exposition_infinite(struct exposition *exposition);

/* Frees what it remembers; the sink stays the caller's. */
void exposition_done(struct exposition *exposition);

#endif
