/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SOCKFD_H
#define SYS_SOCKFD_H

/* What a socket itself tells that is in no table: through the descriptor of a process. */
#include "base/buf.h"
#include "sys/host.h"

#include <sys/types.h>

/*
 * The name of its protocol ("UNIX-STREAM", "TCPv6", "NETLINK"), from the
 * attribute system.sockprotoname of the magic link `name` in dir. Appends. 0 or
 * -errno; -EOPNOTSUPP: a recorded machine.
 */
int sockfd_protocol(const struct host *host, int dir, const char *name, struct buf *out);

/* -1: it did not say. */
struct sockfd_facts {
        int domain, type, protocol;     /* AF_UNIX..., SOCK_STREAM..., as in socket(2) */
        uint64_t ns;                    /* inode of its network namespace; 0: not told (needs CAP_NET_ADMIN there) */
};

/*
 * Asks a copy of the descriptor; pid to inode, the rights it needs and what it
 * does to the socket: see getfd_copy(). For single objects, not for lists. 0 or -errno.
 */
int sockfd_ask(const struct host *host, pid_t pid, pid_t tid, int fd, uint64_t inode, struct sockfd_facts *ret);

#endif
