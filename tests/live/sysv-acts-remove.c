/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sysv-acts.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPLACED = 1200 };

static int remove_seen(struct act *act)
{
        return act->object->key.kind->acts->remove(act);
}

static void remove_kind(const struct mechanism *mechanism)
{
        int id = mechanism->make(0x5eed, 0600 | IPC_CREAT | IPC_EXCL);
        struct snapshot *snapshot = look(mechanism->kind);
        struct act act = act_on(snapshot, mechanism->kind, id);

        CHECK_IS(remove_seen(&act), 0);
        CHECK_IS(count_all(), 0);
        CHECK_IS(remove_seen(&act), -ENOENT);
        /* Its place is taken by one of another sequence number: of another id. */
        id = mechanism->make(0x5eed, 0600 | IPC_CREAT | IPC_EXCL);
        act.force = true;
        CHECK_IS(remove_seen(&act), -ENOENT);
        mechanism->remove(id);
        snapshot_free(snapshot);
}

/* Detached last, a segment that was removed is gone: it is not removed twice. */
static void remove_attached(void)
{
        int id = mechanisms[0].make(0x5eed, 0600 | IPC_CREAT | IPC_EXCL);
        void *memory = shmat(id, NULL, 0);
        struct snapshot *snapshot = look(&kind_shm), *removed;
        struct act act = act_on(snapshot, &kind_shm, id);

        CHECK_IS(remove_seen(&act), 0);
        CHECK_IS(count_all(), 1);
        CHECK_IS(remove_seen(&act), -ENOENT);
        removed = look(&kind_shm);
        act = act_on(removed, &kind_shm, id);
        CHECK_IS(remove_seen(&act), -ENOENT);
        CHECK_IS(shmdt(memory), 0);
        CHECK_IS(remove_seen(&act), -ENOENT);
        snapshot_free(removed);
        snapshot_free(snapshot);
}

void test_removing(void)
{
        for (unsigned i = 0; i < MECHANISMS; i++)
                remove_kind(&mechanisms[i]);
        remove_attached();
}

/* Objects are replaced by others of the same key and the same id after they were seen. */
static void race(const struct mechanism *mechanism, bool force)
{
        struct snapshot *snapshot;
        int ids[REPLACED];

        for (int i = 0; i < REPLACED; i++) {
                ids[i] = mechanism->make(0x1000 + i, 0600 | IPC_CREAT | IPC_EXCL);
                CHECK(ids[i] >= 0);
        }
        snapshot = look(mechanism->kind);
        CHECK_IS(snapshot->nobjects, REPLACED);
        for (int i = 0; i < REPLACED; i++) {
                struct act act = act_on(snapshot, mechanism->kind, ids[i]);

                /* Every third is left alone, and removed. */
                act.force = force;
                if (i % 3 == 0) {
                        CHECK_IS(remove_seen(&act), 0);
                        continue;
                }
                mechanism->remove(ids[i]);
                make_as(mechanism, i % 3 == 1 ? 0x1000 + i : 0x100000 + i, ids[i]);
                CHECK_IS(remove_seen(&act), -ESTALE);
                CHECK_IS(act.changed.field, i % 3 == 1 ? FIELD_CHANGED_AT : FIELD_KEY);
        }
        CHECK_IS(count_all(), REPLACED - REPLACED / 3);
        for (int i = 0; i < REPLACED; i++)
                if (i % 3 != 0)
                        mechanism->remove(ids[i]);
        snapshot_free(snapshot);
}

void test_race(void)
{
        for (unsigned i = 0; i < MECHANISMS; i++) {
                race(&mechanisms[i], false);
                race(&mechanisms[i], true);
        }
}

static void expect_changed(struct act *act, uint16_t field)
{
        CHECK_IS(remove_seen(act), -ESTALE);
        CHECK_IS(act->changed.field, field);
        act->force = true;
        CHECK_IS(remove_seen(act), 0);
}

static void counted_segment(void)
{
        int id = mechanisms[0].make(IPC_PRIVATE, 0600);
        struct snapshot *snapshot = look(&kind_shm);
        struct act act = act_on(snapshot, &kind_shm, id);
        void *memory = shmat(id, NULL, 0);

        expect_changed(&act, FIELD_ATTACHED);
        shmdt(memory);
        snapshot_free(snapshot);
}

