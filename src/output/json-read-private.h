/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_JSON_READ_PRIVATE_H
#define OUTPUT_JSON_READ_PRIVATE_H

/* Inside the reader of JSON: what its files share. All functions: 0, or -EINVAL with the error set. */
#include "model/builder.h"
#include "output/json-read.h"

struct json_object;
struct json_tokener;
struct lh_table;

/* An object at the other end, which may stand further down in the text. */
struct peering {
        struct object *from;
        const char *ref;
};

struct reader {
        const struct kind_set *kinds;
        struct builder *builder;
        struct json_tokener *tokener;
        struct json_read_error *error;
        const char *text;               /* where it begins: offsets count from here */

        /* Where we are, for errors. */
        const char *part;               /* "objects" */
        size_t number;                  /* of the item */
        const char *rows;               /* "holders", or NULL */
        size_t row;
        size_t at;                      /* of the item in the text */

        const struct kind *kind;        /* of the last object: most come one kind after the other */
        struct lh_table *refs;          /* reference -> object */
        struct peering *peerings;
        size_t npeerings, peerings_room;
        struct map told;                /* pid -> the process that has had an item of its own */
        struct map users, groups;       /* ids whose names are known */
        uint64_t spare;                 /* last made-up scope of a key */
        const char *operation;          /* of the last wait */

        struct want want;               /* what the text has */
        bool begun, ended, listed;      /* header, last line, objects were there */
        unsigned nstrangers;            /* objects and gaps of kinds that are not known */
};

/* Sets the error. member: of the item or row, NULL: it is all of it. Returns -EINVAL. */
int reader_fail(struct reader *reader, const char *member, const char *message);

/* The member of that name; NULL: there is none. *ret_null: it is there, and null. */
struct json_object *reader_member(struct json_object *json, const char *name, bool *ret_null);

/*
 * Members of simple types. Each: 1 and *ret; 0: there is none (or it is null);
 * or -EINVAL with the error set.
 */
int reader_uint(struct reader *reader, struct json_object *json, const char *name, uint64_t most, uint64_t *ret);
int reader_bool(struct reader *reader, struct json_object *json, const char *name, bool *ret);
int reader_time(struct reader *reader, struct json_object *json, const char *name, uint64_t *ret);
/* With the bytes of NAME_b64, if that is there, in the arena. */
int reader_text(struct reader *reader, struct json_object *json, const char *name, struct text *ret);
int reader_array(struct reader *reader, struct json_object *json, const char *name, struct json_object **ret);
/* A name or sentence that was ours: printable ASCII, not empty. In the arena, ends in a NUL. */
int reader_word(struct reader *reader, struct json_object *json, const char *name, const char **ret);
/* The user of {"uid":...,"name":...}, and notes the name; of a group {"gid":...}. */
int reader_person(struct reader *reader, struct json_object *json, const char *name, enum unit unit, uint64_t *ret);

/* What the field is in that object: 1 and *ret, 0: it has none. Text and rows are in the arena. */
int reader_value(struct reader *reader, struct json_object *json, uint16_t field, struct value *ret);

/* The process of that member "pid": the one that is known, or a new one by what else the row tells. */
int reader_process_of(struct reader *reader, struct json_object *json, struct process **ret);

/* One item each. */
int reader_header(struct reader *reader, struct json_object *json);
int reader_object(struct reader *reader, struct json_object *json);
int reader_process(struct reader *reader, struct json_object *json);
int reader_reading(struct reader *reader, struct json_object *json);
int reader_gap(struct reader *reader, struct json_object *json);

/* The object of that reference, or NULL. */
struct object *reader_find(const struct reader *reader, const char *ref);

/* Behind the last item: ties the ends of connections. */
void reader_tie(struct reader *reader);

#endif
