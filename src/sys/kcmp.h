/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_KCMP_H
#define SYS_KCMP_H

/*
 * Which descriptors are the same open file? Files on the anonymous inode have
 * no number that tells; kcmp(2) compares two of them, and orders them, so that
 * n descriptors are sorted out with n log n questions.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The open files met so far, each with a pointer that the user gives it. */
struct open_files;

/* able: may kcmp(2) be asked at all (a live machine, our own pids)? */
struct open_files *open_files_new(bool able);
void open_files_free(struct open_files *files);         /* NULL is fine; not what the pointers point to */

/*
 * Looks for the open file behind a descriptor of a process or thread. Only
 * files of the same class (a, b) are compared: anything that is the same for
 * the same file, always, and cheap to know.
 *
 *   1          known: *ret is its pointer
 *   0          not met before
 *   -ENOENT    the descriptor is not there any more
 *   -errno     it can't be told whether it was met before: not permitted,
 *              no such system call...
 */
int open_files_find(struct open_files *files, uint64_t a, uint64_t b, pid_t task, int fd, void **ret);

/* Enters the one that open_files_find() has just answered 0 for. */
void open_files_add(struct open_files *files, void *data);

/*
 * After an answer "can't be told": calls back for each file of that class, the
 * first time it happens to the class. Each of them could be the one.
 */
void open_files_doubt(struct open_files *files, void (*doubt)(void *data, void *context), void *context);

/*
 * Is the file behind a descriptor the one that an epoll instance of the same
 * table (descriptor `epoll`) watches as number `target`? nth: which one of those
 * that it watches under the same number, in the order of fdinfo. 1, 0, or -errno.
 * The kernel walks through all that the instance watches.
 */
int kcmp_is_target(pid_t task, int fd, pid_t epoll_task, int epoll, uint32_t target, uint32_t nth);

#endif
