/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_WAITS_H
#define SYS_WAITS_H

/*
 * What the threads of a process wait for: /proc/PID/task/TID/syscall names the
 * system call that a blocked thread is in, and its arguments
 * (proc_pid_syscall(5)). It may be read by whoever may trace the process.
 *
 * Since when: `se.exec_start` of /proc/PID/task/TID/sched is the moment at
 * which the scheduler last accounted time to the thread, so that of its going
 * to sleep. What that is worth:
 *   - It is the last time the thread ran, not the begin of its call. A call
 *     that woke up in vain and went on waiting is younger than it looks: the
 *     thread has been blocked at least since then.
 *   - It counts on the clock of the CPU that the thread ran on (sys/cpu-clocks.h),
 *     and is compared with what that says now. Of what the clock left out *while*
 *     the thread slept (what a hypervisor took, suspend), `since` is too late by
 *     just that much. Where the CPU can't be asked, another's clock may be wrong
 *     by seconds on a virtual machine.
 *   - Kernels before 6.15 have it only with CONFIG_SCHED_DEBUG.
 */
#include "base/buf.h"
#include "sys/host.h"

/* Whose numbers system calls have. Those of x32 are not known. */
enum wait_machine { MACHINE_X86_64, MACHINE_I386, MACHINE_ARM64, MACHINE_COUNT, MACHINE_UNKNOWN = MACHINE_COUNT };

/* By what the call names its object. */
enum wait_target {
        WAIT_SEM,                       /* id: semid */
        WAIT_MSG,                       /* id: msqid */
        WAIT_FD,                        /* id: descriptor */
        WAIT_FDS,                       /* either of the descriptors id and other */
        WAIT_POLL,                      /* any of count struct pollfd at address */
        WAIT_SELECT,                    /* any descriptor below count in the sets at addresses (0: none) */
        WAIT_LOCK,                      /* a lock on the file of descriptor id */
        WAIT_FUTEX,                     /* the word at address; never a private futex */
        WAIT_FUTEXES,                   /* any of count struct futex_waitv at address */
        WAIT_SOCKET,                    /* the descriptor in the 32-bit word at address */
        WAIT_PATH,                      /* the file of the name at address, relative to descriptor id (AT_FDCWD) */
};

struct wait_call {
        const char *operation;          /* the system call: "semop"; a literal */
        enum wait_target target;
        int id, other;
        uint32_t count;
        uint64_t address;
        uint64_t addresses[3];
        bool timed;                     /* it ends by itself, when its time is over */
};

/* The line of /proc/PID/syscall, of a thread that is in a system call. */
struct wait_line {
        int64_t number;
        uint64_t arguments[6];
        uint64_t stack, instruction;    /* addresses */
};

/* 1; 0: not blocked ("running"), or not in a system call; -EBADMSG: no such line. */
int wait_parse(struct text line, struct wait_line *ret);

/* What a blocked thread waits for. False (and *ret untouched): for nothing that we know of. */
bool wait_decode(const struct wait_line *line, enum wait_machine machine, struct wait_call *ret);

/* A reader of threads: one for a whole walk. Never NULL. */
struct waits;

struct waits *waits_open(const struct host *host);
void waits_close(struct waits *waits);          /* NULL is fine */

struct wait_thread {
        pid_t tid;
        struct wait_call call;
};

/*
 * What the threads of a process wait for, to be told again as long as none of them has run: until then each is in
 * the same call. { 0 } is a valid one, of which nothing is known.
 */
struct waits_kept {
        struct kept_wait *threads;
        size_t n;
        bool whole;                     /* there are no others, and nothing of it need be read again */
};

void waits_kept_done(struct waits_kept *kept);

/*
 * Starts on a process: dir is its /proc/PID, borrowed until the next start.
 * Kernel threads, and threads that run, give nothing. kept, borrowed as well: what is whole is told, without a
 * question to the kernel, and dir may be -1; else it becomes whole by the end of this, if it can. NULL: nothing.
 */
void waits_start(struct waits *waits, int dir, pid_t pid, struct waits_kept *kept);

/* The next thread of it that waits for something; false at the end. */
bool waits_next(struct waits *waits, struct wait_thread *ret);

/*
 * Why it ended: 0 or -errno (EACCES, EPERM: we may not look at its threads;
 * EOPNOTSUPP: one is blocked in a call of a machine that we don't know).
 */
int waits_error(const struct waits *waits);

/* The rest is about the thread just returned. */

/* Its directory, for process_read_namespace()...; borrowed. Or -errno. */
int waits_thread_dir(struct waits *waits);

enum { WAIT_FDS_MOST = 1024 };

/*
 * The descriptors that it waits for: of WAIT_FD, WAIT_LOCK one, of the others
 * all that the process' memory names. Returns how many, ascending for select
 * only; or -errno. *ret_more: there are further ones that were not looked at.
 */
int waits_fds(struct waits *waits, const struct wait_call *call, int ret[WAIT_FDS_MOST], bool *ret_more);

/* The addresses of the words that it waits on: WAIT_FUTEX and WAIT_FUTEXES. */
int waits_futexes(struct waits *waits, const struct wait_call *call, uint64_t ret[WAIT_FDS_MOST], bool *ret_more);

/*
 * What the file is that WAIT_PATH names, as that process finds it. Nothing is
 * opened, and no file system is asked that would have to look it up first: a
 * server that does not answer cannot stop us. Its whole path, as the links of
 * /proc would show it to us, is appended to *path. 0 or -errno.
 */
int waits_path_stat(struct waits *waits, const struct wait_call *call, struct file_facts *ret, struct buf *path);

/* What the file behind one of its descriptors is. 0 or -errno. */
int waits_fd_stat(struct waits *waits, int fd, struct file_facts *ret);

/* Do both threads of the process use the same descriptor table (kcmp(2))? False where it can't be told. */
bool waits_same_table(const struct waits *waits, pid_t a, pid_t b);

/* Since when it does not run, ns since the epoch, in whole milliseconds (see above); 0: can't be told. */
int64_t waits_since(struct waits *waits);

#endif
