/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json.h"

#include "base/memory.h"
#include "base/thread.h"
#include "output/json-private.h"

#include <stdlib.h>

enum { RUN = 128 };                     /* items that a thread prints at a time: some 64 KiB, that stay in the cache */

/* An array of the document; lines need nothing around them. */
static void begin_items(struct printer *printer, const char *key)
{
        if (printer->options.lines)
                return;
        writer_key(&printer->writer, key);
        writer_open(&printer->writer, '[');
}

static void end_items(struct printer *printer)
{
        if (printer->options.lines)
                return;
        if (printer->writer.comma)
                buf_byte(&printer->sink->buf, '\n');
        writer_close(&printer->writer, ']');
}

static void begin_item(struct printer *printer, const char *type)
{
        struct writer *writer = &printer->writer;

        if (printer->options.lines) {
                writer->comma = false;
                writer_open(writer, '{');
                writer_key(writer, "record");
                writer_word(writer, type);
        } else {
                /* A line each in the document too: for diff(1) and the eye. */
                if (writer->comma)
                        buf_byte(writer->out, ',');
                buf_byte(writer->out, '\n');
                writer->comma = false;
                writer_open(writer, '{');
        }
}

static void end_item(struct printer *printer)
{
        writer_close(&printer->writer, '}');
        if (printer->options.lines)
                buf_byte(&printer->sink->buf, '\n');
        sink_pass(printer->sink);
}

void printer_begin_row(struct printer *printer)
{
        begin_item(printer, subject_get(printer->subject)->record);
        printer->nrows++;
}

void printer_end_row(struct printer *printer)
{
        end_item(printer);
}

static void write_text_or_null(struct writer *writer, const char *key, const char *string)
{
        writer_key(writer, key);
        if (string)
                writer_text(writer, text_of(string));
        else
                writer_null(writer);
}

static void write_header(struct printer *printer)
{
        const struct snapshot_origin *origin = &printer->snapshot->origin;
        struct writer *writer = &printer->writer;

        writer_key(writer, "ipcview");
        writer_open(writer, '{');
        writer_key(writer, "schema");
        writer_word(writer, JSON_SCHEMA_VERSION);
        writer_key(writer, "program");
        writer_word(writer, "ipcview " PACKAGE_VERSION);
        writer_key(writer, "time");
        writer_time(writer, origin->time > 0 ? (uint64_t)origin->time : 0);
        if (origin->boot_id.len > 0)
                writer_text_member(writer, "boot_id", origin->boot_id);
        else
                write_text_or_null(writer, "boot_id", NULL);
        writer_text_member(writer, "host", origin->host);
        writer_key(writer, "uid");
        writer_uint(writer, origin->uid);
        writer_key(writer, "complete");
        writer_bool(writer, snapshot_complete(printer->snapshot));
        if (origin->recorded) {
                writer_key(writer, "recorded");
                writer_bool(writer, true);
        }
        if (printer->options.whole)
                json_write_asked(writer, printer->snapshot);
        writer_close(writer, '}');
}

static void print_object(struct printer *printer, const void *item)
{
        printer_begin_row(printer);
        json_write_object(&printer->writer, printer->snapshot, item, &printer->options);
        printer_end_row(printer);
}

static void print_process(struct printer *printer, const void *item)
{
        begin_item(printer, "process");
        json_write_process(&printer->writer, printer->snapshot, item);
        end_item(printer);
}

static void print_reading(struct printer *printer, const void *item)
{
        begin_item(printer, "reading");
        json_write_reading(&printer->writer, printer->snapshot, item);
        end_item(printer);
}

/* Items that are printed alike, by two threads: what both look at. */
struct shared {
        struct printer *printer;
        void (*print)(struct printer *printer, const void *item);
        const void *const *items;
        size_t n;
        bool comma;                     /* something stands before the first */

        /* The rest changes under the lock. Only who printed the items from `written` on uses the printer's sink. */
        pthread_mutex_t lock;
        pthread_cond_t changed;
        size_t next;                    /* the first that nobody has taken */
        size_t written;
};

