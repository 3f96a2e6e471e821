/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_SESSION_H
#define COMMAND_SESSION_H

/*
 * What the commands that read the machine share: from the settings to a
 * question, from the question to a snapshot, and from there to stdout.
 */
#include "command/command.h"
#include "model/query.h"
#include "output/json.h"
#include "output/list.h"

/* The question, while the arguments are read. */
struct session {
        const struct invocation *invocation;
        struct host *host;              /* NULL: a saved snapshot is looked at */
        struct arena arena;             /* for references */
        struct want want;
        struct query *query;            /* NULL: every object */
        struct sort_key sort;
        bool sorted;
        struct snapshot *snapshot;      /* after session_collect(); a saved one from the beginning */
        struct sink sink;               /* stdout */
        struct format format;
        struct table_look look;
        bool terminal;                  /* stdout is one: somebody is looking */
};

/* Opens the host, or reads the saved snapshot; reads filter and sort key. A message and a status when that fails. */
enum exit_status session_open(struct session *session, const struct invocation *invocation);

/* Frees everything. Writes out what is left first, unless `status` says that all is lost; returns the status. */
enum exit_status session_close(struct session *session, enum exit_status status);

/* Adds a kind, or all, to the question. */
void session_want_kind(struct session *session, const struct kind *kind);
void session_want_all_kinds(struct session *session);

/*
 * Adds the kinds that share keys with one that is wanted and whose users nobody
 * counts: their use tells of its own.
 */
void session_want_kin(struct session *session);

/* Adds fields: those of a list of columns, or everything. */
void session_want_fields(struct session *session, const uint16_t *fields, unsigned n);
void session_want_all_fields(struct session *session);

/*
 * Takes the snapshot, unless a saved one is there. What its threads wait for is looked at only when somebody
 * asks for waiters, or filters by states, one of which follows from them.
 */
void session_take(struct session *session);

/* The same, and tells on stderr what could not be seen (the JSON has it too). */
void session_collect(struct session *session);

/*
 * Keeps those of the objects that match the filter, sorts them, in place.
 * Returns how many are left.
 */
size_t session_select(struct session *session, const struct object **objects, size_t n);

/*
 * The columns to print: what -o says about `standard` columns. `fields`, for
 * -o all, are those of the kinds shown. Returns the number, or -1 after a
 * message. ret has room for FIELD_COUNT.
 */
int session_columns(const struct session *session, const uint16_t *standard, unsigned nstandard, uint16_t *ret);

#endif
