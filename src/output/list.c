/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/list.h"

#include "base/escape.h"
#include "base/i18n.h"

struct cells {
        const struct snapshot *snapshot;
        const struct format *format;
        struct table table;
        struct buf text;                /* one cell, used again and again */
};

/* How many columns a field keeps on a narrow terminal; 0: a cut number would be another number. */
static unsigned least_width(uint16_t id)
{
        const struct field *field = field_get(id);

        switch (id) {
        case FIELD_REF:
                return 16;
        case FIELD_KIND:
                return 0;
        case FIELD_HOLDERS:
        case FIELD_PEERS:
        case FIELD_WAITERS:
        case FIELD_SUMMARY:
                return 12;
        default:
                break;
        }

        return field->type == VALUE_TEXT || field->unit == UNIT_UID || field->unit == UNIT_GID ? 8 : 0;
}

/* The text as it lies in the snapshot, when nothing in it needs escaping: most names do not. */
static bool add_as_is(struct cells *cells, const struct value *value)
{
        if (value->type != VALUE_TEXT || value->len == 0 || !escape_is_plain(value_text(value)))
                return false;

        table_add(&cells->table, value_text(value), STYLE_NONE, true);
        return true;
}

static void add_cell(struct cells *cells, const struct object *object, uint16_t id, size_t *hint)
{
        enum style style = STYLE_NONE;
        struct value value;

        buf_clear(&cells->text);

        if (id == FIELD_HOLDERS)
                format_holders(&cells->text, object, cells->format);
        else if (id == FIELD_PEERS)
                format_peers(&cells->text, object, cells->format);
        else if (id == FIELD_WAITERS)
                format_waiters(&cells->text, object, cells->format);
        else if (id == FIELD_SUMMARY)
                format_summary(&cells->text, object, cells->format);
        else if (snapshot_value_at(cells->snapshot, object, id, hint, &value)) {
                if (add_as_is(cells, &value))
                        return;
                format_value(&cells->text, &value, cells->format);
                style = format_style(&value);
        } else
                buf_byte(&cells->text, '-');

        table_add(&cells->table, buf_text(&cells->text), style, false);
}

static struct column *make_columns(struct arena *arena, const uint16_t *fields, unsigned n)
{
        struct column *columns = ARENA_ARRAY(arena, struct column, n);

        for (unsigned i = 0; i < n; i++)
                columns[i] = (struct column){
                        .title = _(field_get(fields[i])->title),
                        .align = format_align(fields[i]),
                        .least = least_width(fields[i]),
                };

        return columns;
}

void list_print(const struct snapshot *snapshot, const struct object *const *objects, size_t nobjects,
                const uint16_t *columns, unsigned ncolumns,
                const struct format *format, const struct table_look *look, struct sink *sink)
{
        struct cells cells = { .snapshot = snapshot, .format = format };
        struct arena arena;
        size_t *hints;

        if (ncolumns == 0)
                return;

        arena_init(&arena);
        hints = ARENA_ARRAY(&arena, size_t, ncolumns);
        table_init(&cells.table, &arena, make_columns(&arena, columns, ncolumns), ncolumns);

        for (size_t i = 0; i < nobjects; i++)
                for (unsigned j = 0; j < ncolumns; j++)
                        add_cell(&cells, objects[i], columns[j], &hints[j]);

        table_print(&cells.table, look, &sink->buf);
        sink_pass(sink);

        table_done(&cells.table);
        buf_done(&cells.text);
        arena_done(&arena);
}
