/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create: makes a new object, never in the place of one that exists. */
#include "admin/assignments.h"
#include "admin/create.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "command/deeds.h"
#include "command/journaling.h"
#include "command/message.h"
#include "kind/kinds.h"
#include "output/json.h"
#include "sys/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What an object gets that has no mode of its own: that of ipcmk(1). */
enum { MODE_USUAL = 0644 };

static const struct option_spec options[] = {
        { 'M', 'M', NULL, N_("SIZE"), N_("a shared memory segment, like ipcmk -M") },
        { 'Q', 'Q', NULL, NULL, N_("a message queue, like ipcmk -Q") },
        { 'S', 'S', NULL, N_("NUMBER"), N_("a set of semaphores, like ipcmk -S") },
        { 'p', 'p', NULL, N_("MODE"), N_("its permission bits, like ipcmk -p") },
};

/* ipcmk's options as what they stand for. */
static const struct {
        int code;
        const char *kind, *field;
} habits[] = { { 'M', "shm", "size_bytes=" }, { 'Q', "msg", NULL }, { 'S', "sem", "semaphore_count=" } };

/* One object to be made. */
struct order {
        const struct kind *kind;
        struct value *wanted;
        size_t nwanted;
        int key;                        /* which of them is a key that is to be found; -1: none */
};

struct creation {
        struct session session;
        struct journal *journal;
        struct deeds_tally tally;
        struct json_changes *json;      /* NULL: for people */
        int journal_err;
};

static bool among(const uint16_t *fields, unsigned n, uint16_t field)
{
        for (unsigned i = 0; i < n; i++)
                if (fields[i] == field)
                        return true;
        return false;
}

static bool takes(const struct kind *kind, uint16_t field)
{
        return among(kind->acts->makeable, kind->acts->nmakeable, field) ||
               among(kind->acts->needed, kind->acts->nneeded, field);
}

static const struct value *find(const struct order *order, uint16_t field)
{
        return row_get((struct row){ order->wanted, order->nwanted }, field);
}

static void want_value(struct order *order, struct value value)
{
        order->wanted = memory_resize(order->wanted, order->nwanted + 1, sizeof(*order->wanted));
        order->wanted[order->nwanted++] = value;
}

static void want_number(struct order *order, uint16_t field, uint64_t number)
{
        want_value(order, (struct value){ .field = field, .type = VALUE_UINT, .u = number });
}

/* KIND, or a reference that says what it shall be called: mq:/jobs, shm:0x5eed. */
static enum exit_status read_target(struct creation *creation, const char *argument, struct order *order)
{
        struct session *session = &creation->session;
        struct reference reference = { .kind = kind_find(&all_kinds, text_of(argument)) };
        struct parse_error error = { N_("what is new has a name, a key, or neither"), 0 };
        bool by_name = true;

        if (!reference.kind && !strchr(argument, ':')) {
                message(session->invocation, argument, _("neither a kind nor KIND:NAME"));
                return STATUS_USAGE;
        }
        if (!reference.kind) {
                if (reference_parse(&all_kinds, text_of(argument), &session->arena, &reference, &error) < 0) {
                        message_parse(session->invocation, NULL, argument, &error);
                        return STATUS_USAGE;
                }
                by_name = reference.by == REFERENCE_NAME;
                if (!reference.kind || (!by_name && reference.by != REFERENCE_KEY) || reference.ns || reference.dev) {
                        message_parse(session->invocation, NULL, argument, &error);
                        return STATUS_USAGE;
                }
                if (by_name)
                        want_value(order, (struct value){ .field = FIELD_NAME, .type = VALUE_TEXT,
                                                          .len = (uint32_t)reference.name.len,
                                                          .data = reference.name.data });
                else
                        want_number(order, FIELD_KEY, reference.number);
        }
        order->kind = reference.kind;
        if (order->kind->acts && order->kind->acts->make)
                return STATUS_DONE;
        message(session->invocation, argument, _("objects of this kind are made by the programs that use them"));
        return STATUS_USAGE;
}

static enum exit_status add_assignments(struct creation *creation, const struct assignments *assignments,
                                        struct order *order)
{
        const struct invocation *invocation = creation->session.invocation;

        for (unsigned i = 0; i < assignments->n; i++) {
                const struct assignment *given = &assignments->list[i];
                const struct value *there = find(order, given->value.field);

                if (!takes(order->kind, given->value.field) ||
                    (given->value.field == FIELD_VALUE && given->number != NUMBER_NONE)) {
                        message(invocation, assignments->typed[i], _("not for a new object of this kind"));
                        return STATUS_USAGE;
                }
                if (there && there->type == VALUE_WORDS) {
                        order->wanted[there - order->wanted].u |= given->value.u;
                } else if (there) {
                        message(invocation, assignments->typed[i], _("given twice"));
                        return STATUS_USAGE;
                } else {
                        want_value(order, given->value);
                }
        }
        return STATUS_DONE;
}

/* What was not said: a mode, a key of its own, and if one of owner and group was, the other. */
static enum exit_status complete(struct creation *creation, struct order *order)
{
        const struct acts *acts = order->kind->acts;
        struct buf text = { 0 };

