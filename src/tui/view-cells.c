/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/view-cells.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "report/counterpart.h"

enum { NS_PER_SECOND = 1000 * 1000 * 1000, WAKERS_SHOWN = 3 };

void cell_process(const struct ui *ui, const struct process *process, struct buf *out)
{
        escape_display(out, process->comm, ui->options.utf8);
        buf_printf(out, "[%d]", (int)process->pid);
}

void cell_processes(const struct ui *ui, const struct process *const *processes, size_t n, unsigned most,
                    struct buf *out)
{
        for (size_t i = 0; i < n && i < most; i++) {
                if (i)
                        buf_string(out, ", ");
                cell_process(ui, processes[i], out);
        }
        if (n > most)
                buf_printf(out, ", +%zu", n - most);
}

void cell_user(const struct ui *ui, const struct process *process, struct buf *out)
{
        const struct value *uid = row_get(process_row(process), FIELD_UID);
        struct format format = ui_format(ui);

        if (uid)
                format_value(out, uid, &format);
        else
                buf_byte(out, '?');
}

void cell_bytes(const struct ui *ui, uint64_t bytes, struct buf *out)
{
        const struct value value = { .field = FIELD_SIZE_BYTES, .type = VALUE_UINT, .u = bytes };
        struct format format = ui_format(ui);

        format_value(out, &value, &format);
}

