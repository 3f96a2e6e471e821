/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_PROCESS_H
#define SYS_PROCESS_H

/*
 * What /proc/PID tells about one process (proc(5)). The caller holds /proc/PID
 * open, so all answers are of the same process, even if the pid is reused
 * meanwhile: once it has exited, every read says ESRCH.
 */
#include "base/buf.h"
#include "sys/host.h"

#define PROCESS_KERNEL_THREAD 0x00200000u       /* PF_KTHREAD, include/linux/sched.h */

/* From /proc/PID/stat; parsed from the last ')', as a comm may hold anything. */
struct process_stat {
        struct text comm;               /* in the caller's buffer: raw bytes */
        char state;                     /* R S D T t Z X I */
        pid_t parent;                   /* 0: not visible from here */
        pid_t session;                  /* 0: not visible from here */
        uint64_t terminal;              /* its controlling terminal, major << 32 | minor; 0: none */
        pid_t foreground;               /* process group in the foreground there; -1: none */
        unsigned flags;                 /* PROCESS_KERNEL_THREAD and others */
        unsigned nthreads;
        uint64_t start;                 /* clock ticks since boot */
};

/* dir: descriptor of /proc/PID. buf: scratch that keeps the comm. 0 or -errno; -EBADMSG: not such a line. */
int process_read_stat(int dir, struct buf *buf, struct process_stat *ret);

/*
 * The number of the CPU that a process or thread ran on last. dir: of /proc/PID, or of /proc/PID/task/TID.
 * Or -errno; -EBADMSG: such a file does not tell.
 */
int process_read_processor(int dir);
int process_parse_processor(struct text text);

/*
 * Does /proc hide processes of others (mounted with hidepid)? Told by the
 * first process, which every pid namespace has and everybody may read.
 */
bool process_hidden(const struct host *host);

/* Parses the text of such a file (for tests and fuzzing). */
int process_parse_stat(struct text text, struct process_stat *ret);

/* Start in ns since the epoch, from ticks; 0 when the boot time is unknown. */
int64_t process_start_time(const struct host *host, uint64_t ticks);

/*
 * The command line, its NULs between arguments made blanks; empty for kernel
 * threads. At most its first 32 KiB. Appends. 0 or -errno.
 */
int process_read_command(int dir, struct buf *out);

/* Sets of signals: signal N is bit N - 1. Those of a thread are the first thread's. */
struct process_signals {
        uint64_t pending;               /* for the thread */
        uint64_t process_pending;       /* for whichever thread takes them */
        uint64_t blocked, ignored, caught;
        uint64_t queued, queued_limit;  /* of the real user, in all processes; against RLIMIT_SIGPENDING */
};

/* From /proc/PID/status. */
struct process_status {
        uid_t uid;                      /* effective */
        uid_t real_uid;
        bool has_signals;               /* all lines about them are there */
        struct process_signals signals;
};

/* 0 or -errno; -EBADMSG: no such file. */
int process_read_status(int dir, struct process_status *ret);
int process_parse_status(struct text status, struct process_status *ret);  /* 0 or -EBADMSG */

/* Inode of the first pid namespace (PROC_PID_INIT_INO, linux/proc_ns.h): all processes are seen from there. */
#define INITIAL_PID_NAMESPACE 0xEFFFFFFCu

/* Inode of a namespace: name "ipc", "mnt", ... 0 or -errno (EACCES without ptrace rights). */
int process_read_namespace(int dir, const char *name, uint64_t *ret);

/* Those of n names; 0 for each that can't be read. */
void process_read_namespaces(int dir, const char *const *names, unsigned n, uint64_t *ret);

/*
 * The control group: path in the v2 hierarchy, or of name=systemd, or of the
 * first hierarchy that is not "/". Appends. 0 or -errno.
 */
int process_read_cgroup(int dir, struct buf *out);
int process_parse_cgroup(struct text file, struct text *ret);   /* borrowed; 0 or -EBADMSG */

/*
 * The systemd unit that a cgroup path ends in or lies in, the innermost
 * (x.service, x.scope...; a slice if there is nothing else); false: none.
 * Borrowed from path.
 */
bool cgroup_unit(struct text path, struct text *ret);

/*
 * The container that a cgroup path tells: the machine's name, the container's
 * name (lxc, nspawn) or the first 12 digits of its id (docker, podman,
 * containerd, cri-o, kubernetes). Appends; false: none.
 */
bool cgroup_container(struct text path, struct buf *out);

#endif
