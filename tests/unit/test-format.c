/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/format.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

static struct snapshot *sample;

static void expect(const struct value *value, const struct format *format, const char *text)
{
        struct buf out = { 0 };

        format_value(&out, value, format);
        assert_string_equal(out.data, text);
        buf_done(&out);
}

static void expect_uint(uint16_t field, uint64_t u, const char *text)
{
        struct format format = { .utf8 = true, .snapshot = sample };
        struct value value = sample_uint(field, u);

        expect(&value, &format, text);
}

static void test_sizes(void **state)
{
        static const struct {
                uint64_t bytes;
                const char *text;
        } sizes[] = {
                { 0, "0" }, { 1, "1" }, { 1023, "1023" }, { 1024, "1K" }, { 1536, "1.5K" }, { 1075, "1K" },
                { 1076, "1.1K" }, { 10 * 1024 - 1, "10K" }, { 10752, "11K" }, { 64 << 20, "64M" },
                { (1024 << 10) - 1, "1M" }, { UINT64_C(3) << 29, "1.5G" }, { UINT64_C(1) << 60, "1E" },
                { UINT64_MAX, "16E" },
        };
        struct format plain = { .bytes = true, .snapshot = sample };
        struct value value = sample_uint(FIELD_SIZE_BYTES, UINT64_MAX);

        (void)state;
        for (size_t i = 0; i < COUNT(sizes); i++)
                expect_uint(FIELD_SIZE_BYTES, sizes[i].bytes, sizes[i].text);
        expect(&value, &plain, "18446744073709551615");
}

static void test_spans(void **state)
{
        (void)state;
        expect_uint(FIELD_AGE_SECONDS, 0, "0s");
        expect_uint(FIELD_AGE_SECONDS, 59, "59s");
        expect_uint(FIELD_AGE_SECONDS, 60, "1m");
        expect_uint(FIELD_AGE_SECONDS, 7199, "1h");
        expect_uint(FIELD_AGE_SECONDS, 12 * 86400, "12d");
        expect_uint(FIELD_AGE_SECONDS, 2 * 365 * 86400, "2y");
        expect_uint(FIELD_AGE_SECONDS, UINT64_MAX, "584942417355y");
}

static void expect_time(uint64_t ns, enum time_style style, const char *text)
{
        struct format format = { .time = style, .snapshot = sample };
        struct value value = sample_uint(FIELD_CHANGED_AT, ns);

        expect(&value, &format, text);
}

static void set_zone(const char *zone)
{
        setenv("TZ", zone, 1);
        tzset();
}

static void test_times(void **state)
{
        (void)state;
        set_zone("UTC0");
        expect_time(0, TIME_SHORT, "-");
        expect_time(0, TIME_ISO, "-");
        expect_time(0, TIME_EPOCH, "-");
        expect_time(SAMPLE_NOW - 60 * SAMPLE_SECOND, TIME_SHORT, "19:03");
        expect_time(SAMPLE_NOW - 86400 * SAMPLE_SECOND, TIME_SHORT, "11-20 19:04");
        expect_time(SAMPLE_NOW - 365 * 86400 * SAMPLE_SECOND, TIME_SHORT, "2025-11-21");
        expect_time(SAMPLE_NOW, TIME_ISO, "2026-11-21T19:04:12+00:00");
        expect_time(SAMPLE_NOW, TIME_EPOCH, "1795287852");
        expect_time(SAMPLE_NOW - 3 * 86400 * SAMPLE_SECOND, TIME_RELATIVE, "3d");
        expect_time(SAMPLE_NOW + 7200 * SAMPLE_SECOND, TIME_RELATIVE, "-2h");
        expect_time(UINT64_MAX, TIME_ISO, "2554-07-21T23:34:33+00:00");

        set_zone("XXX3:30");
        expect_time(SAMPLE_NOW, TIME_ISO, "2026-11-21T15:34:12-03:30");
        set_zone("YYY-5:45");
        expect_time(SAMPLE_NOW, TIME_ISO, "2026-11-22T00:49:12+05:45");
        expect_time(SAMPLE_NOW, TIME_SHORT, "00:49");
        set_zone("UTC0");
}