        for (unsigned i = 0; i < acts->nneeded; i++) {
                uint16_t field = acts->needed[i];

                if (find(order, field))
                        continue;
                if (field == FIELD_NAME)
                        buf_printf(&text, _("needs a name: %s:/NAME"), order->kind->name);
                else if (field != FIELD_MODE && field != FIELD_KEY)
                        buf_printf(&text, _("needs %s=..."), field_get(field)->name);
                if (!text.len)
                        continue;
                message(creation->session.invocation, order->kind->name, text.data);
                buf_done(&text);
                return STATUS_USAGE;
        }
        if (takes(order->kind, FIELD_MODE) && !find(order, FIELD_MODE))
                want_number(order, FIELD_MODE, MODE_USUAL);
        if (find(order, FIELD_OWNER) && !find(order, FIELD_GROUP))
                want_number(order, FIELD_GROUP, getegid());
        if (find(order, FIELD_GROUP) && !find(order, FIELD_OWNER))
                want_number(order, FIELD_OWNER, geteuid());
        order->key = -1;
        if (takes(order->kind, FIELD_KEY) && !find(order, FIELD_KEY)) {
                order->key = (int)order->nwanted;
                want_number(order, FIELD_KEY, 0);
        }
        return STATUS_DONE;
}

static void found_one(const struct object *object, void *data)
{
        buf_clear(data);
        buf_add(data, object->ref);
}

/* The reference of what is in the way. A key may be gone again by now: then nothing. */
static void find_obstacle(const struct creation *creation, const struct order *order, struct buf *ret)
{
        const struct value *name = find(order, FIELD_NAME), *key = find(order, FIELD_KEY);
        struct reference reference = { .kind = order->kind, .by = REFERENCE_KEY };
        struct session other;

        if (name) {
                struct making named = { .made = { *name }, .nmade = 1 };

                making_reference(order->kind, &named, ret);
                return;
        }
        if (!key)
                return;
        if (session_open(&other, creation->session.invocation) == STATUS_DONE) {
                reference.number = key->u;
                other.want.holders = false;
                session_want_kind(&other, order->kind);
                session_take(&other);
                reference_resolve(other.snapshot, &reference, found_one, ret);
        }
        session_close(&other, STATUS_DONE);
}

static void complain(const struct creation *creation, const struct order *order, const struct deed *deed,
                     const struct making *making)
{
        struct buf text = { 0 }, there = { 0 };

        if (deed->err == EEXIST) {
                find_obstacle(creation, order, &there);
                buf_string(&text, _("exists already"));
                if (there.len)
                        buf_printf(&text, ": %s", there.data);
        } else {
                if (making->failed)
                        buf_printf(&text, "%s: ", _(making->failed));
                buf_string(&text, strerror(deed->err));
                if (!making->failed && deed->err == EINVAL)
                        buf_printf(&text, ": %s", _("a value is out of the range that the kernel allows"));
                else if (!making->failed && (deed->err == ENOSPC || deed->err == EMFILE))
                        buf_printf(&text, ": %s", _("a limit of the kernel is reached"));
        }
        message(creation->session.invocation, order->kind->name, text.data);
        buf_done(&text);
        buf_done(&there);
}

/* "shm:7 key=0x00005eed"; with -q the reference alone. */
static void print_made(struct creation *creation, const struct making *making, const struct buf *ref)
{
        const struct value *key = row_get((struct row){ making->made, making->nmade }, FIELD_KEY);
        struct session *session = &creation->session;

        buf_add(&session->sink.buf, buf_text(ref));
        if (key && !session->invocation->settings.quiet) {
                buf_string(&session->sink.buf, " key=");
                format_value(&session->sink.buf, key, &session->format);
        }
        buf_byte(&session->sink.buf, '\n');
}

static void make(struct creation *creation, const struct order *order)
{
        struct session *session = &creation->session;
        struct deed deed = { .host = session->host, .snapshot = session->snapshot, .action = "create",
                             .journal = creation->journal };
        struct making making = { .host = session->host, .wanted = { order->wanted, order->nwanted },
                                 .keep_owner = find(order, FIELD_OWNER), .arena = &session->arena };
        struct buf ref = { 0 };

        deed_create(&deed, order->kind, &making, order->key >= 0 ? &order->wanted[order->key] : NULL, &ref);
        if (!creation->journal_err)
                creation->journal_err = deed.journal_err;
        deeds_count(&creation->tally, deeds_status(&deed));
        if (creation->json)
                json_changes_add(creation->json, &(struct json_change){
                        .deed = &deed, .ref = buf_text(&ref), .kind = order->kind,
                        .made = { making.made, making.nmade } });
        else if (deed.result == DEED_DONE)
                print_made(creation, &making, &ref);
        if (deed.result != DEED_DONE)
                complain(creation, order, &deed, &making);
        deed_done(&deed);
        buf_done(&ref);
}

/* FIELD=VALUE words, as typed or as ipcmk's options stand for them. */
struct words {
        const char **list;
        size_t n;
};

