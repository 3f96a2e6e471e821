/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

/*
 * A value: one named, typed cell of an object. Absent, unknown and zero are
 * three things: a field that does not apply is not in the row; one that
 * applies but could not be read is there as VALUE_UNKNOWN ("?", JSON null);
 * zero is zero. A UNIT_TIME of 0 means never (the kernel's own convention).
 */
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum value_type {
        VALUE_UNKNOWN,                  /* applies, could not be read */
        VALUE_UINT,                     /* u */
        VALUE_INT,                      /* i */
        VALUE_BOOL,                     /* u: 0 or 1 */
        VALUE_TEXT,                     /* data, len: bytes from anywhere */
        VALUE_WORD,                     /* u: index into the field's word set */
        VALUE_WORDS,                    /* u: bit mask over the field's word set */
        VALUE_ROWS,                     /* rows, len: any number of rows of members */
        VALUE_RECORD,                   /* rows: exactly one row of members */
        VALUE_OBJECT,                   /* object of the builder; sealing makes it VALUE_TEXT, its reference */
};

enum unit {
        UNIT_NONE,
        UNIT_BYTES,
        UNIT_TIME,                      /* nanoseconds since the epoch; 0: never */
        UNIT_SECONDS,                   /* a span */
        UNIT_PID,                       /* 0: none, or not visible from here */
        UNIT_UID, UNIT_GID,
        UNIT_MODE,                      /* permission bits */
        UNIT_KEY,                       /* 32 bits; 0: IPC_PRIVATE */
        UNIT_DEV,                       /* major << 32 | minor: see value_dev() */
        UNIT_NAMESPACE,                 /* inode; its type is the kind's scope */
};

struct object;
struct row;

struct value {
        uint16_t field;                 /* enum field_id */
        uint8_t type;                   /* enum value_type */
        bool inferred;                  /* deduced, not told by the kernel */
        uint32_t len;                   /* bytes of text, or number of rows */
        union {
                uint64_t u;
                int64_t i;
                const char *data;
                const struct row *rows;
                const struct object *object;
        };
};

/* A run of values, in the order in which they are shown. */
struct row {
        const struct value *values;
        size_t nvalues;
};

static inline struct text value_text(const struct value *value)
{
        return (struct text){ value->data, value->len };
}

/* Device numbers as the model keeps them, from the parts of makedev(3). */
static inline uint64_t value_dev(uint32_t dev_major, uint32_t dev_minor)
{
        return (uint64_t)dev_major << 32 | dev_minor;
}

/* The value of a field, or NULL: the field does not apply. */
const struct value *row_get(struct row row, uint16_t field);

/*
 * The same for readers of many rows that look alike: *hint is where the last
 * row had the field, and is tried first. Starts at any number.
 */
static inline const struct value *row_get_at(struct row row, uint16_t field, size_t *hint)
{
        const struct value *value;

        if (*hint < row.nvalues && row.values[*hint].field == field)
                return &row.values[*hint];
        value = row_get(row, field);
        if (value)
                *hint = (size_t)(value - row.values);
        return value;
}

/* Is there something: known, and not zero, empty, false, none or never? */
bool value_is_set(const struct value *value);

#endif
