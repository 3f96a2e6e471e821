/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_JSON_PRIVATE_H
#define OUTPUT_JSON_PRIVATE_H

/* Inside the JSON form: what its files share. */
#include "base/json-writer.h"
#include "model/snapshot.h"
#include "output/json.h"
#include "report/verdict.h"

/*
 * Objects, processes, gaps and errors come as members of one document or as
 * lines; the two differ only in what stands around an item.
 */
struct printer {
        const struct snapshot *snapshot;
        const struct json_options *options;
        struct sink *sink;
        const char *items;              /* what it is all about: "objects", "removals" */
        struct writer writer;
};

/* What stands before the items, and behind them; no processes: those that hold one of the objects. */
void printer_begin(struct printer *printer);
void printer_end(struct printer *printer, const struct object *const *objects, size_t nobjects,
                 const struct process *const *processes, size_t nprocesses);

void printer_begin_items(struct printer *printer, const char *key);
void printer_end_items(struct printer *printer);
void printer_begin_item(struct printer *printer, const char *type);
void printer_end_item(struct printer *printer);

/* What a value is, without its name; not for texts. */
void json_write_value(struct writer *writer, const struct snapshot *snapshot, const struct value *value);

/* "reasons":[...] of a verdict. */
void json_write_reasons(struct writer *writer, const struct verdict_report *report);

/* The members of one object, or of one process, without the braces around them. */
void json_write_object(struct writer *writer, const struct snapshot *snapshot, const struct object *object,
                       struct judge *judge);
void json_write_process(struct writer *writer, const struct snapshot *snapshot,
                        const struct process *process);

#endif
