/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/limits.h"

#include "base/i18n.h"

static void put_call(struct buf *out, int error, const char *call)
{
        if (call)
                buf_printf(out, _("%s from %s"), strerrorname_np(error), call);
        else
                buf_string(out, strerrorname_np(error));
}

/* Is another cause of the same limit before it? */
static bool told_before(const struct limit_cause *causes, size_t number)
{
        for (size_t i = 0; i < number; i++)
                if (causes[i].failure->limit == causes[number].failure->limit)
                        return true;
        return false;
}

/* Of any call: every limit that is hit. One of which there never was anything (no huge pages) is rarely meant. */
static bool put_all_hit(struct buf *out, const struct limit_cause *causes, size_t n)
{
        unsigned told = 0;

        for (size_t i = 0; i < n; i++) {
                if (!causes[i].hit || causes[i].row->permille == 0 || told_before(causes, i))
                        continue;
                buf_string(out, told++ ? ", " : _("hit now: "));
                buf_string(out, limit_get(causes[i].failure->limit)->name);
        }
        if (told)
                buf_byte(out, '.');
        return told > 0;
}

/* Of one call the first that is hit is what it fails with: later ones are not even looked at. */
static bool put_first_hit(struct buf *out, const struct limit_cause *causes, size_t n)
{
        const struct limit_cause *hit = NULL;

        for (size_t i = 0; i < n; i++)
                if (causes[i].hit && (!hit || (hit->row->permille == 0 && causes[i].row->permille > 0)))
                        hit = &causes[i];
        if (hit)
                buf_printf(out, _("%s is hit."), limit_get(hit->failure->limit)->name);
        return hit;
}

static void put_answer(struct buf *out, const struct limit_cause *causes, size_t n, const char *call)
{
        const struct limit_cause *near = NULL;

        for (size_t i = n; i-- > 0;)
                if (causes[i].near)
                        near = &causes[i];
        if (call ? put_first_hit(out, causes, n) : put_all_hit(out, causes, n))
                ;
        else if (near)
                buf_printf(out, _("no limit is hit now, but %s is near."), limit_get(near->failure->limit)->name);
        else
                buf_string(out, _("no limit that is counted is hit now."));
        buf_byte(out, '\n');
}

/* "4 of 4 (100%) for ipc:[4026531839]" */
static void put_use(struct buf *out, const struct limit_cause *cause, const struct format *format)
{
        const struct limit_row *row = cause->row;
        const struct limit *limit = limit_get(row->reading->limit);

        buf_string(out, "   ");
        limits_format_amount(out, limit, row->used, format);
        buf_printf(out, _(" of "));
        limits_format_amount(out, limit, row->reading->value, format);
        if (limit->unit == LIMIT_UNIT_PAGES)
                buf_string(out, _(" pages"));
        if (row->permille >= 0) {
                buf_string(out, " (");
                limits_format_permille(out, row->permille);
                buf_byte(out, ')');
        }
        buf_string(out, ", ");
        limits_format_whom(out, row->reading, format);
        if (row->inferred)
                buf_string(out, _("; deduced"));
        if (cause->hits > 1)
                buf_printf(out, P_("; and %zu other is full", "; and %zu others are full", cause->hits - 1),
                           cause->hits - 1);
        buf_byte(out, '\n');
        if (row->ntop) {
                buf_string(out, _("   most: "));
                limits_format_top(out, row, format);
                buf_byte(out, '\n');
        }
}

static void put_reading(struct buf *out, const struct limit_cause *cause, const struct format *format)
{
        const struct limit_row *row = cause->row;
        const struct limit *limit = limit_get(cause->failure->limit);

        if (!row) {
                if (limit->binds == BINDS_OBJECT)
                        buf_string(out, _("   there is nothing that it binds\n"));
                else
                        buf_string(out, _("   it could not be read\n"));
        } else if (row->reading->unknown) {
                buf_string(out, _("   it could not be read\n"));
        } else if (row->reading->unlimited) {
                buf_string(out, _("   no limit\n"));
        } else if (limit->manner == MANNER_CAPS) {
                buf_string(out, _("   bounds each call: "));
                limits_format_amount(out, limit, row->reading->value, format);
                buf_byte(out, '\n');
        } else if (!row->known) {
                buf_string(out, _("   its use is not known; the limit is "));
                limits_format_amount(out, limit, row->reading->value, format);
                buf_byte(out, '\n');
        } else {
                put_use(out, cause, format);
        }
}

static void put_cause(struct buf *out, size_t number, const struct limit_cause *cause, bool with_call,
                      const struct format *format)
{
        const struct limit *limit = limit_get(cause->failure->limit);
        struct text calls = text_of(cause->failure->calls), call;

        buf_printf(out, "\n%zu. ", number);
        if (with_call && text_word(&calls, &call)) {
                buf_add(out, call);
                buf_string(out, ": ");
        }
        buf_printf(out, "%s, %s", limit->name, _(limit->title));
        if (cause->hit)
                buf_string(out, _(": HIT"));
        else if (cause->near)
                buf_string(out, _(": near"));
        buf_byte(out, '\n');
        put_reading(out, cause, format);
        if (cause->failure->why)
                buf_printf(out, _("   fails: %s\n"), _(cause->failure->why));
        buf_printf(out, _("   to raise it: %s\n"), _(limit->raise));
}

void limits_print_causes(const struct limit_cause *causes, size_t n, int error, const char *call,
                         const struct format *format, struct sink *sink)
{
        put_call(&sink->buf, error, call);
        buf_string(&sink->buf, ": ");
        put_answer(&sink->buf, causes, n, call);
        for (size_t i = 0; i < n; i++)
                put_cause(&sink->buf, i + 1, &causes[i], !call, format);
        sink_pass(sink);
}
