/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/format.h"

#include "base/array.h"
#include "base/digits.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "base/utf8.h"

#include <time.h>

#define NSEC_PER_SEC UINT64_C(1000000000)

/* Three digits at most, or four below the first suffix: 0 1023 1K 1.5K 64M 16E. */
static void put_size(struct buf *out, uint64_t bytes)
{
        unsigned power = 0;
        uint64_t whole, part;

        while (power < 6 && bytes >> (10 * (power + 1)) != 0)
                power++;

        if (power == 0) {
                buf_uint(out, bytes);
                return;
        }

        whole = bytes >> (10 * power);
        part = bytes >> (10 * (power - 1)) & 1023;

        if (whole < 10) {
                uint64_t tenths = whole * 10 + (part * 10 + 512) / 1024;

                whole = tenths / 10;
                part = tenths % 10;
        } else {
                whole += part >= 512;
                part = 0;
                if (whole == 1024 && power < 6) {
                        whole = 1;
                        power++;
                }
        }

        buf_uint(out, whole);
        if (part > 0) {
                buf_byte(out, '.');
                buf_uint(out, part);
        }
        buf_byte(out, " KMGTPE"[power]);
}

static void put_span(struct buf *out, uint64_t seconds)
{
        static const struct {
                uint64_t seconds;
                char suffix;
        } steps[] = {
                { UINT64_C(365) * 86400, 'y' },
                { 86400, 'd' },
                { 3600, 'h' },
                { 60, 'm' },
        };

        for (size_t i = 0; i < COUNT(steps); i++)
                if (seconds >= steps[i].seconds) {
                        buf_uint(out, seconds / steps[i].seconds);
                        buf_byte(out, steps[i].suffix);
                        return;
                }

        buf_uint(out, seconds);
        buf_byte(out, 's');
}

static void put_date(struct buf *out, const struct tm *tm, bool year)
{
        if (year) {
                digits_put(out, (uint64_t)tm->tm_year + 1900, 10, 4);
                buf_byte(out, '-');
        }
        digits_put(out, (uint64_t)tm->tm_mon + 1, 10, 2);
        buf_byte(out, '-');
        digits_put(out, (uint64_t)tm->tm_mday, 10, 2);
}

static void put_clock(struct buf *out, const struct tm *tm)
{
        digits_put(out, (uint64_t)tm->tm_hour, 10, 2);
        buf_byte(out, ':');
        digits_put(out, (uint64_t)tm->tm_min, 10, 2);
}

/* As short as the moment allows: the hour today, no year this year. */
static void put_time_short(struct buf *out, const struct tm *tm, int64_t now_ns)
{
        time_t now_seconds = (time_t)(now_ns / (int64_t)NSEC_PER_SEC);
        struct tm now;

        if (!localtime_r(&now_seconds, &now) || now.tm_year != tm->tm_year) {
                put_date(out, tm, true);
                return;
        }

        if (now.tm_yday != tm->tm_yday) {
                put_date(out, tm, false);
                buf_byte(out, ' ');
        }
        put_clock(out, tm);
}

static void put_time_iso(struct buf *out, const struct tm *tm)
{
        long offset = tm->tm_gmtoff / 60;

        put_date(out, tm, true);
        buf_byte(out, 'T');
        put_clock(out, tm);
        buf_byte(out, ':');
        digits_put(out, (uint64_t)tm->tm_sec, 10, 2);

        buf_byte(out, offset < 0 ? '-' : '+');
        if (offset < 0)
                offset = -offset;
        digits_put(out, (uint64_t)offset / 60, 10, 2);
        buf_byte(out, ':');
        digits_put(out, (uint64_t)offset % 60, 10, 2);
}

/* A moment after the snapshot's (a clock was set back) has a negative age. */
static void put_time_relative(struct buf *out, uint64_t time, int64_t now_ns)
{
        uint64_t now = now_ns < 0 ? 0 : (uint64_t)now_ns;

        if (time > now + NSEC_PER_SEC)
                buf_byte(out, '-');
        put_span(out, (time > now ? time - now : now - time) / NSEC_PER_SEC);
}

static void put_time(struct buf *out, uint64_t time, const struct format *format)
{
        time_t seconds = (time_t)(time / NSEC_PER_SEC);
        struct tm tm;

        if (time == 0) {
                buf_byte(out, '-');
                return;
        }

        if (format->time == TIME_EPOCH)
                buf_uint(out, (uint64_t)seconds);
        else if (format->time == TIME_RELATIVE)
                put_time_relative(out, time, format->snapshot->origin.time);
        else if (!localtime_r(&seconds, &tm))
                buf_byte(out, '?');
        else if (format->time == TIME_ISO)
                put_time_iso(out, &tm);
        else
                put_time_short(out, &tm, format->snapshot->origin.time);
}

