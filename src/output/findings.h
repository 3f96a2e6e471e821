/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_FINDINGS_H
#define OUTPUT_FINDINGS_H

/* Findings as text and as JSON; and the rules. */
#include "output/format.h"
#include "output/json.h"
#include "output/sink.h"
#include "report/findings.h"

/* Grouped by severity, in the order given: rule and subject, evidence, remedy. */
void findings_print(const struct finding *const *findings, size_t n, const struct format *format,
                    const struct table_look *look, struct sink *sink);

void findings_json(const struct snapshot *snapshot, const struct finding *const *findings, size_t n,
                   const struct json_options *options, struct sink *sink);

/* All rules: name, highest severity, title. */
void findings_print_rules(const struct table_look *look, struct sink *sink);

#endif
