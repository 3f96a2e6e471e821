/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sysv-acts.h"

#include "sys/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGES = 12000, SMALL = 1000 };

static const char *directory(void)
{
        const char *dir = getenv("TMPDIR");

        CHECK(dir != NULL);
        return dir;
}

static uint64_t told, told_of;

static void note(void *data, uint64_t done, uint64_t all)
{
        (void)data;
        CHECK(done >= told || done == 0);
        told = done;
        told_of = all;
}

/* Saves what is there of the object; the path of the copy is appended. */
static int save(const struct kind *kind, int id, struct buf *path)
{
        struct snapshot *snapshot = look(kind);
        struct act act = act_on(snapshot, kind, id);
        struct copy_writer *copy;
        const char *why;
        int r;

        told = told_of = 0;
        act.progress = note;
        CHECK_IS(copy_begin(directory(), "copy", &copy, &why), 0);
        r = kind->acts->save(&act, copy);
        if (r == 0)
                CHECK_IS(copy_finish(copy, path), 0);
        else
                CHECK(!copy_abandon(copy, path));
        if (r == 0)
                CHECK_IS(told, told_of);
        snapshot_free(snapshot);
        return r;
}

static struct value number(uint16_t field, uint64_t u)
{
        return (struct value){ .field = field, .type = VALUE_UINT, .u = u };
}

/* 0 and *ret_id, or what `make` says. path: NULL: nothing in it. */
static int make(const struct kind *kind, const struct value *values, size_t n, const char *path, bool same_id, int *ret_id)
{
        struct making making = { .host = host, .wanted = { values, n }, .same_id = same_id, .keep_owner = true };
        struct buf what = { 0 };
        int r;

        if (path)
                CHECK_IS(copy_open(path, &making.copy, &what), 0);
        r = kind->acts->make(&making);
        if (r == 0)
                *ret_id = (int)making.made[0].u;
        else if (making.failed)
                printf("# %s: %s: %s\n", kind->name, making.failed, strerror(-r));
        copy_close(making.copy);
        buf_done(&what);
        return r;
}

static int64_t next_id(const struct mechanism *mechanism)
{
        struct buf text = { 0 };
        int64_t id;

        CHECK_IS(host_read(host, mechanism->next_id, 64, &text), 0);
        id = strtoll(text.data, NULL, 10);
        buf_done(&text);
        return id;
}

static struct sysv_facts facts_of(enum sysv_type type, int id)
{
        struct sysv_facts facts;

        CHECK_IS(sysv_stat(host, type, id, &facts), 0);
        return facts;
}

/* Pages of a segment that take memory, of /proc/sysvipc/shm. */
static uint64_t resident(int id)
{
        struct snapshot *snapshot = look(&kind_shm);
        struct act act = act_on(snapshot, &kind_shm, id);
        uint64_t bytes = row_get(object_row(act.object), FIELD_RESIDENT_BYTES)->u;

        snapshot_free(snapshot);
        return bytes;
}

/* --- segments ---------------------------------------------------------------- */

static void round_trip(size_t size, bool owned)
{
        int id = shmget(0x77, size, 0600 | IPC_CREAT | IPC_EXCL), again;
        const struct value values[] = { number(FIELD_KEY, 0x77), number(FIELD_SIZE_BYTES, size), number(FIELD_MODE, 0440),
                                        number(FIELD_OWNER, owned ? 1234 : geteuid()), number(FIELD_GROUP, getegid()) };
        unsigned char *old, *new;
        struct buf path = { 0 };

        CHECK(id >= 0);
        old = shmat(id, NULL, 0);
        for (size_t i = 0; i < size; i++)
                if (i / 4096 % 3 != 1)
                        old[i] = (unsigned char)(i * 2654435761u >> 13);
        CHECK_IS(save(&kind_shm, id, &path), 0);
        /* The key is taken: nothing is touched. */
        CHECK_IS(make(&kind_shm, values, 5, path.data, false, &again), -EEXIST);
        CHECK_IS(shmctl(id, IPC_RMID, NULL), 0);
        CHECK_IS(make(&kind_shm, values, 5, path.data, false, &again), 0);
        CHECK_IS(facts_of(SYSV_SHM, again).mode, 0440);
        CHECK_IS(facts_of(SYSV_SHM, again).owner, owned ? 1234 : geteuid());
        CHECK_IS(facts_of(SYSV_SHM, again).key, 0x77);
        CHECK_IS(facts_of(SYSV_SHM, again).shm.attached, 0);
        new = shmat(again, NULL, SHM_RDONLY);
        CHECK(new != (void *)-1 && memcmp(old, new, size) == 0);
        shmdt(old);
        shmdt(new);
        CHECK_IS(shmctl(again, IPC_RMID, NULL), 0);
        buf_done(&path);
}

