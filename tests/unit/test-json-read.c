/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json-read.h"

#include "base/array.h"
#include "output/json.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void print(const struct snapshot *snapshot, bool lines, bool whole, struct buf *out)
{
        struct json_options options = { .lines = lines, .whole = whole };
        struct sink sink = sample_sink(out);
        const struct object **objects = malloc((snapshot->nobjects + 1) * sizeof(*objects));

        assert_non_null(objects);
        for (size_t i = 0; i < snapshot->nobjects; i++)
                objects[i] = &snapshot->objects[i];
        json_print(snapshot, objects, snapshot->nobjects, NULL, 0, &options, &sink);
        assert_int_equal(sink_done(&sink), 0);
        free(objects);
}

/* Reads it from memory of exactly its size, which is gone afterwards. */
static int read_copy(struct text text, struct snapshot **ret, struct json_read_error *ret_error)
{
        char *copy = malloc(text.len + 1);
        int r;

        assert_non_null(copy);
        memcpy(copy + 1, text.data, text.len);
        r = json_read((struct text){ copy + 1, text.len }, &sample_kinds, ret, ret_error);
        free(copy);
        return r;
}

static struct snapshot *must_read(struct text text)
{
        struct json_read_error error = { .message = "" };
        struct snapshot *snapshot = NULL;
        int r = read_copy(text, &snapshot, &error);

        if (r < 0)
                fail_msg("%d %s: %s at %zu: %.*s", r, error.place, error.message, error.at, (int)text.len, text.data);
        return snapshot;
}

static void expect_same(const struct snapshot *snapshot, bool lines, bool whole)
{
        struct buf before = { 0 }, after = { 0 };
        struct snapshot *again;

        print(snapshot, lines, whole, &before);
        again = must_read(buf_text(&before));
        assert_true(again->origin.recorded);
        print(again, lines, whole, &after);
        assert_string_equal(after.data, before.data);
        snapshot_free(again);
        buf_done(&before);
        buf_done(&after);
}

/* With what a whole snapshot has: a wait, peers, readings of all sorts, settings of the machine. */
static struct snapshot *rich_snapshot(void)
{
        struct want want = { .kinds = 7, .holders = true, .waiters = true, .processes = true, .limits = true };
        struct builder *builder = builder_new(&sample_kinds, &want);
        struct object *shm, *mq;
        struct process *process;

        *builder_origin(builder) = (struct snapshot_origin){
                .time = (int64_t)SAMPLE_NOW, .host = TEXT("v\xffm"), .uid = 7, .ipc_ns = SAMPLE_NS, .pid_ns = 3,
                .page_bytes = 4096, .remove_ipc = REMOVE_IPC_NO, .lingering = TEXT("app\nb\xfe\n"), .recorded = true,
        };
        shm = sample_add_shm(builder);
        sample_add_sem(builder);
        mq = sample_add_mq(builder);
        sample_add_holds(builder, shm, mq);
        builder_unknown(builder, shm, FIELD_CHANGED_AT);
        builder_unknown(builder, shm, FIELD_KEY);
        process = builder_find_process(builder, 2044);
        builder_peer(builder, shm, mq);
        builder_wait(builder, (struct wait){ .object = mq, .process = process, .tid = 2045, .operation = "mq_timedsend",
                                             .since = (int64_t)SAMPLE_NOW - 5, .timed = true });
        builder_wait(builder, (struct wait){ .object = mq, .process = process, .tid = 2044, .operation = "poll",
                                             .inferred = true, .others = true });
        for (uint16_t limit = 0; limit < LIMIT_COUNT; limit++) {
                enum limit_binds binds = limit_get(limit)->binds;

                builder_reading(builder, &(struct limit_reading){
                        .limit = limit,
                        .subject = binds == BINDS_PROCESS ? 2044 :
                                   binds == BINDS_NAMESPACE || binds == BINDS_USER || binds == BINDS_MOUNT ? 1000 : 0,
                        .object = binds == BINDS_OBJECT ? mq : NULL,
                        .process = binds == BINDS_PROCESS || (binds == BINDS_USER && limit % 2) ? process : NULL,
                        .name = binds == BINDS_MOUNT || binds == BINDS_CGROUP || binds == BINDS_POOL ?
                                TEXT("/a\xff") : TEXT(""),
                        .unlimited = limit % 4 == 0, .unknown = limit % 4 == 1,
                        .value = limit % 4 < 2 ? 0 : UINT64_MAX, .counted = limit % 3, .inferred = limit % 3 == 2,
                        .used = limit % 3 ? limit : 0, .failures = limit % 5, .usual = limit % 2,
                        .shared_bytes = limit == LIMIT_CGROUP_MEMORY ? 5 : 0 });
        }
        builder_gap(builder, NULL, "/proc/PID/maps", 13, NULL);
        builder_gap(builder, &sample_mq, "/dev/mqueue", 2, "no mqueue file system is mounted");
        return builder_seal(builder);
}

