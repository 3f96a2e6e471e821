/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/manifest.h"

#include "base/base64.h"
#include "base/json-writer.h"
#include "base/number.h"
#include "model/value-json.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <time.h>

enum {
        DEPTH_MOST = 8,
        MEMBERS_MOST = 1000,
        TIME_LENGTH = sizeof("2026-11-21T19:04:12.123456789Z") - 1,
};

#define NSEC_PER_SEC UINT64_C(1000000000)

/* --- writing --- */

/* RFC 3339 with all nine digits: a time that is restored must be the one that was. Empty: no such time. */
static void print_time(uint64_t ns, struct buf *out)
{
        time_t seconds = (time_t)(ns / NSEC_PER_SEC);
        struct tm tm;

        if (gmtime_r(&seconds, &tm))
                buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%09uZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                           tm.tm_hour, tm.tm_min, tm.tm_sec, (unsigned)(ns % NSEC_PER_SEC));
}

static void write_time(struct writer *writer, uint64_t ns)
{
        struct buf text = { 0 };

        if (ns)
                print_time(ns, &text);
        if (text.len)
                writer_word(writer, text.data);
        else
                writer_null(writer);
        buf_done(&text);
}

static void write_person(struct writer *writer, const char *id_key, uint64_t id, bool named, struct text name)
{
        writer_open(writer, '{');
        writer_key(writer, id_key);
        writer_uint(writer, id);
        if (named)
                writer_text_member(writer, "name", name);
        writer_close(writer, '}');
}

static void write_uint(struct writer *writer, const struct snapshot *snapshot, enum unit unit, uint64_t u)
{
        struct text name = { "", 0 };
        bool named;

        switch (unit) {
        case UNIT_TIME:
                write_time(writer, u);
                return;
        case UNIT_UID:
                named = snapshot_user_name(snapshot, (uid_t)u, &name);
                write_person(writer, "uid", u, named, name);
                return;
        case UNIT_GID:
                named = snapshot_group_name(snapshot, (gid_t)u, &name);
                write_person(writer, "gid", u, named, name);
                return;
        default:
                value_json_number(writer, unit, u);
        }
}

/* What could not be read is not in it, nor what is no scalar. */
static void write_value(struct writer *writer, const struct snapshot *snapshot, const struct value *value)
{
        const struct field *field = field_get(value->field);

        if (value->type == VALUE_TEXT) {
                writer_text_member(writer, field->name, value_text(value));
                return;
        }
        if (value->type != VALUE_UINT && value->type != VALUE_INT && value->type != VALUE_BOOL &&
            value->type != VALUE_WORDS && (value->type != VALUE_WORD || value->u >= field->words->nwords))
                return;
        writer_key(writer, field->name);
        if (value->type == VALUE_UINT)
                write_uint(writer, snapshot, field->unit, value->u);
        else if (value->type == VALUE_INT)
                writer_int(writer, value->i);
        else if (value->type == VALUE_BOOL)
                writer_bool(writer, value->u != 0);
        else if (value->type == VALUE_WORD)
                writer_word(writer, field->words->words[value->u]);
        else
                value_json_words(writer, field->words, value->u);
}

void manifest_write(const struct snapshot *snapshot, const struct object *object, struct buf *out)
{
        const struct snapshot_origin *origin = &snapshot->origin;
        struct writer writer = { .out = out };

        writer_open(&writer, '{');
        writer_key(&writer, "ipcview_copy");
        writer_word(&writer, MANIFEST_VERSION);
        writer_key(&writer, "program");
        writer_word(&writer, PACKAGE_STRING);
        writer_key(&writer, "saved_at");
        write_time(&writer, (uint64_t)origin->time);
        writer_text_member(&writer, "host", origin->host);
        writer_text_member(&writer, "boot_id", origin->boot_id);
        writer_text_member(&writer, "ref", object->ref);
        writer_key(&writer, "kind");
        writer_word(&writer, object->key.kind->name);
        writer_key(&writer, "attributes");
        writer_open(&writer, '{');
        for (unsigned i = 0; i < object->nvalues; i++)
                write_value(&writer, snapshot, &object->values[i]);
        writer_close(&writer, '}');
        writer_close(&writer, '}');
        buf_byte(out, '\n');
}

