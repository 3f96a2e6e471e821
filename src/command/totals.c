/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/totals.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "kind/kinds.h"
#include "report/totals.h"

#include <stdlib.h>

static void add_number(struct table *table, uint64_t number)
{
        struct buf text = { 0 };

        buf_uint(&text, number);
        table_add(table, buf_text(&text), STYLE_NONE, false);
        buf_done(&text);
}

static void add_bytes(struct table *table, const struct format *format, uint64_t bytes)
{
        struct value value = { .field = FIELD_SIZE_BYTES, .type = VALUE_UINT, .u = bytes };
        struct buf text = { 0 };

        format_value(&text, &value, format);
        table_add(table, buf_text(&text), STYLE_NONE, false);
        buf_done(&text);
}

static void add_row(struct table *table, const struct format *format, const char *name, const struct totals *totals)
{
        table_add(table, text_of(name), STYLE_NONE, true);
        add_number(table, totals->objects);
        add_bytes(table, format, totals->bytes);
        add_bytes(table, format, totals->memory);
        add_number(table, totals->nameless);
        add_bytes(table, format, totals->nameless_memory);
        add_number(table, totals->orphans);
        add_number(table, totals->unknown);
}

void totals_print(struct session *session, const struct object *const *objects, size_t n)
{
        const struct column columns[] = {
                { _("KIND"), ALIGN_LEFT, 0 },           { _("OBJECTS"), ALIGN_RIGHT, 0 },
                { _("SIZE"), ALIGN_RIGHT, 0 },          { _("MEMORY"), ALIGN_RIGHT, 0 },
                { _("NAMELESS"), ALIGN_RIGHT, 0 },      { _("ITS MEMORY"), ALIGN_RIGHT, 0 },
                { _("ORPHANS"), ALIGN_RIGHT, 0 },       { _("UNKNOWN"), ALIGN_RIGHT, 0 },
        };
        struct totals *totals = memory_new((all_kinds.nkinds + 1) * sizeof(*totals));
        struct table table;

        for (size_t i = 0; i < n; i++)
                totals_add(&totals[objects[i]->kind_order], objects[i]);
        table_init(&table, &session->arena, columns, COUNT(columns));
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (session->want.kinds >> i & 1)
                        add_row(&table, &session->format, all_kinds.kinds[i]->name, &totals[i]);
        table_print(&table, &session->look, &session->sink.buf);
        table_done(&table);
        free(totals);
}