static void test_numbers(void **state)
{
        struct format format = { .snapshot = sample };
        struct value negative = { .field = FIELD_VALUE, .type = VALUE_INT, .i = INT64_MIN };

        (void)state;
        expect_uint(FIELD_OWNER, 1000, "app");
        expect_uint(FIELD_OWNER, 4294967295, "4294967295");
        expect_uint(FIELD_GROUP, 4242, "4242");
        expect_uint(FIELD_MODE, 0, "0000");
        expect_uint(FIELD_MODE, 0660, "0660");
        expect_uint(FIELD_MODE, 01777, "1777");
        expect_uint(FIELD_KEY, 0, "private");
        expect_uint(FIELD_KEY, 0x5eed, "0x00005eed");
        expect_uint(FIELD_KEY, 0xffffffff, "0xffffffff");
        expect_uint(FIELD_DEV, value_dev(0, 25), "0:25");
        expect_uint(FIELD_DEV, value_dev(4294967295, 4294967295), "4294967295:4294967295");
        expect_uint(FIELD_CREATOR_PID, 0, "0");
        expect_uint(FIELD_NAMESPACE, 0, "?");
        expect_uint(FIELD_NAMESPACE, SAMPLE_NS, "4026531839");
        expect(&negative, &format, "-9223372036854775808");
}

static void test_words(void **state)
{
        struct format format = { .snapshot = sample };
        struct value unknown = { .field = FIELD_SIZE_BYTES, .type = VALUE_UNKNOWN };
        struct value yes = { .field = FIELD_LINKED, .type = VALUE_BOOL, .u = 1 };

        (void)state;
        expect_uint(FIELD_STATE, 0, "-");
        expect_uint(FIELD_STATE, WORD_BIT(STATE_DEST) | WORD_BIT(STATE_WAITERS), "dest,waiters");
        expect_uint(FIELD_CREATOR_LIFE, LIFE_DEAD, "dead");
        expect_uint(FIELD_CREATOR_LIFE, 999, "?");
        expect(&unknown, &format, "?");
        expect(&yes, &format, "yes");
        yes.u = 0;
        expect(&yes, &format, "no");
}

static void test_text(void **state)
{
        struct format utf8 = { .utf8 = true, .snapshot = sample }, ascii = { .snapshot = sample };
        struct value evil = sample_text(FIELD_NAME, SAMPLE_EVIL), empty = sample_text(FIELD_NAME, TEXT(""));

        (void)state;
        expect(&evil, &utf8, "/\\x1b[31m\\xff\\xe2\\x80\\xae\\x00\\n\"\\\\ \xc3\xa4");
        expect(&evil, &ascii, "/\\x1b[31m\\xff\\xe2\\x80\\xae\\x00\\n\"\\\\ \\xc3\\xa4");
        expect(&empty, &utf8, "-");
}

static const struct object *find(const char *kind)
{
        for (size_t i = 0; i < sample->nobjects; i++)
                if (strcmp(sample->objects[i].key.kind->name, kind) == 0)
                        return &sample->objects[i];
        fail_msg("no %s", kind);
        return NULL;
}

static void test_nested(void **state)
{
        struct format format = { .snapshot = sample };

        (void)state;
        expect(row_get(object_row(find("sem")), FIELD_SEMAPHORES), &format, "2");
        expect(row_get(object_row(find("mq")), FIELD_NOTIFY), &format, "method=signal pid=2044 signal=10");
}

static void test_holders(void **state)
{
        struct snapshot *unasked = sample_snapshot(false);
        struct format format = { .utf8 = true, .snapshot = sample };
        struct buf out = { 0 };

        (void)state;
        format_holders(&out, find("shm"), &format);
        assert_string_equal(out.data, "nginx[2011],wor\\x1bker[2044]");
        buf_clear(&out);
        format_holders(&out, find("sem"), &format);
        assert_string_equal(out.data, "-");

        /* Nobody looked is not nobody. */
        format.snapshot = unasked;
        buf_clear(&out);
        format_holders(&out, &unasked->objects[0], &format);
        assert_string_equal(out.data, "?");
        buf_done(&out);
        snapshot_free(unasked);
}

static void assert_holders(const struct object *object, unsigned most, const char *expected)
{
        struct format format = { .utf8 = true, .most = most, .snapshot = sample };
        struct buf out = { 0 };

        buf_string(&out, "before ");
        format_holders(&out, object, &format);
        assert_string_equal(out.data, expected);
        buf_done(&out);
}

