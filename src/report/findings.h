/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_FINDINGS_H
#define REPORT_FINDINGS_H

/*
 * What is leaked, stuck, full or unsafe: a table of rules (findings.list),
 * each a pure reading of a snapshot with all kinds, holders, waiters, processes
 * and limits. A rule reports only what its evidence shows: a healthy machine
 * has no findings above `notice`. What the kernel cannot tell is one at most.
 */
#include "report/limits.h"

enum severity { SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_CRITICAL, SEVERITY_COUNT };

enum finding_rule_id {
#define FINDING(id, name, severity, needs, title, explanation, remedy) FINDING_##id,
#include "report/findings.list"
#undef FINDING
        FINDING_COUNT,
};

/* What must not have been hidden, for a rule to find all that there is (bits). */
enum finding_needs {
        NEEDS_NOTHING = 0,
        NEEDS_HOLDERS = 1 << 0,
        NEEDS_WAITS   = 1 << 1,
        NEEDS_LIMITS  = 1 << 2,
};

struct finding_rule {
        const char *name;               /* "shm-orphan": released */
        enum severity severity;         /* the highest it gives */
        unsigned needs;
        const char *title;              /* N_(), without a full stop */
        const char *explanation;        /* N_(): what it means, what may follow */
        const char *remedy;             /* a command; %s is the reference (or pid); NULL: its findings have their own */
};

/* One finding: a rule that holds for a subject. */
struct finding {
        const struct finding_rule *rule;
        uint16_t id;                    /* enum finding_rule_id */
        enum severity severity;
        const struct object *object;    /* the subject; or */
        const struct process *process;  /* ... and/or the process */
        const struct limit_row *limit;
        const struct wait *const *cycle;/* of wait cycles: the waits around it */
        unsigned ncycle;
        struct text evidence;           /* one sentence with the facts; display form */
        struct text remedy;             /* the command, filled in; empty: none */
        bool inferred;
        int64_t since;                  /* ns since the epoch; 0: can't be told */
        uint64_t bytes;                 /* memory that is lost or held by it; 0: none or unknown */
};

struct findings {
        struct arena arena;             /* of texts and cycles */
        struct finding *list;           /* the gravest first, then by rule, then in object order */
        size_t n, room;
        size_t by_severity[SEVERITY_COUNT];
        uint64_t hampered;              /* bits of the rules asked for that something was hidden from */
        struct limit_report limits;
};

#define FINDING_BIT(id)      (UINT64_C(1) << (id))
#define FINDING_ALL          (FINDING_BIT(FINDING_COUNT) - 1)

enum { LEVEL_UNSET = -1 };              /* 0 is a level: all that is known has reached it */

struct findings_options {
        uint64_t rules;                 /* bits of finding_rule_id to apply */
        const int *levels;              /* of each limit, in thousandths; LEVEL_UNSET, or no list: PERMILLE_NEAR */
        bool translate;                 /* the evidence is for people, not for programs */
        bool utf8;                      /* may it hold characters beyond ASCII? */
};

/* The rule's declaration; name -> id: true if there is one. */
const struct finding_rule *finding_rule_get(uint16_t id);
bool finding_rule_find(struct text name, uint16_t *ret);
const char *severity_word(enum severity severity);      /* "notice", "warning", "critical" */
bool severity_find(struct text word, enum severity *ret);

/* Is the object the subject of the finding, or one of those around the cycle? */
bool finding_is_about(const struct finding *finding, const struct object *object);

/* What the rules look at beyond what limits do: to be asked for. */
const uint16_t *findings_fields(unsigned *ret_n);

void findings_make(const struct snapshot *snapshot, const struct findings_options *options, struct findings *ret);
void findings_done(struct findings *findings);

#endif
