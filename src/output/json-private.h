/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_JSON_PRIVATE_H
#define OUTPUT_JSON_PRIVATE_H

/* Inside the JSON form: what its files share. */
#include "base/json-writer.h"
#include "model/snapshot.h"
#include "output/json.h"
#include "report/verdict.h"

/* What a document is all about: it has one of these, and everything else is the same. */
enum subject_id {
        SUBJECT_OBJECTS, SUBJECT_REMOVALS, SUBJECT_COPIES, SUBJECT_CHANGES, SUBJECT_JOURNAL, SUBJECT_LIMITS,
        SUBJECT_CAUSES, SUBJECT_FINDINGS,
        SUBJECT_COUNT
};

struct json_object;

struct subject {
        const char *member;             /* "objects": of the document, and its number in the last line */
        const char *record;             /* "object": what a line of it is called, and its definition in the schema */
        const char *help;               /* of the member; NULL: its items say enough */
        struct json_object *(*define)(void);    /* an item; NULL: by its kind */
};

/* The table is the schema's. */
const struct subject *subject_get(enum subject_id subject);

/*
 * Rows of the subject, processes, gaps and errors come as members of one
 * document or as lines; the two differ only in what stands around an item.
 */
struct printer {
        const struct snapshot *snapshot;
        struct json_options options;
        struct sink *sink;
        enum subject_id subject;
        size_t nrows;
        const struct process **named;   /* at the same places as in the snapshot; the others NULL */
        struct writer writer;
};

/*
 * What stands before the rows, and behind them. processes NULL: those that were
 * named meanwhile. The end frees what the beginning made.
 */
void printer_begin(struct printer *printer, enum subject_id subject, const struct snapshot *snapshot,
                   const struct json_options *options, struct sink *sink);
void printer_end(struct printer *printer, const struct process *const *processes, size_t nprocesses);

/* Around the members of a row. */
void printer_begin_row(struct printer *printer);
void printer_end_row(struct printer *printer);

/* The document shall tell of this process; of those that hold the object or wait on it. */
void printer_name(struct printer *printer, const struct process *process);
void printer_name_users(struct printer *printer, const struct object *object);

/* What a value is, without its name; not for texts. */
void json_write_value(struct writer *writer, const struct snapshot *snapshot, const struct value *value);

/* "reasons":[...] of a verdict. */
void json_write_reasons(struct writer *writer, const struct verdict_report *report);

/* {"uid":N,"name":"..."} */
void json_write_user(struct writer *writer, const struct snapshot *snapshot, uint64_t uid);

/* The members that a process may have beside pid, start_time and comm. */
const uint16_t *json_process_fields(unsigned *ret_n);

/* The members of one object, or of one process, without the braces around them. */
void json_write_object(struct writer *writer, const struct snapshot *snapshot, const struct object *object,
                       const struct json_options *options);
void json_write_process(struct writer *writer, const struct snapshot *snapshot,
                        const struct process *process);

/* Whom a reading binds: the members that its limit asks for. */
void json_write_bound(struct writer *writer, const struct snapshot *snapshot, const struct limit_reading *reading);

/* Of a whole snapshot: the members of one reading; "snapshot":{...} of the header. */
void json_write_reading(struct writer *writer, const struct snapshot *snapshot, const struct limit_reading *reading);
void json_write_asked(struct writer *writer, const struct snapshot *snapshot);

/* "yes", "no", "default"; NULL: nobody asked. And back; what is no such word nobody asked, either. */
const char *json_remove_ipc(enum remove_ipc setting);
enum remove_ipc json_find_remove_ipc(const char *word);

#endif
