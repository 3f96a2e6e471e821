/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits of the system, of namespaces, of /dev/shm and of the pools of huge pages. */
#include "base/array.h"
#include "collect/limits.h"
#include "sys/directory.h"
#include "sys/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MOST = 1 << 20, ENTRIES_BUFFER = 4096, POOLS_MOST = 16, POOL_NAME = 64, SEMVMX = 32767, SHMMIN = 1 };

/* Those of one file follow each other: it is read once. */
static const struct sysctl {
        uint16_t limit;
        uint8_t index;                  /* which number of the file */
        const char *path;
} sysctls[] = {
        { LIMIT_SHMMNI, 0, "/proc/sys/kernel/shmmni" },
        { LIMIT_SHMALL, 0, "/proc/sys/kernel/shmall" },
        { LIMIT_SHMMAX, 0, "/proc/sys/kernel/shmmax" },
        { LIMIT_MSGMNI, 0, "/proc/sys/kernel/msgmni" },
        { LIMIT_MSGMAX, 0, "/proc/sys/kernel/msgmax" },
        { LIMIT_MSGMNB, 0, "/proc/sys/kernel/msgmnb" },
        { LIMIT_SEMMSL, 0, "/proc/sys/kernel/sem" },
        { LIMIT_SEMMNS, 1, "/proc/sys/kernel/sem" },
        { LIMIT_SEMOPM, 2, "/proc/sys/kernel/sem" },
        { LIMIT_SEMMNI, 3, "/proc/sys/kernel/sem" },
        { LIMIT_MQ_QUEUES_MAX, 0, "/proc/sys/fs/mqueue/queues_max" },
        { LIMIT_MQ_MSG_MAX, 0, "/proc/sys/fs/mqueue/msg_max" },
        { LIMIT_MQ_MSGSIZE_MAX, 0, "/proc/sys/fs/mqueue/msgsize_max" },
        { LIMIT_PIPE_MAX_SIZE, 0, "/proc/sys/fs/pipe-max-size" },
        { LIMIT_INOTIFY_QUEUED_EVENTS, 0, "/proc/sys/fs/inotify/max_queued_events" },
        { LIMIT_NR_OPEN, 0, "/proc/sys/fs/nr_open" },
        { LIMIT_FILE_MAX, 2, "/proc/sys/fs/file-nr" },
        { LIMIT_THREADS_MAX, 0, "/proc/sys/kernel/threads-max" },
        { LIMIT_PID_MAX, 0, "/proc/sys/kernel/pid_max" },
        { LIMIT_SOMAXCONN, 0, "/proc/sys/net/core/somaxconn" },
        { LIMIT_UNIX_DGRAM_QLEN, 0, "/proc/sys/net/unix/max_dgram_qlen" },
};

static uint64_t subject_of(struct builder *builder, uint16_t limit)
{
        const struct snapshot_origin *origin = builder_origin(builder);

        switch (limit_get(limit)->scope) {
        case NAMESPACE_IPC: return origin->ipc_ns;
        case NAMESPACE_NET: return origin->net_ns;
        default:            return 0;
        }
}

/* How many threads there are; false: it can't be told. */
static bool count_threads(const struct host *host, uint64_t *ret)
{
        struct buf text = { 0 };
        bool counted = host_read(host, "/proc/loadavg", FILE_MOST, &text) == 0 &&
                       limits_parse_threads(buf_text(&text), ret) == 0;

        buf_done(&text);
        return counted;
}

static uint64_t count_drops(const struct host *host)
{
        struct buf text = { 0 };
        uint64_t drops = 0;

        if (host_read(host, "/proc/net/netstat", FILE_MOST, &text) < 0 ||
            limits_parse_netstat(buf_text(&text), "TcpExt", "ListenDrops", &drops) < 0)
                drops = 0;
        buf_done(&text);
        return drops;
}

/* Threads of the system, counted once for both limits that they count against. */
struct thread_count {
        bool known;
        uint64_t n;
};