/* --- reading --- */

static bool parse_time(struct text text, uint64_t *ret)
{
        static const struct { unsigned char at, len; } parts[] = { { 0, 4 }, { 5, 2 }, { 8, 2 }, { 11, 2 }, { 14, 2 },
                                                                   { 17, 2 }, { 20, 9 } };
        uint64_t numbers[7], ns;
        struct buf again = { 0 };
        struct tm tm = { 0 };
        time_t seconds;
        bool same;

        if (text.len != TIME_LENGTH)
                return false;
        for (unsigned i = 0; i < 7; i++)
                if (number_parse((struct text){ text.data + parts[i].at, parts[i].len }, UINT32_MAX, &numbers[i]) < 0)
                        return false;
        tm = (struct tm){ .tm_year = (int)numbers[0] - 1900, .tm_mon = (int)numbers[1] - 1, .tm_mday = (int)numbers[2],
                          .tm_hour = (int)numbers[3], .tm_min = (int)numbers[4], .tm_sec = (int)numbers[5] };
        seconds = timegm(&tm);
        if (seconds < 0 || (uint64_t)seconds > (UINT64_MAX - numbers[6]) / NSEC_PER_SEC)
                return false;
        ns = (uint64_t)seconds * NSEC_PER_SEC + numbers[6];
        /* What stands between the digits, and days that no month has. */
        print_time(ns, &again);
        same = ns && text_equal(buf_text(&again), text);
        buf_done(&again);
        if (same)
                *ret = ns;
        return same;
}

static bool get_text(struct json_object *json, struct text *ret)
{
        if (!json_object_is_type(json, json_type_string))
                return false;
        *ret = (struct text){ json_object_get_string(json), (size_t)json_object_get_string_len(json) };
        return true;
}

/* Numbers that are too large json-c makes as large as it can. */
static bool get_uint(struct json_object *json, uint64_t most, uint64_t *ret)
{
        uint64_t u;

        if (!json_object_is_type(json, json_type_int) || json_object_get_int64(json) < 0)
                return false;
        u = json_object_get_uint64(json);
        if (u == UINT64_MAX || u > most)
                return false;
        *ret = u;
        return true;
}

static bool get_int(struct json_object *json, int64_t *ret)
{
        if (!json_object_is_type(json, json_type_int) || json_object_get_int64(json) == INT64_MAX ||
            json_object_get_int64(json) == INT64_MIN)
                return false;
        *ret = json_object_get_int64(json);
        return true;
}

/* {"uid":1000,"name":"app"}: the number counts. (uid_t)-1 is nobody's. */
static bool get_person(struct json_object *json, const char *id_key, uint64_t *ret)
{
        struct json_object *id;

        return json_object_is_type(json, json_type_object) && json_object_object_get_ex(json, id_key, &id) &&
               get_uint(id, UINT32_MAX - 1, ret);
}

static bool parse_dev(struct text text, uint64_t *ret)
{
        const char *colon = text.len ? memchr(text.data, ':', text.len) : NULL;
        uint64_t dev_major, dev_minor;
        size_t len = colon ? (size_t)(colon - text.data) : 0;

        if (!colon || number_parse((struct text){ text.data, len }, UINT32_MAX, &dev_major) < 0 ||
            number_parse(text_from(text, len + 1), UINT32_MAX, &dev_minor) < 0)
                return false;
        *ret = value_dev((uint32_t)dev_major, (uint32_t)dev_minor);
        return true;
}

