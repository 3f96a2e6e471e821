/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/page.h"

#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "output/page-private.h"
#include "report/verdict.h"

#include <stdlib.h>

/* In which order the values of an object stand. */
enum group { GROUP_IDENTITY, GROUP_OWNER, GROUP_NUMBERS, GROUP_TIMES, GROUP_STATE, GROUP_COUNT };

static enum group group_of(uint16_t id)
{
        switch (id) {
        case FIELD_ID:
        case FIELD_NAME:
        case FIELD_PATH:
        case FIELD_INODE:
        case FIELD_TARGET:
        case FIELD_FILE_TYPE:
        case FIELD_LINKED:
                return GROUP_IDENTITY;
        case FIELD_STATE:
                return GROUP_STATE;
        }

        switch (field_get(id)->unit) {
        case UNIT_KEY:
        case UNIT_DEV:
        case UNIT_NAMESPACE:
                return GROUP_IDENTITY;
        case UNIT_UID:
        case UNIT_GID:
        case UNIT_MODE:
                return GROUP_OWNER;
        case UNIT_TIME:
        case UNIT_SECONDS:
                return GROUP_TIMES;
        default:
                return GROUP_NUMBERS;
        }
}

/* Pids and lives are told as sentences, further down. */
static bool is_history(const struct kind *kind, uint16_t field)
{
        for (unsigned i = 0; i < kind->nhistory; i++)
                if (kind->history[i].rows == NO_ROWS &&
                    (kind->history[i].pid == field || kind->history[i].life == field))
                        return true;
        return false;
}

static void add_namespace(struct page *page, struct table *table, const struct object *object)
{
        if (object->key.kind->scope == NAMESPACE_NONE)
                return;
        buf_clear(&page->text);
        buf_printf(&page->text, "%s ", namespace_type_name(object->key.kind->scope));
        if (object->ns != 0)
                buf_uint(&page->text, object->ns);
        else
                buf_byte(&page->text, '?');
        if (object->foreign)
                buf_printf(&page->text, " %s", _("(not ours)"));

        table_add(table, TEXT(""), STYLE_NONE, true);
        table_add(table, text_of(field_get(FIELD_NAMESPACE)->name), STYLE_DIM, true);
        table_add(table, buf_text(&page->text), object->foreign ? STYLE_WARN : STYLE_NONE, false);
}

static void print_values(struct page *page, const struct object *object)
{
        struct table table;

        page_pairs_begin(page, &table);
        for (unsigned group = 0; group < GROUP_COUNT; group++) {
                for (unsigned i = 0; i < object->nvalues; i++) {
                        const struct value *value = &object->values[i];

                        if (value->type != VALUE_ROWS && group_of(value->field) == group &&
                            !is_history(object->key.kind, value->field))
                                page_pair(page, &table, value);
                }
                if (group == GROUP_IDENTITY)
                        add_namespace(page, &table, object);
        }
        page_pairs_end(page, &table);
}

static void print_row_tables(struct page *page, const struct object *object)
{
        for (unsigned i = 0; i < object->nvalues; i++) {
                const struct value *value = &object->values[i];

                if (value->type != VALUE_ROWS || value->len == 0)
                        continue;
                page_section(page, field_get(value->field)->name);
                page_rows(page, value);
        }
}

static void print_holders(struct page *page, const struct object *object)
{
        static const uint16_t columns[] = {
                FIELD_PID, FIELD_UID, FIELD_COMM, FIELD_WAY, FIELD_FD, FIELD_ACCESS, FIELD_MAPS,
                FIELD_START_TIME, FIELD_COMMAND,
        };
        const struct hold **holds;

        page_section(page, _("Holders"));
        if (!page->snapshot->want.holders) {
                page_sentence(page, _("Nobody looked for them."));
                return;
        }

        if (object->nholds > 0) {
                holds = memory_new(object->nholds * sizeof(*holds));
                for (unsigned i = 0; i < object->nholds; i++)
                        holds[i] = &object->holds[i];
                page_holds(page, columns, COUNT(columns), holds, object->nholds);
                free(holds);
        } else
                page_sentence(page, _("Nobody that is visible."));
        page_gaps(page, object->key.kind);
}

static const char *life_of(uint64_t life)
{
        switch (life) {
        case LIFE_NONE:
                return N_("nobody, or nobody visible from here");
        case LIFE_ALIVE:
                return N_("alive");
        case LIFE_DEAD:
                return N_("dead");
        case LIFE_REUSED:
                return N_("gone: the pid is another process now");
        default:
                return N_("which could not be looked up");
        }
}

/* "2044 (worker), alive" */
static void put_maker(struct page *page, const struct value *pid, const struct value *life, struct buf *out)
{
        const struct process *process;

        if (life && life->type == VALUE_WORD && life->u == LIFE_NONE) {
                buf_string(out, _(life_of(LIFE_NONE)));
                return;
        }

        format_value(out, pid, page->format);
        if (!life || life->type != VALUE_WORD)
                return;
        process = life->u == LIFE_ALIVE ? snapshot_process(page->snapshot, (pid_t)pid->u) : NULL;
        if (process) {
                buf_string(out, " (");
                escape_display(out, process->comm, page->format->utf8);
                buf_byte(out, ')');
        }
        buf_string(out, ", ");
        buf_string(out, _(life_of(life->u)));
}

