/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/protection.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"

#include <stdlib.h>
#include <time.h>

/*
 * Programs by the names of their processes (comm, 15 bytes at most); a star
 * at the end stands for anything.
 */
static const struct {
        const char *comm;
        const char *reason;
} programs[] = {
        { "postgres",     N_("a PostgreSQL server that is alive uses it") },
        { "postmaster",   N_("a PostgreSQL server that is alive uses it") },
        { "edb-postgres", N_("a PostgreSQL server that is alive uses it") },
        { "oracle*",      N_("an Oracle database that is alive uses it") },
        { "ora_*",        N_("an Oracle database that is alive uses it") },
        { "asm_*",        N_("an Oracle database that is alive uses it") },
        { "dw.sap*",      N_("a SAP system that is alive uses it") },
        { "disp+work",    N_("a SAP system that is alive uses it") },
        { "sapstart*",    N_("a SAP system that is alive uses it") },
        { "ms.sap*",      N_("a SAP system that is alive uses it") },
        { "en.sap*",      N_("a SAP system that is alive uses it") },
        { "enserver",     N_("a SAP system that is alive uses it") },
        { "enq_server",   N_("a SAP system that is alive uses it") },
        { "msg_server",   N_("a SAP system that is alive uses it") },
        { "gwrd",         N_("a SAP system that is alive uses it") },
        { "icman",        N_("a SAP system that is alive uses it") },
        { "jstart",       N_("a SAP system that is alive uses it") },
        { "httpd",        N_("an Apache server that is alive uses it") },
        { "apache2",      N_("an Apache server that is alive uses it") },
};

struct rule {
        struct query *query;
        char *expression;
        const char *where;
};

struct protections {
        struct rule *rules;
        size_t nrules;
        int64_t now;                    /* what spans in rules count back from */
};

struct protections *protections_new(void)
{
        struct protections *protections = memory_new(sizeof(*protections));
        struct timespec now = { 0 };

        clock_gettime(CLOCK_REALTIME, &now);
        protections->now = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
        return protections;
}

void protections_free(struct protections *protections)
{
        if (!protections)
                return;
        for (size_t i = 0; i < protections->nrules; i++) {
                query_free(protections->rules[i].query);
                free(protections->rules[i].expression);
        }
        free(protections->rules);
        free(protections);
}

int protections_add(struct protections *protections, struct text expression, const char *where,
                    struct parse_error *ret_error)
{
        struct query *query;
        struct rule *rule;
        int r = query_parse(expression, protections->now, &query, ret_error);

        if (r < 0)
                return r;
        protections->rules = memory_resize(protections->rules, protections->nrules + 1, sizeof(*protections->rules));
        rule = &protections->rules[protections->nrules++];
        *rule = (struct rule){ query, memory_new(expression.len + 1), where };
        memcpy(rule->expression, expression.data, expression.len);
        return 0;
}

void protections_fields(const struct protections *protections, struct field_set *set)
{
        for (size_t i = 0; i < protections->nrules; i++)
                query_fields(protections->rules[i].query, set);
}

static bool matches(struct text comm, const char *pattern)
{
        struct text text = text_of(pattern);

        if (!text_ends(text, TEXT("*")))
                return text_equal(comm, text);
        text.len--;
        return text_starts(comm, text);
}

/* Whoever holds, made or used it last, and lives, is among the holds. */
static const char *match_program(const struct object *object)
{
        const struct process *last = NULL;

        for (unsigned i = 0; i < object->nholds; i++) {
                const struct process *process = object->holds[i].process;

                for (unsigned j = 0; process != last && j < COUNT(programs); j++)
                        if (matches(process->comm, programs[j].comm))
                                return programs[j].reason;
                last = process;
        }
        return NULL;
}

const char *protections_match(const struct protections *protections, const struct snapshot *snapshot,
                              const struct object *object, const char **ret_where)
{
        *ret_where = NULL;
        for (size_t i = 0; i < protections->nrules; i++)
                if (query_match(protections->rules[i].query, snapshot, object)) {
                        *ret_where = protections->rules[i].where;
                        return protections->rules[i].expression;
                }
        return match_program(object);
}
