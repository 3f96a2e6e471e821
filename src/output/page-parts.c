/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/page-private.h"

#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"

/* The first column of every table on a page is empty: it indents the others. */
static const struct column line_columns[] = { { .title = "" }, { .title = "" } };
static const struct column pair_columns[] = { { .title = "" }, { .title = "" }, { .title = "" } };

void page_init(struct page *page, const struct snapshot *snapshot, const struct format *format,
               const struct table_look *look, struct sink *sink)
{
        *page = (struct page){ .snapshot = snapshot, .format = format, .look = look, .sink = sink };
        arena_init(&page->arena);
}

void page_done(struct page *page)
{
        buf_done(&page->text);
        arena_done(&page->arena);
}

static void end_table(struct page *page, struct table *table, bool headings, unsigned width)
{
        struct table_look look = *page->look;

        look.headings = headings;
        look.width = width;
        table_print(table, &look, &page->sink->buf);
        table_done(table);
        sink_pass(page->sink);
}

void page_title(struct page *page, struct text subject, struct text what)
{
        struct table table;

        table_init(&table, &page->arena, line_columns, COUNT(line_columns));
        table_add(&table, subject, STYLE_TITLE, false);
        table_add(&table, what, STYLE_NONE, false);
        end_table(page, &table, false, 0);
}

void page_section(struct page *page, const char *title)
{
        buf_byte(&page->sink->buf, '\n');
        page_title(page, text_of(title), TEXT(""));
}

void page_line(struct page *page, struct text text, enum style style)
{
        struct table table;

        table_init(&table, &page->arena, line_columns, COUNT(line_columns));
        table_add(&table, TEXT(""), STYLE_NONE, true);
        table_add(&table, text, style, false);
        end_table(page, &table, false, 0);
}

void page_sentence(struct page *page, const char *sentence)
{
        page_line(page, text_of(sentence), STYLE_NONE);
}

void page_pairs_begin(struct page *page, struct table *table)
{
        table_init(table, &page->arena, pair_columns, COUNT(pair_columns));
}

void page_pairs_end(struct page *page, struct table *table)
{
        end_table(page, table, false, 0);
}

/* "64M (67108864)": the eye wants the one, a script or a colleague the other. */
static void put_bytes(struct page *page, const struct value *value)
{
        format_value(&page->text, value, page->format);
        if (!page->format->bytes && value->u >= 1024)
                buf_printf(&page->text, " (%llu)", (unsigned long long)value->u);
}

static void put_moment(struct page *page, const struct value *value)
{
        struct format whole = *page->format, ago = *page->format;
        struct buf when = { 0 }, span = { 0 };

        if (value->u == 0) {
                buf_string(&page->text, _("never"));
                return;
        }

        if (whole.time != TIME_EPOCH)
                whole.time = TIME_ISO;
        ago.time = TIME_RELATIVE;
        format_value(&when, value, &whole);
        format_value(&span, value, &ago);

        /* A clock that was set back: then it is no "ago". */
        if (span.data[0] == '-')
                buf_add(&page->text, buf_text(&when));
        else
                /* TRANSLATORS: a moment and how long it is past: "2026-11-21T19:04:12+00:00 (3d ago)" */
                buf_printf(&page->text, _("%s (%s ago)"), when.data, span.data);
        buf_done(&when);
        buf_done(&span);
}

static void put_id(struct page *page, const struct value *value)
{
        struct text name;
        bool named = field_get(value->field)->unit == UNIT_UID ?
                snapshot_user_name(page->snapshot, (uid_t)value->u, &name) :
                snapshot_group_name(page->snapshot, (gid_t)value->u, &name);

        format_value(&page->text, value, page->format);
        if (named)
                buf_printf(&page->text, " (%llu)", (unsigned long long)value->u);
}

static void put_value(struct page *page, const struct value *value)
{
        buf_clear(&page->text);

        if (value->type != VALUE_UINT) {
                format_value(&page->text, value, page->format);
                return;
        }

        switch (field_get(value->field)->unit) {
        case UNIT_BYTES:
                put_bytes(page, value);
                break;
        case UNIT_TIME:
                put_moment(page, value);
                break;
        case UNIT_UID:
        case UNIT_GID:
                put_id(page, value);
                break;
        default:
                format_value(&page->text, value, page->format);
        }
}

void page_pair(struct page *page, struct table *table, const struct value *value)
{
        put_value(page, value);
        if (value->inferred)
                buf_printf(&page->text, " %s", _("(deduced)"));

        table_add(table, TEXT(""), STYLE_NONE, true);
        table_add(table, text_of(field_get(value->field)->name), STYLE_DIM, true);
        table_add(table, buf_text(&page->text), format_style(value), false);
}

