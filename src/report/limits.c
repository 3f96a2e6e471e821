/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/limits.h"

#include "base/memory.h"
#include "report/limits-private.h"

#include <limits.h>
#include <stdlib.h>

/* used of value in thousandths, rounded down; without overflow, and never a division by 0. */
static int permille_of(uint64_t used, uint64_t value)
{
        uint64_t most = INT_MAX;
        __uint128_t permille;

        if (value == 0)
                return used == 0 ? 1000 : INT_MAX;
        permille = (__uint128_t)used * 1000 / value;
        return (int)(permille < most ? permille : most);
}

/* Where the limit is the last that is let in, not the first that is not (net/core/sock.c, sk_acceptq_is_full). */
static bool lets_one_more(uint16_t limit)
{
        return limit == LIMIT_BACKLOG;
}

static bool is_hit(const struct limit_reading *reading, uint64_t used)
{
        uint64_t value = reading->value, usual = reading->usual ? reading->usual : 1;

        if (lets_one_more(reading->limit))
                return used > value;
        return used >= value || value - used < usual;
}

static void judge(struct limit_row *row)
{
        const struct limit_reading *reading = row->reading;

        row->permille = -1;
        if (!row->known || reading->unlimited || reading->unknown ||
            limit_get(reading->limit)->manner != MANNER_FILLS)
                return;
        row->permille = permille_of(row->used, reading->value);
        row->hit = is_hit(reading, row->used);
        /* A pool without pages, a backlog of 0: nothing of it is used up before somebody asks for it. */
        if (reading->value == 0 && row->used == 0 && (reading->limit == LIMIT_HUGETLB || lets_one_more(reading->limit)))
                row->permille = 0;
}

enum limit_pressure limit_pressure(const struct limit_row *row)
{
        if (row->hit && row->permille > 0)
                return PRESSURE_HIT;
        return row->permille >= PERMILLE_NEAR ? PRESSURE_NEAR : PRESSURE_NONE;
}

/* The fullest first; then who uses most; then as read. */
static int compare_rows(const void *a, const void *b)
{
        const struct limit_row *x = a, *y = b;
        bool x_hit = limit_pressure(x) == PRESSURE_HIT, y_hit = limit_pressure(y) == PRESSURE_HIT;

        if (x->reading->limit != y->reading->limit)
                return x->reading->limit < y->reading->limit ? -1 : 1;
        if (x_hit != y_hit)
                return x_hit ? -1 : 1;
        if (x->permille != y->permille)
                return x->permille > y->permille ? -1 : 1;
        if (x->used != y->used)
                return x->used > y->used ? -1 : 1;
        return x->reading < y->reading ? -1 : x->reading > y->reading;
}

void limits_report(const struct snapshot *snapshot, bool every, struct limit_report *ret)
{
        struct limit_row *rows = memory_new((snapshot->nreadings + 1) * sizeof(*rows));
        size_t n = 0;

        for (size_t i = 0; i < snapshot->nreadings; i++) {
                rows[i].reading = &snapshot->readings[i];
                rows[i].known = rows[i].reading->counted;
                rows[i].inferred = rows[i].reading->inferred;
                rows[i].used = rows[i].reading->counted ? rows[i].reading->used : 0;
        }
        limits_charge(snapshot, rows, snapshot->nreadings);
        for (size_t i = 0; i < snapshot->nreadings; i++)
                judge(&rows[i]);
        if (snapshot->nreadings)
                qsort(rows, snapshot->nreadings, sizeof(*rows), compare_rows);
        for (size_t i = 0; i < snapshot->nreadings; i++)
                if (every || n == 0 || rows[n - 1].reading->limit != rows[i].reading->limit)
                        rows[n++] = rows[i];
        *ret = (struct limit_report){ rows, n };
}

void limits_report_done(struct limit_report *report)
{
        free(report->rows);
        *report = (struct limit_report){ 0 };
}

const struct limit_row *limits_find(const struct limit_report *report, uint16_t limit)
{
        for (size_t i = 0; i < report->n; i++)
                if (report->rows[i].reading->limit == limit)
                        return &report->rows[i];
        return NULL;
}

static size_t count_hits(const struct limit_report *report, const struct limit_row *row)
{
        const struct limit_row *end = report->rows + report->n;
        size_t n = 0;

        /* Those that are hit stand first. */
        for (const struct limit_row *next = row;
             next && next < end && next->hit && next->reading->limit == row->reading->limit; next++)
                n++;
        return n;
}

size_t limits_explain(const struct limit_report *report, int error, const char *call, struct limit_cause **ret)
{
        unsigned nfailures;
        const struct limit_failure *failures = limit_failures(&nfailures);
        struct limit_cause *causes = memory_new((nfailures + 1) * sizeof(*causes));
        size_t n = 0;

        for (unsigned i = 0; i < nfailures; i++) {
                const struct limit_row *row;

                if (failures[i].error != error || (call && !limit_failure_names(&failures[i], text_of(call))))
                        continue;
                row = limits_find(report, failures[i].limit);
                causes[n++] = (struct limit_cause){ .failure = &failures[i], .row = row, .hit = row && row->hit,
                                                    .near = row && row->permille >= PERMILLE_NEAR,
                                                    .hits = count_hits(report, row) };
        }
        *ret = causes;
        return n;
}
