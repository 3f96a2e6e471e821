/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/journal-line.h"

#include "admin/journal-block.h"
#include "admin/set.h"
#include "base/array.h"
#include "base/json-writer.h"
#include "model/value-json.h"
#include "sys/host.h"
#include "sys/state.h"

#include <string.h>

enum { HOLDERS_NAMED = 5, LINE_USUAL = 1000 };

/* What tells which object it was, long after it is gone. */
static const uint16_t telling[] = {
        FIELD_ID, FIELD_KEY, FIELD_NAME, FIELD_PATH, FIELD_INODE, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE,
        FIELD_SIZE_BYTES, FIELD_SEMAPHORE_COUNT, FIELD_QUEUED_MESSAGES, FIELD_MAX_BYTES, FIELD_MAX_MESSAGES,
        FIELD_MAX_MESSAGE_BYTES, FIELD_VALUE, FIELD_CREATED_AT, FIELD_CHANGED_AT,
};

static void write_person(struct writer *writer, bool user, uint64_t id, struct text name)
{
        writer_open(writer, '{');
        if (user)
                WRITER_KEY(writer, "uid");
        else
                WRITER_KEY(writer, "gid");
        writer_uint(writer, id);
        WRITER_KEY(writer, "name");
        if (!name.len)
                writer_null(writer);
        else if (!writer_text(writer, name))
                writer_lost_text(writer, "name", name);
        writer_close(writer, '}');
}

/* Names that the snapshot has are free of charge; for new owners the name service is asked. */
static void write_owner(struct writer *writer, const struct deed *deed, enum unit unit, uint64_t id)
{
        struct buf buffer = { 0 };
        struct text name = { 0 };
        bool user = unit == UNIT_UID;

        if (deed->snapshot && (user ? snapshot_user_name(deed->snapshot, (uid_t)id, &name)
                                    : snapshot_group_name(deed->snapshot, (gid_t)id, &name)))
                write_person(writer, user, id, name);
        else if (user ? host_user_name(deed->host, (uid_t)id, &buffer)
                      : host_group_name(deed->host, (gid_t)id, &buffer))
                write_person(writer, user, id, buf_text(&buffer));
        else
                write_person(writer, user, id, name);
        buf_done(&buffer);
}

static void write_number(struct writer *writer, const struct deed *deed, const struct value *value)
{
        enum unit unit = field_get(value->field)->unit;

        switch (unit) {
        case UNIT_TIME:
                writer_time(writer, value->u);
                break;
        case UNIT_UID:
        case UNIT_GID:
                write_owner(writer, deed, unit, value->u);
                break;
        default:
                value_json_number(writer, unit, value->u);
        }
}

/* What stands behind a key; texts are members of their own. */
static void write_value(struct writer *writer, const struct deed *deed, const struct value *value)
{
        if (!value)
                writer_null(writer);
        else if (value->type == VALUE_UINT)
                write_number(writer, deed, value);
        else if (value->type == VALUE_INT)
                writer_int(writer, value->i);
        else if (value->type == VALUE_BOOL)
                writer_bool(writer, value->u);
        else if (value->type == VALUE_WORDS)
                value_json_words(writer, field_get(value->field)->words, value->u);
        else
                writer_null(writer);
}

static void write_member(struct writer *writer, const struct deed *deed, const char *key, const struct value *value)
{
        if (value && value->type == VALUE_TEXT) {
                writer_text_member(writer, key, value_text(value));
                return;
        }
        writer_key(writer, key);
        write_value(writer, deed, value);
}

/* A member of the object that is called as its field. */
static void write_field(struct writer *writer, const struct deed *deed, const struct value *value)
{
        if (value->type == VALUE_TEXT) {
                writer_text_member(writer, field_get(value->field)->name, value_text(value));
                return;
        }
        value_json_key(writer, value->field);
        write_value(writer, deed, value);
}

static void write_text(struct writer *writer, const char *key, struct text text)
{
        if (text.len) {
                writer_text_member(writer, key, text);
                return;
        }
        writer_key(writer, key);
        writer_null(writer);
}