/* Only text is cut, and only where many of a kind stand below each other. */
static unsigned least_width(uint16_t id)
{
        switch (id) {
        case FIELD_COMMAND:
        case FIELD_SUMMARY:
                return 12;
        case FIELD_COMM:
        case FIELD_UID:
                return 8;
        default:
                return 0;
        }
}

static void begin_table(struct page *page, struct table *table, const uint16_t *fields, unsigned nfields)
{
        struct column *columns = ARENA_ARRAY(&page->arena, struct column, nfields + 1);

        columns[0] = (struct column){ .title = "" };
        for (unsigned i = 0; i < nfields; i++)
                columns[i + 1] = (struct column){
                        .title = _(field_get(fields[i])->title),
                        .align = format_align(fields[i]),
                        .least = least_width(fields[i]),
                };
        table_init(table, &page->arena, columns, nfields + 1);
}

void page_table_value(struct page *page, struct table *table, const struct value *value)
{
        buf_clear(&page->text);
        if (value) {
                format_value(&page->text, value, page->format);
                table_add(table, buf_text(&page->text), format_style(value), false);
        } else
                table_add(table, TEXT("-"), STYLE_NONE, true);
}

void page_table_end(struct page *page, struct table *table)
{
        end_table(page, table, true, page->look->width);
}

static void add_hold_cell(struct page *page, struct table *table, const struct hold *hold, struct row members,
                          uint16_t field)
{
        const struct value *value = row_get(members, field);

        buf_clear(&page->text);

        if (field == FIELD_REF)
                table_add(table, hold->object->ref, STYLE_NONE, true);
        else if (field == FIELD_SUMMARY) {
                format_summary(&page->text, hold->object, page->format);
                table_add(table, buf_text(&page->text), STYLE_NONE, false);
        } else if (field == FIELD_WAY && hold->inferred) {
                format_value(&page->text, value, page->format);
                buf_byte(&page->text, '*');
                table_add(table, buf_text(&page->text), STYLE_NONE, false);
        } else if (field == FIELD_ACCESS && hold->cloexec == CLOEXEC_YES) {
                if (value)
                        format_value(&page->text, value, page->format);
                buf_string(&page->text, value ? ",cx" : "cx");
                table_add(table, buf_text(&page->text), STYLE_NONE, false);
        } else
                page_table_value(page, table, value ? value : row_get(process_row(hold->process), field));
}

void page_holds(struct page *page, const uint16_t *fields, unsigned nfields,
                const struct hold *const *holds, unsigned nholds)
{
        struct value members[HOLD_VALUES];
        bool deduced = false, cloexec = false;
        struct table table;

        begin_table(page, &table, fields, nfields);
        for (unsigned i = 0; i < nholds; i++) {
                unsigned n = hold_values(holds[i], members);

                deduced = deduced || holds[i]->inferred;
                cloexec = cloexec || holds[i]->cloexec == CLOEXEC_YES;
                table_add(&table, TEXT(""), STYLE_NONE, true);
                for (unsigned j = 0; j < nfields; j++)
                        add_hold_cell(page, &table, holds[i], (struct row){ members, n }, fields[j]);
        }
        page_table_end(page, &table);
        if (deduced)
                page_sentence(page, _("* deduced, not told by the kernel"));
        if (cloexec)
                page_sentence(page, _("cx: closed by execve"));
}

void page_rows(struct page *page, const struct value *value)
{
        const struct field *field = field_get(value->field);
        struct table table;

        begin_table(page, &table, field->members, field->nmembers);
        for (uint32_t i = 0; i < value->len; i++) {
                table_add(&table, TEXT(""), STYLE_NONE, true);
                for (unsigned j = 0; j < field->nmembers; j++)
                        page_table_value(page, &table, row_get(value->rows[i], field->members[j]));
        }
        page_table_end(page, &table);
}

/* "/proc/PID/maps: Permission denied (12 times)" */
static void print_gap(struct page *page, const struct gap *gap)
{
        struct buf *text = &page->text;

        buf_clear(text);
        buf_string(text, gap->where);
        buf_string(text, ": ");
        if (gap->err != 0)
                buf_string(text, strerror(gap->err));
        if (gap->reason) {
                if (gap->err != 0)
                        buf_string(text, ", ");
                buf_string(text, _(gap->reason));
        }
        buf_byte(text, ' ');
        buf_printf(text, P_("(once)", "(%u times)", gap->times), gap->times);
        page_line(page, buf_text(text), STYLE_WARN);
}

void page_gaps(struct page *page, const struct kind *kind)
{
        bool any = false;

        for (size_t i = 0; i < page->snapshot->ngaps; i++) {
                const struct gap *gap = &page->snapshot->gaps[i];

                if (kind && gap->kind && gap->kind != kind)
                        continue;
                if (!any)
                        page_sentence(page, _("There may be more that could not be seen:"));
                print_gap(page, gap);
                any = true;
        }
}
