/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_SHMDIR_ACTS_H
#define KIND_SHMDIR_ACTS_H

/* Acts on the files of /dev/shm: what both POSIX kinds do alike. */
#include "kind/file-acts.h"

extern const struct acts pshm_acts, psem_acts;

/* The file of a copy that has the contents. */
#define SHMDIR_DATA "data"

/* The hooks of struct acts. */
int shmdir_remove(struct act *act);
int shmdir_save(struct act *act, struct copy_writer *copy);
int shmdir_set(struct act *act, const struct assignment *assignments, unsigned n);

/*
 * A file that will have the name of `making`: in the directory, for
 * shmdir_make_end(). 0 or -errno. Below /dev/shm directories must be there.
 */
int shmdir_make_begin(struct making *making, const struct kind *kind, struct named *ret, struct unborn *ret_file);

/* Finishes it if r is 0, else gives up; the result of that. Closes both. */
int shmdir_make_end(struct making *making, struct named *named, struct unborn *file, int r);

#endif
