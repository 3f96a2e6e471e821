/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json.h"

#include "admin/deed.h"
#include "base/array.h"
#include "base/memory.h"
#include "output/json-node.h"
#include "report/verdict.h"

#include <json-c/json.h>

static struct json_object *of_number(enum unit unit)
{
        switch (unit) {
        case UNIT_TIME:
                return node_of_time();
        case UNIT_UID:
                return node_reference("user");
        case UNIT_GID:
                return node_reference("group");
        case UNIT_MODE:
                return node_of_pattern("^[0-7]{4,}$");
        case UNIT_KEY:
                return node_of_pattern("^0x[0-9a-f]{8}$");
        case UNIT_DEV:
                return node_of_pattern("^[0-9]+:[0-9]+$");
        default:
                return node_of_count(true);
        }
}

static void add_field(struct json_object *record, uint16_t id, bool required);

static struct json_object *members_of(const struct field *field, bool nullable)
{
        struct json_object *record = node_record(nullable);

        for (unsigned i = 0; i < field->nmembers; i++)
                add_field(record, field->members[i], false);
        return record;
}

static struct json_object *of_field(const struct field *field)
{
        switch (field->type) {
        case VALUE_UINT:
                return of_number(field->unit);
        case VALUE_INT:
                return node_of_type_or_null("integer");
        case VALUE_BOOL:
                return node_of_type_or_null("boolean");
        case VALUE_WORD:
                return node_of_words(field->words->words, field->words->nwords, true);
        case VALUE_WORDS:
                return node_set_of(node_of_words(field->words->words, field->words->nwords, false), true);
        case VALUE_ROWS:
                return node_array_of(members_of(field, false), true);
        case VALUE_RECORD:
                return members_of(field, true);
        case VALUE_TEXT:
        case VALUE_UNKNOWN:
        case VALUE_OBJECT:
                break;
        }

        return node_of_type_or_null("string");
}

static void add_field(struct json_object *record, uint16_t id, bool required)
{
        const struct field *field = field_get(id);
        struct json_object *node = of_field(field);

        node_set_string(node, "description", field->help);
        if (field->type == VALUE_TEXT)
                node_add_text(record, field->name, node, required);
        else
                node_add(record, field->name, node, required);
}

static void add_words(struct json_object *record, const char *name, const char *what)
{
        struct json_object *node = node_set_of(node_of_type("string"), false);

        node_set_string(node, "description", what);
        node_add(record, name, node, false);
}

/* With --ndjson the items say what they are; as members of the document they need not. */
static struct json_object *new_item(const char *type)
{
        struct json_object *record = node_record(false);

        node_add(record, "record", node_of_const(type), false);
        return record;
}

static struct json_object *identity(const char *number)
{
        struct json_object *record = node_record(true);

        node_add(record, number, node_of_count(false), true);
        node_add_text(record, "name", node_of_type_or_null("string"), true);
        return record;
}

static struct json_object *namespace_of(const struct kind *kind)
{
        struct json_object *record = node_record(false);

        node_set_string(record, "description", field_get(FIELD_NAMESPACE)->help);
        node_add(record, "type", node_of_const(namespace_type_name(kind->scope)), true);
        node_add(record, "inode", node_of_count(true), true);
        return record;
}

static void add_verdict(struct json_object *record)
{
        const char *words[VERDICT_COUNT];

        for (unsigned i = 0; i < VERDICT_COUNT; i++)
                words[i] = verdict_word(i);
        node_add(record, "verdict", node_of_words(words, VERDICT_COUNT, false), true);
        node_add(record, "inferred", node_of_type("boolean"), true);
        node_add(record, "reasons", node_array_of(node_of_type("string"), false), true);
}

static struct json_object *removal(void)
{
        struct json_object *record = node_record(false);

        add_verdict(record);
        node_add(record, "consequence", node_of_type_or_null("string"), true);
        return record;
}

/* Defined with the others, or in tables only. */
static bool is_common(uint16_t field)
{
        return field == FIELD_REF || field == FIELD_KIND || field == FIELD_NAMESPACE ||
               field == FIELD_AGE_SECONDS || field == FIELD_HOLDERS || field == FIELD_PEERS ||
               field == FIELD_WAITERS || field == FIELD_SUMMARY;
}

