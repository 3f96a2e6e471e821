/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json.h"
#include "report/verdict.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <json-c/json.h>
#include <stdio.h>

static const struct json_error errors[] = { { TEXT("shm:\xff"), "no such object", 3 } };

static void print(bool holders, bool recorded, bool verdicts, struct json_options options, struct buf *out)
{
        struct snapshot *snapshot = sample_snapshot(holders);
        struct judge judge;
        struct sink sink = sample_sink(out);
        const struct object *objects[8];

        snapshot->origin.recorded = recorded;
        for (size_t i = 0; i < snapshot->nobjects; i++)
                objects[i] = &snapshot->objects[i];
        judge_init(&judge, snapshot, NULL);
        options.judge = verdicts ? &judge : NULL;
        json_print(snapshot, objects, snapshot->nobjects, NULL, 0, &options, &sink);
        assert_int_equal(sink_done(&sink), 0);
        judge_done(&judge);
        snapshot_free(snapshot);
}

/* By somebody else's parser, which is to be strict. */
static struct json_object *parse(struct text text)
{
        struct json_tokener *tokener = json_tokener_new();
        enum json_tokener_error error;
        struct json_object *root;

        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        root = json_tokener_parse_ex(tokener, text.data, (int)text.len);
        error = json_tokener_get_error(tokener);
        if (error != json_tokener_success)
                fail_msg("%s: %.*s", json_tokener_error_desc(error), (int)text.len, text.data);
        json_tokener_free(tokener);
        return root;
}

static struct json_object *get(struct json_object *object, const char *key)
{
        struct json_object *value = NULL;

        if (!json_object_object_get_ex(object, key, &value))
                fail_msg("no member %s", key);
        return value;
}

static struct json_object *item(struct json_object *root, const char *array, size_t n)
{
        struct json_object *value = json_object_array_get_idx(get(root, array), n);

        assert_non_null(value);
        return value;
}

static void expect_text(struct json_object *object, const char *key, const char *text)
{
        assert_string_equal(json_object_get_string(get(object, key)), text);
}

static void test_object(void **state)
{
        static const char *const order[] = {
                "ref", "kind", "namespace", "id", "key", "owner", "group", "mode", "state", "size_bytes",
                "resident_bytes", "attached", "creator_pid", "creator_life", "last_pid", "last_life",
                "attached_at", "changed_at", "age_seconds", "inferred", "holders", "peers", "waiters",
        };
        struct buf out = { 0 };
        struct json_object *root, *shm;
        size_t n = 0;

        (void)state;
        print(true, false, false, (struct json_options){ 0 }, &out);
        root = parse(buf_text(&out));
        shm = item(root, "objects", 0);
        json_object_object_foreach(shm, key, value) {
                (void)value;
                assert_true(n < COUNT(order));
                assert_string_equal(key, order[n++]);
        }
        assert_int_equal(n, COUNT(order));

        expect_text(shm, "ref", "shm:7");
        expect_text(shm, "key", "0x00005eed");
        expect_text(shm, "mode", "0660");
        expect_text(shm, "owner", "{ \"uid\": 1000, \"name\": \"app\" }");
        expect_text(shm, "group", "{ \"gid\": 4242, \"name\": null }");
        expect_text(shm, "state", "[ \"dest\", \"orphan\" ]");
        expect_text(shm, "changed_at", "2026-11-18T19:04:12.123456Z");
        expect_text(shm, "inferred", "[ \"state\", \"age_seconds\" ]");
        assert_null(get(shm, "resident_bytes"));
        assert_null(get(shm, "attached_at"));
        assert_true(json_object_is_type(get(shm, "size_bytes"), json_type_int));
        assert_int_equal(json_object_get_int64(get(shm, "size_bytes")), 64 << 20);
        json_object_put(root);
        buf_done(&out);
}

static void test_holders(void **state)
{
        struct buf out = { 0 };
        struct json_object *root, *shm;

        (void)state;
        print(true, false, false, (struct json_options){ 0 }, &out);
        root = parse(buf_text(&out));
        shm = item(root, "objects", 0);
        assert_string_equal(json_object_to_json_string_ext(get(shm, "holders"), JSON_C_TO_STRING_PLAIN),
                "[{\"pid\":2011,\"start_time\":\"2026-11-21T17:04:12.123456Z\",\"comm\":\"nginx\","
                "\"way\":\"fd\",\"fd\":9,\"access\":\"r\"},"
                "{\"pid\":2011,\"start_time\":\"2026-11-21T17:04:12.123456Z\",\"comm\":\"nginx\","
                "\"way\":\"map\",\"access\":\"rw\",\"maps\":2},"
                "{\"pid\":2044,\"start_time\":null,\"comm\":\"wor\\u001bker\","
                "\"way\":\"last\",\"inferred\":true}]");
        /* The process that holds nothing is left out, and each object is named once. */
        assert_int_equal(json_object_array_length(get(root, "processes")), 2);
        expect_text(item(root, "processes", 0), "holds", "[ \"shm:7\", \"mq:ino=41\" ]");
        expect_text(item(root, "processes", 1), "process_state", "sleeping");
        json_object_put(root);

        buf_clear(&out);
        print(false, false, false, (struct json_options){ 0 }, &out);
        root = parse(buf_text(&out));
        shm = item(root, "objects", 0);
        assert_false(json_object_object_get_ex(shm, "holders", NULL));
        assert_false(json_object_object_get_ex(shm, "peers", NULL));
        assert_false(json_object_object_get_ex(shm, "waiters", NULL));
        assert_int_equal(json_object_array_length(get(root, "processes")), 0);
        json_object_put(root);
        buf_done(&out);
}

