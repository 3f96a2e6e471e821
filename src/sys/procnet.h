/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_PROCNET_H
#define SYS_PROCNET_H

/*
 * Sockets as the files of /proc/net tell them: where sock_diag(7) is refused or
 * missing, for recorded machines, and for tables that it does not have. They
 * tell less: no peers, no memory; and the names of unix sockets stand there
 * raw, so that one with a newline makes lines of its own.
 *
 * Each calls back for the rows of a file's text and returns how many lines
 * were none. Facts live for the callback only.
 */
#include "sys/sockdiag.h"

unsigned procnet_unix(struct text text, void (*found)(const struct unix_facts *facts, void *data), void *data);

/* tcp, tcp6, udp, udp6, raw...: they all look alike. */
unsigned procnet_inet(struct text text, bool ipv6, uint8_t protocol,
                      void (*found)(const struct inet_facts *facts, void *data), void *data);

unsigned procnet_netlink(struct text text,
                         void (*found)(const struct netlink_facts *facts, void *data), void *data);

unsigned procnet_packet(struct text text, void (*found)(const struct packet_facts *facts, void *data), void *data);

#endif