static struct json_object *define_kind(const struct kind *kind)
{
        struct json_object *record = new_item("object");

        node_set_string(record, "title", kind->title);
        add_field(record, FIELD_REF, true);
        node_add(record, "kind", node_of_const(kind->name), true);
        if (kind->scope != NAMESPACE_NONE)
                node_add(record, "namespace", namespace_of(kind), true);
        node_add(record, "foreign", node_of_type("boolean"), false);

        for (unsigned i = 0; i < kind->nfields; i++)
                if (!is_common(kind->fields[i]))
                        add_field(record, kind->fields[i], false);

        add_field(record, FIELD_AGE_SECONDS, false);
        add_words(record, "inferred", "members that were deduced, not told by the kernel");
        add_field(record, FIELD_HOLDERS, false);
        add_words(record, "peers", field_get(FIELD_PEERS)->help);
        add_field(record, FIELD_WAITERS, false);
        node_add(record, "removal", removal(), false);
        return record;
}

/* Not oneOf: of twenty kinds that do not fit, a validator should name only the one that was meant. */
static struct json_object *if_kind(const struct kind *kind, const char *definition)
{
        struct json_object *branch = node_object(), *test = node_object(), *properties = node_object();

        node_set(properties, "kind", node_of_const(kind->name));
        node_set(test, "properties", properties);
        node_set(branch, "if", test);
        node_set(branch, "then", node_reference(definition));
        return branch;
}

static void define_objects(struct json_object *definitions, const struct kind_set *kinds)
{
        struct json_object *object = node_of_type("object"), *branches = node_array();
        struct json_object *properties = node_object(), *names = node_array();
        struct json_object *required = node_array(), *any = node_object();

        for (unsigned i = 0; i < kinds->nkinds; i++) {
                const struct kind *kind = kinds->kinds[i];
                struct buf name = { 0 };

                buf_printf(&name, "object-%s", kind->name);
                node_set(definitions, name.data, define_kind(kind));
                node_append(branches, if_kind(kind, name.data));
                node_append(names, node_string(kind->name));
                buf_done(&name);
        }

        node_append(required, node_string("kind"));
        node_set(any, "enum", names);
        node_set(properties, "kind", any);
        node_set(object, "required", required);
        node_set(object, "properties", properties);
        node_set(object, "allOf", branches);
        node_set(definitions, "object", object);
}

static struct json_object *awaited(void)
{
        static const uint16_t members[] = { FIELD_REF, FIELD_TID, FIELD_OPERATION, FIELD_SINCE };
        struct json_object *record = node_record(false), *array;

        for (size_t i = 0; i < COUNT(members); i++)
                add_field(record, members[i], true);
        add_field(record, FIELD_INFERRED, false);
        array = node_array_of(record, false);
        node_set_string(array, "description", "objects that its threads are blocked on");
        return array;
}

static struct json_object *define_process(void)
{
        static const uint16_t known[] = { FIELD_PID, FIELD_START_TIME, FIELD_COMM };
        static const uint16_t others[] = {
                FIELD_COMMAND, FIELD_UID, FIELD_PROCESS_STATE, FIELD_CGROUP, FIELD_UNIT, FIELD_CONTAINER,
                FIELD_IPC_NAMESPACE, FIELD_MNT_NAMESPACE, FIELD_NET_NAMESPACE, FIELD_PID_NAMESPACE,
                FIELD_USER_NAMESPACE, FIELD_SIGNALS_PENDING, FIELD_SIGNALS_PROCESS_PENDING, FIELD_SIGNALS_BLOCKED,
                FIELD_SIGNALS_IGNORED, FIELD_SIGNALS_CAUGHT, FIELD_SIGNALS_QUEUED, FIELD_SIGNALS_QUEUED_LIMIT,
        };
        struct json_object *record = new_item("process");

        for (size_t i = 0; i < COUNT(known); i++)
                add_field(record, known[i], true);
        for (size_t i = 0; i < COUNT(others); i++)
                add_field(record, others[i], false);
        add_words(record, "holds", "references of the objects that it has");
        node_add(record, "waits", awaited(), false);
        return record;
}

/* Of values of any type: node_object() is the schema that everything fits. */
static struct json_object *changed(void)
{
        struct json_object *record = node_record(false);

