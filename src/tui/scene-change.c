/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects compared and copied, value by value. */
#include "tui/scene-private.h"

enum {
        CHANGE_BITS = 61,               /* values that have a bit in track.changed */
        DEPTH_MOST = 4,                 /* of rows in rows: the dictionary has two */
        ROWS_MOST = 256,                /* of a ghost's */
};

static bool contents_differ(const struct value *a, const struct value *b, unsigned depth);

/* Most are numbers: those are compared without a call. */
static inline bool value_differs(const struct value *a, const struct value *b, unsigned depth)
{
        enum {
                NUMBERS = 1 << VALUE_UINT | 1 << VALUE_INT | 1 << VALUE_BOOL | 1 << VALUE_WORD | 1 << VALUE_WORDS,
        };

        if (a->field != b->field || a->type != b->type)
                return true;
        return NUMBERS >> a->type & 1 ? a->u != b->u : contents_differ(a, b, depth);
}

static bool row_differs(const struct row *a, const struct row *b, unsigned depth)
{
        if (a->nvalues != b->nvalues)
                return true;
        for (size_t i = 0; i < a->nvalues; i++)
                if (value_differs(&a->values[i], &b->values[i], depth))
                        return true;
        return false;
}

/* Of values of one type, which is none of the numbers. */
static bool contents_differ(const struct value *a, const struct value *b, unsigned depth)
{
        if (a->type == VALUE_TEXT)
                return !text_equal(value_text(a), value_text(b));
        if (a->type != VALUE_ROWS && a->type != VALUE_RECORD)
                return false;
        if (a->len != b->len)
                return true;
        for (uint32_t i = 0; i < a->len && depth < DEPTH_MOST; i++)
                if (row_differs(&a->rows[i], &b->rows[i], depth + 1))
                        return true;
        return false;
}

static bool same_process(const struct match *match, const struct process *now, const struct process *before)
{
        return match->processes[now - match->now->processes] == before;
}

static bool holders_differ(const struct match *match, const struct object *now, const struct object *before)
{
        if (now->nholds != before->nholds)
                return true;
        for (unsigned i = 0; i < now->nholds; i++) {
                const struct hold *x = &now->holds[i], *y = &before->holds[i];

                if (!same_process(match, x->process, y->process) || x->way != y->way || x->fd != y->fd ||
                    x->access != y->access || x->maps != y->maps)
                        return true;
        }
        return false;
}

static bool peers_differ(const struct match *match, const struct object *now, const struct object *before)
{
        if (now->npeers != before->npeers)
                return true;
        for (unsigned i = 0; i < now->npeers; i++)
                if (match_before(match, now->peers[i]) != before->peers[i])
                        return true;
        return false;
}

static bool waiters_differ(const struct match *match, const struct object *now, const struct object *before)
{
        if (now->nwaits != before->nwaits)
                return true;
        for (unsigned i = 0; i < now->nwaits; i++) {
                const struct wait *x = &now->waits[i], *y = &before->waits[i];

                if (!same_process(match, x->process, y->process) || x->tid != y->tid ||
                    strcmp(x->operation, y->operation) != 0)
                        return true;
        }
        return false;
}

uint64_t object_changes(const struct match *match, const struct object *now, const struct object *before)
{
        uint64_t changed = (holders_differ(match, now, before) ? CHANGED_HOLDERS : 0) |
                           (peers_differ(match, now, before) ? CHANGED_PEERS : 0) |
                           (waiters_differ(match, now, before) ? CHANGED_WAITERS : 0);

        for (unsigned i = 0; i < now->nvalues && i < CHANGE_BITS; i++) {
                const struct value *value = &now->values[i], *old = NULL;

                if (i < before->nvalues && before->values[i].field == value->field)
                        old = &before->values[i];
                else
                        old = row_get(object_row(before), value->field);
                if (!old || value_differs(value, old, 0))
                        changed |= UINT64_C(1) << i;
        }
        return changed;
}

/* --- copies ----------------------------------------------------------------- */

static struct value *copy_values(struct arena *arena, const struct value *values, size_t n, unsigned depth);

static void copy_rows(struct arena *arena, struct value *value, unsigned depth)
{
        struct row *rows;

        if (value->len > ROWS_MOST || depth >= DEPTH_MOST) {
                value->type = VALUE_UNKNOWN;
                return;
        }
        rows = ARENA_ARRAY(arena, struct row, value->len);
        for (uint32_t i = 0; i < value->len; i++) {
                rows[i].values = copy_values(arena, value->rows[i].values, value->rows[i].nvalues, depth + 1);
                rows[i].nvalues = value->rows[i].nvalues;
        }
        value->rows = rows;
}

static struct value *copy_values(struct arena *arena, const struct value *values, size_t n, unsigned depth)
{
        struct value *copy = ARENA_ARRAY(arena, struct value, n);

        for (size_t i = 0; i < n; i++) {
                copy[i] = values[i];
                if (copy[i].type == VALUE_TEXT)
                        copy[i].data = arena_text(arena, value_text(&values[i])).data;
                else if (copy[i].type == VALUE_ROWS || copy[i].type == VALUE_RECORD)
                        copy_rows(arena, &copy[i], depth);
        }
        return copy;
}

struct object object_copy(struct arena *arena, const struct object *object)
{
        struct object copy = *object;

        copy.values = copy_values(arena, object->values, object->nvalues, 0);
        copy.places = NULL;
        copy.ref = arena_text(arena, object->ref);
        copy.holds = NULL;
        copy.peers = NULL;
        copy.waits = NULL;
        copy.nholds = copy.npeers = copy.nwaits = 0;
        return copy;
}