static void test_foreign_and_rows(void **state)
{
        struct buf out = { 0 };
        struct json_object *root, *sem;

        (void)state;
        print(true, false, false, (struct json_options){ 0 }, &out);
        root = parse(buf_text(&out));
        sem = item(root, "objects", 1);
        assert_true(json_object_get_boolean(get(sem, "foreign")));
        assert_null(get(sem, "key"));
        assert_int_equal(json_object_get_int64(get(get(sem, "namespace"), "inode")), SAMPLE_NS + 1);
        expect_text(item(sem, "semaphores", 0), "waiting_increase", "1");
        expect_text(item(sem, "semaphores", 1), "value", "5");
        assert_false(json_object_object_get_ex(sem, "inferred", NULL));
        assert_false(json_object_object_get_ex(sem, "age_seconds", NULL));
        assert_false(json_object_object_get_ex(item(root, "objects", 0), "foreign", NULL));
        json_object_put(root);
        buf_done(&out);
}

static void test_hostile_text(void **state)
{
        struct buf out = { 0 };
        struct json_object *root, *mq;

        (void)state;
        print(true, false, false, (struct json_options){ .errors = errors, .nerrors = 1 }, &out);
        root = parse(buf_text(&out));
        mq = item(root, "objects", 2);
        assert_int_equal(json_object_get_string_len(get(mq, "name")), 19);
        assert_memory_equal(json_object_get_string(get(mq, "name")),
                            "/\033[31m\xef\xbf\xbd\xe2\x80\xae\0\n\"\\ \xc3\xa4", 19);
        expect_text(mq, "name_b64", "LxtbMzFt/+KArgAKIlwgw6Q=");
        expect_text(mq, "dev", "0:25");
        expect_text(mq, "notify", "{ \"method\": \"signal\", \"pid\": 2044, \"signal\": 10 }");
        expect_text(item(root, "errors", 0), "subject", "shm:\xef\xbf\xbd");
        expect_text(item(root, "errors", 0), "subject_b64", "c2htOv8=");
        assert_false(json_object_object_get_ex(item(root, "objects", 0), "ref_b64", NULL));
        json_object_put(root);

        /* Nothing that acts on a terminal, even if somebody shows the JSON on one. */
        for (size_t i = 0; i < out.len; i++)
                assert_true((unsigned char)out.data[i] >= 0x20 || out.data[i] == '\n');
        assert_null(strstr(out.data, "\xe2\x80\xae"));
        buf_done(&out);
}

static void test_envelope(void **state)
{
        struct buf out = { 0 };
        struct json_object *root, *header, *gap;

        (void)state;
        print(true, true, true, (struct json_options){ 0 }, &out);
        root = parse(buf_text(&out));
        header = get(root, "ipcview");
        expect_text(header, "schema", JSON_SCHEMA_VERSION);
        expect_text(header, "program", "ipcview " PACKAGE_VERSION);
        expect_text(header, "time", "2026-11-21T19:04:12.123456Z");
        expect_text(header, "host", "vm");
        assert_true(json_object_get_boolean(get(header, "recorded")));
        assert_false(json_object_get_boolean(get(header, "complete")));

        assert_int_equal(json_object_array_length(get(root, "gaps")), 2);
        gap = item(root, "gaps", 0);
        assert_null(get(gap, "kind"));
        expect_text(gap, "where", "/proc/PID/maps");
        expect_text(gap, "errno", "13");
        expect_text(gap, "error", "EACCES");
        expect_text(gap, "times", "2");
        expect_text(item(root, "gaps", 1), "kind", "mq");
        expect_text(item(root, "gaps", 1), "reason", "no mqueue file system is mounted");
        expect_text(get(item(root, "objects", 0), "removal"), "verdict", "impossible");
        assert_null(get(get(item(root, "objects", 0), "removal"), "consequence"));
        json_object_put(root);
        buf_done(&out);
}

