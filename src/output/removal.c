/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/removal.h"

#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"

#include <errno.h>

/* --- the plan ------------------------------------------------------------ */

enum { COLUMN_REF, COLUMN_PLAN, COLUMN_VERDICT, COLUMN_OWNER, COLUMN_SIZE, COLUMN_HOLDERS, COLUMN_REASON, COLUMNS };

static const enum style verdict_styles[VERDICT_COUNT] = {
        [VERDICT_FREE] = STYLE_GOOD, [VERDICT_ORPHAN] = STYLE_GOOD, [VERDICT_IN_USE] = STYLE_WARN,
        [VERDICT_FOREIGN] = STYLE_WARN, [VERDICT_PROTECTED] = STYLE_BAD, [VERDICT_UNKNOWN] = STYLE_WARN,
        [VERDICT_IMPOSSIBLE] = STYLE_BAD,
};

enum style removal_style(enum verdict verdict)
{
        return verdict_styles[verdict];
}

struct rows {
        const struct format *format;
        struct table table;
        struct buf text;                /* one cell, used again and again */
        size_t widest;                  /* bytes of the longest reference */
};

void removal_put_reason(const struct verdict_reason *reason, bool utf8, struct buf *out)
{
        struct buf detail = { 0 };

        buf_string(out, _(reason->text));
        verdict_reason_detail(reason, &detail);
        escape_display(out, buf_text(&detail), utf8);
        buf_done(&detail);
}

static void add(struct rows *rows, enum style style)
{
        table_add(&rows->table, buf_text(&rows->text), style, false);
        buf_clear(&rows->text);
}

/* A queue's size is what lies in it. */
void removal_put_size(const struct object *object, const struct format *format, struct buf *out)
{
        const struct value *size = row_get(object_row(object), FIELD_SIZE_BYTES);

        if (!size)
                size = row_get(object_row(object), FIELD_QUEUED_BYTES);
        if (size)
                format_value(out, size, format);
        else
                buf_byte(out, '-');
}

static void add_row(struct rows *rows, const struct plan_row *row)
{
        const struct value *owner = row_get(object_row(row->object), FIELD_OWNER);

        if (row->object->ref.len > rows->widest)
                rows->widest = row->object->ref.len;
        escape_display(&rows->text, row->object->ref, rows->format->utf8);
        add(rows, STYLE_NONE);
        /* TRANSLATORS: what happens to the object */
        buf_string(&rows->text, row->chosen ? _("remove") : _("keep"));
        add(rows, row->chosen ? STYLE_NONE : STYLE_DIM);
        buf_string(&rows->text, verdict_word(row->verdict.verdict));
        add(rows, verdict_styles[row->verdict.verdict]);
        if (owner)
                format_value(&rows->text, owner, rows->format);
        else
                buf_byte(&rows->text, '-');
        add(rows, STYLE_NONE);
        removal_put_size(row->object, rows->format, &rows->text);
        add(rows, STYLE_NONE);
        format_holders(&rows->text, row->object, rows->format);
        add(rows, STYLE_NONE);
        if (row->verdict.nreasons)
                removal_put_reason(&row->verdict.reasons[0], rows->format->utf8, &rows->text);
        add(rows, STYLE_NONE);
}

static void put_table(const struct plan *plan, const struct format *format, const struct table_look *look,
                      struct buf *out)
{
        const struct column columns[COLUMNS] = {
                [COLUMN_REF] = { _("REF"), ALIGN_LEFT, 0 },
                [COLUMN_PLAN] = { _("PLAN"), ALIGN_LEFT, 0 },
                [COLUMN_VERDICT] = { _("VERDICT"), ALIGN_LEFT, 0 },
                [COLUMN_OWNER] = { _("OWNER"), ALIGN_LEFT, 8 },
                [COLUMN_SIZE] = { _("SIZE"), ALIGN_RIGHT, 0 },
                [COLUMN_HOLDERS] = { _("HOLDERS"), ALIGN_LEFT, 12 },
                [COLUMN_REASON] = { _("REASON"), ALIGN_LEFT, 12 },
        };
        struct rows rows = { .format = format };
        struct table_look whole = *look;
        struct arena arena;

