/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SOCKDIAG_H
#define SYS_SOCKDIAG_H

/*
 * Sockets of a network namespace, from the kernel's tables by netlink
 * (sock_diag(7)), and from /proc/net where that is refused or missing
 * (procnet.h gives the same facts).
 *
 * A dump that the kernel marks as torn is asked for again; what was told the
 * first time is told a second time, so whoever listens must know a socket by
 * its inode or cookie. Facts and what they point to live for the callback only.
 */
#include "base/text.h"
#include "sys/host.h"

#include <stdint.h>

struct sockdiag;

/* Socket states of all families (include/net/tcp_states.h). */
enum socket_phase {
        PHASE_ESTABLISHED = 1, PHASE_SYN_SENT, PHASE_SYN_RECV, PHASE_FIN_WAIT1, PHASE_FIN_WAIT2, PHASE_TIME_WAIT,
        PHASE_UNCONNECTED, PHASE_CLOSE_WAIT, PHASE_LAST_ACK, PHASE_LISTEN, PHASE_CLOSING, PHASE_NEW_SYN_RECV,
        PHASE_BOUND,
};

/* SO_MEMINFO (linux/sock_diag.h), in bytes. */
struct socket_memory {
        bool known;
        uint32_t receive_used, receive_most, send_used, send_most, drops;
};

enum { SHUT_RECEIVE = 1, SHUT_SEND = 2 };

struct unix_facts {
        uint32_t inode;
        uint8_t type;                   /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET; 0: unknown */
        uint8_t phase;                  /* enum socket_phase; 0: unknown */
        bool has_name, has_file, has_peer, has_queues, has_uid, has_shutdown;
        struct text name;               /* path as bound, or NUL and the abstract name */
        bool name_inferred;             /* /proc/net: a leading @ was taken for that NUL */
        uint64_t file_dev;              /* of the path's file: value_dev() form */
        uint32_t file_inode;            /* its low 32 bits: unix_diag tells no more */
        uint32_t peer;                  /* inode; 0: the other end has none (not accepted, or closed) */
        uint32_t receive_queue;         /* bytes; of a listener: pending connections */
        uint32_t send_queue;            /* bytes; of a listener: most pending connections */
        uid_t uid;                      /* who made it */
        uint8_t shutdown;               /* SHUT_RECEIVE | SHUT_SEND */
        struct socket_memory memory;
        const unsigned char *pending;   /* inodes of clients that wait to be accepted: sockdiag_pending() */
        unsigned npending;
};

struct inet_facts {
        uint32_t inode;                 /* 0: no process has it */
        uint64_t cookie;                /* unique in its namespace while it lives; 0: unknown */
        uint16_t protocol;              /* IPPROTO_TCP... */
        bool ipv6;
        uint8_t phase;
        uint16_t local_port, remote_port;
        uint8_t local[16], remote[16];  /* IPv4 as ::ffff:a.b.c.d */
        uint32_t interface;             /* index; 0: any */
        uint32_t receive_queue, send_queue;  /* as unix_facts */
        bool no_backlog;                /* /proc/net: send_queue of a listener tells nothing */
        uid_t uid;
        bool has_shutdown;
        uint8_t shutdown;
        struct socket_memory memory;
};

struct netlink_facts {
        uint32_t inode;
        uint8_t protocol;               /* NETLINK_ROUTE... */
        uint8_t type;
        uint8_t phase;                  /* netlink(7) knows unconnected and connected: 0, 1 */
        uint32_t port;                  /* 0: a socket of the kernel itself */
        bool has_groups;
        const unsigned char *groups;    /* bits of group 1, 2..., in the kernel's words: sockdiag_group() */
        unsigned ngroups;               /* bits there */
        struct socket_memory memory;
};