/* Lock held, but not meanwhile. Its rows are counted when they are written. */
static void print_run(struct shared *shared, struct sink *memory, size_t first, size_t n)
{
        struct printer printer = *shared->printer;

        pthread_mutex_unlock(&shared->lock);
        printer.sink = memory;
        printer.writer = (struct writer){ .out = &memory->buf, .comma = first > 0 || shared->comma };
        printer.nrows = 0;
        for (size_t i = first; i < first + n; i++)
                shared->print(&printer, shared->items[i]);
        pthread_mutex_lock(&shared->lock);
        while (shared->written != first)
                pthread_cond_wait(&shared->changed, &shared->lock);
        pthread_mutex_unlock(&shared->lock);
        sink_add(shared->printer->sink, buf_text(&memory->buf));
        buf_clear(&memory->buf);
        pthread_mutex_lock(&shared->lock);
        shared->printer->nrows += printer.nrows;
        shared->written += n;
        pthread_cond_signal(&shared->changed);
}

/* Takes run after run, as the other thread does, prints it into memory, and writes that in its turn. */
static void *print_runs(void *data)
{
        struct shared *shared = data;
        struct sink memory = { 0 };

        pthread_mutex_lock(&shared->lock);
        while (shared->next < shared->n) {
                size_t first = shared->next, n = shared->n - first < RUN ? shared->n - first : RUN;

                shared->next += n;
                print_run(shared, &memory, first, n);
        }
        pthread_mutex_unlock(&shared->lock);
        sink_done(&memory);
        return NULL;
}

/* Many are divided between two processors: to write them takes as long as half of a walk. */
static void print_items(struct printer *printer, void (*print)(struct printer *printer, const void *item),
                        const void *const *items, size_t n)
{
        struct shared shared = { .printer = printer, .print = print, .items = items, .n = n,
                                 .comma = printer->writer.comma, .lock = PTHREAD_MUTEX_INITIALIZER,
                                 .changed = PTHREAD_COND_INITIALIZER };
        pthread_t thread;

        /* A judge remembers what it has found out: it is for one thread. */
        if (!printer->options.judge && n >= 2 * RUN && thread_start(&thread, print_runs, &shared)) {
                print_runs(&shared);
                pthread_join(thread, NULL);
                printer->writer.comma = true;
        }
        for (size_t i = shared.next; i < n; i++)
                print(printer, items[i]);
        pthread_mutex_destroy(&shared.lock);
        pthread_cond_destroy(&shared.changed);
}

static void print_processes(struct printer *printer, const struct process *const *processes, size_t n)
{
        begin_items(printer, "processes");
        print_items(printer, print_process, (const void *const *)processes, n);
        end_items(printer);
}

static void print_readings(struct printer *printer)
{
        const struct snapshot *snapshot = printer->snapshot;
        const void **list = memory_new((snapshot->nreadings + 1) * sizeof(*list));

        for (size_t i = 0; i < snapshot->nreadings; i++)
                list[i] = &snapshot->readings[i];
        begin_items(printer, "readings");
        print_items(printer, print_reading, list, snapshot->nreadings);
        end_items(printer);
        free(list);
}

static void print_gaps(struct printer *printer)
{
        struct writer *writer = &printer->writer;

        begin_items(printer, "gaps");
        for (size_t i = 0; i < printer->snapshot->ngaps; i++) {
                const struct gap *gap = &printer->snapshot->gaps[i];

                begin_item(printer, "gap");
                write_text_or_null(writer, "kind", gap->kind ? gap->kind->name : NULL);
                write_text_or_null(writer, "where", gap->where);
                writer_key(writer, "errno");
                writer_int(writer, gap->err);
                write_text_or_null(writer, "error", gap->err != 0 ? strerrorname_np(gap->err) : NULL);
                writer_key(writer, "times");
                writer_uint(writer, gap->times);
                write_text_or_null(writer, "reason", gap->reason);
                end_item(printer);
        }
        end_items(printer);
}

