/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/schema.h"

#include "base/array.h"
#include "output/json-node.h"
#include "report/limits.h"

static struct json_object *of_names(void)
{
        const char *names[LIMIT_COUNT];

        for (uint16_t i = 0; i < LIMIT_COUNT; i++)
                names[i] = limit_get(i)->name;
        return node_of_words(names, LIMIT_COUNT, false);
}

static struct json_object *of_units(void)
{
        static const enum limit_unit units[] = { LIMIT_UNIT_COUNT, LIMIT_UNIT_BYTES, LIMIT_UNIT_PAGES };
        const char *words[COUNT(units)];

        for (unsigned i = 0; i < COUNT(units); i++)
                words[i] = limit_unit_word(units[i]);
        return node_of_words(words, COUNT(units), false);
}

static struct json_object *of_binds(void)
{
        const char *words[BINDS_COUNT];

        for (unsigned i = 0; i < BINDS_COUNT; i++)
                words[i] = limit_binds_word((enum limit_binds)i);
        return node_of_words(words, BINDS_COUNT, false);
}

static struct json_object *namespace(void)
{
        struct json_object *record = node_record(false);

        node_add(record, "type", node_of_type("string"), true);
        node_add(record, "inode", node_of_count(true), true);
        return record;
}

static void add_one(struct json_object *record)
{
        node_add(record, "user", node_reference("user"), false);
        node_add(record, "pid", node_of_count(false), false);
        node_add_text(record, "comm", node_of_type("string"), false);
        node_add(record, "ref", node_of_type("string"), false);
}

static struct json_object *share(void)
{
        struct json_object *record = node_record(false);

        add_one(record);
        node_add(record, "used", node_of_count(false), true);
        return record;
}

static void add_dictionary(struct json_object *record)
{
        node_add(record, "limit", of_names(), true);
        node_add(record, "title", node_of_type("string"), true);
        node_add(record, "source", schema_help(node_of_type("string"), "where it is read"), true);
        node_add(record, "raise", schema_help(node_of_type("string"),
                                              "how to raise it: a command, or words"), true);
}

static void add_subject(struct json_object *record)
{
        add_one(record);
        node_add(record, "namespace", namespace(), false);
        node_add_text(record, "path", node_of_type("string"), false);
        node_add(record, "dev", node_of_pattern("^[0-9]+:[0-9]+$"), false);
        node_add_text(record, "cgroup", node_of_type("string"), false);
        node_add_text(record, "pool", node_of_type("string"), false);
}

/* required: of a limit all is there; a cause may be of a limit that binds nobody. */
static void add_row(struct json_object *record, bool required)
{
        node_add(record, "unit", of_units(), required);
        node_add(record, "binds", schema_help(of_binds(), "whom it binds"), required);
        add_subject(record);
        node_add(record, "value", schema_help(node_of_count(true), "null: no limit, or not known"), required);
        node_add(record, "unlimited", node_of_type_or_null("boolean"), required);
        node_add(record, "used", node_of_count(true), false);
        node_add(record, "used_permille", schema_help(node_of_count(true),
                                                      "thousandths of the limit"), false);
        node_add(record, "inferred", schema_help(node_of_type("boolean"),
                                                 "summed up, not told by the kernel"), false);
        node_add(record, "partial", schema_help(node_of_type("boolean"), "it is at least that much"), false);
        node_add(record, "hit", schema_help(node_of_type("boolean"),
                                            "nothing is left, or too little"), false);
        node_add(record, "top", schema_help(node_array_of(share(), false), "who uses most"), required);
        node_add(record, "failures", schema_help(node_of_count(false), "how often it was hit, as the kernel counts"),
                 false);
        node_add(record, "shared_bytes", schema_help(node_of_count(false), "shared memory among it"), false);
}

struct json_object *schema_reading(void)
{
        struct json_object *record = schema_item("reading");

        node_set_string(record, "description", "what was read of a limit");
        node_add(record, "limit", of_names(), true);
        add_subject(record);
        node_add(record, "value", schema_help(node_of_count(true), "null: no limit, or not known"), true);
        node_add(record, "unlimited", node_of_type("boolean"), false);
        node_add(record, "used", schema_help(node_of_count(false), "what was counted of it"), false);
        node_add(record, "inferred", schema_help(node_of_type("boolean"), "counted, but not by the kernel"), false);
        node_add(record, "failures", schema_help(node_of_count(false), "how often it was hit, as the kernel counts"),
                 false);
        node_add(record, "usual", schema_help(node_of_count(false), "what the next request is likely to take"), false);
        node_add(record, "shared_bytes", schema_help(node_of_count(false), "shared memory among it"), false);
        return record;
}

struct json_object *schema_limit(void)
{
        struct json_object *record = schema_item("limit");

        add_dictionary(record);
        add_row(record, true);
        return record;
}

struct json_object *schema_cause(void)
{
        struct json_object *record = schema_item("cause");

        node_add(record, "error", node_of_type("string"), true);
        node_add(record, "calls", node_array_of(node_of_type("string"), false), true);
        node_add(record, "when", node_of_type_or_null("string"), true);
        add_dictionary(record);
        node_add(record, "near", schema_help(node_of_type("boolean"), "nine tenths are used, or more"), true);
        add_row(record, false);
        return record;
}
