/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json-private.h"

#include "model/value-json.h"

static void write_name(struct writer *writer, bool named, struct text name)
{
        if (named)
                writer_text_member(writer, "name", name);
        else {
                writer_key(writer, "name");
                writer_null(writer);
        }
        writer_close(writer, '}');
}

void json_write_user(struct writer *writer, const struct snapshot *snapshot, uint64_t uid)
{
        struct text name = { 0 };

        writer_open(writer, '{');
        writer_key(writer, "uid");
        writer_uint(writer, uid);
        write_name(writer, snapshot_user_name(snapshot, (uid_t)uid, &name), name);
}

static void write_group(struct writer *writer, const struct snapshot *snapshot, uint64_t gid)
{
        struct text name = { 0 };

        writer_open(writer, '{');
        writer_key(writer, "gid");
        writer_uint(writer, gid);
        write_name(writer, snapshot_group_name(snapshot, (gid_t)gid, &name), name);
}

static void write_uint(struct writer *writer, const struct snapshot *snapshot, enum unit unit, uint64_t u)
{
        switch (unit) {
        case UNIT_TIME:
                writer_time(writer, u);
                break;
        case UNIT_UID:
                json_write_user(writer, snapshot, u);
                break;
        case UNIT_GID:
                write_group(writer, snapshot, u);
                break;
        default:
                value_json_number(writer, unit, u);
        }
}

static void write_members(struct writer *writer, const struct snapshot *snapshot, struct row row);

static void write_rows(struct writer *writer, const struct snapshot *snapshot, const struct value *value)
{
        if (value->type == VALUE_ROWS)
                writer_open(writer, '[');
        for (uint32_t i = 0; i < value->len; i++) {
                writer_open(writer, '{');
                write_members(writer, snapshot, value->rows[i]);
                writer_close(writer, '}');
        }
        if (value->type == VALUE_ROWS)
                writer_close(writer, ']');
}

static void write_value(struct writer *writer, const struct snapshot *snapshot, const struct field *field,
                        const struct value *value)
{
        switch ((enum value_type)value->type) {
        case VALUE_UINT:
                write_uint(writer, snapshot, field->unit, value->u);
                return;
        case VALUE_INT:
                writer_int(writer, value->i);
                return;
        case VALUE_BOOL:
                writer_bool(writer, value->u != 0);
                return;
        case VALUE_WORD:
                if (value->u >= field->words->nwords)
                        break;
                writer_word(writer, field->words->words[value->u]);
                return;
        case VALUE_WORDS:
                value_json_words(writer, field->words, value->u);
                return;
        case VALUE_ROWS:
        case VALUE_RECORD:
                write_rows(writer, snapshot, value);
                return;
        case VALUE_UNKNOWN:
        case VALUE_OBJECT:      /* never in a snapshot */
        case VALUE_TEXT:        /* has two members, see write_member() */
                break;
        }

        writer_null(writer);
}

static void write_text(struct writer *writer, uint16_t field, struct text text)
{
        value_json_key(writer, field);
        if (!writer_text(writer, text))
                writer_lost_text(writer, field_get(field)->name, text);
}

static void write_member(struct writer *writer, const struct snapshot *snapshot, const struct value *value)
{
        const struct field *field = field_get(value->field);

        if (value->type == VALUE_TEXT) {
                write_text(writer, value->field, value_text(value));
                return;
        }

        value_json_key(writer, value->field);
        write_value(writer, snapshot, field, value);
}

static void write_members(struct writer *writer, const struct snapshot *snapshot, struct row row)
{
        for (size_t i = 0; i < row.nvalues; i++)
                write_member(writer, snapshot, &row.values[i]);
}

static void write_flag(struct writer *writer, const char *key, bool flag)
{
        if (!flag)
                return;
        writer_key(writer, key);
        writer_bool(writer, true);
}

