/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rm: plan, consent, save, do, tell; in that order. */
#include "command/rm.h"

#include "admin/carry.h"
#include "base/array.h"
#include "base/i18n.h"
#include "command/configuration.h"
#include "command/consent.h"
#include "command/deeds.h"
#include "command/journaling.h"
#include "command/message.h"
#include "command/progress.h"
#include "kind/kinds.h"
#include "output/removal.h"
#include "sys/host.h"
#include "sys/interrupt.h"
#include "sys/state.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
        LOOKS_MOST = 3,                 /* at objects that change all the time */
        NAP_NS = 20 * 1000 * 1000,      /* longer than the clock that objects are stamped with takes to move on */
};

struct removal {
        struct session session;
        struct references references;
        struct rm_request request;
        struct query *where;
        struct configuration configuration;
        struct object_set objects;
        struct plan plan;
        struct json_removals *json;     /* NULL: for people */
        struct carry carry;
        struct progress progress;
        struct buf save_to;
        struct deeds_tally tally;
        size_t counts[DEED_RESULT_COUNT];
};

/* --- which objects ---------------------------------------------------------- */

static enum exit_status read_where(struct removal *removal)
{
        struct session *session = &removal->session;
        const char *where = removal->request.where;
        struct parse_error error;

        if (!where)
                return STATUS_DONE;
        if (query_parse(text_of(where), host_time(session->host), &removal->where, &error) < 0) {
                message_parse(session->invocation, "--where", where, &error);
                return STATUS_USAGE;
        }
        query_fields(removal->where, &session->want.fields);
        return STATUS_DONE;
}

/*
 * A list of ids, agreed to beforehand: the rest of those kinds is of no interest, and neither is what
 * only a preview, a copy or JSON would tell. Not where objects of other kinds count as kin.
 */
static bool only_ids(const struct removal *removal)
{
        const struct rm_request *request = &removal->request;
        const struct settings *settings = &removal->session.invocation->settings;

        if (!request->yes || request->dry_run || request->save || request->bulk || request->where ||
            settings->json || settings->filter || settings->sort)
                return false;
        for (size_t i = 0; i < removal->references.n; i++) {
                const struct reference *reference = &removal->references.list[i];

                if (!reference->kind || reference->kind->uncounted || reference->by != REFERENCE_ID || reference->ns)
                        return false;
        }
        return true;
}

/* All that a verdict goes by; and all fields of the kinds, as identities and counters are among them. */
static void ask(struct removal *removal)
{
        static const uint16_t previewed[] = { FIELD_RESIDENT_BYTES, FIELD_SWAPPED_BYTES };
        struct session *session = &removal->session;
        bool ids = only_ids(removal);

        for (size_t i = 0; i < removal->references.n; i++)
                if (!removal->references.list[i].kind)
                        session_want_all_kinds(session);
        session->want.kinds |= removal->request.bulk;
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (session->want.kinds >> i & 1)
                        session_want_fields(session, all_kinds.kinds[i]->fields, all_kinds.kinds[i]->nfields);
        if (ids) {
                session->want.only_named = session->want.kinds;
                for (unsigned i = 0; i < COUNT(previewed); i++)
                        field_set_drop(&session->want.fields, previewed[i]);
        }
        session_want_kin(session);
        protections_fields(removal->configuration.protections, &session->want.fields);
        session->want.waiters = true;
}

/* What nobody can remove from here is no part of "all". */
static bool in_bulk(const struct object *object)
{
        const struct value *states = object_get(object, FIELD_STATE);
        const struct value *linked = object_get(object, FIELD_LINKED);

        if (object->foreign || (linked && linked->type == VALUE_BOOL && !linked->u))
                return false;
        return !states || states->type != VALUE_WORDS || !(states->u & WORD_BIT(STATE_DEST));
}

