/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLLECT_FD_TABLE_H
#define COLLECT_FD_TABLE_H

/*
 * Which objects the descriptors and shared mappings of one process stand for:
 * filled while the walk is at the process, asked at its end by whatever knows
 * objects by number or address (a blocked call, a list of epoll targets), then
 * emptied for the next one. Objects that nobody asked for are not in it.
 *
 * Descriptors of a table are added in ascending order, table by table, and
 * mappings by ascending address: that is how the walk meets them. Looking up
 * costs O(log n).
 */
#include "model/object.h"

struct fd_slot {
        int fd;
        struct object *object;
};

struct fd_map {
        uint64_t start, end;            /* addresses; end is the first one behind it */
        struct object *object;
};

/* The descriptors of one thread, or of all threads but those that have tables of their own. */
struct fd_owner {
        pid_t tid;                      /* whose table was read; the first is the leader's, even if it is empty */
        size_t first, n;                /* its slots */
};

/* { 0 } is a valid empty table. */
struct fd_table {
        struct fd_slot *slots;
        size_t nslots, slots_room;
        struct fd_owner *owners;
        size_t nowners, owners_room;
        struct fd_map *maps;
        size_t nmaps, maps_room;
};

void fd_table_done(struct fd_table *table);

/* For the next process: forgets everything, keeps the memory. */
void fd_table_begin(struct fd_table *table, pid_t pid);

void fd_table_add(struct fd_table *table, pid_t tid, int fd, struct object *object);
void fd_table_map(struct fd_table *table, uint64_t start, uint64_t end, struct object *object);

/*
 * The object behind a descriptor, in the table that was read of thread `tid`,
 * else in the common one (the leader's; if it has exited, the next); NULL:
 * none. Which table a thread uses that has no entry here, kcmp(2) tells.
 */
struct object *fd_table_find(const struct fd_table *table, pid_t tid, int fd);

/* The object whose shared mapping the address lies in, or NULL. */
struct object *fd_table_at(const struct fd_table *table, uint64_t address);

#endif
