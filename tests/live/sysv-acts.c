/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysv-acts CASE: one case of the acts on System V objects. In the sandbox only:
 * it makes and removes objects. Exit status 0, or 1 with a word on stderr.
 * Copies go below $TMPDIR.
 */
#include "sysv-acts.h"

#include "base/array.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct host *host;

void check(bool truth, const char *what, const char *file, int line)
{
        if (truth)
                return;
        fprintf(stderr, "%s:%d: not so: %s (errno %s)\n", file, line, what, strerror(errno));
        exit(1);
}

void check_is(int64_t is, int64_t wanted, const char *what, const char *file, int line)
{
        if (is == wanted)
                return;
        fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", file, line, what, (long long)is, (long long)wanted);
        exit(1);
}

static int make_shm(key_t key, int flags)
{
        return shmget(key, 8192, flags);
}

static void remove_shm(int id)
{
        CHECK_IS(shmctl(id, IPC_RMID, NULL), 0);
}

static int make_sem(key_t key, int flags)
{
        return semget(key, 3, flags);
}

static void remove_sem(int id)
{
        CHECK_IS(semctl(id, 0, IPC_RMID), 0);
}

static int make_msg(key_t key, int flags)
{
        return msgget(key, flags);
}

static void remove_msg(int id)
{
        CHECK_IS(msgctl(id, IPC_RMID, NULL), 0);
}

const struct mechanism mechanisms[MECHANISMS] = {
        { &kind_shm, make_shm, remove_shm, "/proc/sys/kernel/shm_next_id" },
        { &kind_sem, make_sem, remove_sem, "/proc/sys/kernel/sem_next_id" },
        { &kind_msg, make_msg, remove_msg, "/proc/sys/kernel/msg_next_id" },
};

int make_as(const struct mechanism *mechanism, key_t key, int id)
{
        int fd = open(mechanism->next_id, O_WRONLY | O_CLOEXEC), made;

        CHECK(fd >= 0 && dprintf(fd, "%d", id) > 0);
        close(fd);
        made = mechanism->make(key, 0600 | IPC_CREAT | IPC_EXCL);
        CHECK_IS(made, id);
        return made;
}

/* As a plan does it: look again when what was just made can't be told from what would replace it. */
struct snapshot *look(const struct kind *kind)
{
        for (;;) {
                struct want want = { 0 };
                struct snapshot *snapshot;
                bool settled = true;

                for (unsigned i = 0; i < all_kinds.nkinds; i++)
                        if (all_kinds.kinds[i] == kind)
                                want.kinds = UINT64_C(1) << i;
                for (unsigned i = 0; i < kind->nfields; i++)
                        field_set_add(&want.fields, kind->fields[i]);
                snapshot = collect(host, &all_kinds, &want, NULL, NULL);
                for (size_t i = 0; i < snapshot->nobjects; i++)
                        settled = settled && act_settled(&snapshot->objects[i], snapshot->origin.time);
                if (settled)
                        return snapshot;
                snapshot_free(snapshot);
                nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
        }
}

struct act act_on(const struct snapshot *snapshot, const struct kind *kind, int id)
{
        for (size_t i = 0; i < snapshot->nobjects; i++)
                if (snapshot->objects[i].key.kind == kind && snapshot->objects[i].key.id == (uint64_t)id)
                        return (struct act){ .host = host, .object = &snapshot->objects[i] };
        CHECK(!"the object is in the snapshot");
        return (struct act){ 0 };
}

unsigned count_all(void)
{
        static const char *const tables[] = { "/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg" };
        unsigned lines = 0;

        for (unsigned i = 0; i < COUNT(tables); i++) {
                struct buf text = { 0 };

                CHECK_IS(host_read(host, tables[i], 1 << 26, &text), 0);
                for (size_t k = 0; k < text.len; k++)
                        lines += text.data[k] == '\n';
                buf_done(&text);
        }
        return lines - COUNT(tables);
}

void as_user(uid_t uid, void (*what)(void))
{
        pid_t child = fork();
        int status;

        CHECK(child >= 0);
        if (child == 0) {
                CHECK(setresgid(uid, uid, uid) == 0 && setresuid(uid, uid, uid) == 0);
                what();
                _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static const struct {
        const char *name;
        void (*run)(void);
} cases[] = {
        { "removing", test_removing },
        { "race", test_race },
        { "counters", test_counters },
        { "unreadable", test_unreadable },
        { "setting", test_setting },
        { "segment", test_segment },
        { "sparse", test_sparse },
        { "semaphores", test_semaphores },
        { "messages", test_messages },
        { "many-messages", test_many_messages },
        { "busy-queue", test_busy_queue },
        { "same-id", test_same_id },
        { "broken", test_broken },
};

int main(int argc, char **argv)
{
        if (argc != 2 || !getenv("IPCVIEW_SANDBOX") || access("/dev/.ipcview-sandbox", F_OK) < 0) {
                fprintf(stderr, "usage: sandbox sysv-acts CASE\n");
                return 2;
        }
        CHECK_IS(host_open(NULL, &host), 0);
        for (unsigned i = 0; i < COUNT(cases); i++) {
                if (strcmp(cases[i].name, argv[1]) != 0)
                        continue;
                cases[i].run();
                CHECK_IS(count_all(), 0);
                host_close(host);
                return 0;
        }
        fprintf(stderr, "sysv-acts: no case %s\n", argv[1]);
        return 2;
}