static void add_word(struct creation *creation, struct words *words, const char *field, const char *value)
{
        struct buf text = { 0 };

        buf_string(&text, field);
        buf_string(&text, value);
        words->list[words->n++] = arena_text(&creation->session.arena, buf_text(&text)).data;
        buf_done(&text);
}

static enum exit_status read_order(struct creation *creation, const char *target, const struct words *words,
                                   struct order *order)
{
        struct assignments assignments = { 0 };
        enum exit_status status = read_target(creation, target, order);
        struct parse_error error;

        for (size_t i = 0; i < words->n && status == STATUS_DONE; i++)
                if (assignments_add(&assignments, creation->session.host, words->list[i], &error) < 0) {
                        message_parse(creation->session.invocation, NULL, words->list[i], &error);
                        status = STATUS_USAGE;
                }
        if (status == STATUS_DONE)
                status = add_assignments(creation, &assignments, order);
        if (status == STATUS_DONE)
                status = complete(creation, order);
        assignments_done(&assignments);
        return status;
}

struct orders {
        struct order list[COUNT(habits)];
        size_t n;
};

static enum exit_status read_habits(struct creation *creation, const struct words *words, struct orders *orders)
{
        const struct invocation *invocation = creation->session.invocation;
        struct words all = { .list = ARENA_ARRAY(&creation->session.arena, const char *, words->n + 1) };
        enum exit_status status = STATUS_DONE;

        for (unsigned i = 0; i < COUNT(habits) && status == STATUS_DONE; i++) {
                const char *argument = NULL;
                bool given = false;

                for (size_t j = 0; j < invocation->ngiven; j++)
                        if (invocation->given[j].code == habits[i].code) {
                                given = true;
                                argument = invocation->given[j].argument;
                        }
                if (!given)
                        continue;
                all.n = 0;
                if (argument)
                        add_word(creation, &all, habits[i].field, argument);
                for (size_t j = 0; j < words->n; j++)
                        all.list[all.n++] = words->list[j];
                status = read_order(creation, habits[i].kind, &all, &orders->list[orders->n++]);
        }
        return status;
}

static enum exit_status read_arguments(struct creation *creation, struct orders *orders)
{
        const struct invocation *invocation = creation->session.invocation;
        size_t most = (size_t)invocation->narguments + invocation->ngiven;
        struct words words = { .list = ARENA_ARRAY(&creation->session.arena, const char *, most + 1) };
        const char *target = NULL;
        bool habit = false;

        for (int i = 0; i < invocation->narguments; i++) {
                const char *argument = invocation->arguments[i];

                if (is_assignment(argument)) {
                        words.list[words.n++] = argument;
                } else if (target) {
                        message(invocation, argument, _("one object at a time"));
                        return STATUS_USAGE;
                } else {
                        target = argument;
                }
        }
        for (size_t i = 0; i < invocation->ngiven; i++) {
                if (invocation->given[i].code == 'p')
                        add_word(creation, &words, "mode=", invocation->given[i].argument);
                else
                        habit = true;
        }
        if (habit == (target != NULL)) {
                message(invocation, target, target ? _("-M, -Q and -S say already what to make")
                                                   : _("what? (a KIND, or KIND:NAME)"));
                return STATUS_USAGE;
        }
        if (habit)
                return read_habits(creation, &words, orders);
        orders->n = 1;
        return read_order(creation, target, &words, &orders->list[0]);
}

static enum exit_status run_session(struct creation *creation, struct orders *orders)
{
        struct session *session = &creation->session;
        struct json_options json = { .lines = session->invocation->settings.lines };
        enum exit_status status = read_arguments(creation, orders);

        if (status != STATUS_DONE)
                return status;
        if (!host_live(session->host)) {
                message(session->invocation, "--sysroot", _("a recorded machine can't be changed"));
                return STATUS_USAGE;
        }
        /* Nothing is asked of the machine but what it is. */
        session->want.holders = false;
        session_take(session);
        if (session->invocation->settings.json)
                creation->json = json_changes_begin(session->snapshot, &json, &session->sink);
        creation->journal = journaling_begin(session->invocation);
        for (size_t i = 0; i < orders->n; i++)
                make(creation, &orders->list[i]);
        if (creation->journal)
                journaling_end(session->invocation, creation->journal, creation->journal_err);
        if (creation->json)
                json_changes_end(creation->json);
        return deeds_sum(&creation->tally);
}

static enum exit_status create_run(struct invocation *invocation)
{
        struct creation creation = { 0 };
        struct orders orders = { 0 };
        enum exit_status status = session_open(&creation.session, invocation);

        if (status == STATUS_DONE)
                status = run_session(&creation, &orders);
        for (size_t i = 0; i < orders.n; i++)
                free(orders.list[i].wanted);
        return session_close(&creation.session, status);
}

const struct command command_create = {
        .name = "create",
        .usage = N_("[KIND[:NAME]] [FIELD=VALUE]..."),
        .summary = N_("make an object, never in the place of one that exists"),
        .options = options, .noptions = COUNT(options),
        .run = create_run,
};
