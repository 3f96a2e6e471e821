/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/findings.h"

#include "output/json-private.h"

static void write_string(struct writer *writer, const char *key, struct text text)
{
        writer_key(writer, key);
        if (text.len)
                writer_text(writer, text);
        else
                writer_null(writer);
}

static void write_ref(struct writer *writer, const struct object *object)
{
        writer_key(writer, "ref");
        writer_text(writer, object->ref);
}

static void write_process(struct writer *writer, const struct process *process)
{
        writer_key(writer, "pid");
        writer_int(writer, process->pid);
        writer_text_member(writer, "comm", process->comm);
}

static void write_since(struct writer *writer, int64_t since)
{
        if (since <= 0)
                return;
        writer_key(writer, "since");
        writer_time(writer, (uint64_t)since);
}

static void write_cycle(struct writer *writer, const struct finding *finding)
{
        writer_key(writer, "cycle");
        writer_open(writer, '[');
        for (unsigned i = 0; i < finding->ncycle; i++) {
                const struct wait *wait = finding->cycle[i];

                writer_open(writer, '{');
                write_process(writer, wait->process);
                writer_key(writer, "tid");
                writer_int(writer, wait->tid);
                write_string(writer, "operation", text_of(wait->operation));
                write_ref(writer, wait->object);
                write_since(writer, wait->since);
                writer_close(writer, '}');
        }
        writer_close(writer, ']');
}

static void write_doc(struct writer *writer, const struct finding_rule *rule)
{
        struct buf doc = { 0 };

        buf_printf(&doc, "ipcview(1) FINDINGS %s", rule->name);
        write_string(writer, "doc", buf_text(&doc));
        buf_done(&doc);
}

static void write_finding(struct writer *writer, const struct finding *finding)
{
        const struct finding_rule *rule = finding->rule;

        write_string(writer, "rule", text_of(rule->name));
        write_string(writer, "severity", text_of(severity_word(finding->severity)));
        if (finding->object)
                write_ref(writer, finding->object);
        if (finding->process)
                write_process(writer, finding->process);
        if (finding->limit)
                write_string(writer, "limit", text_of(limit_get(finding->limit->reading->limit)->name));
        write_string(writer, "title", text_of(rule->title));
        write_string(writer, "evidence", finding->evidence);
        write_string(writer, "explanation", text_of(rule->explanation));
        write_string(writer, "remedy", finding->remedy);
        write_since(writer, finding->since);
        if (finding->bytes) {
                writer_key(writer, "bytes");
                writer_uint(writer, finding->bytes);
        }
        if (finding->ncycle)
                write_cycle(writer, finding);
        if (finding->inferred) {
                writer_key(writer, "inferred");
                writer_bool(writer, true);
        }
        write_doc(writer, rule);
}

static void name_processes(struct printer *printer, const struct finding *finding)
{
        if (finding->process)
                printer_name(printer, finding->process);
        for (unsigned i = 0; i < finding->ncycle; i++)
                printer_name(printer, finding->cycle[i]->process);
}

void findings_json(const struct snapshot *snapshot, const struct finding *const *findings, size_t n,
                   const struct json_options *options, struct sink *sink)
{
        struct printer printer;

        printer_begin(&printer, SUBJECT_FINDINGS, snapshot, options, sink);
        for (size_t i = 0; i < n; i++) {
                printer_begin_row(&printer);
                write_finding(&printer.writer, findings[i]);
                printer_end_row(&printer);
                name_processes(&printer, findings[i]);
        }
        printer_end(&printer, NULL, 0);
}