static void test_empty(void **state)
{
        struct want want = { .kinds = 7, .holders = true };
        struct snapshot *snapshot = builder_seal(builder_new(&sample_kinds, &want));
        struct json_options options = { 0 };
        struct buf out = { 0 };
        struct sink sink = sample_sink(&out);
        struct json_object *root;

        (void)state;
        json_print(snapshot, NULL, 0, NULL, 0, &options, &sink);
        assert_int_equal(sink_done(&sink), 0);
        root = parse(buf_text(&out));
        assert_int_equal(json_object_array_length(get(root, "objects")), 0);
        assert_int_equal(json_object_array_length(get(root, "processes")), 0);
        assert_int_equal(json_object_array_length(get(root, "gaps")), 0);
        assert_int_equal(json_object_array_length(get(root, "errors")), 0);
        assert_null(get(get(root, "ipcview"), "boot_id"));
        assert_null(get(get(root, "ipcview"), "time"));
        assert_true(json_object_get_boolean(get(get(root, "ipcview"), "complete")));
        json_object_put(root);
        buf_done(&out);
        snapshot_free(snapshot);
}

static void test_lines(void **state)
{
        static const char *const types[] = {
                "header", "object", "object", "object", "process", "process", "gap", "gap", "error", "end",
        };
        struct buf out = { 0 };
        struct text rest, line;
        size_t n = 0;

        (void)state;
        print(true, false, false, (struct json_options){ .lines = true, .errors = errors, .nerrors = 1 }, &out);
        rest = buf_text(&out);
        while (text_split(&rest, '\n', &line)) {
                struct json_object *root = parse(line);

                assert_true(n < COUNT(types));
                expect_text(root, "record", types[n++]);
                if (n == COUNT(types)) {
                        expect_text(root, "objects", "3");
                        expect_text(root, "processes", "2");
                        expect_text(root, "gaps", "2");
                        expect_text(root, "errors", "1");
                        expect_text(root, "complete", "false");
                }
                json_object_put(root);
        }
        assert_int_equal(n, COUNT(types));
        buf_done(&out);
}

struct watch {
        size_t bytes, largest;
};

static int watch(void *data, struct text bytes)
{
        struct watch *seen = data;

        seen->bytes += bytes.len;
        seen->largest = bytes.len > seen->largest ? bytes.len : seen->largest;
        return 0;
}

/* What is held back does not grow with the number of objects. */
static void test_blocks(void **state)
{
        struct snapshot *snapshot = sample_snapshot(true);
        struct json_options options = { 0 };
        static const struct object *objects[5000];
        struct watch seen = { 0 };
        struct sink sink = { .write = watch, .data = &seen };

        (void)state;
        for (size_t i = 0; i < COUNT(objects); i++)
                objects[i] = &snapshot->objects[i % snapshot->nobjects];
        json_print(snapshot, objects, COUNT(objects), NULL, 0, &options, &sink);
        assert_int_equal(sink_done(&sink), 0);
        assert_true(seen.bytes > 1 << 20);
        assert_true(seen.largest < 1 << 17);
        snapshot_free(snapshot);
}

/* Every member that is printed is declared, and what must be there is. */
static void check_declared(struct json_object *object, struct json_object *schema)
{
        struct json_object *required = get(schema, "required");

        assert_false(json_object_get_boolean(get(schema, "additionalProperties")));
        json_object_object_foreach(object, key, value) {
                (void)value;
                if (!json_object_object_get_ex(get(schema, "properties"), key, NULL))
                        fail_msg("the schema does not know %s", key);
        }
        for (size_t i = 0; i < json_object_array_length(required); i++)
                get(object, json_object_get_string(json_object_array_get_idx(required, i)));
}

static void test_schema(void **state)
{
        static const struct {
                const char *array, *definition;
        } others[] = { { "processes", "process" }, { "gaps", "gap" }, { "errors", "error" } };
        struct buf out = { 0 }, text = { 0 };
        struct sink sink = sample_sink(&text);
        struct json_object *root, *schema, *definitions;

        (void)state;
        print(true, true, true, (struct json_options){ .errors = errors, .nerrors = 1 }, &out);
        json_schema(&sample_kinds, &sink);
        assert_int_equal(sink_done(&sink), 0);
        root = parse(buf_text(&out));
        schema = parse(buf_text(&text));
        definitions = get(schema, "$defs");
        expect_text(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");

        check_declared(root, schema);
        check_declared(get(root, "ipcview"), get(definitions, "header"));
        for (size_t i = 0; i < sample_kinds.nkinds; i++) {
                char name[32];

                snprintf(name, sizeof(name), "object-%s", sample_kinds.kinds[i]->name);
                check_declared(item(root, "objects", i), get(definitions, name));
        }
        for (size_t i = 0; i < COUNT(others); i++)
                check_declared(item(root, others[i].array, 0), get(definitions, others[i].definition));
        json_object_put(root);
        json_object_put(schema);
        buf_done(&out);
        buf_done(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_object),
                cmocka_unit_test(test_holders),
                cmocka_unit_test(test_foreign_and_rows),
                cmocka_unit_test(test_hostile_text),
                cmocka_unit_test(test_envelope),
                cmocka_unit_test(test_empty),
                cmocka_unit_test(test_lines),
                cmocka_unit_test(test_blocks),
                cmocka_unit_test(test_schema),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