static void write_namespace(struct writer *writer, const struct object *object)
{
        if (object->key.kind->scope == NAMESPACE_NONE)
                return;
        value_json_key(writer, FIELD_NAMESPACE);
        writer_open(writer, '{');
        writer_key(writer, "type");
        writer_word(writer, namespace_type_name(object->key.kind->scope));
        writer_key(writer, "inode");
        if (object->ns == 0)
                writer_null(writer);
        else
                writer_uint(writer, object->ns);
        writer_close(writer, '}');
}

/* Which of its values we deduced: named aside, so that the values keep their types. */
static void write_inferred(struct writer *writer, const struct object *object, const struct value *age)
{
        value_json_key(writer, FIELD_INFERRED);
        writer_open(writer, '[');
        for (unsigned i = 0; i < object->nvalues; i++)
                if (object->values[i].inferred)
                        writer_word(writer, field_get(object->values[i].field)->name);
        if (age && age->inferred)
                writer_word(writer, field_get(FIELD_AGE_SECONDS)->name);
        writer_close(writer, ']');
}

/*
 * Where null may also be known (a moment that never was, a private key), the
 * values that could not be read: only who reads the snapshot back needs that.
 */
static void write_unread(struct writer *writer, const struct object *object)
{
        bool any = false;

        for (unsigned i = 0; i < object->nvalues; i++) {
                const struct field *field = field_get(object->values[i].field);

                if (object->values[i].type != VALUE_UNKNOWN || (field->unit != UNIT_TIME && field->unit != UNIT_KEY))
                        continue;
                if (!any) {
                        writer_key(writer, "unread");
                        writer_open(writer, '[');
                        any = true;
                }
                writer_word(writer, field->name);
        }
        if (any)
                writer_close(writer, ']');
}

static void write_holders(struct writer *writer, const struct snapshot *snapshot, const struct object *object)
{
        struct value values[HOLD_VALUES];

        value_json_key(writer, FIELD_HOLDERS);
        writer_open(writer, '[');
        for (unsigned i = 0; i < object->nholds; i++) {
                unsigned n = hold_values(&object->holds[i], values);

                writer_open(writer, '{');
                write_members(writer, snapshot, (struct row){ values, n });
                writer_close(writer, '}');
        }
        writer_close(writer, ']');
}

static void write_peers(struct writer *writer, const struct object *object)
{
        value_json_key(writer, FIELD_PEERS);
        writer_open(writer, '[');
        for (unsigned i = 0; i < object->npeers; i++)
                writer_text(writer, object->peers[i]->ref);
        writer_close(writer, ']');
}

static void write_waiters(struct writer *writer, const struct snapshot *snapshot, const struct object *object,
                          bool whole)
{
        struct value values[WAIT_VALUES];

        value_json_key(writer, FIELD_WAITERS);
        writer_open(writer, '[');
        for (unsigned i = 0; i < object->nwaits; i++) {
                const struct wait *wait = &object->waits[i];
                unsigned n = wait_values(wait, values);

                writer_open(writer, '{');
                write_members(writer, snapshot, (struct row){ values, n });
                write_flag(writer, "timed", whole && wait->timed);
                write_flag(writer, "others", whole && wait->others);
                writer_close(writer, '}');
        }
        writer_close(writer, ']');
}

void json_write_value(struct writer *writer, const struct snapshot *snapshot, const struct value *value)
{
        if (value->type == VALUE_TEXT)
                writer_text(writer, value_text(value));
        else
                write_value(writer, snapshot, field_get(value->field), value);
}

void json_write_reasons(struct writer *writer, const struct verdict_report *report)
{
        struct buf text = { 0 };

        writer_key(writer, "reasons");
        writer_open(writer, '[');
        for (unsigned i = 0; i < report->nreasons; i++) {
                buf_clear(&text);
                buf_string(&text, report->reasons[i].text);
                verdict_reason_detail(&report->reasons[i], &text);
                writer_text(writer, buf_text(&text));
        }
        writer_close(writer, ']');
        buf_done(&text);
}

