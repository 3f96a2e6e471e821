/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_LIMITS_H
#define SYS_LIMITS_H

/*
 * The small files in which the kernel tells limits and what counts against
 * them: /proc/PID/limits, sysctls, /proc/net/netstat, those of control groups.
 */
#include "sys/host.h"

/* No limit: "unlimited", "max", and numbers so large that nothing reaches them (2^63 and above). */
#define LIMIT_NONE UINT64_MAX

/* Soft limits of a process (getrlimit(2)). */
enum process_limit {
        PROCESS_LIMIT_NPROC, PROCESS_LIMIT_NOFILE, PROCESS_LIMIT_MEMLOCK, PROCESS_LIMIT_SIGPENDING,
        PROCESS_LIMIT_MSGQUEUE,
        PROCESS_LIMITS,
};

struct process_limits {
        bool there[PROCESS_LIMITS];
        uint64_t soft[PROCESS_LIMITS];
};

/* dir: descriptor of /proc/PID. 0 or -errno; -EBADMSG: not such a file. */
int limits_read_process(int dir, struct process_limits *ret);
int limits_parse_process(struct text text, struct process_limits *ret); /* 0 or -EBADMSG */

/*
 * The numbers of a file of one line, as sysctls have them: at most `most`, of
 * which *ret_n are there. "max" is LIMIT_NONE. 0 or -errno (-EBADMSG: something else).
 */
int limits_read_numbers(const struct host *host, const char *path, uint64_t *ret, unsigned most, unsigned *ret_n);
int limits_parse_numbers(struct text text, uint64_t *ret, unsigned most, unsigned *ret_n);

/* A number by its name, of a file with a line of name and number each (memory.stat). 0, -errno; -ENOENT: not there. */
int limits_parse_keyed(struct text text, const char *key, uint64_t *ret);

/*
 * A counter of /proc/net/netstat, where lines of names and of numbers follow
 * each other: "TcpExt", "ListenDrops". 0 or -ENOENT.
 */
int limits_parse_netstat(struct text text, const char *group, const char *name, uint64_t *ret);

/* Threads of the system, from /proc/loadavg. 0 or -EBADMSG. */
int limits_parse_threads(struct text text, uint64_t *ret);

#endif
