/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/list.h"
#include "output/page.h"
#include "report/verdict.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

static void print(const uint16_t *columns, unsigned ncolumns, bool holders, struct table_look look,
                  struct buf *out)
{
        struct snapshot *snapshot = sample_snapshot(holders);
        struct format format = { .utf8 = true, .snapshot = snapshot };
        struct sink sink = sample_sink(out);
        const struct object *objects[8];

        for (size_t i = 0; i < snapshot->nobjects; i++)
                objects[i] = &snapshot->objects[i];
        look.utf8 = true;
        list_print(snapshot, objects, snapshot->nobjects, columns, ncolumns, &format, &look, &sink);
        assert_int_equal(sink_done(&sink), 0);
        snapshot_free(snapshot);
}

static void test_whole(void **state)
{
        static const uint16_t columns[] = {
                FIELD_REF, FIELD_SIZE_BYTES, FIELD_RESIDENT_BYTES, FIELD_OWNER, FIELD_SEMAPHORES,
                FIELD_HOLDERS, FIELD_NAME,
        };
        struct buf out = { 0 };

        (void)state;
        print(columns, COUNT(columns), true, (struct table_look){ .headings = true }, &out);
        assert_string_equal(out.data,
                "REF                           SIZE  RESIDENT  OWNER  SEMAPHORES  "
                "HOLDERS                       NAME\n"
                "shm:7                          64M         ?  app             -  "
                "nginx[2011],wor\\x1bker[2044]  -\n"
                "sem:2147483647,ns=4026531840     -         -  -               2  "
                "-                             -\n"
                "mq:ino=41                        -         -  -               -  "
                "nginx[2011]                   "
                "/\\x1b[31m\\xff\\xe2\\x80\\xae\\x00\\n\"\\\\ \xc3\xa4\n");
        buf_done(&out);
}

static void test_narrow(void **state)
{
        static const uint16_t columns[] = { FIELD_REF, FIELD_SIZE_BYTES, FIELD_NAME };
        struct buf out = { 0 };

        (void)state;
        print(columns, COUNT(columns), true, (struct table_look){ .width = 34 }, &out);
        assert_string_equal(out.data,
                "shm:7             64M  -\n"
                "sem:2147483647,…    -  -\n"
                "mq:ino=41           -  /\\x1b[31m\\…\n");
        buf_done(&out);
}

static void test_unasked(void **state)
{
        static const uint16_t columns[] = { FIELD_KIND, FIELD_HOLDERS };
        struct buf out = { 0 };

        (void)state;
        print(columns, COUNT(columns), false, (struct table_look){ .headings = true }, &out);
        assert_string_equal(out.data, "KIND  HOLDERS\nshm   ?\nsem   ?\nmq    ?\n");
        buf_done(&out);
}

static void test_nothing(void **state)
{
        static const uint16_t columns[] = { FIELD_REF };
        struct table_look look = { .headings = true };
        struct snapshot *snapshot = sample_snapshot(true);
        struct format format = { .snapshot = snapshot };
        struct buf out = { 0 };
        struct sink sink = sample_sink(&out);

        (void)state;
        list_print(snapshot, NULL, 0, columns, 1, &format, &look, &sink);
        list_print(snapshot, NULL, 0, NULL, 0, &format, &look, &sink);
        assert_int_equal(sink_done(&sink), 0);
        assert_string_equal(out.data, "REF\n");
        buf_done(&out);
        snapshot_free(snapshot);
}

static int refuse(void *data, struct text bytes)
{
        (void)bytes;
        return ++*(unsigned *)data < 2 ? 0 : -ENOSPC;
}

/* The first error stays, and nothing is written after it. */
/* So many that two threads make the rows, the widest of which is one of the second half. */
static void test_many(void **state)
{
        enum { N = 9001 };
        static const uint16_t columns[] = { FIELD_REF, FIELD_OWNER, FIELD_HOLDERS, FIELD_SIZE_BYTES };
        struct want want = { .kinds = 7 };
        struct builder *builder = builder_new(&sample_kinds, &want);
        const struct object **objects = calloc(N, sizeof(*objects));
        struct buf out = { 0 }, expected = { 0 };
        struct sink sink = sample_sink(&out);
        struct snapshot *snapshot;

        (void)state;
        buf_string(&expected, "REF         OWNER       HOLDERS  SIZE\n");
        for (unsigned i = 0; i < N; i++) {
                uint64_t id = i < N - 1 ? 1000 + i : 123456;
                struct object *shm = builder_object(builder, (struct object_key){ &sample_shm, 1, id }, NULL);

                builder_uint(builder, shm, FIELD_OWNER, i < N - 1 ? i / 3 : 4000000000u);
                if (i % 2)
                        builder_uint(builder, shm, FIELD_SIZE_BYTES, i % 1000);
                buf_printf(&expected, "shm:%-6" PRIu64 "  %-10u  ?        ", id, i < N - 1 ? i / 3 : 4000000000u);
                buf_printf(&expected, i % 2 ? "%4u\n" : "   -\n", i % 1000);
        }
        snapshot = builder_seal(builder);
        assert_int_equal(snapshot->nobjects, N);
        for (size_t i = 0; i < N; i++)
                objects[i] = &snapshot->objects[i];
        list_print(snapshot, objects, N, columns, COUNT(columns), &(struct format){ .snapshot = snapshot },
                   &(struct table_look){ .headings = true }, &sink);
        assert_int_equal(sink_done(&sink), 0);
        assert_int_equal(out.len, expected.len);
        assert_memory_equal(out.data, expected.data, out.len);
        buf_done(&expected);
        buf_done(&out);
        free(objects);
        snapshot_free(snapshot);
}

