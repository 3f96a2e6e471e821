/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query.h"

#include "model/builder.h"
#include "model/literal.h"

#include <stdlib.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)
#define NOON   (INT64_C(1795262400) * SECOND)           /* 2026-11-21T12:00:00Z */
#define HOUR   (3600 * SECOND)

static const uint16_t thing_fields[] = {
        FIELD_ID, FIELD_KEY, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE, FIELD_SIZE_BYTES,
        FIELD_CREATED_AT, FIELD_ATTACHED, FIELD_CREATOR_LIFE, FIELD_SEMAPHORES, FIELD_LINKED, FIELD_TARGET,
        FIELD_NOTIFY,
};
static const struct kind thing = {
        .name = "thing", .scope = NAMESPACE_IPC, .address = ADDRESS_ID,
        .fields = thing_fields, .nfields = sizeof(thing_fields) / sizeof(thing_fields[0]),
};
static const struct kind *const kinds[] = { &thing };
static const struct kind_set set = { kinds, 1 };

#define NUMBER(field_id, number) { .field = field_id, .type = VALUE_UINT, .u = number }

static const struct value first_semaphore[] = { NUMBER(FIELD_NUMBER, 0), NUMBER(FIELD_VALUE, 0),
                                                NUMBER(FIELD_WAITING_INCREASE, 2) };
static const struct value second_semaphore[] = { NUMBER(FIELD_NUMBER, 1), NUMBER(FIELD_VALUE, 5),
                                                 { .field = FIELD_WAITING_INCREASE, .type = VALUE_UNKNOWN } };
static const struct row semaphores[] = { { first_semaphore, 3 }, { second_semaphore, 3 } };

static const struct value nobody[] = { { .field = FIELD_METHOD, .type = VALUE_WORD, .u = NOTIFY_NOBODY } };
static const struct value somebody[] = { { .field = FIELD_METHOD, .type = VALUE_WORD, .u = NOTIFY_SIGNAL },
                                         NUMBER(FIELD_PID, 10), NUMBER(FIELD_SIGNAL, 12) };
static const struct row no_notify[] = { { nobody, 1 } }, notify[] = { { somebody, 3 } };

static struct object *add(struct builder *builder, uint64_t id)
{
        struct object *object = builder_object(builder, (struct object_key){ &thing, 1, id }, NULL);

        object->ns = 100;
        builder_uint(builder, object, FIELD_ID, id);
        return object;
}

static void add_rows(struct builder *builder, struct object *object, uint16_t field, const struct row *rows,
                     uint32_t n)
{
        struct value value = { .field = field, .len = n, .rows = rows };

        value.type = (uint8_t)field_get(field)->type;
        builder_value(builder, object, value);
}

static void add_first(struct builder *builder)
{
        struct object *object = add(builder, 1);

        builder_uint(builder, object, FIELD_KEY, 0x5eed);
        builder_uint(builder, object, FIELD_DEV, value_dev(0, 45));
        builder_uint(builder, object, FIELD_OWNER, 1000);
        builder_uint(builder, object, FIELD_GROUP, 100);
        builder_uint(builder, object, FIELD_MODE, 0660);
        builder_uint(builder, object, FIELD_STATE, 0);
        builder_uint(builder, object, FIELD_SIZE_BYTES, 65536);
        builder_uint(builder, object, FIELD_CREATED_AT, (uint64_t)(NOON - 3 * HOUR + SECOND / 2));
        builder_uint(builder, object, FIELD_ATTACHED, 0);
        builder_uint(builder, object, FIELD_CREATOR_LIFE, LIFE_DEAD);
        builder_uint(builder, object, FIELD_LINKED, 1);
        builder_text(builder, object, FIELD_TARGET, TEXT("/a b"));
        add_rows(builder, object, FIELD_SEMAPHORES, semaphores, 2);
        add_rows(builder, object, FIELD_NOTIFY, no_notify, 1);
}

