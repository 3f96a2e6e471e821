/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_JSON_H
#define OUTPUT_JSON_H

/*
 * The one JSON form (ipcview-json(5)): always the same envelope; integers are
 * integers, never strings; always valid UTF-8; null is "applies but could not
 * be read", absent is "does not apply"; no locale.
 */
#include "model/snapshot.h"
#include "output/sink.h"

#define JSON_SCHEMA_VERSION "1.1"

/* What went wrong with one argument, for the "errors" member. */
struct json_error {
        struct text subject;            /* the reference or argument */
        const char *error;              /* untranslated: "no such object" */
        int status;                     /* exit status that it alone would give */
};

struct judge;                           /* report/verdict.h */

struct json_options {
        bool lines;                     /* --ndjson */
        bool whole;                     /* with all that a snapshot has, so that json_read() makes it again */
        struct judge *judge;            /* with "removal":{verdict,reasons} in each object (show); NULL: without */
        const struct json_error *errors;
        size_t nerrors;
};

/*
 * The envelope with these objects, and of the snapshot's processes those
 * given (NULL: those that hold one of the objects; of a whole snapshot all).
 */
void json_print(const struct snapshot *snapshot, const struct object *const *objects, size_t nobjects,
                const struct process *const *processes, size_t nprocesses,
                const struct json_options *options, struct sink *sink);

/*
 * The envelope with a row for each removal in the place of the objects, written
 * as they happen. deed NULL: it is only planned. The end frees it.
 */
struct json_removals;
struct plan_row;                        /* admin/plan.h */
struct deed;                            /* admin/deed.h */
struct json_removals *json_removals_begin(const struct snapshot *snapshot, const struct json_options *options,
                                          struct sink *sink);
void json_removals_add(struct json_removals *removals, const struct plan_row *row, const struct deed *deed);
void json_removals_end(struct json_removals *removals);

/* The envelope with a row for each copy that is made, checked or restored from in the place of the objects. */
struct json_copies;
struct json_copy {
        const char *action;             /* "save", "check", "restore" */
        struct text ref;                /* the object that was saved, or made; empty: none */
        struct text was;                /* what a saved object was called; empty: not known, or the same */
        const char *kind;               /* or NULL */
        const char *result;             /* deed_word(), or "planned" */
        int err;                        /* positive errno, or 0 */
        struct text path;               /* of the copy; empty: there is none */
        bool partial;                   /* it is not complete, but has what is nowhere else any more */
};
struct json_copies *json_copies_begin(const struct snapshot *snapshot, const struct json_options *options,
                                      struct sink *sink);
void json_copies_add(struct json_copies *copies, const struct json_copy *copy);
void json_copies_end(struct json_copies *copies);

/* The envelope with a row for each object that was made, or given other values, in the place of the objects. */
struct json_changes;
struct assignment;                      /* model/acts.h */
struct json_change {
        const struct deed *deed;
        bool planned;                   /* nothing was done yet */
        struct text ref;                /* empty: none */
        const struct kind *kind;
        struct row made;                /* create: what it is addressed by */
        const struct object *object;    /* set: as it was, and what is to change */
        const struct assignment *assignments;
        unsigned nassignments;
};
struct json_changes *json_changes_begin(const struct snapshot *snapshot, const struct json_options *options,
                                        struct sink *sink);
void json_changes_add(struct json_changes *changes, const struct json_change *change);
void json_changes_end(struct json_changes *changes);

/* The envelope with lines of the journal, each a JSON object without a newline, in the place of the objects. */
void json_print_journal(const struct snapshot *snapshot, const struct text *lines, size_t nlines,
                        const struct json_options *options, struct sink *sink);

/* The JSON Schema (2020-12) of that, made from the field dictionary and the kinds. */
void json_schema(const struct kind_set *kinds, struct sink *sink);

#endif
