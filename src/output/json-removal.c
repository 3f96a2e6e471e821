/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/deed.h"
#include "base/memory.h"
#include "output/json-private.h"

#include <stdlib.h>

struct json_removals {
        struct printer printer;
};

struct json_removals *json_removals_begin(const struct snapshot *snapshot, const struct json_options *options,
                                          struct sink *sink)
{
        struct json_removals *removals = memory_new(sizeof(*removals));

        printer_begin(&removals->printer, SUBJECT_REMOVALS, snapshot, options, sink);
        return removals;
}

static void write_owner(struct writer *writer, const struct snapshot *snapshot, const struct object *object)
{
        const struct value *owner = row_get(object_row(object), FIELD_OWNER);

        if (!owner)
                return;
        writer_key(writer, field_get(FIELD_OWNER)->name);
        json_write_value(writer, snapshot, owner);
}

static void write_holders(struct writer *writer, const struct snapshot *snapshot, const struct object *object)
{
        writer_key(writer, "holder_count");
        if (snapshot->want.holders)
                writer_uint(writer, object_count_holders(object));
        else
                writer_null(writer);
}

static void write_plan(struct writer *writer, const struct snapshot *snapshot, const struct plan_row *row)
{
        writer_key(writer, "action");
        writer_word(writer, "remove");
        writer_text_member(writer, field_get(FIELD_REF)->name, row->object->ref);
        writer_key(writer, field_get(FIELD_KIND)->name);
        writer_word(writer, row->object->key.kind->name);
        writer_key(writer, "verdict");
        writer_word(writer, verdict_word(row->verdict.verdict));
        writer_key(writer, "inferred");
        writer_bool(writer, row->verdict.inferred);
        json_write_reasons(writer, &row->verdict);
        writer_key(writer, "forced");
        writer_bool(writer, row->forced);
        write_owner(writer, snapshot, row->object);
        write_holders(writer, snapshot, row->object);
}

static void write_changed(struct writer *writer, const struct snapshot *snapshot, const struct act *act)
{
        writer_key(writer, "changed");
        writer_open(writer, '{');
        writer_key(writer, "field");
        writer_word(writer, field_get(act->changed.field)->name);
        writer_key(writer, "before");
        json_write_value(writer, snapshot, &act->changed.before);
        writer_key(writer, "now");
        json_write_value(writer, snapshot, &act->changed.now);
        writer_close(writer, '}');
}

static void write_result(struct writer *writer, const struct snapshot *snapshot, const struct plan_row *row,
                         const struct deed *deed)
{
        writer_key(writer, "result");
        if (deed)
                writer_word(writer, deed_word(deed->result));
        else
                writer_word(writer, row->chosen ? "planned" : deed_word(DEED_REFUSED));
        writer_key(writer, "error");
        if (deed && deed->err)
                writer_word(writer, strerrorname_np(deed->err) ? strerrorname_np(deed->err) : "unknown");
        else
                writer_null(writer);
        if (deed && deed->result == DEED_CHANGED)
                write_changed(writer, snapshot, &deed->act);
        if (deed && deed->copy.len)
                writer_text_member(writer, "copy", buf_text(&deed->copy));
}

void json_removals_add(struct json_removals *removals, const struct plan_row *row, const struct deed *deed)
{
        struct printer *printer = &removals->printer;

        printer_begin_row(printer);
        write_plan(&printer->writer, printer->snapshot, row);
        write_result(&printer->writer, printer->snapshot, row, deed);
        printer_end_row(printer);
        printer_name_users(printer, row->object);
}

void json_removals_end(struct json_removals *removals)
{
        printer_end(&removals->printer, NULL, 0);
        free(removals);
}
