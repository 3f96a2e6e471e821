/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/verdict.h"

#include "base/array.h"
#include "base/i18n.h"
#include "model/acts.h"

void judge_init(struct judge *judge, const struct snapshot *snapshot, const struct protections *protections)
{
        *judge = (struct judge){ .snapshot = snapshot, .protections = protections };
}

void judge_done(struct judge *judge)
{
        map_done(&judge->used);
}

static void add_reason(struct verdict_report *report, struct verdict_reason reason)
{
        if (report->nreasons < COUNT(report->reasons))
                report->reasons[report->nreasons++] = reason;
}

static void because(struct verdict_report *report, const char *text)
{
        add_reason(report, (struct verdict_reason){ .text = text });
}

const char *verdict_word(enum verdict verdict)
{
        static const char *const words[VERDICT_COUNT] = {
                [VERDICT_FREE] = "free", [VERDICT_ORPHAN] = "orphan", [VERDICT_IN_USE] = "in-use",
                [VERDICT_FOREIGN] = "foreign", [VERDICT_PROTECTED] = "protected",
                [VERDICT_UNKNOWN] = "unknown", [VERDICT_IMPOSSIBLE] = "impossible",
        };

        return words[verdict];
}

void verdict_reason_detail(const struct verdict_reason *reason, struct buf *out)
{
        if (reason->rule) {
                buf_string(out, ": ");
                buf_string(out, reason->rule);
        }
        if (reason->where)
                buf_printf(out, " (%s)", reason->where);
        if (reason->object) {
                buf_string(out, " (");
                buf_add(out, reason->object->ref);
                buf_byte(out, ')');
        }
}

static bool known(const struct object *object, uint16_t field, uint64_t *ret)
{
        const struct value *value = object_get(object, field);

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

/*
 * Did something that hides holders come in the way? Of kinds whose users nobody
 * counts, who waits is the only sign of use, so nothing may hide that either.
 */
static bool users_hidden(const struct snapshot *snapshot, const struct kind *kind)
{
        if (!snapshot->want.holders)
                return true;
        for (size_t i = 0; i < snapshot->ngaps; i++)
                if (kind->uncounted ? !snapshot->gaps[i].kind : gap_hides_holders(&snapshot->gaps[i]))
                        return true;
        return false;
}

bool verdict_others(const struct snapshot *snapshot, const struct object *object)
{
        uint64_t owner;

        return known(object, FIELD_OWNER, &owner) && owner != snapshot->origin.uid;
}

/* Is the reader the one whom the kernel lets remove it? Owner, creator, or root. */
static bool permitted(const struct snapshot *snapshot, const struct object *object)
{
        uint64_t creator, uid = snapshot->origin.uid;

        if (uid == 0 || !verdict_others(snapshot, object))
                return true;
        return known(object, FIELD_CREATOR, &creator) && creator == uid;
}

/* --- use ---------------------------------------------------------------- */

/* What the kernel itself tells: somebody has it, or waits on it. Returns whether there is such a sign. */
static bool proved_use(const struct object *object, struct verdict_report *report)
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
        return report->nreasons > before;
}

/* Whoever made or used it last lives, and may well use it again. */
static bool likely_use(const struct object *object, struct verdict_report *report)
{
        unsigned before = report->nreasons;

        if (held(object, WAY_CREATOR))
                because(report, N_("the process that created it is alive"));
        if (held(object, WAY_LAST))
                because(report, N_("the process that used it last is alive"));
        return report->nreasons > before;
}

/* The two numbers under which objects of one key, owner and namespace meet; false: it has no key. */
static bool kinship(const struct object *object, uint64_t *ret_a, uint64_t *ret_b)
{
        uint64_t key, owner;

        if (!known(object, FIELD_KEY, &key) || !key || !known(object, FIELD_OWNER, &owner))
                return false;
        *ret_a = key << 32 | owner;
        *ret_b = object->ns;
        return true;
}

void judge_prepare(struct judge *judge)
{
        const struct kind *kind = NULL;
        bool has_keys = false;

        if (judge->indexed)
                return;
        judge->indexed = true;
        for (size_t i = 0; i < judge->snapshot->nobjects; i++) {
                const struct object *object = &judge->snapshot->objects[i];
                struct verdict_report scratch = { 0 };
                uint64_t a, b;
                void **place;

                /* Most kinds have no keys, and their objects come in a row. */
                if (object->key.kind != kind) {
                        kind = object->key.kind;
                        has_keys = kind_has_field(kind, FIELD_KEY);
                }
                if (!has_keys || !kinship(object, &a, &b) ||
                    (!proved_use(object, &scratch) && !likely_use(object, &scratch)))
                        continue;
                place = map_place(&judge->used, a, b);
                if (!*place)
                        *place = (void *)object;
        }
}

/*
 * Programs take one key for all that they share: another object with the key
 * and owner of this one, that is in use. For kinds only whose users nobody
 * counts; for the others the kernel knows better.
 */