static void write_removal(struct writer *writer, struct judge *judge, const struct object *object)
{
        struct verdict_report report;

        verdict_read(judge, object, &report);

        writer_key(writer, "removal");
        writer_open(writer, '{');
        writer_key(writer, "verdict");
        writer_word(writer, verdict_word(report.verdict));

        writer_key(writer, "inferred");
        writer_bool(writer, report.inferred);
        json_write_reasons(writer, &report);
        writer_key(writer, "consequence");
        if (report.consequence)
                writer_text(writer, text_of(report.consequence));
        else
                writer_null(writer);
        writer_close(writer, '}');
}

void json_write_object(struct writer *writer, const struct snapshot *snapshot, const struct object *object,
                       const struct json_options *options)
{
        struct value age;
        bool aged = snapshot_value(snapshot, object, FIELD_AGE_SECONDS, &age);
        bool inferred = aged && age.inferred, unread = false;

        write_text(writer, FIELD_REF, object->ref);
        value_json_key(writer, FIELD_KIND);
        writer_word(writer, object->key.kind->name);
        write_namespace(writer, object);
        write_flag(writer, "foreign", object->foreign);

        write_members(writer, snapshot, object_row(object));
        if (aged)
                write_member(writer, snapshot, &age);
        for (unsigned i = 0; i < object->nvalues; i++) {
                inferred |= object->values[i].inferred;
                unread |= object->values[i].type == VALUE_UNKNOWN;
        }
        if (inferred)
                write_inferred(writer, object, aged ? &age : NULL);
        if (unread && options->whole)
                write_unread(writer, object);

        if (snapshot->want.holders) {
                write_holders(writer, snapshot, object);
                write_peers(writer, object);
        }
        if (snapshot->want.waiters)
                write_waiters(writer, snapshot, object, options->whole);
        if (options->judge)
                write_removal(writer, options->judge, object);
}

static void write_held(struct writer *writer, const struct process *process)
{
        const struct object *last = NULL;

        writer_key(writer, "holds");
        writer_open(writer, '[');
        /* Sorted as the objects are: the holds of one object stand together. */
        for (unsigned i = 0; i < process->nholds; i++) {
                const struct object *object = process->holds[i]->object;

                if (object != last)
                        writer_text(writer, object->ref);
                last = object;
        }
        writer_close(writer, ']');
}

static void write_awaited(struct writer *writer, const struct process *process)
{
        writer_key(writer, "waits");
        writer_open(writer, '[');
        for (unsigned i = 0; i < process->nwaits; i++) {
                const struct wait *wait = process->waits[i];

                writer_open(writer, '{');
                write_text(writer, FIELD_REF, wait->object->ref);
                value_json_key(writer, FIELD_TID);
                writer_uint(writer, (uint64_t)wait->tid);
                value_json_key(writer, FIELD_OPERATION);
                writer_word(writer, wait->operation);
                value_json_key(writer, FIELD_SINCE);
                writer_time(writer, (uint64_t)wait->since);
                write_flag(writer, field_get(FIELD_INFERRED)->name, wait->inferred);
                writer_close(writer, '}');
        }
        writer_close(writer, ']');
}

void json_write_process(struct writer *writer, const struct snapshot *snapshot, const struct process *process)
{
        value_json_key(writer, FIELD_PID);
        writer_uint(writer, (uint64_t)process->pid);
        value_json_key(writer, FIELD_START_TIME);
        writer_time(writer, process->start);
        write_text(writer, FIELD_COMM, process->comm);

        for (unsigned i = 0; i < process->nvalues; i++) {
                uint16_t field = process->values[i].field;

                if (field != FIELD_PID && field != FIELD_START_TIME && field != FIELD_COMM)
                        write_member(writer, snapshot, &process->values[i]);
        }

        if (snapshot->want.holders)
                write_held(writer, process);
        if (snapshot->want.waiters)
                write_awaited(writer, process);
}
