/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the journal: what is written can be read again, and what nobody wrote is refused. */
#include "admin/journal-line.h"

#include "base/array.h"
#include "kind/kinds.h"
#include "sys/host.h"
#include "sys/state.h"

#include <errno.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

#define TIME "\"time\":\"2026-11-21T19:04:12.123456Z\""

static void good_lines(void **state)
{
        struct journal_row row;
        struct arena arena;

        (void)state;
        arena_init(&arena);
        assert_int_equal(journal_row_read(TEXT("{" TIME ",\"action\":\"remove\",\"result\":\"done\"}"), &arena,
                                          &row), 0);
        assert_true(row.time == INT64_C(1795287852123456000));
        assert_text(row.action, TEXT("remove"));
        assert_text(row.result, TEXT("done"));
        assert_int_equal(row.ref.len + row.kind.len + row.user.len + row.as.len + row.copy.len + row.error.len, 0);

        assert_int_equal(journal_row_read(TEXT("{" TIME ",\"action\":\"x\",\"ref\":\"shm:3\",\"kind\":\"shm\","
                                               "\"result\":\"failed\",\"error\":\"EPERM\",\"later\":[{}],"
                                               "\"user\":{\"uid\":0,\"name\":\"root\"},"
                                               "\"login\":{\"uid\":1000,\"name\":null},"
                                               "\"copy\":\"a\\ufffd\",\"copy_b64\":\"Yf8K\"}"), &arena, &row), 0);
        assert_text(row.ref, TEXT("shm:3"));
        assert_text(row.kind, TEXT("shm"));
        assert_text(row.error, TEXT("EPERM"));
        assert_text(row.as, TEXT("root"));
        assert_text(row.user, TEXT("1000"));
        assert_text(row.copy, TEXT("a\xff\n"));

        assert_int_equal(journal_row_read(TEXT("{" TIME ",\"action\":\"x\",\"result\":\"y\",\"login\":null,"
                                               "\"user\":{\"uid\":7,\"name\":null},\"copy\":null,\"ref\":null}"),
                                          &arena, &row), 0);
        assert_text(row.user, TEXT("7"));
        assert_text(row.as, TEXT("7"));
        arena_done(&arena);
}

static void damaged_lines(void **state)
{
#define REST ",\"action\":\"x\",\"result\":\"y\"}"
        static const struct text bad[] = {
                { "", 0 }, { "{}", 2 }, { "x", 1 }, { "[]", 2 }, { "null", 4 }, { "{", 1 }, { "}", 1 },
                { "{" TIME, sizeof("{" TIME) - 1 },
                { " {" TIME REST, sizeof(" {" TIME REST) - 1 },
                { "{" TIME REST "}", sizeof("{" TIME REST "}") - 1 },
                { "{" TIME REST "{}", sizeof("{" TIME REST "{}") - 1 },
                { "{\"time\":\"yesterday\"" REST, sizeof("{\"time\":\"yesterday\"" REST) - 1 },
                { "{\"time\":5" REST, sizeof("{\"time\":5" REST) - 1 },
                { "{\"time\":null" REST, sizeof("{\"time\":null" REST) - 1 },
                { "{" TIME ",\"e\":\"\x1b[2J\"" REST, sizeof("{" TIME ",\"e\":\"\x1b[2J\"" REST) - 1 },
                { "{" TIME ",\"e\":\"\xff\"" REST, sizeof("{" TIME ",\"e\":\"\xff\"" REST) - 1 },
                { "{" TIME ",\"e\":\"\xe2\x80\xae\"" REST, sizeof("{" TIME ",\"e\":\"\xe2\x80\xae\"" REST) - 1 },
                { "{" TIME ",\0" REST, sizeof("{" TIME ",\0" REST) - 1 },
                { "{" TIME ",\"action\":\"x\"}", sizeof("{" TIME ",\"action\":\"x\"}") - 1 },
                { "{" TIME ",\"result\":\"x\"}", sizeof("{" TIME ",\"result\":\"x\"}") - 1 },
        };
        struct arena arena;

        (void)state;
        arena_init(&arena);
        for (size_t i = 0; i < COUNT(bad); i++) {
                struct journal_row row = { .time = 42 };

                if (journal_row_read(bad[i], &arena, &row) != -EBADMSG)
                        fail_msg("read: %.*s", (int)bad[i].len, bad[i].data);
                assert_true(row.time == 42);
        }
        arena_done(&arena);
}

