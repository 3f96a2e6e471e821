/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_CLAIM_H
#define KIND_CLAIM_H

/*
 * The question that the walk puts to kinds: a process has this descriptor or
 * mapping, and no object is known under its device and inode. Whose is it?
 */
#include "model/builder.h"
#include "sys/walk.h"

struct claim {
        const struct host *host;
        struct walk *walk;              /* stands at the entry */
        struct entry *entry;
        const struct file_facts *facts; /* of CLAIM_PATH_FD; NULL for mappings */
        struct builder *builder;
        bool inferred;                  /* set by the kind: the tie is a deduction */
};

#endif