/* Holds lie by pid: an object may have thousands. */
static unsigned first_hold(const struct object *object, const struct process *process)
{
        unsigned low = 0, high = object->nholds;

        while (low < high) {
                unsigned middle = low + (high - low) / 2;

                if (object->holds[middle].process->pid < process->pid)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static void put_hold(const struct hold *hold, struct buf *out)
{
        const struct word_set *words = field_get(FIELD_ACCESS)->words;
        const char *access = hold->access < words->nwords ? words->words[hold->access] : "?";

        switch (hold->way) {
        case WAY_FD:
                buf_printf(out, "fd %d %s", hold->fd, access);
                break;
        case WAY_MAP:
                buf_printf(out, P_("%u map %s", "%u maps %s", hold->maps), hold->maps, access);
                break;
        default:
                buf_string(out, field_get(FIELD_WAY)->words->words[hold->way]);
        }
        if (hold->inferred)
                buf_byte(out, '*');
}

void cell_holds(const struct object *object, const struct process *process, unsigned most, struct buf *out)
{
        unsigned from = first_hold(object, process), n = 0;

        for (; from + n < object->nholds && object->holds[from + n].process == process; n++) {
                if (n >= most)
                        continue;
                if (n)
                        buf_string(out, ", ");
                put_hold(&object->holds[from + n], out);
        }
        if (n > most)
                buf_printf(out, ", +%u", n - most);
}

void cell_since(const struct ui *ui, int64_t since, struct buf *out)
{
        int64_t now = ui->scene->snapshot->origin.time;
        const struct value span = { .field = FIELD_AGE_SECONDS, .type = VALUE_UINT,
                                    .u = now > since ? ((uint64_t)now - (uint64_t)since) / NS_PER_SECOND : 0 };
        struct format format = ui_format(ui);

        if (since)
                format_value(out, &span, &format);
}

static void put_counterparts(const struct ui *ui, const struct wait *wait, struct buf *out)
{
        struct counterparts who = { 0 };

        counterparts_of_wait(wait, &who);
        if (who.n)
                /* TRANSLATORS: processes follow, one of which could end the wait */
                buf_string(out, _("; waits for "));
        else if (who.only_self)
                buf_string(out, _("; only itself could end that"));
        cell_processes(ui, who.processes, who.n, WAKERS_SHOWN, out);
        counterparts_done(&who);
}

void cell_wait(const struct ui *ui, const struct wait *wait, bool ref, struct buf *out)
{
        buf_string(out, wait->operation);
        if (ref) {
                buf_byte(out, ' ');
                buf_add(out, wait->object->ref);
        }
        if (wait->since) {
                /* TRANSLATORS: a time span follows: "semop for 3m" */
                buf_string(out, _(" for "));
                cell_since(ui, wait->since, out);
        }
        if (wait->inferred)
                buf_string(out, _(" (deduced)"));
        put_counterparts(ui, wait, out);
}

void cell_bar(int permille, unsigned width, struct buf *out)
{
        unsigned inner = width > 3 ? width - 2 : 1;
        unsigned full = permille <= 0 ? 0 : permille >= 1000 ? inner : (unsigned)permille * inner / 1000;

        /* A little is more than nothing. */
        if (permille > 0 && full == 0)
                full = 1;
        buf_byte(out, '[');
        for (unsigned i = 0; i < inner; i++)
                buf_byte(out, i < full ? '|' : ' ');
        buf_byte(out, ']');
}

static struct text tail(const struct buf *out, size_t from)
{
        return text_from(buf_text(out), from);
}

void cell_pad(struct buf *out, size_t from, unsigned columns)
{
        for (unsigned n = utf8_columns(tail(out, from)); n < columns; n++)
                buf_byte(out, ' ');
}

void cell_cut(const struct ui *ui, struct buf *out, size_t from, unsigned columns)
{
        unsigned taken;
        struct text kept;

        if (columns == 0 || utf8_columns(tail(out, from)) <= columns)
                return;
        kept = utf8_cut(tail(out, from), columns - 1, &taken);
        out->len = from + kept.len;
        out->data[out->len] = 0;
        buf_string(out, ui->options.utf8 ? "…" : "+");
}

void cell_wrap(struct text text, unsigned width, unsigned indent, struct buf *out)
{
        unsigned room = width > indent + 8 ? width - indent : 8, at = 0;
        struct text word;

        while (text_word(&text, &word)) {
                unsigned columns = utf8_columns(word);

                if (at > 0 && at + 1 + columns > room) {
                        buf_byte(out, '\n');
                        at = 0;
                }
                if (at == 0)
                        for (unsigned i = 0; i < indent; i++)
                                buf_byte(out, ' ');
                else
                        buf_byte(out, ' ');
                at += (at > 0) + columns;
                buf_add(out, word);
        }
        buf_byte(out, '\n');
}

/* --- findings --------------------------------------------------------------- */

const char *severity_sign(enum severity severity)
{
        return severity == SEVERITY_CRITICAL ? "!!" : severity == SEVERITY_WARNING ? "!" : "-";
}

const char *severity_name(enum severity severity)
{
        switch (severity) {
        case SEVERITY_CRITICAL:
                return _("critical");
        case SEVERITY_WARNING:
                return _("warning");
        case SEVERITY_NOTICE:
        case SEVERITY_COUNT:
                break;
        }
        return _("notice");
}

enum style severity_style(enum severity severity)
{
        return severity == SEVERITY_CRITICAL ? STYLE_BAD : severity == SEVERITY_WARNING ? STYLE_WARN : STYLE_NONE;
}

void cell_finding_subject(const struct ui *ui, const struct finding *finding, struct buf *out)
{
        if (finding->object)
                buf_add(out, finding->object->ref);
        else if (finding->process)
                cell_process(ui, finding->process, out);
        else if (finding->limit)
                buf_string(out, limit_get(finding->limit->reading->limit)->name);
}

static uint64_t hash_about(const struct object *object, const struct process *process, uint64_t seed)
{
        if (object)
                seed = subject_hash(seed, subject_of_object(object));
        if (process)
                seed = subject_hash(seed, subject_of_process(process));
        return seed;
}

static uint64_t hash_text(struct text text, uint64_t seed)
{
        for (size_t i = 0; i < text.len; i++)
                seed = (seed ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
        return seed;
}

struct subject subject_of_limit(const struct limit_row *row)
{
        const struct limit_reading *reading = row->reading;
        uint64_t hash = hash_about(reading->object, reading->process, reading->subject);

        /* The first number leads back to the limit. */
        return subject_of(SUBJECT_LIMIT, reading->limit, hash_text(reading->name, hash));
}

struct subject subject_of_finding(const struct finding *finding)
{
        uint64_t hash = hash_about(finding->object, finding->process, finding->id);

        if (finding->limit)
                hash = subject_hash(hash, subject_of_limit(finding->limit));
        return subject_of(SUBJECT_FINDING, finding->id, hash);
}
