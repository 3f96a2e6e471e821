/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_LISTINGS_H
#define SYS_LISTINGS_H

/*
 * Private to sys/: what directories list, kept for whoever looks again and again. The time of the last change of a
 * directory changes whenever a name comes, goes or becomes another file's, and nobody can set it: while it is the
 * same, so are names, types and inodes. Kept is only what lies on file systems known to do so, and was last
 * changed seconds before it was read: a change in the same tick of the clock would not show. After a minute it is
 * read all the same.
 */
#include "base/buf.h"
#include "sys/host.h"

struct listings;

/* Never NULL. */
struct listings *listings_new(void);
void listings_free(struct listings *listings);          /* NULL is fine */
void listings_forget(struct listings *listings);

/* Adds the entries of that directory to *out, as getdents64(2) told them. False: they are to be read. */
bool listings_find(const struct listings *listings, const struct file_facts *facts, struct buf *out);

/*
 * May what is now read of this directory be kept? facts: of the open directory, from before it is read. Then
 * listings_keep() takes the whole of it, empty afterwards.
 */
bool listings_want(const struct file_facts *facts, int fd);
void listings_keep(struct listings *listings, const struct file_facts *facts, struct buf *entries);

#endif
