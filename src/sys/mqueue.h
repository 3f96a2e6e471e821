/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_MQUEUE_H
#define SYS_MQUEUE_H

/*
 * POSIX message queues as files (mq_overview(7), ipc/mqueue.c). The names
 * belong to the IPC namespace of the *mount*; mq_open(3) acts in the caller's,
 * so the only use of it here is to find out whether the two are the same.
 */
#include "sys/host.h"

struct mqueue_facts {
        uint64_t queued_bytes;          /* QSIZE of the file's text: bytes */
        int notify, signal;             /* SIGEV_x and signal number of mq_notify(3) */
        pid_t notify_pid;               /* 0: nobody */
        bool has_attributes;            /* the rest is known (needs read permission) */
        uint64_t max_messages, max_message_bytes, queued_messages;
};

/*
 * A private, detached mount of the caller's own IPC namespace's queues
 * (fsopen(2), fsmount(2)): nobody else sees it, closing the descriptor ends it.
 * Needs CAP_SYS_ADMIN. A directory descriptor, or -errno.
 */
int mqueue_mount(const struct host *host);

/*
 * Does this mounted directory show the queues of the caller's own IPC
 * namespace? 1, 0, or -errno when it can't be told: -EPERM (no right to mount, and
 * no queue in it that we may open), -EOPNOTSUPP (recorded).
 */
int mqueue_is_own(const struct host *host, int dir);

/*
 * Reads one queue, by name in an open mqueue directory. The text of the file
 * is read (this changes the file's atime), then mq_getattr on the same
 * descriptor when live. 0 or -errno; -EBADMSG when the text is none of a queue.
 */
int mqueue_read(const struct host *host, int dir, const char *name, struct mqueue_facts *ret);

/*
 * The same through a magic link of /proc ("fd/7" in a process' directory): for
 * queues that have no name here. The caller has made sure that it is a queue.
 */
int mqueue_read_link(const struct host *host, int dir, const char *name, struct mqueue_facts *ret);

/* Parses the text of such a file (for tests and fuzzing): 0, or -EBADMSG. */
int mqueue_parse(struct text text, struct mqueue_facts *ret);

#endif
