/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/findings.h"

#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"

/* The words as people read them; --fail-on takes severity_word(). */
static const char *heading(enum severity severity)
{
        switch (severity) {
        case SEVERITY_CRITICAL:
                return _("CRITICAL");
        case SEVERITY_WARNING:
                return _("WARNING");
        case SEVERITY_NOTICE:
        case SEVERITY_COUNT:
                break;
        }
        return _("NOTICE");
}

static void put_heading(struct buf *out, enum severity severity, bool first, const struct table_look *look)
{
        if (!look->headings)
                return;
        if (!first)
                buf_byte(out, '\n');
        if (look->colour)
                buf_string(out, severity == SEVERITY_CRITICAL ? "\033[1;31m" :
                                severity == SEVERITY_WARNING ? "\033[1;33m" : "\033[1m");
        buf_string(out, heading(severity));
        if (look->colour)
                buf_string(out, "\033[0m");
        buf_byte(out, '\n');
}

static void put_subject(struct buf *out, const struct finding *finding, const struct format *format)
{
        if (finding->object) {
                buf_byte(out, ' ');
                buf_add(out, finding->object->ref);
        } else if (finding->process) {
                buf_byte(out, ' ');
                escape_display(out, finding->process->comm, format->utf8);
                buf_printf(out, "[%d]", finding->process->pid);
        } else if (finding->limit) {
                buf_printf(out, " %s", limit_get(finding->limit->reading->limit)->name);
        }
}

static void put_finding(struct buf *out, const struct finding *finding, const struct format *format)
{
        buf_string(out, finding->rule->name);
        put_subject(out, finding, format);
        buf_printf(out, ": %s\n    ", _(finding->rule->title));
        buf_add(out, finding->evidence);
        if (finding->inferred)
                buf_string(out, _(" (deduced)"));
        buf_byte(out, '\n');
        if (finding->remedy.len) {
                buf_string(out, _("    remedy: "));
                buf_add(out, finding->remedy);
                buf_byte(out, '\n');
        }
}

void findings_print(const struct finding *const *findings, size_t n, const struct format *format,
                    const struct table_look *look, struct sink *sink)
{
        for (size_t i = 0; i < n; i++) {
                if (i == 0 || findings[i]->severity != findings[i - 1]->severity)
                        put_heading(&sink->buf, findings[i]->severity, i == 0, look);
                put_finding(&sink->buf, findings[i], format);
                sink_pass(sink);
        }
        if (n == 0)
                buf_printf(&sink->buf, "%s\n", _("no findings"));
        sink_pass(sink);
}

void findings_print_rules(const struct table_look *look, struct sink *sink)
{
        const struct column headings[] = {
                { _("RULE"), ALIGN_LEFT, 0 }, { _("SEVERITY"), ALIGN_LEFT, 0 }, { _("MEANING"), ALIGN_LEFT, 20 },
        };
        struct arena arena;
        struct table table;

        arena_init(&arena);
        table_init(&table, &arena, headings, COUNT(headings));
        for (uint16_t i = 0; i < FINDING_COUNT; i++) {
                const struct finding_rule *rule = finding_rule_get(i);

                table_add(&table, text_of(rule->name), STYLE_NONE, true);
                table_add(&table, text_of(severity_word(rule->severity)), STYLE_NONE, true);
                table_add(&table, text_of(_(rule->title)), STYLE_NONE, true);
        }
        table_print(&table, look, &sink->buf);
        table_done(&table);
        arena_done(&arena);
        sink_pass(sink);
}