static bool read_uint(struct json_object *json, enum unit unit, uint64_t *ret)
{
        struct text text;

        /* Never, and IPC_PRIVATE. */
        if (!json && (unit == UNIT_TIME || unit == UNIT_KEY)) {
                *ret = 0;
                return true;
        }
        switch (unit) {
        case UNIT_TIME:
                return get_text(json, &text) && parse_time(text, ret);
        case UNIT_UID:
                return get_person(json, "uid", ret);
        case UNIT_GID:
                return get_person(json, "gid", ret);
        case UNIT_MODE:
                return get_text(json, &text) && text.len == 4 && number_parse_base(text, 8, 07777, ret) == 0;
        case UNIT_KEY:
                return get_text(json, &text) && text.len == 10 && text_starts(text, TEXT("0x")) &&
                       number_parse_base(text_from(text, 2), 16, UINT32_MAX, ret) == 0 && *ret != 0;
        case UNIT_DEV:
                return get_text(json, &text) && parse_dev(text, ret);
        case UNIT_PID:
                return get_uint(json, INT32_MAX, ret);
        default:
                return get_uint(json, UINT64_MAX, ret);
        }
}

static bool read_words(struct json_object *json, const struct word_set *set, uint64_t *ret)
{
        uint64_t mask = 0;

        if (!json_object_is_type(json, json_type_array) || json_object_array_length(json) > set->nwords)
                return false;
        for (size_t i = 0; i < json_object_array_length(json); i++) {
                struct text text;
                int word = get_text(json_object_array_get_idx(json, i), &text) ? word_find(set, text) : -1;

                if (word < 0)
                        return false;
                mask |= WORD_BIT(word);
        }
        *ret = mask;
        return true;
}

/* A text, or its exact bytes where there is a KEY_b64. */
static bool read_text(struct json_object *object, const char *key, struct arena *arena, struct text *ret)
{
        struct json_object *json = NULL, *exact = NULL;
        struct buf name = { 0 }, bytes = { 0 };
        struct text text = { "", 0 };
        bool good = json_object_object_get_ex(object, key, &json) && get_text(json, &text);

        buf_printf(&name, "%s_b64", key);
        if (good && json_object_object_get_ex(object, name.data, &exact)) {
                good = get_text(exact, &text) && base64_decode(&bytes, text);
                text = buf_text(&bytes);
        }
        if (good)
                *ret = arena_text(arena, text);
        buf_done(&name);
        buf_done(&bytes);
        return good;
}

static bool read_value(struct json_object *object, uint16_t id, struct arena *arena, struct value *ret)
{
        const struct field *field = field_get(id);
        struct json_object *json = NULL;
        struct text text = { "", 0 };
        int word;

        json_object_object_get_ex(object, field->name, &json);
        *ret = (struct value){ .field = id, .type = (uint8_t)field->type };
        switch (field->type) {
        case VALUE_UINT:
                return read_uint(json, field->unit, &ret->u);
        case VALUE_INT:
                return get_int(json, &ret->i);
        case VALUE_BOOL:
                ret->u = json_object_get_boolean(json) ? 1 : 0;
                return json_object_is_type(json, json_type_boolean);
        case VALUE_TEXT:
                if (!read_text(object, field->name, arena, &text) || text.len > UINT32_MAX)
                        return false;
                ret->data = text.data;
                ret->len = (uint32_t)text.len;
                return true;
        case VALUE_WORD:
                word = get_text(json, &text) ? word_find(field->words, text) : -1;
                ret->u = word < 0 ? 0 : (uint64_t)word;
                return word >= 0;
        case VALUE_WORDS:
                return read_words(json, field->words, &ret->u);
        case VALUE_UNKNOWN:
        case VALUE_ROWS:
        case VALUE_RECORD:
        case VALUE_OBJECT:
                break;
        }
        return false;
}

static bool is_scalar(const struct field *field)
{
        return field->type != VALUE_ROWS && field->type != VALUE_RECORD && field->type != VALUE_OBJECT;
}

static bool read_attributes(struct json_object *json, struct arena *arena, struct manifest *manifest,
                            const char **ret_what)
{
        size_t most = json_object_is_type(json, json_type_object) ? (size_t)json_object_object_length(json) : 0;
        struct value *values;
        size_t n = 0;

        if (most == 0 || most > MEMBERS_MOST) {
                *ret_what = "attributes";
                return false;
        }
        values = ARENA_ARRAY(arena, struct value, most);
        json_object_object_foreach(json, key, member) {
                uint16_t field;

                (void)member;
                if (!field_find(text_of(key), &field) || !kind_has_field(manifest->kind, field) ||
                    !is_scalar(field_get(field)))
                        continue;
                if (!read_value(json, field, arena, &values[n++])) {
                        *ret_what = field_get(field)->name;
                        return false;
                }
        }
        manifest->attributes = (struct row){ values, n };
        return true;
}

