/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_QUERY_H
#define MODEL_QUERY_H

/*
 * Which objects, in which order: the filter language and the sort keys.
 *
 *   expr   := or;  or := and { "or" and };  and := not { "and" not }
 *   not    := "not" not | "(" or ")" | test            (also || && !)
 *   test   := field                       known, and not zero or empty
 *           | field OP value              OP: == != < <= > >= ~ !~ =~ !=~ has
 *   field  := a name of the dictionary, or rows.member: semaphores.value,
 *             holders.pid (true if it holds for any row)
 *   value  := word | 'quoted' | "quoted"
 *
 * Numbers are compared as numbers, in the field's unit: sizes take 64K 1M,
 * spans 2h 3d, times an ISO date or a span ago (created_at < 2d: older than
 * two days ago reads as "the moment is before"), keys 0x5eed or private, modes
 * octal, users and groups by name or number, word fields only their own words.
 * ~ is a glob (fnmatch(3)), =~ an extended regular expression, on the text form.
 * A test on a field that the object does not have, or that is unknown, is
 * false, and so is its opposite (!=): what is not known proves nothing.
 * "not" is plain negation.
 */
#include "model/reference.h"

struct query;

/*
 * Reads a filter. 0, or -EINVAL with *ret_error set (message and offset).
 * Everything is checked here: unknown fields, values that do not fit the
 * field's type, bad regular expressions. *ret is freed with query_free().
 * `now` (ns) is what spans in time comparisons count back from.
 */
int query_parse(struct text expression, int64_t now, struct query **ret, struct parse_error *ret_error);
void query_free(struct query *query);

/* Which fields the filter looks at; added to *set. */
void query_fields(const struct query *query, struct field_set *set);

/* User and group names in the filter are looked up in the snapshot. */
bool query_match(const struct query *query, const struct snapshot *snapshot, const struct object *object);

struct sort_key {
        uint16_t field;
        bool descending;
};

/* "FIELD" or "FIELD:desc" or "FIELD:asc". 0 or -EINVAL with *ret_error. */
int sort_parse(struct text text, struct sort_key *ret, struct parse_error *ret_error);

/*
 * Sorts pointers to objects. Unknown and absent come last in either direction;
 * equal ones keep the order they had. Words and names sort bytewise, users by
 * id, holders by their number.
 */
void sort_objects(const struct snapshot *snapshot, const struct object **objects, size_t n, struct sort_key key);

#endif
