/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values by what the dictionary says of their fields: the inverse of write_value() and its like. */
#include "output/json-read-private.h"

#include "base/base64.h"
#include "base/i18n.h"
#include "base/number.h"
#include "model/literal.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

struct json_object *reader_member(struct json_object *json, const char *name, bool *ret_null)
{
        struct json_object *member = NULL;
        bool there = json_object_object_get_ex(json, name, &member);

        *ret_null = there && !member;
        return member;
}

static struct text text_in(struct json_object *json)
{
        return (struct text){ json_object_get_string(json), (size_t)json_object_get_string_len(json) };
}

/* Whether they fit into 64 bits was looked at before they were parsed. */
static bool get_uint(struct json_object *json, uint64_t most, uint64_t *ret)
{
        if (!json_object_is_type(json, json_type_int) || json_object_get_int64(json) < 0 ||
            json_object_get_uint64(json) > most)
                return false;
        *ret = json_object_get_uint64(json);
        return true;
}

/* 2026-11-21T19:04:12.123456Z, as writer_time() writes it. */
static bool get_time(struct json_object *json, uint64_t *ret)
{
        struct parse_error error;
        struct moment moment;
        struct text text;

        if (!json_object_is_type(json, json_type_string))
                return false;
        text = text_in(json);
        if (text.len < sizeof("2026-11-21T19:04:12Z") - 1 || !text_ends(text, TEXT("Z")) ||
            literal_time(text, 0, 0, &moment, &error) < 0)
                return false;
        *ret = moment.from;
        return true;
}

static bool get_digits(struct json_object *json, struct text prefix, unsigned base, uint64_t *ret)
{
        struct text text;

        if (!json_object_is_type(json, json_type_string))
                return false;
        text = text_in(json);
        return text_starts(text, prefix) && number_parse_base(text_from(text, prefix.len), base, UINT32_MAX, ret) == 0;
}

static bool get_dev(struct json_object *json, uint64_t *ret)
{
        struct parse_error error;

        return json_object_is_type(json, json_type_string) && literal_dev(text_in(json), 0, ret, &error) == 0;
}

int reader_uint(struct reader *reader, struct json_object *json, const char *name, uint64_t most, uint64_t *ret)
{
        bool null;
        struct json_object *member = reader_member(json, name, &null);

        if (!member)
                return 0;
        return get_uint(member, most, ret) ? 1 : reader_fail(reader, name, N_("no number, or out of range"));
}

int reader_bool(struct reader *reader, struct json_object *json, const char *name, bool *ret)
{
        bool null;
        struct json_object *member = reader_member(json, name, &null);

        if (!member)
                return 0;
        if (!json_object_is_type(member, json_type_boolean))
                return reader_fail(reader, name, N_("neither true nor false"));
        *ret = json_object_get_boolean(member);
        return 1;
}

int reader_time(struct reader *reader, struct json_object *json, const char *name, uint64_t *ret)
{
        bool null;
        struct json_object *member = reader_member(json, name, &null);

        if (!member)
                return 0;
        return get_time(member, ret) ? 1 : reader_fail(reader, name, N_("no time of the form 2026-11-21T19:04:12Z"));
}

int reader_array(struct reader *reader, struct json_object *json, const char *name, struct json_object **ret)
{
        bool null;
        struct json_object *member = reader_member(json, name, &null);

        if (!member)
                return 0;
        if (!json_object_is_type(member, json_type_array))
                return reader_fail(reader, name, N_("no array"));
        *ret = member;
        return 1;
}

/* The bytes beside a text that could not carry them: 1, 0: there are none. */
static int read_bytes(struct reader *reader, struct json_object *json, const char *name, struct text *ret)
{
        struct buf bytes = { 0 };
        struct json_object *member;
        char key[64];
        bool null;
        int r = 1;

        snprintf(key, sizeof(key), "%s_b64", name);
        member = reader_member(json, key, &null);
        if (!member)
                return 0;
        if (json_object_is_type(member, json_type_string) && base64_decode(&bytes, text_in(member)))
                *ret = arena_text(builder_arena(reader->builder), buf_text(&bytes));
        else
                r = reader_fail(reader, key, N_("no base64"));
        buf_done(&bytes);
        return r;
}

