/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/signals.h"

#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Is it the one that was seen? The caller holds the process, so that what is read is no other's unless it has ended. */
static int check(const struct host *host, pid_t pid, uint64_t start)
{
        struct buf path = { 0 }, text = { 0 };
        struct process_stat stat;
        int dir, r;

        buf_printf(&path, "/proc/%d", (int)pid);
        dir = host_openat(host, path.data, O_PATH | O_DIRECTORY);
        buf_done(&path);
        if (dir < 0)
                return dir == -ENOENT ? -ESRCH : dir;
        r = process_read_stat(dir, &text, &stat);
        close(dir);
        buf_done(&text);
        if (r < 0)
                return r == -ENOENT ? -ESRCH : r;
        if ((uint64_t)process_start_time(host, stat.start) != start)
                return -ESTALE;
        if (stat.flags & PROCESS_KERNEL_THREAD)
                return -EINVAL;
        /* What is dead already takes no signals; it is only there until its parent has heard of it. */
        return stat.state == 'Z' || stat.state == 'X' ? -ESRCH : 0;
}

int signals_send(const struct host *host, pid_t pid, uint64_t start, int signal)
{
        long fd;
        int r;

        if (!host_live(host) || pid < 2 || pid == getpid() || start == 0 || signal < 1)
                return -EINVAL;
        fd = syscall(SYS_pidfd_open, pid, 0);
        if (fd < 0)
                return -errno;
        r = check(host, pid, start);
        /*
         * As long as the process is there its pid is nobody else's. If it ended before the check,
         * which then was another's, this fails with ESRCH.
         */
        if (r == 0 && syscall(SYS_pidfd_send_signal, (int)fd, signal, NULL, 0) < 0)
                r = -errno;
        close((int)fd);
        return r;
}