static void add_second(struct builder *builder)
{
        struct object *object = add(builder, 2);
        struct process *nginx = builder_process(builder, 10, 1, TEXT("nginx"));
        struct process *redis = builder_process(builder, 11, 1, TEXT("redis"));

        builder_uint(builder, object, FIELD_KEY, 0);
        builder_uint(builder, object, FIELD_OWNER, 0);
        builder_uint(builder, object, FIELD_GROUP, 0);
        builder_uint(builder, object, FIELD_MODE, 0600);
        builder_uint(builder, object, FIELD_STATE, WORD_BIT(STATE_DEST) | WORD_BIT(STATE_LOCKED));
        builder_uint(builder, object, FIELD_SIZE_BYTES, 2 << 20);
        builder_uint(builder, object, FIELD_CREATED_AT, 0);
        builder_uint(builder, object, FIELD_ATTACHED, 3);
        builder_uint(builder, object, FIELD_CREATOR_LIFE, LIFE_ALIVE);
        builder_uint(builder, object, FIELD_LINKED, 0);
        builder_text(builder, object, FIELD_TARGET, TEXT("x\0y"));
        add_rows(builder, object, FIELD_SEMAPHORES, NULL, 0);
        add_rows(builder, object, FIELD_NOTIFY, notify, 1);
        builder_hold(builder, (struct hold){ .object = object, .process = nginx, .way = WAY_FD,
                                             .access = ACCESS_RW, .fd = 3 });
        builder_hold(builder, (struct hold){ .object = object, .process = nginx, .way = WAY_FD,
                                             .access = ACCESS_R, .fd = 4 });
        builder_hold(builder, (struct hold){ .object = object, .process = redis, .way = WAY_MAP,
                                             .access = ACCESS_RW, .fd = -1, .maps = 2 });
}

/* Nobody knows its size; attaches, creator, semaphores... it does not have. */
static void add_third(struct builder *builder)
{
        struct object *object = add(builder, 3);

        builder_uint(builder, object, FIELD_KEY, 0xdeadbeef);
        builder_uint(builder, object, FIELD_OWNER, 4242);
        builder_uint(builder, object, FIELD_MODE, 04755);
        builder_uint(builder, object, FIELD_STATE, WORD_BIT(STATE_DEST));
        builder_unknown(builder, object, FIELD_SIZE_BYTES);
        builder_uint(builder, object, FIELD_CREATED_AT, (uint64_t)(NOON - 72 * HOUR));
}

static int make_things(void **state)
{
        static const struct want want = { .kinds = UINT64_MAX, .holders = true };
        struct builder *builder = builder_new(&set, &want);

        builder_origin(builder)->time = NOON;
        builder_name_user(builder, 0, TEXT("root"));
        builder_name_user(builder, 1000, TEXT("alice"));
        builder_name_group(builder, 0, TEXT("wheel"));
        builder_name_group(builder, 100, TEXT("users"));
        add_third(builder);
        add_first(builder);
        add_second(builder);
        *state = builder_seal(builder);
        return 0;
}

static int free_things(void **state)
{
        snapshot_free(*state);
        return 0;
}

/* ids: digits of the things that match, in order. */
static void assert_matches(const struct snapshot *snapshot, const char *expression, const char *ids)
{
        struct parse_error error = { "", 0 };
        struct query *query = NULL;
        char found[8] = "";
        size_t n = 0;

        if (query_parse(text_of(expression), NOON, &query, &error) < 0)
                fail_msg("%s: %s at %zu", expression, error.message, error.at);
        for (size_t i = 0; i < snapshot->nobjects; i++)
                if (query_match(query, snapshot, &snapshot->objects[i]))
                        found[n++] = (char)('0' + snapshot->objects[i].key.id);
        if (strcmp(found, ids) != 0)
                fail_msg("%s: matches \"%s\", not \"%s\"", expression, found, ids);
        query_free(query);
}

static void numbers(void **state)
{
        assert_matches(*state, "id == 1", "1");
        assert_matches(*state, "id==1", "1");
        assert_matches(*state, "id != 1", "23");
        assert_matches(*state, "id<2", "1");
        assert_matches(*state, "id <= 2", "12");
        assert_matches(*state, "id>2", "3");
        assert_matches(*state, "id>=2", "23");
        assert_matches(*state, "id == '1'", "1");
        assert_matches(*state, "size_bytes == 64K", "1");
        assert_matches(*state, "size_bytes > 1M", "2");
        assert_matches(*state, "size_bytes >= 2097152", "2");
        assert_matches(*state, "attached == 0", "1");
        assert_matches(*state, "mode == 660", "1");
        assert_matches(*state, "mode > 0660", "3");
        assert_matches(*state, "key == 0x5eed", "1");
        assert_matches(*state, "key == 24301", "1");
        assert_matches(*state, "key == -559038737", "3");
        assert_matches(*state, "key == private", "2");
        assert_matches(*state, "key != private", "13");
        assert_matches(*state, "dev == 0:45", "1");
        assert_matches(*state, "namespace == 100", "123");
        assert_matches(*state, "linked == yes", "1");
        assert_matches(*state, "linked != true", "2");
        assert_matches(*state, "linked == no or linked == true", "12");
}

