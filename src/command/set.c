/* SPDX-License-Identifier: GPL-2.0-or-later */
/* set: gives objects another owner, mode, size of a queue, value, lock. */
#include "admin/assignments.h"
#include "admin/set.h"
#include "base/array.h"
#include "base/i18n.h"
#include "command/deeds.h"
#include "command/journaling.h"
#include "command/message.h"
#include "command/references.h"
#include "kind/kinds.h"
#include "output/change.h"
#include "output/json.h"
#include "sys/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct option_spec options[] = {
        { 'n', 'n', "dry-run", NULL, N_("only show what would change") },
};

struct setting_run {
        struct session session;
        struct references references;
        struct assignments assignments;
        struct object_set objects;
        struct deeds_tally tally;
        struct json_changes *json;      /* NULL: for people */
        bool dry_run;
};

/* "owner, group, mode", as people type them. */
static void list_settable(const struct acts *acts, struct buf *out)
{
        for (unsigned i = 0; i < acts->nsettable; i++) {
                uint16_t field = acts->settable[i];

                buf_string(out, i ? ", " : "");
                buf_string(out, field == FIELD_STATE ? "locked" : field_get(field)->name);
        }
}

static bool unsuitable(const struct setting_run *run, const struct object *object, unsigned i)
{
        const struct kind *kind = object->key.kind;
        struct buf text = { 0 };

        if (acts_settable(kind->acts, run->assignments.list[i].value.field))
                return false;
        if (kind->acts && kind->acts->set) {
                buf_printf(&text, _("can't be set; of objects of kind %s these can: "), kind->name);
                list_settable(kind->acts, &text);
        } else {
                buf_printf(&text, _("nothing can be set of objects of kind %s"), kind->name);
        }
        message(run->session.invocation, run->assignments.typed[i], text.data);
        buf_done(&text);
        return true;
}

/* Which of the semaphores is meant, and is there one of that number? */
static bool misses(const struct setting_run *run, const struct object *object, unsigned i)
{
        const struct value *count = row_get(object_row(object), FIELD_SEMAPHORE_COUNT);
        const struct assignment *assignment = &run->assignments.list[i];
        uint64_t n = count && count->type == VALUE_UINT ? count->u : 1, number = assignment->number;
        struct buf text = { 0 };

        if (assignment->value.field != FIELD_VALUE || number < n || (number == NUMBER_NONE && n == 1))
                return false;
        buf_add(&text, object->ref);
        if (number == NUMBER_NONE)
                buf_printf(&text, _(" has %llu semaphores: write value[NUMBER]=..."), (unsigned long long)n);
        else
                buf_printf(&text, P_(" has %llu semaphore, counted from 0", " has %llu semaphores, counted from 0", n),
                           (unsigned long long)n);
        message(run->session.invocation, run->assignments.typed[i], text.data);
        buf_done(&text);
        return true;
}

/* Before anything is done: does every assignment make sense for every object? */
static bool makes_sense(struct setting_run *run)
{
        for (size_t i = 0; i < run->objects.n; i++)
                for (unsigned j = 0; j < run->assignments.n; j++)
                        if (unsuitable(run, run->objects.objects[i], j) || misses(run, run->objects.objects[i], j))
                                return false;
        for (unsigned j = 0; j < run->assignments.n; j++)
                if (run->assignments.list[j].number == NUMBER_NONE)
                        run->assignments.list[j].number = 0;
        return true;
}

static bool find_name(void *data, enum unit unit, uint32_t id, struct buf *out)
{
        const struct host *host = data;

        return unit == UNIT_UID ? host_user_name(host, id, out) : host_group_name(host, id, out);
}

/* "mode 0644 -> 0600" */
static void add_change(struct buf *out, const struct setting_run *run, const struct object *object, unsigned i)
{
        const struct change_names names = { run->session.host, find_name };
        const char *typed = run->assignments.typed[i];

        buf_add(out, (struct text){ typed, strcspn(typed, "=") });
        buf_byte(out, ' ');
        change_put(object, &run->assignments.list[i], &names, &run->session.format, out);
}

static void print_changes(struct setting_run *run, const struct deed *deed, const struct object *object)
{
        struct buf *out = &run->session.sink.buf;
        struct json_change change = {
                .deed = deed, .planned = run->dry_run, .ref = object->ref, .kind = object->key.kind, .object = object,
                .assignments = run->assignments.list, .nassignments = run->assignments.n,
        };

        if (run->json) {
                json_changes_add(run->json, &change);
                return;
        }
        buf_add(out, object->ref);
        for (unsigned i = 0; i < run->assignments.n; i++) {
                buf_string(out, i ? ", " : "  ");
                add_change(out, run, object, i);
        }
        buf_byte(out, '\n');
        sink_pass(&run->session.sink);
}