int reader_text(struct reader *reader, struct json_object *json, const char *name, struct text *ret)
{
        bool null;
        struct json_object *member = reader_member(json, name, &null);
        int r;

        if (!member)
                return 0;
        if (!json_object_is_type(member, json_type_string))
                return reader_fail(reader, name, N_("no text"));
        r = read_bytes(reader, json, name, ret);
        if (r == 0)
                *ret = arena_text(builder_arena(reader->builder), text_in(member));
        return r < 0 ? r : 1;
}

int reader_word(struct reader *reader, struct json_object *json, const char *name, const char **ret)
{
        struct text text;
        int r = reader_text(reader, json, name, &text);

        if (r <= 0)
                return r;
        for (size_t i = 0; i < text.len; i++)
                if (text.data[i] < 0x20 || text.data[i] > 0x7e)
                        return reader_fail(reader, name, N_("no text of ipcview"));
        if (text.len == 0)
                return reader_fail(reader, name, N_("no text of ipcview"));
        *ret = text.data;
        return 1;
}

/* The first name that an id is told with is its name. */
static int note_name(struct reader *reader, struct json_object *json, enum unit unit, uint64_t id)
{
        void **place = map_place(unit == UNIT_UID ? &reader->users : &reader->groups, id, 0);
        struct text name;
        int r;

        if (*place)
                return 0;
        *place = reader;
        r = reader_text(reader, json, "name", &name);
        if (r > 0 && unit == UNIT_UID)
                builder_name_user(reader->builder, (uid_t)id, name);
        else if (r > 0)
                builder_name_group(reader->builder, (gid_t)id, name);
        return r < 0 ? r : 0;
}

static int get_person(struct reader *reader, struct json_object *json, const char *name, enum unit unit,
                      uint64_t *ret)
{
        const char *number = unit == UNIT_UID ? "uid" : "gid";
        struct json_object *id;

        if (!json_object_is_type(json, json_type_object) || !json_object_object_get_ex(json, number, &id) ||
            !get_uint(id, UINT32_MAX, ret))
                return reader_fail(reader, name, N_("no user or group"));
        return note_name(reader, json, unit, *ret);
}

int reader_person(struct reader *reader, struct json_object *json, const char *name, enum unit unit, uint64_t *ret)
{
        bool null;
        struct json_object *member = reader_member(json, name, &null);
        int r = member ? get_person(reader, member, name, unit, ret) : 0;

        return r < 0 || !member ? r : 1;
}

static bool get_number(struct json_object *json, enum unit unit, uint64_t *ret)
{
        switch (unit) {
        case UNIT_TIME:
                return get_time(json, ret);
        case UNIT_MODE:
                return get_digits(json, TEXT(""), 8, ret);
        case UNIT_KEY:
                return get_digits(json, TEXT("0x"), 16, ret);
        case UNIT_DEV:
                return get_dev(json, ret);
        case UNIT_PID:
                return get_uint(json, INT32_MAX, ret);
        default:
                return get_uint(json, UINT64_MAX, ret);
        }
}

static int read_number(struct reader *reader, struct json_object *json, const struct field *field,
                       struct value *value)
{
        if (field->unit == UNIT_UID || field->unit == UNIT_GID)
                return get_person(reader, json, field->name, field->unit, &value->u);
        if (!get_number(json, field->unit, &value->u))
                return reader_fail(reader, field->name, N_("no value of this member"));
        return 0;
}

static int read_int(struct reader *reader, struct json_object *json, const struct field *field, struct value *value)
{
        if (!json_object_is_type(json, json_type_int) ||
            (json_object_get_int64(json) == INT64_MAX && json_object_get_uint64(json) > INT64_MAX))
                return reader_fail(reader, field->name, N_("no number, or out of range"));
        value->i = json_object_get_int64(json);
        return 0;
}

/* A word that a newer program knows is as good as unknown. */
static int read_word(struct reader *reader, struct json_object *json, const struct field *field, struct value *value)
{
        int word;

        if (!json_object_is_type(json, json_type_string))
                return reader_fail(reader, field->name, N_("no text"));
        word = word_find(field->words, text_in(json));
        if (word < 0)
                value->type = VALUE_UNKNOWN;
        else
                value->u = (uint64_t)word;
        return 0;
}

static int read_words(struct reader *reader, struct json_object *json, const struct field *field, struct value *value)
{
        if (!json_object_is_type(json, json_type_array))
                return reader_fail(reader, field->name, N_("no array"));
        for (size_t i = 0; i < json_object_array_length(json); i++) {
                struct json_object *item = json_object_array_get_idx(json, i);
                int word;

                if (!json_object_is_type(item, json_type_string))
                        return reader_fail(reader, field->name, N_("no text"));
                word = word_find(field->words, text_in(item));
                if (word >= 0)
                        value->u |= WORD_BIT(word);
        }
        return 0;
}

