/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sysv.h"

#include "base/array.h"

#include <errno.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif

/*
 * MSG_STAT_ANY takes an index and tells the id of what it found there. The
 * index is the low bits of the id: 15, or 24 with the boot option ipcmni_extend.
 */
static bool msg_stat_any(int msqid, int mask, struct msqid_ds *ret)
{
        struct msqid_ds ds;

        if (msgctl(msqid & mask, MSG_STAT_ANY, &ds) != msqid)
                return false;
        *ret = ds;
        return true;
}

int sysv_msg_limit(const struct host *host, int msqid, uint64_t *ret_bytes)
{
        struct msqid_ds ds;

        if (!host_live(host))
                return -EOPNOTSUPP;
        if (msqid < 0)
                return -EINVAL;
        if (!msg_stat_any(msqid, 0x7fff, &ds) && !msg_stat_any(msqid, 0xffffff, &ds) &&
            msgctl(msqid, IPC_STAT, &ds) < 0)
                return -errno;
        *ret_bytes = ds.msg_qbytes;
        return 0;
}

/*
 * One by one, also the values: GETALL writes as many as the set has *now*, and
 * the id may have been given to a larger set meanwhile.
 */
static int get_semaphore(int semid, int number, struct sysv_semaphore *ret)
{
        static const int commands[] = { GETVAL, GETNCNT, GETZCNT, GETPID };
        int results[COUNT(commands)];

        for (unsigned i = 0; i < COUNT(commands); i++) {
                results[i] = semctl(semid, number, commands[i]);
                if (results[i] < 0)
                        return -errno;
        }
        *ret = (struct sysv_semaphore){ (uint32_t)results[0], (uint32_t)results[1], (uint32_t)results[2], results[3] };
        return 0;
}

int sysv_semaphores(const struct host *host, int semid, unsigned count, struct sysv_semaphore *ret)
{
        int r = 0;

        if (!host_live(host))
                return -EOPNOTSUPP;
        if (count == 0 || count > INT32_MAX)
                return -EINVAL;
        for (unsigned i = 0; r == 0 && i < count; i++)
                r = get_semaphore(semid, (int)i, &ret[i]);
        return r;
}