/* What counts against it, where the kernel tells that. file: where the limit stands. */
static void read_use(const struct host *host, const struct limits_file *file, const struct thread_count *threads,
                     struct limit_reading *reading)
{
        switch (reading->limit) {
        case LIMIT_FILE_MAX:
                reading->counted = file->err == 0;
                reading->used = reading->counted ? file->numbers[0] : 0;
                break;
        case LIMIT_PID_MAX:
        case LIMIT_THREADS_MAX:
                reading->counted = threads->known;
                reading->used = threads->n;
                /* Process groups and sessions whose leader is gone have numbers, too. */
                reading->inferred = reading->limit == LIMIT_PID_MAX;
                break;
        case LIMIT_SOMAXCONN:
                reading->failures = count_drops(host);
                break;
        }
}

static void read_sysctls(const struct host *host, struct builder *builder)
{
        struct limits_file file = { 0 };
        struct thread_count threads = { 0 };

        threads.known = count_threads(host, &threads.n);
        for (unsigned i = 0; i < COUNT(sysctls); i++) {
                struct limit_reading reading = { .limit = sysctls[i].limit,
                                                 .subject = subject_of(builder, sysctls[i].limit) };

                if (!file.path || strcmp(file.path, sysctls[i].path) != 0)
                        limits_read_file(host, sysctls[i].path, &file);
                limits_take_value(builder, &file, sysctls[i].index, &reading);
                read_use(host, &file, &threads, &reading);
                builder_reading(builder, &reading);
        }
        builder_reading(builder, &(struct limit_reading){ .limit = LIMIT_SHMMIN, .value = SHMMIN,
                                                          .subject = subject_of(builder, LIMIT_SHMMIN) });
        builder_reading(builder, &(struct limit_reading){ .limit = LIMIT_SEMVMX, .value = SEMVMX,
                                                          .subject = subject_of(builder, LIMIT_SEMVMX) });
}

/* A total of 0 is no limit (tmpfs(5)). */
static void read_space(struct builder *builder, const char *path, uint64_t dev, const struct space_facts *space)
{
        builder_reading(builder, &(struct limit_reading){
                .limit = LIMIT_DEVSHM_BYTES, .subject = dev, .name = text_of(path), .unlimited = space->bytes == 0,
                .value = space->bytes, .counted = space->bytes > 0, .used = space->bytes - space->free_bytes,
                .usual = builder_origin(builder)->page_bytes });
        builder_reading(builder, &(struct limit_reading){
                .limit = LIMIT_DEVSHM_INODES, .subject = dev, .name = text_of(path), .unlimited = space->files == 0,
                .value = space->files, .counted = space->files > 0, .used = space->files - space->free_files });
}

/* The facts and the room of what is mounted there. 0 or -errno. */
static int look_at_mount(const struct host *host, const char *path, struct file_facts *facts,
                         struct space_facts *space)
{
        int dir = host_openat(host, path, O_PATH | O_DIRECTORY), err = dir;

        if (dir >= 0) {
                err = host_stat(host, dir, "", path, false, facts);
                close(dir);
        }
        return err < 0 ? err : host_space(host, path, space);
}

/* What the reader sees as /dev/shm. Returns its device. */
static uint64_t read_own_mount(const struct host *host, struct builder *builder)
{
        struct limit_reading unknown = { .name = TEXT("/dev/shm"), .unknown = true };
        struct file_facts facts = { 0 };
        struct space_facts space;
        int err = look_at_mount(host, "/dev/shm", &facts, &space);

        if (err == 0) {
                read_space(builder, "/dev/shm", facts.dev, &space);
                return facts.dev;
        }
        if (err != -ENOENT)
                builder_gap(builder, NULL, "/dev/shm", -err, NULL);
        unknown.subject = facts.dev;
        unknown.limit = LIMIT_DEVSHM_BYTES;
        builder_reading(builder, &unknown);
        unknown.limit = LIMIT_DEVSHM_INODES;
        builder_reading(builder, &unknown);
        return facts.dev;
}

static bool is_charged(const struct kind *kind, uint16_t limit)
{
        for (unsigned i = 0; i < kind->ncharges; i++)
                if (kind->charges[i].limit == limit)
                        return true;
        return false;
}

