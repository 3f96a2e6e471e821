/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/list.h"

#include "base/escape.h"
#include "base/i18n.h"

/* A column, and what its last cell was made of. */
struct source {
        uint16_t field;
        size_t hint;                    /* where the row had it */
        bool plain;                     /* it was made of the value alone, or of none */
        struct value value;             /* of the type VALUE_OBJECT: none */
};

struct cells {
        const struct snapshot *snapshot;
        const struct format *format;
        struct table table;
        struct buf text;                /* one cell, used again and again */
};

/* The text as it lies in the snapshot, when nothing in it needs escaping: most names do not. */
static bool add_as_is(struct cells *cells, const struct value *value)
{
        if (value->type != VALUE_TEXT || value->len == 0 || !escape_is_plain(value_text(value)))
                return false;

        table_add(&cells->table, value_text(value), STYLE_NONE, true);
        return true;
}

/* Does the value look like the one before? Most do: the type of a socket, an owner, nothing at all. */
static bool is_same(const struct source *source, const struct value *value)
{
        return source->plain && source->value.type == value->type && source->value.u == value->u;
}

static void add_cell(struct cells *cells, const struct object *object, struct source *source)
{
        struct value value;

        buf_clear(&cells->text);
        if (format_composed(&cells->text, object, source->field, cells->format)) {
                table_add(&cells->table, buf_text(&cells->text), STYLE_NONE, false);
                return;
        }

        if (!snapshot_value_at(cells->snapshot, object, source->field, &source->hint, &value))
                value = (struct value){ .type = VALUE_OBJECT };
        else if (add_as_is(cells, &value)) {
                source->plain = false;
                return;
        }
        if (is_same(source, &value)) {
                table_repeat(&cells->table);
                return;
        }

        source->plain = value.type != VALUE_TEXT && value.type != VALUE_ROWS && value.type != VALUE_RECORD;
        source->value = value;
        if (value.type == VALUE_OBJECT) {
                table_add(&cells->table, TEXT("-"), STYLE_NONE, true);
        } else {
                format_value(&cells->text, &value, cells->format);
                table_add(&cells->table, buf_text(&cells->text), format_style(&value), false);
        }
}

static struct column *make_columns(struct arena *arena, const uint16_t *fields, unsigned n)
{
        struct column *columns = ARENA_ARRAY(arena, struct column, n);

        for (unsigned i = 0; i < n; i++)
                columns[i] = (struct column){
                        .title = _(field_get(fields[i])->title),
                        .align = format_align(fields[i]),
                        .least = format_least(fields[i]),
                };

        return columns;
}

static void pass(void *data)
{
        sink_pass(data);
}

void list_print(const struct snapshot *snapshot, const struct object *const *objects, size_t nobjects,
                const uint16_t *columns, unsigned ncolumns,
                const struct format *format, const struct table_look *look, struct sink *sink)
{
        struct cells cells = { .snapshot = snapshot, .format = format };
        struct arena arena;
        struct source *sources;

        if (ncolumns == 0)
                return;

        arena_init(&arena);
        sources = ARENA_ARRAY(&arena, struct source, ncolumns);
        for (unsigned i = 0; i < ncolumns; i++)
                sources[i].field = columns[i];
        table_init(&cells.table, &arena, make_columns(&arena, columns, ncolumns), ncolumns);
        table_expect(&cells.table, nobjects);

        for (size_t i = 0; i < nobjects; i++)
                for (unsigned j = 0; j < ncolumns; j++)
                        add_cell(&cells, objects[i], &sources[j]);

        table_print_passing(&cells.table, look, &sink->buf, pass, sink);

        table_done(&cells.table);
        buf_done(&cells.text);
        arena_done(&arena);
}
