/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_SLEEPERS_PRIVATE_H
#define SYS_SLEEPERS_PRIVATE_H

/* Private to sys/: how a walk keeps processes, and finds them again. */
#include "sys/process-facts.h"
#include "sys/sleepers.h"
#include "sys/waits.h"
#include "sys/walk-ahead.h"

/* An open file of fdinfo: what it says is read again and again, or but now and then. */
struct sleeper_info {
        uint32_t number;                /* of the descriptor that it tells of */
        int fd;
        uint64_t thing;                 /* what lasts is about this... */
        char *said;                     /* ...and this is it; NULL: nothing lasts */
        uint32_t len;
};

/*
 * A descriptor as it is told again and again: nothing is parsed for that, and little read, which costs most after
 * some seconds of doing other things. Text and facts lie in sleeper.links.
 */
struct kept_fd {
        struct text link;
        uint64_t dev, inode;            /* as in struct entry; of a path 0 without facts */
        const char *facts;              /* a struct file_facts, anywhere; NULL: not read */
        uint32_t fd;
        uint16_t mode;                  /* as in struct ahead_fd */
        uint8_t link_type;
        bool settled;
};

struct sleeper {
        struct pulse pulse;             /* from before anything was read: first what each walk asks for */
        int64_t until;                  /* CLOCK_MONOTONIC, ns: then it is read anew */
        uint64_t walk;                  /* the last that met it... */
        bool slept;                     /* ...and it had slept since the one before */
        bool waitless;                  /* none of its threads waits for anything that we know of */
        pid_t pid;
        struct buf links, lines;        /* the links and maps of struct ahead_process */
        struct kept_fd *fds;            /* what was read of them, taken apart: walk-keep.c */
        size_t nfds;
        struct entry *maps;             /* the same */
        size_t nmaps;
        struct process_facts facts;
        struct sleeper_info *infos;     /* by number; made by the walks that tell of it as it was */
        size_t ninfos, infos_room;
        struct waits_kept waits;        /* read by the first walk that tells of it as it was */
};

/* Can it be told here who sleeps? */
bool sleepers_able(const struct sleepers *sleepers);

/* A walk begins: what was kept with other flags is forgotten. */
void sleepers_begin(struct sleepers *sleepers, enum walk_flags flags);

/* A hint that saves waiting for memory: it is going to be met. */
void sleepers_expect(const struct sleepers *sleepers, pid_t pid);

/* The process, if it is known and has slept all the time; else NULL, and it is known no more. */
struct sleeper *sleepers_meet(struct sleepers *sleepers, pid_t pid);

/* Was it met asleep in this walk? */
bool sleepers_met(const struct sleepers *sleepers, pid_t pid);

/*
 * The walk has met all: forgets those that it did not.
 *
 * From then on: is this descriptor of our own one of those that sleepers have open? Nobody needs to be told what it is.
 */
void sleepers_met_all(struct sleepers *sleepers);
bool sleepers_have(const struct sleepers *sleepers, uint32_t fd);

/* The first number beyond all of those. */
uint32_t sleepers_beyond(const struct sleepers *sleepers);

/*
 * Keeps a process: copies of its descriptors, mappings and facts. pulse: from before they were read. Returns it, or
 * NULL: it was refused.
 */
struct sleeper *sleepers_keep(struct sleepers *sleepers, pid_t pid, struct pulse pulse, struct text links,
                              struct text maps, const struct process_facts *facts);

/* This process shall not be kept by this walk, which may have kept it already, or be going to. */
void sleepers_refuse(struct sleepers *sleepers, pid_t pid);

/* The open fdinfo of one of its descriptors, or -1. */
int sleepers_info(const struct sleeper *sleeper, uint32_t number);

/*
 * Takes such a file; a walk comes to descriptors in ascending order. False, and it is not taken: there is no room
 * for it.
 */
bool sleepers_take_info(struct sleepers *sleepers, struct sleeper *sleeper, uint32_t number, int fd);

/*
 * What fdinfo of a descriptor said of a thing, which others may have descriptors of, too: walk_info_lasts() in
 * sys/walk.h. sleeper: whose it is; NULL: it was awake.
 */
void sleepers_said(struct sleepers *sleepers, struct sleeper *sleeper, uint32_t number, uint64_t thing,
                   struct text said);

/* The same, if it may be told in this walk; borrowed until the next call. */
bool sleepers_tell(const struct sleepers *sleepers, const struct sleeper *sleeper, uint32_t number, struct text *ret);

#endif
