/* SPDX-License-Identifier: GPL-2.0-or-later */
/* object.json: what is written is read again to the bit, and what nobody wrote is refused. */
#include "admin/manifest.h"

#include "base/array.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

static void assert_same(const struct value *a, const struct value *b)
{
        assert_non_null(b);
        assert_int_equal(a->type, b->type);
        if (a->type == VALUE_TEXT) {
                assert_int_equal(a->len, b->len);
                assert_memory_equal(a->data, b->data, a->len);
        } else {
                assert_true(a->u == b->u);
        }
}

static bool is_scalar(const struct value *value)
{
        return value->type != VALUE_UNKNOWN && value->type != VALUE_ROWS && value->type != VALUE_RECORD;
}

/* All that is known and scalar, and nothing else. */
static void assert_round_trip(const struct snapshot *snapshot, const struct object *object)
{
        struct buf text = { 0 };
        struct manifest manifest;
        struct arena arena;
        const char *what = NULL;
        size_t n = 0;

        arena_init(&arena);
        manifest_write(snapshot, object, &text);
        if (manifest_read(&sample_kinds, buf_text(&text), &arena, &manifest, &what) != 0)
                fail_msg("%s: %s", what, text.data);
        assert_ptr_equal(manifest.kind, object->key.kind);
        assert_true(text_equal(manifest.ref, object->ref));
        assert_true(manifest.saved_at == snapshot->origin.time);
        assert_true(text_equal(manifest.host, snapshot->origin.host));
        assert_true(text_equal(manifest.boot_id, snapshot->origin.boot_id));
        for (unsigned i = 0; i < object->nvalues; i++) {
                const struct value *value = &object->values[i];

                if (is_scalar(value)) {
                        assert_same(value, row_get(manifest.attributes, value->field));
                        n++;
                }
        }
        assert_int_equal(manifest.attributes.nvalues, n);
        /* Whoever looks at it with cat(1) is safe. */
        for (size_t i = 0; i + 1 < text.len; i++)
                assert_true((unsigned char)text.data[i] >= 0x20 && text.data[i] != 0x7f);
        buf_done(&text);
        arena_done(&arena);
}

static void what_is_written_is_read(void **state)
{
        struct snapshot *snapshot = sample_snapshot(false);

        (void)state;
        for (size_t i = 0; i < snapshot->nobjects; i++)
                assert_round_trip(snapshot, &snapshot->objects[i]);
        snapshot_free(snapshot);
}

/* Every byte in a name, every bit in a number. */
static void extremes(void **state)
{
        static const uint64_t numbers[] = { 0, 1, INT32_MAX, UINT32_MAX - 1, UINT32_MAX, INT64_MAX, UINT64_MAX - 1 };
        struct snapshot *snapshot = sample_snapshot(false);
        char every[256];

        (void)state;
        for (unsigned i = 0; i < 256; i++)
                every[i] = (char)i;
        for (unsigned i = 0; i < COUNT(numbers); i++) {
                struct value values[] = {
                        { .field = FIELD_SIZE_BYTES, .type = VALUE_UINT, .u = numbers[i] },
                        { .field = FIELD_CHANGED_AT, .type = VALUE_UINT, .u = numbers[i] },
                        { .field = FIELD_KEY, .type = VALUE_UINT, .u = numbers[i] & UINT32_MAX },
                        { .field = FIELD_MODE, .type = VALUE_UINT, .u = numbers[i] & 07777 },
                        { .field = FIELD_STATE, .type = VALUE_WORDS,
                          .u = numbers[i] & (WORD_BIT(state_word_count) - 1) },
                };
                struct object object = snapshot->objects[0];

                assert_ptr_equal(object.key.kind, &sample_shm);
                object.values = values;
                object.nvalues = COUNT(values);
                assert_round_trip(snapshot, &object);
        }
        for (unsigned len = 0; len <= sizeof(every); len++) {
                struct value values[] = {
                        { .field = FIELD_NAME, .type = VALUE_TEXT, .data = every + (256 - len), .len = len },
                        { .field = FIELD_DEV, .type = VALUE_UINT, .u = value_dev(UINT32_MAX, len) },
                };
                struct object object = snapshot->objects[snapshot->nobjects - 1];

                assert_ptr_equal(object.key.kind, &sample_mq);
                object.values = values;
                object.nvalues = COUNT(values);
                assert_round_trip(snapshot, &object);
        }
        snapshot_free(snapshot);
}

#define HEAD "{\"ipcview_copy\":\"1.0\",\"saved_at\":\"2026-11-21T19:04:12.000000001Z\",\"host\":\"h\",\"boot_id\":\"\","
#define SHM(attributes) HEAD "\"ref\":\"shm:1\",\"kind\":\"shm\",\"attributes\":{" attributes "}}"