static bool find_field(const uint16_t *fields, unsigned n, const char *name, uint16_t *ret)
{
        for (unsigned i = 0; i < n; i++)
                if (strcmp(field_get(fields[i])->name, name) == 0) {
                        *ret = fields[i];
                        return true;
                }
        return false;
}

/* The members in the order in which they stand: that is the row's. */
static int read_row(struct reader *reader, struct json_object *json, const struct field *field, struct row *ret)
{
        struct value *values;
        size_t n = 0;

        if (!json_object_is_type(json, json_type_object))
                return reader_fail(reader, NULL, N_("no object"));
        values = ARENA_ARRAY(builder_arena(reader->builder), struct value, field->nmembers);
        json_object_object_foreach(json, key, member) {
                uint16_t id;
                int r;

                (void)member;
                if (!find_field(field->members, field->nmembers, key, &id))
                        continue;
                r = reader_value(reader, json, id, &values[n]);
                if (r < 0)
                        return r;
                n++;
        }
        *ret = (struct row){ values, n };
        return 0;
}

static int read_rows(struct reader *reader, struct json_object *json, const struct field *field, struct value *value)
{
        bool list = field->type == VALUE_ROWS;
        size_t n = list && json_object_is_type(json, json_type_array) ? json_object_array_length(json) : 1;
        struct row *rows;
        int r = 0;

        if (list && !json_object_is_type(json, json_type_array))
                return reader_fail(reader, field->name, N_("no array"));
        if (reader->rows)
                return reader_fail(reader, field->name, N_("nested too deeply"));
        rows = ARENA_ARRAY(builder_arena(reader->builder), struct row, n);
        reader->rows = field->name;
        for (size_t i = 0; i < n && r == 0; i++) {
                reader->row = i;
                r = read_row(reader, list ? json_object_array_get_idx(json, i) : json, field, &rows[i]);
        }
        if (r < 0)
                return r;
        reader->rows = NULL;
        value->rows = rows;
        value->len = (uint32_t)n;
        return 0;
}

static int read_text(struct reader *reader, struct json_object *json, const struct field *field, struct value *value)
{
        struct text text;
        int r = reader_text(reader, json, field->name, &text);

        if (r < 0)
                return r;
        value->data = text.data;
        value->len = (uint32_t)text.len;
        return 0;
}

static int read_bool(struct reader *reader, struct json_object *json, const struct field *field, struct value *value)
{
        bool truth = false;
        int r = reader_bool(reader, json, field->name, &truth);

        value->u = truth;
        return r < 0 ? r : 0;
}

/* null: it could not be read; but a moment that never was, and the key of a private object, are zero. */
static enum value_type type_of_null(const struct field *field)
{
        return field->unit == UNIT_TIME || field->unit == UNIT_KEY ? VALUE_UINT : VALUE_UNKNOWN;
}

static int read_typed(struct reader *reader, struct json_object *json, struct json_object *member,
                      const struct field *field, struct value *value)
{
        switch (field->type) {
        case VALUE_UINT:
                return read_number(reader, member, field, value);
        case VALUE_INT:
                return read_int(reader, member, field, value);
        case VALUE_BOOL:
                return read_bool(reader, json, field, value);
        case VALUE_TEXT:
                return read_text(reader, json, field, value);
        case VALUE_WORD:
                return read_word(reader, member, field, value);
        case VALUE_WORDS:
                return read_words(reader, member, field, value);
        case VALUE_ROWS:
        case VALUE_RECORD:
                return read_rows(reader, member, field, value);
        case VALUE_UNKNOWN:
        case VALUE_OBJECT:
                break;
        }
        value->type = VALUE_UNKNOWN;
        return 0;
}

int reader_value(struct reader *reader, struct json_object *json, uint16_t id, struct value *ret)
{
        const struct field *field = field_get(id);
        struct value value = { .field = id, .type = field->type };
        bool null;
        struct json_object *member = reader_member(json, field->name, &null);
        int r = 0;

        if (!member && !null)
                return 0;
        if (null)
                value.type = type_of_null(field);
        else
                r = read_typed(reader, json, member, field, &value);
        if (r < 0)
                return r;
        *ret = value;
        return 1;
}
