/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SOCKDIAG_RELAY_H
#define SYS_SOCKDIAG_RELAY_H

/*
 * Private to sys/: the answers of the kernel to one request. It makes each of
 * them in the time of who receives it; so those of a large dump are received
 * by a thread, while the ones before are being worked on.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct relay;

/*
 * fd: a netlink socket, borrowed, from which nobody else receives meanwhile; port
 * and sequence: of the request, to know the end of its answers. alone: no thread
 * receives while the caller works on what it has. Never NULL.
 */
struct relay *relay_open(int fd, uint32_t port, uint32_t sequence, bool alone);
void relay_close(struct relay *relay);

/*
 * The next datagram of the kernel's own: its length, and where it is, until
 * the next call; or -errno: -ETIMEDOUT, -ENOBUFS...; -ENODATA behind the last.
 */
ssize_t relay_next(struct relay *relay, const char **ret);

#endif