static void round_trips(void)
{
        round_trip(1, false);
        round_trip(4097, false);
        round_trip((5 << 20) + 123, false);
}

void test_segment(void)
{
        round_trips();
        round_trip(100000, true);
        /* Without the right to read /proc/self/map_files. */
        as_user(65534, round_trips);
}

/* Only what was written is read, written and kept, and memory does not grow with the size. */
static void sparse(void)
{
        const uint64_t size = UINT64_C(5) << 30, places[] = { 0, (UINT64_C(1) << 32) - 4096, (UINT64_C(1) << 32) + 4096,
                                                              (UINT64_C(5) << 30) - 4096 };
        const struct value values[] = { number(FIELD_SIZE_BYTES, size) };
        int id = shmget(IPC_PRIVATE, size, 0600), again;
        struct buf path = { 0 };
        struct rusage usage;
        char *memory = shmat(id, NULL, 0);

        CHECK(memory != (void *)-1);
        for (unsigned i = 0; i < 4; i++)
                memory[places[i]] = (char)(i + 1);
        memset(memory + (1 << 30), 7, 64 << 20);
        CHECK_IS(shmdt(memory), 0);
        CHECK_IS(resident(id), (64 << 20) + 4 * 4096);
        CHECK_IS(save(&kind_shm, id, &path), 0);
        CHECK_IS(resident(id), (64 << 20) + 4 * 4096);
        CHECK_IS(make(&kind_shm, values, 1, path.data, false, &again), 0);
        CHECK_IS(resident(again), (64 << 20) + 4 * 4096);
        memory = shmat(again, NULL, SHM_RDONLY);
        for (unsigned i = 0; i < 4; i++)
                CHECK_IS(memory[places[i]], i + 1);
        CHECK_IS(memory[(1 << 30) - 1] + memory[(1 << 30) + (64 << 20)], 0);
        for (unsigned i = 0; i < 64 << 20; i += 4096)
                CHECK_IS(memory[(1 << 30) + i + 1], 7);
        shmdt(memory);
        CHECK_IS(getrusage(RUSAGE_SELF, &usage), 0);
        printf("# most memory: %ld KiB\n", usage.ru_maxrss);
        CHECK_IS(shmctl(id, IPC_RMID, NULL), 0);
        CHECK_IS(shmctl(again, IPC_RMID, NULL), 0);
        buf_done(&path);
}

void test_sparse(void)
{
        sparse();
        as_user(65534, sparse);
}

/* --- semaphores ---------------------------------------------------------------- */

void test_semaphores(void)
{
        unsigned short old[SMALL], new[SMALL];
        int id = semget(0x88, SMALL, 0600 | IPC_CREAT | IPC_EXCL), again;
        const struct value values[] = { number(FIELD_KEY, 0x88), number(FIELD_SEMAPHORE_COUNT, SMALL) };
        const struct value fewer[] = { number(FIELD_SEMAPHORE_COUNT, SMALL - 1) };
        const struct value all_five[] = { number(FIELD_SEMAPHORE_COUNT, SMALL), number(FIELD_VALUE, 5) };
        struct buf path = { 0 };

        CHECK(id >= 0);
        for (unsigned i = 0; i < SMALL; i++)
                old[i] = (unsigned short)(i % 7 == 0 ? 0 : i % 5 == 0 ? 32767 : i);
        CHECK_IS(semctl(id, 0, SETALL, old), 0);
        CHECK_IS(save(&kind_sem, id, &path), 0);
        CHECK_IS(semctl(id, 0, IPC_RMID), 0);
        CHECK_IS(make(&kind_sem, fewer, 1, path.data, false, &again), -EBADMSG);
        CHECK_IS(count_all(), 0);
        CHECK_IS(make(&kind_sem, values, 2, path.data, false, &again), 0);
        CHECK_IS(semctl(again, 0, GETALL, new), 0);
        CHECK(memcmp(old, new, sizeof(old)) == 0);
        CHECK_IS(semctl(again, 0, IPC_RMID), 0);
        CHECK_IS(make(&kind_sem, all_five, 2, NULL, false, &again), 0);
        CHECK_IS(semctl(again, SMALL - 1, GETVAL), 5);
        CHECK_IS(semctl(again, 0, IPC_RMID), 0);
        buf_done(&path);
}

/* --- queues -------------------------------------------------------------------- */

struct packet {
        long type;
        char text[8192];
};

static void fill(int id, unsigned n, size_t (*length)(unsigned))
{
        struct packet packet;

        for (unsigned i = 0; i < n; i++) {
                packet.type = i % 5 == 0 ? INT64_MAX - i : 1 + i % 3;
                memset(packet.text, (int)i, sizeof(packet.text));
                CHECK_IS(msgsnd(id, &packet, length(i), IPC_NOWAIT), 0);
        }
}

