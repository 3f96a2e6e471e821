/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SYSV_CONTENTS_H
#define SYS_SYSV_CONTENTS_H

/*
 * The contents of System V semaphore sets and message queues, of the caller's
 * IPC namespace. -EOPNOTSUPP on a recorded machine; -ENOENT: gone.
 */
#include "sys/sysv-acts.h"

/*
 * All values of a set at once (GETALL, SETALL). The kernel goes by the number
 * that the set has *now*, whatever the caller expects: memory ends where the
 * expected number does, so a larger set that has taken the id is an error
 * (-EFAULT), not an overflow. values: count of them. 0 or -errno.
 */
int sysv_get_values(const struct host *host, int semid, unsigned count, uint16_t *values);
int sysv_set_values(const struct host *host, int semid, unsigned count, const uint16_t *values);

/*
 * The message at place `number` of a queue, which stays as it is: MSG_COPY. The
 * kernel walks its list up to there, so reading a whole queue takes time that
 * grows with the square of its length. The buffer is for the callee's use, and
 * holds the text, which is valid until the next call; ret_text->len is taken as
 * a guess of its length. 0 or -errno: -ENODATA: no
 * such place, -EMSGSIZE: longer than kernel.msgmax is now, so it can't be read
 * in this way, -ENOSYS: kernel without CONFIG_CHECKPOINT_RESTORE.
 */
int sysv_copy_message(const struct host *host, int msqid, uint64_t number, struct buf *buffer, int64_t *ret_type,
                      struct text *ret_text);

/* Sends one, without waiting. The buffer is for the callee's use. 0 or -errno: -EAGAIN: there is no room. */
int sysv_send_message(const struct host *host, int msqid, int64_t type, struct text text, struct buf *buffer);

/*
 * Waits until a second has begun, as the clock says that the kernel takes the
 * times of objects from, that comes after `moment` (in seconds). What happens
 * from then on has a later time. At most two seconds, should the clock be set
 * back; not when a signal waits (sys/interrupt.h).
 */
void sysv_pass_second(int64_t moment);

#endif
