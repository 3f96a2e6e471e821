/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_PATH_NAME_H
#define KIND_PATH_NAME_H

/* Names of files as their holders see them. */
#include "kind/claim.h"

/*
 * Sets what the path of the claim's descriptor or mapping tells: FIELD_NAME if
 * the file still lies there, else FIELD_PATH (the kernel's text, with its
 * " (deleted)") and, if it has no name at all any more, the state unlinked; and
 * the mount namespace that the path belongs to. facts: of the file; NULL: it
 * could not be asked.
 */
void path_name_set(struct claim *claim, struct object *object, const struct file_facts *facts);

#endif
