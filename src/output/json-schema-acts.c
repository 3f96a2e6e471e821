/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changes objects: removals, copies, changes, and the journal of all that. */
#include "output/schema.h"

#include "admin/deed.h"
#include "base/array.h"
#include "output/json-node.h"

static struct json_object *result(void)
{
        const char *words[DEED_RESULT_COUNT + 1];

        for (unsigned i = 0; i < DEED_RESULT_COUNT; i++)
                words[i] = deed_word(i);
        words[DEED_RESULT_COUNT] = "planned";
        return node_of_words(words, COUNT(words), false);
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

struct json_object *schema_removal(void)
{
        struct json_object *record = schema_item("removal");

        node_set_string(record, "description", "what is, or was, to be removed (rm)");
        node_add(record, "action", node_of_const("remove"), true);
        schema_add_field(record, FIELD_REF, true);
        node_add(record, "kind", node_of_type("string"), true);
        schema_add_verdict(record);
        node_add(record, "forced", node_of_type("boolean"), true);
        schema_add_field(record, FIELD_OWNER, false);
        node_add(record, "holder_count", node_of_count(true), true);
        node_add(record, "result", result(), true);
        node_add(record, "error", node_of_type_or_null("string"), true);
        node_add(record, "changed", changed(), false);
        node_add_text(record, "copy", node_of_type("string"), false);
        return record;
}

struct json_object *schema_copy(void)
{
        static const char *const actions[] = { "save", "check", "restore" };
        struct json_object *record = schema_item("copy");

        node_set_string(record, "description", "a copy that was made, checked or restored from (save, restore)");
        node_add(record, "action", node_of_words(actions, COUNT(actions), false), true);
        node_add_text(record, "ref", node_of_type_or_null("string"), true);
        node_add_text(record, "saved_ref", node_of_type("string"), false);
        node_add(record, "kind", node_of_type_or_null("string"), true);
        node_add(record, "result", result(), true);
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
        schema_add_field(record, FIELD_NUMBER, false);
        node_add(record, "before", node_object(), true);
        node_add(record, "after", node_object(), true);
        return record;
}

struct json_object *schema_change(void)
{
        static const char *const actions[] = { "create", "set" };
        struct json_object *record = schema_item("change");

        node_set_string(record, "description", "an object that was made, or given other values (create, set)");
        node_add(record, "action", node_of_words(actions, COUNT(actions), false), true);
        node_add_text(record, "ref", node_of_type_or_null("string"), true);
        node_add(record, "kind", node_of_type("string"), true);
        node_add(record, "result", result(), true);
        node_add(record, "error", node_of_type_or_null("string"), true);
        node_add(record, "object", node_of_type("object"), false);
        node_add(record, "values", node_array_of(given_value(), false), false);
        return record;
}

/* Lines of other versions may tell more, so only what all have is required, and nothing is forbidden. */
struct json_object *schema_entry(void)
{
        struct json_object *record = schema_item("entry");

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
        node_add(record, "process", node_of_type("object"), false);
        node_add(record, "signal", node_of_type_or_null("string"), false);
        return record;
}