        arena_init(&arena);
        table_init(&rows.table, &arena, columns, COUNT(columns));
        for (size_t i = 0; i < plan->n; i++)
                add_row(&rows, &plan->rows[i]);
        /* A name as wide as the terminal would push the verdict off it. */
        if (rows.widest > look->width / 2)
                whole.width = 0;
        table_print(&rows.table, &whole, out);
        table_done(&rows.table);
        buf_done(&rows.text);
        arena_done(&arena);
}

static void put_refused(const struct plan *plan, struct buf *out)
{
        size_t counts[VERDICT_COUNT] = { 0 };
        const char *before = "";

        for (size_t i = 0; i < plan->n; i++)
                if (!plan->rows[i].chosen)
                        counts[plan->rows[i].verdict.verdict]++;
        buf_printf(out, P_("%zu object is kept: ", "%zu objects are kept: ", plan->nrefused), plan->nrefused);
        for (unsigned i = 0; i < VERDICT_COUNT; i++)
                if (counts[i]) {
                        buf_printf(out, "%s%zu %s", before, counts[i], verdict_word(i));
                        before = ", ";
                }
        if (counts[VERDICT_IN_USE] + counts[VERDICT_UNKNOWN])
                buf_string(out, _("; --force removes what is in use or unknown, too"));
        if (counts[VERDICT_PROTECTED])
                buf_string(out, _("; --protected removes what is protected, with --force if it is in use"));
        buf_byte(out, '\n');
}

void removal_put_sum(const struct plan *plan, const struct format *format, struct buf *out)
{
        const struct value bytes = { .field = FIELD_SIZE_BYTES, .type = VALUE_UINT, .u = plan->bytes };

        buf_printf(out, P_("%zu object is to be removed", "%zu objects are to be removed", plan->nchosen),
                   plan->nchosen);
        if (plan->bytes) {
                buf_string(out, ", ");
                /* TRANSLATORS: behind it stands an amount of memory */
                buf_string(out, _("memory set free: "));
                format_value(out, &bytes, format);
        }
        if (plan->messages)
                buf_printf(out, P_(", %llu message is lost", ", %llu messages are lost", (unsigned long)plan->messages),
                           (unsigned long long)plan->messages);
        buf_string(out, ".\n");
}

/* Once for each kind that something is removed of. */
void removal_put_consequences(const struct plan *plan, struct buf *out)
{
        uint64_t told = 0;

        for (size_t i = 0; i < plan->n; i++) {
                const struct plan_row *row = &plan->rows[i];
                uint64_t bit = UINT64_C(1) << row->object->kind_order;

                if (!row->chosen || told & bit || !row->verdict.consequence)
                        continue;
                told |= bit;
                buf_printf(out, "%s: %s.\n", row->object->key.kind->name, _(row->verdict.consequence));
        }
}

void removal_put_plan(const struct plan *plan, const struct format *format, const struct table_look *look,
                      struct buf *out)
{
        put_table(plan, format, look, out);
        removal_put_sum(plan, format, out);
        if (plan->nrefused)
                put_refused(plan, out);
        removal_put_consequences(plan, out);
}

/* --- results -------------------------------------------------------------- */

static void put_owner(const struct object *object, const struct format *format, struct buf *out)
{
        const struct value *owner = row_get(object_row(object), FIELD_OWNER);

        if (!owner || owner->type == VALUE_UNKNOWN)
                return;
        buf_string(out, " (");
        /* TRANSLATORS: behind it stands the name of a user */
        buf_string(out, _("owner "));
        format_value(out, owner, format);
        buf_string(out, kind_has_field(object->key.kind, FIELD_KEY) ?
                   _("; needs CAP_SYS_ADMIN or the owner") : _("; needs CAP_FOWNER or the owner"));
        buf_byte(out, ')');
}

static void put_error(const struct plan_row *row, const struct deed *deed, const struct format *format, struct buf *out)
{
        buf_string(out, deed->err ? strerror(deed->err) : _("failed"));
        if (deed->act.reason)
                buf_printf(out, ": %s", _(deed->act.reason));
        else if (deed->err == EPERM || deed->err == EACCES)
                put_owner(row->object, format, out);
}

