/* SPDX-License-Identifier: GPL-2.0-or-later */
/* save: attributes and contents of objects into a directory. */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "command/deeds.h"
#include "command/journaling.h"
#include "command/message.h"
#include "command/progress.h"
#include "command/references.h"
#include "command/rm.h"
#include "kind/kinds.h"
#include "sys/copy.h"
#include "sys/host.h"
#include "sys/interrupt.h"

#include <stdlib.h>

enum { FLAG_DRAIN = 1, FLAG_NUL = 2 };

enum option_code { OPTION_WHERE = 1000, OPTION_DRAIN };

static const struct option_spec options[] = {
        { OPTION_WHERE, 0, "where", N_("EXPR"), N_("only objects for which EXPR is true; the same as --filter") },
        { '0', '0', "null", NULL, N_("references on standard input end with a NUL byte") },
        { OPTION_DRAIN, 0, "drain", NULL, N_("take messages out of queues whose contents can't be copied") },
};

static int option(struct invocation *invocation, int code, const char *argument)
{
        switch (code) {
        case OPTION_WHERE: invocation->settings.filter = argument; break;
        case '0':          invocation->flags |= FLAG_NUL; break;
        case OPTION_DRAIN: invocation->flags |= FLAG_DRAIN; break;
        }
        return 0;
}

struct saving {
        struct session session;
        struct references references;
        struct json_copies *json;       /* NULL: people read it */
        struct journal *journal;
        struct deeds_tally tally;
        const char *dir;
        int journal_err;
};

/* Forgotten, it would become a directory of a strange name. */
static bool is_no_directory(const char *argument)
{
        const struct kind *kind = kind_find(&all_kinds, text_of(argument));
        const char *colon = strchr(argument, ':');

        return kind || strcmp(argument, "-") == 0 || !*argument ||
               (colon && kind_find(&all_kinds, (struct text){ argument, (size_t)(colon - argument) }));
}

static enum exit_status read_arguments(struct saving *saving)
{
        struct session *session = &saving->session;
        const struct invocation *invocation = session->invocation;
        struct references *references = &saving->references;
        enum exit_status status = STATUS_DONE;
        int n = invocation->narguments - 1;

        if (n < 1 || is_no_directory(invocation->arguments[n])) {
                message(invocation, n < 1 ? NULL : invocation->arguments[n],
                        n < 0 ? _("what, and where? (KIND or KIND:NAME..., and a directory)")
                              : _("the last argument is the directory to save to "
                                  "(./NAME if it looks like a reference)"));
                return STATUS_USAGE;
        }
        saving->dir = invocation->arguments[n];
        for (int i = 0; i < n && status == STATUS_DONE; i++) {
                const char *argument = invocation->arguments[i];
                const struct kind *kind = kind_find(&all_kinds, text_of(argument));

                if (kind) {
                        uint64_t before = session->want.kinds;

                        session->want.kinds = 0;
                        session_want_kind(session, kind);
                        references->kinds |= session->want.kinds;
                        session->want.kinds |= before;
                } else if (strcmp(argument, "-") == 0) {
                        status = rm_read_stdin(invocation, references, invocation->flags & FLAG_NUL);
                } else {
                        status = references_add(references, argument);
                }
        }
        return status;
}

static void print_saved(struct saving *saving, const struct deed *deed, const struct object *object)
{
        struct session *session = &saving->session;
        struct buf *out = &session->sink.buf;

        if (session->invocation->settings.quiet)
                return;
        buf_add(out, object->ref);
        buf_string(out, " -> ");
        escape_display(out, buf_text(&deed->copy), session->format.utf8);
        buf_byte(out, '\n');
        sink_pass(&session->sink);
}

static void complain(const struct saving *saving, const struct deed *deed, const struct object *object)
{
        struct buf text = { 0 };

        deeds_complain(&saving->session, deed, object);
        if (!deed->kept)
                return;
        /* What is in there is nowhere else. */
        buf_string(&text, _("messages were taken out, and kept here: ipcview restore --partial gets them back"));
        message(saving->session.invocation, deed->copy.data, text.data);
        buf_done(&text);
}