static void test_same_again(void **state)
{
        struct snapshot *snapshots[] = { sample_snapshot(true), sample_snapshot(false), rich_snapshot() };

        (void)state;
        for (size_t i = 0; i < COUNT(snapshots); i++) {
                snapshots[i]->origin.recorded = true;
                for (unsigned j = 0; j < 4; j++)
                        /* Of no holders at all a list tells nothing. */
                        expect_same(snapshots[i], j & 1, j & 2);
                snapshot_free(snapshots[i]);
        }
}

static void test_what_is_beyond_a_list(void **state)
{
        struct snapshot *before = rich_snapshot(), *after;
        struct buf text = { 0 };
        const struct value *value;

        (void)state;
        print(before, false, true, &text);
        after = must_read(buf_text(&text));
        assert_memory_equal(&after->origin, &before->origin, offsetof(struct snapshot_origin, time));
        assert_true(after->origin.time == before->origin.time / 1000 * 1000);
        assert_true(text_equal(after->origin.host, before->origin.host));
        assert_true(text_equal(after->origin.lingering, before->origin.lingering));
        assert_int_equal(after->origin.uid, 7);
        assert_true(after->origin.ipc_ns == SAMPLE_NS && after->origin.mnt_ns == 0 && after->origin.pid_ns == 3);
        assert_int_equal(after->origin.page_bytes, 4096);
        assert_int_equal(after->origin.remove_ipc, REMOVE_IPC_NO);
        assert_true(after->want.kinds == 7 && after->want.holders && after->want.waiters);
        assert_true(after->want.processes && after->want.limits);
        assert_int_equal(after->nprocesses, 3);
        assert_int_equal(after->nreadings, LIMIT_COUNT);
        for (size_t i = 0; i < after->nreadings; i++) {
                const struct limit_reading *a = &after->readings[i], *b = &before->readings[i];

                assert_int_equal(a->limit, b->limit);
                assert_true(a->subject == b->subject);
                assert_true(text_equal(a->name, b->name));
                assert_true(a->unlimited == b->unlimited && a->unknown == b->unknown && a->value == b->value);
                assert_true(a->counted == b->counted && a->used == b->used && a->usual == b->usual);
                assert_true(!a->object == !b->object && !a->process == !b->process);
        }
        value = row_get(object_row(&after->objects[0]), FIELD_CHANGED_AT);
        assert_true(value && value->type == VALUE_UNKNOWN);
        value = row_get(object_row(&after->objects[0]), FIELD_ATTACHED_AT);
        assert_true(value && value->type == VALUE_UINT && value->u == 0);
        snapshot_free(before);
        snapshot_free(after);
        buf_done(&text);
}

