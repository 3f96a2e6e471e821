/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_FINDINGS_PRIVATE_H
#define REPORT_FINDINGS_PRIVATE_H

/* What the rules share. A rule begins a draft, says what speaks for it, and ends it. */
#include "base/buf.h"
#include "base/i18n.h"
#include "report/findings.h"

/* The kinds that rules are about; all others are TOPIC_OTHER. */
enum topic {
        TOPIC_OTHER, TOPIC_SHM, TOPIC_SEM, TOPIC_MSG, TOPIC_MQ, TOPIC_PSHM, TOPIC_PSEM, TOPIC_PIPE,
        TOPIC_FIFO, TOPIC_UNIX, TOPIC_INET, TOPIC_MEMFD, TOPIC_EVENTFD, TOPIC_PTY,
};

/* One judging of a snapshot. */
struct judging {
        const struct snapshot *snapshot;
        const struct findings_options *options;
        struct findings *findings;
        struct finding draft;
        struct buf text;                /* of the draft's evidence */
        uint8_t topic[64];              /* by the kind's place in the set */
        bool holders_hidden, waits_hidden, limits_hidden;
        bool outside;                   /* processes outside this pid namespace are not seen, as a matter of course */

        struct map keys;                /* System V: (namespace, key) -> the first object of that key */
        struct map nameless;            /* process -> struct nameless, findings-memory.c */
};

enum {
        STUCK_SECONDS = 10,             /* a blocked writer or sender that does not move for so long is stuck */
        SETTLED_SECONDS = 60,           /* who was about to use a new object has done so by then */
        FORGOTTEN_SECONDS = 86400,
        FIRST_USER = 1000, LAST_USER = 60000,           /* people, as logind and adduser count */
};

static inline bool judging_wants(const struct judging *judging, uint16_t id)
{
        return judging->options->rules >> id & 1;
}

static inline enum topic topic_of(const struct judging *judging, const struct object *object)
{
        return (enum topic)judging->topic[object->kind_order];
}

/* False: the field does not apply, or is not known. */
bool number_of(const struct object *object, uint16_t field, uint64_t *ret);
bool process_number(const struct process *process, uint16_t field, uint64_t *ret);
/* The same, but 0 then. */
uint64_t number_or_zero(const struct object *object, uint16_t field);
bool has_state(const struct object *object, enum state_word state);
/* dead, or its pid is another process by now */
bool is_gone(const struct object *object, uint16_t life);
/* Does somebody have it open, mapped or attached? */
bool is_held(const struct object *object);
uint64_t seconds_since(const struct judging *judging, uint64_t moment);
/* The latest of the fields that are known; 0: none is. */
uint64_t latest_of(const struct object *object, const uint16_t *fields, unsigned n);

/* Begins a finding about an object or a process (or neither), with the rule's severity. */
struct finding *finding_begin(struct judging *judging, uint16_t id, const struct object *object,
                              const struct process *process);
/* Ends it; the remedy of the rule is taken if it has none yet. */
void finding_end(struct judging *judging);
void finding_remedy(struct judging *judging, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The evidence. The format is N_("..."), translated here. */
void say(struct judging *judging, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for a number of things: "%u message", "%u messages". */
void say_count(struct judging *judging, uint64_t n, const char *singular, const char *plural, ...)
        __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
void say_process(struct judging *judging, const struct process *process);       /* comm[pid] */
void say_user(struct judging *judging, uid_t uid);
void say_bytes(struct judging *judging, uint64_t bytes);                        /* "64.0 MiB" */
void say_span(struct judging *judging, uint64_t seconds);                       /* "3 h" */

/* The rules, by what they look at: each object, or all of them. */
void findings_sysv(struct judging *judging, const struct object *object);
void findings_keys(struct judging *judging, const struct object *object);
void findings_memory(struct judging *judging, const struct object *object);
void findings_nameless(struct judging *judging);
void findings_queues(struct judging *judging, const struct object *object);
void findings_writers(struct judging *judging, const struct object *object);
void findings_sockets(struct judging *judging, const struct object *object);
void findings_modes(struct judging *judging, const struct object *object);
void findings_remove_ipc(struct judging *judging);
void findings_limits(struct judging *judging);
void findings_cycles(struct judging *judging);

#endif