/* Attached and left again by another process: the count is as before, but who was last is not. */
static void visited_segment(void)
{
        int id = mechanisms[0].make(IPC_PRIVATE, 0600);
        struct snapshot *snapshot = look(&kind_shm);
        struct act act = act_on(snapshot, &kind_shm, id);
        pid_t child = fork();

        if (child == 0)
                _exit(shmdt(shmat(id, NULL, 0)) < 0);
        CHECK_IS(waitpid(child, NULL, 0), child);
        expect_changed(&act, FIELD_LAST_PID);
        snapshot_free(snapshot);
}

static void counted_set(void)
{
        struct sembuf up = { .sem_num = 1, .sem_op = 1 };
        int id = mechanisms[1].make(IPC_PRIVATE, 0600);
        struct snapshot *snapshot = look(&kind_sem);
        struct act act = act_on(snapshot, &kind_sem, id);

        CHECK_IS(semop(id, &up, 1), 0);
        expect_changed(&act, FIELD_OPERATED_AT);
        snapshot_free(snapshot);
}

static void awaited_set(void)
{
        struct sembuf down = { .sem_num = 2, .sem_op = -1 };
        int id = mechanisms[1].make(IPC_PRIVATE, 0600), status;
        struct snapshot *snapshot = look(&kind_sem);
        struct act act = act_on(snapshot, &kind_sem, id);
        pid_t child = fork();

        if (child == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                _exit(semop(id, &down, 1) < 0 && errno == EIDRM ? 0 : 1);
        }
        while (semctl(id, 2, GETNCNT) == 0)
                nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
        expect_changed(&act, FIELD_WAITING);
        CHECK(waitpid(child, &status, 0) == child && status == 0);
        snapshot_free(snapshot);
}

static void counted_queue(void)
{
        struct { long type; char text[4]; } message = { 1, "abc" };
        int id = mechanisms[2].make(IPC_PRIVATE, 0600);
        struct snapshot *snapshot = look(&kind_msg);
        struct act act = act_on(snapshot, &kind_msg, id);

        CHECK_IS(msgsnd(id, &message, 3, 0), 0);
        expect_changed(&act, FIELD_QUEUED_MESSAGES);
        snapshot_free(snapshot);
}

void test_counters(void)
{
        counted_segment();
        visited_segment();
        counted_set();
        awaited_set();
        counted_queue();
}

static void remove_own(void)
{
        for (unsigned i = 0; i < MECHANISMS; i++) {
                int id = mechanisms[i].make(0x600 + (key_t)i, IPC_CREAT | IPC_EXCL);
                struct snapshot *snapshot = look(mechanisms[i].kind);
                struct act act = act_on(snapshot, mechanisms[i].kind, id);

                CHECK_IS(remove_seen(&act), 0);
                snapshot_free(snapshot);
        }
}

static void remove_others(void)
{
        for (unsigned i = 0; i < MECHANISMS; i++) {
                struct snapshot *snapshot = look(mechanisms[i].kind);
                struct act act = act_on(snapshot, mechanisms[i].kind, (int)snapshot->objects[0].key.id);

                CHECK_IS(remove_seen(&act), -EPERM);
                snapshot_free(snapshot);
        }
}

/* One's own objects of mode 0000 can be removed, others' can't. */
void test_unreadable(void)
{
        int ids[MECHANISMS];

        as_user(65534, remove_own);
        for (unsigned i = 0; i < MECHANISMS; i++)
                ids[i] = mechanisms[i].make(IPC_PRIVATE, 0600);
        as_user(65534, remove_others);
        for (unsigned i = 0; i < MECHANISMS; i++)
                mechanisms[i].remove(ids[i]);
}

/* --- set --------------------------------------------------------------------- */

static struct assignment give(uint16_t field, uint64_t u)
{
        return (struct assignment){ .value = { .field = field, .type = VALUE_UINT, .u = u } };
}

static int set(const struct kind *kind, int id, const struct assignment *assignments, unsigned n)
{
        struct snapshot *snapshot = look(kind);
        struct act act = act_on(snapshot, kind, id);
        int r = kind->acts->set(&act, assignments, n);

        snapshot_free(snapshot);
        return r;
}

