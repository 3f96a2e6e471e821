/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/session.h"

#include "base/i18n.h"
#include "collect/collect.h"
#include "command/message.h"
#include "command/saved.h"
#include "kind/kinds.h"
#include "sys/host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int write_out(void *data, struct text bytes)
{
        (void)data;
        while (bytes.len > 0) {
                ssize_t n = write(STDOUT_FILENO, bytes.data, bytes.len);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                bytes = text_from(bytes, (size_t)n);
        }
        return 0;
}

/* https://no-color.org, https://bixense.com/clicolors */
static bool wants_colour(const struct settings *settings, bool terminal)
{
        const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE"), *term = getenv("TERM");

        if (settings->colour != COLOUR_AUTO)
                return settings->colour == COLOUR_ALWAYS;
        if (no && *no)
                return false;
        if (force && *force && strcmp(force, "0") != 0)
                return true;
        return terminal && term && strcmp(term, "dumb") != 0;
}

static void look_at_terminal(struct session *session)
{
        const struct settings *settings = &session->invocation->settings;
        bool terminal = isatty(STDOUT_FILENO);
        struct winsize size;

        session->terminal = terminal;
        session->look.headings = !settings->no_headings;
        session->look.utf8 = message_utf8();
        session->look.colour = wants_colour(settings, terminal);
        if (terminal)
                session->look.width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
        session->format.bytes = settings->bytes;
        session->format.time = settings->time;
        session->format.utf8 = session->look.utf8;
}

/* A saved snapshot stands for the machine. */
static enum exit_status open_saved(struct session *session)
{
        enum exit_status status = saved_read(session->invocation, session->invocation->settings.from,
                                             &session->snapshot);

        if (status == STATUS_DONE && session->invocation->settings.no_holders)
                snapshot_forget_users(session->snapshot);
        return status;
}

static enum exit_status open_host(struct session *session)
{
        const char *root = session->invocation->settings.sysroot;
        int err = host_open(root, &session->host);

        if (err == 0)
                return STATUS_DONE;
        message(session->invocation, root, strerror(-err));
        return root ? STATUS_USAGE : STATUS_FAILED;
}

static enum exit_status read_query(struct session *session)
{
        const struct settings *settings = &session->invocation->settings;
        struct parse_error error;

        if (settings->filter) {
                int64_t now = session->snapshot ? session->snapshot->origin.time : host_time(session->host);

                if (query_parse(text_of(settings->filter), now, &session->query, &error) < 0) {
                        message_parse(session->invocation, "--filter", settings->filter, &error);
                        return STATUS_USAGE;
                }
                query_fields(session->query, &session->want.fields);
                session->want.waiters |= field_set_has(&session->want.fields, FIELD_STATE);
        }
        if (settings->sort) {
                if (sort_parse(text_of(settings->sort), &session->sort, &error) < 0) {
                        message_parse(session->invocation, "--sort", settings->sort, &error);
                        return STATUS_USAGE;
                }
                session->sorted = true;
                field_set_add(&session->want.fields, session->sort.field);
        }
        session->want.waiters |= field_set_has(&session->want.fields, FIELD_WAITERS);
        return STATUS_DONE;
}

enum exit_status session_open(struct session *session, const struct invocation *invocation)
{
        enum exit_status status;

        *session = (struct session){ .invocation = invocation, .sink = { .write = write_out } };
        arena_init(&session->arena);
        session->want.holders = !invocation->settings.no_holders;
        look_at_terminal(session);
        status = invocation->settings.from ? open_saved(session) : open_host(session);
        return status == STATUS_DONE ? read_query(session) : status;
}

enum exit_status session_close(struct session *session, enum exit_status status)
{
        int err = sink_done(&session->sink);

        /* Who closed the pipe knows what it wanted; anything else is lost output. */
        if (err < 0 && err != -EPIPE)
                message(session->invocation, _("standard output"), strerror(-err));
        if (err < 0)
                status = STATUS_FAILED;
        query_free(session->query);
        snapshot_free(session->snapshot);
        host_close(session->host);
        arena_done(&session->arena);
        return status;
}

void session_want_kind(struct session *session, const struct kind *kind)
{
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (all_kinds.kinds[i] == kind)
                        session->want.kinds |= UINT64_C(1) << i;
}

void session_want_all_kinds(struct session *session)
{
        session->want.kinds = (UINT64_C(1) << all_kinds.nkinds) - 1;
}