static void test_a_list_is_less(void **state)
{
        struct snapshot *before = sample_snapshot(true), *after;
        struct buf text = { 0 };

        (void)state;
        print(before, false, false, &text);
        after = must_read(buf_text(&text));
        assert_true(after->want.holders && after->want.waiters);
        assert_false(after->want.limits || after->want.processes);
        assert_int_equal(after->nreadings, 0);
        /* SAMPLE_EVIL: bytes that no text of JSON can carry. */
        assert_true(text_equal(value_text(row_get(object_row(&after->objects[2]), FIELD_NAME)), SAMPLE_EVIL));
        snapshot_free(before);
        snapshot_free(after);
        buf_done(&text);
}

#define HEADER  "\"ipcview\":{\"schema\":\"1.0\",\"time\":null,\"boot_id\":null,\"host\":\"h\",\"uid\":0}"
#define NS      "\"namespace\":{\"type\":\"ipc\",\"inode\":5}"
#define SHM     "\"kind\":\"shm\",\"ref\":\"shm:7\"," NS
#define DOC(objects, more) "{" HEADER ",\"objects\":[" objects "]" more "}"
#define HOLDER(members) DOC("{" SHM ",\"id\":7,\"holders\":[{\"pid\":1,\"way\":\"fd\",\"fd\":3" members "}]}", "")

struct lenient {
        const char *text;
        unsigned nobjects, nholds, ngaps, npeers;
};

static void test_passed_over(void **state)
{
        static const struct lenient cases[] = {
                { DOC("", ""), 0, 0, 0, 0 },
                { " \n{ \"errors\" : [ ] , " HEADER " , \"objects\" : [ ] }\r\n\t", 0, 0, 0, 0 },
                { DOC("", ",\"news\":[{\"a\":[1.5e3,true,{}]}],\"processes\":[{\"pid\":1,\"news\":1}]"), 0, 0, 0, 0 },
                { DOC("{\"kind\":\"portal\",\"ref\":\"portal:1\"},{\"kind\":\"portal\"}", ""), 0, 0, 1, 0 },
                { DOC("", ",\"gaps\":[{\"kind\":\"portal\",\"where\":\"x\",\"errno\":1,\"times\":1}]"), 0, 0, 1, 0 },
                { DOC("", ",\"gaps\":[{\"kind\":null,\"where\":\"x\",\"errno\":1,\"times\":4000000000}]"), 0, 0, 1, 0 },
                { DOC("{" SHM ",\"news\":1,\"state\":[\"dest\",\"news\"],\"creator_life\":\"news\"}", ""), 1, 0, 0, 0 },
                { DOC("{" SHM ",\"peers\":[\"shm:8\",\"shm:9\"],\"inferred\":[\"news\"]}", ""), 1, 0, 0, 0 },
                { DOC("{" SHM ",\"peers\":[\"shm:8\",\"shm:8\"]},{\"kind\":\"shm\",\"ref\":\"shm:8\"}", ""), 2, 0, 0, 1 },
                { HOLDER(""), 1, 1, 0, 0 },
                { HOLDER(",\"access\":\"news\",\"cloexec\":null,\"side\":null"), 1, 1, 0, 0 },
                { DOC("{" SHM ",\"holders\":[{\"pid\":1,\"way\":\"news\"}]}", ""), 1, 0, 0, 0 },
                /* The same reference again: two that nothing tells apart. */
                { DOC("{" SHM "},{" SHM "},{" SHM ",\"peers\":[\"shm:7\"]}", ""), 3, 0, 0, 1 },
                { DOC("{" SHM ",\"size_bytes\":18446744073709551615}", ""), 1, 0, 0, 0 },
                { DOC("", ",\"readings\":[{\"limit\":\"news\"},{\"limit\":\"msgmnb_queue\",\"ref\":\"msg:1\",\"value\":1},"
                          "{\"limit\":\"rlimit_nofile\",\"pid\":5,\"value\":1}]"), 0, 0, 0, 0 },
                { "{\"record\":\"header\"," HEADER "}\n{\"record\":\"news\"}\n{\"record\":\"object\"," SHM "}\n"
                  "{\"record\":\"end\",\"objects\":1}", 1, 0, 0, 0 },
        };

        (void)state;
        for (size_t i = 0; i < COUNT(cases); i++) {
                struct snapshot *snapshot = must_read(text_of(cases[i].text));
                unsigned npeers = 0;

                for (size_t j = 0; j < snapshot->nobjects; j++)
                        npeers += snapshot->objects[j].npeers;
                if (snapshot->nobjects != cases[i].nobjects || snapshot->nholds != cases[i].nholds ||
                    snapshot->ngaps != cases[i].ngaps || npeers != cases[i].npeers || snapshot->nreadings)
                        fail_msg("%zu objects, %zu holds, %zu gaps, %u peers: %s", snapshot->nobjects,
                                 snapshot->nholds, snapshot->ngaps, npeers, cases[i].text);
                snapshot_free(snapshot);
        }
}

