/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json-read.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/json-scan.h"
#include "base/memory.h"
#include "output/json-read-private.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum { REFS_FIRST = 1024 };

int reader_fail(struct reader *reader, const char *member, const char *message)
{
        struct json_read_error *error = reader->error;
        size_t size = sizeof(error->place);
        int n = snprintf(error->place, size, "%s[%zu]", reader->part, reader->number);

        if (strcmp(reader->part, "ipcview") == 0)
                n = snprintf(error->place, size, "%s", reader->part);
        if (reader->rows && (size_t)n < size)
                n += snprintf(error->place + n, size - (size_t)n, ".%s[%zu]", reader->rows, reader->row);
        if (member && (size_t)n < size)
                snprintf(error->place + n, size - (size_t)n, ".%s", member);
        error->message = message;
        error->at = reader->at;
        return -EINVAL;
}

/* It is no JSON there. */
static int fail_syntax(struct reader *reader, const char *where, const char *message)
{
        *reader->error = (struct json_read_error){ .message = message, .at = (size_t)(where - reader->text) };
        return -EBADMSG;
}

/* The parts of a document, in the order in which they are read: each may refer to those before. */
static const struct part {
        const char *name;               /* of the member */
        const char *record;             /* what a line of it is called */
        int (*read)(struct reader *reader, struct json_object *json);
} parts[] = {
        { "ipcview", "header", reader_header },
        { "processes", "process", reader_process },
        { "objects", "object", reader_object },
        { "readings", "reading", reader_reading },
        { "gaps", "gap", reader_gap },
};

/* The one item as json-c's tree: NULL after an error. */
static struct json_object *parse(struct reader *reader, struct text item)
{
        struct json_object *json = NULL;

        reader->at = (size_t)(item.data - reader->text);
        if (item.len < INT_MAX) {
                json_tokener_reset(reader->tokener);
                json = json_tokener_parse_ex(reader->tokener, item.data, (int)item.len);
        }
        if (!json || json_tokener_get_error(reader->tokener) != json_tokener_success ||
            !json_object_is_type(json, json_type_object)) {
                fail_syntax(reader, item.data, item.len > 0 && item.data[0] == '{' ? N_("no valid JSON") :
                                                                                  N_("no object"));
                json_object_put(json);
                return NULL;
        }
        return json;
}

static int read_item(struct reader *reader, const struct part *part, struct text item)
{
        struct json_object *json = parse(reader, item);
        int r;

        if (!json)
                return -EBADMSG;
        reader->part = part->name;
        reader->rows = NULL;
        r = part->read(reader, json);
        json_object_put(json);
        return r;
}

/* An array of items, or the header alone. */
static int read_part(struct reader *reader, const struct part *part, struct text value)
{
        struct text rest = value, item;
        bool first = true;
        int r;

        reader->number = 0;
        if (part->read == reader_header)
                return read_item(reader, part, value);
        for (; (r = json_scan_item(&rest, first, &item)) > 0; first = false) {
                r = read_item(reader, part, item);
                if (r < 0)
                        return r;
                reader->number++;
        }
        return r < 0 ? fail_syntax(reader, rest.data, N_("no valid JSON")) : 0;
}

static int read_document(struct reader *reader, struct text text)
{
        struct text rest = text, key, value, found[COUNT(parts)] = { 0 };
        bool first = true;
        int r;

        for (; (r = json_scan_member(&rest, first, &key, &value)) > 0; first = false)
                for (size_t i = 0; i < COUNT(parts); i++)
                        if (text_equal(key, text_of(parts[i].name)))
                                found[i] = value;
        if (r < 0)
                return fail_syntax(reader, rest.data, N_("no valid JSON, or cut off"));
        for (size_t i = 0; i < COUNT(parts); i++) {
                r = found[i].len > 0 ? read_part(reader, &parts[i], found[i]) : 0;
                if (r < 0)
                        return r;
                reader->listed |= parts[i].read == reader_object && found[i].len > 0;
        }
        reader->ended = true;
        return 0;
}

static const char *record_of(struct json_object *json)
{
        struct json_object *record;

        if (!json_object_object_get_ex(json, "record", &record) || !json_object_is_type(record, json_type_string))
                return "";
        return json_object_get_string(record);
}

/* The last line has the number of objects, or of what stands in their place. */
static void read_end(struct reader *reader, struct json_object *json)
{
        reader->ended = true;
        reader->listed = json_object_object_get_ex(json, "objects", NULL);
}

