/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_ASSIGNMENTS_H
#define ADMIN_ASSIGNMENTS_H

/*
 * FIELD=VALUE, as people type it for create and set: fields of the dictionary,
 * values written as in filters; value[3]=7 for one of several semaphores, and
 * locked=yes for a word of `state`.
 */
#include "model/acts.h"
#include "model/literal.h"

/* assignment.number of a plain value=7: the only one there is. */
#define NUMBER_NONE UINT64_MAX

struct assignments {
        struct assignment *list;
        const char **typed;             /* each as it was given; borrowed */
        unsigned n;
        const struct snapshot *names;   /* users and groups where there is no host to ask; NULL: none */
};

/* Is it one? Else it is a reference (KIND:NAME may hold a =, too) or a kind. */
bool is_assignment(const char *argument);

/*
 * Reads one and adds it. 0, or -EINVAL / -ERANGE with *ret_error set; a field
 * that was given already is an error. Users and groups are asked of the host;
 * without one (NULL) those that the snapshot `names` has a name of are found.
 */
int assignments_add(struct assignments *assignments, const struct host *host, const char *argument,
                    struct parse_error *ret_error);

void assignments_done(struct assignments *assignments);

#endif