static void find_objects(struct removal *removal)
{
        struct session *session = &removal->session;
        const struct snapshot *snapshot = session->snapshot;
        struct object_set *set = &removal->objects;
        size_t kept = 0;

        object_set_done(set);
        references_look(&removal->references, snapshot, set);
        for (size_t i = 0; i < snapshot->nobjects; i++)
                if (removal->request.bulk >> snapshot->objects[i].kind_order & 1 && in_bulk(&snapshot->objects[i]))
                        object_set_add(set, snapshot, &snapshot->objects[i]);
        for (size_t i = 0; i < set->n; i++)
                if (!removal->where || query_match(removal->where, snapshot, set->objects[i]))
                        set->objects[kept++] = set->objects[i];
        set->n = session_select(session, set->objects, kept);
}

/* The longest grain of those that could be mistaken for others; 0: each is settled. */
static uint64_t unsettled_grain(const struct removal *removal)
{
        const struct snapshot *snapshot = removal->session.snapshot;
        uint64_t grain = 0;

        for (size_t i = 0; i < removal->objects.n; i++) {
                const struct object *object = removal->objects.objects[i];
                const struct acts *acts = object->key.kind->acts;

                if (acts && acts->remove && !object->foreign && !act_settled(object, snapshot->origin.time) &&
                    acts->grain > grain)
                        grain = acts->grain;
        }
        return grain;
}

/*
 * What was made a moment ago may be replaced by something that looks the same
 * within the same moment: look again when that is over. What then still can't
 * be told apart is not removed (deed_remove()).
 */
static void look(struct removal *removal)
{
        struct session *session = &removal->session;
        uint64_t grain;

        for (unsigned looks = 1;; looks++) {
                session_take(session);
                find_objects(removal);
                grain = removal->request.dry_run ? 0 : unsettled_grain(removal);
                if (!grain || looks == LOOKS_MOST)
                        break;
                grain += NAP_NS;
                nanosleep(&(struct timespec){ (time_t)(grain / 1000000000), (long)(grain % 1000000000) }, NULL);
                snapshot_free(session->snapshot);
                session->snapshot = NULL;
        }
        references_tell(&removal->references);
        if (!session->invocation->settings.json)
                message_gaps(session->invocation, session->snapshot);
}

static enum exit_status nothing_found(struct removal *removal)
{
        const struct invocation *invocation = removal->session.invocation;

        if (removal->references.nerrors == 0)
                message(invocation, NULL, removal->request.from_stdin && !removal->references.n ?
                        _("standard input names no object") : _("no such object"));
        return STATUS_MISSING;
}

/* --- telling ---------------------------------------------------------------- */

static void begin_json(struct removal *removal)
{
        struct session *session = &removal->session;
        struct json_options options = { .lines = session->invocation->settings.lines,
                                        .errors = removal->references.errors, .nerrors = removal->references.nerrors };

        if (session->invocation->settings.json)
                removal->json = json_removals_begin(session->snapshot, &options, &session->sink);
}

static void end_json(struct removal *removal)
{
        if (removal->json)
                json_removals_end(removal->json);
        removal->json = NULL;
}

static void tell(struct removal *removal, const struct plan_row *row, const struct deed *deed)
{
        struct session *session = &removal->session;
        struct buf ref = { 0 }, text = { 0 };

        removal->counts[deed->result]++;
        deeds_count(&removal->tally, deeds_status(deed));
        if (removal->json)
                json_removals_add(removal->json, row, deed);
        if (deed->result == DEED_DONE) {
                if (!removal->json)
                        removal_put_success(row, deed, session->look.utf8, &session->sink.buf);
        } else {
                /* Both may go to the same place: in the order in which it happened. */
                sink_flush(&session->sink);
                buf_add(&ref, row->object->ref);
                removal_put_failure(row, deed, &session->format, &text);
                message(session->invocation, ref.data, text.data);
        }
        if (session->terminal)
                sink_flush(&session->sink);
        else
                sink_pass(&session->sink);
        buf_done(&ref);
        buf_done(&text);
}

static void tell_total(struct removal *removal)
{
        if (!removal->session.invocation->settings.json && removal->plan.n > 1)
                removal_put_total(removal->counts, &removal->session.sink.buf);
}

