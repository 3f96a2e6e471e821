/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/limits.h"

#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"

#include <limits.h>

static const struct {
        const char *word, *title;
        enum align align;
        unsigned least;
} all_columns[LIMIT_COLUMNS] = {
        [LIMIT_COLUMN_LIMIT] = { "limit", N_("LIMIT"), ALIGN_LEFT, 0 },
        [LIMIT_COLUMN_WHOM] = { "whom", N_("BINDS"), ALIGN_LEFT, 12 },
        [LIMIT_COLUMN_VALUE] = { "value", N_("VALUE"), ALIGN_RIGHT, 0 },
        [LIMIT_COLUMN_USED] = { "used", N_("USED"), ALIGN_RIGHT, 0 },
        [LIMIT_COLUMN_PERCENT] = { "percent", N_("USE%"), ALIGN_RIGHT, 0 },
        [LIMIT_COLUMN_TOP] = { "top", N_("MOST"), ALIGN_LEFT, 12 },
        [LIMIT_COLUMN_FAILURES] = { "failures", N_("FAILURES"), ALIGN_RIGHT, 0 },
        [LIMIT_COLUMN_TITLE] = { "title", N_("MEANING"), ALIGN_LEFT, 12 },
        [LIMIT_COLUMN_SOURCE] = { "source", N_("SOURCE"), ALIGN_LEFT, 12 },
        [LIMIT_COLUMN_RAISE] = { "raise", N_("TO RAISE IT"), ALIGN_LEFT, 12 },
};

const char *limit_column_word(enum limit_column column)
{
        return all_columns[column].word;
}

void limits_format_amount(struct buf *out, const struct limit *limit, uint64_t amount, const struct format *format)
{
        const struct value value = { .field = FIELD_SIZE_BYTES, .type = VALUE_UINT, .u = amount };

        if (limit->unit == LIMIT_UNIT_BYTES)
                format_value(out, &value, format);
        else
                buf_uint(out, amount);
}

static void put_user(struct buf *out, uid_t uid, const struct format *format)
{
        const struct value value = { .field = FIELD_UID, .type = VALUE_UINT, .u = uid };

        format_value(out, &value, format);
}

static void put_process(struct buf *out, const struct process *process, const struct format *format)
{
        escape_display(out, process->comm, format->utf8);
        buf_printf(out, "[%d]", process->pid);
}

void limits_format_whom(struct buf *out, const struct limit_reading *reading, const struct format *format)
{
        const struct limit *limit = limit_get(reading->limit);

        switch (limit->binds) {
        case BINDS_NAMESPACE:
                buf_printf(out, "%s:[", namespace_type_name(limit->scope));
                if (reading->subject)
                        buf_uint(out, reading->subject);
                else
                        buf_byte(out, '?');
                buf_byte(out, ']');
                break;
        case BINDS_USER:
                put_user(out, (uid_t)reading->subject, format);
                break;
        case BINDS_PROCESS:
                put_process(out, reading->process, format);
                break;
        case BINDS_OBJECT:
                buf_add(out, reading->object->ref);
                break;
        case BINDS_MOUNT:
        case BINDS_CGROUP:
        case BINDS_POOL:
                escape_display(out, reading->name, format->utf8);
                break;
        case BINDS_SYSTEM:
        case BINDS_COUNT:
                buf_string(out, _("system"));
                break;
        }
}

void limits_format_top(struct buf *out, const struct limit_row *row, const struct format *format)
{
        const struct limit *limit = limit_get(row->reading->limit);

        for (unsigned i = 0; i < row->ntop; i++) {
                const struct limit_share *share = &row->top[i];

                if (i)
                        buf_string(out, ", ");
                if (share->is_user)
                        put_user(out, share->uid, format);
                else if (share->process)
                        put_process(out, share->process, format);
                else
                        buf_add(out, share->object->ref);
                buf_byte(out, ' ');
                limits_format_amount(out, limit, share->used, format);
        }
}

