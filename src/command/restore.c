/* SPDX-License-Identifier: GPL-2.0-or-later */
/* restore: objects again, from what save wrote. */
#include "admin/restore.h"

#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "command/deeds.h"
#include "command/journaling.h"
#include "command/message.h"
#include "kind/kinds.h"
#include "sys/copy.h"
#include "sys/host.h"
#include "sys/interrupt.h"

#include <errno.h>

enum { FLAG_SAME_ID = 1, FLAG_CHECK = 2, FLAG_DRY = 4, FLAG_PARTIAL = 8 };

enum option_code { OPTION_SAME_ID = 1000, OPTION_CHECK, OPTION_PARTIAL };

static const struct option_spec options[] = {
        { OPTION_SAME_ID, 0, "same-id", NULL, N_("with the id that it had, too (System V)") },
        { OPTION_CHECK, 0, "check", NULL, N_("only look whether the copies are whole") },
        { 'n', 'n', "dry-run", NULL, N_("check the copies, and tell what would be made") },
        { OPTION_PARTIAL, 0, "partial", NULL, N_("from a copy that save --drain could not complete") },
};

static int option(struct invocation *invocation, int code, const char *argument)
{
        (void)argument;
        switch (code) {
        case OPTION_SAME_ID: invocation->flags |= FLAG_SAME_ID; break;
        case OPTION_CHECK:   invocation->flags |= FLAG_CHECK; break;
        case 'n':            invocation->flags |= FLAG_DRY; break;
        case OPTION_PARTIAL: invocation->flags |= FLAG_PARTIAL; break;
        }
        return 0;
}

struct restoring {
        struct session session;
        struct json_copies *json;       /* NULL: people read it */
        struct journal *journal;
        struct deeds_tally tally;
        size_t found;                   /* copies below the current argument */
        int journal_err;
};

static enum exit_status status_of(const struct restore *restore)
{
        switch (restore->err) {
        case 0:
                return STATUS_DONE;
        case ENOENT:
        case ENOTDIR:
                return restore->manifest.kind ? STATUS_FAILED : STATUS_MISSING;
        case EEXIST:
                return STATUS_REFUSED;
        case EPERM:
        case EACCES:
                return STATUS_FORBIDDEN;
        }
        return STATUS_FAILED;
}

/* What is in the way: its key or name. */
static void add_obstacle(const struct restoring *restoring, const struct restore *restore, struct buf *text)
{
        static const uint16_t fields[] = { FIELD_NAME, FIELD_KEY, FIELD_ID };
        struct row row = restore->manifest.attributes;

        buf_string(text, _("exists already"));
        for (unsigned i = 0; i < COUNT(fields); i++) {
                const struct value *value = row_get(row, fields[i]);

                if (!value || (fields[i] == FIELD_KEY && value->u == 0) || (fields[i] == FIELD_ID && !restore->same_id))
                        continue;
                buf_printf(text, ": %s ", field_get(fields[i])->name);
                format_value(text, value, &restoring->session.format);
                if (fields[i] == FIELD_NAME)
                        return;
        }
}

static void complain(const struct restoring *restoring, const struct restore *restore, const char *path)
{
        struct buf text = { 0 }, what = { 0 };

        if (restore->what.len)
                escape_display(&what, buf_text(&restore->what), message_utf8());
        if (restore->err == EBADMSG && what.len) {
                buf_printf(&text, _("damaged: %s"), what.data);
        } else if (restore->err == EPERM && what.len) {
                buf_printf(&text, _("not to be trusted: others than you and root own it, or may write to it: %s"),
                           what.data);
        } else if ((restore->err == ENOENT || restore->err == ENOTDIR) && !restore->manifest.kind) {
                buf_string(&text, _("no copy there"));
        } else if (restore->err == EOPNOTSUPP && restore->manifest.kind && !restore->making.failed) {
                buf_printf(&text, _("objects of kind %s can't be made"), restore->manifest.kind->name);
        } else if (restore->err == EEXIST) {
                add_obstacle(restoring, restore, &text);
        } else {
                if (restore->making.failed)
                        buf_printf(&text, "%s: ", _(restore->making.failed));
                else if (what.len)
                        buf_printf(&text, "%s: ", what.data);
                buf_string(&text, strerror(restore->err));
        }
        message(restoring->session.invocation, path, text.data);
        buf_done(&text);
        buf_done(&what);
}

static void warn_of_owner(const struct restoring *restoring, const struct restore *restore)
{
        const struct value *owner = row_get(restore->manifest.attributes, FIELD_OWNER);
        struct buf text = { 0 }, name = { 0 };

        buf_string(&text, _("its owner or group could not be given back: it is yours now"));
        if (owner) {
                if (!host_user_name(restoring->session.host, (uid_t)owner->u, &name))
                        buf_uint(&name, owner->u);
                buf_string(&text, _(", it was owned by "));
                escape_display(&text, buf_text(&name), message_utf8());
        }
        message(restoring->session.invocation, restore->ref.data, text.data);
        buf_done(&text);
        buf_done(&name);
}