static void absent_and_unknown_are_false(void **state)
{
        assert_matches(*state, "size_bytes == 5 or size_bytes != 5", "12");
        assert_matches(*state, "attached >= 0", "12");
        assert_matches(*state, "not attached >= 0", "3");
        assert_matches(*state, "creator_life != dead", "2");
        assert_matches(*state, "semaphores.waiting_increase != 0", "1");
        assert_matches(*state, "semaphores.waiting_increase == 0", "");
        assert_matches(*state, "size_bytes ~ '*'", "12");
        assert_matches(*state, "path !~ x", "");
        assert_matches(*state, "waiters == 0", "");
        assert_matches(*state, "peers == 0", "123");
}

static void bare_fields(void **state)
{
        assert_matches(*state, "attached", "2");
        assert_matches(*state, "not attached", "13");
        assert_matches(*state, "! attached", "13");
        assert_matches(*state, "!attached", "13");
        assert_matches(*state, "size_bytes", "12");
        assert_matches(*state, "key", "13");
        assert_matches(*state, "state", "23");
        assert_matches(*state, "linked", "1");
        assert_matches(*state, "holders", "2");
        assert_matches(*state, "semaphores", "1");
        assert_matches(*state, "notify", "2");
        assert_matches(*state, "holders.maps", "2");
        assert_matches(*state, "target", "12");
        assert_matches(*state, "created_at", "13");
}

static void junctions(void **state)
{
        assert_matches(*state, "id == 1 or id == 2 and attached == 0", "1");
        assert_matches(*state, "(id == 1 or id == 2) and attached == 3", "2");
        assert_matches(*state, "id==1||id==2&&attached==0", "1");
        assert_matches(*state, "(id==1||id==3)&&!attached", "13");
        assert_matches(*state, "not id == 1 and not id == 2", "3");
        assert_matches(*state, "not (id == 1 or id == 2)", "3");
        assert_matches(*state, "not not id == 1", "1");
        assert_matches(*state, "!!id==1", "1");
        assert_matches(*state, "id == 1 or id == 2 or id == 3", "123");
        assert_matches(*state, "((((id == 1))))", "1");
        assert_matches(*state, "\t id\n==\r1 ", "1");
        assert_matches(*state, "kind == and or id == 1", "1");
}

static void texts(void **state)
{
        assert_matches(*state, "kind == thing", "123");
        assert_matches(*state, "ref == thing:2", "2");
        assert_matches(*state, "target == '/a b'", "1");
        assert_matches(*state, "target == \"/a b\"", "1");
        assert_matches(*state, "target != '/a b'", "2");
        assert_matches(*state, "target < x", "1");
        assert_matches(*state, "target > x", "2");
        assert_matches(*state, "target >= '/a b'", "12");
        assert_matches(*state, "target == x", "");
        assert_matches(*state, "kind == 'th\\'ing'", "");
        assert_matches(*state, "kind != 'th\\'ing' and kind != \"\\\\\" and kind != '\\n\"'", "123");
}

static void users_and_groups(void **state)
{
        assert_matches(*state, "owner == alice", "1");
        assert_matches(*state, "owner == 1000", "1");
        assert_matches(*state, "owner != root", "13");
        assert_matches(*state, "owner == bob", "");
        assert_matches(*state, "owner != bob", "123");
        assert_matches(*state, "owner < 1000", "2");
        assert_matches(*state, "group == users", "1");
        assert_matches(*state, "group == alice", "");
        assert_matches(*state, "owner ~ a*", "1");
        assert_matches(*state, "owner ~ 42*", "3");
        assert_matches(*state, "owner ~ 1000", "");
}

static void words(void **state)
{
        assert_matches(*state, "creator_life == dead", "1");
        assert_matches(*state, "creator_life != none", "12");
        assert_matches(*state, "creator_life ~ a*", "2");
        assert_matches(*state, "state has dest", "23");
        assert_matches(*state, "state has locked,dest", "2");
        assert_matches(*state, "not state has dest", "1");
        assert_matches(*state, "state == dest", "3");
        assert_matches(*state, "state == locked,dest", "2");
        assert_matches(*state, "state == ''", "1");
        assert_matches(*state, "state != dest", "12");
        assert_matches(*state, "state ~ 'd*'", "23");
        assert_matches(*state, "state ~ 'l*'", "2");
        assert_matches(*state, "state !~ 'l*'", "13");
        assert_matches(*state, "state =~ ^dest,locked$", "2");
        assert_matches(*state, "state =~ ^$", "1");
}