static void put_id(struct buf *out, uint64_t id, bool named, struct text name, const struct format *format)
{
        if (named && name.len > 0)
                escape_display(out, name, format->utf8);
        else
                buf_uint(out, id);
}

static void put_uint(struct buf *out, const struct field *field, uint64_t u, const struct format *format)
{
        struct text name = { 0 };
        bool named;

        switch (field->unit) {
        case UNIT_BYTES:
                if (format->bytes)
                        buf_uint(out, u);
                else
                        put_size(out, u);
                break;
        case UNIT_TIME:
                put_time(out, u, format);
                break;
        case UNIT_SECONDS:
                put_span(out, u);
                break;
        case UNIT_UID:
                named = snapshot_user_name(format->snapshot, (uid_t)u, &name);
                put_id(out, u, named, name, format);
                break;
        case UNIT_GID:
                named = snapshot_group_name(format->snapshot, (gid_t)u, &name);
                put_id(out, u, named, name, format);
                break;
        case UNIT_MODE:
                digits_put(out, u, 8, 4);
                break;
        case UNIT_KEY:
                buf_string(out, u == 0 ? "private" : "0x");
                if (u != 0)
                        digits_put(out, u, 16, 8);
                break;
        case UNIT_DEV:
                buf_uint(out, u >> 32);
                buf_byte(out, ':');
                buf_uint(out, u & UINT32_MAX);
                break;
        case UNIT_NAMESPACE:
                if (u == 0)
                        buf_byte(out, '?');
                else
                        buf_uint(out, u);
                break;
        case UNIT_NONE:
        case UNIT_PID:
                buf_uint(out, u);
                break;
        }
}

static void put_words(struct buf *out, const struct word_set *set, uint64_t mask)
{
        bool first = true;

        for (unsigned i = 0; i < set->nwords; i++) {
                if (!(mask & WORD_BIT(i)))
                        continue;
                if (!first)
                        buf_byte(out, ',');
                buf_string(out, set->words[i]);
                first = false;
        }

        if (first)
                buf_byte(out, '-');
}

/* "method=signal pid=2044 signal=10": what is set of the one row. */
static void put_record(struct buf *out, struct row row, const struct format *format)
{
        bool first = true;

        for (size_t i = 0; i < row.nvalues; i++) {
                const struct value *value = &row.values[i];

                /* The first member says what it is, even if that is word 0. */
                if (i > 0 && value->type != VALUE_UNKNOWN && !value_is_set(value))
                        continue;
                if (!first)
                        buf_byte(out, ' ');
                buf_string(out, field_get(value->field)->name);
                buf_byte(out, '=');
                format_value(out, value, format);
                first = false;
        }

        if (first)
                buf_byte(out, '-');
}

void format_value(struct buf *out, const struct value *value, const struct format *format)
{
        const struct field *field = field_get(value->field);

        switch ((enum value_type)value->type) {
        case VALUE_UNKNOWN:
                buf_byte(out, '?');
                break;
        case VALUE_UINT:
                put_uint(out, field, value->u, format);
                break;
        case VALUE_INT:
                buf_int(out, value->i);
                break;
        case VALUE_BOOL:
                buf_string(out, value->u ? _("yes") : _("no"));
                break;
        case VALUE_TEXT:
                if (value->len == 0)
                        buf_byte(out, '-');
                else
                        escape_display(out, value_text(value), format->utf8);
                break;
        case VALUE_WORD:
                buf_string(out, value->u < field->words->nwords ? field->words->words[value->u] : "?");
                break;
        case VALUE_WORDS:
                put_words(out, field->words, value->u);
                break;
        case VALUE_ROWS:
                buf_uint(out, value->len);
                break;
        case VALUE_OBJECT:
                break;
        case VALUE_RECORD:
                put_record(out, value->len > 0 ? value->rows[0] : (struct row){ 0 }, format);
                break;
        }
}

/* Columns of ",+12", what stands for so many more. */
static unsigned more_columns(unsigned more)
{
        unsigned columns = more ? 2 : 0;

        for (; more; more /= 10)
                columns++;
        return columns;
}

/*
 * The list from `begin` on got another item, from `item` on, behind n of `all`. Has it no room, or would the number of
 * those behind it have none, then the list ends here: with their number instead.
 */
static bool ends_list(struct buf *out, size_t begin, size_t item, unsigned n, unsigned all, unsigned most)
{
        if (most == 0 || n == 0 ||
            utf8_columns(text_from(buf_text(out), begin)) + more_columns(all - n - 1) <= most)
                return false;
        out->len = item;
        buf_printf(out, ",+%u", all - n);
        return true;
}

