/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_REFERENCES_H
#define COMMAND_REFERENCES_H

/* Objects and processes named on the command line. */
#include "command/object-set.h"
#include "command/session.h"

struct references {
        struct session *session;
        struct reference *list;
        const char **typed;             /* as on the command line */
        size_t n, room;
        uint64_t kinds;                 /* whole kinds that were named beside them */
        struct json_error *errors;      /* of those that name nothing */
        size_t nerrors;
        bool *named;                    /* which of them named something at the last look... */
        size_t found;                   /* ...and how many */
};

void references_init(struct references *references, struct session *session);
void references_done(struct references *references);

/* Reads one, and adds its kind to the question. STATUS_USAGE after a message. */
enum exit_status references_add(struct references *references, const char *argument);

/* Adds one that was read by other means. typed: what messages call it; lives as long. */
void references_put(struct references *references, const struct reference *reference, const char *typed);

/*
 * Adds the objects that they name, in the order named, then all of the named
 * kinds; says nothing of those that name none. Processes (pid:N) are left to
 * the caller.
 */
void references_look(struct references *references, const struct snapshot *snapshot, struct object_set *ret);

/* A message for each reference that named nothing at the last look. */
void references_tell(struct references *references);

/* Both: looks and tells. */
void references_find(struct references *references, const struct snapshot *snapshot, struct object_set *ret);

/* Tells that one of them names nothing. */
void references_missing(struct references *references, size_t number);

/* STATUS_DONE, STATUS_MISSING, or STATUS_SOME when only some were found. */
enum exit_status references_status(const struct references *references);

#endif
