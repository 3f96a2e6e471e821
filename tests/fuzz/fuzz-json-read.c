/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A saved snapshot: what is read can be printed, judged and searched like any
 * other, and what is printed of it is read back as the same.
 */
#include "output/json-read.h"

#include "base/utf8.h"
#include "kind/kinds.h"
#include "output/json.h"
#include "output/page.h"
#include "report/findings.h"
#include "report/verdict.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
        if (!truth)
                abort();
}

static int gather(void *data, struct text bytes)
{
        buf_add(data, bytes);
        return 0;
}

static void print(const struct snapshot *snapshot, bool lines, struct buf *out)
{
        struct json_options options = { .lines = lines, .whole = true };
        struct sink sink = { .write = gather, .data = out };
        const struct object **objects = calloc(snapshot->nobjects + 1, sizeof(*objects));

        expect(objects != NULL);
        for (size_t i = 0; i < snapshot->nobjects; i++)
                objects[i] = &snapshot->objects[i];
        json_print(snapshot, objects, snapshot->nobjects, NULL, 0, &options, &sink);
        expect(sink_done(&sink) == 0);
        free(objects);
}

static void check_same(const struct snapshot *snapshot, bool lines)
{
        struct buf first = { 0 }, second = { 0 };
        struct json_read_error error;
        struct snapshot *again;

        print(snapshot, lines, &first);
        expect(utf8_valid(buf_text(&first)));
        expect(json_read(buf_text(&first), &all_kinds, &again, &error) == 0);
        print(again, lines, &second);
        expect(text_equal(buf_text(&first), buf_text(&second)));
        snapshot_free(again);
        buf_done(&first);
        buf_done(&second);
}

/* Everything that people would look at. */
static void look(const struct snapshot *snapshot)
{
        struct findings_options options = { .rules = FINDING_ALL };
        struct format format = { .snapshot = snapshot };
        struct table_look table = { .headings = true };
        struct buf text = { 0 };
        struct sink sink = { .write = gather, .data = &text };
        struct limit_report limits;
        struct findings findings;
        struct judge judge;

        limits_report(snapshot, true, &limits);
        limits_report_done(&limits);
        findings_make(snapshot, &options, &findings);
        findings_done(&findings);
        judge_init(&judge, snapshot, NULL);
        for (size_t i = 0; i < snapshot->nobjects; i++)
                page_object(&judge, &snapshot->objects[i], &format, &table, &sink);
        for (size_t i = 0; i < snapshot->nprocesses; i++)
                page_process(snapshot, &snapshot->processes[i], &format, &table, &sink);
        judge_done(&judge);
        expect(sink_done(&sink) == 0);
        buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct json_read_error error = { .message = NULL };
        struct snapshot *snapshot;
        int r = json_read((struct text){ (const char *)data, size }, &all_kinds, &snapshot, &error);

        if (r < 0) {
                expect(r == -EBADMSG || r == -EINVAL || r == -EPROTONOSUPPORT);
                expect(error.message != NULL && error.at <= size);
                return 0;
        }
        check_same(snapshot, false);
        check_same(snapshot, true);
        look(snapshot);
        snapshot_free(snapshot);
        return 0;
}
