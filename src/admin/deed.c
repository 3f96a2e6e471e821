/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/deed.h"

#include "admin/journal-line.h"
#include "admin/set.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>

const char *deed_word(enum deed_result result)
{
        static const char *const words[DEED_RESULT_COUNT] = {
                [DEED_DONE] = "done", [DEED_GONE] = "gone", [DEED_CHANGED] = "changed",
                [DEED_REFUSED] = "refused", [DEED_FAILED] = "failed", [DEED_UNSAVED] = "unsaved",
        };

        return words[result];
}

void deed_done(struct deed *deed)
{
        buf_done(&deed->copy);
        deed->kept = false;
        deed->err = deed->journal_err = 0;
}

static bool is_counter(const struct acts *acts, uint16_t field)
{
        for (unsigned i = 0; i < acts->ncounters; i++)
                if (acts->counters[i] == field)
                        return true;
        return false;
}

/*
 * What an object must look like whose messages were just taken out into a copy:
 * empty. Its other counters moved with that, so they tell nothing.
 */
static struct object emptied(const struct object *object)
{
        const struct acts *acts = object->key.kind->acts;
        struct object empty = *object;

        empty.values = memory_new((object->nvalues + 1) * sizeof(*empty.values));
        for (unsigned i = 0; i < object->nvalues; i++) {
                struct value *value = &empty.values[i];

                *value = object->values[i];
                if (!is_counter(acts, value->field))
                        continue;
                if (value->field == FIELD_QUEUED_MESSAGES || value->field == FIELD_QUEUED_BYTES)
                        value->u = 0;
                else
                        value->type = VALUE_UNKNOWN;
        }
        return empty;
}

static int remove_now(struct deed *deed, const struct plan_row *row)
{
        const struct acts *acts = row->object->key.kind->acts;
        bool drained = deed->copy.len && deed->act.drained;
        struct object empty;
        int r;

        deed->act = (struct act){ .host = deed->host, .object = row->object, .force = row->forced && row->used };
        if (!drained)
                return acts->remove(&deed->act);
        /* What came in since would be lost, in no copy: that counts even when forced. */
        empty = emptied(row->object);
        deed->act.object = &empty;
        deed->act.force = false;
        r = acts->remove(&deed->act);
        deed->act.object = row->object;
        free(empty.values);
        return r;
}

/* It was made or changed so shortly before we looked that another one could look the same by now. */
static bool unsettled(struct deed *deed, const struct object *object)
{
        const struct acts *acts = object->key.kind->acts;

        if (act_settled(object, deed->snapshot->origin.time))
                return false;
        for (unsigned i = 0; i < acts->nidentity; i++) {
                const struct value *value = object_get(object, acts->identity[i]);

                if (!value || field_get(value->field)->unit != UNIT_TIME)
                        continue;
                deed->act.changed.field = value->field;
                deed->act.changed.before = *value;
                deed->act.changed.now = (struct value){ .field = value->field, .type = VALUE_UNKNOWN };
        }
        return true;
}

static bool save_first(struct deed *deed, const struct plan_row *row)
{
        struct journal *journal = deed->journal;
        const char *action = deed->action;

        deed->journal = NULL;
        deed->action = "save";
        deed->strict = !(row->forced && row->used);
        deed_save(deed, row->object);
        deed->journal = journal;
        deed->action = action;
        if (deed->result != DEED_FAILED && deed->result != DEED_REFUSED && deed->result != DEED_UNSAVED)
                return deed->result == DEED_DONE;
        deed->result = DEED_UNSAVED;
        return false;
}

void deed_remove(struct deed *deed, const struct plan_row *row)
{
        struct journal_note note = { .object = row->object, .verdict = verdict_word(row->verdict.verdict) };
        int r;

        deed->err = deed->journal_err = 0;
        if (!row->chosen) {
                deed->result = DEED_REFUSED;
                deed->err = row->verdict.others ? EPERM : 0;
                return;
        }
        if (unsettled(deed, row->object)) {
                deed->result = DEED_CHANGED;
        } else if (!deed->save_to || deed->copy.len || save_first(deed, row)) {
                r = remove_now(deed, row);
                deed->result = deed_result_of(r);
                deed->err = deed->result == DEED_FAILED ? -r : 0;
        }
        journal_note(deed, &note);
}