static int read_record(struct reader *reader, struct json_object *json)
{
        const char *record = record_of(json);
        struct json_object *header;

        reader->part = "lines";
        reader->rows = NULL;
        if (strcmp(record, "end") == 0)
                read_end(reader, json);
        for (size_t i = 0; i < COUNT(parts); i++) {
                if (strcmp(record, parts[i].record) != 0)
                        continue;
                if (parts[i].read != reader_header)
                        return parts[i].read(reader, json);
                if (!json_object_object_get_ex(json, parts[i].name, &header) ||
                    !json_object_is_type(header, json_type_object))
                        return reader_fail(reader, parts[i].name, N_("no object"));
                return reader_header(reader, header);
        }
        return 0;
}

static int read_lines(struct reader *reader, struct text text)
{
        struct text rest = text, line;
        int r;

        for (reader->number = 0; (r = json_scan_value(&rest, &line)) > 0; reader->number++) {
                struct json_object *json = parse(reader, line);

                if (!json)
                        return -EBADMSG;
                r = read_record(reader, json);
                json_object_put(json);
                if (r < 0)
                        return r;
        }
        return r < 0 ? fail_syntax(reader, rest.data, N_("no valid JSON, or cut off")) : 0;
}

/* A line says first what it is. */
static bool is_lines(struct text first)
{
        struct text key, value;

        return json_scan_member(&first, true, &key, &value) > 0 && text_equal(key, TEXT("record"));
}

static int read_text(struct reader *reader, struct text text)
{
        struct text rest = text, first, more;
        int r = json_scan_value(&rest, &first);

        if (r <= 0)
                return fail_syntax(reader, rest.data, r < 0 ? N_("no valid JSON, or cut off") : N_("it is empty"));
        if (first.data[0] != '{')
                return fail_syntax(reader, first.data, N_("no object"));
        if (is_lines(first))
                return read_lines(reader, text);
        if (json_scan_value(&rest, &more) != 0)
                return fail_syntax(reader, rest.data, N_("something stands behind the end"));
        return read_document(reader, first);
}

/* Is it all there, and what was looked for? */
static int check_whole(struct reader *reader)
{
        if (!reader->begun || !reader->ended || !reader->listed) {
                *reader->error = (struct json_read_error){
                        .message = !reader->begun ? N_("not made by ipcview: it has no header") :
                                   !reader->ended ? N_("cut off: the last line is missing") :
                                                    N_("no snapshot: it has no objects"),
                };
                return reader->begun && !reader->ended ? -EBADMSG : -EINVAL;
        }
        return 0;
}

static struct snapshot *finish(struct reader *reader)
{
        struct snapshot *snapshot;

        if (reader->nstrangers)
                builder_gap_told(reader->builder, &(struct gap){
                        .where = GAP_OF_KINDS, .err = EOPNOTSUPP, .times = reader->nstrangers,
                        .reason = N_("made by a newer ipcview: kinds that this one doesn't know") });
        reader_tie(reader);
        builder_origin(reader->builder)->recorded = true;
        snapshot = builder_seal(reader->builder);
        reader->builder = NULL;
        /* Only now it is known what the text has. */
        snapshot->want = reader->want;
        return snapshot;
}

static void want_all(const struct kind_set *kinds, struct want *want)
{
        for (unsigned i = 0; i < kinds->nkinds; i++)
                want->kinds |= UINT64_C(1) << i;
        for (uint16_t i = 0; i < FIELD_COUNT; i++)
                field_set_add(&want->fields, i);
}

int json_read(struct text text, const struct kind_set *kinds, struct snapshot **ret,
              struct json_read_error *ret_error)
{
        struct json_read_error error = { .message = NULL };
        struct reader reader = { .kinds = kinds, .text = text.data, .error = &error };
        int r;

        want_all(kinds, &reader.want);
        reader.builder = builder_new(kinds, &reader.want);
        reader.tokener = json_tokener_new_ex(JSON_SCAN_DEPTH);
        reader.refs = lh_kchar_table_new(REFS_FIRST, NULL);
        if (!reader.tokener || !reader.refs)
                memory_exhausted();
        json_tokener_set_flags(reader.tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        r = read_text(&reader, text);
        if (r == 0)
                r = check_whole(&reader);
        if (r == 0)
                *ret = finish(&reader);
        else
                *ret_error = error;
        builder_free(reader.builder);
        json_tokener_free(reader.tokener);
        lh_table_free(reader.refs);
        map_done(&reader.told);
        map_done(&reader.users);
        map_done(&reader.groups);
        free(reader.peerings);
        return r;
}
