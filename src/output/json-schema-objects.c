/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects of each kind, and processes: what the dictionary says of their fields. */
#include "output/schema.h"

#include "base/array.h"
#include "output/json-node.h"
#include "output/json-private.h"
#include "report/verdict.h"

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

static struct json_object *members_of(const struct field *field, bool nullable)
{
        struct json_object *record = node_record(nullable);

        for (unsigned i = 0; i < field->nmembers; i++)
                schema_add_field(record, field->members[i], false);
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

void schema_add_field(struct json_object *record, uint16_t id, bool required)
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

static struct json_object *namespace_of(const struct kind *kind)
{
        struct json_object *record = node_record(false);

        node_set_string(record, "description", field_get(FIELD_NAMESPACE)->help);
        node_add(record, "type", node_of_const(namespace_type_name(kind->scope)), true);
        node_add(record, "inode", node_of_count(true), true);
        return record;
}

void schema_add_verdict(struct json_object *record)
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

        schema_add_verdict(record);
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

/* A whole snapshot says more of a wait than the dictionary has. */
static void add_waiters(struct json_object *record)
{
        const struct field *field = field_get(FIELD_WAITERS);
        struct json_object *row = members_of(field, false), *array;

        node_add(row, "timed", schema_help(node_of_type("boolean"),
                                           "the call ends by itself, when its time is over"), false);
        node_add(row, "others", schema_help(node_of_type("boolean"),
                                            "it waits for something else, too, that is no object"), false);
        array = node_array_of(row, true);
        node_set_string(array, "description", field->help);
        node_add(record, field->name, array, false);
}

static struct json_object *define_kind(const struct kind *kind)
{
        struct json_object *record = schema_item("object");

        node_set_string(record, "title", kind->title);
        schema_add_field(record, FIELD_REF, true);
        node_add(record, "kind", node_of_const(kind->name), true);
        if (kind->scope != NAMESPACE_NONE)
                node_add(record, "namespace", namespace_of(kind), true);
        node_add(record, "foreign", node_of_type("boolean"), false);

        for (unsigned i = 0; i < kind->nfields; i++)
                if (!is_common(kind->fields[i]))
                        schema_add_field(record, kind->fields[i], false);

        schema_add_field(record, FIELD_AGE_SECONDS, false);
        add_words(record, "inferred", "members that were deduced, not told by the kernel");
        add_words(record, "unread", "members that could not be read, whose null could else be known");
        schema_add_field(record, FIELD_HOLDERS, false);
        add_words(record, "peers", field_get(FIELD_PEERS)->help);
        add_waiters(record);
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

void schema_objects(struct json_object *definitions, const struct kind_set *kinds)
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
                schema_add_field(record, members[i], true);
        schema_add_field(record, FIELD_INFERRED, false);
        array = node_array_of(record, false);
        node_set_string(array, "description", "objects that its threads are blocked on");
        return array;
}

const uint16_t *json_process_fields(unsigned *ret_n)
{
        static const uint16_t fields[] = {
                FIELD_PARENT_PID, FIELD_COMMAND, FIELD_UID, FIELD_PROCESS_STATE, FIELD_CGROUP, FIELD_UNIT,
                FIELD_CONTAINER, FIELD_IPC_NAMESPACE, FIELD_MNT_NAMESPACE, FIELD_NET_NAMESPACE, FIELD_PID_NAMESPACE,
                FIELD_USER_NAMESPACE, FIELD_SIGNALS_PENDING, FIELD_SIGNALS_PROCESS_PENDING, FIELD_SIGNALS_BLOCKED,
                FIELD_SIGNALS_IGNORED, FIELD_SIGNALS_CAUGHT, FIELD_SIGNALS_QUEUED, FIELD_SIGNALS_QUEUED_LIMIT,
                FIELD_REAL_UID, FIELD_THREAD_COUNT, FIELD_DESCRIPTOR_COUNT,
        };

        *ret_n = COUNT(fields);
        return fields;
}

struct json_object *schema_process(void)
{
        static const uint16_t known[] = { FIELD_PID, FIELD_START_TIME, FIELD_COMM };
        struct json_object *record = schema_item("process");
        unsigned nothers;
        const uint16_t *others = json_process_fields(&nothers);

        for (size_t i = 0; i < COUNT(known); i++)
                schema_add_field(record, known[i], true);
        for (unsigned i = 0; i < nothers; i++)
                schema_add_field(record, others[i], false);
        add_words(record, "holds", "references of the objects that it has");
        node_add(record, "waits", awaited(), false);
        return record;
}