static void print_restored(struct restoring *restoring, const struct restore *restore, const char *path)
{
        struct session *session = &restoring->session;
        struct buf *out = &session->sink.buf;
        unsigned flags = session->invocation->flags;

        if (session->invocation->settings.quiet && restore->dry_run)
                return;
        if (!session->invocation->settings.quiet) {
                escape_display(out, text_of(path), session->format.utf8);
                buf_string(out, flags & FLAG_CHECK ? ": " : " -> ");
        }
        if (restore->dry_run)
                escape_display(out, restore->manifest.ref, session->format.utf8);
        else
                buf_add(out, buf_text(&restore->ref));
        if (restore->dry_run) {
                buf_byte(out, ' ');
                buf_string(out, flags & FLAG_CHECK ? _("(whole)") : _("(not made: this is only a trial)"));
        }
        buf_byte(out, '\n');
        sink_flush(&session->sink);
}

static void add_row(struct restoring *restoring, const struct restore *restore, const char *path)
{
        const struct kind *kind = restore->manifest.kind;
        unsigned flags = restoring->session.invocation->flags;
        const char *result = deed_word(restore->err ? DEED_FAILED : DEED_DONE);

        if (!restore->err && flags & FLAG_DRY && !(flags & FLAG_CHECK))
                result = "planned";
        json_copies_add(restoring->json, &(struct json_copy){
                .action = flags & FLAG_CHECK ? "check" : "restore",
                .ref = buf_text(&restore->ref), .was = restore->manifest.ref, .kind = kind ? kind->name : NULL,
                .result = result, .err = restore->err, .path = text_of(path), .partial = restore->partial });
}

/* One copy. Stops only for a signal. */
static int restore_one(const char *path, void *data)
{
        struct restoring *restoring = data;
        struct session *session = &restoring->session;
        unsigned flags = session->invocation->flags;
        struct restore restore = { .host = session->host, .kinds = &all_kinds, .arena = &session->arena,
                                   .same_id = flags & FLAG_SAME_ID, .partial = flags & FLAG_PARTIAL,
                                   .dry_run = flags & (FLAG_CHECK | FLAG_DRY), .journal = restoring->journal };

        restoring->found++;
        restore_copy(&restore, path);
        deeds_count(&restoring->tally, status_of(&restore));
        if (!restoring->journal_err)
                restoring->journal_err = restore.journal_err;
        if (restore.err)
                complain(restoring, &restore, path);
        else if (restore.owner_lost)
                warn_of_owner(restoring, &restore);
        if (restoring->json)
                add_row(restoring, &restore, path);
        else if (!restore.err)
                print_restored(restoring, &restore, path);
        restore_done(&restore);
        return interrupt_waits() ? -EINTR : 0;
}

/* A copy, or a directory of copies. */
static void restore_argument(struct restoring *restoring, const char *path)
{
        const struct invocation *invocation = restoring->session.invocation;
        int r = -ENOTDIR;

        restoring->found = 0;
        if (!(invocation->flags & FLAG_PARTIAL))
                r = copy_list(path, restore_one, restoring);
        if (r == -ENOTDIR && restoring->found == 0) {
                restore_one(path, restoring);
        } else if (r < 0 && r != -EINTR) {
                message(invocation, path, strerror(-r));
                deeds_count(&restoring->tally, r == -ENOENT ? STATUS_MISSING
                                               : r == -EACCES ? STATUS_FORBIDDEN : STATUS_FAILED);
        } else if (restoring->found == 0) {
                bool partial = text_ends(text_of(path), TEXT(".partial"));

                message(invocation, path, partial ? _("a copy that is not complete; --partial takes what is in it")
                                                  : _("no copy there"));
                deeds_count(&restoring->tally, STATUS_MISSING);
        }
}

static enum exit_status run_session(struct restoring *restoring)
{
        struct session *session = &restoring->session;
        const struct invocation *invocation = session->invocation;
        struct json_options json = { .lines = invocation->settings.lines };
        bool dry = invocation->flags & (FLAG_CHECK | FLAG_DRY);
        sigset_t old;

        if (!host_live(session->host)) {
                message(invocation, invocation->settings.sysroot, _("a recorded machine can't be changed"));
                return STATUS_REFUSED;
        }
        /* Nothing but who looks, when and where: the head of the JSON, and names of users. */
        session->want.holders = false;
        session_take(session);
        if (invocation->settings.json)
                restoring->json = json_copies_begin(session->snapshot, &json, &session->sink);
        if (!dry)
                restoring->journal = journaling_begin(invocation);
        interrupt_hold(&old);
        for (int i = 0; i < invocation->narguments && !interrupt_waits(); i++)
                restore_argument(restoring, invocation->arguments[i]);
        if (!dry)
                journaling_end(invocation, restoring->journal, restoring->journal_err);
        if (restoring->json)
                json_copies_end(restoring->json);
        sink_flush(&session->sink);
        interrupt_allow(&old);
        return deeds_sum(&restoring->tally);
}

static enum exit_status run(struct invocation *invocation)
{
        struct restoring restoring = { 0 };
        enum exit_status status;

        if (invocation->narguments == 0) {
                message(invocation, NULL, _("from which copy? (a directory that save made, or one with several)"));
                return STATUS_USAGE;
        }
        status = session_open(&restoring.session, invocation);
        if (status == STATUS_DONE)
                status = run_session(&restoring);
        return session_close(&restoring.session, status);
}

const struct command command_restore = {
        .name = "restore",
        .usage = N_("COPY..."),
        .summary = N_("make objects again from the copies that save wrote"),
        .options = options, .noptions = COUNT(options),
        .option = option,
        .run = run,
};
