/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the journal that are written together: what people read of them, whatever came in between. */
#include "admin/journal-entries.h"

#include "admin/carry.h"
#include "admin/journal-block.h"
#include "base/array.h"
#include "model/builder.h"
#include "sys/host.h"
#include "sys/state.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

#define START "{\"time\":\"2026-11-21T19:04:12.123456Z\",\"action\":\"remove\","
#define USER ",\"user\":{\"uid\":0,\"name\":\"root\"},\"login\":null,\"pid\":"
#define BLOCK(result, refs, pid) START "\"result\":\"" result "\",\"refs\":[" refs "]" USER pid "}\n"
#define DONE(ref, pid) START "\"ref\":\"" ref "\",\"kind\":\"shm\",\"result\":\"done\",\"error\":null" USER pid "}\n"

/* What is read of a file: "REF RESULT " for each entry. */
static void expect_entries(const char *file, uint64_t most, const char *expected)
{
        struct journal_entries entries;
        struct buf got = { 0 };
        struct arena arena;
        size_t interrupted = 0;

        arena_init(&arena);
        journal_entries_read(text_of(file), most, &arena, &entries);
        buf_reserve(&got, 1);
        buf_clear(&got);
        for (size_t i = 0; i < entries.n; i++) {
                struct journal_row row;

                buf_add(&got, entries.rows[i].ref);
                buf_byte(&got, ' ');
                buf_add(&got, entries.rows[i].result);
                buf_byte(&got, ' ');
                interrupted += text_equal(entries.rows[i].result, TEXT("interrupted"));
                assert_int_equal(journal_row_read(entries.lines[i], &arena, &row), 0);
                assert_text(row.ref, entries.rows[i].ref);
                assert_text(row.kind, entries.rows[i].kind);
                assert_text(row.result, entries.rows[i].result);
                assert_text(row.as, entries.rows[i].as);
                assert_int_equal(row.pid, entries.rows[i].pid);
                assert_int_equal(row.time, entries.rows[i].time);
                assert_int_equal(row.nrefs, 0);
        }
        assert_string_equal(got.data, expected);
        assert_int_equal(entries.interrupted, interrupted);
        assert_int_equal(entries.damaged, 0);
        buf_done(&got);
        arena_done(&arena);
}

static void all_are_told(void **state)
{
        (void)state;
        expect_entries("", 9, "");
        expect_entries(DONE("shm:1", "7"), 9, "shm:1 done ");
        expect_entries(BLOCK("intended", "\"shm:1\",\"shm:2\"", "7") DONE("shm:1", "7") DONE("shm:2", "7"), 9,
                       "shm:1 done shm:2 done ");
        /* In another order, and one of them twice. */
        expect_entries(BLOCK("intended", "\"shm:1\",\"shm:2\",\"shm:1\"", "7") DONE("shm:2", "7") DONE("shm:1", "7")
                       DONE("shm:1", "7"), 9, "shm:2 done shm:1 done shm:1 done ");
        expect_entries(BLOCK("intended", "\"shm:1\",\"shm:2\",\"shm:3\"", "7") DONE("shm:1", "7")
                       BLOCK("withdrawn", "\"shm:2\",\"shm:3\"", "7"), 9, "shm:1 done ");
        expect_entries(BLOCK("withdrawn", "\"shm:2\"", "7"), 9, "");
}

static void some_are_missing(void **state)
{
        (void)state;
        expect_entries(BLOCK("intended", "\"shm:1\"", "7"), 9, "shm:1 interrupted ");
        expect_entries(DONE("shm:9", "7") BLOCK("intended", "\"shm:1\",\"shm:2\",\"msg:3\"", "7") DONE("shm:1", "7")
                       DONE("shm:8", "8"), 9,
                       "shm:9 done shm:2 interrupted msg:3 interrupted shm:1 done shm:8 done ");
        /* Of another process, or of another deed. */
        expect_entries(BLOCK("intended", "\"shm:1\"", "7") DONE("shm:1", "8"), 9, "shm:1 interrupted shm:1 done ");
        expect_entries(DONE("shm:1", "7") BLOCK("intended", "\"shm:1\"", "7"), 9, "shm:1 done shm:1 interrupted ");
}