        node_add(record, "field", node_of_type("string"), true);
        node_add(record, "before", node_object(), true);
        node_add(record, "now", node_object(), true);
        return record;
}

static struct json_object *define_removal(void)
{
        const char *results[DEED_RESULT_COUNT + 1];
        struct json_object *record = new_item("removal");

        for (unsigned i = 0; i < DEED_RESULT_COUNT; i++)
                results[i] = deed_word(i);
        results[DEED_RESULT_COUNT] = "planned";
        node_set_string(record, "description", "what is, or was, to be removed (rm)");
        node_add(record, "action", node_of_const("remove"), true);
        add_field(record, FIELD_REF, true);
        node_add(record, "kind", node_of_type("string"), true);
        add_verdict(record);
        node_add(record, "forced", node_of_type("boolean"), true);
        add_field(record, FIELD_OWNER, false);
        node_add(record, "holder_count", node_of_count(true), true);
        node_add(record, "result", node_of_words(results, COUNT(results), false), true);
        node_add(record, "error", node_of_type_or_null("string"), true);
        node_add(record, "changed", changed(), false);
        node_add_text(record, "copy", node_of_type("string"), false);
        return record;
}

static struct json_object *define_copy(void)
{
        static const char *const actions[] = { "save", "check", "restore" };
        const char *results[DEED_RESULT_COUNT + 1];
        struct json_object *record = new_item("copy");

        for (unsigned i = 0; i < DEED_RESULT_COUNT; i++)
                results[i] = deed_word(i);
        results[DEED_RESULT_COUNT] = "planned";
        node_set_string(record, "description", "a copy that was made, checked or restored from (save, restore)");
        node_add(record, "action", node_of_words(actions, COUNT(actions), false), true);
        node_add_text(record, "ref", node_of_type_or_null("string"), true);
        node_add_text(record, "saved_ref", node_of_type("string"), false);
        node_add(record, "kind", node_of_type_or_null("string"), true);
        node_add(record, "result", node_of_words(results, COUNT(results), false), true);
        node_add(record, "error", node_of_type_or_null("string"), true);
        node_add_text(record, "copy", node_of_type_or_null("string"), true);
        node_add(record, "partial", node_of_type("boolean"), true);
        return record;
}

/* One value that set gives, of any type. */
static struct json_object *given_value(void)
{
        struct json_object *record = node_record(false);

        node_add(record, "field", node_of_type("string"), true);
        add_field(record, FIELD_NUMBER, false);
        node_add(record, "before", node_object(), true);
        node_add(record, "after", node_object(), true);
        return record;
}

static struct json_object *define_change(void)
{
        static const char *const actions[] = { "create", "set" };
        const char *results[DEED_RESULT_COUNT + 1];
        struct json_object *record = new_item("change");

        for (unsigned i = 0; i < DEED_RESULT_COUNT; i++)
                results[i] = deed_word(i);
        results[DEED_RESULT_COUNT] = "planned";
        node_set_string(record, "description", "an object that was made, or given other values (create, set)");
        node_add(record, "action", node_of_words(actions, COUNT(actions), false), true);
        node_add_text(record, "ref", node_of_type_or_null("string"), true);
        node_add(record, "kind", node_of_type("string"), true);
        node_add(record, "result", node_of_words(results, COUNT(results), false), true);
        node_add(record, "error", node_of_type_or_null("string"), true);
        node_add(record, "object", node_of_type("object"), false);
        node_add(record, "values", node_array_of(given_value(), false), false);
        return record;
}

/* Lines of other versions may tell more, so only what all have is required, and nothing is forbidden. */
static struct json_object *define_entry(void)
{
        struct json_object *record = new_item("entry");

        node_set_string(record, "description", "a line of the journal (journal)");
        node_set(record, "additionalProperties", node_object());
        node_add(record, "time", node_of_time(), true);
        node_add(record, "action", node_of_type("string"), true);
        node_add_text(record, "ref", node_of_type_or_null("string"), false);
        node_add(record, "kind", node_of_type("string"), false);
        node_add(record, "result", node_of_type("string"), true);
        node_add(record, "error", node_of_type_or_null("string"), false);
        node_add(record, "changed", changed(), false);
        node_add(record, "user", node_reference("user"), false);
        node_add(record, "login", node_object(), false);
        node_add(record, "pid", node_of_count(false), false);
        node_add(record, "object", node_of_type("object"), false);
        node_add(record, "verdict", node_of_type("string"), false);
        node_add(record, "holder_count", node_of_count(false), false);
        node_add(record, "holders", node_array_of(node_of_type("string"), false), false);
        node_add(record, "values", node_array_of(given_value(), false), false);
        node_add_text(record, "copy", node_of_type_or_null("string"), false);
        return record;
}

