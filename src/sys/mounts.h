/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_MOUNTS_H
#define SYS_MOUNTS_H

/* Mounted file systems, from /proc/self/mountinfo (proc_pid_mountinfo(5)). */
#include "base/arena.h"
#include "sys/host.h"

struct mount {
        uint64_t dev;                   /* major << 32 | minor */
        struct text path;               /* mount point, \ooo decoded; NUL behind it */
        struct text type;               /* "mqueue", "tmpfs"; NUL behind it */
};

/*
 * The mounts of a type (NULL: all), in the order of the file, into the arena.
 * 0 or -errno; lines that are no mount lines are passed over and counted in *ret_bad.
 */
int mounts_read(const struct host *host, const char *type, struct arena *arena,
                struct mount **ret, size_t *ret_n, unsigned *ret_bad);

/* The same of the text of such a file (for tests and fuzzing). */
void mounts_parse(struct text file, const char *type, struct arena *arena,
                  struct mount **ret, size_t *ret_n, unsigned *ret_bad);

#endif
