/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_METRICS_H
#define OUTPUT_METRICS_H

/*
 * A snapshot as metrics for Prometheus: limits, objects, findings, waits. As
 * many series on each machine, whatever it runs: single users, processes and
 * objects have series of their own only where that is bounded, or asked for.
 */
#include "output/sink.h"
#include "report/findings.h"

/* Users with series of their own; and from which use on it is told whom a limit binds. */
enum { METRICS_USERS = 10, METRICS_WHOM_PERMILLE = 500 };

struct metrics {
        const struct snapshot *snapshot;        /* of all kinds */
        const struct limit_report *limits;      /* with every row, if every */
        const struct findings *findings;        /* NULL: nobody looked for any */
        uint64_t rules;                         /* bits of those applied; of the others nothing is said */
        bool every;                             /* a series for each whom a limit binds, and for each user */
        int64_t duration;                       /* ns that it took to see all this */
};

void metrics_print(const struct metrics *metrics, struct sink *sink);

#endif