static void set_one(struct setting_run *run, struct deed *deed, const struct object *object)
{
        if (!run->dry_run)
                deed_set(deed, object, run->assignments.list, run->assignments.n);
        deeds_count(&run->tally, deeds_status(deed));
        if (run->json || deed->result == DEED_DONE)
                print_changes(run, deed, object);
        if (deed->result != DEED_DONE) {
                /* Both may go to the same place: in the order in which it happened. */
                sink_flush(&run->session.sink);
                deeds_complain(&run->session, deed, object);
        }
}

static void set_all(struct setting_run *run)
{
        struct session *session = &run->session;
        const struct settings *settings = &session->invocation->settings;
        struct json_options json = { .lines = settings->lines, .errors = run->references.errors,
                                     .nerrors = run->references.nerrors };
        struct deed deed = { .host = session->host, .snapshot = session->snapshot, .action = "set" };
        int journal_err = 0;

        if (settings->json)
                run->json = json_changes_begin(session->snapshot, &json, &session->sink);
        if (!run->dry_run && run->objects.n)
                deed.journal = journaling_begin(session->invocation);
        for (size_t i = 0; i < run->objects.n; i++) {
                set_one(run, &deed, run->objects.objects[i]);
                if (!journal_err)
                        journal_err = deed.journal_err;
                deed_done(&deed);
        }
        if (deed.journal)
                journaling_end(session->invocation, deed.journal, journal_err);
        if (run->json)
                json_changes_end(run->json);
}

static enum exit_status read_arguments(struct setting_run *run)
{
        struct session *session = &run->session;
        const struct invocation *invocation = session->invocation;
        enum exit_status status = STATUS_DONE;
        struct parse_error error;

        for (int i = 0; i < invocation->narguments && status == STATUS_DONE; i++) {
                const char *argument = invocation->arguments[i];

                if (!is_assignment(argument)) {
                        status = references_add(&run->references, argument);
                } else if (assignments_add(&run->assignments, session->host, argument, &error) < 0) {
                        message_parse(invocation, NULL, argument, &error);
                        status = STATUS_USAGE;
                }
        }
        for (size_t i = 0; i < run->references.n && status == STATUS_DONE; i++)
                if (run->references.list[i].by == REFERENCE_PID) {
                        message(invocation, run->references.typed[i], _("a process has nothing that can be set"));
                        status = STATUS_USAGE;
                }
        if (status == STATUS_DONE && !run->references.n) {
                message(invocation, NULL, _("which object? (KIND:NAME)"));
                status = STATUS_USAGE;
        } else if (status == STATUS_DONE && !run->assignments.n) {
                message(invocation, NULL, _("which value? (FIELD=VALUE)"));
                status = STATUS_USAGE;
        }
        return status;
}

/* What is to be replaced, whose it is, and only as much of the processes as it takes to find the objects. */
static void ask(struct setting_run *run)
{
        static const uint16_t shown[] = { FIELD_OWNER, FIELD_SEMAPHORE_COUNT };
        struct session *session = &run->session;
        bool walk = session->query;

        for (size_t i = 0; i < run->references.n; i++) {
                const struct kind *kind = run->references.list[i].kind;

                if (!kind)
                        session_want_all_kinds(session);
                walk |= !kind || kind->unlisted;
        }
        session_want_fields(session, shown, COUNT(shown));
        for (unsigned i = 0; i < run->assignments.n; i++) {
                uint16_t field = run->assignments.list[i].value.field;

                session_want_fields(session, &field, 1);
                if (field == FIELD_VALUE)
                        field_set_add(&session->want.fields, FIELD_SEMAPHORES);
        }
        session->want.holders &= walk;
}

static enum exit_status run_session(struct setting_run *run)
{
        struct session *session = &run->session;
        enum exit_status status = read_arguments(run);

        if (status != STATUS_DONE)
                return status;
        if (!host_live(session->host)) {
                message(session->invocation, "--sysroot", _("a recorded machine can't be changed"));
                return STATUS_USAGE;
        }
        ask(run);
        session_take(session);
        references_find(&run->references, session->snapshot, &run->objects);
        run->objects.n = session_select(session, run->objects.objects, run->objects.n);
        for (size_t i = 0; i < run->references.nerrors; i++)
                deeds_count(&run->tally, STATUS_MISSING);
        if (!makes_sense(run))
                return STATUS_USAGE;
        set_all(run);
        return deeds_sum(&run->tally);
}

static enum exit_status set_run(struct invocation *invocation)
{
        struct setting_run run = { .dry_run = invocation->ngiven > 0 };
        enum exit_status status = session_open(&run.session, invocation);

        references_init(&run.references, &run.session);
        if (status == STATUS_DONE)
                status = run_session(&run);
        references_done(&run.references);
        assignments_done(&run.assignments);
        object_set_done(&run.objects);
        return session_close(&run.session, status);
}

const struct command command_set = {
        .name = "set",
        .usage = N_("REF... FIELD=VALUE..."),
        .summary = N_("give objects another owner, mode, queue size, semaphore value or lock"),
        .options = options, .noptions = COUNT(options),
        .run = set_run,
};