static void put_changed(const struct deed *deed, const struct format *format, struct buf *out)
{
        const struct value *before = &deed->act.changed.before, *now = &deed->act.changed.now;

        buf_string(out, _("changed meanwhile, so it was not removed"));
        buf_printf(out, ": %s ", field_get(deed->act.changed.field)->name);
        format_value(out, before, format);
        buf_string(out, " -> ");
        format_value(out, now, format);
}

static void put_refusal(const struct plan_row *row, const struct deed *deed, const struct format *format,
                        struct buf *out)
{
        const struct verdict_report *verdict = &row->verdict;

        if (deed->err == ECANCELED) {
                buf_string(out, _("not removed, as not everything could be saved"));
                return;
        }
        if (deed->err) {
                put_error(row, deed, format, out);
                return;
        }
        /* It was chosen; other things came in the way. */
        if (row->chosen) {
                buf_string(out, _("not removed"));
                return;
        }
        buf_string(out, verdict_word(verdict->verdict));
        for (unsigned i = 0; i < verdict->nreasons; i++) {
                buf_string(out, i ? "; " : ": ");
                removal_put_reason(&verdict->reasons[i], format->utf8, out);
        }
        if (verdict->verdict != VERDICT_FOREIGN && row->object->nholds) {
                buf_string(out, " (");
                format_holders(out, row->object, format);
                buf_byte(out, ')');
        }
        if (verdict->verdict == VERDICT_PROTECTED)
                buf_string(out, row->used ? _("; needs --protected and --force") : _("; needs --protected"));
        else if (verdict->verdict == VERDICT_IN_USE || verdict->verdict == VERDICT_UNKNOWN)
                buf_string(out, _("; needs --force"));
}

void removal_put_failure(const struct plan_row *row, const struct deed *deed, const struct format *format,
                         struct buf *out)
{
        switch (deed->result) {
        case DEED_GONE:
                buf_string(out, _("it is gone already"));
                break;
        case DEED_CHANGED:
                put_changed(deed, format, out);
                break;
        case DEED_REFUSED:
                put_refusal(row, deed, format, out);
                break;
        case DEED_UNSAVED:
                buf_string(out, _("could not be saved, so it was not removed: "));
                put_error(row, deed, format, out);
                break;
        case DEED_FAILED:
        case DEED_DONE:
        case DEED_RESULT_COUNT:
                put_error(row, deed, format, out);
                break;
        }
        if (deed->copy.len) {
                /* TRANSLATORS: behind both stands a path */
                buf_string(out, deed->kept ? _("; what was taken out of it is in ") : _("; saved as "));
                escape_display(out, buf_text(&deed->copy), format->utf8);
        }
}

/* The same word for each of thousands: gettext(3) looks for it in all places every time. */
static const char *removed(void)
{
        static const char *word;

        if (!word)
                word = _("removed");
        return word;
}

void removal_put_success(const struct plan_row *row, const struct deed *deed, bool utf8, struct buf *out)
{
        escape_display(out, row->object->ref, utf8);
        buf_string(out, ": ");
        buf_string(out, removed());
        if (deed->copy.len) {
                /* TRANSLATORS: behind it stands the path of the saved copy */
                buf_string(out, _(", saved as "));
                escape_display(out, buf_text(&deed->copy), utf8);
        }
        buf_byte(out, '\n');
}

void removal_put_total(const size_t counts[DEED_RESULT_COUNT], struct buf *out)
{
        static const char *const words[DEED_RESULT_COUNT] = {
                [DEED_DONE] = N_("removed"), [DEED_GONE] = N_("gone already"), [DEED_CHANGED] = N_("changed"),
                [DEED_REFUSED] = N_("refused"), [DEED_FAILED] = N_("failed"), [DEED_UNSAVED] = N_("not saved"),
        };
        const char *before = "";

        for (unsigned i = 0; i < DEED_RESULT_COUNT; i++)
                if (counts[i] || i == DEED_DONE) {
                        buf_printf(out, "%s%zu %s", before, counts[i], _(words[i]));
                        before = ", ";
                }
        buf_byte(out, '\n');
}
