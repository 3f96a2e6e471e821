/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_JOURNAL_LINE_H
#define ADMIN_JOURNAL_LINE_H

/*
 * A line of the journal: what was done, by whom, to what, with which result.
 * One JSON text a line, in the words of the field dictionary; people and
 * scripts read it for years, so that members are only ever added.
 */
#include "admin/deed.h"

/* What the line tells beside what the deed knows itself. */
struct journal_note {
        const struct object *object;    /* as it was seen before the deed; NULL: made by it */
        const struct kind *kind;        /* of what was made, and its reference; both of `object` where there is one */
        struct text ref;
        struct row made;                /* its attributes, as far as they are known */
        const char *verdict;            /* verdict_word(); NULL: nobody asked */
        const struct assignment *assignments;
        unsigned nassignments;
        const struct process *process;  /* what was sent a signal, in the place of an object */
        int signal;
        struct text from;               /* the copy that it was restored from; empty: none */
};

/*
 * Writes the line of a deed that is done, or failed, into its journal, or adds it to
 * the deed's block; without a journal nothing happens. What goes wrong with that is in deed->journal_err
 * and nowhere else: the deed is done.
 */
void journal_note(struct deed *deed, const struct journal_note *note);

/* Before several threads do that, in one journal. NULL is fine. */
void journal_note_begin(struct journal *journal);

/* How each line begins: after a newline if it is not the first in there, with time and action. */
struct writer;
void journal_line_open(struct writer *writer, struct buf *out, const struct host *host, const char *action);

/* Who writes it: "user", "login" and "pid". */
void journal_line_author(struct writer *writer, struct journal *journal);

/* Parts of a line, for the JSON of commands: "object":{...} and "values":[...], what set changes. */
void journal_write_object(struct writer *writer, const struct deed *deed, struct row row, uint64_t namespace);
void journal_write_values(struct writer *writer, const struct deed *deed, const struct object *object,
                          const struct assignment *assignments, unsigned n);

/* A line as it is read again: bytes of anybody. Texts that are not there are empty. */
struct journal_row {
        int64_t time;                   /* ns since the epoch */
        struct text action, ref, kind, result, error;
        struct text signal;             /* "SIGTERM" */
        struct text user;               /* who had logged in, else who did it: name, else number */
        struct text as;                 /* with whose rights */
        struct text copy;
        int64_t pid;                    /* which process; 0: not told */
        struct text *refs;              /* of a line of several objects, see journal-block.h */
        size_t nrefs;
};

/* Reads a line: one JSON object and nothing around it. Texts in the arena. 0, or -EBADMSG: damaged, or none of ours. */
int journal_row_read(struct text line, struct arena *arena, struct journal_row *ret);

#endif
