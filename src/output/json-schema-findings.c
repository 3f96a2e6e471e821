/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/schema.h"

#include "output/json-node.h"
#include "report/findings.h"
#include "report/limits.h"

static struct json_object *of_rules(void)
{
        const char *names[FINDING_COUNT];

        for (uint16_t i = 0; i < FINDING_COUNT; i++)
                names[i] = finding_rule_get(i)->name;
        return node_of_words(names, FINDING_COUNT, false);
}

static struct json_object *of_severities(void)
{
        const char *words[SEVERITY_COUNT];

        for (unsigned i = 0; i < SEVERITY_COUNT; i++)
                words[i] = severity_word((enum severity)i);
        return node_of_words(words, SEVERITY_COUNT, false);
}

static struct json_object *of_limits(void)
{
        const char *names[LIMIT_COUNT];

        for (uint16_t i = 0; i < LIMIT_COUNT; i++)
                names[i] = limit_get(i)->name;
        return node_of_words(names, LIMIT_COUNT, false);
}

static struct json_object *step(void)
{
        struct json_object *record = node_record(false);

        node_add(record, "pid", node_of_count(false), true);
        node_add_text(record, "comm", node_of_type("string"), true);
        node_add(record, "tid", node_of_count(false), true);
        node_add(record, "operation", schema_help(node_of_type("string"),
                                                  "the system call that it is blocked in"), true);
        node_add(record, "ref", node_of_type("string"), true);
        node_add(record, "since", node_of_time(), false);
        return record;
}

struct json_object *schema_finding(void)
{
        struct json_object *record = schema_item("finding");

        node_add(record, "rule", of_rules(), true);
        node_add(record, "severity", of_severities(), true);
        node_add(record, "ref", schema_help(node_of_type("string"), "the object that it is about"), false);
        node_add(record, "pid", node_of_count(false), false);
        node_add_text(record, "comm", node_of_type("string"), false);
        node_add(record, "limit", of_limits(), false);
        node_add(record, "title", node_of_type("string"), true);
        node_add(record, "evidence", schema_help(node_of_type("string"), "the facts, in one sentence"), true);
        node_add(record, "explanation", schema_help(node_of_type("string"), "what it means"), true);
        node_add(record, "remedy", schema_help(node_of_type_or_null("string"), "a command, or words"), true);
        node_add(record, "since", node_of_time(), false);
        node_add(record, "bytes", schema_help(node_of_count(false),
                                              "memory that is lost, or held by it"), false);
        node_add(record, "cycle", schema_help(node_array_of(step(), false),
                                              "the waits around a deadlock"), false);
        node_add(record, "inferred", schema_help(node_of_type("boolean"),
                                                 "deduced, not told by the kernel"), false);
        node_add(record, "doc", schema_help(node_of_type("string"), "where it is explained"), true);
        return record;
}
