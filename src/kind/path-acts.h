/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_PATH_ACTS_H
#define KIND_PATH_ACTS_H

/* Acts on files that lie anywhere: FIFOs and socket files. */
#include "kind/file-acts.h"
#include "model/builder.h"

extern const struct acts fifo_acts, unix_acts;

/*
 * The file that somebody names by its absolute path, if it is of that type:
 * S_IFIFO or S_IFSOCK. Its last component is not followed. 0, -ENOENT or another -errno.
 */
int path_look(const struct host *host, struct text path, uint32_t type, struct file_facts *ret);

/*
 * Sets FIELD_NAME, and FIELD_PATH to the way without links where the name goes
 * by links: only along a path without links is anything ever removed.
 */
void path_set(const struct host *host, struct builder *builder, struct object *object, struct text name);

/* The open hook of struct file_acts. */
int path_open(const struct host *host, const struct object *object, struct named *ret);

/* The make hook of struct acts, for a type. */
int path_make(struct making *making, uint32_t type);

#endif
