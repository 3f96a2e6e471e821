/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/list.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/thread.h"

enum { MANY = 8192 };                   /* objects that are worth a thread */

/* A column, and what its last cell was made of. */
struct source {
        uint16_t field;
        size_t hint;                    /* where the row had it */
        bool plain;                     /* it was made of the value alone, or of none */
        struct value value;             /* of the type VALUE_OBJECT: none */
};

/* Rows that are made one after the other. */
struct part {
        const struct snapshot *snapshot;
        const struct format *format;
        const struct object *const *objects;
        size_t nobjects;
        struct arena arena;
        struct table table;
        struct source *sources;         /* a column each */
        struct buf text;                /* one cell, used again and again */
};

/* The text as it lies in the snapshot, when nothing in it needs escaping: most names do not. */
static bool add_as_is(struct part *part, const struct value *value)
{
        if (value->type != VALUE_TEXT || value->len == 0 || !escape_is_plain(value_text(value)))
                return false;

        table_add(&part->table, value_text(value), STYLE_NONE, true);
        return true;
}

/* Does the value look like the one before? Most do: the type of a socket, an owner, nothing at all. */
static bool is_same(const struct source *source, const struct value *value)
{
        return source->plain && source->value.type == value->type && source->value.u == value->u;
}

static void add_cell(struct part *part, const struct object *object, struct source *source)
{
        struct value value;

        buf_clear(&part->text);
        if (format_composed(&part->text, object, source->field, part->format)) {
                table_add(&part->table, buf_text(&part->text), STYLE_NONE, false);
                return;
        }

        if (!snapshot_value_at(part->snapshot, object, source->field, &source->hint, &value))
                value = (struct value){ .type = VALUE_OBJECT };
        else if (add_as_is(part, &value)) {
                source->plain = false;
                return;
        }
        if (is_same(source, &value)) {
                table_repeat(&part->table);
                return;
        }

        source->plain = value.type != VALUE_TEXT && value.type != VALUE_ROWS && value.type != VALUE_RECORD;
        source->value = value;
        if (value.type == VALUE_OBJECT) {
                table_add(&part->table, TEXT("-"), STYLE_NONE, true);
        } else {
                format_value(&part->text, &value, part->format);
                table_add(&part->table, buf_text(&part->text), format_style(&value), false);
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

/* What the rows of the objects are made of lies anywhere: it is fetched before it is needed. */
static void look_ahead(const struct object *object)
{
        object_ahead(object);
        if (object->npeers)
                memory_ahead(object->peers[0]);
}

static void *make_rows(void *data)
{
        struct part *part = data;

        for (size_t i = 0; i < part->nobjects; i++) {
                if (part->nobjects - i > OBJECTS_AHEAD)
                        look_ahead(part->objects[i + OBJECTS_AHEAD]);
                for (unsigned j = 0; j < part->table.ncolumns; j++)
                        add_cell(part, part->objects[i], &part->sources[j]);
        }
        return NULL;
}

static void begin_part(struct part *part, const uint16_t *fields, unsigned n)
{
        part->sources = ARENA_ARRAY(&part->arena, struct source, n);
        for (unsigned i = 0; i < n; i++)
                part->sources[i].field = fields[i];
}

/* The second half of a part's rows, if that is worth a thread. */
static bool split(struct part *part, struct part *ret)
{
        size_t half = part->nobjects / 2;

        if (part->nobjects < MANY)
                return false;
        *ret = (struct part){ .snapshot = part->snapshot, .format = part->format,
                              .objects = part->objects + half, .nobjects = part->nobjects - half };
        arena_init(&ret->arena);
        if (!table_split(&part->table, half, &ret->arena, &ret->table))
                return false;
        part->nobjects = half;
        return true;
}

/* Many are divided between two processors. */
static void make_all_rows(struct part *first, struct part *second, const uint16_t *fields, unsigned n)
{
        pthread_t thread;
        bool halved, threaded;

        begin_part(first, fields, n);
        halved = split(first, second);
        if (halved)
                begin_part(second, fields, n);
        threaded = halved && thread_start(&thread, make_rows, second);
        make_rows(first);
        if (threaded)
                pthread_join(thread, NULL);
        else if (halved)
                make_rows(second);
        if (halved)
                table_join(&first->table, &second->table);
}

static void pass(void *data)
{
        sink_pass(data);
}

void list_print(const struct snapshot *snapshot, const struct object *const *objects, size_t nobjects,
                const uint16_t *columns, unsigned ncolumns,
                const struct format *format, const struct table_look *look, struct sink *sink)
{
        struct part first = { .snapshot = snapshot, .format = format, .objects = objects, .nobjects = nobjects };
        struct part second = { 0 };

        if (ncolumns == 0)
                return;

        arena_init(&first.arena);
        table_init(&first.table, &first.arena, make_columns(&first.arena, columns, ncolumns), ncolumns);
        table_expect(&first.table, nobjects);
        make_all_rows(&first, &second, columns, ncolumns);
        table_print_passing(&first.table, look, &sink->buf, pass, sink);

        table_done(&first.table);
        buf_done(&first.text);
        buf_done(&second.text);
        arena_done(&first.arena);
        arena_done(&second.arena);
}
