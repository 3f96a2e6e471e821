/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_MQUEUE_ACTS_H
#define SYS_MQUEUE_ACTS_H

/*
 * Acting upon POSIX message queues. A queue that was seen in a mounted
 * directory is reached through a directory of the same device only: mq_unlink(3)
 * and mq_open(3) go to the queues of the caller's IPC namespace, whatever
 * namespace the mount belongs to.
 */
#include "sys/host.h"

/*
 * A directory with the queues of that device: a mount that is not known to be
 * of another IPC namespace, or a private one. A descriptor or -errno; -ENOENT:
 * none is mounted for us, and we have no right to do it.
 */
int mqueue_directory(const struct host *host, uint64_t dev);

/* Where no directory can be had: a queue of the caller's own namespace, by name ("/jobs"). A descriptor or -errno. */
int mqueue_open(const char *name);
int mqueue_unlink(const char *name);

/* Makes a queue, exclusively, that nobody else can open yet. A descriptor or -errno; -EEXIST. */
int mqueue_make(const char *name, uint64_t max_messages, uint64_t max_message_bytes);

/* Takes the next message out. 0 or -errno; -EAGAIN: there is none. size: at least max_message_bytes. */
int mqueue_receive(int queue, void *ret, size_t size, size_t *ret_len, unsigned *ret_priority);

/* Puts one in. 0 or -errno; -EAGAIN: it is full. */
int mqueue_send(int queue, const void *message, size_t len, unsigned priority);

#endif
