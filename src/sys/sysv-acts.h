/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SYSV_ACTS_H
#define SYS_SYSV_ACTS_H

/*
 * Changing System V objects: making, removing, giving other attributes. All in
 * the caller's IPC namespace of the running kernel (-EOPNOTSUPP on a recorded
 * machine). EINVAL and EIDRM for an object that is gone become -ENOENT.
 */
#include "sys/host.h"

enum sysv_type { SYSV_SHM, SYSV_SEM, SYSV_MSG };

/* What *ctl(2) tells of an object. Times in whole seconds: the kernel keeps no more. */
struct sysv_facts {
        int id;                         /* its true id */
        uint32_t key;
        uid_t owner, creator;
        gid_t group, creator_group;
        uint32_t mode;                  /* the nine bits */
        uint32_t permissions;           /* and with what the kernel keeps beside them, as /proc/sysvipc tells it */
        int64_t changed;
        union {
                struct {
                        uint64_t size, attached;
                        pid_t creator_pid, last_pid;
                        int64_t attached_at, detached_at;
                        bool dest, locked;
                } shm;
                struct {
                        uint64_t count;
                        int64_t operated_at;
                } sem;
                struct {
                        uint64_t messages, bytes, max_bytes;
                        pid_t last_send_pid, last_receive_pid;
                        int64_t sent_at, received_at;
                } msg;
        };
};

/*
 * By SHM_STAT_ANY and its like, which need no read permission: one's own
 * objects of mode 0000 answer, too. Kernels before 4.17 are asked by IPC_STAT.
 * 0 or -errno.
 */
int sysv_stat(const struct host *host, enum sysv_type type, int id, struct sysv_facts *ret);

/*
 * Removes the object if `same` says, of what the kernel tells right before, that
 * it is the one that is meant; else -ESTALE. Between the two system calls
 * nothing else is done: an object that takes its place just there is lost, the
 * kernel has no call that compares and removes. A segment that was removed
 * before and only waits for its last detach is gone: -ENOENT.
 */
int sysv_remove(const struct host *host, enum sysv_type type, int id,
                bool (*same)(const struct sysv_facts *now, void *data), void *data);

struct sysv_making {
        enum sysv_type type;
        uint32_t key;                   /* 0: IPC_PRIVATE */
        uint32_t mode;
        uint64_t size;                  /* bytes of a segment, semaphores of a set */
        bool hugetlb, noreserve;        /* segments */
        int id;                         /* -1: any; else this one, needs CAP_CHECKPOINT_RESTORE */
};

/*
 * Makes an object that was not there. *ret_failed: N_(), the step that failed,
 * where the errno alone leaves that open; else untouched. 0 or -errno: -EEXIST
 * (the key or the id is taken), -EOPNOTSUPP (no way to ask for an id).
 *
 * The id is asked for in /proc/sys/kernel/{shm,sem,msg}_next_id, which serves
 * whoever comes next: if that was somebody else, what was made is removed again.
 * The file takes no -1, so a wish that was not used is used up by an object
 * that is removed at once.
 */
int sysv_make(const struct host *host, const struct sysv_making *making, int *ret_id, const char **ret_failed);

/* Takes away what the caller has just made; nothing else, should that be gone already. made: as it was then. */
void sysv_unmake(const struct host *host, enum sysv_type type, const struct sysv_facts *made);

/* IPC_SET: owner, group, mode, and max_bytes of a queue, all at once. Changes ctime. 0 or -errno. */
int sysv_set(const struct host *host, enum sysv_type type, int id, const struct sysv_facts *wanted);

/* SHM_LOCK or SHM_UNLOCK. 0 or -errno. */
int sysv_lock(const struct host *host, int shmid, bool lock);

/* SETVAL. 0 or -errno. */
int sysv_set_semaphore(const struct host *host, int semid, unsigned number, unsigned value);

#endif
