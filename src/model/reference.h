/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_REFERENCE_H
#define MODEL_REFERENCE_H

/*
 * References: how people and scripts name an object. KIND:NAME, always one
 * shell word; what is printed is accepted again.
 *
 *   shm:1234            id, decimal                 (also shm:id=1234)
 *   shm:0x5eed          key, hex, always with 0x    (also shm:key=24301)
 *   mq:/jobs pshm:/a%20b     name; other bytes than escape_word()'s are %HH
 *   pshm:ino=41         inode: a file without a name any more
 *   shm:7,ns=4026532221      an object of another namespace; pshm:/x,dev=0:45
 *   unix:/run/x.sock unix:@abstract unix:ino=88121 pipe:88121 netlink:route/2011
 *   epoll:2011/9        what has no name and no inode: a descriptor of a process
 *   fd:2011/7           whatever that descriptor is
 *   pid:2011            a process
 *
 * \xHH is accepted for %HH. Printed is the %-form, because a shell would eat
 * the backslash and so turn one name into another.
 */
#include "base/buf.h"
#include "model/snapshot.h"

enum reference_by { REFERENCE_ID, REFERENCE_KEY, REFERENCE_NAME, REFERENCE_INODE, REFERENCE_FD, REFERENCE_PID };

struct reference {
        const struct kind *kind;        /* NULL: REFERENCE_PID, or REFERENCE_FD of fd:PID/FD */
        enum reference_by by;
        uint64_t number;                /* id, key, inode, descriptor or pid */
        uint64_t pid;                   /* REFERENCE_FD: whose descriptor */
        struct text name;               /* REFERENCE_NAME: bytes, in the arena given to parse */
        uint64_t ns;                    /* namespace inode asked for; 0: the reader's own */
        uint64_t dev;                   /* device asked for (value_dev()); 0: any */
};

/* What is wrong with a reference or filter: N_() text and where (byte offset). */
struct parse_error {
        const char *message;
        size_t at;
};

/*
 * Reads a reference. 0, or -EINVAL / -ERANGE with *ret_error set. Numbers are
 * read whole and range-checked: 4294967296 is an error, never id 0; key 0 is
 * IPC_PRIVATE and no address.
 */
int reference_parse(const struct kind_set *kinds, struct text word, struct arena *arena,
                    struct reference *ret, struct parse_error *ret_error);

/* Writes the reference of an object. */
void reference_print(const struct object *object, struct buf *out);

/* Does the reference name this object? Its kind is known to be right; not for fd:PID/FD and processes. */
bool reference_means(const struct reference *reference, const struct object *object);

/*
 * The objects that a reference names: usually one or none; a key or inode may
 * name several across namespaces, but only those of the reader's own count
 * unless ns or dev say otherwise. Calls back for each; returns how many.
 */
size_t reference_resolve(const struct snapshot *snapshot, const struct reference *reference,
                         void (*found)(const struct object *object, void *data), void *data);

/*
 * The same for many in a row: *guess is where the last one was found and what the next one names may begin, as lists
 * mostly are in the order of the snapshot. Starts at any number.
 */
size_t reference_resolve_near(const struct snapshot *snapshot, const struct reference *reference, size_t *guess,
                              void (*found)(const struct object *object, void *data), void *data);

#endif