static void times(void **state)
{
        assert_matches(*state, "created_at < 2d", "3");
        assert_matches(*state, "created_at > 2d", "1");
        assert_matches(*state, "created_at > 2h", "");
        assert_matches(*state, "created_at >= 3d", "13");
        assert_matches(*state, "created_at > 3d", "1");
        assert_matches(*state, "created_at > 9999w", "13");
        assert_matches(*state, "created_at == never", "2");
        assert_matches(*state, "created_at != never", "13");
        assert_matches(*state, "created_at == 2026-11-21", "1");
        assert_matches(*state, "created_at != 2026-11-21", "23");
        assert_matches(*state, "created_at == 2026-11-20", "");
        assert_matches(*state, "created_at > 2026-11-21", "1");
        assert_matches(*state, "created_at < 2026-11-21", "3");
        assert_matches(*state, "created_at == 2026-11-21T09:00Z", "1");
        assert_matches(*state, "created_at == 2026-11-21T09:01Z", "");
        assert_matches(*state, "created_at == 2026-11-21T09:00:00Z", "1");
        assert_matches(*state, "created_at == 2026-11-21T09:00:00.5Z", "1");
        assert_matches(*state, "created_at == 2026-11-21T09:00:00.500000000Z", "1");
        assert_matches(*state, "created_at == 2026-11-21T09:00:00.4Z", "");
        assert_matches(*state, "created_at == '2026-11-21 10:30:00+01:30'", "1");
        assert_matches(*state, "created_at == 2026-11-21T04:00-0500", "1");
        assert_matches(*state, "created_at == 2026-11-21T04:00-05", "1");
        assert_matches(*state, "created_at >= 2026-11-18T12:00:00Z", "13");
        assert_matches(*state, "created_at <= 2026-11-18T12:00:00Z", "3");
        assert_matches(*state, "created_at < 2026-11-18T12:00:00Z", "");
        assert_matches(*state, "created_at ~ 2026-11-18T12:*", "3");
        assert_matches(*state, "created_at =~ ^never$", "2");
        assert_matches(*state, "age_seconds > 2d", "3");
        assert_matches(*state, "age_seconds == 3d", "3");
}

/* New York: 05:00Z is midnight; 2026-11-01 has 25 hours. */
static void local_times(void **state)
{
        struct parse_error error;
        struct moment day;

        setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
        tzset();
        assert_matches(*state, "created_at == 2026-11-21T04:00", "1");
        assert_matches(*state, "created_at == '2026-11-21 04:00:00'", "1");
        assert_matches(*state, "created_at == 2026-11-21T09:00", "");
        assert_matches(*state, "created_at == 2026-11-21", "1");
        assert_matches(*state, "created_at < 2026-11-21T04:00:01", "13");
        assert_matches(*state, "created_at == 2026-11-21T09:00Z", "1");
        assert_int_equal(literal_time(TEXT("2026-11-01"), 0, NOON, &day, &error), 0);
        assert_int_equal(day.end - day.from, 25 * HOUR);
        setenv("TZ", "UTC", 1);
        tzset();
}

static void patterns(void **state)
{
        assert_matches(*state, "target ~ '/*'", "1");
        assert_matches(*state, "target ~ '[!/]*'", "2");
        assert_matches(*state, "target ~ '?a b'", "1");
        assert_matches(*state, "target !~ '/*'", "2");
        assert_matches(*state, "target ~ a", "");
        assert_matches(*state, "target =~ a", "1");
        assert_matches(*state, "target =~ '^/(a|b) b$'", "1");
        assert_matches(*state, "target !=~ a", "2");
        assert_matches(*state, "target =~ '^x\\\\\\\\0y$'", "2");
        assert_matches(*state, "target ~ 'x\\\\\\\\0y'", "2");
        assert_matches(*state, "size_bytes ~ 655*", "1");
        assert_matches(*state, "key ~ 0x0000*", "1");
        assert_matches(*state, "key =~ ^private$", "2");
        assert_matches(*state, "mode ~ 06*", "12");
        assert_matches(*state, "mode =~ ^4", "3");
        assert_matches(*state, "dev ~ '0:*'", "1");
        assert_matches(*state, "linked ~ t*", "1");
        assert_matches(*state, "id =~ '^[0-9]{1,3}(.[0-9]{1,3}){0,3}$'", "123");
}