void format_holders(struct buf *out, const struct object *object, const struct format *format)
{
        unsigned n = 0, all = format->most ? object_count_holders(object) : 0;
        const struct process *last = NULL;
        size_t begin = out->len;

        /* Sorted by pid: the holds of one process stand together. */
        for (unsigned i = 0; i < object->nholds; i++) {
                const struct process *process = object->holds[i].process;
                size_t item = out->len;

                if (process == last)
                        continue;
                if (last)
                        buf_byte(out, ',');
                escape_display(out, process->comm, format->utf8);
                buf_byte(out, '[');
                buf_uint(out, (uint64_t)process->pid);
                buf_byte(out, ']');
                last = process;
                if (ends_list(out, begin, item, n++, all, format->most))
                        break;
        }

        /* Nobody, or nobody looked. */
        if (!last)
                buf_byte(out, format->snapshot->want.holders ? '-' : '?');
}

void format_peers(struct buf *out, const struct object *object, const struct format *format)
{
        size_t begin = out->len;

        for (unsigned i = 0; i < object->npeers; i++) {
                size_t item = out->len;

                if (i)
                        buf_byte(out, ',');
                buf_add(out, object->peers[i]->ref);
                if (ends_list(out, begin, item, i, object->npeers, format->most))
                        break;
        }
        if (!object->npeers)
                buf_byte(out, format->snapshot->want.holders ? '-' : '?');
}

void format_waiters(struct buf *out, const struct object *object, const struct format *format)
{
        size_t begin = out->len;

        for (unsigned i = 0; i < object->nwaits; i++) {
                const struct wait *wait = &object->waits[i];
                size_t item = out->len;

                if (i)
                        buf_byte(out, ',');
                escape_display(out, wait->process->comm, format->utf8);
                buf_printf(out, "[%d]:%s", wait->tid, wait->operation);
                if (ends_list(out, begin, item, i, object->nwaits, format->most))
                        break;
        }
        if (!object->nwaits)
                buf_byte(out, format->snapshot->want.waiters ? '-' : '?');
}

void format_summary(struct buf *out, const struct object *object, const struct format *format)
{
        const struct kind *kind = object->key.kind;
        bool first = true;

        for (unsigned i = 0; i < kind->nsummary; i++) {
                struct value value;

                if (!snapshot_value(format->snapshot, object, kind->summary[i], &value))
                        continue;
                if (value.type == VALUE_WORDS && value.u == 0)
                        continue;
                if (!first)
                        buf_byte(out, ' ');
                buf_string(out, field_get(value.field)->name);
                buf_byte(out, '=');
                format_value(out, &value, format);
                first = false;
        }

        if (first)
                buf_byte(out, '-');
}

bool format_composed(struct buf *out, const struct object *object, uint16_t field, const struct format *format)
{
        switch (field) {
        case FIELD_HOLDERS:
                format_holders(out, object, format);
                return true;
        case FIELD_PEERS:
                format_peers(out, object, format);
                return true;
        case FIELD_WAITERS:
                format_waiters(out, object, format);
                return true;
        case FIELD_SUMMARY:
                format_summary(out, object, format);
                return true;
        default:
                return false;
        }
}

unsigned format_least(uint16_t id)
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

enum align format_align(uint16_t id)
{
        const struct field *field = field_get(id);

        /* Shown as names, not as their number. */
        if (id == FIELD_HOLDERS || id == FIELD_PEERS || id == FIELD_WAITERS)
                return ALIGN_LEFT;
        if (field->type == VALUE_ROWS || field->type == VALUE_INT)
                return ALIGN_RIGHT;
        if (field->type != VALUE_UINT)
                return ALIGN_LEFT;

        switch (field->unit) {
        case UNIT_NONE:
        case UNIT_BYTES:
        case UNIT_SECONDS:
        case UNIT_PID:
        case UNIT_NAMESPACE:
                return ALIGN_RIGHT;
        default:
                return ALIGN_LEFT;
        }
}

enum style format_style(const struct value *value)
{
        if (value->type == VALUE_UNKNOWN)
                return STYLE_WARN;

        switch (value->field) {
        case FIELD_STATE:
                if (value->u & WORD_BIT(STATE_FULL))
                        return STYLE_BAD;
                if (value->u & (WORD_BIT(STATE_ORPHAN) | WORD_BIT(STATE_WAITERS)))
                        return STYLE_WARN;
                return STYLE_NONE;
        case FIELD_WAITING:
        case FIELD_WAITING_INCREASE:
        case FIELD_WAITING_ZERO:
                return value->u > 0 ? STYLE_WARN : STYLE_NONE;
        default:
                return STYLE_NONE;
        }
}