/* Members of all objects in the tree. */
static size_t count_members(struct json_object *json)
{
        size_t n = 0;

        if (json_object_is_type(json, json_type_object)) {
                json_object_object_foreach(json, key, member) {
                        (void)key;
                        n += 1 + count_members(member);
                }
        } else if (json_object_is_type(json, json_type_array)) {
                for (size_t i = 0; i < json_object_array_length(json); i++)
                        n += count_members(json_object_array_get_idx(json, i));
        }
        return n;
}

/* Colons outside of strings: as many as members were written. json-c keeps only the last of those that share a name. */
static size_t count_colons(struct text text)
{
        bool inside = false;
        size_t n = 0;

        for (size_t i = 0; i < text.len; i++) {
                if (inside && text.data[i] == '\\')
                        i++;
                else if (text.data[i] == '"')
                        inside = !inside;
                else if (!inside && text.data[i] == ':')
                        n++;
        }
        return n;
}

/* One object and nothing behind it but a newline; NULL otherwise. */
static struct json_object *parse(struct text text)
{
        struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MOST);
        struct json_object *json = NULL;

        if (!tokener || text.len == 0 || text.len > INT32_MAX / 2)
                goto out;
        if (text.data[text.len - 1] == '\n')
                text.len--;
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        json = json_tokener_parse_ex(tokener, text.data, (int)text.len);
        if (json_tokener_get_error(tokener) != json_tokener_success ||
            json_tokener_get_parse_end(tokener) != text.len || !json_object_is_type(json, json_type_object) ||
            count_members(json) != count_colons(text)) {
                json_object_put(json);
                json = NULL;
        }
out:
        if (tokener)
                json_tokener_free(tokener);
        return json;
}

/* "1.7" has members that "1.0" had not, but none that means something else. */
static bool known_version(struct json_object *json)
{
        struct json_object *version;
        struct text text;
        uint64_t number;

        return json_object_object_get_ex(json, "ipcview_copy", &version) && get_text(version, &text) &&
               text_starts(text, TEXT("1.")) && number_parse(text_from(text, 2), UINT32_MAX, &number) == 0;
}

static bool read_all(const struct kind_set *kinds, struct json_object *json, struct arena *arena,
                     struct manifest *manifest, const char **ret_what)
{
        struct json_object *attributes = NULL, *saved_at = NULL;
        struct text kind = { "", 0 };
        uint64_t ns;

        *ret_what = "ipcview_copy";
        if (!known_version(json))
                return false;
        *ret_what = "kind";
        if (!read_text(json, "kind", arena, &kind))
                return false;
        manifest->kind = kind_find(kinds, kind);
        if (!manifest->kind)
                return false;
        *ret_what = "saved_at";
        if (!json_object_object_get_ex(json, "saved_at", &saved_at) || !read_uint(saved_at, UNIT_TIME, &ns) ||
            ns > INT64_MAX)
                return false;
        manifest->saved_at = (int64_t)ns;
        *ret_what = "ref";
        if (!read_text(json, "ref", arena, &manifest->ref))
                return false;
        *ret_what = "host";
        if (!read_text(json, "host", arena, &manifest->host))
                return false;
        *ret_what = "boot_id";
        if (!read_text(json, "boot_id", arena, &manifest->boot_id))
                return false;
        json_object_object_get_ex(json, "attributes", &attributes);
        return read_attributes(attributes, arena, manifest, ret_what);
}

int manifest_read(const struct kind_set *kinds, struct text text, struct arena *arena, struct manifest *ret,
                  const char **ret_what)
{
        struct manifest manifest = { 0 };
        struct json_object *json = parse(text);
        bool good;

        *ret_what = "not the JSON text that it should be";
        if (!json)
                return -EBADMSG;
        good = read_all(kinds, json, arena, &manifest, ret_what);
        json_object_put(json);
        if (!good)
                return -EBADMSG;
        *ret = manifest;
        return 0;
}
