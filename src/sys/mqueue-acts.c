/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/mqueue-acts.h"

#include "sys/mounts.h"
#include "sys/mqueue.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <unistd.h>

/* The mount's directory, if it is of the device and may be ours. */
static int open_mount(const struct host *host, const struct mount *mount, uint64_t dev)
{
        int dir = host_openat(host, mount->path.data, O_RDONLY | O_DIRECTORY);
        struct file_facts facts;

        if (dir < 0)
                return dir;
        /* Something else may be mounted above it. */
        if (host_stat_now(dir, "", &facts) == 0 && facts.dev == dev && mqueue_is_own(host, dir) != 0)
                return dir;
        close(dir);
        return -ENOENT;
}

static int open_private(const struct host *host, uint64_t dev)
{
        int dir = mqueue_mount(host);
        struct file_facts facts;

        if (dir < 0)
                return -ENOENT;
        if (host_stat_now(dir, "", &facts) == 0 && facts.dev == dev)
                return dir;
        close(dir);
        return -ENOENT;
}

int mqueue_directory(const struct host *host, uint64_t dev)
{
        struct mount *mounts;
        struct arena arena;
        size_t n = 0;
        unsigned bad = 0;
        int dir = -ENOENT;

        arena_init(&arena);
        if (mounts_read(host, "mqueue", &arena, &mounts, &n, &bad) < 0)
                n = 0;
        for (size_t i = 0; dir < 0 && i < n; i++)
                if (mounts[i].dev == dev)
                        dir = open_mount(host, &mounts[i], dev);
        arena_done(&arena);
        return dir < 0 ? open_private(host, dev) : dir;
}

int mqueue_open(const char *name)
{
        mqd_t queue = mq_open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

        return queue < 0 ? -errno : (int)queue;
}

int mqueue_unlink(const char *name)
{
        return mq_unlink(name) < 0 ? -errno : 0;
}

int mqueue_make(const char *name, uint64_t max_messages, uint64_t max_message_bytes)
{
        struct mq_attr attributes = { .mq_maxmsg = (long)max_messages, .mq_msgsize = (long)max_message_bytes };
        mqd_t queue;

        if (max_messages == 0 || max_messages > LONG_MAX || max_message_bytes == 0 || max_message_bytes > LONG_MAX)
                return -EINVAL;
        queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC, 0, &attributes);
        return queue < 0 ? -errno : (int)queue;
}

int mqueue_receive(int queue, void *ret, size_t size, size_t *ret_len, unsigned *ret_priority)
{
        ssize_t n;

        do
                n = mq_receive((mqd_t)queue, ret, size, ret_priority);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return -errno;
        *ret_len = (size_t)n;
        return 0;
}

int mqueue_send(int queue, const void *message, size_t len, unsigned priority)
{
        int r;

        do
                r = mq_send((mqd_t)queue, message, len, priority);
        while (r < 0 && errno == EINTR);
        return r < 0 ? -errno : 0;
}