static int read_text(const char *text, size_t len, const char **ret_what, struct manifest *ret, struct arena *arena)
{
        /* A copy of exact length: what is read beyond shows. */
        char *exact = memory_new(len + 1);
        char *moved = memory_resize(exact, len ? len : 1, 1);
        int r;

        memcpy(moved, text, len);
        r = manifest_read(&sample_kinds, (struct text){ moved, len }, arena, ret, ret_what);
        free(moved);
        return r;
}

static void strange_but_good(void **state)
{
        static const char *const good[] = {
                SHM("\"id\":1"),
                SHM("\"id\":1") "\n",
                " " SHM("\"id\":1") "\r\n\n",
                SHM("\"id\":2147483647,\"key\":null,\"changed_at\":null,\"mode\":\"0000\",\"state\":[]"),
                SHM("\"id\":1,\"unheard_of\":{\"a\":[1,2,{\"b\":\"c:d\\\":e\"}]}"),
                /* A field that is none of this kind. */
                SHM("\"id\":1,\"name\":3"),
                HEAD "\"ref\":\"shm:1\",\"kind\":\"shm\",\"new\":true,\"attributes\":{\"id\":1}}",
                "{\"ipcview_copy\":\"1.17\",\"saved_at\":null,\"host\":\"\",\"boot_id\":\"\",\"ref\":\"\","
                        "\"kind\":\"shm\",\"attributes\":{\"owner\":{\"uid\":4294967294}}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"name\":\"?\",\"name_b64\":\"/w==\"}}",
        };

        (void)state;
        for (unsigned i = 0; i < COUNT(good); i++) {
                struct manifest manifest;
                struct arena arena;
                const char *what = NULL;

                arena_init(&arena);
                if (read_text(good[i], strlen(good[i]), &what, &manifest, &arena) != 0)
                        fail_msg("%s: %s", what, good[i]);
                arena_done(&arena);
        }
}

