/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

/*
 * May it be removed, and why (not)? A pure reading of a snapshot; what the
 * snapshot could not see counts as in use.
 */
#include "report/protection.h"

enum verdict {
        VERDICT_FREE,                   /* nobody has it, nothing is lost but its contents */
        VERDICT_ORPHAN,                 /* nobody has it and its makers are gone: leaked */
        VERDICT_IN_USE,                 /* live holders, waiters or recent users */
        VERDICT_FOREIGN,                /* of another namespace, or another user's and we lack the right */
        VERDICT_PROTECTED,              /* a rule says that nobody should remove it by accident */
        VERDICT_UNKNOWN,                /* holders could not be seen */
        VERDICT_IMPOSSIBLE,             /* it has no name or id to remove */
        VERDICT_COUNT,
};

struct verdict_reason {
        const char *text;               /* N_(), a sentence */
        const struct object *object;    /* another object that it is about; or NULL */
        const char *rule, *where;       /* the expression and file of a configured rule; or NULL */
};

struct verdict_report {
        enum verdict verdict;
        enum verdict otherwise;         /* VERDICT_PROTECTED: what it would be without the rule; else the same */
        bool inferred;                  /* drawn from signs: the kernel keeps no count that would prove it */
        bool others;                    /* VERDICT_FOREIGN: because it belongs to another user */
        struct verdict_reason reasons[8];   /* the decisive one first */
        unsigned nreasons;
        const char *consequence;        /* N_(): what removing it does to its users; or NULL */
};

/* What the verdicts on many objects share: made once, so that each is cheap. */
struct judge {
        const struct snapshot *snapshot;
        const struct protections *protections;  /* NULL: nothing is protected */
        struct map used;                /* System V key, owner, namespace: an object that is in use */
        bool indexed;
};

void judge_init(struct judge *judge, const struct snapshot *snapshot, const struct protections *protections);
void judge_done(struct judge *judge);

/* Makes now what verdicts share, which the first one would: from then on they only read (threads). */
void judge_prepare(struct judge *judge);

/* The released word: "free", "orphan", "in-use", "foreign", "protected", "unknown", "impossible". */
const char *verdict_word(enum verdict verdict);

/* Never fails. */
void verdict_read(struct judge *judge, const struct object *object, struct verdict_report *ret);

/*
 * What follows the text of a reason: " (shm:7)", or the rule and where it
 * stands. Appended as it is, not escaped; nothing for most reasons.
 */
void verdict_reason_detail(const struct verdict_reason *reason, struct buf *out);

/* Is the object another user's than the reader's? Unknown owners are not. */
bool verdict_others(const struct snapshot *snapshot, const struct object *object);

#endif
