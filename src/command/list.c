/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list: one row per object. */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "command/limits.h"
#include "command/message.h"
#include "command/references.h"
#include "command/session.h"
#include "command/show.h"
#include "command/totals.h"
#include "kind/kinds.h"

#include <errno.h>
#include <stdlib.h>

/* ipcs' options, by habit. */
enum habit {
        HABIT_SHM = 1 << 0, HABIT_MSG = 1 << 1, HABIT_SEM = 1 << 2, HABIT_ALL = 1 << 3,
        HABIT_TIMES = 1 << 4, HABIT_PIDS = 1 << 5, HABIT_CREATOR = 1 << 6, HABIT_TOTALS = 1 << 7, HABIT_LIMITS = 1 << 8,
        HABIT_KINDS = HABIT_SHM | HABIT_MSG | HABIT_SEM,
        HABIT_COLUMNS = HABIT_TIMES | HABIT_PIDS | HABIT_CREATOR,
};

/* The kinds by ipcs' letters. */
static const struct {
        unsigned flag;
        const char *kind;
} habits[] = { { HABIT_SHM, "shm" }, { HABIT_MSG, "msg" }, { HABIT_SEM, "sem" } };

static const struct option_spec options[] = {
        { 'm', 'm', NULL, NULL, N_("System V shared memory, like ipcs -m") },
        { 'q', 'q', NULL, NULL, N_("System V message queues, like ipcs -q") },
        { 's', 's', NULL, NULL, N_("System V semaphores, like ipcs -s") },
        { 'a', 'a', NULL, NULL, N_("all three of System V") },
        { 't', 't', NULL, NULL, N_("columns with times") },
        { 'p', 'p', NULL, NULL, N_("columns with processes") },
        { 'c', 'c', NULL, NULL, N_("columns with creator and owner") },
        { 'u', 'u', NULL, NULL, N_("a summary: objects and bytes by kind") },
        { 'l', 'l', NULL, NULL, N_("limits, like ipcs -l") },
        { 'i', 'i', NULL, N_("ID"), N_("one object in full; with -m, -q or -s") },
};

static int option(struct invocation *invocation, int code, const char *argument)
{
        switch (code) {
        case 'm': invocation->flags |= HABIT_SHM; break;
        case 'q': invocation->flags |= HABIT_MSG; break;
        case 's': invocation->flags |= HABIT_SEM; break;
        case 'a': invocation->flags |= HABIT_KINDS | HABIT_ALL; break;
        case 't': invocation->flags |= HABIT_TIMES; break;
        case 'p': invocation->flags |= HABIT_PIDS; break;
        case 'c': invocation->flags |= HABIT_CREATOR; break;
        case 'u': invocation->flags |= HABIT_TOTALS; break;
        case 'i': invocation->id = argument; break;
        case 'l': invocation->flags |= HABIT_LIMITS; break;
        }
        return 0;
}

/* Of many kinds at once. */
static const uint16_t common_columns[] = {
        FIELD_REF, FIELD_SIZE_BYTES, FIELD_OWNER, FIELD_MODE, FIELD_STATE, FIELD_AGE_SECONDS, FIELD_SUMMARY,
        FIELD_HOLDERS,
};

static void add_by_unit(const struct kind *kind, enum unit unit, uint16_t *columns, unsigned *n)
{
        for (unsigned i = 0; i < kind->nfields; i++)
                if (field_get(kind->fields[i])->unit == unit)
                        columns[(*n)++] = kind->fields[i];
}

/* ipcs -t -p -c, for any kind: what the dictionary says are times, processes, users. */
static unsigned habit_columns(const struct kind *kind, unsigned flags, uint16_t *ret)
{
        unsigned n = 0;

        ret[n++] = FIELD_REF;
        if (flags & HABIT_TIMES)
                add_by_unit(kind, UNIT_TIME, ret, &n);
        if (flags & HABIT_PIDS) {
                add_by_unit(kind, UNIT_PID, ret, &n);
                ret[n++] = FIELD_HOLDERS;
        }
        if (flags & HABIT_CREATOR) {
                add_by_unit(kind, UNIT_UID, ret, &n);
                add_by_unit(kind, UNIT_GID, ret, &n);
                if (kind_has_field(kind, FIELD_MODE))
                        ret[n++] = FIELD_MODE;
        }
        return n;
}

static const struct kind *only_kind(const struct session *session)
{
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (session->want.kinds == UINT64_C(1) << i)
                        return all_kinds.kinds[i];
        return NULL;
}

/* One table: its columns, and the question that they ask. Returns the number, or -1. */
static int table_columns(struct session *session, const struct kind *kind, uint16_t *ret)
{
        unsigned flags = session->invocation->flags & HABIT_COLUMNS;
        uint16_t standard[FIELD_COUNT];
        unsigned n;
        int found;

        if (kind && flags) {
                n = habit_columns(kind, flags, standard);
        } else {
                const uint16_t *columns = kind ? kind->columns : common_columns;

                n = kind ? kind->ncolumns : COUNT(common_columns);
                memcpy(standard, columns, n * sizeof(*columns));
        }
        found = session_columns(session, standard, n, ret);
        if (found > 0)
                session_want_fields(session, ret, (unsigned)found);
        return found;
}

