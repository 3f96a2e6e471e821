/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/set.h"

#include "admin/journal-line.h"

#include <errno.h>

/* What the assignment takes the place of; NULL: not known. */
static const struct value *value_before(const struct object *object, const struct assignment *assignment)
{
        const struct value *rows = row_get(object_row(object), FIELD_SEMAPHORES);

        if (assignment->value.field != FIELD_VALUE || !rows)
                return row_get(object_row(object), assignment->value.field);
        if (rows->type != VALUE_ROWS || assignment->number >= rows->len)
                return NULL;
        return row_get(rows->rows[assignment->number], FIELD_VALUE);
}

bool assignment_before(const struct object *object, const struct assignment *assignment, struct value *ret)
{
        const struct value *value = value_before(object, assignment);

        if (!value || value->type == VALUE_UNKNOWN)
                return false;
        *ret = *value;
        return true;
}

struct value assignment_after(const struct assignment *assignment, const struct value *before)
{
        struct value after = assignment->value;

        if (after.type == VALUE_WORDS)
                after.u |= before->u & ~assignment->clear;
        return after;
}

enum deed_result deed_result_of(int r)
{
        switch (r) {
        case 0:
                return DEED_DONE;
        case -ENOENT:
                return DEED_GONE;
        case -ESTALE:
                return DEED_CHANGED;
        default:
                return DEED_FAILED;
        }
}

/* Counters may have moved since: who attaches or sends meanwhile is not harmed by a new mode. */
void deed_set(struct deed *deed, const struct object *object, const struct assignment *assignments, unsigned n)
{
        const struct acts *acts = object->key.kind->acts;
        struct journal_note note = { .object = object, .assignments = assignments, .nassignments = n };
        int r = -EOPNOTSUPP;

        deed->act = (struct act){ .host = deed->host, .object = object, .force = true };
        deed->err = 0;
        if (object->foreign || !acts || !acts->set) {
                deed->result = DEED_REFUSED;
        } else {
                r = acts->set(&deed->act, assignments, n);
                deed->result = deed_result_of(r);
        }
        if (deed->result == DEED_FAILED)
                deed->err = -r;
        journal_note(deed, &note);
}
