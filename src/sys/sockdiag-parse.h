/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SOCKDIAG_PARSE_H
#define SYS_SOCKDIAG_PARSE_H

/*
 * Private to sys/ (and for tests and fuzzing): netlink messages of sock_diag(7)
 * as facts. Lengths are the sender's word and are all checked; an attribute
 * of another size than it should have is as if it were not there.
 */
#include "sys/sockdiag.h"

struct nlmsghdr;

/*
 * One answer each, whose header says no more bytes than there are. 0, or
 * -EBADMSG: too short, or of another family. Facts point into the message.
 */
int sockdiag_parse_unix(const struct nlmsghdr *message, struct unix_facts *ret);
int sockdiag_parse_inet(const struct nlmsghdr *message, uint8_t protocol, struct inet_facts *ret);
int sockdiag_parse_netlink(const struct nlmsghdr *message, struct netlink_facts *ret);
int sockdiag_parse_packet(const struct nlmsghdr *message, struct packet_facts *ret);
int sockdiag_parse_vsock(const struct nlmsghdr *message, struct vsock_facts *ret);

/* One dump being received. */
struct sockdiag_dump {
        uint32_t sequence, port;        /* what its messages must bear */
        bool torn;                      /* the kernel said that the table changed meanwhile */
        int (*message)(const struct nlmsghdr *message, void *data);  /* 0 or -errno, which ends it */
        void *data;
};

/*
 * Takes in what one recv(2) gave; data is aligned as a struct nlmsghdr. 1: more
 * is to come; 0: the end; -EINTR: the end, and it was torn; another -errno: what
 * the kernel answered, or -EBADMSG for what is no netlink message. Messages of
 * others (another port or sequence) are passed over.
 */
int sockdiag_take(struct sockdiag_dump *dump, const void *data, size_t len);

#endif
