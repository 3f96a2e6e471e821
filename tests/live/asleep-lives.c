/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of asleep.c: processes and threads begin and end, share what they have, and are too many. */
#include "asleep.h"

#include "base/array.h"
#include "kind/kinds.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
        THREADS_MANY = 70,
        CROWD = 120, ROUNDS = 30, QUESTIONS = 40,
        LOW = 264, LOWEST = 100, LOW_CHILDREN = 14,
};

static void begin(void)
{
        make_common();
        for (long i = 0; i < 3; i++)
                tell(spawn(), do_hold_all, 10 + i);
        sleepers = sleepers_new();
        look_once(nchildren);
        look_once(0);
}

static unsigned children_told_of(const struct child *parent)
{
        char text[64];

        snprintf(text, sizeof(text), "\"parent_pid\":%d,", parent->pid);
        return told(text);
}

/* --- parents -------------------------------------------------------------------------- */

static void parent_ends(void)
{
        struct child *parent, *child;

        begin();
        parent = spawn();
        child = spawn_by(parent, 0, 0);
        spawn_by(child, 0, 0);
        tell(child, do_pipe, 0);
        look_after(3);
        CHECK(children_told_of(parent) == 1 && children_told_of(child) == 1);
        end(parent);
        look_after(0);
        CHECK(children_told_of(parent) == 0 && children_told_of(child) == 1);
        end(child);
        look_after(0);
        CHECK(told("\"record\":\"process\"") > 0 && children_told_of(child) == 0);
}

/* --- another one with its pid ----------------------------------------------------------- */

static void same_pid(void)
{
        struct child *old, *new;

        begin();
        old = spawn();
        tell(old, do_pipe, 0);
        look_after(1);
        end(old);
        look_after(0);
        new = spawn_as(old->pid);
        tell(new, do_eventfd, 7);
        look_after(1);
        /* Without a look between the two. */
        end(new);
        new = spawn_as(old->pid);
        tell(new, do_socket, 0);
        look_after(1);
}

static void another_program(void)
{
        begin();
        tell(&children[1], do_start_thread, 0);
        look_woken(1);
        tell_only(&children[0], do_exec, 0);
        look_after(1);
        /* As another thread's doing, which gets the leader's place. */
        tell_thread(&children[1], do_pipe, 0);
        look_after(1);
        tell_only(&children[1], do_exec, 0);
        look_after(1);
}

static void leader_ends(void)
{
        begin();
        tell(&children[1], do_start_thread, 0);
        look_after(1);
        tell_only(&children[1], do_exit_leader, 0);
        look_after(1);
        tell_thread(&children[1], do_pipe, 0);
        look_after(1);
}

/* --- tables of two ---------------------------------------------------------------------- */

static void try_shared(unsigned long flags, bool lower)
{
        struct child *parent = spawn(), *child;
        pid_t pid = 0;
        long fd;

        /* A pid below the parent's, which is free. */
        if (lower) {
                pid = parent->pid;
                parent = spawn();
                end(parent - 1);
        }
        child = spawn_by(parent, flags, pid);
        parent->unkept = child->unkept = true;
        CHECK(!lower || child->pid < parent->pid);
        look_woken(2);
        fd = tell(child, do_pipe, 0);
        look_after(2);
        tell(parent, do_eventfd, 8);
        look_after(2);
        tell(parent, do_close, fd);
        look_after(2);
        end(child);
        parent->unkept = false;
        look_woken(1);
        end(parent);
        look_woken(0);
}

static void shared_tables(void)
{
        begin();
        try_shared(CLONE_FILES, false);
}

static void shared_tables_lower(void)
{
        begin();
        try_shared(CLONE_FILES, true);
}

/* The parent is in vfork(2), its child sleeps with the parent's memory. */
static void vforked(void)
{
        struct child *parent;

        begin();
        parent = spawn();
        tell(parent, do_pipe, 0);
        look_after(1);
        parent->unkept = true;
        tell_only(parent, do_vfork, 0);
        look_anyhow();
        CHECK(told("\"process_state\":\"blocked\"") == 1);
        end(parent);
        look_anyhow();
}

/* --- many, and few descriptors to keep them by -------------------------------------------- */

static void many_threads(void)
{
        begin();
        tell(&children[0], do_start_thread, 0);
        tell(&children[0], do_start_threads, THREADS_MANY);
        look_after(1);
        tell_thread(&children[0], do_pipe, 0);
        look_after(1);
        tell(&children[0], do_start_threads, THREADS_MANY);
        look_after(1);
}

