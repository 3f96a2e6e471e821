/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the journal again. Lines are what we wrote ourselves, unless the disk was full or somebody edited them. */
#include "admin/journal-line.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "model/literal.h"

#include <errno.h>
#include <json-c/json.h>

/* The writer escapes what acts on a terminal: a line that has it raw is not ours. */
static bool is_harmless(struct text line)
{
        while (line.len) {
                uint32_t code;
                unsigned len = utf8_decode(line, &code);

                if (len == 0 || code < 0x20 || utf8_width(code) < 0)
                        return false;
                line = text_from(line, len);
        }
        return true;
}

static struct json_object *parse(struct text line)
{
        struct json_tokener *tokener;
        struct json_object *root = NULL;

        if (!text_starts(line, TEXT("{")) || !text_ends(line, TEXT("}")) || line.len > INT32_MAX || !is_harmless(line))
                return NULL;
        tokener = json_tokener_new();
        if (!tokener)
                return NULL;
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
        root = json_tokener_parse_ex(tokener, line.data, (int)line.len);
        /* A whole object, and nothing behind it. */
        if (json_tokener_get_error(tokener) != json_tokener_success ||
            json_tokener_get_parse_end(tokener) != line.len || !json_object_is_type(root, json_type_object)) {
                json_object_put(root);
                root = NULL;
        }
        json_tokener_free(tokener);
        return root;
}

static struct text get_text(struct json_object *object, const char *key, struct arena *arena)
{
        struct json_object *member;

        if (!json_object_object_get_ex(object, key, &member) || !json_object_is_type(member, json_type_string))
                return (struct text){ "", 0 };
        return arena_text(arena, (struct text){ json_object_get_string(member),
                                                (size_t)json_object_get_string_len(member) });
}

/* With the bytes that JSON could not hold, if there are any. */
static struct text get_bytes(struct json_object *object, const char *key, const char *key_b64, struct arena *arena)
{
        struct text text = get_text(object, key_b64, arena);
        struct buf bytes = { 0 };

        if (text.len && base64_decode(&bytes, text))
                text = arena_text(arena, buf_text(&bytes));
        else
                text = get_text(object, key, arena);
        buf_done(&bytes);
        return text;
}

/* {"uid":1000,"name":"app"}: the name, else the number; nothing if it is null. */
static struct text get_person(struct json_object *object, const char *key, struct arena *arena)
{
        struct json_object *person, *uid;
        struct text name = { "", 0 };

        if (!json_object_object_get_ex(object, key, &person) || !json_object_is_type(person, json_type_object))
                return name;
        name = get_bytes(person, "name", "name_b64", arena);
        if (!name.len && json_object_object_get_ex(person, "uid", &uid) && json_object_is_type(uid, json_type_int))
                name = arena_text(arena, text_of(json_object_get_string(uid)));
        return name;
}

/* False: something else than texts is among them. */
static bool get_refs(struct json_object *object, struct arena *arena, struct journal_row *row)
{
        struct json_object *refs;

        if (!json_object_object_get_ex(object, "refs", &refs) || !json_object_is_type(refs, json_type_array))
                return true;
        row->nrefs = json_object_array_length(refs);
        row->refs = ARENA_ARRAY(arena, struct text, row->nrefs);
        for (size_t i = 0; i < row->nrefs; i++) {
                struct json_object *ref = json_object_array_get_idx(refs, i);

                if (!json_object_is_type(ref, json_type_string))
                        return false;
                row->refs[i] = arena_text(arena, (struct text){ json_object_get_string(ref),
                                                                (size_t)json_object_get_string_len(ref) });
        }
        return true;
}

static int64_t get_number(struct json_object *object, const char *key)
{
        struct json_object *member;

        return json_object_object_get_ex(object, key, &member) && json_object_is_type(member, json_type_int)
               ? json_object_get_int64(member) : 0;
}

int journal_row_read(struct text line, struct arena *arena, struct journal_row *ret)
{
        struct json_object *root = parse(line);
        struct journal_row row = { 0 };
        struct parse_error error;
        struct moment moment;
        struct text time;
        bool good;

        if (!root)
                return -EBADMSG;
        time = get_text(root, "time", arena);
        row.action = get_text(root, "action", arena);
        row.ref = get_text(root, "ref", arena);
        row.kind = get_text(root, "kind", arena);
        row.result = get_text(root, "result", arena);
        row.error = get_text(root, "error", arena);
        row.signal = get_text(root, "signal", arena);
        row.copy = get_bytes(root, "copy", "copy_b64", arena);
        row.as = get_person(root, "user", arena);
        row.user = get_person(root, "login", arena);
        if (!row.user.len)
                row.user = row.as;
        row.pid = get_number(root, "pid");
        good = get_refs(root, arena, &row);
        json_object_put(root);
        if (!good || !row.action.len || !row.result.len || literal_time(time, 0, 0, &moment, &error) < 0)
                return -EBADMSG;
        row.time = (int64_t)moment.from;
        *ret = row;
        return 0;
}