static void print_history(struct page *page, const struct object *object)
{
        const struct kind *kind = object->key.kind;
        struct buf maker = { 0 };
        bool any = false;

        for (unsigned i = 0; i < kind->nhistory; i++) {
                const struct value *pid = row_get(object_row(object), kind->history[i].pid);
                const struct value *life = row_get(object_row(object), kind->history[i].life);

                if (kind->history[i].rows != NO_ROWS || !pid)
                        continue;
                if (!any)
                        page_section(page, _("History"));
                any = true;

                buf_clear(&maker);
                put_maker(page, pid, life, &maker);
                buf_clear(&page->text);
                buf_printf(&page->text, "%s %s", _(kind->history[i].role), maker.data);
                page_line(page, buf_text(&page->text), STYLE_NONE);
        }

        buf_done(&maker);
}

static void print_removal(struct page *page, struct judge *judge, const struct object *object)
{
        static const struct {
                const char *answer;
                enum style style;
        } answers[VERDICT_COUNT] = {
                [VERDICT_FREE]       = { N_("Yes, it is free:"), STYLE_GOOD },
                [VERDICT_ORPHAN]     = { N_("Yes, it is an orphan:"), STYLE_GOOD },
                [VERDICT_IN_USE]     = { N_("It is in use:"), STYLE_WARN },
                [VERDICT_FOREIGN]    = { N_("Not from here, it is foreign:"), STYLE_WARN },
                [VERDICT_PROTECTED]  = { N_("No, it is protected:"), STYLE_BAD },
                [VERDICT_UNKNOWN]    = { N_("Unknown, so count it as in use:"), STYLE_WARN },
                [VERDICT_IMPOSSIBLE] = { N_("No, that is impossible:"), STYLE_BAD },
        };
        struct verdict_report report;
        struct buf detail = { 0 };

        verdict_read(judge, object, &report);

        page_section(page, _("May it be removed?"));
        page_line(page, text_of(_(answers[report.verdict].answer)), answers[report.verdict].style);
        for (unsigned i = 0; i < report.nreasons; i++) {
                buf_clear(&page->text);
                buf_printf(&page->text, "- %s", _(report.reasons[i].text));
                buf_clear(&detail);
                verdict_reason_detail(&report.reasons[i], &detail);
                escape_display(&page->text, buf_text(&detail), page->format->utf8);
                page_line(page, buf_text(&page->text), STYLE_NONE);
        }
        buf_done(&detail);
        if (report.inferred)
                page_line(page, text_of(_("(A deduction: the kernel keeps no count of users that would prove it.)")),
                          STYLE_DIM);
        if (report.consequence) {
                buf_clear(&page->text);
                /* TRANSLATORS: what removing the object does to its users */
                buf_printf(&page->text, _("Removing it: %s"), _(report.consequence));
                page_line(page, buf_text(&page->text), STYLE_NONE);
        }
}

void page_object(struct judge *judge, const struct object *object,
                 const struct format *format, const struct table_look *look, struct sink *sink)
{
        struct page page;

        page_init(&page, judge->snapshot, format, look, sink);
        page_title(&page, object->ref, text_of(_(object->key.kind->title)));
        print_values(&page, object);
        print_holders(&page, object);
        page_peers(&page, object);
        page_waiters(&page, object);
        print_history(&page, object);
        print_row_tables(&page, object);
        print_removal(&page, judge, object);
        page_done(&page);
}

static void print_held(struct page *page, const struct process *process)
{
        static const uint16_t columns[] = {
                FIELD_REF, FIELD_WAY, FIELD_FD, FIELD_ACCESS, FIELD_MAPS, FIELD_SUMMARY,
        };

        const struct hold *const *holds = (const struct hold *const *)process->holds;

        page_section(page, _("Holds"));
        if (!page->snapshot->want.holders) {
                page_sentence(page, _("Nobody looked for them."));
                return;
        }

        if (process->nholds > 0)
                page_holds(page, columns, COUNT(columns), holds, process->nholds);
        else
                page_sentence(page, _("Nothing that is visible."));
        page_gaps(page, NULL);
}

void page_process(const struct snapshot *snapshot, const struct process *process,
                  const struct format *format, const struct table_look *look, struct sink *sink)
{
        struct value start = { .field = FIELD_START_TIME, .type = VALUE_UINT, .u = process->start };
        struct buf ref = { 0 }, comm = { 0 };
        struct table table;
        struct page page;

        if (process->start == 0)
                start.type = VALUE_UNKNOWN;

        page_init(&page, snapshot, format, look, sink);
        buf_printf(&ref, "pid:%lld", (long long)process->pid);
        escape_display(&comm, process->comm, format->utf8);
        page_title(&page, buf_text(&ref), buf_text(&comm));

        page_pairs_begin(&page, &table);
        page_pair(&page, &table, &start);
        for (unsigned i = 0; i < process->nvalues; i++) {
                uint16_t field = process->values[i].field;

                if (field != FIELD_PID && field != FIELD_START_TIME && field != FIELD_COMM)
                        page_pair(&page, &table, &process->values[i]);
        }
        page_pairs_end(&page, &table);

        page_awaited(&page, process);
        page_contacts(&page, process);
        print_held(&page, process);
        page_done(&page);
        buf_done(&ref);
        buf_done(&comm);
}