static void set_attributes(const struct mechanism *mechanism, enum sysv_type type)
{
        int id = mechanism->make(IPC_PRIVATE, 0600);
        struct assignment all[] = { give(FIELD_OWNER, 0), give(FIELD_GROUP, 0), give(FIELD_MODE, 0444) };
        struct assignment bad[] = { give(FIELD_MODE, 0640), give(FIELD_MODE, 01777) };
        struct sysv_facts facts;

        CHECK_IS(set(mechanism->kind, id, all, 3), 0);
        CHECK_IS(sysv_stat(host, type, id, &facts), 0);
        CHECK_IS(facts.mode, 0444);
        CHECK_IS(set(mechanism->kind, id, bad, 2), -EINVAL);
        CHECK_IS(sysv_stat(host, type, id, &facts), 0);
        CHECK_IS(facts.mode, 0444);
        mechanism->remove(id);
}

static void set_values(void)
{
        int id = mechanisms[1].make(IPC_PRIVATE, 0600);
        struct assignment good[] = { give(FIELD_VALUE, 32767), give(FIELD_VALUE, 5), give(FIELD_MODE, 0640) };
        struct assignment beyond[] = { give(FIELD_VALUE, 1), give(FIELD_VALUE, 1) };
        struct assignment large[] = { give(FIELD_VALUE, 1), give(FIELD_VALUE, 32768) };

        good[1].number = 2;
        beyond[1].number = 3;
        large[1].number = 1;
        CHECK_IS(set(&kind_sem, id, good, 3), 0);
        CHECK_IS(set(&kind_sem, id, beyond, 2), -ERANGE);
        CHECK_IS(set(&kind_sem, id, large, 2), -ERANGE);
        CHECK_IS(semctl(id, 0, GETVAL), 32767);
        CHECK_IS(semctl(id, 1, GETVAL), 0);
        CHECK_IS(semctl(id, 2, GETVAL), 5);
        mechanisms[1].remove(id);
}

static void set_lock(void)
{
        int id = mechanisms[0].make(IPC_PRIVATE, 0600);
        struct assignment lock = { .value = { .field = FIELD_STATE, .type = VALUE_WORDS, .u = WORD_BIT(STATE_LOCKED) } };
        struct assignment both[] = { lock, give(FIELD_OWNER, UINT32_MAX) };
        struct assignment unlock = { .value = { .field = FIELD_STATE, .type = VALUE_WORDS },
                                     .clear = WORD_BIT(STATE_LOCKED) };
        struct assignment dest = { .value = { .field = FIELD_STATE, .type = VALUE_WORDS, .u = WORD_BIT(STATE_DEST) } };
        struct sysv_facts facts;

        CHECK_IS(set(&kind_shm, id, both, 2), -EINVAL);
        CHECK(sysv_stat(host, SYSV_SHM, id, &facts) == 0 && !facts.shm.locked);
        CHECK_IS(set(&kind_shm, id, &lock, 1), 0);
        CHECK(sysv_stat(host, SYSV_SHM, id, &facts) == 0 && facts.shm.locked);
        CHECK_IS(set(&kind_shm, id, &unlock, 1), 0);
        CHECK(sysv_stat(host, SYSV_SHM, id, &facts) == 0 && !facts.shm.locked);
        CHECK_IS(set(&kind_shm, id, &dest, 1), -EINVAL);
        mechanisms[0].remove(id);
}

static void set_room(void)
{
        int id = mechanisms[2].make(IPC_PRIVATE, 0600);
        struct assignment room = give(FIELD_MAX_BYTES, 4096);
        struct sysv_facts facts;

        CHECK_IS(set(&kind_msg, id, &room, 1), 0);
        CHECK(sysv_stat(host, SYSV_MSG, id, &facts) == 0 && facts.msg.max_bytes == 4096);
        mechanisms[2].remove(id);
}

void test_setting(void)
{
        for (unsigned i = 0; i < MECHANISMS; i++)
                set_attributes(&mechanisms[i], (enum sysv_type)i);
        set_values();
        set_lock();
        set_room();
}