void session_want_kin(struct session *session)
{
        bool uncounted = false;

        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                uncounted |= session->want.kinds >> i & 1 && all_kinds.kinds[i]->uncounted;
        for (unsigned i = 0; uncounted && i < all_kinds.nkinds; i++)
                if (kind_has_field(all_kinds.kinds[i], FIELD_KEY))
                        session->want.kinds |= UINT64_C(1) << i;
}

void session_want_fields(struct session *session, const uint16_t *fields, unsigned n)
{
        for (unsigned i = 0; i < n; i++)
                field_set_add(&session->want.fields, fields[i]);
        session->want.waiters |= field_set_has(&session->want.fields, FIELD_WAITERS);
}

void session_want_all_fields(struct session *session)
{
        /* For every descriptor of a machine fdinfo is too much: that is read for who asks for it by name. */
        for (uint16_t i = 0; i < FIELD_COUNT; i++)
                if (i != FIELD_CLOEXEC)
                        field_set_add(&session->want.fields, i);
}

void session_take(struct session *session)
{
        if (session->invocation->settings.no_holders)
                session->want.waiters = false;
        if (!session->snapshot)
                session->snapshot = collect(session->host, &all_kinds, &session->want, NULL, NULL);
        session->format.snapshot = session->snapshot;
}

void session_collect(struct session *session)
{
        session_take(session);
        message_gaps(session->invocation, session->snapshot);
}

size_t session_select(struct session *session, const struct object **objects, size_t n)
{
        size_t kept = 0;

        for (size_t i = 0; i < n; i++)
                if (!session->query || query_match(session->query, session->snapshot, objects[i]))
                        objects[kept++] = objects[i];
        if (session->sorted)
                sort_objects(session->snapshot, objects, kept, session->sort);
        return kept;
}

static bool has(const uint16_t *columns, int n, uint16_t field)
{
        for (int i = 0; i < n; i++)
                if (columns[i] == field)
                        return true;
        return false;
}

/* Fields that an object of the wanted kinds may have, and the computed ones. */
static int all_columns(const struct session *session, uint16_t *ret)
{
        int n = 0;

        ret[n++] = FIELD_REF;
        for (unsigned i = 0; i < all_kinds.nkinds; i++) {
                const struct kind *kind = all_kinds.kinds[i];

                for (unsigned j = 0; session->want.kinds >> i & 1 && j < kind->nfields; j++)
                        if (!has(ret, n, kind->fields[j]))
                                ret[n++] = kind->fields[j];
        }
        ret[n++] = FIELD_NAMESPACE;
        ret[n++] = FIELD_AGE_SECONDS;
        ret[n++] = FIELD_HOLDERS;
        ret[n++] = FIELD_PEERS;
        ret[n++] = FIELD_WAITERS;
        return n;
}

/* May it be a column at all, for any kind that is shown? Members of holders and rows may not. */
static bool is_column(const struct session *session, uint16_t field)
{
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (session->want.kinds >> i & 1 && kind_has_field(all_kinds.kinds[i], field))
                        return true;
        return false;
}

int session_columns(const struct session *session, const uint16_t *standard, unsigned nstandard, uint16_t *ret)
{
        const char *given = session->invocation->settings.columns;
        struct text rest = given ? text_of(given) : (struct text){ "", 0 }, word;
        struct parse_error error = { N_("unknown field"), 0 };
        int n = 0;

        if (given && strcmp(given, "all") == 0)
                return all_columns(session, ret);
        if (!given || *given == '+') {
                memcpy(ret, standard, nstandard * sizeof(*ret));
                n = (int)nstandard;
                rest = text_from(rest, 1);
        }
        while (text_split(&rest, ',', &word)) {
                uint16_t field;

                error.at = (size_t)(word.data - given);
                if (!field_find(word, &field)) {
                        message_parse(session->invocation, "-o", given, &error);
                        return -1;
                }
                if (!is_column(session, field)) {
                        error.message = N_("no field of the kinds that are listed");
                        message_parse(session->invocation, "-o", given, &error);
                        return -1;
                }
                if (!has(ret, n, field))
                        ret[n++] = field;
        }
        /* No columns at all, or none behind the last comma. */
        if (n == 0 || (given && text_ends(text_of(given), TEXT(",")))) {
                error.at = strlen(given);
                message_parse(session->invocation, "-o", given, &error);
                return -1;
        }
        return n;
}
