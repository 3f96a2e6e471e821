/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/journal-entries.h"

#include "base/json-writer.h"

#include <string.h>

enum { IN_HAND = 2 };                   /* blocks that a process has begun and not ended, at most: one a thread */

/* A line that names objects before their removal. */
struct intent {
        const struct journal_row *row;
        bool *settled;                  /* of its references: a later line tells what became of it */
        size_t left;                    /* that are not */
        size_t next;                    /* where the next one is expected */
};

struct process_intents {
        struct intent *open[IN_HAND];   /* the newest first */
};

struct reading {
        struct arena *arena;
        struct journal_entries all;     /* lines that can be read, of each kind */
        struct intent **intents;        /* of each line; NULL: it is none */
        struct map processes;           /* pid, 0 -> struct process_intents */
        size_t hidden;                  /* lines that are no entries */
        size_t named;                   /* references of intents */
};

static bool is_intent(const struct journal_row *row)
{
        return row->nrefs && text_equal(row->result, TEXT("intended"));
}

static bool is_withdrawal(const struct journal_row *row)
{
        return row->nrefs && text_equal(row->result, TEXT("withdrawn"));
}

/* The same at first sight: a line that is an entry has its reference there. */
static bool looks_like_entry(struct text line)
{
        static const char before[] = "\"action\":\"remove\",\"result\":";
        const size_t most = sizeof("{\"time\":\"2026-11-21T19:04:12.123456Z\",") + sizeof(before);

        return !memmem(line.data, line.len < most ? line.len : most, before, sizeof(before) - 1);
}

/* Where the lines of the last so many entries begin. Those of one block behind its first are all there. */
static struct text last_lines(struct text all, uint64_t n)
{
        size_t at = all.len, end;

        while (n > 0 && at > 0) {
                const char *newline;

                end = all.data[at - 1] == '\n' ? at - 1 : at;
                newline = end ? memrchr(all.data, '\n', end) : NULL;
                at = newline ? (size_t)(newline - all.data) + 1 : 0;
                n -= at < end && looks_like_entry((struct text){ all.data + at, end - at });
        }
        return text_from(all, at);
}

static struct process_intents *intents_of(struct reading *reading, int64_t pid)
{
        void **place = map_place(&reading->processes, (uint64_t)pid, 0);

        if (!*place)
                *place = ARENA_NEW(reading->arena, struct process_intents);
        return *place;
}

/* One that is settled makes room; else the oldest: it is of another process that had the pid, and was killed. */
static struct intent *begin_intent(struct reading *reading, const struct journal_row *row)
{
        struct process_intents *process = intents_of(reading, row->pid);
        struct intent *intent = ARENA_NEW(reading->arena, struct intent);
        unsigned at = 0;

        while (at < IN_HAND - 1 && process->open[at] && process->open[at]->left)
                at++;
        for (; at > 0; at--)
                process->open[at] = process->open[at - 1];
        *intent = (struct intent){ .row = row, .left = row->nrefs,
                                   .settled = ARENA_ARRAY(reading->arena, bool, row->nrefs) };
        process->open[0] = intent;
        return intent;
}

/* Lines mostly come in the order of the references. */
static bool settle_in(struct intent *intent, struct text ref)
{
        size_t n = intent->row->nrefs;

        for (size_t i = 0; intent->left && i < n; i++) {
                size_t at = (intent->next + i) % n;

                if (intent->settled[at] || !text_equal(intent->row->refs[at], ref))
                        continue;
                intent->settled[at] = true;
                intent->next = at + 1;
                intent->left--;
                return true;
        }
        return false;
}

static void settle(struct reading *reading, int64_t pid, struct text ref)
{
        const struct process_intents *process = map_get(&reading->processes, (uint64_t)pid, 0);

        for (unsigned i = 0; process && i < IN_HAND && process->open[i]; i++)
                if (settle_in(process->open[i], ref))
                        return;
}

static void take_line(struct reading *reading, struct text line)
{
        struct journal_entries *all = &reading->all;
        struct journal_row *row = &all->rows[all->n];

        if (journal_row_read(line, reading->arena, row) < 0) {
                all->damaged++;
                return;
        }
        all->lines[all->n] = line;
        if (is_intent(row)) {
                reading->intents[all->n] = begin_intent(reading, row);
                reading->named += row->nrefs;
        } else if (is_withdrawal(row)) {
                for (size_t i = 0; i < row->nrefs; i++)
                        settle(reading, row->pid, row->refs[i]);
        } else if (text_equal(row->action, TEXT("remove"))) {
                settle(reading, row->pid, row->ref);
        }
        reading->hidden += is_intent(row) || is_withdrawal(row);
        all->n++;
}