static void blocks_overlap(void **state)
{
        (void)state;
        /* Of two threads... */
        expect_entries(BLOCK("intended", "\"shm:1\",\"shm:2\"", "7") BLOCK("intended", "\"shm:3\"", "7")
                       DONE("shm:3", "7") BLOCK("intended", "\"shm:4\"", "7") DONE("shm:4", "7") DONE("shm:1", "7")
                       DONE("shm:2", "7"), 9, "shm:3 done shm:4 done shm:1 done shm:2 done ");
        /* ...and of three processes that had one pid, two of which were killed. */
        expect_entries(BLOCK("intended", "\"shm:1\"", "7") BLOCK("intended", "\"shm:2\"", "7")
                       BLOCK("intended", "\"shm:1\"", "7") BLOCK("intended", "\"shm:5\"", "7") DONE("shm:1", "7")
                       DONE("shm:5", "7"), 9, "shm:1 interrupted shm:2 interrupted shm:1 done shm:5 done ");
}

static void the_last_few(void **state)
{
        static const char file[] = DONE("shm:1", "7") BLOCK("intended", "\"shm:2\",\"shm:3\"", "7") DONE("shm:2", "7")
                                   DONE("shm:3", "7") BLOCK("intended", "\"shm:4\",\"shm:5\"", "7");

        (void)state;
        expect_entries(file, 0, "");
        expect_entries(file, 1, "shm:5 interrupted ");
        expect_entries(file, 3, "shm:3 done shm:4 interrupted shm:5 interrupted ");
        expect_entries(file, 4, "shm:2 done shm:3 done shm:4 interrupted shm:5 interrupted ");
        expect_entries(file, UINT64_MAX, "shm:1 done shm:2 done shm:3 done shm:4 interrupted shm:5 interrupted ");
        expect_entries(DONE("shm:1", "7") BLOCK("intended", "\"shm:2\"", "7") DONE("shm:2", "7"), 2,
                       "shm:1 done shm:2 done ");
}

static void damaged(void **state)
{
        struct journal_entries entries;
        struct arena arena;

        (void)state;
        arena_init(&arena);
        journal_entries_read(TEXT(BLOCK("intended", "\"shm:1\",5", "7") BLOCK("intended", "\"shm:1\"", "7") "x\n\n"),
                             UINT64_MAX, &arena, &entries);
        assert_int_equal(entries.n, 1);
        assert_int_equal(entries.damaged, 2);
        assert_text(entries.lines[0], TEXT(START "\"ref\":\"shm:1\",\"kind\":\"shm\",\"result\":\"interrupted\","
                                           "\"error\":null" USER "7}"));
        /* Not one of ours: who it was is not where it should be. */
        journal_entries_read(TEXT(START "\"result\":\"intended\",\"refs\":[\"x\"],\"a\":{\"b\":1" USER "7}}"
                                  "\n" START "\"result\":\"intended\",\"refs\":[\"y\"]}"),
                             UINT64_MAX, &arena, &entries);
        assert_int_equal(entries.n, 2);
        assert_text(entries.lines[0], TEXT(START "\"ref\":\"x\",\"kind\":\"x\",\"result\":\"interrupted\","
                                           "\"error\":null}"));
        assert_text(entries.lines[1], TEXT(START "\"ref\":\"y\",\"kind\":\"y\",\"result\":\"interrupted\","
                                           "\"error\":null}"));
        arena_done(&arena);
}

/* --- a plan that two threads carry out ----------------------------------------- */

enum { MANY = 2000, FAIL_EACH = 97 };

enum { STOPPED_AT = 100, PATIENCE_MS = 5000 };

