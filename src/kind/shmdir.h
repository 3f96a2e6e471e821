/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_SHMDIR_H
#define KIND_SHMDIR_H

/*
 * /dev/shm: one directory, three kinds. A regular file is POSIX shared memory
 * (shm_overview(7)); one that is called sem.* and has the size of a sem_t is a
 * named semaphore (sem_overview(7)); links, FIFOs, sockets and directories are
 * none of the two and are told as what they are.
 */
#include "kind/claim.h"

/* Where the C libraries keep both (shm_open(3), sem_open(3)). */
#define SHMDIR "/dev/shm"

/* scan and claim of all three kinds; each is called once for them together. */
void shmdir_scan(const struct host *host, const struct want *want, struct builder *builder);
struct object *shmdir_claim(struct claim *claim);

/* conclude of both POSIX kinds: an object that nobody has is an orphan. */
void shmdir_conclude(struct builder *builder, struct object *object);

/* One directory entry or open file, for the kinds to fill in their own fields. */
struct shmdir_file {
        const struct file_facts *facts;
        int dir;                        /* where `name` can be opened; -1: nowhere */
        const char *name;
        bool magic;                     /* `name` is a magic link of /proc */
};

/* Sets what all files have: inode, dev, owner, group, mode, times. */
void shmdir_set_common(struct builder *builder, struct object *object, const struct file_facts *facts);

/* Defined by the kinds: the fields beyond those. */
void pshm_fill(struct builder *builder, struct object *object, const struct shmdir_file *file);
void psem_fill(struct builder *builder, struct object *object, const struct shmdir_file *file);
void devshm_fill(struct builder *builder, struct object *object, const struct shmdir_file *file);

#endif
