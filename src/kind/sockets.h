/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_SOCKETS_H
#define KIND_SOCKETS_H

/*
 * What the kinds of sockets have in common: the tables that they are listed
 * from are those of one network namespace, and a descriptor of a socket that
 * is in no table yet may be of another one.
 *
 * The key of a socket is its namespace and its inode. One that no process has
 * (a connection that is not accepted yet, or is being closed) has none: then
 * the id is its cookie above 2^32, where no inode of a socket lies.
 */
#include "kind/claim.h"
#include "sys/sockdiag.h"

/* A network namespace being read. */
struct sockets {
        const struct host *host;
        struct builder *builder;
        struct sockdiag *diag;          /* NULL: there is only /proc/net */
        int refused;                    /* why: -errno */
        char net[32];                   /* "/proc/net", "/proc/7/net" */
        uint64_t ns;                    /* inode; 0: unknown */
        bool foreign;
        bool want_memory;
};

/* Fills in diag and refused, with host and builder filled in. ns: as of sockdiag_open(). */
void sockets_open(struct sockets *sockets, int ns);

/* scan of each kind: `read` with the reader's own namespace. */
void sockets_scan(const struct host *host, struct builder *builder, void (*read)(struct sockets *sockets));

/* Is what the buffers take wanted? */
bool sockets_want_memory(const struct builder *builder);

/* Those of the kinds: list the sockets of one namespace. */
void unix_read(struct sockets *sockets);
void inet_read(struct sockets *sockets);
void netlink_read(struct sockets *sockets);
void packet_read(struct sockets *sockets);
void vsock_read(struct sockets *sockets);

/*
 * claim of all kinds of sockets. A process of another network namespace makes
 * that one be read, once; a socket that is in none of the tables is told with
 * what its descriptor says of it.
 */
struct object *sockets_claim(struct claim *claim);

/* conclude of all kinds: is it held by anybody? */
void sockets_conclude(struct builder *builder, struct object *object);

/* The object of a socket in that namespace, which its holders will find; without values yet. */
struct object *sockets_object(struct sockets *sockets, const struct kind *kind, uint32_t inode, uint64_t cookie);

/*
 * Reads a file of /proc/net, when sock_diag said `err` or could not be asked. A
 * gap tells that less is known. False: there is nothing to read.
 */
bool sockets_fall_back(struct sockets *sockets, const struct kind *kind, int err, const char *file, struct buf *out);

/* The text of a file of /proc/net of that namespace; appended. 0 or -errno. */
int sockets_table(const struct sockets *sockets, const char *file, struct buf *out);

/* Lines of such a file that were none. */
void sockets_bad_lines(struct sockets *sockets, const struct kind *kind, unsigned bad);

/* The inode, if it has one, and a state in which nothing is said so far. */
void sockets_set_inode(struct builder *builder, struct object *object, uint32_t inode);

/* Fields that they share. type, phase, shutdown: as in sys/sockdiag.h. */
void sockets_set_type(struct builder *builder, struct object *object, unsigned type);
void sockets_set_phase(struct builder *builder, struct object *object, unsigned phase);
void sockets_set_shutdown(struct builder *builder, struct object *object, unsigned shutdown);
void sockets_set_memory(struct sockets *sockets, struct object *object, const struct socket_memory *memory);
void sockets_set_interface(struct sockets *sockets, struct object *object, uint32_t index);

/* Name of a NETLINK_x number, in the field. */
void netlink_set_protocol(struct builder *builder, struct object *object, unsigned protocol);

/* Backlog of a listener, of which the largest may be unknown; queues of the others. */
void sockets_set_queues(struct builder *builder, struct object *object, unsigned phase, uint32_t receive,
                        uint32_t send, bool has_backlog);

#endif
