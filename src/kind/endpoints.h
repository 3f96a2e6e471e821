/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_ENDPOINTS_H
#define KIND_ENDPOINTS_H

/*
 * Private to inet and vsock: which two sockets of one network namespace are
 * the ends of a connection. Both know the two addresses, each its own first.
 */
#include "model/builder.h"

struct endpoint {
        uint8_t address[16];
        uint32_t port;
};

enum endpoint_role {
        END_CONNECTED,                  /* it has a remote end */
        END_LISTENER,
        END_RECEIVER,                   /* bound, takes datagrams from whoever sends */
        END_OTHER,
};

struct end {
        struct object *object;
        uint16_t protocol;
        enum endpoint_role role;
        bool pending;                   /* connected, and not accepted yet */
        struct endpoint local, remote;
};

/* All of a namespace. { 0 } is empty. */
struct ends {
        struct end *list;
        size_t n, room;
};

void ends_add(struct ends *ends, const struct end *end);
void ends_done(struct ends *ends);

/*
 * Ties both ends of connections; connections that are not accepted yet to their
 * listener; senders of datagrams to their receiver (one way). Sets
 * FIELD_LOCAL_PEER of all that are connected. any: the addresses that stand for
 * all of the machine's own, in the order in which they are looked for; loops: is
 * the remote address surely one of those?
 */
void ends_tie(const struct ends *ends, const uint8_t (*any)[16], unsigned nany, bool (*loops)(const struct end *end),
              struct builder *builder);

#endif
