/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other ends: peers, and who waits for whom. */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "output/page-private.h"
#include "report/counterpart.h"

enum { NAMED_MOST = 16, PEERS_MOST = 256 };

/* "nginx[2011],worker[2044],+12" */
static void add_processes(struct page *page, struct table *table, const struct counterparts *who)
{
        buf_clear(&page->text);
        for (size_t i = 0; i < who->n && i < NAMED_MOST; i++) {
                if (i)
                        buf_byte(&page->text, ',');
                escape_display(&page->text, who->processes[i]->comm, page->format->utf8);
                buf_printf(&page->text, "[%d]", who->processes[i]->pid);
        }
        if (who->n > NAMED_MOST)
                buf_printf(&page->text, ",+%zu", who->n - NAMED_MOST);
        if (who->n == 0)
                buf_string(&page->text, who->only_self ? _("only itself") : "-");
        table_add(table, buf_text(&page->text), who->only_self && !who->n ? STYLE_BAD : STYLE_NONE, false);
}

static void add_text(struct page *page, struct table *table, struct text text)
{
        buf_clear(&page->text);
        escape_display(&page->text, text, page->format->utf8);
        table_add(table, buf_text(&page->text), STYLE_NONE, false);
}

static void add_number(struct page *page, struct table *table, int64_t number)
{
        buf_clear(&page->text);
        buf_int(&page->text, number);
        table_add(table, buf_text(&page->text), STYLE_NONE, false);
}

/* "semop", or "poll*": one of several that the thread waits for. */
static void add_operation(struct page *page, struct table *table, const struct wait *wait)
{
        buf_clear(&page->text);
        buf_string(&page->text, wait->operation);
        if (wait->inferred)
                buf_byte(&page->text, '*');
        table_add(table, buf_text(&page->text), STYLE_NONE, false);
}

static void add_since(struct page *page, struct table *table, const struct wait *wait)
{
        struct value since = { .field = FIELD_SINCE, .type = wait->since ? VALUE_UINT : VALUE_UNKNOWN,
                               .u = (uint64_t)wait->since };

        page_table_value(page, table, &since);
}

static void add_summary(struct page *page, struct table *table, const struct object *object)
{
        buf_clear(&page->text);
        format_summary(&page->text, object, page->format);
        table_add(table, buf_text(&page->text), STYLE_NONE, false);
}

static void end_waits(struct page *page, struct table *table, bool deduced)
{
        page_table_end(page, table);
        if (deduced)
                page_sentence(page, _("* deduced, not told by the kernel"));
}

void page_waiters(struct page *page, const struct object *object)
{
        const struct column columns[] = {
                { .title = "" }, { .title = _("PID"), .align = ALIGN_RIGHT },
                { .title = _("TID"), .align = ALIGN_RIGHT }, { .title = _("COMMAND"), .least = 8 },
                { .title = _("OPERATION") }, { .title = _("SINCE") },
                { .title = _("WAITS FOR"), .least = 12 },
        };
        struct counterparts who = { 0 };
        bool deduced = false;
        struct table table;

        page_section(page, _("Waiters"));
        if (!page->snapshot->want.waiters) {
                page_sentence(page, _("Nobody looked for them."));
                return;
        }
        if (!object->nwaits) {
                page_sentence(page, _("Nobody that is visible."));
                return;
        }
        table_init(&table, &page->arena, columns, COUNT(columns));
        for (unsigned i = 0; i < object->nwaits; i++) {
                const struct wait *wait = &object->waits[i];

                deduced = deduced || wait->inferred;
                table_add(&table, TEXT(""), STYLE_NONE, true);
                add_number(page, &table, wait->process->pid);
                add_number(page, &table, wait->tid);
                add_text(page, &table, wait->process->comm);
                add_operation(page, &table, wait);
                add_since(page, &table, wait);
                counterparts_of_wait(wait, &who);
                add_processes(page, &table, &who);
        }
        end_waits(page, &table, deduced);
        counterparts_done(&who);
}

