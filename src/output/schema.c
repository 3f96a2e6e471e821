/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/schema.h"

#include "base/array.h"
#include "base/memory.h"
#include "output/json-node.h"
#include "output/json-private.h"

#include <json-c/json.h>

static const struct subject subjects[] = {
        [SUBJECT_OBJECTS] = { "objects", "object", NULL, NULL },
        [SUBJECT_REMOVALS] = { "removals", "removal", "what ipcview rm removes, or would", schema_removal },
        [SUBJECT_COPIES] = { "copies", "copy", "what ipcview save and restore make", schema_copy },
        [SUBJECT_CHANGES] = { "changes", "change", "what ipcview create and set do", schema_change },
        [SUBJECT_JOURNAL] = { "journal", "entry", "what ipcview journal tells, the oldest first", schema_entry },
        [SUBJECT_LIMITS] = { "limits", "limit", "what ipcview limits prints", schema_limit },
        [SUBJECT_CAUSES] = { "causes", "cause", "what ipcview limits explain prints, as the kernel checks them",
                             schema_cause },
        [SUBJECT_FINDINGS] = { "findings", "finding", "what ipcview check prints, the gravest first", schema_finding },
};
_Static_assert(COUNT(subjects) == SUBJECT_COUNT, "every subject is in the table");

const struct subject *subject_get(enum subject_id subject)
{
        return &subjects[subject];
}

/* With --ndjson the items say what they are; as members of the document they need not. */
struct json_object *schema_item(const char *type)
{
        struct json_object *record = node_record(false);

        node_add(record, "record", node_of_const(type), false);
        return record;
}

struct json_object *schema_help(struct json_object *node, const char *help)
{
        node_set_string(node, "description", help);
        return node;
}

static struct json_object *identity(const char *number)
{
        struct json_object *record = node_record(true);

        node_add(record, number, node_of_count(false), true);
        node_add_text(record, "name", node_of_type_or_null("string"), true);
        return record;
}

static struct json_object *define_gap(void)
{
        struct json_object *record = schema_item("gap");

        node_set_string(record, "description", "something that could not be seen; equal ones are counted");
        node_add(record, "kind", node_of_type_or_null("string"), true);
        node_add(record, "where", node_of_type_or_null("string"), true);
        node_add(record, "errno", node_of_count(false), true);
        node_add(record, "error", node_of_type_or_null("string"), true);
        node_add(record, "times", node_of_count(false), true);
        node_add(record, "reason", node_of_type_or_null("string"), true);
        return record;
}

static struct json_object *define_error(void)
{
        struct json_object *record = schema_item("error");

        node_set_string(record, "description", "what went wrong with one argument");
        node_add_text(record, "subject", node_of_type("string"), true);
        node_add(record, "error", node_of_type_or_null("string"), true);
        node_add(record, "status", node_of_count(false), true);
        return record;
}

/* What the snapshot was asked for, and what the machine is. */
static struct json_object *snapshot(void)
{
        static const char *const asked[] = { "holders", "waiters", "processes", "limits" };
        static const enum namespace_type_word types[] = { NAMESPACE_IPC, NAMESPACE_MNT, NAMESPACE_NET, NAMESPACE_PID };
        struct json_object *record = node_record(false), *namespaces = node_record(false);
        const char *settings[REMOVE_IPC_DEFAULT];

        for (unsigned i = REMOVE_IPC_UNASKED + 1; i <= REMOVE_IPC_DEFAULT; i++)
                settings[i - 1] = json_remove_ipc((enum remove_ipc)i);
        for (size_t i = 0; i < COUNT(types); i++)
                node_add(namespaces, namespace_type_name(types[i]), node_of_count(true), true);
        node_add(record, "kinds", node_set_of(node_of_type("string"), false), true);
        for (size_t i = 0; i < COUNT(asked); i++)
                node_add(record, asked[i], node_of_type("boolean"), true);
        node_add(record, "namespaces", schema_help(namespaces, "inodes of the reader's own"), true);
        node_add(record, "page_bytes", node_of_count(true), true);
        node_add(record, "remove_ipc", node_of_words(settings, COUNT(settings), true), true);
        node_add_text(record, "lingering", schema_help(node_of_type("string"), "names of users, a line each"), true);
        return schema_help(record, "of a whole snapshot: what was asked for, and what is true of all of it");
}

static struct json_object *define_header(void)
{
        struct json_object *record = node_record(false);

