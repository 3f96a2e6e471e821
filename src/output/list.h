/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_LIST_H
#define OUTPUT_LIST_H

/* Objects as a table, one row each, a field a column. */
#include "output/format.h"
#include "output/sink.h"

/* Any field of the dictionary may be a column; absent values are "-". Writes everything in one go. */
void list_print(const struct snapshot *snapshot, const struct object *const *objects, size_t nobjects,
                const uint16_t *columns, unsigned ncolumns,
                const struct format *format, const struct table_look *look, struct sink *sink);

#endif