/* Nothing is to be done: what the plan says against each object. */
static enum exit_status tell_refused(struct removal *removal)
{
        begin_json(removal);
        for (size_t i = 0; i < removal->plan.n; i++) {
                struct deed deed = { .host = removal->session.host, .snapshot = removal->session.snapshot };

                deed_remove(&deed, &removal->plan.rows[i]);
                tell(removal, &removal->plan.rows[i], &deed);
        }
        end_json(removal);
        return deeds_sum(&removal->tally);
}

/* Nothing was done, as nobody agreed: that is told already. */
static enum exit_status tell_denied(struct removal *removal)
{
        const struct deed deed = { .result = DEED_REFUSED };

        begin_json(removal);
        for (size_t i = 0; i < removal->plan.n && removal->json; i++)
                json_removals_add(removal->json, &removal->plan.rows[i], &deed);
        end_json(removal);
        return STATUS_REFUSED;
}

/* --- doing ------------------------------------------------------------------ */

static enum exit_status find_save_to(struct removal *removal)
{
        const struct rm_request *request = &removal->request;
        int r = 0;

        if (!request->save)
                return STATUS_DONE;
        if (request->save_to) {
                buf_string(&removal->save_to, request->save_to);
        } else {
                r = state_directory(&removal->save_to);
                buf_string(&removal->save_to, "/saved");
        }
        if (r == 0)
                return deeds_prepare_copies(removal->session.invocation, removal->save_to.data);
        message(removal->session.invocation, "--save", _("there is no home for copies: name a directory, --save=DIR"));
        return STATUS_FAILED;
}

static void begin_saving(void *data, const struct plan_row *row)
{
        struct removal *removal = data;

        progress_begin(&removal->progress, row->object->ref);
}

static void tell_saving(void *data, uint64_t done, uint64_t all)
{
        struct removal *removal = data;

        progress_tell(&removal->progress, done, all);
}

static void end_saving(void *data, const struct plan_row *row)
{
        struct removal *removal = data;

        (void)row;
        progress_end(&removal->progress);
}

static void tell_one(void *data, const struct plan_row *row, const struct deed *deed)
{
        struct removal *removal = data;

        tell(removal, row, deed);
        /* Why it all came to nothing decides. */
        if (removal->carry.cancelled && deed->result == DEED_UNSAVED)
                removal->tally.status = deeds_status(deed);
}

/* Nobody reads any more what happens. */
static bool unheard(void *data)
{
        const struct removal *removal = data;

        return removal->session.sink.err != 0;
}

static void remove_all(struct removal *removal)
{
        const struct session *session = &removal->session;
        struct carry *carry = &removal->carry;

        carry->journal = journaling_begin(session->invocation);
        carry_remove(carry);
        if (carry->journal)
                journaling_end(session->invocation, carry->journal, carry->journal_err);
        if (carry->untouched)
                message(session->invocation, NULL, _("stopped: the rest was not touched"));
}

/* From here on a signal waits until an object is done and what was done is told; then it does what it always does. */
static enum exit_status do_all(struct removal *removal)
{
        struct session *session = &removal->session;
        sigset_t signals;

        removal->carry = (struct carry){
                .host = session->host, .snapshot = session->snapshot, .plan = &removal->plan,
                .save_to = removal->save_to.data, .drain = removal->request.drain, .data = removal,
                .saving = begin_saving, .progress = tell_saving, .saved = end_saving, .tell = tell_one, .stop = unheard,
        };
        carry_begin(&removal->carry);
        interrupt_hold(&signals);
        begin_json(removal);
        if (carry_save(&removal->carry))
                remove_all(removal);
        else
                carry_cancel(&removal->carry);
        end_json(removal);
        tell_total(removal);
        sink_flush(&session->sink);
        interrupt_allow(&signals);
        carry_done(&removal->carry);
        return deeds_sum(&removal->tally);
}

/* --- the order of things ----------------------------------------------------- */

static enum exit_status show_plan(struct removal *removal)
{
        struct session *session = &removal->session;

