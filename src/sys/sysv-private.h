/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SYSV_PRIVATE_H
#define SYS_SYSV_PRIVATE_H

/* Private to sys/sysv*.c. */
struct semid_ds;

/* The fourth argument of semctl(2), which its callers must define. */
union semun {
        int val;
        struct semid_ds *buf;
        unsigned short *array;
};

/* -errno; EINVAL and EIDRM, which say that an object is gone, become -ENOENT. */
int sysv_error(int err);

#endif