static atomic_size_t removals;
static atomic_bool to_stop, stopped;

/* The one in the midst of a block waits for the order to stop, and until it can have been heard. */
static int remove_one(struct act *act)
{
        const struct timespec ms = { 0, 1000000 };

        atomic_fetch_add(&removals, 1);
        for (int i = 0; act->object->key.id == STOPPED_AT && atomic_load(&to_stop) && i < PATIENCE_MS; i++) {
                if (atomic_load(&stopped))
                        i = i < PATIENCE_MS - 50 ? PATIENCE_MS - 50 : i;
                nanosleep(&ms, NULL);
        }
        return act->object->key.id % FAIL_EACH == 0 ? -EPERM : 0;
}

static const struct acts acts = { .remove = remove_one, .concurrent = true };
static const uint16_t fields[] = { FIELD_ID, FIELD_OWNER };
static const struct kind kind = { .name = "shm", .title = "shm", .address = ADDRESS_ID, .fields = fields,
                                  .nfields = COUNT(fields), .acts = &acts };
static const struct kind *const kinds[] = { &kind };
static const struct kind_set kind_set = { kinds, COUNT(kinds) };

struct scene {
        struct tree tree;
        struct host *host;
        struct snapshot *snapshot;
        struct plan plan;
        struct carry carry;
        size_t told;
};

static void tell(void *data, const struct plan_row *row, const struct deed *deed)
{
        struct scene *scene = data;

        assert_ptr_equal(row, &scene->plan.rows[scene->told]);
        assert_int_equal(deed->result, row->object->key.id % FAIL_EACH == 0 ? DEED_FAILED : DEED_DONE);
        scene->told++;
}

/* Asked by the one thread while the other one is on its way. */
static bool stop(void *data)
{
        const struct timespec ms = { 0, 1000000 };

        (void)data;
        if (!atomic_load(&to_stop))
                return false;
        for (int i = 0; atomic_load(&removals) <= STOPPED_AT && i < PATIENCE_MS; i++)
                nanosleep(&ms, NULL);
        atomic_store(&stopped, true);
        return true;
}

static int setup(void **state)
{
        static struct scene scene;
        const struct object *objects[MANY];
        struct want want = { .kinds = 1, .holders = true };
        struct plan_options options = { 0 };
        struct builder *builder = builder_new(&kind_set, &want);

        scene = (struct scene){ 0 };
        atomic_store(&removals, 0);
        atomic_store(&to_stop, false);
        atomic_store(&stopped, false);
        for (uint64_t i = 0; i < MANY; i++)
                builder_uint(builder, builder_object(builder, (struct object_key){ &kind, 1, i }, NULL), FIELD_ID, i);
        scene.snapshot = builder_seal(builder);
        for (size_t i = 0; i < MANY; i++)
                objects[i] = &scene.snapshot->objects[i];
        plan_make(scene.snapshot, objects, MANY, &options, &scene.plan);
        assert_int_equal(scene.plan.nchosen, MANY);
        tree_init(&scene.tree);
        assert_int_equal(setenv("XDG_STATE_HOME", scene.tree.root, 1), 0);
        assert_int_equal(host_open(NULL, &scene.host), 0);
        scene.carry = (struct carry){ .host = scene.host, .snapshot = scene.snapshot, .plan = &scene.plan,
                                      .data = &scene, .tell = tell, .stop = stop };
        *state = &scene;
        return journal_open(&scene.carry.journal);
}

static int teardown(void **state)
{
        struct scene *scene = *state;

        plan_done(&scene->plan);
        snapshot_free(scene->snapshot);
        host_close(scene->host);
        tree_done(&scene->tree);
        return 0;
}

