/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_CREATE_H
#define ADMIN_CREATE_H

/* Making new objects. */
#include "admin/deed.h"

/*
 * Makes an object of the kind as `making` wants it, exclusively. DEED_DONE:
 * *ret_ref (appended) is its reference. DEED_FAILED with EEXIST: there is one
 * already.
 *
 * key: a value among those of making->wanted that shall be a key of its own,
 * neither IPC_PRIVATE nor in use; NULL: they are complete.
 */
void deed_create(struct deed *deed, const struct kind *kind, struct making *making, struct value *key,
                 struct buf *ret_ref);

#endif