static void test_bounded_lists(void **state)
{
        enum { MANY = 300 };
        static struct process processes[MANY];
        static struct hold holds[2 * MANY];
        struct object object = { .holds = holds, .nholds = 2 * MANY };
        struct buf all = { 0 }, part = { 0 };
        struct format format = { .snapshot = sample };

        (void)state;
        for (unsigned i = 0; i < MANY; i++) {
                processes[i] = (struct process){ .pid = (pid_t)(10 + i), .comm = TEXT("app") };
                holds[2 * i].process = holds[2 * i + 1].process = &processes[i];
        }
        assert_holders(&object, 1, "before app[10],+299");
        assert_holders(&object, 17, "before app[10],+299");
        assert_holders(&object, 20, "before app[10],app[11],+298");
        object.nholds = 6;
        assert_holders(&object, 22, "before app[10],app[11],+1");
        assert_holders(&object, 23, "before app[10],app[11],app[12]");
        assert_holders(&object, 0, "before app[10],app[11],app[12]");
        object.nholds = 2;
        assert_holders(&object, 1, "before app[10]");
        object.nholds = 0;
        assert_holders(&object, 1, "before -");

        /* Whatever the room: what is named and what is counted is all, and more room never names less. */
        object.nholds = 2 * MANY;
        format_holders(&all, &object, &format);
        for (format.most = 10; format.most <= all.len; format.most++) {
                unsigned names = 0;
                char *more;

                buf_clear(&part);
                format_holders(&part, &object, &format);
                more = strchr(part.data, '+');
                assert_true(part.len <= format.most || part.len == strlen("app[10],+299"));
                if (more) {
                        *more = 0;
                        assert_memory_equal(part.data, all.data, (size_t)(more - part.data));
                        for (const char *at = part.data; *at; at++)
                                names += *at == ',';
                        assert_int_equal(names + strtoul(more + 1, NULL, 10), MANY);
                }
        }
        assert_string_equal(part.data, all.data);
        buf_done(&all);
        buf_done(&part);
}

static void test_summary(void **state)
{
        struct format format = { .snapshot = sample };
        struct buf out = { 0 };

        (void)state;
        format_summary(&out, find("shm"), &format);
        assert_string_equal(out.data, "attached=3 state=dest,orphan creator_life=dead");
        buf_clear(&out);
        format_summary(&out, find("sem"), &format);
        assert_string_equal(out.data, "-");
        buf_done(&out);
}

static void test_looks(void **state)
{
        struct value unknown = { .field = FIELD_SIZE_BYTES, .type = VALUE_UNKNOWN };
        struct value full = sample_uint(FIELD_STATE, WORD_BIT(STATE_FULL) | WORD_BIT(STATE_ORPHAN));
        struct value orphan = sample_uint(FIELD_STATE, WORD_BIT(STATE_ORPHAN));
        struct value none = sample_uint(FIELD_STATE, 0);

        (void)state;
        assert_int_equal(format_align(FIELD_SIZE_BYTES), ALIGN_RIGHT);
        assert_int_equal(format_align(FIELD_SEMAPHORES), ALIGN_RIGHT);
        assert_int_equal(format_align(FIELD_HOLDERS), ALIGN_LEFT);
        assert_int_equal(format_align(FIELD_OWNER), ALIGN_LEFT);
        assert_int_equal(format_align(FIELD_NAME), ALIGN_LEFT);
        assert_int_equal(format_style(&unknown), STYLE_WARN);
        assert_int_equal(format_style(&full), STYLE_BAD);
        assert_int_equal(format_style(&orphan), STYLE_WARN);
        assert_int_equal(format_style(&none), STYLE_NONE);
}

static int setup(void **state)
{
        (void)state;
        sample = sample_snapshot(true);
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        snapshot_free(sample);
        return 0;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_sizes),
                cmocka_unit_test(test_spans),
                cmocka_unit_test(test_times),
                cmocka_unit_test(test_numbers),
                cmocka_unit_test(test_words),
                cmocka_unit_test(test_text),
                cmocka_unit_test(test_nested),
                cmocka_unit_test(test_holders),
                cmocka_unit_test(test_bounded_lists),
                cmocka_unit_test(test_summary),
                cmocka_unit_test(test_looks),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
