/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_LIMITS_H
#define OUTPUT_LIMITS_H

/* Limits as a table, as an explanation, and as JSON. */
#include "output/format.h"
#include "output/json.h"
#include "output/sink.h"
#include "report/limits.h"

/* Columns of the table; their words are those of -o and --sort. */
enum limit_column {
        LIMIT_COLUMN_LIMIT, LIMIT_COLUMN_WHOM, LIMIT_COLUMN_VALUE, LIMIT_COLUMN_USED, LIMIT_COLUMN_PERCENT,
        LIMIT_COLUMN_TOP, LIMIT_COLUMN_FAILURES, LIMIT_COLUMN_TITLE, LIMIT_COLUMN_SOURCE, LIMIT_COLUMN_RAISE,
        LIMIT_COLUMNS,
};

/* The released word: "percent". */
const char *limit_column_word(enum limit_column column);

void limits_print(const struct limit_row *const *rows, size_t n, const enum limit_column *columns, unsigned ncolumns,
                  const struct format *format, const struct table_look *look, struct sink *sink);

/* error: ENOSPC; call: NULL: any. */
void limits_print_causes(const struct limit_cause *causes, size_t n, int error, const char *call,
                         const struct format *format, struct sink *sink);

void limits_json(const struct snapshot *snapshot, const struct limit_row *const *rows, size_t n,
                 const struct json_options *options, struct sink *sink);
void limits_json_causes(const struct snapshot *snapshot, const struct limit_cause *causes, size_t n,
                        const struct json_options *options, struct sink *sink);

/* Display forms, for whoever tells of a limit in words: an amount in its unit, whom it binds, who uses most. */
void limits_format_amount(struct buf *out, const struct limit *limit, uint64_t amount, const struct format *format);
void limits_format_whom(struct buf *out, const struct limit_reading *reading, const struct format *format);
void limits_format_top(struct buf *out, const struct limit_row *row, const struct format *format);
/* Of what tells how much of it is used. */
enum style limits_style(const struct limit_row *row);
/* "97.6%" */
void limits_format_permille(struct buf *out, int permille);

#endif
