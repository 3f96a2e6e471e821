/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json.h"

#include "base/memory.h"
#include "base/thread.h"
#include "output/json-private.h"

#include <stdlib.h>

enum { RUN = 4096 };                    /* items that one thread prints at a time */

/* An array of the document; lines need nothing around them. */
void printer_begin_items(struct printer *printer, const char *key)
{
        if (printer->options->lines)
                return;
        writer_key(&printer->writer, key);
        writer_open(&printer->writer, '[');
}

void printer_end_items(struct printer *printer)
{
        if (printer->options->lines)
                return;
        if (printer->writer.comma)
                buf_byte(&printer->sink->buf, '\n');
        writer_close(&printer->writer, ']');
}

void printer_begin_item(struct printer *printer, const char *type)
{
        struct writer *writer = &printer->writer;

        if (printer->options->lines) {
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

void printer_end_item(struct printer *printer)
{
        writer_close(&printer->writer, '}');
        if (printer->options->lines)
                buf_byte(&printer->sink->buf, '\n');
        sink_pass(printer->sink);
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
        writer_close(writer, '}');
}

static void print_object(struct printer *printer, const void *item)
{
        printer_begin_item(printer, "object");
        json_write_object(&printer->writer, printer->snapshot, item, printer->options->judge);
        printer_end_item(printer);
}

static void print_process(struct printer *printer, const void *item)
{
        printer_begin_item(printer, "process");
        json_write_process(&printer->writer, printer->snapshot, item);
        printer_end_item(printer);
}

/* A run of items that are printed alike. */
struct run {
        struct printer *printer;
        void (*print)(struct printer *printer, const void *item);
        const void *const *items;
        size_t n;
};

static void *print_run(void *data)
{
        const struct run *run = data;

        for (size_t i = 0; i < run->n; i++)
                run->print(run->printer, run->items[i]);
        return NULL;
}

static int keep(void *data, struct text bytes)
{
        buf_add(data, bytes);
        return 0;
}

/* Two runs at once: the second by a thread, into memory. */
static void print_runs(struct run *first, struct run *second, struct buf *memory)
{
        struct sink sink = { .write = keep, .data = memory };
        struct printer printer = *first->printer;
        pthread_t thread;
        bool threaded;

        buf_clear(memory);
        second->printer = &printer;
        printer.sink = &sink;
        printer.writer = (struct writer){ &sink.buf, true };
        threaded = thread_start(&thread, print_run, second);
        print_run(first);
        if (threaded)
                pthread_join(thread, NULL);
        else
                print_run(second);
        sink_done(&sink);
        sink_add(first->printer->sink, buf_text(memory));
}

/* Many are divided between two processors: to write them takes as long as half of a walk. */
static void print_items(struct printer *printer, void (*print)(struct printer *printer, const void *item),
                        const void *const *items, size_t n)
{
        struct buf memory = { 0 };
        size_t i = 0;

        /* A judge remembers what it has found out: it is for one thread. */
        for (; !printer->options->judge && n - i >= 2 * RUN; i += 2 * RUN) {
                struct run first = { printer, print, items + i, RUN };
                struct run second = { printer, print, items + i + RUN, RUN };

                print_runs(&first, &second, &memory);
        }
        print_run(&(struct run){ printer, print, items + i, n - i });
        buf_done(&memory);
}

static void print_objects(struct printer *printer, const struct object *const *objects, size_t n)
{
        printer_begin_items(printer, printer->items);
        print_items(printer, print_object, (const void *const *)objects, n);
        printer_end_items(printer);
}

static void print_processes(struct printer *printer, const struct process *const *processes, size_t n)
{
        printer_begin_items(printer, "processes");
        print_items(printer, print_process, (const void *const *)processes, n);
        printer_end_items(printer);
}

static void print_gaps(struct printer *printer)
{
        struct writer *writer = &printer->writer;

        printer_begin_items(printer, "gaps");
        for (size_t i = 0; i < printer->snapshot->ngaps; i++) {
                const struct gap *gap = &printer->snapshot->gaps[i];

                printer_begin_item(printer, "gap");
                write_text_or_null(writer, "kind", gap->kind ? gap->kind->name : NULL);
                write_text_or_null(writer, "where", gap->where);
                writer_key(writer, "errno");
                writer_int(writer, gap->err);
                write_text_or_null(writer, "error", gap->err != 0 ? strerrorname_np(gap->err) : NULL);
                writer_key(writer, "times");
                writer_uint(writer, gap->times);
                write_text_or_null(writer, "reason", gap->reason);
                printer_end_item(printer);
        }
        printer_end_items(printer);
}

static void print_errors(struct printer *printer)
{
        struct writer *writer = &printer->writer;

        printer_begin_items(printer, "errors");
        for (size_t i = 0; i < printer->options->nerrors; i++) {
                const struct json_error *error = &printer->options->errors[i];

                printer_begin_item(printer, "error");
                writer_text_member(writer, "subject", error->subject);
                write_text_or_null(writer, "error", error->error);
                writer_key(writer, "status");
                writer_int(writer, error->status);
                printer_end_item(printer);
        }
        printer_end_items(printer);
}

/* The last line: whoever finds none was cut off. */
static void print_end(struct printer *printer, size_t nitems, size_t nprocesses)
{
        struct writer *writer = &printer->writer;

        printer_begin_item(printer, "end");
        writer_key(writer, printer->items);
        writer_uint(writer, nitems);
        writer_key(writer, "processes");
        writer_uint(writer, nprocesses);
        writer_key(writer, "gaps");
        writer_uint(writer, printer->snapshot->ngaps);
        writer_key(writer, "errors");
        writer_uint(writer, printer->options->nerrors);
        writer_key(writer, "complete");
        writer_bool(writer, snapshot_complete(printer->snapshot));
        printer_end_item(printer);
}

/* The processes that hold one of the objects or wait on it, by pid. The caller frees *ret. */
static size_t find_holders(const struct snapshot *snapshot, const struct object *const *objects,
                           size_t nobjects, const struct process ***ret)
{
        const struct process **holders;
        size_t n = 0;

        holders = memory_new((snapshot->nprocesses + 1) * sizeof(*holders));
        for (size_t i = 0; i < nobjects; i++) {
                for (unsigned j = 0; j < objects[i]->nholds; j++) {
                        const struct process *process = objects[i]->holds[j].process;

                        holders[process - snapshot->processes] = process;
                }
                for (unsigned j = 0; j < objects[i]->nwaits; j++) {
                        const struct process *process = objects[i]->waits[j].process;

                        holders[process - snapshot->processes] = process;
                }
        }

        for (size_t i = 0; i < snapshot->nprocesses; i++)
                if (holders[i])
                        holders[n++] = holders[i];

        *ret = holders;
        return n;
}

void printer_begin(struct printer *printer)
{
        if (printer->options->lines) {
                printer_begin_item(printer, "header");
                write_header(printer);
                printer_end_item(printer);
        } else {
                writer_open(&printer->writer, '{');
                write_header(printer);
        }
}

void printer_end(struct printer *printer, const struct object *const *objects, size_t nobjects,
                 const struct process *const *processes, size_t nprocesses)
{
        const struct process **holders = NULL;

        if (!processes) {
                nprocesses = find_holders(printer->snapshot, objects, nobjects, &holders);
                processes = holders;
        }
        print_processes(printer, processes, nprocesses);
        print_gaps(printer);
        print_errors(printer);
        if (printer->options->lines) {
                print_end(printer, nobjects, nprocesses);
        } else {
                writer_close(&printer->writer, '}');
                buf_byte(&printer->sink->buf, '\n');
        }
        free(holders);
        sink_pass(printer->sink);
}

void json_print(const struct snapshot *snapshot, const struct object *const *objects, size_t nobjects,
                const struct process *const *processes, size_t nprocesses,
                const struct json_options *options, struct sink *sink)
{
        struct printer printer = { snapshot, options, sink, "objects", { &sink->buf, false } };

        printer_begin(&printer);
        print_objects(&printer, objects, nobjects);
        printer_end(&printer, objects, nobjects, processes, nprocesses);
}
