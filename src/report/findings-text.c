/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drafts of findings, and the sentences that are their evidence. */
#include "base/array.h"
#include "base/escape.h"
#include "base/memory.h"
#include "report/findings-private.h"

#include <stdarg.h>
#include <stdio.h>

enum { NS_PER_SECOND = 1000000000 };

static bool number(const struct value *value, uint64_t *ret)
{
        if (!value || value->type == VALUE_UNKNOWN)
                return false;
        *ret = value->u;
        return true;
}

bool number_of(const struct object *object, uint16_t field, uint64_t *ret)
{
        return number(object_get(object, field), ret);
}

bool process_number(const struct process *process, uint16_t field, uint64_t *ret)
{
        return number(row_get(process_row(process), field), ret);
}

uint64_t number_or_zero(const struct object *object, uint16_t field)
{
        uint64_t found = 0;

        number_of(object, field, &found);
        return found;
}

bool has_state(const struct object *object, enum state_word state)
{
        return number_or_zero(object, FIELD_STATE) & WORD_BIT(state);
}

bool is_gone(const struct object *object, uint16_t life)
{
        uint64_t word;

        return number_of(object, life, &word) && (word == LIFE_DEAD || word == LIFE_REUSED);
}

bool is_held(const struct object *object)
{
        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].way == WAY_FD || object->holds[i].way == WAY_MAP)
                        return true;
        return false;
}

uint64_t seconds_since(const struct judging *judging, uint64_t moment)
{
        uint64_t now = judging->snapshot->origin.time > 0 ? (uint64_t)judging->snapshot->origin.time : 0;

        return now > moment ? (now - moment) / NS_PER_SECOND : 0;
}

uint64_t latest_of(const struct object *object, const uint16_t *fields, unsigned n)
{
        uint64_t latest = 0, moment;

        for (unsigned i = 0; i < n; i++)
                if (number_of(object, fields[i], &moment) && moment > latest)
                        latest = moment;
        return latest;
}

struct finding *finding_begin(struct judging *judging, uint16_t id, const struct object *object,
                              const struct process *process)
{
        const struct finding_rule *rule = finding_rule_get(id);

        judging->draft = (struct finding){ .rule = rule, .id = id, .severity = rule->severity, .object = object,
                                           .process = process };
        buf_clear(&judging->text);
        return &judging->draft;
}

/* The rule's command, for its subject. */
static struct text usual_remedy(struct judging *judging)
{
        const struct finding *draft = &judging->draft;
        const char *format = draft->rule->remedy, *place = format ? strstr(format, "%s") : NULL;
        struct buf text = { 0 };
        struct text kept = { "", 0 };

        if (place && (draft->object || draft->process)) {
                buf_add(&text, (struct text){ format, (size_t)(place - format) });
                if (draft->object)
                        buf_add(&text, draft->object->ref);
                else
                        buf_int(&text, draft->process->pid);
                buf_string(&text, place + 2);
                kept = arena_text(&judging->findings->arena, buf_text(&text));
        }
        buf_done(&text);
        return kept;
}

void finding_end(struct judging *judging)
{
        struct findings *findings = judging->findings;
        struct finding *draft = &judging->draft;

        if (draft->remedy.len == 0)
                draft->remedy = usual_remedy(judging);
        draft->evidence = arena_text(&findings->arena, buf_text(&judging->text));
        if (findings->n == findings->room) {
                findings->room = findings->room ? findings->room * 2 : 64;
                findings->list = memory_resize(findings->list, findings->room, sizeof(*findings->list));
        }
        findings->list[findings->n++] = *draft;
}

static void put(struct buf *out, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

static void put(struct buf *out, const char *format, va_list arguments)
{
        va_list again;
        int len;

        va_copy(again, arguments);
        len = vsnprintf(NULL, 0, format, arguments);
        if (len > 0) {
                vsnprintf(buf_reserve(out, (size_t)len), (size_t)len + 1, format, again);
                out->len += (size_t)len;
        }
        va_end(again);
}

void say(struct judging *judging, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        put(&judging->text, judging->options->translate ? gettext(format) : format, arguments);
        va_end(arguments);
}

void say_count(struct judging *judging, uint64_t n, const char *singular, const char *plural, ...)
{
        va_list arguments;

        va_start(arguments, plural);
        if (judging->options->translate)
                put(&judging->text, ngettext(singular, plural, n), arguments);
        else
                put(&judging->text, n == 1 ? singular : plural, arguments);
        va_end(arguments);
}

void finding_remedy(struct judging *judging, const char *format, ...)
{
        struct buf text = { 0 };
        va_list arguments;

        va_start(arguments, format);
        put(&text, format, arguments);
        va_end(arguments);
        judging->draft.remedy = arena_text(&judging->findings->arena, buf_text(&text));
        buf_done(&text);
}

void say_process(struct judging *judging, const struct process *process)
{
        escape_display(&judging->text, process->comm, judging->options->utf8);
        buf_printf(&judging->text, "[%d]", process->pid);
}

void say_user(struct judging *judging, uid_t uid)
{
        struct text name;

        if (snapshot_user_name(judging->snapshot, uid, &name))
                escape_display(&judging->text, name, judging->options->utf8);
        else
                buf_uint(&judging->text, uid);
}

void say_bytes(struct judging *judging, uint64_t bytes)
{
        static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
        uint64_t whole = bytes;
        unsigned unit = 0;

        if (bytes < 1024) {
                say_count(judging, bytes, "%u byte", "%u bytes", (unsigned)bytes);
                return;
        }
        while (whole >= 1024 * 1024 && unit + 1 < COUNT(units)) {
                whole /= 1024;
                unit++;
        }
        buf_uint(&judging->text, whole / 1024);
        buf_printf(&judging->text, ".%u %s", (unsigned)(whole % 1024 * 10 / 1024), units[unit]);
}

void say_span(struct judging *judging, uint64_t seconds)
{
        if (seconds < 120)
                say(judging, N_("%u s"), (unsigned)seconds);
        else if (seconds < 7200)
                say(judging, N_("%u min"), (unsigned)(seconds / 60));
        else if (seconds < UINT64_C(2) * 86400)
                say(judging, N_("%u h"), (unsigned)(seconds / 3600));
        else
                say_count(judging, seconds / 86400, "%u day", "%u days", (unsigned)(seconds / 86400));
}
