/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIVE_SYSV_ACTS_H
#define LIVE_SYSV_ACTS_H

/* The acts of the System V kinds, called as the program calls them. For sysv-acts.bats. */
#include "collect/collect.h"
#include "kind/kinds.h"
#include "model/acts.h"
#include "sys/sysv-acts.h"

#include <stdbool.h>
#include <sys/ipc.h>
#include <sys/types.h>

/* Ends the program unless the condition holds. */
#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
#define CHECK_IS(a, b)   check_is((int64_t)(a), (int64_t)(b), #a, __FILE__, __LINE__)
void check(bool truth, const char *what, const char *file, int line);
void check_is(int64_t is, int64_t wanted, const char *what, const char *file, int line);

/* A way to make and remove objects of a type without the program. */
struct mechanism {
        const struct kind *kind;
        int (*make)(key_t key, int flags);
        void (*remove)(int id);
        const char *next_id;
};

enum { MECHANISMS = 3 };
extern const struct mechanism mechanisms[MECHANISMS];   /* shm, sem, msg */

extern struct host *host;

/* Makes one with that id again. */
int make_as(const struct mechanism *mechanism, key_t key, int id);

/* What is there of a kind, settled; freed by the caller. */
struct snapshot *look(const struct kind *kind);
struct act act_on(const struct snapshot *snapshot, const struct kind *kind, int id);

/* How many objects there are of all three. */
unsigned count_all(void);

/* In a child of user `uid`: waits for it, and fails if it failed. */
void as_user(uid_t uid, void (*what)(void));

void test_removing(void);
void test_race(void);
void test_counters(void);
void test_unreadable(void);
void test_setting(void);
void test_segment(void);
void test_sparse(void);
void test_semaphores(void);
void test_messages(void);
void test_many_messages(void);
void test_busy_queue(void);
void test_same_id(void);
void test_broken(void);

#endif