        begin_json(removal);
        for (size_t i = 0; i < removal->plan.n && removal->json; i++)
                json_removals_add(removal->json, &removal->plan.rows[i], NULL);
        if (!removal->json)
                removal_put_plan(&removal->plan, &session->format, &session->look, &session->sink.buf);
        end_json(removal);
        if (removal->plan.nchosen)
                return removal->references.nerrors ? STATUS_SOME : STATUS_DONE;
        for (size_t i = 0; i < removal->plan.n; i++)
                if (!removal->plan.rows[i].verdict.others)
                        return STATUS_REFUSED;
        return STATUS_FORBIDDEN;
}

static enum exit_status carry_out(struct removal *removal)
{
        const struct invocation *invocation = removal->session.invocation;
        enum exit_status status;
        enum consent consent = CONSENT_GIVEN;

        if (removal->request.dry_run)
                return show_plan(removal);
        for (size_t i = 0; i < removal->references.nerrors; i++)
                deeds_count(&removal->tally, STATUS_MISSING);
        if (removal->plan.nchosen == 0)
                return tell_refused(removal);
        status = find_save_to(removal);
        if (status != STATUS_DONE)
                return status;
        if (!removal->request.yes)
                consent = consent_ask(&removal->session, &removal->plan, removal->request.from_stdin);
        if (consent == CONSENT_GIVEN)
                return do_all(removal);
        message(invocation, NULL, consent == CONSENT_DENIED ? _("nothing was removed") :
                _("nothing was removed: there is no terminal to ask at; see the plan with -n, then say --yes"));
        return tell_denied(removal);
}

static enum exit_status plan(struct removal *removal)
{
        struct plan_options options = { .force = removal->request.force, .protected = removal->request.protected,
                                        .protections = removal->configuration.protections };

        ask(removal);
        look(removal);
        if (removal->objects.n == 0 && !removal->session.invocation->settings.json)
                return nothing_found(removal);
        plan_make(removal->session.snapshot, removal->objects.objects, removal->objects.n, &options, &removal->plan);
        if (removal->objects.n)
                return carry_out(removal);
        /* The envelope is the same, also when it is empty. */
        begin_json(removal);
        end_json(removal);
        return nothing_found(removal);
}

static enum exit_status read_request(struct removal *removal)
{
        const struct invocation *invocation = removal->session.invocation;
        enum exit_status status = rm_read_options(invocation, &removal->references, &removal->request);

        if (status == STATUS_DONE)
                status = rm_read_arguments(invocation, &removal->references, &removal->request);
        if (status == STATUS_DONE && !host_live(removal->session.host) && !removal->request.dry_run) {
                message(invocation, "--sysroot", _("a recorded machine can't be changed; its plan is shown by -n"));
                status = STATUS_USAGE;
        }
        if (status == STATUS_DONE)
                status = read_where(removal);
        if (status == STATUS_DONE && removal->request.from_stdin)
                status = rm_read_stdin(invocation, &removal->references, removal->request.nul);
        return status;
}

static enum exit_status run(struct invocation *invocation)
{
        struct removal removal = { 0 };
        enum exit_status status = session_open(&removal.session, invocation);

        references_init(&removal.references, &removal.session);
        if (status == STATUS_DONE)
                status = read_request(&removal);
        if (status == STATUS_DONE) {
                /* What is protected must be known for sure. */
                status = configuration_read(&removal.configuration, invocation);
                if (status == STATUS_DONE)
                        status = plan(&removal);
                configuration_done(&removal.configuration);
        }
        plan_done(&removal.plan);
        object_set_done(&removal.objects);
        query_free(removal.where);
        buf_done(&removal.save_to);
        references_done(&removal.references);
        return session_close(&removal.session, status);
}

const struct command command_rm = {
        .name = "rm",
        .usage = N_("[REF|KIND|-]..."),
        .summary = N_("shows what would be removed and what that means, asks, and removes"),
        .details = N_("Objects are named by references, by ipcrm's options, by KIND --where EXPR, or on standard\n"
                      "input (-). What is in use, or protected, is refused unless forced; nothing is removed that\n"
                      "changed since it was shown."),
        .options = rm_option_specs, .noptions = RM_OPTIONS,
        .run = run,
};
