/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_LIMITS_H
#define REPORT_LIMITS_H

/*
 * Limits with what of them is in use, by whom, and what fails when they are
 * hit. A pure reading of a snapshot that was asked for limits (want.limits),
 * for all kinds, with holders and processes.
 */
#include "model/snapshot.h"

enum { LIMIT_TOP = 3, PERMILLE_NEAR = 900 };

/* Who uses most of a limit: a user, a process, or an object, and how much. */
struct limit_share {
        const struct object *object;
        const struct process *process;
        bool is_user;
        uid_t uid;
        uint64_t used;
};

struct limit_row {
        const struct limit_reading *reading;
        bool known;                     /* is `used` known at all? */
        bool inferred;                  /* summed up from what could be seen, not told by the kernel */
        bool partial;                   /* some objects could not be summed up: it is at least that much */
        uint64_t used;                  /* in the limit's unit */
        int permille;                   /* of the limit; -1: no limit, or not known. More than 1000 is possible */
        bool hit;                       /* nothing is left, or not as much as the next request is likely to take */
        struct limit_share top[LIMIT_TOP];
        unsigned ntop;
};

struct limit_report {
        struct limit_row *rows;         /* in the dictionary's order, the fullest first within a limit */
        size_t n;
};

/*
 * every: a row for each whom a limit binds (all queues, users, processes);
 * else only the fullest of each limit.
 */
void limits_report(const struct snapshot *snapshot, bool every, struct limit_report *ret);
void limits_report_done(struct limit_report *report);

/* How much is left, for the eye: everywhere by this one rule. */
enum limit_pressure {
        PRESSURE_NONE,                  /* enough; not known; or not used yet, as a pool without pages */
        PRESSURE_NEAR,                  /* 90 % and more */
        PRESSURE_HIT,                   /* nothing is left, or not as much as the next request is likely to take */
};

enum limit_pressure limit_pressure(const struct limit_row *row);

/* The row of a limit in a report, the fullest; NULL: there is none. */
const struct limit_row *limits_find(const struct limit_report *report, uint16_t limit);

/* A cause that could make the call fail like that, and whether it does now. */
struct limit_cause {
        const struct limit_failure *failure;
        const struct limit_row *row;    /* the fullest reading; NULL: none was read */
        bool hit;                       /* nothing is left, or the next call of usual size would exceed it */
        bool near;                      /* 90 % and more */
        size_t hits;                    /* so many readings of it are hit (only of a report with every row) */
};

/*
 * The limits that make a call fail with an error, in the kernel's own order.
 * call: NULL for any. Returns how many (0: none known); *ret is freed by the caller.
 */
size_t limits_explain(const struct limit_report *report, int error, const char *call, struct limit_cause **ret);

#endif
