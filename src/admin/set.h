/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_SET_H
#define ADMIN_SET_H

/* Giving values to objects; deed_set() is in admin/deed.h. */
#include "admin/deed.h"

/* What the assignment would take the place of. False: not known. */
bool assignment_before(const struct object *object, const struct assignment *assignment, struct value *ret);

/* What will be there instead; before: of the same assignment, VALUE_UNKNOWN if not known. */
struct value assignment_after(const struct assignment *assignment, const struct value *before);

/* What a hook of model/acts.h answered: 0 or -errno. */
enum deed_result deed_result_of(int r);

#endif