struct strict {
        const char *text;
        int err;
        const char *place;
};

static const struct strict no_snapshots[] = {
        { "", -EBADMSG, "" },
        { " \n", -EBADMSG, "" },
        { "ipcview", -EBADMSG, "" },
        { "[]", -EBADMSG, "" },
        { "{", -EBADMSG, "" },
        { "{}", -EINVAL, "" },
        { "{} {}", -EBADMSG, "" },
        { "{\"objects\":[]}", -EINVAL, "" },
        { "{" HEADER "}", -EINVAL, "" },
        { "{" HEADER ",\"findings\":[]}", -EINVAL, "" },
        { "{" HEADER ",\"objects\":[]", -EBADMSG, "" },
        { "{" HEADER ",\"objects\":{}}", -EBADMSG, "" },
        { "{" HEADER ",\"objects\":[7]}", -EBADMSG, "" },
        { "{\"ipcview\":[],\"objects\":[]}", -EBADMSG, "" },
        { "{\"ipcview\":{},\"objects\":[]}", -EINVAL, "ipcview.schema" },
        { "{\"ipcview\":{\"schema\":1},\"objects\":[]}", -EINVAL, "ipcview.schema" },
        { "{\"ipcview\":{\"schema\":\"0.9\"},\"objects\":[]}", -EINVAL, "ipcview.schema" },
        { "{\"ipcview\":{\"schema\":\"2.0\"},\"objects\":7}", -EPROTONOSUPPORT, "ipcview.schema" },
        { "{\"ipcview\":{\"schema\":\"1.9\",\"time\":7},\"objects\":[]}", -EINVAL, "ipcview.time" },
        { "{\"ipcview\":{\"schema\":\"1.9\",\"uid\":4294967296},\"objects\":[]}", -EINVAL, "ipcview.uid" },
        { "{\"ipcview\":{\"schema\":\"1.1\",\"snapshot\":{\"limits\":1}},\"objects\":[]}", -EINVAL, "ipcview.limits" },
        { "{\"record\":\"header\"," HEADER "}\n", -EBADMSG, "" },
        { "{\"record\":\"header\"," HEADER "}\n{\"record\":\"end\",\"findings\":1}", -EINVAL, "" },
        { "{\"record\":\"header\"," HEADER "}\n{\"record\":\"header\"," HEADER "}", -EINVAL, "lines[1]" },
        { DOC("{\"kind\":'shm'}", ""), -EBADMSG, "" },
        { DOC("{\"kind\":\"sh\xffm\"}", ""), -EBADMSG, "" },
        { DOC("{\"kind\":\"shm\",}", ""), -EBADMSG, "" },
        { DOC("{" SHM ",\"size_bytes\":18446744073709551616}", ""), -EBADMSG, "" },
        { DOC("{" SHM ",\"size_bytes\":-9223372036854775809}", ""), -EBADMSG, "" },
        { DOC("", ",\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), -EBADMSG, "" },
};

static const struct strict contradictions[] = {
        { DOC("{}", ""), -EINVAL, "objects[0].kind" },
        { DOC("{\"kind\":7}", ""), -EINVAL, "objects[0].kind" },
        { DOC("{\"kind\":\"shm\"}", ""), -EINVAL, "objects[0].ref" },
        { DOC("{" SHM "},{\"kind\":\"shm\",\"ref\":\"sem:7\"}", ""), -EINVAL, "objects[1].ref" },
        { DOC("{\"kind\":\"shm\",\"ref\":\"shm:0x5eed\"}", ""), -EINVAL, "objects[0].ref" },
        { DOC("{\"kind\":\"shm\",\"ref\":\"shm:07\"}", ""), -EINVAL, "objects[0].ref" },
        { DOC("{\"kind\":\"shm\",\"ref\":\"shm:\\u00007\"}", ""), -EINVAL, "objects[0].ref" },
        { DOC("{\"kind\":\"shm\",\"ref\":\"shm:7,ns=5\"}", ""), -EINVAL, "objects[0].ref" },
        { DOC("{\"kind\":\"mq\",\"ref\":\"mq:/a\",\"name\":\"/b\"}", ""), -EINVAL, "objects[0].ref" },
        { DOC("{\"kind\":\"mq\",\"ref\":\"mq:/a\"}", ""), -EINVAL, "objects[0].ref" },
        { DOC("{\"kind\":\"shm\",\"ref\":\"shm:7\",\"namespace\":5}", ""), -EINVAL, "objects[0].namespace" },
        { DOC("{" SHM ",\"foreign\":1}", ""), -EINVAL, "objects[0].foreign" },
        { DOC("{" SHM ",\"size_bytes\":-1}", ""), -EINVAL, "objects[0].size_bytes" },
        { DOC("{" SHM ",\"size_bytes\":1.5}", ""), -EINVAL, "objects[0].size_bytes" },
        { DOC("{" SHM ",\"size_bytes\":\"1\"}", ""), -EINVAL, "objects[0].size_bytes" },
        { DOC("{" SHM ",\"mode\":\"0888\"}", ""), -EINVAL, "objects[0].mode" },
        { DOC("{" SHM ",\"key\":\"0x100000000\"}", ""), -EINVAL, "objects[0].key" },
        { DOC("{" SHM ",\"key\":\"7\"}", ""), -EINVAL, "objects[0].key" },
        { DOC("{" SHM ",\"creator_pid\":2147483648}", ""), -EINVAL, "objects[0].creator_pid" },
        { DOC("{" SHM ",\"owner\":{\"uid\":4294967296}}", ""), -EINVAL, "objects[0].owner" },
        { DOC("{" SHM ",\"owner\":{\"uid\":1,\"name\":7}}", ""), -EINVAL, "objects[0].name" },
        { DOC("{" SHM ",\"owner\":7}", ""), -EINVAL, "objects[0].owner" },
        { DOC("{" SHM ",\"changed_at\":\"2026-02-30T00:00:00Z\"}", ""), -EINVAL, "objects[0].changed_at" },
        { DOC("{" SHM ",\"changed_at\":\"never\"}", ""), -EINVAL, "objects[0].changed_at" },
        { DOC("{" SHM ",\"changed_at\":\"2026-02-20T00:00:00\"}", ""), -EINVAL, "objects[0].changed_at" },
        { DOC("{" SHM ",\"state\":\"dest\"}", ""), -EINVAL, "objects[0].state" },
        { DOC("{" SHM ",\"state\":[7]}", ""), -EINVAL, "objects[0].state" },
        { DOC("{" SHM ",\"creator_life\":1}", ""), -EINVAL, "objects[0].creator_life" },
        { DOC("{" SHM ",\"inferred\":true}", ""), -EINVAL, "objects[0].inferred" },
        { DOC("{" SHM ",\"inferred\":[true]}", ""), -EINVAL, "objects[0].inferred" },
        { DOC("{" SHM ",\"peers\":[null]}", ""), -EINVAL, "objects[0].peers" },
        { DOC("{" SHM ",\"holders\":{}}", ""), -EINVAL, "objects[0].holders" },
        { DOC("{" SHM ",\"holders\":[7]}", ""), -EINVAL, "objects[0].holders[0]" },
        { DOC("{" SHM ",\"holders\":[{\"way\":\"fd\"}]}", ""), -EINVAL, "objects[0].holders[0].pid" },
        { DOC("{" SHM ",\"holders\":[{\"pid\":1}]}", ""), -EINVAL, "objects[0].holders[0].way" },
        { DOC("{" SHM ",\"holders\":[{\"pid\":1,\"way\":\"fd\"}]}", ""), -EINVAL, "objects[0].holders[0].fd" },
        { HOLDER(",\"access\":7"), -EINVAL, "objects[0].holders[0].access" },
        { HOLDER(",\"tid\":2147483648"), -EINVAL, "objects[0].holders[0].tid" },
        { HOLDER(",\"comm\":\"x\",\"comm_b64\":\"?\""), -EINVAL, "objects[0].holders[0].comm_b64" },
        { DOC("{" SHM ",\"holders\":[{\"pid\":1,\"way\":\"map\"},{\"pid\":1,\"way\":\"map\"}]}", ""), -EINVAL,
          "objects[0].holders[1]" },
        { DOC("{" SHM ",\"waiters\":[{\"pid\":1,\"tid\":1}]}", ""), -EINVAL, "objects[0].waiters[0].operation" },
        { DOC("{" SHM ",\"waiters\":[{\"pid\":1,\"operation\":\"a\\\"b\"}]}", ""), -EINVAL,
          "objects[0].waiters[0].operation" },
        { DOC("{\"kind\":\"sem\",\"ref\":\"sem:1\",\"semaphores\":[{\"number\":0},{\"number\":\"x\"}]}", ""), -EINVAL,
          "objects[0].semaphores[1].number" },
        { DOC("{\"kind\":\"sem\",\"ref\":\"sem:1\",\"semaphores\":[[]]}", ""), -EINVAL, "objects[0].semaphores[0]" },
        { DOC("", ",\"processes\":[{\"pid\":1},{\"pid\":1}]"), -EINVAL, "processes[1].pid" },
        { DOC("", ",\"processes\":[{\"pid\":-1}]"), -EINVAL, "processes[0].pid" },
        { DOC("", ",\"processes\":[{\"pid\":1,\"uid\":7}]"), -EINVAL, "processes[0].uid" },
        { DOC("", ",\"gaps\":[{\"kind\":null}]"), -EINVAL, "gaps[0].where" },
        { DOC("", ",\"gaps\":[{\"where\":\"\\u001b[31m\"}]"), -EINVAL, "gaps[0].where" },
        { DOC("", ",\"gaps\":[{\"where\":\"x\",\"reason\":\"\"}]"), -EINVAL, "gaps[0].reason" },
        { DOC("", ",\"gaps\":[{\"where\":\"x\",\"errno\":5000}]"), -EINVAL, "gaps[0].errno" },
        { DOC("", ",\"readings\":[{\"value\":1}]"), -EINVAL, "readings[0].limit" },
        { DOC("", ",\"readings\":[{\"limit\":\"shmmni\",\"value\":1}]"), -EINVAL, "readings[0].namespace" },
        { DOC("", ",\"readings\":[{\"limit\":\"file_max\",\"value\":\"1\"}]"), -EINVAL, "readings[0].value" },
};

static void refuse(const struct strict *cases, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                struct json_read_error error = { .message = NULL, .place = "?" };
                struct snapshot *snapshot = (struct snapshot *)1;
                int r = read_copy(text_of(cases[i].text), &snapshot, &error);

                if (r != cases[i].err || !error.message || strcmp(error.place, cases[i].place) != 0)
                        fail_msg("%d %s, not %d %s (%s): %s", r, error.place, cases[i].err, cases[i].place,
                                 error.message ? error.message : "", cases[i].text);
                assert_ptr_equal(snapshot, (struct snapshot *)1);
                assert_true(error.at <= strlen(cases[i].text));
        }
}

static void test_refused(void **state)
{
        (void)state;
        refuse(no_snapshots, COUNT(no_snapshots));
        refuse(contradictions, COUNT(contradictions));
}

/* A snapshot cut off anywhere is none. */
static void test_cut_off(void **state)
{
        struct snapshot *snapshot = rich_snapshot(), *none = NULL;
        struct json_read_error error;
        struct buf texts[2] = { { 0 }, { 0 } };

        (void)state;
        for (unsigned lines = 0; lines < 2; lines++) {
                print(snapshot, lines, true, &texts[lines]);
                for (size_t n = 0; n + 2 < texts[lines].len; n += n % 7 + 1)
                        assert_int_equal(read_copy((struct text){ texts[lines].data, n }, &none, &error), -EBADMSG);
                buf_done(&texts[lines]);
        }
        snapshot_free(snapshot);
}

/* What a process has told of itself counts, wherever it stands. */
static void test_order_of_lines(void **state)
{
        struct snapshot *snapshot = must_read(TEXT(
                "{\"record\":\"header\"," HEADER "}"
                "{\"record\":\"object\"," SHM ",\"waiters\":[{\"pid\":9,\"tid\":9,\"comm\":\"a\",\"operation\":\"semop\"}]}"
                "{\"record\":\"process\",\"pid\":9,\"start_time\":\"2026-11-21T19:04:12Z\",\"comm\":\"b\"}"
                "{\"record\":\"end\",\"objects\":1}"));
        const struct process *process = snapshot_process(snapshot, 9);

        (void)state;
        assert_non_null(process);
        assert_true(process->start == UINT64_C(1795287852) * SAMPLE_SECOND);
        assert_true(text_equal(process->comm, TEXT("b")));
        assert_true(value_text(row_get(process_row(process), FIELD_COMM)).data == process->comm.data);
        assert_int_equal(process->nwaits, 1);
        snapshot_free(snapshot);
}

/* Many objects of one reference, one key, one peer, one holder: nothing that grows with the square. */
static void test_many_alike(void **state)
{
        enum { MANY = 60000 };
        struct buf text = { 0 };
        struct snapshot *snapshot;

        (void)state;
        buf_string(&text, "{" HEADER ",\"objects\":[{" SHM "}");
        for (unsigned i = 0; i < MANY; i++)
                buf_printf(&text, ",{\"kind\":\"shm\",\"ref\":\"shm:%u\",\"namespace\":{\"inode\":%llu},"
                           "\"peers\":[\"shm:7\"],\"holders\":[{\"pid\":%u,\"way\":\"creator\"}]}",
                           i % 2 ? 7 : i, (unsigned long long)(UINT64_C(1) << 63) + i, i % 3);
        buf_string(&text, "],\"gaps\":[{\"where\":\"x\"}");
        for (unsigned i = 0; i < MANY; i++)
                buf_string(&text, ",{\"where\":\"x\"}");
        buf_string(&text, "]}");
        alarm(60);
        snapshot = must_read(buf_text(&text));
        alarm(0);
        assert_int_equal(snapshot->nobjects, MANY + 1);
        assert_int_equal(snapshot->ngaps, MANY + 1);
        assert_int_equal(snapshot->nprocesses, 3);
        snapshot_free(snapshot);
        buf_done(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_same_again),
                cmocka_unit_test(test_what_is_beyond_a_list),
                cmocka_unit_test(test_a_list_is_less),
                cmocka_unit_test(test_passed_over),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_cut_off),
                cmocka_unit_test(test_order_of_lines),
                cmocka_unit_test(test_many_alike),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
