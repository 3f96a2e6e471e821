/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_CLAIM_H
#define KIND_CLAIM_H

/*
 * The question that the walk puts to kinds: a process has this descriptor or
 * mapping, and no object is known under its device and inode. Whose is it?
 */
#include "model/builder.h"
#include "sys/fdinfo.h"
#include "sys/kcmp.h"
#include "sys/walk.h"

struct claim {
        const struct host *host;
        struct walk *walk;              /* stands at the entry */
        struct entry *entry;
        const struct file_facts *facts; /* of CLAIM_PATH_FD; NULL for mappings and CLAIM_SETTLED */
        struct builder *builder;
        bool inferred;                  /* set by the kind: the tie is a deduction */
        bool undecided;                 /* set by the kind: it is no object, but others may make it one */
        enum side_word side;            /* set by the kind: which side of a terminal it is */
        struct process *(*process)(const struct claim *claim);  /* who has it; NULL: it ended in mid-walk */
        struct object *(*find)(const struct claim *claim, int fd);      /* see kind.relate */
        struct open_files *files;       /* of the whole walk: tells which descriptors are the same open file */
        struct buf *info;               /* fdinfo of the entry, or nothing yet: whoever reads it puts it here */
        void *data;                     /* the drive's */
};

/* What the text of fdinfo says of the descriptor at execve(2): for holds. */
static inline enum cloexec claim_cloexec(struct text info)
{
        int r = fdinfo_cloexec(info);

        return r < 0 ? CLOEXEC_UNKNOWN : r > 0 ? CLOEXEC_YES : CLOEXEC_NO;
}

#endif
