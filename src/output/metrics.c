/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/metrics.h"

#include "output/metrics-private.h"

/* What a rule found, by severity: it may give lower ones than its own. */
struct rule_sum {
        size_t found[SEVERITY_COUNT];
        uint64_t bytes;
};

static void put_findings(const struct rule_sum *sums, uint64_t rules, struct exposition *out)
{
        exposition_family(out, "ipcview_findings", METRIC_GAUGE,
                          "Findings of a rule of ipcview check, by severity.");
        for (uint16_t i = 0; i < FINDING_COUNT; i++)
                for (unsigned severity = 0; severity < SEVERITY_COUNT; severity++) {
                        const struct finding_rule *rule = finding_rule_get(i);

                        if (!(rules & FINDING_BIT(i)) || (!sums[i].found[severity] && severity != rule->severity))
                                continue;
                        exposition_series(out);
                        exposition_label(out, "rule", text_of(rule->name));
                        exposition_label(out, "severity", text_of(severity_word(severity)));
                        exposition_uint(out, sums[i].found[severity]);
                }
        exposition_family(out, "ipcview_finding_bytes", METRIC_GAUGE,
                          "Memory that is lost or held by what a rule found.");
        for (uint16_t i = 0; i < FINDING_COUNT; i++) {
                if (!(rules & FINDING_BIT(i)))
                        continue;
                exposition_series(out);
                exposition_label(out, "rule", text_of(finding_rule_get(i)->name));
                exposition_uint(out, sums[i].bytes);
        }
}

static void print_findings(const struct findings *findings, uint64_t rules, struct exposition *out)
{
        struct rule_sum sums[FINDING_COUNT] = { 0 };
        unsigned hampered = 0;

        for (size_t i = 0; i < findings->n; i++) {
                const struct finding *finding = &findings->list[i];

                sums[finding->id].found[finding->severity]++;
                sums[finding->id].bytes += finding->bytes;
        }
        put_findings(sums, rules, out);
        for (uint16_t i = 0; i < FINDING_COUNT; i++)
                hampered += findings->hampered >> i & 1;
        exposition_family(out, "ipcview_hampered_rules", METRIC_GAUGE,
                          "Rules of ipcview check that something was hidden from: they may have missed findings.");
        exposition_series(out);
        exposition_uint(out, hampered);
}

static void put_number(struct exposition *out, const char *name, const char *help, uint64_t number)
{
        exposition_family(out, name, METRIC_GAUGE, help);
        exposition_series(out);
        exposition_uint(out, number);
}

/* About the program and what it saw, for whoever wants to know what the rest is worth. */
static void print_self(const struct metrics *metrics, struct exposition *out)
{
        const struct snapshot *snapshot = metrics->snapshot;
        uint64_t gaps = 0;

        for (size_t i = 0; i < snapshot->ngaps; i++)
                gaps += snapshot->gaps[i].times;
        exposition_family(out, "ipcview_build_info", METRIC_GAUGE, "The version of ipcview: always 1.");
        exposition_series(out);
        exposition_label(out, "version", TEXT(PACKAGE_VERSION));
        exposition_uint(out, 1);
        exposition_family(out, "ipcview_collect_duration_seconds", METRIC_GAUGE,
                          "Time that it took to look at the machine.");
        exposition_series(out);
        exposition_seconds(out, metrics->duration);
        put_number(out, "ipcview_complete", "1: everything could be seen; 0: there are gaps.",
                   snapshot_complete(snapshot));
        put_number(out, "ipcview_gaps", "Things that could not be seen, mostly for lack of rights.", gaps);
        if (snapshot->want.holders)
                put_number(out, "ipcview_processes", "Processes that were looked at.", snapshot->nprocesses);
}

void metrics_print(const struct metrics *metrics, struct sink *sink)
{
        struct exposition out = { .sink = sink };

        print_self(metrics, &out);
        metrics_limits(metrics, &out);
        metrics_objects(metrics, &out);
        if (metrics->findings)
                print_findings(metrics->findings, metrics->rules, &out);
        exposition_done(&out);
}
