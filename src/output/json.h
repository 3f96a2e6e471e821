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

#define JSON_SCHEMA_VERSION "1.0"

/* What went wrong with one argument, for the "errors" member. */
struct json_error {
        struct text subject;            /* the reference or argument */
        const char *error;              /* untranslated: "no such object" */
        int status;                     /* exit status that it alone would give */
};

struct json_options {
        bool lines;                     /* --ndjson */
        bool verdict;                   /* with "removal":{verdict,reasons} in each object (show) */
        const struct json_error *errors;
        size_t nerrors;
};

/*
 * The envelope with these objects, and of the snapshot's processes those
 * given (NULL: those that hold one of the objects).
 */
void json_print(const struct snapshot *snapshot, const struct object *const *objects, size_t nobjects,
                const struct process *const *processes, size_t nprocesses,
                const struct json_options *options, struct sink *sink);

/* The JSON Schema (2020-12) of that, made from the field dictionary and the kinds. */
void json_schema(const struct kind_set *kinds, struct sink *sink);

#endif