void page_peers(struct page *page, const struct object *object)
{
        const struct column columns[] = {
                { .title = "" }, { .title = _("REF") }, { .title = _("SUMMARY"), .least = 12 },
                { .title = _("HOLDERS"), .least = 12 },
        };
        struct table table;

        if (!object->npeers)
                return;
        page_section(page, _("Peers"));
        table_init(&table, &page->arena, columns, COUNT(columns));
        for (unsigned i = 0; i < object->npeers && i < PEERS_MOST; i++) {
                table_add(&table, TEXT(""), STYLE_NONE, true);
                table_add(&table, object->peers[i]->ref, STYLE_NONE, true);
                add_summary(page, &table, object->peers[i]);
                buf_clear(&page->text);
                format_holders(&page->text, object->peers[i], page->format);
                table_add(&table, buf_text(&page->text), STYLE_NONE, false);
        }
        page_table_end(page, &table);
        if (object->npeers > PEERS_MOST) {
                buf_clear(&page->text);
                buf_printf(&page->text, P_("and %u more", "and %u more", object->npeers - PEERS_MOST),
                           object->npeers - PEERS_MOST);
                page_line(page, buf_text(&page->text), STYLE_DIM);
        }
}

void page_awaited(struct page *page, const struct process *process)
{
        const struct column columns[] = {
                { .title = "" }, { .title = _("TID"), .align = ALIGN_RIGHT }, { .title = _("OPERATION") },
                { .title = _("REF") }, { .title = _("SINCE") }, { .title = _("WAITS FOR"), .least = 12 },
        };
        struct counterparts who = { 0 };
        bool deduced = false;
        struct table table;

        if (!process->nwaits)
                return;
        page_section(page, _("Waits"));
        table_init(&table, &page->arena, columns, COUNT(columns));
        for (unsigned i = 0; i < process->nwaits; i++) {
                const struct wait *wait = process->waits[i];

                deduced = deduced || wait->inferred;
                table_add(&table, TEXT(""), STYLE_NONE, true);
                add_number(page, &table, wait->tid);
                add_operation(page, &table, wait);
                table_add(&table, wait->object->ref, STYLE_NONE, true);
                add_since(page, &table, wait);
                counterparts_of_wait(wait, &who);
                add_processes(page, &table, &who);
        }
        end_waits(page, &table, deduced);
        counterparts_done(&who);
}

static void add_peers(struct page *page, struct table *table, const struct object *object)
{
        buf_clear(&page->text);
        for (unsigned i = 0; i < object->npeers && i < NAMED_MOST; i++) {
                if (i)
                        buf_byte(&page->text, ',');
                buf_add(&page->text, object->peers[i]->ref);
        }
        if (object->npeers > NAMED_MOST)
                buf_printf(&page->text, ",+%u", object->npeers - NAMED_MOST);
        if (!object->npeers)
                buf_byte(&page->text, '-');
        table_add(table, buf_text(&page->text), STYLE_NONE, false);
}

void page_contacts(struct page *page, const struct process *process)
{
        const struct column columns[] = {
                { .title = "" }, { .title = _("REF") }, { .title = _("PEERS"), .least = 12 },
                { .title = _("WITH"), .least = 12 },
        };
        const struct object *last = NULL;
        struct counterparts who = { 0 };
        struct table table;
        bool any = false;

        table_init(&table, &page->arena, columns, COUNT(columns));
        /* Sorted as the objects are: the holds of one object stand together. */
        for (unsigned i = 0; i < process->nholds; i++) {
                const struct object *object = process->holds[i]->object;

                if (object == last)
                        continue;
                last = object;
                counterparts_of_holder(object, process, &who);
                if (!who.n)
                        continue;
                any = true;
                table_add(&table, TEXT(""), STYLE_NONE, true);
                table_add(&table, object->ref, STYLE_NONE, true);
                add_peers(page, &table, object);
                add_processes(page, &table, &who);
        }
        if (any) {
                page_section(page, _("Talks to"));
                page_table_end(page, &table);
        } else {
                table_done(&table);
        }
        counterparts_done(&who);
}
