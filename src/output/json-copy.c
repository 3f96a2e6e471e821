/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "output/json-private.h"

#include <stdlib.h>

struct json_copies {
        struct printer printer;
};

struct json_copies *json_copies_begin(const struct snapshot *snapshot, const struct json_options *options,
                                      struct sink *sink)
{
        struct json_copies *copies = memory_new(sizeof(*copies));

        printer_begin(&copies->printer, SUBJECT_COPIES, snapshot, options, sink);
        return copies;
}

static void write_text(struct writer *writer, const char *key, struct text text)
{
        if (text.len) {
                writer_text_member(writer, key, text);
        } else {
                writer_key(writer, key);
                writer_null(writer);
        }
}

void json_copies_add(struct json_copies *copies, const struct json_copy *copy)
{
        struct writer *writer = &copies->printer.writer;

        printer_begin_row(&copies->printer);
        writer_key(writer, "action");
        writer_word(writer, copy->action);
        write_text(writer, field_get(FIELD_REF)->name, copy->ref);
        if (copy->was.len)
                writer_text_member(writer, "saved_ref", copy->was);
        write_text(writer, field_get(FIELD_KIND)->name, copy->kind ? text_of(copy->kind) : (struct text){ "", 0 });
        writer_key(writer, "result");
        writer_word(writer, copy->result);
        writer_key(writer, "error");
        if (copy->err)
                writer_word(writer, strerrorname_np(copy->err) ? strerrorname_np(copy->err) : "unknown");
        else
                writer_null(writer);
        write_text(writer, "copy", copy->path);
        writer_key(writer, "partial");
        writer_bool(writer, copy->partial);
        printer_end_row(&copies->printer);
}

void json_copies_end(struct json_copies *copies)
{
        printer_end(&copies->printer, NULL, 0);
        free(copies);
}
