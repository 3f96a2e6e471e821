/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/protection.h"

#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

/* A segment that one process of that name holds in that way; the reason, or NULL. */
static const char *reason_for(const char *comm, enum way_word way)
{
        const struct want want = { .kinds = 7, .holders = true };
        struct protections *protections = protections_new();
        struct builder *builder = builder_new(&sample_kinds, &want);
        struct process *process = builder_process(builder, 7, 1, text_of(comm));
        struct object *object = sample_add_shm(builder);
        const char *reason, *where = "";
        struct snapshot *snapshot;

        builder_hold(builder, (struct hold){ .object = object, .process = process, .way = way, .fd = -1 });
        snapshot = builder_seal(builder);
        reason = protections_match(protections, snapshot, &snapshot->objects[0], &where);
        assert_null(where);
        snapshot_free(snapshot);
        protections_free(protections);
        return reason;
}

static void test_programs(void **state)
{
        static const struct {
                const char *comm, *word;
        } cases[] = {
                { "postgres", "PostgreSQL" }, { "postmaster", "PostgreSQL" }, { "oracle", "Oracle" },
                { "oracleORCL", "Oracle" }, { "ora_pmon_ORCL", "Oracle" }, { "asm_pmon_+ASM", "Oracle" },
                { "dw.sapC11_D01", "SAP" }, { "disp+work", "SAP" }, { "httpd", "Apache" }, { "apache2", "Apache" },
        };
        static const char *const others[] = {
                "", "postgre", "postgresql", "postgres2", "ora", "aora_pmon", "dw.sa", "disp+worker", "nginx", "httpd2",
                "apache", "*", "worker\n",
        };

        (void)state;
        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *reason = reason_for(cases[i].comm, i % 2 ? WAY_MAP : WAY_CREATOR);

                if (!reason || !strstr(reason, cases[i].word))
                        fail_msg("%s: %s", cases[i].comm, reason ? reason : "not protected");
        }
        for (size_t i = 0; i < COUNT(others); i++)
                if (reason_for(others[i], WAY_MAP))
                        fail_msg("%s is protected", others[i]);
}

static void test_rules(void **state)
{
        struct protections *protections = protections_new();
        struct snapshot *snapshot = sample_snapshot(true);
        const struct object *shm = &snapshot->objects[0];
        struct field_set set = { { 0 } };
        struct parse_error error = { 0 };
        const char *where = NULL;

        (void)state;
        assert_int_equal(protections_add(protections, TEXT("key =="), "a", &error), -EINVAL);
        assert_non_null(error.message);
        assert_null(protections_match(protections, snapshot, shm, &where));
        assert_int_equal(protections_add(protections, TEXT("kind == mq"), "a", &error), 0);
        assert_null(protections_match(protections, snapshot, shm, &where));
        assert_int_equal(protections_add(protections, TEXT("owner == app and key == 0x5eed"), "b", &error), 0);
        assert_string_equal(protections_match(protections, snapshot, shm, &where), "owner == app and key == 0x5eed");
        assert_string_equal(where, "b");
        protections_fields(protections, &set);
        assert_true(field_set_has(&set, FIELD_KEY) && field_set_has(&set, FIELD_OWNER));
        assert_false(field_set_has(&set, FIELD_MODE));
        protections_free(protections);
        protections_free(NULL);
        snapshot_free(snapshot);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_programs),
                cmocka_unit_test(test_rules),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