/* Removes, and reads what the journal tells; returns how many entries that are. */
static size_t carry_out(struct scene *scene)
{
        struct journal_entries entries;
        struct buf file = { 0 };
        struct arena arena;
        bool seen[MANY] = { false };
        size_t n;

        carry_begin(&scene->carry);
        carry_remove(&scene->carry);
        assert_int_equal(scene->carry.journal_err, 0);
        carry_done(&scene->carry);
        assert_int_equal(journal_close(scene->carry.journal), 0);
        assert_int_equal(journal_read(&file), 0);
        arena_init(&arena);
        journal_entries_read(buf_text(&file), UINT64_MAX, &arena, &entries);
        for (size_t i = 0; i < entries.n; i++) {
                size_t id = strtoul(entries.rows[i].ref.data + strlen("shm:"), NULL, 10);

                assert_true(id < MANY && !seen[id]);
                seen[id] = true;
                assert_text(entries.rows[i].result, id % FAIL_EACH == 0 ? TEXT("failed") : TEXT("done"));
        }
        assert_int_equal(entries.damaged + entries.interrupted, 0);
        n = entries.n;
        arena_done(&arena);
        buf_done(&file);
        return n;
}

static void two_threads_note_all(void **state)
{
        struct scene *scene = *state;

        assert_int_equal(carry_out(scene), MANY);
        assert_int_equal(scene->told, MANY);
        assert_int_equal(scene->carry.untouched, 0);
        assert_int_equal(atomic_load(&removals), MANY);
}

static void stopped_they_note_what_they_did(void **state)
{
        struct scene *scene = *state;
        size_t n;

        atomic_store(&to_stop, true);
        n = carry_out(scene);
        assert_int_equal(n, atomic_load(&removals));
        assert_true(n > STOPPED_AT);
        assert_int_equal(scene->told, n);
        assert_int_equal(scene->told + scene->carry.untouched, MANY);
}

/* --- a block ------------------------------------------------------------------- */

static void left_alone(void **state)
{
        struct scene *scene = *state;
        struct journal_block block = { .journal = scene->carry.journal, .host = scene->host };
        struct journal_entries entries;
        struct buf file = { 0 };
        struct arena arena;

        assert_int_equal(journal_block_begin(&block), 0);
        assert_int_equal(journal_block_end(&block, 0), 0);
        assert_int_equal(journal_read(&file), 0);
        assert_int_equal(file.len, 0);
        for (size_t i = 0; i < 3; i++)
                block.refs[block.n++] = scene->plan.rows[i].object->ref;
        assert_int_equal(journal_block_begin(&block), 0);
        assert_int_equal(journal_read(&file), 0);
        assert_non_null(strstr(file.data, "\"action\":\"remove\",\"result\":\"intended\","
                                          "\"refs\":[\"shm:0\",\"shm:1\",\"shm:2\"],\"user\":{"));
        arena_init(&arena);
        journal_entries_read(buf_text(&file), UINT64_MAX, &arena, &entries);
        assert_int_equal(entries.interrupted, 3);
        assert_int_equal(journal_block_end(&block, 1), 0);
        assert_int_equal(block.n, 0);
        buf_clear(&file);
        assert_int_equal(journal_read(&file), 0);
        assert_non_null(strstr(file.data, "\"result\":\"withdrawn\",\"refs\":[\"shm:1\",\"shm:2\"],\"user\":{"));
        journal_entries_read(buf_text(&file), UINT64_MAX, &arena, &entries);
        assert_int_equal(entries.n, 1);
        assert_text(entries.rows[0].ref, TEXT("shm:0"));
        arena_done(&arena);
        buf_done(&file);
        journal_block_done(&block);
        assert_int_equal(journal_close(scene->carry.journal), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(all_are_told),
                cmocka_unit_test(some_are_missing),
                cmocka_unit_test(blocks_overlap),
                cmocka_unit_test(the_last_few),
                cmocka_unit_test(damaged),
                cmocka_unit_test_setup_teardown(two_threads_note_all, setup, teardown),
                cmocka_unit_test_setup_teardown(stopped_they_note_what_they_did, setup, teardown),
                cmocka_unit_test_setup_teardown(left_alone, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