static void rows(void **state)
{
        assert_matches(*state, "holders == 2", "2");
        assert_matches(*state, "holders == 0", "13");
        assert_matches(*state, "holders >= 3", "");
        assert_matches(*state, "holders.comm == nginx", "2");
        assert_matches(*state, "holders.comm != nginx", "2");
        assert_matches(*state, "holders.comm == cron", "");
        assert_matches(*state, "not holders.comm == cron", "123");
        assert_matches(*state, "holders.fd == 4", "2");
        assert_matches(*state, "holders.fd < 3", "");
        assert_matches(*state, "holders.way == map and holders.access == r", "2");
        assert_matches(*state, "holders.way == creator", "");
        assert_matches(*state, "holders.pid > 10", "2");
        assert_matches(*state, "holders.comm =~ ^re", "2");
        assert_matches(*state, "semaphores == 2", "1");
        assert_matches(*state, "semaphores == 0", "2");
        assert_matches(*state, "semaphores.value > 4", "1");
        assert_matches(*state, "semaphores.value == 1", "");
        assert_matches(*state, "notify == 1", "2");
        assert_matches(*state, "notify.method == signal", "2");
        assert_matches(*state, "notify.method == nobody", "1");
        assert_matches(*state, "notify.signal == 12", "2");
}

/* Where nobody walked the processes, no holders is not zero holders. */
static void holders_not_looked_for(void **state)
{
        static const struct want want = { .kinds = UINT64_MAX };
        struct builder *builder = builder_new(&set, &want);
        struct snapshot *snapshot;

        (void)state;
        add(builder, 1);
        snapshot = builder_seal(builder);
        assert_matches(snapshot, "holders == 0", "");
        assert_matches(snapshot, "holders != 0", "");
        assert_matches(snapshot, "id == 1", "1");
        snapshot_free(snapshot);
}

static void repeat(struct buf *buf, const char *string, size_t n)
{
        for (size_t i = 0; i < n; i++)
                buf_string(buf, string);
}

/* Deep and long, but within the bounds; chains are no nesting. */
static void large_filters(void **state)
{
        struct buf buf = { 0 };

        repeat(&buf, "(", 199);
        buf_string(&buf, "id == 1");
        repeat(&buf, ")", 199);
        assert_matches(*state, buf.data, "1");

        buf_clear(&buf);
        repeat(&buf, "id==2 or ", 7000);
        buf_string(&buf, "id == 1");
        assert_matches(*state, buf.data, "12");

        buf_clear(&buf);
        repeat(&buf, "target =~ a{1000} or ", 9);
        buf_string(&buf, "id == 1");
        assert_matches(*state, buf.data, "1");
        buf_done(&buf);
}

static void fields(void **state)
{
        struct text expression = TEXT("not (id or key == 5) and holders.comm == x");
        struct parse_error error;
        struct field_set wanted = { { 0 } };
        struct query *query;
        unsigned n = 0;

        (void)state;
        field_set_add(&wanted, FIELD_REF);
        assert_int_equal(query_parse(expression, NOON, &query, &error), 0);
        query_fields(query, &wanted);
        query_free(query);
        for (uint16_t i = 0; i < FIELD_COUNT; i++)
                n += field_set_has(&wanted, i);
        assert_int_equal(n, 5);
        assert_true(field_set_has(&wanted, FIELD_REF));
        assert_true(field_set_has(&wanted, FIELD_ID));
        assert_true(field_set_has(&wanted, FIELD_KEY));
        assert_true(field_set_has(&wanted, FIELD_HOLDERS));
        assert_true(field_set_has(&wanted, FIELD_COMM));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(numbers),
                cmocka_unit_test(absent_and_unknown_are_false),
                cmocka_unit_test(bare_fields),
                cmocka_unit_test(junctions),
                cmocka_unit_test(texts),
                cmocka_unit_test(users_and_groups),
                cmocka_unit_test(words),
                cmocka_unit_test(times),
                cmocka_unit_test(local_times),
                cmocka_unit_test(patterns),
                cmocka_unit_test(rows),
                cmocka_unit_test(holders_not_looked_for),
                cmocka_unit_test(large_filters),
                cmocka_unit_test(fields),
        };

        /* Dates without a zone are local: this machine's must not matter. */
        setenv("TZ", "UTC", 1);
        tzset();
        return cmocka_run_group_tests(tests, make_things, free_things);
}
