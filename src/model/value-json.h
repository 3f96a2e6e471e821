/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_VALUE_JSON_H
#define MODEL_VALUE_JSON_H

/* How values stand in JSON, wherever that is: what is printed, saved copies, the journal (ipcview-json(5)). */
#include "base/json-writer.h"
#include "model/field.h"

/*
 * A number by its unit: modes "0660", keys "0x00005eed" (private: null),
 * devices "8:1", everything else as it is. Times and ids of users have forms
 * that depend on the place: they are the caller's.
 */
void value_json_number(struct writer *writer, enum unit unit, uint64_t number);

/* Begins the member of a field: writer_key() of its name, only faster. */
void value_json_key(struct writer *writer, uint16_t field);

/* The words of a mask. */
void value_json_words(struct writer *writer, const struct word_set *set, uint64_t mask);

#endif
