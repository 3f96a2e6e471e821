/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/journal-line.h"
#include "base/memory.h"
#include "output/json-private.h"

#include <stdlib.h>

struct json_changes {
        struct printer printer;
};

struct json_changes *json_changes_begin(const struct snapshot *snapshot, const struct json_options *options,
                                        struct sink *sink)
{
        struct json_changes *changes = memory_new(sizeof(*changes));

        printer_begin(&changes->printer, SUBJECT_CHANGES, snapshot, options, sink);
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

        printer_begin_row(&changes->printer);
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
        printer_end_row(&changes->printer);
}

void json_changes_end(struct json_changes *changes)
{
        printer_end(&changes->printer, NULL, 0);
        free(changes);
}
