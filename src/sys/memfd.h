/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_MEMFD_H
#define SYS_MEMFD_H

/* What only a descriptor of a memfd tells: memfd_create(2), F_GET_SEALS of fcntl(2). */
#include <stdint.h>
#include <sys/types.h>

/*
 * The seals (F_SEAL_x bits), asked of a copy of somebody's descriptor with the
 * rights and the consequence that sys/getfd.h describes. 0 or -errno.
 */
int memfd_seals(pid_t pid, pid_t tid, int fd, uint64_t dev, uint64_t inode, unsigned *ret);

#endif