/* Without these columns, filter or sort key nobody asks who has what: no walk, where a table lists the objects. */
static void skip_walk(struct session *session)
{
        static const uint16_t walked[] = { FIELD_HOLDERS, FIELD_PEERS, FIELD_WAITERS, FIELD_STATE, FIELD_LINKED,
                                           FIELD_PATH, FIELD_DESCRIPTORS_IN_FLIGHT };
        bool needed = false;

        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                needed |= session->want.kinds >> i & 1 && all_kinds.kinds[i]->unlisted;
        for (unsigned i = 0; i < COUNT(walked); i++)
                needed |= field_set_has(&session->want.fields, walked[i]);
        if (!needed)
                session->want.holders = false;
}

/* A kind's part of the objects, which are in the order of the kinds unless sorted otherwise. */
static void print_section(struct session *session, const struct kind *kind, const struct object_set *all, bool first)
{
        const struct object **part = memory_new((all->n + 1) * sizeof(*part));
        uint16_t columns[FIELD_COUNT];
        size_t n = 0;
        int ncolumns;

        for (size_t i = 0; i < all->n; i++)
                if (all->objects[i]->key.kind == kind)
                        part[n++] = all->objects[i];
        ncolumns = table_columns(session, kind, columns);
        if (!session->invocation->settings.no_headings) {
                buf_printf(&session->sink.buf, "%s%s\n", first ? "" : "\n", _(kind->title));
        }
        if (ncolumns > 0)
                list_print(session->snapshot, part, n, columns, (unsigned)ncolumns, &session->format, &session->look,
                           &session->sink);
        free(part);
}

static void print_sections(struct session *session, const struct object_set *all)
{
        bool first = true;

        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (session->want.kinds >> i & 1) {
                        print_section(session, all_kinds.kinds[i], all, first);
                        first = false;
                }
}

/* ipcs shows a table per facility; so do its options here, unless -o makes one table of all. */
static bool in_sections(const struct session *session)
{
        return session->invocation->flags & (HABIT_KINDS | HABIT_COLUMNS) && !session->invocation->settings.columns &&
               !only_kind(session);
}

/*
 * ipcview --json, without a command and a choice among the objects, prints all
 * that a snapshot has: whoever reads it back can ask it what the machine can be asked.
 */
static bool is_whole(const struct session *session)
{
        const struct invocation *invocation = session->invocation;

        return invocation->plain && invocation->settings.json && !invocation->settings.filter;
}

static enum exit_status ask(struct session *session, uint16_t *columns, int *ret_n)
{
        *ret_n = 0;
        if (session->invocation->settings.json || session->invocation->flags & HABIT_TOTALS) {
                session_want_all_fields(session);
                session->want.waiters |= session->invocation->settings.json;
                if (is_whole(session))
                        limits_want(session);
                return STATUS_DONE;
        }
        if (in_sections(session)) {
                session_want_all_fields(session);
        } else {
                *ret_n = table_columns(session, only_kind(session), columns);
                if (*ret_n < 0)
                        return STATUS_USAGE;
                skip_walk(session);
        }
        return STATUS_DONE;
}

static void print(struct session *session, const struct object_set *selected, const struct references *references,
                  const uint16_t *columns, int ncolumns)
{
        const struct settings *settings = &session->invocation->settings;

        if (settings->json) {
                /* A saved list of objects is no more than that. */
                bool whole = is_whole(session) && session->snapshot->want.limits;
                struct json_options json = { .lines = settings->lines, .whole = whole, .errors = references->errors,
                                             .nerrors = references->nerrors };

                json_print(session->snapshot, selected->objects, selected->n, NULL, 0, &json, &session->sink);
        } else if (session->invocation->flags & HABIT_TOTALS) {
                totals_print(session, selected->objects, selected->n);
        } else if (in_sections(session)) {
                print_sections(session, selected);
        } else {
                list_print(session->snapshot, selected->objects, selected->n, columns, (unsigned)ncolumns,
                           &session->format, &session->look, &session->sink);
        }
}

/* Kinds among the arguments; the rest must be references. */
static enum exit_status read_arguments(struct session *session, struct references *references)
{
        const struct invocation *invocation = session->invocation;
        enum exit_status status = STATUS_DONE;