struct packet_facts {
        uint32_t inode;
        uint8_t type;                   /* SOCK_RAW, SOCK_DGRAM, SOCK_PACKET */
        uint16_t protocol;              /* ETH_P_x */
        bool has_interface, has_uid;
        uint32_t interface;             /* index; 0: all */
        uid_t uid;
        struct socket_memory memory;
};

struct vsock_facts {
        uint32_t inode;
        uint64_t cookie;
        uint8_t type, phase, shutdown;
        uint32_t local_cid, local_port, remote_cid, remote_port;
};

/*
 * ns: descriptor of a network namespace (/proc/PID/ns/net), which a thread of
 * ours enters, opens the netlink socket in, and ends; -1: our own. 0 or
 * -errno; -EPERM: needs CAP_SYS_ADMIN; -EOPNOTSUPP: a recorded machine.
 */
int sockdiag_open(const struct host *host, int ns, struct sockdiag **ret);
void sockdiag_close(struct sockdiag *diag);     /* NULL is fine */

/* No thread helps with its dumps from now on: they take longer, and less of the processors. */
void sockdiag_work_alone(struct sockdiag *diag);

/* What a unix dump shall tell beyond inode, type, state, name, file, peer, queues and shutdown. */
enum { UNIX_WANT_UID = 1, UNIX_WANT_MEMORY = 2 };

/* INET_BOTH: one walk over the table instead of two. */
enum inet_family { INET_IPV4, INET_IPV6, INET_BOTH };

/*
 * Each calls back for all sockets of its family. 0 or -errno: -ENOENT: the
 * kernel has no such table (a module is missing); -EINTR: torn each time it was
 * asked; -ETIMEDOUT; -EBADMSG: an answer that is none. -EOPNOTSUPP: not both families of inet at once; the kernel
 * may refuse that with another error, too, so then each is to be asked for by itself.
 */
int sockdiag_unix(struct sockdiag *diag, unsigned want,
                  void (*found)(const struct unix_facts *facts, void *data), void *data);
int sockdiag_inet(struct sockdiag *diag, enum inet_family family, uint8_t protocol, bool want_memory,
                  void (*found)(const struct inet_facts *facts, void *data), void *data);
int sockdiag_netlink(struct sockdiag *diag, bool want_memory,
                     void (*found)(const struct netlink_facts *facts, void *data), void *data);
int sockdiag_packet(struct sockdiag *diag, bool want_memory,
                    void (*found)(const struct packet_facts *facts, void *data), void *data);
int sockdiag_vsock(struct sockdiag *diag,
                   void (*found)(const struct vsock_facts *facts, void *data), void *data);

/*
 * The pending connections of listeners, a dump of its own: facts have inode,
 * phase and pending only. The kernel ends a dump in silence before a listener
 * with more of them than fit into one message (8,000), so whoever knows of
 * listeners with a queue must look which ones were not told.
 */
int sockdiag_unix_pending(struct sockdiag *diag,
                          void (*found)(const struct unix_facts *facts, void *data), void *data);

/* Inode of the i-th pending client; 0: it has closed meanwhile. */
static inline uint32_t sockdiag_pending(const struct unix_facts *facts, unsigned i)
{
        uint32_t inode;

        memcpy(&inode, facts->pending + i * sizeof(inode), sizeof(inode));
        return inode;
}

/* Is it a member of the group? group: from 1 to ngroups. */
static inline bool sockdiag_group(const struct netlink_facts *facts, unsigned group)
{
        unsigned bits = 8 * sizeof(unsigned long), bit = group - 1;
        unsigned long word;

        memcpy(&word, facts->groups + bit / bits * sizeof(word), sizeof(word));
        return word >> bit % bits & 1;
}

/* Inode of the netlink socket itself, which is in the table that it asks for. */
uint64_t sockdiag_inode(const struct sockdiag *diag);

/* Name of the interface in the namespace that was opened; appended. 0 or -errno. */
int sockdiag_interface(struct sockdiag *diag, uint32_t index, struct buf *out);

#endif