static void test_sink(void **state)
{
        unsigned calls = 0;
        struct sink sink = { .write = refuse, .data = &calls };

        (void)state;
        for (unsigned i = 0; i < 1000; i++) {
                memset(buf_reserve(&sink.buf, 1000), 'x', 1000);
                sink.buf.len += 1000;
                sink_pass(&sink);
                assert_true(sink.buf.len < 1 << 17);
        }
        assert_int_equal(calls, 2);
        assert_int_equal(sink.err, -ENOSPC);
        assert_int_equal(sink_done(&sink), -ENOSPC);
        assert_int_equal(calls, 2);
}

static bool holds_line(const struct buf *out, const char *line)
{
        struct text rest = buf_text(out), piece;

        while (text_split(&rest, '\n', &piece))
                if (text_equal(piece, text_of(line)))
                        return true;
        return false;
}

static void page(size_t object, bool holders, struct buf *out)
{
        struct snapshot *snapshot = sample_snapshot(holders);
        struct format format = { .utf8 = true, .snapshot = snapshot };
        struct table_look look = { .utf8 = true };
        struct sink sink = sample_sink(out);
        struct judge judge;

        judge_init(&judge, snapshot, NULL);
        page_object(&judge, &snapshot->objects[object], &format, &look, &sink);
        judge_done(&judge);
        assert_int_equal(sink_done(&sink), 0);
        snapshot_free(snapshot);
}

static void test_page(void **state)
{
        struct buf out = { 0 };

        (void)state;
        page(0, true, &out);
        assert_true(holds_line(&out, "shm:7  System V shared memory"));
        assert_true(holds_line(&out, "  size_bytes      64M (67108864)"));
        assert_true(holds_line(&out, "  attached_at     never"));
        assert_true(holds_line(&out, "  changed_at      2026-11-18T19:04:12+00:00 (3d ago)"));
        assert_true(holds_line(&out, "  state           dest,orphan (deduced)"));
        assert_true(holds_line(&out,
                "  2011  root  nginx       map     -  rw         2  17:04    "
                "nginx: master process /usr/sbin/nginx"));
        assert_true(holds_line(&out, "  2044  app   wor\\x1bker  last*   -  -          -  ?        -"));
        assert_true(holds_line(&out, "  created by 1999, dead"));
        assert_true(holds_line(&out, "  last operation by 2044 (wor\\x1bker), alive"));
        assert_true(holds_line(&out, "May it be removed?"));
        assert_true(holds_line(&out, "  No, that is impossible:"));
        buf_done(&out);
}

static void test_page_rows(void **state)
{
        struct buf out = { 0 };

        (void)state;
        page(1, true, &out);
        assert_true(holds_line(&out, "  namespace        ipc 4026531840 (not ours)"));
        assert_true(holds_line(&out, "       0      0       1       0     0  none"));
        assert_true(holds_line(&out, "  Nobody that is visible."));
        assert_true(holds_line(&out, "  /proc/PID/maps: Permission denied (2 times)"));
        assert_null(strstr(out.data, "mqueue"));
        buf_clear(&out);
        page(1, false, &out);
        assert_true(holds_line(&out, "  Nobody looked for them."));
        assert_false(holds_line(&out, "  Nobody that is visible."));
        buf_done(&out);
}

static void test_page_process(void **state)
{
        struct snapshot *snapshot = sample_snapshot(true);
        struct format format = { .utf8 = true, .snapshot = snapshot };
        struct table_look look = { .utf8 = true };
        struct buf out = { 0 };
        struct sink sink = sample_sink(&out);

        (void)state;
        page_process(snapshot, snapshot_process(snapshot, 2044), &format, &look, &sink);
        assert_int_equal(sink_done(&sink), 0);
        assert_true(holds_line(&out, "pid:2044  wor\\x1bker"));
        assert_true(holds_line(&out, "  start_time     ?"));
        assert_true(holds_line(&out, "  uid            app (1000)"));
        assert_true(holds_line(&out,
                "  shm:7  last*   -  -          -  attached=3 state=dest,orphan creator_life=dead"));
        assert_true(holds_line(&out,
                "  /dev/mqueue: No such file or directory, no mqueue file system is mounted (once)"));
        buf_done(&out);
        snapshot_free(snapshot);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_whole),
                cmocka_unit_test(test_narrow),
                cmocka_unit_test(test_unasked),
                cmocka_unit_test(test_nothing),
                cmocka_unit_test(test_many),
                cmocka_unit_test(test_sink),
                cmocka_unit_test(test_page),
                cmocka_unit_test(test_page_rows),
                cmocka_unit_test(test_page_process),
        };

        setenv("TZ", "UTC0", 1);
        tzset();
        return cmocka_run_group_tests(tests, NULL, NULL);
}
