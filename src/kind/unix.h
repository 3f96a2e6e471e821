/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_UNIX_H
#define KIND_UNIX_H

/* Private to the kind unix: its names and the files behind them. */
#include "base/map.h"
#include "kind/sockets.h"

struct bearer;

/* What a table told of a socket that has a name, until all of them are read and walked. */
struct unix_known {
        struct object *object;
        struct text name;               /* a NUL is behind it */
        uint64_t file_dev;
        uint32_t file_inode;
        bool has_file;
        bool connection;                /* of a listener, or made by connect(2); its name may be the listener's */
        bool listens;
        bool reached;                   /* its path leads to its file, on a local file system */
        struct bearer *bearer;          /* while names are settled */
        struct unix_known *next;
};

/* What is to be settled of a socket, whether it has a name or not. */
struct unix_end {
        struct object *object;
        uint32_t peer;                  /* inode; 0: none */
        bool loaded;                    /* descriptors may be on their way to it, and are asked for */
};

enum { UNIX_ENDS = 62 };

struct unix_ends {
        struct unix_ends *next;
        unsigned n;
        struct unix_end ends[UNIX_ENDS];
};

/* A file that the question names: whether it is stale is known when all is read. */
struct unix_asked {
        struct text path;
        struct unix_asked *next;
};

struct unix_list {
        struct unix_known *named;
        struct unix_ends *ends;
        struct unix_asked *asked;
};

/* Those of the snapshot that is being built. */
struct unix_list *unix_list(struct builder *builder);

/*
 * A file system of the reader's mount namespace that may be asked for files
 * without waiting for a server.
 */
struct places {
        struct map devices;             /* dev, 0 -> anything: mounted here, and local */
        struct map mounted;             /* dev, 0 -> anything: mounted here */
};

void places_init(struct places *places, const struct host *host, struct builder *builder);
void places_done(struct places *places);
bool places_local(const struct places *places, uint64_t dev);
bool places_mounted(const struct places *places, uint64_t dev);

/*
 * The files that sockets are bound to, as a set. Their inodes are known by
 * 32 bits only (unix_diag).
 */
struct bound {
        struct map files;               /* dev, low 32 bits of inode -> anything */
};

void bound_add(struct bound *bound, uint64_t dev, uint64_t inode);
bool bound_has(const struct bound *bound, uint64_t dev, uint64_t inode);

/* Which socket a name leads to: the others that bear it, too, are nameless. */
void unix_settle_names(struct builder *builder);

/* Looks at the files of names: modes, and the states unlinked and replaced. */
void unix_settle_files(const struct host *host, const struct places *places, struct bound *bound,
                       struct builder *builder);

/* Socket files that nothing is bound to; those that were asked for, wherever they are. */
void unix_find_stale(const struct host *host, const struct places *places, const struct bound *bound,
                     struct builder *builder);

#endif