static void drain(int id, unsigned n, size_t (*length)(unsigned))
{
        struct packet packet;

        for (unsigned i = 0; i < n; i++) {
                CHECK_IS(msgrcv(id, &packet, sizeof(packet.text), 0, IPC_NOWAIT), length(i));
                CHECK_IS(packet.type, i % 5 == 0 ? INT64_MAX - i : 1 + i % 3);
                CHECK(length(i) == 0 || (packet.text[0] == (char)i && packet.text[length(i) - 1] == (char)i));
        }
        CHECK(msgrcv(id, &packet, sizeof(packet.text), 0, IPC_NOWAIT) < 0 && errno == ENOMSG);
}

static size_t odd_length(unsigned i)
{
        return i % 4 == 0 ? 0 : i % 4 == 1 ? 10 : i % 4 == 2 ? 8192 : 257;
}

static size_t no_length(unsigned i)
{
        (void)i;
        return 0;
}

/* As root of the sandbox may lack CAP_SYS_RESOURCE, the limit of the sandbox is raised first. */
static void room(int id, uint64_t bytes)
{
        struct sysv_facts facts = facts_of(SYSV_MSG, id);
        int fd = open("/proc/sys/kernel/msgmnb", O_WRONLY | O_CLOEXEC);

        CHECK(fd >= 0 && write(fd, "16777216", 8) == 8);
        close(fd);

        facts.msg.max_bytes = bytes;
        CHECK_IS(sysv_set(host, SYSV_MSG, id, &facts), 0);
}

