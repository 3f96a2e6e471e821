/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/journal-line.h"
#include "base/memory.h"
#include "output/json-private.h"

#include <stdlib.h>

struct json_changes {
        struct printer printer;
        struct json_options options;
        size_t n;
};

struct json_changes *json_changes_begin(const struct snapshot *snapshot, const struct json_options *options,
                                        struct sink *sink)
{
        struct json_changes *changes = memory_new(sizeof(*changes));

        changes->options = *options;
        changes->printer = (struct printer){ snapshot, &changes->options, sink, "changes", { &sink->buf, false } };
        printer_begin(&changes->printer);
        printer_begin_items(&changes->printer, changes->printer.items);
        return changes;
}

static void write_result(struct writer *writer, const struct json_change *change)
{
        const struct deed *deed = change->deed;

        writer_key(writer, "result");
        writer_word(writer, change->planned ? "planned" : deed_word(deed->result));
        writer_key(writer, "error");
        if (!change->planned && deed->err)
                writer_word(writer, strerrorname_np(deed->err) ? strerrorname_np(deed->err) : "unknown");
        else
                writer_null(writer);
}

void json_changes_add(struct json_changes *changes, const struct json_change *change)
{
        struct writer *writer = &changes->printer.writer;

        changes->n++;
        printer_begin_item(&changes->printer, "change");
        writer_key(writer, "action");
        writer_word(writer, change->deed->action);
        if (change->ref.len) {
                writer_text_member(writer, field_get(FIELD_REF)->name, change->ref);
        } else {
                writer_key(writer, field_get(FIELD_REF)->name);
                writer_null(writer);
        }
        writer_key(writer, field_get(FIELD_KIND)->name);
        writer_word(writer, change->kind->name);
        write_result(writer, change);
        if (change->object)
                journal_write_values(writer, change->deed, change->object, change->assignments, change->nassignments);
        else
                journal_write_object(writer, change->deed, change->made, 0);
        printer_end_item(&changes->printer);
}

void json_changes_end(struct json_changes *changes)
{
        static const struct process *const nobody[1];

        printer_end_items(&changes->printer);
        printer_end(&changes->printer, NULL, changes->n, nobody, 0);
        free(changes);
}