static void write_result(struct writer *writer, const struct deed *deed, bool signal)
{
        const char *name = deed->err ? strerrorname_np(deed->err) : NULL;

        WRITER_KEY(writer, "result");
        writer_word(writer, deed_word(deed->result));
        write_text(writer, "error", name ? text_of(name) : TEXT(""));
        /* Of a process it is the start, and what that is now says nothing. */
        if (deed->result != DEED_CHANGED || signal)
                return;
        WRITER_KEY(writer, "changed");
        writer_open(writer, '{');
        WRITER_KEY(writer, "field");
        writer_word(writer, field_get(deed->act.changed.field)->name);
        write_member(writer, deed, "before", &deed->act.changed.before);
        write_member(writer, deed, "now", &deed->act.changed.now);
        writer_close(writer, '}');
}

static void tell_author(struct writer *writer, const struct journal_author *author)
{
        WRITER_KEY(writer, "user");
        write_person(writer, true, author->uid, author->user);
        WRITER_KEY(writer, "login");
        if (author->login_uid == (uid_t)-1)
                writer_null(writer);
        else
                write_person(writer, true, author->login_uid, author->login_user);
        WRITER_KEY(writer, "pid");
        writer_int(writer, author->pid);
}

/* The author is the same in each line of a journal: put into words once. */
void journal_note_begin(struct journal *journal)
{
        struct buf *told = journal ? journal_author_told(journal) : NULL;
        struct writer writer = { .out = told, .comma = true };

        if (told && told->len == 0)
                tell_author(&writer, journal_author(journal));
}

void journal_line_open(struct writer *writer, struct buf *out, const struct host *host, const char *action)
{
        if (out->len)
                buf_byte(out, '\n');
        writer->out = out;
        writer->comma = false;
        writer_open(writer, '{');
        WRITER_KEY(writer, "time");
        writer_time(writer, (uint64_t)host_time(host));
        WRITER_KEY(writer, "action");
        writer_word(writer, action);
}

void journal_line_author(struct writer *writer, struct journal *journal)
{
        journal_note_begin(journal);
        buf_add(writer->out, buf_text(journal_author_told(journal)));
}

void journal_write_object(struct writer *writer, const struct deed *deed, struct row row, uint64_t namespace)
{
        const struct value *by_field[FIELD_COUNT] = { NULL };

        for (size_t i = 0; i < row.nvalues; i++)
                by_field[row.values[i].field] = &row.values[i];
        WRITER_KEY(writer, "object");
        writer_open(writer, '{');
        for (size_t i = 0; i < COUNT(telling); i++) {
                const struct value *value = by_field[telling[i]];

                if (value && value->type != VALUE_UNKNOWN)
                        write_field(writer, deed, value);
        }
        if (namespace) {
                WRITER_KEY(writer, "namespace");
                writer_uint(writer, namespace);
        }
        writer_close(writer, '}');
}

/* The first processes by pid, each once: holds are in that order. */
static void write_holders(struct writer *writer, const struct object *object)
{
        const struct process *last = NULL;
        struct buf text = { 0 };
        unsigned named = 0;

        WRITER_KEY(writer, "holder_count");
        writer_uint(writer, object_count_holders(object));
        WRITER_KEY(writer, "holders");
        writer_open(writer, '[');
        for (unsigned i = 0; i < object->nholds && named < HOLDERS_NAMED; i++) {
                const struct process *process = object->holds[i].process;

                if (process == last)
                        continue;
                last = process;
                named++;
                buf_clear(&text);
                buf_add(&text, process->comm);
                buf_printf(&text, "[%d]", (int)process->pid);
                writer_text(writer, buf_text(&text));
        }
        writer_close(writer, ']');
        buf_done(&text);
}

