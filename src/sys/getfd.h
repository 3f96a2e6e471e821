/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_GETFD_H
#define SYS_GETFD_H

/*
 * A copy of another process' descriptor (pidfd_getfd(2), Linux 5.6): the only
 * way to ask what /proc does not tell without opening the object anew, which
 * for pipes, terminals and devices would be an act of its own.
 *
 * It needs the right to attach to the process (ptrace(2), PTRACE_MODE_ATTACH:
 * the same user and no Yama in the way, or CAP_SYS_PTRACE). The copy is the
 * same open file: while we have it, the last other descriptor being closed
 * does not yet close the object. Ask, and close it at once.
 */
#include <stdint.h>
#include <sys/types.h>

struct stat;

/*
 * tid: the thread whose table has it, if that is not the process'; else 0 or
 * pid. dev (0: any) and inode say what it must be: the number may be another
 * file's by now, or the pid another process'. The copy is the caller's to
 * close, and *ret is what fstat(2) says of it; or -errno: -EPERM, -ESRCH,
 * -EBADF, -ENOSYS, and -ESTALE for another file.
 */
int getfd_copy(pid_t pid, pid_t tid, int fd, uint64_t dev, uint64_t inode, struct stat *ret);

#endif
