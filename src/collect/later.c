/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/later.h"

#include "collect/processes.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { NS_PER_SECOND = 1000000000 };

/*
 * Not one that was started after the pid was told. The start counts from a
 * boot time in whole seconds: only a later second proves another process.
 */
static bool is_meant(struct builder *builder, const struct process *process)
{
        int64_t told = builder_origin(builder)->time;

        return told <= 0 || process->start < (uint64_t)told + NS_PER_SECOND;
}

static struct process *meet(const struct host *host, pid_t pid, struct builder *builder)
{
        struct process *process = builder_find_process(builder, pid);
        char path[32];
        int dir;

        if (!process) {
                snprintf(path, sizeof(path), "/proc/%d", pid);
                dir = host_openat(host, path, O_PATH | O_DIRECTORY);
                if (dir < 0)
                        return NULL;
                process = process_meet(host, dir, pid, builder);
                close(dir);
        }
        return process && is_meant(builder, process) ? process : NULL;
}

static void tie(const struct host *host, const struct later *later, struct builder *builder)
{
        struct process *process;
        struct hold hold = later->hold;
        struct wait wait = later->wait;

        if (!later->waits && later->fallback && builder_held(builder, hold.object, (int)hold.way))
                return;
        process = meet(host, later->pid, builder);
        if (!process)
                return;
        hold.process = wait.process = process;
        if (!later->waits)
                builder_hold(builder, hold);
        else if (!builder_waiting(wait.object, process))
                builder_wait(builder, wait);
}

void collect_later(const struct host *host, struct builder *builder)
{
        const struct later *later;

        for (size_t i = 0; (later = builder_each_later(builder, i)); i++)
                tie(host, later, builder);
}
