/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/limits.h"

#include "model/value-json.h"
#include "output/json-private.h"

#include <limits.h>

/* As far as it is known: null, else. */
static void write_number(struct writer *writer, const char *key, bool known, uint64_t number)
{
        writer_key(writer, key);
        if (known)
                writer_uint(writer, number);
        else
                writer_null(writer);
}

static void write_text(struct writer *writer, const char *key, const char *string)
{
        writer_key(writer, key);
        if (string)
                writer_text(writer, text_of(string));
        else
                writer_null(writer);
}

static void write_process(struct writer *writer, const struct process *process)
{
        writer_key(writer, "pid");
        writer_int(writer, process->pid);
        writer_text_member(writer, "comm", process->comm);
}

static void write_user(struct writer *writer, const struct snapshot *snapshot, uint64_t uid)
{
        writer_key(writer, "user");
        json_write_user(writer, snapshot, uid);
}

static void write_ref(struct writer *writer, const struct object *object)
{
        writer_key(writer, "ref");
        writer_text(writer, object->ref);
}

void json_write_bound(struct writer *writer, const struct snapshot *snapshot, const struct limit_reading *reading)
{
        const struct limit *limit = limit_get(reading->limit);

        switch (limit->binds) {
        case BINDS_NAMESPACE:
                writer_key(writer, "namespace");
                writer_open(writer, '{');
                writer_key(writer, "type");
                writer_word(writer, namespace_type_name(limit->scope));
                write_number(writer, "inode", reading->subject != 0, reading->subject);
                writer_close(writer, '}');
                break;
        case BINDS_USER:
                write_user(writer, snapshot, reading->subject);
                break;
        case BINDS_PROCESS:
                write_process(writer, reading->process);
                break;
        case BINDS_OBJECT:
                write_ref(writer, reading->object);
                break;
        case BINDS_MOUNT:
                writer_text_member(writer, "path", reading->name);
                writer_key(writer, "dev");
                value_json_number(writer, UNIT_DEV, reading->subject);
                break;
        case BINDS_CGROUP:
                writer_text_member(writer, "cgroup", reading->name);
                break;
        case BINDS_POOL:
                writer_text_member(writer, "pool", reading->name);
                break;
        case BINDS_SYSTEM:
        case BINDS_COUNT:
                break;
        }
}

static void write_top(struct writer *writer, const struct snapshot *snapshot, const struct limit_row *row)
{
        writer_key(writer, "top");
        writer_open(writer, '[');
        for (unsigned i = 0; i < row->ntop; i++) {
                const struct limit_share *share = &row->top[i];

                writer_open(writer, '{');
                if (share->is_user)
                        write_user(writer, snapshot, share->uid);
                else if (share->process)
                        write_process(writer, share->process);
                else
                        write_ref(writer, share->object);
                writer_key(writer, "used");
                writer_uint(writer, share->used);
                writer_close(writer, '}');
        }
        writer_close(writer, ']');
}

/* What is used of it: only of those that can be used up. */
static void write_use(struct writer *writer, const struct limit_row *row)
{
        bool has_permille = row->permille >= 0 && row->permille < INT_MAX;

        write_number(writer, "used", row->known, row->used);
        write_number(writer, "used_permille", has_permille, has_permille ? (uint64_t)row->permille : 0);
        if (row->inferred) {
                writer_key(writer, "inferred");
                writer_bool(writer, true);
        }
        if (row->partial) {
                writer_key(writer, "partial");
                writer_bool(writer, true);
        }
        writer_key(writer, "hit");
        writer_bool(writer, row->hit);
}

static void write_row(struct writer *writer, const struct snapshot *snapshot, const struct limit_row *row)
{
        const struct limit_reading *reading = row->reading;
        const struct limit *limit = limit_get(reading->limit);

        write_text(writer, "unit", limit_unit_word(limit->unit));
        write_text(writer, "binds", limit_binds_word(limit->binds));
        json_write_bound(writer, snapshot, reading);
        write_number(writer, "value", !reading->unknown && !reading->unlimited, reading->value);
        writer_key(writer, "unlimited");
        if (reading->unknown)
                writer_null(writer);
        else
                writer_bool(writer, reading->unlimited);
        if (limit->manner == MANNER_FILLS)
                write_use(writer, row);
        write_top(writer, snapshot, row);
        if (reading->failures) {
                writer_key(writer, "failures");
                writer_uint(writer, reading->failures);
        }
        if (reading->limit == LIMIT_CGROUP_MEMORY) {
                writer_key(writer, "shared_bytes");
                writer_uint(writer, reading->shared_bytes);
        }
}

static void write_limit(struct writer *writer, const struct limit *limit)
{
        write_text(writer, "limit", limit->name);
        write_text(writer, "title", limit->title);
        write_text(writer, "source", limit->source);
        write_text(writer, "raise", limit->raise);
}

static void write_calls(struct writer *writer, const struct limit_failure *failure)
{
        struct text rest = text_of(failure->calls), call;

        writer_key(writer, "calls");
        writer_open(writer, '[');
        while (text_word(&rest, &call))
                writer_text(writer, call);
        writer_close(writer, ']');
}

static void write_cause(struct writer *writer, const struct snapshot *snapshot, const struct limit_cause *cause)
{
        write_text(writer, "error", strerrorname_np(cause->failure->error));
        write_calls(writer, cause->failure);
        write_text(writer, "when", cause->failure->why);
        write_limit(writer, limit_get(cause->failure->limit));
        writer_key(writer, "near");
        writer_bool(writer, cause->near);
        if (cause->row)
                write_row(writer, snapshot, cause->row);
}

static void name_processes(struct printer *printer, const struct limit_row *row)
{
        if (row->reading->process && limit_get(row->reading->limit)->binds == BINDS_PROCESS)
                printer_name(printer, row->reading->process);
        for (unsigned i = 0; i < row->ntop; i++)
                if (row->top[i].process)
                        printer_name(printer, row->top[i].process);
}

void limits_json(const struct snapshot *snapshot, const struct limit_row *const *rows, size_t n,
                 const struct json_options *options, struct sink *sink)
{
        struct printer printer;

        printer_begin(&printer, SUBJECT_LIMITS, snapshot, options, sink);
        for (size_t i = 0; i < n; i++) {
                printer_begin_row(&printer);
                write_limit(&printer.writer, limit_get(rows[i]->reading->limit));
                write_row(&printer.writer, snapshot, rows[i]);
                printer_end_row(&printer);
                name_processes(&printer, rows[i]);
        }
        printer_end(&printer, NULL, 0);
}

void limits_json_causes(const struct snapshot *snapshot, const struct limit_cause *causes, size_t n,
                        const struct json_options *options, struct sink *sink)
{
        struct printer printer;

        printer_begin(&printer, SUBJECT_CAUSES, snapshot, options, sink);
        for (size_t i = 0; i < n; i++) {
                printer_begin_row(&printer);
                write_cause(&printer.writer, snapshot, &causes[i]);
                printer_end_row(&printer);
                if (causes[i].row)
                        name_processes(&printer, causes[i].row);
        }
        printer_end(&printer, NULL, 0);
}