static const struct object *used_kin(struct judge *judge, const struct object *object)
{
        const struct object *kin;
        uint64_t a, b;

        if (!object->key.kind->uncounted || !kinship(object, &a, &b))
                return NULL;
        judge_prepare(judge);
        kin = map_get(&judge->used, a, b);
        return kin == object ? NULL : kin;
}

/* N_(): why it may be in use, by those who can't be seen; or NULL. */
static const char *doubtful(const struct object *object)
{
        const struct acts *acts = object->key.kind->acts;

        return acts && acts->doubtful ? acts->doubtful(object) : NULL;
}

static enum verdict judge_use(struct judge *judge, const struct object *object, const struct object *kin,
                              struct verdict_report *report)
{
        bool proved = proved_use(object, report);
        const char *doubt;
        uint64_t attached;

        report->inferred = !proved;
        if (likely_use(object, report) || proved)
                return VERDICT_IN_USE;
        if (kin) {
                add_reason(report, (struct verdict_reason){
                        .text = N_("another object with its key and owner is in use"), .object = kin });
                return VERDICT_IN_USE;
        }
        if (has_state(object, STATE_ORPHAN)) {
                because(report, N_("nobody has it, and no process that made or used it is alive"));
                return VERDICT_ORPHAN;
        }
        report->inferred = false;
        if (known(object, FIELD_ATTACHED, &attached) && attached == 0) {
                because(report, N_("nobody is attached to it"));
                return VERDICT_FREE;
        }
        if (users_hidden(judge->snapshot, object->key.kind)) {
                because(report, N_("not all processes could be looked into"));
                return VERDICT_UNKNOWN;
        }
        doubt = doubtful(object);
        if (doubt) {
                because(report, doubt);
                return VERDICT_UNKNOWN;
        }
        report->inferred = object->key.kind->uncounted;
        because(report, report->inferred ? N_("nobody waits on it and its last users are gone, "
                                              "but the kernel keeps no count of users") : N_("nobody has it"));
        return VERDICT_FREE;
}

/* --- what comes before that ---------------------------------------------- */

/* N_(): why nobody can remove it, whoever uses it; or NULL. */
static const char *irremovable(const struct object *object)
{
        const struct kind *kind = object->key.kind;
        uint64_t linked;

        if (has_state(object, STATE_DEST))
                return N_("it is removed already, and ends with its last detach");
        if (known(object, FIELD_LINKED, &linked) && !linked)
                return N_("its name is gone already; it ends when the last process that has it does");
        if (!kind->acts || !kind->acts->remove)
                return kind_named(kind) ?
                        N_("ipcview does not remove objects of this kind: that is up to those who have it") :
                        N_("it has no name that could be removed: it goes when those who have it let go");
        return kind->acts->irremovable ? kind->acts->irremovable(object) : NULL;
}

static bool is_foreign(const struct snapshot *snapshot, const struct object *object, struct verdict_report *report)
{
        report->others = false;
        if (object->foreign) {
                because(report, N_("it belongs to another namespace: remove it from in there"));
                return true;
        }
        report->others = !permitted(snapshot, object);
        if (report->others)
                because(report, N_("it belongs to another user"));
        return report->others;
}

/* A protected object's kin is so, too: they are of one program. */
static bool is_protected(struct judge *judge, const struct object *object, const struct object *kin,
                         struct verdict_report *report)
{
        struct verdict_reason reason = { 0 };
        const char *text;

        if (!judge->protections)
                return false;
        text = protections_match(judge->protections, judge->snapshot, object, &reason.where);
        if (!text && kin) {
                text = protections_match(judge->protections, judge->snapshot, kin, &reason.where);
                reason.object = kin;
        }
        if (!text)
                return false;
        reason.text = reason.where ? N_("the configuration protects it") : text;
        reason.rule = reason.where ? text : NULL;
        report->inferred = !reason.where || reason.object;
        add_reason(report, reason);
        return true;
}

static void judge_object(struct judge *judge, const struct object *object, struct verdict_report *ret)
{
        const char *never = irremovable(object);
        const struct object *kin;
        bool protected, inferred;
        uint64_t links;

        if (never) {
                because(ret, never);
                ret->verdict = ret->otherwise = VERDICT_IMPOSSIBLE;
                return;
        }
        if (is_foreign(judge->snapshot, object, ret)) {
                ret->verdict = ret->otherwise = VERDICT_FOREIGN;
                return;
        }
        kin = used_kin(judge, object);
        protected = is_protected(judge, object, kin, ret);
        inferred = ret->inferred;
        ret->verdict = ret->otherwise = judge_use(judge, object, kin, ret);
        if (known(object, FIELD_LINKS, &links) && links > 1)
                because(ret, N_("its file has other names (hard links), too: only this one goes"));
        if (protected) {
                ret->verdict = VERDICT_PROTECTED;
                ret->inferred = inferred;
        }
}

void verdict_read(struct judge *judge, const struct object *object, struct verdict_report *ret)
{
        *ret = (struct verdict_report){ 0 };
        judge_object(judge, object, ret);
        if (ret->verdict != VERDICT_IMPOSSIBLE)
                ret->consequence = object->key.kind->consequence;
}
