/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json-private.h"

/* The members of a line as they are: it was written by the same writer. */
static void print_line(struct printer *printer, struct text line)
{
        printer_begin_item(printer, "entry");
        if (printer->writer.comma)
                buf_byte(printer->writer.out, ',');
        buf_add(printer->writer.out, (struct text){ line.data + 1, line.len - 2 });
        printer_end_item(printer);
}

void json_print_journal(const struct snapshot *snapshot, const struct text *lines, size_t nlines,
                        const struct json_options *options, struct sink *sink)
{
        static const struct process *const nobody[1];
        struct printer printer = { snapshot, options, sink, "journal", { &sink->buf, false } };

        printer_begin(&printer);
        printer_begin_items(&printer, printer.items);
        for (size_t i = 0; i < nlines; i++)
                print_line(&printer, lines[i]);
        printer_end_items(&printer);
        printer_end(&printer, NULL, nlines, nobody, 0);
}