/* So deeply nested that a parser without a limit would fall over. */
static void deep_lines(void **state)
{
        struct journal_row row;
        struct buf line = { 0 };
        struct arena arena;

        (void)state;
        arena_init(&arena);
        buf_string(&line, "{\"x\":");
        for (int i = 0; i < 100000; i++)
                buf_byte(&line, '[');
        buf_byte(&line, '}');
        assert_int_equal(journal_row_read(buf_text(&line), &arena, &row), -EBADMSG);
        buf_done(&line);
        arena_done(&arena);
}

struct place {
        struct tree tree;
        struct host *host;
        struct journal *journal;
};

static int setup(void **state)
{
        static struct place place;

        tree_init(&place.tree);
        *state = &place;
        assert_int_equal(setenv("XDG_STATE_HOME", place.tree.root, 1), 0);
        assert_int_equal(host_open(NULL, &place.host), 0);
        return journal_open(&place.journal);
}

static int teardown(void **state)
{
        struct place *place = *state;

        host_close(place->host);
        assert_int_equal(journal_close(place->journal), 0);
        tree_done(&place->tree);
        return 0;
}

static void read_last(struct arena *arena, struct buf *text, struct journal_row *ret)
{
        struct text all, line;

        buf_clear(text);
        assert_int_equal(journal_read(text), 0);
        all = buf_text(text);
        while (text_split(&all, '\n', &line))
                assert_int_equal(journal_row_read(line, arena, ret), 0);
}

static void notes_are_read_again(void **state)
{
        const struct place *place = *state;
        struct value values[] = {
                { .field = FIELD_NAME, .type = VALUE_TEXT, .len = 12, .data = "/a\n\x1b[2J\xff\"\\ \xc2" },
                { .field = FIELD_OWNER, .type = VALUE_UINT, .u = 0 },
                { .field = FIELD_MODE, .type = VALUE_UINT, .u = 0640 },
                { .field = FIELD_STATE, .type = VALUE_WORDS, .u = WORD_BIT(STATE_LOCKED) },
                { .field = FIELD_SIZE_BYTES, .type = VALUE_UNKNOWN },
        };
        struct object object = { .key.kind = kind_find(&all_kinds, TEXT("pshm")), .values = values,
                                 .nvalues = COUNT(values), .ref = TEXT("pshm:/a%0A%1B%5B2J%FF") };
        const struct assignment assignment = { .value = { .field = FIELD_MODE, .type = VALUE_UINT, .u = 0600 } };
        struct journal_note note = { .object = &object, .verdict = "orphan", .assignments = &assignment,
                                     .nassignments = 1 };
        struct deed deed = { .host = place->host, .action = "set", .journal = place->journal,
                             .result = DEED_CHANGED, .err = 0 };
        struct journal_row row;
        struct buf text = { 0 };
        struct arena arena;

        arena_init(&arena);
        deed.act.changed.field = FIELD_MODE;
        deed.act.changed.before = values[2];
        deed.act.changed.now = (struct value){ .field = FIELD_MODE, .type = VALUE_UINT, .u = 0644 };
        buf_string(&deed.copy, "/var/lib/x \x1b\xff");
        journal_note(&deed, &note);
        assert_int_equal(deed.journal_err, 0);

        read_last(&arena, &text, &row);
        assert_true(row.time > INT64_C(1700000000000000000));
        assert_text(row.action, TEXT("set"));
        assert_text(row.ref, object.ref);
        assert_text(row.kind, TEXT("pshm"));
        assert_text(row.result, TEXT("changed"));
        assert_text(row.copy, TEXT("/var/lib/x \x1b\xff"));
        assert_true(row.user.len > 0 && row.as.len > 0);
        assert_non_null(strstr(text.data, "\"changed\":{\"field\":\"mode\",\"before\":\"0640\",\"now\":\"0644\"}"));
        assert_non_null(strstr(text.data, "\"values\":[{\"field\":\"mode\",\"before\":\"0640\",\"after\":\"0600\"}]"));
        assert_non_null(strstr(text.data, "\"verdict\":\"orphan\""));
        assert_non_null(strstr(text.data, "\"name_b64\":"));
        assert_null(strstr(text.data, "size_bytes"));
        assert_null(strchr(text.data, 0x1b));
        deed_done(&deed);
        buf_done(&text);
        arena_done(&arena);
}

/* A note must never make a deed fail. */
static void without_a_journal(void **state)
{
        const struct place *place = *state;
        struct journal_note note = { .kind = all_kinds.kinds[0] };
        struct deed deed = { .host = place->host, .action = "create", .result = DEED_DONE };

        journal_note(&deed, &note);
        assert_int_equal(deed.journal_err, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(good_lines),
                cmocka_unit_test(damaged_lines),
                cmocka_unit_test(deep_lines),
                cmocka_unit_test_setup_teardown(notes_are_read_again, setup, teardown),
                cmocka_unit_test_setup_teardown(without_a_journal, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
