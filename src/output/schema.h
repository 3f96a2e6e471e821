/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_SCHEMA_H
#define OUTPUT_SCHEMA_H

/* Parts of the schema, each in a file of its own. Private to output/. */
#include "model/kind.h"

struct json_object;

/* A closed record of that type, without members yet. */
struct json_object *schema_item(const char *type);

/* The node itself, with a description. */
struct json_object *schema_help(struct json_object *node, const char *help);

/* A field as the dictionary has it; verdict, inferred, reasons. */
void schema_add_field(struct json_object *record, uint16_t id, bool required);
void schema_add_verdict(struct json_object *record);

/* An object: one definition for each kind, and the choice among them. */
void schema_objects(struct json_object *definitions, const struct kind_set *kinds);

/* All other items. */
struct json_object *schema_process(void);
struct json_object *schema_removal(void);
struct json_object *schema_copy(void);
struct json_object *schema_change(void);
struct json_object *schema_entry(void);
struct json_object *schema_reading(void);
struct json_object *schema_limit(void);
struct json_object *schema_cause(void);
struct json_object *schema_finding(void);

#endif
