/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_MOUNTED_H
#define KIND_MOUNTED_H

/* What is mounted where the reader is: read by the first who asks in a collection, for all. */
#include "model/builder.h"
#include "sys/mounts.h"

struct mounted {
        int err;                        /* -errno: it could not be read */
        unsigned bad;                   /* lines that could not be made out */
        const struct mount *list;
        size_t n;
};

/* As long as the builder. */
const struct mounted *mounted(const struct host *host, struct builder *builder);

/* The first of that type from this one on (NULL: of all; behind it: found + 1), or NULL. */
const struct mount *mounted_find(const struct mounted *mounted, const struct mount *from, const char *type);

#endif
