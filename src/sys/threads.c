/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/threads.h"

#include "base/memory.h"
#include "sys/file.h"
#include "sys/numbers.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BUFFER_SIZE = 8192 };

void threads_done(struct threads *threads)
{
        free(threads->tids);
        *threads = (struct threads){ 0 };
}

static bool is_living(int task, const char *name, struct buf *scratch)
{
        int dir = file_open_directory(task, name, O_PATH), r;
        struct process_stat stat;

        if (dir < 0)
                return false;
        r = process_read_stat(dir, scratch, &stat);
        close(dir);
        return r == 0 && stat.state != 'Z' && stat.state != 'X';
}

pid_t threads_living(const struct host *host, int dir, pid_t pid, struct buf *scratch)
{
        char buffer[BUFFER_SIZE];
        struct numbers numbers = { 0 };
        const char *name;
        pid_t living = 0;
        uint32_t tid;
        int task;

        task = file_open_directory(dir, "task", O_RDONLY);
        if (task < 0)
                return 0;
        numbers_init(&numbers, !host_live(host), task, buffer, sizeof(buffer));
        while (!living && numbers_next(&numbers, &tid, &name))
                if ((pid_t)tid != pid && is_living(task, name, scratch))
                        living = (pid_t)tid;
        numbers_done(&numbers);
        close(task);
        return living;
}

/* kcmp(2): 0 the same, 1 less, 2 greater, 3 no order can be given; or -errno. */
static int compare(pid_t a, pid_t b, enum kcmp_type what)
{
        long r = syscall(SYS_kcmp, a, b, what, 0UL, 0UL);

        return r < 0 ? -errno : (int)r;
}

static int compare_tables(pid_t a, pid_t b)
{
        return compare(a, b, KCMP_FILES);
}

bool threads_share(pid_t a, pid_t b)
{
        return compare(a, b, KCMP_FILES) == 0 || compare(a, b, KCMP_VM) == 0;
}

bool threads_same_table(pid_t a, pid_t b)
{
        return compare_tables(a, b) == 0;
}

/*
 * Puts the thread in its place among those found, which stand in the order of
 * kcmp(2), unless its table is there already.
 */
static int add_distinct(struct threads *threads, pid_t tid)
{
        size_t low = 0, high = threads->n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = compare_tables(tid, threads->tids[middle]);

                if (order <= 0)
                        return order;
                if (order == 1)
                        high = middle;
                else
                        low = middle + 1;
        }
        if (threads->n == threads->size) {
                threads->size = threads->size ? threads->size * 2 : 16;
                threads->tids = memory_resize(threads->tids, threads->size, sizeof(*threads->tids));
        }
        memmove(threads->tids + low + 1, threads->tids + low, (threads->n - low) * sizeof(*threads->tids));
        threads->tids[low] = tid;
        threads->n++;
        return 0;
}

static int compare_tids(const void *a, const void *b)
{
        const pid_t *left = a, *right = b;

        return *left < *right ? -1 : *left > *right;
}

int threads_unshared(int dir, pid_t reference, struct threads *threads)
{
        char buffer[BUFFER_SIZE];
        struct numbers numbers = { 0 };
        const char *name;
        uint32_t tid;
        int task, r = 0;

        threads->n = 0;
        task = file_open_directory(dir, "task", O_RDONLY);
        if (task < 0)
                return task;
        numbers_init(&numbers, false, task, buffer, sizeof(buffer));
        while (r == 0 && numbers_next(&numbers, &tid, &name)) {
                if ((pid_t)tid == reference)
                        continue;
                r = compare_tables((pid_t)tid, reference);
                if (r > 0)
                        r = add_distinct(threads, (pid_t)tid);
                /* Threads come and go. */
                if (r == -ESRCH)
                        r = 0;
        }
        numbers_done(&numbers);
        close(task);
        /* The order of kcmp(2) differs from boot to boot. */
        if (threads->n > 0)
                qsort(threads->tids, threads->n, sizeof(*threads->tids), compare_tids);
        return r;
}