static void add_row(struct saving *saving, const struct deed *deed, const struct object *object)
{
        json_copies_add(saving->json, &(struct json_copy){
                .action = "save", .ref = object->ref, .kind = object->key.kind->name,
                .result = deed_word(deed->result), .err = deed->err, .path = buf_text(&deed->copy),
                .partial = deed->kept });
}

static void save(struct saving *saving, const struct object *object)
{
        struct session *session = &saving->session;
        struct progress progress;
        struct deed deed = { .host = session->host, .snapshot = session->snapshot, .action = "save",
                             .save_to = saving->dir, .drain = session->invocation->flags & FLAG_DRAIN,
                             .journal = saving->journal, .progress = progress_tell, .progress_data = &progress };

        progress_begin(&progress, object->ref);
        deed_save(&deed, object);
        progress_end(&progress);
        deeds_count(&saving->tally, deeds_status(&deed));
        if (!saving->journal_err)
                saving->journal_err = deed.journal_err;
        if (deed.result != DEED_DONE)
                complain(saving, &deed, object);
        if (saving->json)
                add_row(saving, &deed, object);
        else if (deed.result == DEED_DONE)
                print_saved(saving, &deed, object);
        deed_done(&deed);
}

static enum exit_status save_all(struct saving *saving, const struct object_set *objects)
{
        struct session *session = &saving->session;
        const struct settings *settings = &session->invocation->settings;
        struct json_options json = { .lines = settings->lines, .errors = saving->references.errors,
                                     .nerrors = saving->references.nerrors };
        enum exit_status status = STATUS_DONE;
        sigset_t old;

        interrupt_hold(&old);
        if (objects->n)
                status = deeds_prepare_copies(session->invocation, saving->dir);
        if (settings->json)
                saving->json = json_copies_begin(session->snapshot, &json, &session->sink);
        if (objects->n && status == STATUS_DONE) {
                saving->journal = journaling_begin(session->invocation);
                for (size_t i = 0; i < objects->n && !interrupt_waits(); i++)
                        save(saving, objects->objects[i]);
                journaling_end(session->invocation, saving->journal, saving->journal_err);
        }
        if (saving->json)
                json_copies_end(saving->json);
        sink_flush(&session->sink);
        interrupt_allow(&old);
        return status;
}

static enum exit_status run_session(struct saving *saving)
{
        struct session *session = &saving->session;
        enum exit_status status = read_arguments(saving), found;
        struct object_set objects = { 0 };

        if (status != STATUS_DONE)
                return status;
        if (!host_live(session->host)) {
                message(session->invocation, session->invocation->settings.sysroot,
                        _("a recorded machine has no contents"));
                return STATUS_REFUSED;
        }
        session_want_all_fields(session);
        session_collect(session);
        references_find(&saving->references, session->snapshot, &objects);
        found = references_status(&saving->references);
        objects.n = session_select(session, objects.objects, objects.n);
        if (objects.n == 0 && found == STATUS_DONE) {
                message(session->invocation, NULL, _("nothing to save"));
                found = STATUS_MISSING;
        }
        status = save_all(saving, &objects);
        object_set_done(&objects);
        if (status != STATUS_DONE)
                return status;
        if (found != STATUS_DONE)
                deeds_count(&saving->tally, found == STATUS_SOME ? STATUS_MISSING : found);
        return deeds_sum(&saving->tally);
}

static enum exit_status run(struct invocation *invocation)
{
        struct saving saving = { 0 };
        enum exit_status status = session_open(&saving.session, invocation);

        references_init(&saving.references, &saving.session);
        if (status == STATUS_DONE)
                status = run_session(&saving);
        references_done(&saving.references);
        return session_close(&saving.session, status);
}

const struct command command_save = {
        .name = "save",
        .usage = N_("REF|KIND|-... DIR"),
        .summary = N_("copy attributes and contents of objects into a directory, from which restore brings them back"),
        .options = options, .noptions = COUNT(options),
        .option = option,
        .run = run,
};