static void queue_round_trip(unsigned n, size_t (*length)(unsigned), uint64_t then)
{
        const struct value values[] = { number(FIELD_KEY, 0x99), number(FIELD_MAX_BYTES, then), number(FIELD_MODE, 0622) };
        int id = msgget(0x99, 0600 | IPC_CREAT | IPC_EXCL), again;
        struct buf path = { 0 };
        struct timespec before, after;

        CHECK(id >= 0);
        room(id, 16 << 20);
        fill(id, n, length);
        /* Full beyond what it may hold from now on. */
        room(id, then);
        clock_gettime(CLOCK_MONOTONIC, &before);
        CHECK_IS(save(&kind_msg, id, &path), 0);
        clock_gettime(CLOCK_MONOTONIC, &after);
        printf("# %u messages saved in %.2f s\n", n,
               (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9);
        drain(id, n, length);
        CHECK_IS(msgctl(id, IPC_RMID, NULL), 0);
        CHECK_IS(make(&kind_msg, values, 3, path.data, false, &again), 0);
        CHECK_IS(facts_of(SYSV_MSG, again).msg.max_bytes, then);
        CHECK_IS(facts_of(SYSV_MSG, again).mode, 0622);
        CHECK_IS(facts_of(SYSV_MSG, again).msg.messages, n);
        drain(again, n, length);
        CHECK_IS(msgctl(again, IPC_RMID, NULL), 0);
        buf_done(&path);
}

void test_messages(void)
{
        queue_round_trip(200, odd_length, 100);
        queue_round_trip(0, odd_length, 4096);
}

void test_many_messages(void)
{
        queue_round_trip(MESSAGES, no_length, 16384);
}

/* In steady use a queue can't be copied, and what is there says so. */
/* Takes a message and puts it back, again and again, until it is killed. */
static pid_t start_user(int id)
{
        pid_t child = fork();
        struct packet packet;

        CHECK(child >= 0);
        if (child > 0)
                return child;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (msgrcv(id, &packet, sizeof(packet.text), 0, 0) >= 0 && msgsnd(id, &packet, 0, 0) >= 0)
                ;
        _exit(0);
}

/*
 * It can be copied only where its user has no processor from before the first look until after the last one,
 * which a machine that has much to do may well bring about. Each try takes up to a second.
 */
void test_busy_queue(void)
{
        enum { TRIES = 20 };
        int id = msgget(IPC_PRIVATE, 0600), r = 0;
        struct snapshot *snapshot;
        struct act act;
        struct copy_writer *copy;
        struct buf path = { 0 };
        const char *why;
        pid_t child;

        fill(id, 1, odd_length);
        fill(id, 1, odd_length);
        snapshot = look(&kind_msg);
        act = act_on(snapshot, &kind_msg, id);
        act.force = true;
        child = start_user(id);
        nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
        for (unsigned i = 0; r == 0 && i < TRIES; i++) {
                CHECK_IS(copy_begin(directory(), "busy", &copy, &why), 0);
                r = kind_msg.acts->save(&act, copy);
                CHECK(!copy_abandon(copy, &path));
        }
        CHECK_IS(r, -EAGAIN);
        kill(child, SIGKILL);
        CHECK_IS(waitpid(child, NULL, 0), child);
        CHECK_IS(msgctl(id, IPC_RMID, NULL), 0);
        buf_done(&path);
        snapshot_free(snapshot);
}

/* --- ids, and what goes wrong ---------------------------------------------------- */

static void one_id(const struct mechanism *mechanism, enum sysv_type type, int id)
{
        struct value values[] = { number(FIELD_ID, (uint64_t)id), number(FIELD_KEY, 0xabc), number(FIELD_SIZE_BYTES, 8192),
                                  number(FIELD_SEMAPHORE_COUNT, 3) };
        struct value huge[] = { number(FIELD_ID, (uint64_t)id), number(FIELD_SIZE_BYTES, UINT64_MAX / 2),
                                number(FIELD_SEMAPHORE_COUNT, 40000) };
        int made = -1, other;

        CHECK_IS(make(mechanism->kind, values, 4, NULL, true, &made), 0);
        CHECK_IS(made, id);
        CHECK_IS(facts_of(type, made).key, 0xabc);
        CHECK_IS(next_id(mechanism), -1);
        /* Now the id is taken; of another sequence number its place is. */
        values[1].u = 0xabd;
        CHECK_IS(make(mechanism->kind, values, 4, NULL, true, &other), -EEXIST);
        values[0].u = (uint64_t)id ^ 0x10000;
        CHECK_IS(make(mechanism->kind, values, 4, NULL, true, &other), -EEXIST);
        mechanism->remove(made);
        /* The key is. */
        made = mechanism->make(0xabd, 0600 | IPC_CREAT | IPC_EXCL);
        values[0].u = (uint64_t)id + 7;
        CHECK_IS(make(mechanism->kind, values, 4, NULL, true, &other), -EEXIST);
        CHECK_IS(next_id(mechanism), -1);
        mechanism->remove(made);
        if (type != SYSV_MSG)
                CHECK(make(mechanism->kind, huge, 3, NULL, true, &other) < 0);
        CHECK_IS(next_id(mechanism), -1);
        CHECK_IS(count_all(), 0);
}

static void no_right(void)
{
        const struct value values[] = { number(FIELD_ID, 99), number(FIELD_SIZE_BYTES, 1), number(FIELD_SEMAPHORE_COUNT, 1) };
        int made;

        for (unsigned i = 0; i < MECHANISMS; i++) {
                int r = make(mechanisms[i].kind, values, 3, NULL, true, &made);

                CHECK(r == -EPERM || r == -EACCES);
        }
}

void test_same_id(void)
{
        for (unsigned i = 0; i < MECHANISMS; i++) {
                one_id(&mechanisms[i], (enum sysv_type)i, 4711);
                one_id(&mechanisms[i], (enum sysv_type)i, INT32_MAX & ~0xffff);
        }
        as_user(65534, no_right);
}

/* A copy with one file of that text, whatever it is. */
static void write_copy(const char *name, const char *text, struct buf *path)
{
        struct copy_writer *copy;
        const char *why;

        CHECK_IS(copy_begin(directory(), "broken", &copy, &why), 0);
        CHECK_IS(copy_file(copy, name), 0);
        CHECK_IS(copy_write(copy, text, strlen(text)), 0);
        buf_clear(path);
        CHECK_IS(copy_finish(copy, path), 0);
}

void test_broken(void)
{
        static const char *const values_bad[] = { "", "1\n2\n", "1\n2\n3\n4\n", "1\n2\n3", "1\n2\n32768\n", "1\n\n3\n", "1\n2\n-3\n" };
        static const char *const messages_bad[] = { "1", "1 1\n", "1 5\nhello", "0 1\nx\n", "1 99999999999\nx\n",
                                                    "1 1\nx\nrubbish", "1 2000000000\nx\n" };
        const struct value values[] = { number(FIELD_SIZE_BYTES, 100), number(FIELD_SEMAPHORE_COUNT, 3) };
        struct buf path = { 0 };
        int made;

        for (unsigned i = 0; i < sizeof(values_bad) / sizeof(*values_bad); i++) {
                write_copy("values", values_bad[i], &path);
                CHECK_IS(make(&kind_sem, values, 2, path.data, false, &made), -EBADMSG);
        }
        for (unsigned i = 0; i < sizeof(messages_bad) / sizeof(*messages_bad); i++) {
                write_copy("messages", messages_bad[i], &path);
                CHECK_IS(make(&kind_msg, values, 2, path.data, false, &made), -EBADMSG);
        }
        write_copy("memory", "too short", &path);
        CHECK_IS(make(&kind_shm, values, 2, path.data, false, &made), -EBADMSG);
        CHECK_IS(make(&kind_sem, values, 2, path.data, false, &made), -ENOENT);
        CHECK_IS(count_all(), 0);
        buf_done(&path);
}