static void lower_limit(rlim_t most)
{
        CHECK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ most, most }) == 0);
}

static void few_descriptors_of(rlim_t most)
{
        begin();
        sleepers_free(sleepers);
        for (int i = 0; i < LOW_CHILDREN; i++) {
                struct child *child = spawn();

                tell(child, do_start_thread, 0);
                tell(child, do_eventfd, i);
        }
        lower_limit(most);
        sleepers = sleepers_new();
        look_anyhow();
        CHECK(told("\"record\":\"gap\"") == 0);
        tell_thread(&children[nchildren - 1], do_pipe, 0);
        tell(&children[0], do_eventfd, 2);
        look_after(2);
        CHECK(told("\"record\":\"gap\"") == 0 && sleepers_told(sleepers) >= nchildren);
}

static void few_descriptors(void)
{
        few_descriptors_of(LOW);
}

static void fewest_descriptors(void)
{
        few_descriptors_of(LOWEST);
}

/* --- other questions in between -------------------------------------------------------------- */

static void other_questions(void)
{
        const struct want all = want;
        uint64_t kinds[] = { all.kinds, 0, 0, 0, 0, 0 };

        for (unsigned i = 0; i < all_kinds.nkinds; i++) {
                const struct kind *kind = all_kinds.kinds[i];

                kinds[1] |= kind == &kind_pipe || kind == &kind_lock || kind == &kind_eventfd ? UINT64_C(1) << i : 0;
                kinds[2] |= kind == &kind_shm || kind == &kind_file ? UINT64_C(1) << i : 0;
                kinds[3] |= kind == &kind_msg ? UINT64_C(1) << i : 0;
                kinds[4] |= kind == &kind_fifo || kind == &kind_memfd || kind == &kind_lock ? UINT64_C(1) << i : 0;
                /* The walk meets the same as for all. */
                kinds[5] |= kind == &kind_pipe || kind == &kind_memfd ? UINT64_C(1) << i : 0;
        }
        begin();
        for (unsigned i = 0; i < QUESTIONS; i++) {
                want = all;
                want.kinds = kinds[i % COUNT(kinds)];
                want.waiters = i & 1;
                want.processes = i & 2;
                want.limits = i & 4;
                want.detail = i & 8;
                look_anyhow();
                if (i % 3 == 0) {
                        want = all;
                        look_anyhow();
                }
        }
        want = all;
        look_anyhow();
        look_same();
}

/* --- many, at random --------------------------------------------------------------------------- */

static long fds[CHILDREN_MOST];         /* what each has opened; 0: nothing */
static bool woken[CHILDREN_MOST];

/* Opens something, or closes what it has. */
static void do_something(unsigned seed, struct child *child)
{
        static act *const acts[] = { do_pipe, do_eventfd, do_memfd, do_socket, do_timerfd, do_inotify, do_nothing };
        act *does = acts[seed % COUNT(acts)];
        long fd = fds[child - children], argument = 1 + seed % 1000;

        if (does == do_nothing)
                argument = 0;
        else if (does == do_timerfd)
                argument += 10000;      /* seconds: none ends between two looks */
        if (fd)
                tell_ahead(child, do_close, fd);
        else
                tell_ahead(child, does, argument);
}

static unsigned wake_some(unsigned *seed)
{
        unsigned n = 0;

        for (unsigned i = 0; i < nchildren; i++) {
                woken[i] = !children[i].gone && rand_r(seed) % 3 == 0;
                if (woken[i])
                        do_something((unsigned)rand_r(seed), &children[i]);
        }
        for (unsigned i = 0; i < nchildren; i++)
                if (woken[i]) {
                        fds[i] = answer(&children[i]);
                        n++;
                }
        return n;
}

static void churn(void)
{
        unsigned seed = 1;

        begin();
        for (int i = 0; i < CROWD; i++)
                spawn();
        look_anyhow();
        for (int i = 0; i < ROUNDS; i++) {
                if (i % 10 == 9)
                        end(&children[3 + i]);
                look_once(wake_some(&seed));
                if (i % 3 == 0)
                        look_once(0);
        }
}

const struct step life_steps[] = {
        { "parent-ends", parent_ends }, { "same-pid", same_pid }, { "another-program", another_program },
        { "leader-ends", leader_ends }, { "shared-tables", shared_tables },
        { "shared-tables-lower", shared_tables_lower }, { "vforked", vforked }, { "many-threads", many_threads },
        { "few-descriptors", few_descriptors }, { "fewest-descriptors", fewest_descriptors },
        { "other-questions", other_questions }, { "churn", churn }, { NULL, NULL },
};