/* The line that nobody could write any more. Who it was stands at the end of the one before the deed. */
static struct text interrupted_line(struct reading *reading, const struct journal_row *row, struct text line)
{
        const char *author = memmem(line.data, line.len, ",\"user\":", strlen(",\"user\":"));
        struct buf out = { 0 };
        struct writer writer = { .out = &out };
        struct journal_row check;
        struct text text;
        size_t whole;

        writer_open(&writer, '{');
        WRITER_KEY(&writer, "time");
        writer_time(&writer, (uint64_t)row->time);
        WRITER_KEY(&writer, "action");
        writer_text(&writer, row->action);
        writer_text_member(&writer, "ref", row->ref);
        writer_text_member(&writer, "kind", row->kind);
        WRITER_KEY(&writer, "result");
        writer_text(&writer, row->result);
        WRITER_KEY(&writer, "error");
        writer_null(&writer);
        whole = out.len;
        if (author)
                buf_add(&out, text_from(line, (size_t)(author - line.data)));
        else
                writer_close(&writer, '}');
        text = arena_text(reading->arena, buf_text(&out));
        /* Not one of ours, if that fits in nowhere. */
        if (journal_row_read(text, reading->arena, &check) < 0) {
                out.len = whole;
                writer_close(&writer, '}');
                text = arena_text(reading->arena, buf_text(&out));
        }
        buf_done(&out);
        return text;
}

static void add_interrupted(struct reading *reading, const struct intent *intent, struct text line,
                            struct journal_entries *ret)
{
        for (size_t i = 0; i < intent->row->nrefs; i++) {
                struct journal_row *row = &ret->rows[ret->n];
                struct text rest = intent->row->refs[i];

                if (intent->settled[i])
                        continue;
                *row = *intent->row;
                row->ref = rest;
                row->result = TEXT("interrupted");
                text_split(&rest, ':', &row->kind);
                row->refs = NULL;
                row->nrefs = 0;
                ret->lines[ret->n++] = interrupted_line(reading, row, line);
        }
}

/* Lines become entries: most do as they are. */
static void sort_out(struct reading *reading, struct journal_entries *ret)
{
        const struct journal_entries *all = &reading->all;
        size_t most = all->n - reading->hidden + reading->named;

        *ret = (struct journal_entries){ .damaged = all->damaged };
        ret->lines = ARENA_ARRAY(reading->arena, struct text, most);
        ret->rows = ARENA_ARRAY(reading->arena, struct journal_row, most);
        for (size_t i = 0; i < all->n; i++) {
                if (reading->intents[i]) {
                        add_interrupted(reading, reading->intents[i], all->lines[i], ret);
                } else if (!is_withdrawal(&all->rows[i])) {
                        ret->lines[ret->n] = all->lines[i];
                        ret->rows[ret->n++] = all->rows[i];
                }
        }
}

static void drop_oldest(struct journal_entries *entries, size_t n)
{
        entries->lines += n;
        entries->rows += n;
        entries->n -= n;
}

void journal_entries_read(struct text file, uint64_t most, struct arena *arena, struct journal_entries *ret)
{
        struct reading reading = { .arena = arena };
        struct text all = last_lines(file, most), rest = all, line;
        size_t nlines = 0;

        while (text_split(&rest, '\n', &line))
                nlines += line.len > 0;
        reading.all.lines = ARENA_ARRAY(arena, struct text, nlines);
        reading.all.rows = ARENA_ARRAY(arena, struct journal_row, nlines);
        reading.intents = ARENA_ARRAY(arena, struct intent *, nlines);
        while (text_split(&all, '\n', &line))
                if (line.len)
                        take_line(&reading, line);
        map_done(&reading.processes);
        if (reading.hidden)
                sort_out(&reading, ret);
        else
                *ret = reading.all;
        if (ret->n > most)
                drop_oldest(ret, ret->n - most);
        for (size_t i = 0; i < ret->n; i++)
                ret->interrupted += text_equal(ret->rows[i].result, TEXT("interrupted"));
}
