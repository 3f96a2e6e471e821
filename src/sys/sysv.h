/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SYSV_H
#define SYS_SYSV_H

/*
 * What the System V calls tell beyond /proc/sysvipc. They answer for the
 * caller's IPC namespace of the running kernel: -EOPNOTSUPP on a recorded
 * machine. None of them changes an object or its times.
 */
#include "sys/host.h"

/* msg_qbytes, by MSG_STAT_ANY (no read permission needed). 0 or -errno. */
int sysv_msg_limit(const struct host *host, int msqid, uint64_t *ret_bytes);

struct sysv_semaphore {
        uint32_t value, waiting_increase, waiting_zero;
        pid_t last_pid;                 /* 0: none, or not visible in our pid namespace */
};

/*
 * Each semaphore of a set of `count`, by GETVAL, GETNCNT, GETZCNT, GETPID
 * (semctl(2), needs read permission). ret has room for count; on failure its
 * contents are of no use. 0 or -errno; -EINVAL or -EIDRM: the set is gone.
 */
int sysv_semaphores(const struct host *host, int semid, unsigned count, struct sysv_semaphore *ret);

/*
 * Reads a file of /proc/sysvipc as a process of another IPC namespace sees it.
 * process_dir is its /proc/PID. A thread of ours enters that namespace, reads,
 * and ends; the caller stays where it is. Needs CAP_SYS_ADMIN. Appends to *out.
 * 0 or -errno.
 */
int sysv_read_foreign(const struct host *host, int process_dir, const char *path, struct buf *out);

#endif
