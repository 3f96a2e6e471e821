/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/change.h"

#include "admin/set.h"
#include "base/escape.h"

static bool put_name(const struct change_names *names, const struct value *value, bool utf8, struct buf *out)
{
        enum unit unit = field_get(value->field)->unit;
        struct buf name = { 0 };
        bool found = names && (unit == UNIT_UID || unit == UNIT_GID) &&
                     names->find(names->data, unit, (uint32_t)value->u, &name);

        if (found)
                escape_display(out, buf_text(&name), utf8);
        buf_done(&name);
        return found;
}

static void put_value(const struct value *value, const struct assignment *assignment, const struct change_names *names,
                      const struct format *format, struct buf *out)
{
        uint64_t words = assignment->value.u | assignment->clear;

        if (value->type == VALUE_WORDS)
                buf_string(out, value->u & words ? "yes" : "no");
        else if (!put_name(names, value, format->utf8, out))
                format_value(out, value, format);
}

void change_put(const struct object *object, const struct assignment *assignment, const struct change_names *names,
                const struct format *format, struct buf *out)
{
        struct value before = { .field = assignment->value.field, .type = VALUE_UNKNOWN }, after;

        if (assignment_before(object, assignment, &before))
                put_value(&before, assignment, names, format, out);
        else
                buf_byte(out, '?');
        after = assignment_after(assignment, &before);
        buf_string(out, " -> ");
        put_value(&after, assignment, names, format, out);
}

void change_put_before(const struct object *object, const struct assignment *assignment, const struct format *format,
                       struct buf *out)
{
        struct value before;

        if (assignment_before(object, assignment, &before))
                put_value(&before, assignment, NULL, format, out);
        else
                buf_byte(out, '?');
}