void journal_write_values(struct writer *writer, const struct deed *deed, const struct object *object,
                          const struct assignment *assignments, unsigned n)
{
        WRITER_KEY(writer, "values");
        writer_open(writer, '[');
        for (unsigned i = 0; i < n; i++) {
                struct value before = { .field = assignments[i].value.field, .type = VALUE_UNKNOWN }, after;

                assignment_before(object, &assignments[i], &before);
                after = assignment_after(&assignments[i], &before);
                writer_open(writer, '{');
                WRITER_KEY(writer, "field");
                writer_word(writer, field_get(after.field)->name);
                if (after.field == FIELD_VALUE) {
                        WRITER_KEY(writer, "number");
                        writer_uint(writer, assignments[i].number);
                }
                write_member(writer, deed, "before", &before);
                write_member(writer, deed, "after", &after);
                writer_close(writer, '}');
        }
        writer_close(writer, ']');
}

/* What the id or name of something new belongs to. */
static uint64_t own_namespace(const struct deed *deed, const struct kind *kind)
{
        return host_namespace(deed->host, namespace_type_name(kind->scope));
}

/* "process":{...}, and what was sent to it. */
static void write_signal(struct writer *writer, const struct deed *deed, const struct journal_note *note)
{
        static const uint16_t members[] = { FIELD_PID, FIELD_START_TIME, FIELD_COMM, FIELD_COMMAND, FIELD_UID };
        const struct word_set *names = field_get(FIELD_SIGNALS)->words;

        WRITER_KEY(writer, "process");
        writer_open(writer, '{');
        for (size_t i = 0; i < COUNT(members); i++) {
                const struct value *value = row_get(process_row(note->process), members[i]);

                if (value && value->type != VALUE_UNKNOWN)
                        write_field(writer, deed, value);
        }
        writer_close(writer, '}');
        WRITER_KEY(writer, "signal");
        if (note->signal > 0 && (unsigned)note->signal <= names->nwords)
                writer_word(writer, names->words[note->signal - 1]);
        else
                writer_null(writer);
}

/* What the deed was done to. */
static void write_subject(struct writer *writer, const struct journal_note *note)
{
        const struct object *object = note->object;
        const struct kind *kind = object ? object->key.kind : note->kind;
        struct buf ref = { 0 };

        if (note->process) {
                buf_printf(&ref, "pid:%d", (int)note->process->pid);
                write_text(writer, "ref", buf_text(&ref));
                buf_done(&ref);
                return;
        }
        write_text(writer, "ref", object ? object->ref : note->ref);
        WRITER_KEY(writer, "kind");
        writer_word(writer, kind->name);
}

static void write_details(struct writer *writer, const struct deed *deed, const struct journal_note *note)
{
        const struct object *object = note->object;

        if (note->process)
                write_signal(writer, deed, note);
        else if (object)
                journal_write_object(writer, deed, object_row(object), object->ns);
        else
                journal_write_object(writer, deed, note->made, own_namespace(deed, note->kind));
        if (note->verdict) {
                WRITER_KEY(writer, "verdict");
                writer_word(writer, note->verdict);
        }
        if (object && deed->snapshot && deed->snapshot->want.holders)
                write_holders(writer, object);
        if (object && note->nassignments)
                journal_write_values(writer, deed, object, note->assignments, note->nassignments);
        write_text(writer, "copy", deed->copy.len ? buf_text(&deed->copy) : note->from);
}

static void write_line(struct writer *writer, struct buf *out, const struct deed *deed,
                       const struct journal_note *note)
{
        journal_line_open(writer, out, deed->host, deed->action);
        write_subject(writer, note);
        write_result(writer, deed, note->process != NULL);
        journal_line_author(writer, deed->journal);
        write_details(writer, deed, note);
        writer_close(writer, '}');
}

void journal_note(struct deed *deed, const struct journal_note *note)
{
        struct buf line = { 0 };
        struct writer writer = { 0 };

        if (!deed->journal)
                return;
        if (deed->block) {
                write_line(&deed->block->writer, &deed->block->lines, deed, note);
                return;
        }
        buf_reserve(&line, LINE_USUAL);
        write_line(&writer, &line, deed, note);
        deed->journal_err = -journal_write(deed->journal, buf_text(&line));
        buf_done(&line);
}
