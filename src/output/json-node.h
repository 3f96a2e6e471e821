/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_JSON_NODE_H
#define OUTPUT_JSON_NODE_H

/*
 * The pieces of a JSON Schema as json-c's nodes. What is set into a node
 * belongs to it; the root is freed with json_object_put(). Private to output/.
 */
#include <stdbool.h>

struct json_object;

struct json_object *node_object(void);
struct json_object *node_array(void);
struct json_object *node_string(const char *string);
void node_set(struct json_object *object, const char *key, struct json_object *value);
void node_set_string(struct json_object *object, const char *key, const char *string);
void node_append(struct json_object *array, struct json_object *value);

/* Schemas of one value. */
struct json_object *node_reference(const char *definition);
struct json_object *node_of_type(const char *type);
struct json_object *node_of_type_or_null(const char *type);
struct json_object *node_of_pattern(const char *pattern);
struct json_object *node_of_count(bool nullable);
struct json_object *node_of_const(const char *word);
struct json_object *node_of_time(void);
struct json_object *node_of_words(const char *const *words, unsigned nwords, bool nullable);
struct json_object *node_array_of(struct json_object *items, bool nullable);
struct json_object *node_set_of(struct json_object *items, bool nullable);

/*
 * A closed object without members yet: what the program prints beyond its
 * dictionary must fail.
 */
struct json_object *node_record(bool nullable);
void node_add(struct json_object *record, const char *name, struct json_object *type, bool required);

/* Text, and NAME_b64 for the bytes that may have to stand beside it. */
void node_add_text(struct json_object *record, const char *name, struct json_object *type, bool required);

#endif
