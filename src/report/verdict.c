/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/verdict.h"

#include "base/array.h"
#include "base/i18n.h"

static void because(struct verdict_report *report, const char *reason)
{
        if (report->nreasons < COUNT(report->reasons))
                report->reasons[report->nreasons++] = reason;
}

const char *verdict_word(enum verdict verdict)
{
        static const char *const words[VERDICT_COUNT] = {
                [VERDICT_FREE] = "free", [VERDICT_ORPHAN] = "orphan", [VERDICT_IN_USE] = "in-use",
                [VERDICT_FOREIGN] = "foreign", [VERDICT_UNKNOWN] = "unknown", [VERDICT_IMPOSSIBLE] = "impossible",
        };

        return words[verdict];
}

static bool known(const struct object *object, uint16_t field, uint64_t *ret)
{
        const struct value *value = row_get(object_row(object), field);

        if (!value || value->type == VALUE_UNKNOWN)
                return false;
        *ret = value->u;
        return true;
}

static bool has_state(const struct object *object, enum state_word state)
{
        uint64_t states;

        return known(object, FIELD_STATE, &states) && states & WORD_BIT(state);
}

static bool held(const struct object *object, enum way_word way)
{
        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].way == way)
                        return true;
        return false;
}

/* Did something that hides holders come in the way? */
static bool holders_hidden(const struct snapshot *snapshot)
{
        if (!snapshot->want.holders)
                return true;
        for (size_t i = 0; i < snapshot->ngaps; i++)
                if (!snapshot->gaps[i].kind)
                        return true;
        return false;
}

/* Is the reader the one whom the kernel lets remove it? Owner, creator, or root. */
static bool permitted(const struct snapshot *snapshot, const struct object *object)
{
        uint64_t owner, creator, uid = snapshot->origin.uid;

        if (uid == 0 || !known(object, FIELD_OWNER, &owner) || owner == uid)
                return true;
        return known(object, FIELD_CREATOR, &creator) && creator == uid;
}

/* Signs of use that count for any kind. Returns whether there is one. */
static bool in_use(const struct object *object, struct verdict_report *report)
{
        uint64_t number;
        unsigned before = report->nreasons;

        if (held(object, WAY_MAP))
                because(report, N_("processes have it mapped"));
        if (held(object, WAY_FD))
                because(report, N_("processes have it open"));
        if (!held(object, WAY_MAP) && known(object, FIELD_ATTACHED, &number) && number > 0)
                because(report, N_("it is attached, by processes that can't be seen from here"));
        if (object->nwaits || has_state(object, STATE_WAITERS))
                because(report, N_("threads wait on it"));
        if (held(object, WAY_CREATOR))
                because(report, N_("the process that created it is alive"));
        if (held(object, WAY_LAST))
                because(report, N_("the process that used it last is alive"));
        return report->nreasons > before;
}

static enum verdict judge(const struct snapshot *snapshot, const struct object *object, struct verdict_report *report)
{
        uint64_t attached, linked;

        if (has_state(object, STATE_DEST)) {
                because(report, N_("it is removed already, and ends with its last detach"));
                return VERDICT_IMPOSSIBLE;
        }
        if (known(object, FIELD_LINKED, &linked) && !linked) {
                because(report, N_("its name is gone already; it ends when the last process that has it does"));
                return VERDICT_IMPOSSIBLE;
        }
        if (!object->key.kind->consequence) {
                because(report, kind_named(object->key.kind) ?
                        N_("this version does not remove objects of this kind") :
                        N_("it has no name that could be removed: it goes when those who have it let go"));
                return VERDICT_IMPOSSIBLE;
        }
        if (object->foreign) {
                because(report, N_("it belongs to another namespace: remove it from in there"));
                return VERDICT_FOREIGN;
        }
        if (!permitted(snapshot, object)) {
                because(report, N_("it belongs to another user"));
                return VERDICT_FOREIGN;
        }
        if (in_use(object, report))
                return VERDICT_IN_USE;
        if (has_state(object, STATE_ORPHAN)) {
                because(report, N_("nobody has it, and no process that made or used it is alive"));
                return VERDICT_ORPHAN;
        }
        if (known(object, FIELD_ATTACHED, &attached) && attached == 0) {
                because(report, N_("nobody is attached to it"));
                return VERDICT_FREE;
        }
        if (holders_hidden(snapshot)) {
                because(report, N_("not all processes could be looked into"));
                return VERDICT_UNKNOWN;
        }
        if (object->key.kind->uncounted) {
                because(report, N_("nobody waits on it and its last users are gone, "
                                   "but the kernel keeps no count of users"));
                return VERDICT_FREE;
        }
        because(report, N_("nobody has it"));
        return VERDICT_FREE;
}

void verdict_read(const struct snapshot *snapshot, const struct object *object, struct verdict_report *ret)
{
        *ret = (struct verdict_report){ .consequence = object->key.kind->consequence };
        ret->verdict = judge(snapshot, object, ret);
        if (ret->verdict == VERDICT_IMPOSSIBLE)
                ret->consequence = NULL;
}
