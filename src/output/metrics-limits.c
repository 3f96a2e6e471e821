/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/metrics-private.h"

#include "base/array.h"

/*
 * The unit is part of a family's name, so there are two of each. Pages are told
 * as bytes.
 */
static bool in_bytes(const struct limit_row *row)
{
        return limit_get(row->reading->limit)->unit != LIMIT_UNIT_COUNT;
}

static bool has_max(const struct limit_row *row)
{
        return !row->reading->unknown;
}

static bool has_use(const struct limit_row *row)
{
        return row->known && limit_get(row->reading->limit)->manner == MANNER_FILLS;
}

static bool has_ratio(const struct limit_row *row)
{
        return has_use(row) && has_max(row);
}

/* Those that the kernel counts for as long as whom they bind is there. */
static bool has_failures(const struct limit_row *row)
{
        return row->reading->failures > 0 || row->reading->limit == LIMIT_SOMAXCONN;
}

static void put_dev(struct exposition *out, uint64_t dev)
{
        struct buf text = { 0 };

        buf_printf(&text, "%u:%u", (unsigned)(dev >> 32), (unsigned)dev);
        exposition_label(out, "device", buf_text(&text));
        buf_done(&text);
}

static void put_namespace(struct exposition *out, const char *label, const struct limit_reading *reading)
{
        struct buf text = { 0 };

        buf_printf(&text, "%s:[%llu]", namespace_type_name(limit_get(reading->limit)->scope),
                   (unsigned long long)reading->subject);
        exposition_label(out, label, buf_text(&text));
        buf_done(&text);
}

/* The labels that tell whom a limit binds, where each has a series. */
static void put_subject(const struct metrics *metrics, struct exposition *out, const struct limit_reading *reading)
{
        switch (limit_get(reading->limit)->binds) {
        case BINDS_NAMESPACE:
                put_namespace(out, "namespace", reading);
                break;
        case BINDS_USER:
                metrics_label_user(metrics, out, (uid_t)reading->subject);
                break;
        case BINDS_PROCESS:
                exposition_label_uint(out, "pid", (uint64_t)reading->process->pid);
                exposition_label(out, "process", reading->process->comm);
                break;
        case BINDS_OBJECT:
                exposition_label(out, "ref", reading->object->ref);
                break;
        case BINDS_MOUNT:
                exposition_label(out, "mount", reading->name);
                put_dev(out, reading->subject);
                break;
        case BINDS_CGROUP:
                exposition_label(out, "cgroup", reading->name);
                break;
        case BINDS_POOL:
                exposition_label(out, "pool", reading->name);
                break;
        case BINDS_SYSTEM:
        case BINDS_COUNT:
                break;
        }
}

/* The same as one word for people, without what changes each time, as pids do. */
static void put_whom(const struct metrics *metrics, struct exposition *out, const struct limit_reading *reading)
{
        struct text name;

        switch (limit_get(reading->limit)->binds) {
        case BINDS_NAMESPACE:
                put_namespace(out, "whom", reading);
                break;
        case BINDS_USER:
                if (snapshot_user_name(metrics->snapshot, (uid_t)reading->subject, &name))
                        exposition_label(out, "whom", name);
                else
                        exposition_label_uint(out, "whom", reading->subject);
                break;
        case BINDS_PROCESS:
                exposition_label(out, "whom", reading->process->comm);
                break;
        case BINDS_OBJECT:
                exposition_label(out, "whom", reading->object->ref);
                break;
        case BINDS_MOUNT:
        case BINDS_CGROUP:
        case BINDS_POOL:
                exposition_label(out, "whom", reading->name);
                break;
        case BINDS_SYSTEM:
        case BINDS_COUNT:
                break;
        }
}

static void begin(const struct metrics *metrics, struct exposition *out, const struct limit_reading *reading)
{
        exposition_series(out);
        exposition_label(out, "limit", text_of(limit_get(reading->limit)->name));
        if (metrics->every)
                put_subject(metrics, out, reading);
}

static void put_amount(const struct metrics *metrics, struct exposition *out, const struct limit_row *row,
                       uint64_t amount)
{
        unsigned page = metrics->snapshot->origin.page_bytes;
        bool pages = limit_get(row->reading->limit)->unit == LIMIT_UNIT_PAGES;

        exposition_product(out, amount, !pages ? 1 : page ? page : 4096);
}

static void put_max(const struct metrics *metrics, struct exposition *out, const struct limit_row *row)
{
        if (row->reading->unlimited)
                exposition_infinite(out);
        else
                put_amount(metrics, out, row, row->reading->value);
}

static void put_use(const struct metrics *metrics, struct exposition *out, const struct limit_row *row)
{
        put_amount(metrics, out, row, row->used);
}

