/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json-private.h"

/* The members of a line as they are: it was written by the same writer. */
static void print_line(struct printer *printer, struct text line)
{
        printer_begin_row(printer);
        if (printer->writer.comma)
                buf_byte(printer->writer.out, ',');
        buf_add(printer->writer.out, (struct text){ line.data + 1, line.len - 2 });
        printer_end_row(printer);
}

void json_print_journal(const struct snapshot *snapshot, const struct text *lines, size_t nlines,
                        const struct json_options *options, struct sink *sink)
{
        struct printer printer;

        printer_begin(&printer, SUBJECT_JOURNAL, snapshot, options, sink);
        for (size_t i = 0; i < nlines; i++)
                print_line(&printer, lines[i]);
        printer_end(&printer, NULL, 0);
}
