/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sysv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

enum { TABLE_MOST = 1 << 30 };

struct visit {
        const struct host *host;
        const char *path;
        struct buf *out;
        int ns;                         /* descriptor of the namespace to enter */
        int result;
};

/*
 * A namespace is entered by a thread, not by the process, and /proc/sysvipc
 * shows the namespace of the thread that opens it: this one ends without
 * having changed anything for the others.
 */
static void *visit(void *data)
{
        struct visit *visit = data;

        if (setns(visit->ns, CLONE_NEWIPC) < 0)
                visit->result = -errno;
        else
                visit->result = host_read(visit->host, visit->path, TABLE_MOST, visit->out);
        return NULL;
}

int sysv_read_foreign(const struct host *host, int process_dir, const char *path, struct buf *out)
{
        struct visit call = { .host = host, .path = path, .out = out };
        pthread_t thread;
        int err;

        if (!host_live(host))
                return -EOPNOTSUPP;
        call.ns = openat(process_dir, "ns/ipc", O_RDONLY | O_CLOEXEC);
        if (call.ns < 0)
                return -errno;
        err = pthread_create(&thread, NULL, visit, &call);
        if (err == 0)
                err = pthread_join(thread, NULL);
        close(call.ns);
        return err ? -err : call.result;
}
