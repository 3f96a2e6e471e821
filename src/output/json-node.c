/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/json-node.h"

#include "base/buf.h"
#include "base/memory.h"

#include <json-c/json.h>

static struct json_object *checked(struct json_object *node)
{
        if (!node)
                memory_exhausted();
        return node;
}

struct json_object *node_object(void)
{
        return checked(json_object_new_object());
}

struct json_object *node_array(void)
{
        return checked(json_object_new_array());
}

static struct json_object *node_bool(bool value)
{
        return checked(json_object_new_boolean(value));
}

struct json_object *node_string(const char *string)
{
        return checked(json_object_new_string(string));
}

void node_set(struct json_object *object, const char *key, struct json_object *value)
{
        if (json_object_object_add(object, key, value) < 0)
                memory_exhausted();
}

void node_set_string(struct json_object *object, const char *key, const char *string)
{
        node_set(object, key, node_string(string));
}

void node_append(struct json_object *array, struct json_object *value)
{
        if (json_object_array_add(array, value) < 0)
                memory_exhausted();
}

struct json_object *node_reference(const char *definition)
{
        struct json_object *node = node_object();
        struct buf target = { 0 };

        buf_printf(&target, "#/$defs/%s", definition);
        node_set_string(node, "$ref", target.data);
        buf_done(&target);
        return node;
}

struct json_object *node_of_type(const char *type)
{
        struct json_object *node = node_object();

        node_set_string(node, "type", type);
        return node;
}

/* What applies may always have been unreadable. */
struct json_object *node_of_type_or_null(const char *type)
{
        struct json_object *node = node_object(), *types = node_array();

        node_append(types, node_string(type));
        node_append(types, node_string("null"));
        node_set(node, "type", types);
        return node;
}

struct json_object *node_of_pattern(const char *pattern)
{
        struct json_object *node = node_of_type_or_null("string");

        node_set_string(node, "pattern", pattern);
        return node;
}

struct json_object *node_of_count(bool nullable)
{
        struct json_object *node = nullable ? node_of_type_or_null("integer") : node_of_type("integer");

        node_set(node, "minimum", checked(json_object_new_int(0)));
        return node;
}

struct json_object *node_of_const(const char *word)
{
        struct json_object *node = node_object();

        node_set_string(node, "const", word);
        return node;
}

struct json_object *node_of_time(void)
{
        struct json_object *node = node_of_pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}"
                                                   "T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{6})?Z$");

        node_set_string(node, "format", "date-time");
        return node;
}

struct json_object *node_of_words(const char *const *words, unsigned nwords, bool nullable)
{
        struct json_object *node = node_object(), *list = node_array();

        for (unsigned i = 0; i < nwords; i++)
                node_append(list, node_string(words[i]));
        if (nullable)
                node_append(list, NULL);
        node_set(node, "enum", list);
        return node;
}

struct json_object *node_array_of(struct json_object *items, bool nullable)
{
        struct json_object *node = nullable ? node_of_type_or_null("array") : node_of_type("array");

        node_set(node, "items", items);
        return node;
}

struct json_object *node_set_of(struct json_object *items, bool nullable)
{
        struct json_object *node = node_array_of(items, nullable);

        node_set(node, "uniqueItems", node_bool(true));
        return node;
}

struct json_object *node_record(bool nullable)
{
        struct json_object *node = nullable ? node_of_type_or_null("object") : node_of_type("object");

        node_set(node, "properties", node_object());
        node_set(node, "required", node_array());
        node_set(node, "additionalProperties", node_bool(false));
        return node;
}

void node_add(struct json_object *record, const char *name, struct json_object *type, bool required)
{
        node_set(json_object_object_get(record, "properties"), name, type);
        if (required)
                node_append(json_object_object_get(record, "required"), node_string(name));
}

void node_add_text(struct json_object *record, const char *name, struct json_object *type, bool required)
{
        struct json_object *bytes = node_of_type("string");
        struct buf key = { 0 };

        buf_printf(&key, "%s_b64", name);
        node_set_string(bytes, "contentEncoding", "base64");
        node_add(record, name, type, required);
        node_add(record, key.data, bytes, false);
        buf_done(&key);
}