/* What has no limit is never near it. A pool of nothing that nobody wants is not full, which the row knows. */
static void put_ratio(const struct metrics *metrics, struct exposition *out, const struct limit_row *row)
{
        const struct limit_reading *reading = row->reading;

        (void)metrics;
        if (reading->unlimited || (reading->value == 0 && row->permille == 0))
                exposition_uint(out, 0);
        else
                exposition_ratio(out, row->used, reading->value);
}

enum units { UNITS_ANY, UNITS_COUNT, UNITS_BYTES };

static const struct {
        const char *name;
        enum metric_type type;
        const char *help;
        enum units units;
        bool (*has)(const struct limit_row *row);
        void (*put)(const struct metrics *metrics, struct exposition *out, const struct limit_row *row);
} families[] = {
        { "ipcview_limit_max", METRIC_GAUGE,
          "The value of a limit that counts things; +Inf: there is no limit. Where it binds many, of the fullest.",
          UNITS_COUNT, has_max, put_max },
        { "ipcview_limit_max_bytes", METRIC_GAUGE,
          "The value of a limit on memory; +Inf: there is no limit. Where it binds many, of the fullest.",
          UNITS_BYTES, has_max, put_max },
        { "ipcview_limit_used", METRIC_GAUGE,
          "How many of a limit are in use. Where it binds many, of the fullest.", UNITS_COUNT, has_use, put_use },
        { "ipcview_limit_used_bytes", METRIC_GAUGE,
          "How much memory of a limit is in use. Where it binds many, of the fullest.", UNITS_BYTES, has_use,
          put_use },
        { "ipcview_limit_used_ratio", METRIC_GAUGE,
          "How much of a limit is in use: 1 is all. Where it binds many, of the fullest.", UNITS_ANY, has_ratio,
          put_ratio },
};

static bool is_of(const struct limit_row *row, enum units units)
{
        return units == UNITS_ANY || (units == UNITS_BYTES) == in_bytes(row);
}

/* The rows of the report: only the first of each limit, the fullest, unless every one is asked for. */
static bool is_shown(const struct metrics *metrics, size_t number)
{
        const struct limit_row *rows = metrics->limits->rows;

        return metrics->every || number == 0 || rows[number - 1].reading->limit != rows[number].reading->limit;
}

/* As a counter it must belong to one whom it binds: of the fullest it would jump when that is another. */
static bool is_counted(const struct metrics *metrics, size_t number)
{
        const struct limit_row *row = &metrics->limits->rows[number];
        enum limit_binds binds = limit_get(row->reading->limit)->binds;

        return has_failures(row) && is_shown(metrics, number) &&
               (metrics->every || binds == BINDS_SYSTEM || row->reading->limit == LIMIT_SOMAXCONN);
}

static void put_failures_total(const struct metrics *metrics, struct exposition *out)
{
        exposition_family(out, "ipcview_limit_failures_total", METRIC_COUNTER,
                          "How often a limit was hit, where the kernel counts that.");
        for (size_t i = 0; i < metrics->limits->n; i++)
                if (is_counted(metrics, i)) {
                        begin(metrics, out, metrics->limits->rows[i].reading);
                        exposition_uint(out, metrics->limits->rows[i].reading->failures);
                }
}

static void put_whoms(const struct metrics *metrics, struct exposition *out)
{
        exposition_family(out, "ipcview_limit_fullest_info", METRIC_GAUGE,
                          "Whom a limit binds that is used to a half and more, where it binds many: always 1.");
        for (size_t i = 0; i < metrics->limits->n; i++) {
                const struct limit_row *row = &metrics->limits->rows[i];

                if (metrics->every || !is_shown(metrics, i) || row->permille < METRICS_WHOM_PERMILLE ||
                    limit_get(row->reading->limit)->binds == BINDS_SYSTEM)
                        continue;
                begin(metrics, out, row->reading);
                put_whom(metrics, out, row->reading);
                exposition_uint(out, 1);
        }
}

void metrics_limits(const struct metrics *metrics, struct exposition *out)
{
        for (unsigned i = 0; i < COUNT(families); i++) {
                exposition_family(out, families[i].name, families[i].type, families[i].help);
                for (size_t j = 0; j < metrics->limits->n; j++) {
                        const struct limit_row *row = &metrics->limits->rows[j];

                        if (!is_shown(metrics, j) || !is_of(row, families[i].units) || !families[i].has(row))
                                continue;
                        begin(metrics, out, row->reading);
                        families[i].put(metrics, out, row);
                }
        }
        put_failures_total(metrics, out);
        put_whoms(metrics, out);
}