/* The /dev/shm of another mount namespace, where a process that we see has something. */
static void read_foreign_mount(const struct host *host, struct builder *builder, const struct object *object,
                               struct map *seen)
{
        const struct value *dev = row_get(object_row(object), FIELD_DEV);
        const struct hold *hold = builder_next_hold(object, NULL);
        struct file_facts facts;
        struct space_facts space;
        char path[64];
        void **place;

        if (!dev || dev->type != VALUE_UINT || !hold)
                return;
        place = map_place(seen, dev->u, 0);
        if (*place)
                return;
        *place = seen;
        snprintf(path, sizeof(path), "/proc/%d/root/dev/shm", hold->process->pid);
        if (look_at_mount(host, path, &facts, &space) == 0 && facts.dev == dev->u)
                read_space(builder, path, facts.dev, &space);
}

static void read_mounts(const struct host *host, struct builder *builder)
{
        struct map seen = { 0 };
        const struct kind_set *kinds = builder_kinds(builder);
        struct object *object;

        *map_place(&seen, read_own_mount(host, builder), 0) = builder;
        for (unsigned i = 0; i < kinds->nkinds; i++) {
                if (!is_charged(kinds->kinds[i], LIMIT_DEVSHM_BYTES))
                        continue;
                for (size_t j = 0; (object = builder_each(builder, kinds->kinds[i], j)); j++)
                        if (object->foreign)
                                read_foreign_mount(host, builder, object, &seen);
        }
        map_done(&seen);
}

static bool pool_number(const struct host *host, const char *pool, const char *file, uint64_t *ret)
{
        char path[128];
        unsigned n;

        snprintf(path, sizeof(path), "/sys/kernel/mm/hugepages/%s/%s", pool, file);
        return limits_read_numbers(host, path, ret, 1, &n) == 0;
}

/* Surplus pages are beyond those that were asked for, up to nr_overcommit_hugepages (mm/hugetlb.c). */
static void read_pool(const struct host *host, struct builder *builder, const char *pool)
{
        uint64_t all, free_pages, reserved = 0, surplus = 0, overcommit = 0;
        struct text name = text_from(text_of(pool), strlen("hugepages-"));

        if (!pool_number(host, pool, "nr_hugepages", &all) || !pool_number(host, pool, "free_hugepages", &free_pages))
                return;
        pool_number(host, pool, "resv_hugepages", &reserved);
        pool_number(host, pool, "surplus_hugepages", &surplus);
        pool_number(host, pool, "nr_overcommit_hugepages", &overcommit);
        if (free_pages > all || surplus > all || reserved > free_pages)
                return;
        builder_reading(builder, &(struct limit_reading){
                .limit = LIMIT_HUGETLB, .name = name, .value = all - surplus + overcommit,
                .counted = true, .used = all - free_pages + reserved });
}

static int compare_pools(const void *a, const void *b)
{
        return strcmp(a, b);
}

static void read_pools(const struct host *host, struct builder *builder)
{
        char buffer[ENTRIES_BUFFER], pools[POOLS_MOST][POOL_NAME];
        struct directory directory;
        struct directory_entry entry;
        unsigned n = 0;
        int dir = host_openat(host, "/sys/kernel/mm/hugepages", O_RDONLY | O_DIRECTORY);

        if (dir < 0)
                return;
        directory_init(&directory, dir, buffer, sizeof(buffer));
        while (n < POOLS_MOST && directory_next(&directory, &entry))
                if (text_starts(text_of(entry.name), TEXT("hugepages-")) && strlen(entry.name) < POOL_NAME)
                        memcpy(pools[n++], entry.name, strlen(entry.name) + 1);
        close(dir);
        if (n)
                qsort(pools, n, sizeof(*pools), compare_pools);
        for (unsigned i = 0; i < n; i++)
                read_pool(host, builder, pools[i]);
}

void collect_system_limits(const struct host *host, struct builder *builder)
{
        read_sysctls(host, builder);
        read_mounts(host, builder);
        read_pools(host, builder);
}
