/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_CHANGE_H
#define OUTPUT_CHANGE_H

/* What giving a value to an object changes, as people read it. */
#include "model/acts.h"
#include "output/format.h"

/* Who knows users and groups that the snapshot had no use for (UNIT_UID, UNIT_GID): appends the raw name. */
struct change_names {
        void *data;
        bool (*find)(void *data, enum unit unit, uint32_t id, struct buf *out);
};

/* Appends "0644 -> 0600", display form. names: NULL: such users and groups are numbers. */
void change_put(const struct object *object, const struct assignment *assignment, const struct change_names *names,
                const struct format *format, struct buf *out);

/* What stands there before, alone: "0644"; "?" if it is not known, of a state "yes" or "no". */
void change_put_before(const struct object *object, const struct assignment *assignment, const struct format *format,
                       struct buf *out);

#endif
