/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_FORMAT_H
#define OUTPUT_FORMAT_H

/* Values as people read them. */
#include "base/table.h"
#include "model/snapshot.h"

enum time_style { TIME_SHORT, TIME_ISO, TIME_RELATIVE, TIME_EPOCH };

struct format {
        bool bytes;                     /* sizes as plain numbers, not 64M */
        enum time_style time;
        bool utf8;                      /* may characters beyond ASCII be shown? */
        unsigned most;                  /* columns for a list of holders, peers, waiters; 0: as many as it takes */
        const struct snapshot *snapshot;/* names of users, and its moment */
};

/*
 * Appends the display form of a value (escape_display applied). Unknown is
 * "?", never and private keys and empty sets have their own words ("-",
 * "private"); users are names where there are any, else numbers. Rows are told
 * by their number; holders and summary are format_holders(), format_summary().
 */
void format_value(struct buf *out, const struct value *value, const struct format *format);

/* "nginx[2011],worker[2044]": distinct processes; nobody is "-", nobody looked "?". */
void format_holders(struct buf *out, const struct object *object, const struct format *format);

/*
 * "unix:ino=41,pipe:7": references; "worker[2044]:semop": threads and what they wait in. All three name the first
 * one at least, and count what has no room: "nginx[2011],+9999".
 */
void format_peers(struct buf *out, const struct object *object, const struct format *format);
void format_waiters(struct buf *out, const struct object *object, const struct format *format);

/* The kind's telling fields: "attached=3 creator_life=dead". */
void format_summary(struct buf *out, const struct object *object, const struct format *format);

/* One of those, or the peers or waiters, when that is what the field is; false: it is a value. */
bool format_composed(struct buf *out, const struct object *object, uint16_t field, const struct format *format);

/* How many columns a field keeps on a narrow terminal; 0: a cut number would be another number. */
unsigned format_least(uint16_t field);

/* Right for numbers and amounts, left for the rest. */
enum align format_align(uint16_t field);

/* How a value should catch the eye (a waiting or orphaned object, an unknown). */
enum style format_style(const struct value *value);

#endif
