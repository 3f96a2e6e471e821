/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_PROTECTION_H
#define REPORT_PROTECTION_H

/*
 * Objects that nobody should remove by accident: what the configuration
 * names, and what big programs that are alive are known to need (PostgreSQL,
 * Oracle, SAP, Apache: they lose data or die when their segments go).
 */
#include "model/query.h"

struct protections;

/* With the built-in rules. Never NULL. */
struct protections *protections_new(void);
void protections_free(struct protections *protections);        /* NULL is fine */

/*
 * Adds a rule: a filter expression, copied. where: literal or borrowed for
 * life, named in the reason ("/etc/ipcview.conf"). 0, or -EINVAL with *ret_error.
 */
int protections_add(struct protections *protections, struct text expression, const char *where,
                    struct parse_error *ret_error);

/* Which fields the rules look at; added to *set. */
void protections_fields(const struct protections *protections, struct field_set *set);

/* Is it protected? The reason (N_() or the expression), or NULL. ret_where: the configuration file, NULL: built in. */
const char *protections_match(const struct protections *protections, const struct snapshot *snapshot,
                              const struct object *object, const char **ret_where);

#endif