static void print_errors(struct printer *printer)
{
        struct writer *writer = &printer->writer;

        begin_items(printer, "errors");
        for (size_t i = 0; i < printer->options.nerrors; i++) {
                const struct json_error *error = &printer->options.errors[i];

                begin_item(printer, "error");
                writer_text_member(writer, "subject", error->subject);
                write_text_or_null(writer, "error", error->error);
                writer_key(writer, "status");
                writer_int(writer, error->status);
                end_item(printer);
        }
        end_items(printer);
}

/* The last line: whoever finds none was cut off. */
static void print_end(struct printer *printer, size_t nprocesses)
{
        struct writer *writer = &printer->writer;

        begin_item(printer, "end");
        writer_key(writer, subject_get(printer->subject)->member);
        writer_uint(writer, printer->nrows);
        writer_key(writer, "processes");
        writer_uint(writer, nprocesses);
        if (printer->options.whole) {
                writer_key(writer, "readings");
                writer_uint(writer, printer->snapshot->nreadings);
        }
        writer_key(writer, "gaps");
        writer_uint(writer, printer->snapshot->ngaps);
        writer_key(writer, "errors");
        writer_uint(writer, printer->options.nerrors);
        writer_key(writer, "complete");
        writer_bool(writer, snapshot_complete(printer->snapshot));
        end_item(printer);
}

void printer_begin(struct printer *printer, enum subject_id subject, const struct snapshot *snapshot,
                   const struct json_options *options, struct sink *sink)
{
        *printer = (struct printer){
                .snapshot = snapshot, .options = *options, .sink = sink, .subject = subject,
                .named = memory_new((snapshot->nprocesses + 1) * sizeof(*printer->named)),
                .writer = { .out = &sink->buf },
        };
        if (options->lines) {
                begin_item(printer, "header");
                write_header(printer);
                end_item(printer);
        } else {
                writer_open(&printer->writer, '{');
                write_header(printer);
        }
        begin_items(printer, subject_get(subject)->member);
}

void printer_name(struct printer *printer, const struct process *process)
{
        printer->named[process - printer->snapshot->processes] = process;
}

void printer_name_users(struct printer *printer, const struct object *object)
{
        for (unsigned i = 0; i < object->nholds; i++)
                printer_name(printer, object->holds[i].process);
        for (unsigned i = 0; i < object->nwaits; i++)
                printer_name(printer, object->waits[i].process);
}

/* Those that were named, by pid. Returns how many. */
static size_t gather_named(struct printer *printer)
{
        size_t n = 0;

        for (size_t i = 0; i < printer->snapshot->nprocesses; i++)
                if (printer->named[i])
                        printer->named[n++] = printer->named[i];
        return n;
}

void printer_end(struct printer *printer, const struct process *const *processes, size_t nprocesses)
{
        end_items(printer);
        if (!processes) {
                nprocesses = gather_named(printer);
                processes = printer->named;
        }
        print_processes(printer, processes, nprocesses);
        if (printer->options.whole)
                print_readings(printer);
        print_gaps(printer);
        print_errors(printer);
        if (printer->options.lines) {
                print_end(printer, nprocesses);
        } else {
                writer_close(&printer->writer, '}');
                buf_byte(&printer->sink->buf, '\n');
        }
        free(printer->named);
        sink_pass(printer->sink);
}

void json_print(const struct snapshot *snapshot, const struct object *const *objects, size_t nobjects,
                const struct process *const *processes, size_t nprocesses,
                const struct json_options *options, struct sink *sink)
{
        struct printer printer;

        printer_begin(&printer, SUBJECT_OBJECTS, snapshot, options, sink);
        print_items(&printer, print_object, (const void *const *)objects, nobjects);
        for (size_t i = 0; options->whole && i < snapshot->nprocesses; i++)
                printer_name(&printer, &snapshot->processes[i]);
        for (size_t i = 0; !processes && !options->whole && i < nobjects; i++)
                printer_name_users(&printer, objects[i]);
        printer_end(&printer, processes, nprocesses);
}