        for (unsigned i = 0; i < COUNT(habits); i++)
                if (invocation->flags & habits[i].flag)
                        session_want_kind(session, kind_find(&all_kinds, text_of(habits[i].kind)));
        for (int i = 0; i < invocation->narguments && status == STATUS_DONE; i++) {
                const char *argument = invocation->arguments[i];
                const struct kind *kind = kind_find(&all_kinds, text_of(argument));

                if (kind) {
                        session_want_kind(session, kind);
                        references->kinds = session->want.kinds;
                } else if (!strchr(argument, ':')) {
                        message(invocation, argument, _("neither a kind nor a reference (KIND:NAME)"));
                        status = STATUS_USAGE;
                } else {
                        status = references_add(references, argument);
                }
        }
        references->kinds |= references->n ? 0 : session->want.kinds;
        if (!session->want.kinds)
                session_want_all_kinds(session);
        return status;
}

/*
 * A connection to another machine says nothing of what goes on in this one: it
 * is listed when its kind was named, or a filter says what is wanted.
 */
static bool leads_away(const struct session *session, const struct references *references,
                       const struct object *object)
{
        const struct value *local;

        if (session->query || references->kinds >> object->kind_order & 1)
                return false;
        local = row_get(object_row(object), FIELD_LOCAL_PEER);
        return local && local->type == VALUE_BOOL && !local->u;
}

/* What an epoll watches may be of any kind: then all are collected, to be named as its peers. */
static void widen(struct session *session)
{
        bool watched = false;

        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                watched |= session->want.kinds >> i & 1 && all_kinds.kinds[i]->wake == WAKE_WATCHED;
        if (watched && session->want.holders && field_set_has(&session->want.fields, FIELD_PEERS))
                session_want_all_kinds(session);
}

static enum exit_status run_session(struct session *session, struct references *references)
{
        enum exit_status status = read_arguments(session, references);
        uint64_t listed = session->want.kinds;
        uint16_t columns[FIELD_COUNT];
        struct object_set selected = { 0 };
        int ncolumns = 0;

        if (status == STATUS_DONE)
                status = ask(session, columns, &ncolumns);
        if (status != STATUS_DONE)
                return status;
        widen(session);
        session_collect(session);
        if (references->n) {
                references_find(references, session->snapshot, &selected);
                status = references_status(references);
        } else {
                for (size_t i = 0; i < session->snapshot->nobjects; i++) {
                        const struct object *object = &session->snapshot->objects[i];

                        if (listed >> object->kind_order & 1 &&
                            (is_whole(session) || !leads_away(session, references, object)))
                                object_set_append(&selected, object);
                }
        }
        selected.n = session_select(session, selected.objects, selected.n);
        print(session, &selected, references, columns, ncolumns);
        object_set_done(&selected);
        return status;
}

/* list -m -i 7 is show shm:7. */
static enum exit_status show_one(const struct invocation *invocation)
{
        struct invocation call = *invocation;
        struct buf reference = { 0 };
        enum exit_status status;
        char *argument;

        for (unsigned i = 0; i < COUNT(habits); i++)
                if ((invocation->flags & HABIT_KINDS) == habits[i].flag)
                        buf_printf(&reference, "%s:id=%s", habits[i].kind, invocation->id);
        if (!reference.len) {
                message(invocation, "-i", _("needs one of -m, -q and -s"));
                return STATUS_USAGE;
        }
        if (invocation->narguments) {
                message(invocation, invocation->arguments[0], _("-i takes no further arguments"));
                buf_done(&reference);
                return STATUS_USAGE;
        }
        argument = reference.data;
        call.arguments = &argument;
        call.narguments = 1;
        status = show_run(&call);
        buf_done(&reference);
        return status;
}

/* list -l [-m] [-q] [-s] is limits, of System V. */
static enum exit_status show_limits(struct invocation *invocation)
{
        struct invocation call = *invocation;
        const char *kinds[COUNT(habits)];
        unsigned n = 0;

        if (invocation->narguments) {
                message(invocation, invocation->arguments[0], _("-l takes no further arguments"));
                return STATUS_USAGE;
        }
        for (unsigned i = 0; i < COUNT(habits); i++)
                if (invocation->flags & habits[i].flag)
                        kinds[n++] = habits[i].kind;
        call.flags = 0;
        return limits_like_ipcs(&call, kinds, n);
}

static enum exit_status run(struct invocation *invocation)
{
        struct references references;
        struct session session;
        enum exit_status status;

        if (invocation->id)
                return show_one(invocation);
        if (invocation->flags & HABIT_LIMITS)
                return show_limits(invocation);
        if (invocation->flags & HABIT_TOTALS && invocation->settings.json) {
                message(invocation, "-u", _("has no JSON form: sum up the objects of --json"));
                return STATUS_USAGE;
        }
        status = session_open(&session, invocation);
        references_init(&references, &session);
        if (status == STATUS_DONE)
                status = run_session(&session, &references);
        references_done(&references);
        return session_close(&session, status);
}

const struct command command_list = {
        .name = "list", .alias = "ls",
        .usage = N_("[KIND|REF]..."),
        .saved = true,
        .summary = N_("one row per object"),
        .options = options, .noptions = COUNT(options),
        .option = option,
        .run = run,
};