void limits_format_permille(struct buf *out, int permille)
{
        if (permille == INT_MAX)
                buf_string(out, ">999%");
        else if (permille % 10 == 0 || permille > 1000)
                buf_printf(out, "%d%%", permille / 10);
        else
                buf_printf(out, "%d.%d%%", permille / 10, permille % 10);
}

static void put_value(struct buf *out, const struct limit_row *row, const struct format *format)
{
        const struct limit_reading *reading = row->reading;

        if (reading->unknown)
                buf_byte(out, '?');
        else if (reading->unlimited)
                buf_string(out, _("no limit"));
        else
                limits_format_amount(out, limit_get(reading->limit), reading->value, format);
}

static void put_used(struct buf *out, const struct limit_row *row, const struct format *format)
{
        if (limit_get(row->reading->limit)->manner == MANNER_CAPS) {
                buf_byte(out, '-');
                return;
        }
        if (!row->known) {
                buf_byte(out, '?');
                return;
        }
        if (row->partial)
                buf_string(out, ">=");
        else if (row->inferred)
                buf_byte(out, '~');
        limits_format_amount(out, limit_get(row->reading->limit), row->used, format);
}

enum style limits_style(const struct limit_row *row)
{
        static const enum style styles[] = { [PRESSURE_NEAR] = STYLE_WARN, [PRESSURE_HIT] = STYLE_BAD };

        return styles[limit_pressure(row)];
}

static void put_cell(struct buf *out, const struct limit_row *row, enum limit_column column,
                     const struct format *format)
{
        const struct limit *limit = limit_get(row->reading->limit);
        size_t before = out->len;

        switch (column) {
        case LIMIT_COLUMN_LIMIT:   buf_string(out, limit->name); break;
        case LIMIT_COLUMN_WHOM:    limits_format_whom(out, row->reading, format); break;
        case LIMIT_COLUMN_VALUE:   put_value(out, row, format); break;
        case LIMIT_COLUMN_USED:    put_used(out, row, format); break;
        case LIMIT_COLUMN_TOP:     limits_format_top(out, row, format); break;
        case LIMIT_COLUMN_TITLE:   buf_string(out, _(limit->title)); break;
        case LIMIT_COLUMN_SOURCE:  buf_string(out, limit->source); break;
        case LIMIT_COLUMN_RAISE:   buf_string(out, _(limit->raise)); break;
        case LIMIT_COLUMN_FAILURES:
                if (row->reading->failures)
                        buf_uint(out, row->reading->failures);
                break;
        case LIMIT_COLUMN_PERCENT:
                if (row->permille >= 0)
                        limits_format_permille(out, row->permille);
                break;
        case LIMIT_COLUMNS:
                break;
        }
        if (out->len == before)
                buf_byte(out, '-');
}

void limits_print(const struct limit_row *const *rows, size_t n, const enum limit_column *columns, unsigned ncolumns,
                  const struct format *format, const struct table_look *look, struct sink *sink)
{
        struct column headings[LIMIT_COLUMNS];
        struct arena arena;
        struct table table;
        struct buf text = { 0 };

        for (unsigned i = 0; i < ncolumns; i++)
                headings[i] = (struct column){ _(all_columns[columns[i]].title), all_columns[columns[i]].align,
                                               all_columns[columns[i]].least };
        arena_init(&arena);
        table_init(&table, &arena, headings, ncolumns);
        for (size_t i = 0; i < n; i++)
                for (unsigned j = 0; j < ncolumns; j++) {
                        bool telling = columns[j] == LIMIT_COLUMN_PERCENT || columns[j] == LIMIT_COLUMN_USED;

                        buf_clear(&text);
                        put_cell(&text, rows[i], columns[j], format);
                        table_add(&table, buf_text(&text), telling ? limits_style(rows[i]) : STYLE_NONE, false);
                }
        table_print(&table, look, &sink->buf);
        table_done(&table);
        arena_done(&arena);
        buf_done(&text);
        sink_pass(sink);
}
