/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIVE_ASLEEP_H
#define LIVE_ASLEEP_H

/* Looks with sleepers (sys/sleepers.h) must tell the same as looks that read everything. For asleep.bats. */
#include "model/kind.h"
#include "sys/sleepers.h"

#include <stdbool.h>
#include <sys/types.h>

/* Ends the program, in a child the child alone, unless the condition holds. */
#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
void check(bool truth, const char *what, const char *file, int line);

/* Where files lie that are no shared memory. */
#define PLACE "/dev/asleep"

/* --- children: asleep-child.c ---------------------------------------------- */

/* Runs in a child. */
typedef long act(long argument);

enum { LEADER, THREAD, TONGUES };

struct child {
        pid_t pid;
        int sockets[TONGUES];           /* how the leader, and one other thread, are told what to do */
        bool gone, unkept;              /* it is no more; no walk keeps it */
        bool mute;                      /* it takes no orders */
};

enum { CHILDREN_MOST = 512 };
extern struct child children[CHILDREN_MOST];
extern unsigned nchildren;

/* In a child: the descriptor that came with the order, or -1; its own from then on. */
extern _Thread_local int given;

/* A child that serves, at rest. The pid: what it shall have, or 0. */
struct child *spawn(void);
struct child *spawn_as(pid_t pid);

/* A child of that child, by clone(2) with these flags. */
struct child *spawn_by(struct child *parent, unsigned long flags, pid_t pid);

/* Has it done, and waits for the answer and until it is asleep again. */
long tell(struct child *child, act *does, long argument);
long tell_thread(struct child *child, act *does, long argument);
long tell_with(struct child *child, act *does, long argument, int fd);

/* For what blocks: waits until it is asleep. The answer may come later. */
void tell_only(struct child *child, act *does, long argument);

/* For the other thread, which does it when it begins; there is no answer. */
void tell_thread_ahead(struct child *child, act *does, long argument, int fd);

/* The same in two, for many at once: without any waiting; until it is asleep. */
void tell_ahead(struct child *child, act *does, long argument);
void wait_blocked(struct child *child);
long answer(struct child *child);

/* Until no thread of it runs. */
void rest(pid_t pid);

/* Kills it; reaps it, unless it is another's child. */
void end(struct child *child);
void end_all(void);

/*
 * asleep-acts.c. They expect no error, and return the descriptor that they made, or 0. A number in a name is
 * that of the argument; where it is none of that, the argument is the descriptor.
 */
act do_nothing, do_start_thread, do_start_threads, do_hold_all, do_block, do_pipe, do_eventfd, do_socket, do_memfd,
    do_timerfd, do_epoll, do_inotify, do_open_shm, do_map, do_keep, do_close, do_flock, do_unflock, do_posix_lock,
    do_unmap, do_grow, do_post, do_post_given, do_count_polls, do_set_mask, do_watch, do_receive, do_attach, do_exec, do_vfork, do_exit_leader;

/* What all may use: made before the first of them. */
extern int segment, semaphores, queue;
void make_common(void);

/* A file of the size that all have; and its mapping. */
int open_with_bytes(const char *path);
void *map_of(int fd);

/* Ways to be blocked, in asleep-blocks.c: arguments of do_block. */
unsigned count_blocks(void);

/* The names that number n uses. */
void shm_path(long n, char path[64]);
void file_path(long n, char path[64]);
void fifo_path(long n, char path[64]);

/* --- looks: asleep.c ------------------------------------------------------- */

extern struct sleepers *sleepers;
extern struct want want;

/*
 * So many children have been awake since the last look: the next one tells the same as if everything were read,
 * and keeps all but these; so does another one, which keeps them, too. look_after(): something is told that
 * was not before. look_same(): nothing is, and all have slept.
 */
void look_woken(unsigned awake);
void look_after(unsigned awake);
void look_same(void);

/* One look alone: of how many it told what it knew. And any number, that only have to tell the same. */
size_t look_once(unsigned awake);
void look_anyhow(void);

/* How many there are of this in the last look. */
unsigned told(const char *text);

/* The same in one more look, which is compared to nothing. */
unsigned told_by(struct sleepers *with, const char *text);

/* What a step needs is not to be had. */
void skip(const char *reason);

/* --- steps ------------------------------------------------------------------ */

struct step {
        const char *name;
        void (*run)(void);
};

extern const struct step own_steps[], other_steps[], late_steps[], life_steps[];

/*
 * Of asleep-steps.c, for others, too. The first children serve; others are blocked in all the ways that there are.
 * All are kept.
 */
enum { SERVERS = 6 };
void begin_all(void);
struct child *server(unsigned n);

#endif