static struct json_object *define_gap(void)
{
        struct json_object *record = new_item("gap");

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
        struct json_object *record = new_item("error");

        node_set_string(record, "description", "what went wrong with one argument");
        node_add_text(record, "subject", node_of_type("string"), true);
        node_add(record, "error", node_of_type_or_null("string"), true);
        node_add(record, "status", node_of_count(false), true);
        return record;
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
        return record;
}

static struct json_object *define_first_line(void)
{
        struct json_object *record = new_item("header");

        node_add(record, "ipcview", node_reference("header"), true);
        return record;
}

static struct json_object *define_last_line(void)
{
        static const char *const counts[] = { "processes", "gaps", "errors" };
        struct json_object *record = new_item("end");

        /* What it is all about: the one or the other. */
        node_add(record, "objects", node_of_count(false), false);
        node_add(record, "removals", node_of_count(false), false);
        node_add(record, "copies", node_of_count(false), false);
        node_add(record, "changes", node_of_count(false), false);
        node_add(record, "journal", node_of_count(false), false);
        for (size_t i = 0; i < COUNT(counts); i++)
                node_add(record, counts[i], node_of_count(false), true);
        node_add(record, "complete", node_of_type("boolean"), true);
        return record;
}

static struct json_object *define_line(void)
{
        static const char *const types[] = { "first-line", "object", "removal", "copy", "change", "entry", "process",
                                             "gap", "error", "last-line" };
        struct json_object *line = node_of_type("object"), *choices = node_array();
        struct json_object *required = node_array();

        for (size_t i = 0; i < COUNT(types); i++)
                node_append(choices, node_reference(types[i]));
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
        define_objects(definitions, kinds);
        node_set(definitions, "removal", define_removal());
        node_set(definitions, "copy", define_copy());
        node_set(definitions, "change", define_change());
        node_set(definitions, "entry", define_entry());
        node_set(definitions, "process", define_process());
        node_set(definitions, "gap", define_gap());
        node_set(definitions, "error", define_error());
        node_set(definitions, "user", identity("uid"));
        node_set(definitions, "group", identity("gid"));
        node_set(definitions, "line", define_line());
        node_set(definitions, "first-line", define_first_line());
        node_set(definitions, "last-line", define_last_line());
        return definitions;
}

/* Exactly one of these members. */
static struct json_object *one_of(const char *const *members, unsigned n)
{
        struct json_object *choices = node_array();

        for (unsigned i = 0; i < n; i++) {
                struct json_object *choice = node_object(), *required = node_array();

                node_append(required, node_string(members[i]));
                node_set(choice, "required", required);
                node_append(choices, choice);
        }
        return choices;
}

void json_schema(const struct kind_set *kinds, struct sink *sink)
{
        static const char *const subjects[] = { "objects", "removals", "copies", "changes", "journal" };
        struct json_object *root = node_record(false);
        const char *text;

        node_set_string(root, "$schema", "https://json-schema.org/draft/2020-12/schema");
        node_set_string(root, "$id", "urn:ipcview:schema:" JSON_SCHEMA_VERSION);
        node_set_string(root, "title", "ipcview --json");
        node_set_string(root, "description", "ipcview-json(5); lines of --ndjson are #/$defs/line");
        node_add(root, "ipcview", node_reference("header"), true);
        node_add(root, "objects", node_array_of(node_reference("object"), false), false);
        node_add(root, "removals", node_array_of(node_reference("removal"), false), false);
        node_add(root, "copies", node_array_of(node_reference("copy"), false), false);
        node_add(root, "changes", node_array_of(node_reference("change"), false), false);
        node_add(root, "journal", node_array_of(node_reference("entry"), false), false);
        node_set(root, "oneOf", one_of(subjects, COUNT(subjects)));
        node_add(root, "processes", node_array_of(node_reference("process"), false), true);
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