        node_add(record, "schema", node_of_const(JSON_SCHEMA_VERSION), true);
        node_add(record, "program", node_of_type("string"), true);
        node_add(record, "time", node_of_time(), true);
        node_add_text(record, "boot_id", node_of_type_or_null("string"), true);
        node_add_text(record, "host", node_of_type("string"), true);
        node_add(record, "uid", node_of_count(false), true);
        node_add(record, "complete", node_of_type("boolean"), true);
        node_add(record, "recorded", node_of_type("boolean"), false);
        node_add(record, "snapshot", snapshot(), false);
        return record;
}

/* Of the subjects' members exactly one. */
static void require_subject(struct json_object *record)
{
        struct json_object *choices = node_array();

        for (unsigned i = 0; i < SUBJECT_COUNT; i++) {
                struct json_object *choice = node_object(), *required = node_array();

                node_append(required, node_string(subjects[i].member));
                node_set(choice, "required", required);
                node_append(choices, choice);
        }
        node_set(record, "oneOf", choices);
}

static void add_subjects(struct json_object *record)
{
        for (unsigned i = 0; i < SUBJECT_COUNT; i++) {
                struct json_object *array = node_array_of(node_reference(subjects[i].record), false);

                if (subjects[i].help)
                        schema_help(array, subjects[i].help);
                node_add(record, subjects[i].member, array, false);
        }
        require_subject(record);
}

static void define_subjects(struct json_object *definitions, const struct kind_set *kinds)
{
        schema_objects(definitions, kinds);
        for (unsigned i = 0; i < SUBJECT_COUNT; i++)
                if (subjects[i].define)
                        node_set(definitions, subjects[i].record, subjects[i].define());
}

static struct json_object *define_first_line(void)
{
        struct json_object *record = schema_item("header");

        node_add(record, "ipcview", node_reference("header"), true);
        return record;
}

static struct json_object *define_last_line(void)
{
        static const char *const counts[] = { "processes", "gaps", "errors" };
        struct json_object *record = schema_item("end");

        for (unsigned i = 0; i < SUBJECT_COUNT; i++)
                node_add(record, subjects[i].member, node_of_count(false), false);
        require_subject(record);

        for (size_t i = 0; i < COUNT(counts); i++)
                node_add(record, counts[i], node_of_count(false), true);
        node_add(record, "readings", node_of_count(false), false);
        node_add(record, "complete", node_of_type("boolean"), true);
        return record;
}

static struct json_object *define_line(void)
{
        static const char *const types[] = { "first-line", "process", "reading", "gap", "error", "last-line" };
        struct json_object *line = node_of_type("object"), *choices = node_array();
        struct json_object *required = node_array();

        for (size_t i = 0; i < COUNT(types); i++)
                node_append(choices, node_reference(types[i]));
        for (unsigned i = 0; i < SUBJECT_COUNT; i++)
                node_append(choices, node_reference(subjects[i].record));
        node_append(required, node_string("record"));
        node_set_string(line, "description", "one line of --ndjson");
        node_set(line, "required", required);
        node_set(line, "oneOf", choices);
        return line;
}

static struct json_object *define_all(const struct kind_set *kinds)
{
        struct json_object *definitions = node_object();

        node_set(definitions, "header", define_header());
        define_subjects(definitions, kinds);
        node_set(definitions, "process", schema_process());
        node_set(definitions, "reading", schema_reading());
        node_set(definitions, "gap", define_gap());
        node_set(definitions, "error", define_error());
        node_set(definitions, "user", identity("uid"));
        node_set(definitions, "group", identity("gid"));
        node_set(definitions, "line", define_line());
        node_set(definitions, "first-line", define_first_line());
        node_set(definitions, "last-line", define_last_line());
        return definitions;
}

void json_schema(const struct kind_set *kinds, struct sink *sink)
{
        struct json_object *root = node_record(false);
        const char *text;

        node_set_string(root, "$schema", "https://json-schema.org/draft/2020-12/schema");
        node_set_string(root, "$id", "urn:ipcview:schema:" JSON_SCHEMA_VERSION);
        node_set_string(root, "title", "ipcview --json");
        node_set_string(root, "description", "ipcview-json(5); lines of --ndjson are #/$defs/line");
        node_add(root, "ipcview", node_reference("header"), true);
        add_subjects(root);
        node_add(root, "processes", node_array_of(node_reference("process"), false), true);
        node_add(root, "readings", schema_help(node_array_of(node_reference("reading"), false),
                                               "of a whole snapshot: what was read of limits"), false);
        node_add(root, "gaps", node_array_of(node_reference("gap"), false), true);
        node_add(root, "errors", node_array_of(node_reference("error"), false), true);
        node_set(root, "$defs", define_all(kinds));

        text = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
        if (!text)
                memory_exhausted();
        buf_string(&sink->buf, text);
        buf_byte(&sink->buf, '\n');
        sink_pass(sink);
        json_object_put(root);
}