static void hostile_ones_are_refused(void **state)
{
        static const char *const bad[] = {
                "", "\n", "x", "null", "[]", "1", "\"\"", "{}", "{", "}", "{\"ipcview_copy\":\"1.0\"}",
                SHM("\"id\":1") "x", SHM("\"id\":1") "{}", " " SHM("\"id\":1") ",",
                "\xef\xbb\xbf" SHM("\"id\":1"),
                /* Nothing, twice, deep, wrong. */
                SHM(""), SHM("\"id\":1,\"id\":1"), SHM("\"id\":1,\"i\\u0064\":2"), SHM("\"id\":1,\"owner\":{\"uid\":0,\"uid\":1}"),
                SHM("\"id\":1,\"x\":[[[[[[[[[[[[]]]]]]]]]]]]"),
                HEAD "\"ref\":\"shm:1\",\"kind\":\"shm\",\"kind\":\"mq\",\"attributes\":{\"id\":1}}",
                HEAD "\"ref\":\"shm:1\",\"kind\":\"shm\",\"attributes\":[]}",
                HEAD "\"ref\":\"shm:1\",\"kind\":\"shm\",\"attributes\":null}",
                HEAD "\"ref\":\"shm:1\",\"kind\":\"shm\"}",
                HEAD "\"ref\":\"shm:1\",\"kind\":\"Shm\",\"attributes\":{\"id\":1}}",
                HEAD "\"ref\":\"shm:1\",\"kind\":7,\"attributes\":{\"id\":1}}",
                HEAD "\"ref\":7,\"kind\":\"shm\",\"attributes\":{\"id\":1}}",
                HEAD "\"kind\":\"shm\",\"attributes\":{\"id\":1}}",
                "{\"ipcview_copy\":\"2.0\",\"saved_at\":null,\"host\":\"\",\"boot_id\":\"\",\"ref\":\"\",\"kind\":\"shm\","
                        "\"attributes\":{\"id\":1}}",
                "{\"ipcview_copy\":1.0,\"saved_at\":null,\"host\":\"\",\"boot_id\":\"\",\"ref\":\"\",\"kind\":\"shm\","
                        "\"attributes\":{\"id\":1}}",
                "{\"ipcview_copy\":\"1.\",\"saved_at\":null,\"host\":\"\",\"boot_id\":\"\",\"ref\":\"\",\"kind\":\"shm\","
                        "\"attributes\":{\"id\":1}}",
                /* Numbers. */
                SHM("\"id\":-1"), SHM("\"id\":1.0"), SHM("\"id\":1e3"), SHM("\"id\":\"1\""), SHM("\"id\":true"), SHM("\"id\":null"),
                SHM("\"id\":01"), SHM("\"id\":+1"), SHM("\"id\":NaN"), SHM("\"id\":Infinity"), SHM("\"id\":0x1"),
                SHM("\"id\":18446744073709551615"), SHM("\"id\":18446744073709551616"),
                SHM("\"id\":99999999999999999999999999999999999"), SHM("\"id\":-99999999999999999999999"),
                SHM("\"creator_pid\":2147483648"), SHM("\"id\":{}"), SHM("\"id\":[1]"),
                /* Units. */
                SHM("\"key\":1"), SHM("\"key\":\"0x1\""), SHM("\"key\":\"0x00000000\""), SHM("\"key\":\"0x1000000000\""),
                SHM("\"key\":\"0x0000000g\""), SHM("\"key\":\"0x0000001\\u0000\""), SHM("\"key\":\"0X00000001\""),
                SHM("\"mode\":\"660\""), SHM("\"mode\":\"0888\""), SHM("\"mode\":\"10000\""), SHM("\"mode\":432"),
                SHM("\"mode\":\"-660\""), SHM("\"mode\":null"),
                SHM("\"owner\":0"), SHM("\"owner\":{}"), SHM("\"owner\":{\"gid\":0}"), SHM("\"owner\":{\"uid\":4294967295}"),
                SHM("\"owner\":{\"uid\":-1}"), SHM("\"owner\":{\"uid\":\"0\"}"), SHM("\"owner\":null"),
                SHM("\"changed_at\":1"), SHM("\"changed_at\":\"\""), SHM("\"changed_at\":\"2026-11-21T19:04:12Z\""),
                SHM("\"changed_at\":\"2026-02-30T19:04:12.000000000Z\""), SHM("\"changed_at\":\"2026-11-21T24:04:12.000000000Z\""),
                SHM("\"changed_at\":\"2026-11-21T19:04:60.000000000Z\""), SHM("\"changed_at\":\"1969-11-21T19:04:12.000000000Z\""),
                SHM("\"changed_at\":\"1970-01-01T00:00:00.000000000Z\""), SHM("\"changed_at\":\"9999-11-21T19:04:12.000000000Z\""),
                SHM("\"changed_at\":\"2026-11-21 19:04:12.000000000Z\""), SHM("\"changed_at\":\"2026-11-21T19:04:12.000000000z\""),
                SHM("\"changed_at\":\"2026-11-21T19:04:12.-00000001Z\""), SHM("\"changed_at\":\"2026-+1-21T19:04:12.000000000Z\""),
                SHM("\"state\":\"orphan\""), SHM("\"state\":[\"orphans\"]"), SHM("\"state\":[1]"), SHM("\"state\":[null]"),
                SHM("\"creator_life\":\"undead\""), SHM("\"creator_life\":0"),
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"name\":1}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"name\":\"/a\",\"name_b64\":\"/w=\"}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"name\":\"/a\",\"name_b64\":\"/x==\"}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"name\":\"/a\",\"name_b64\":7}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"name\":\"/\xff\"}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"dev\":\"1\"}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"dev\":\":1\"}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"dev\":\"1:\"}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"dev\":\"1:2:3\"}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"dev\":\"1:4294967296\"}}",
                HEAD "\"ref\":\"mq:/a\",\"kind\":\"mq\",\"attributes\":{\"linked\":1}}",
        };

        (void)state;
        for (unsigned i = 0; i < COUNT(bad); i++) {
                struct manifest manifest = { .saved_at = 42 };
                struct arena arena;
                const char *what = NULL;

                arena_init(&arena);
                if (read_text(bad[i], strlen(bad[i]), &what, &manifest, &arena) != -EBADMSG)
                        fail_msg("%u is taken: %s", i, bad[i]);
                assert_non_null(what);
                assert_int_equal(manifest.saved_at, 42);
                arena_done(&arena);
        }
}

/* Cut anywhere it is none, and memory beyond it is never looked at. */
static void cut_ones_are_refused(void **state)
{
        static const char whole[] = SHM("\"id\":1,\"owner\":{\"uid\":1,\"name\":\"a\"},\"state\":[\"orphan\"]");

        (void)state;
        for (size_t len = 0; len < sizeof(whole) - 1; len++) {
                struct manifest manifest;
                struct arena arena;
                const char *what = NULL;

                arena_init(&arena);
                assert_int_equal(read_text(whole, len, &what, &manifest, &arena), -EBADMSG);
                arena_done(&arena);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_written_is_read),
                cmocka_unit_test(extremes),
                cmocka_unit_test(strange_but_good),
                cmocka_unit_test(hostile_ones_are_refused),
                cmocka_unit_test(cut_ones_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
