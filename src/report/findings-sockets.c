/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listeners that are full, socket files without a socket, sockets without their file. */
#include "base/escape.h"
#include "report/findings-private.h"

static void backlog_full(struct judging *judging, const struct object *object)
{
        uint64_t waiting, most;
        unsigned blocked = 0;

        /* One more than the number is let in (sk_acceptq_is_full(), unix_recvq_full()). */
        if (!number_of(object, FIELD_BACKLOG, &waiting) || !number_of(object, FIELD_MAX_BACKLOG, &most) ||
            waiting <= most)
                return;
        for (unsigned i = 0; i < object->nwaits; i++)
                blocked += text_equal(text_of(object->waits[i].operation), TEXT("connect"));
        finding_begin(judging, FINDING_BACKLOG_FULL, object, NULL);
        say_count(judging, waiting, "%u connection waits to be accepted", "%u connections wait to be accepted",
                  (unsigned)waiting);
        say(judging, N_(", and more may not (the backlog is %u)"), (unsigned)most);
        if (blocked)
                say_count(judging, blocked, "; %u thread is blocked in connect",
                          "; %u threads are blocked in connect", blocked);
        if (object->nholds) {
                say(judging, N_("; it is up to "));
                say_process(judging, object->holds[0].process);
        }
        finding_end(judging);
}

static void socket_stale(struct judging *judging, const struct object *object)
{
        struct finding *draft = finding_begin(judging, FINDING_SOCKET_STALE, object, NULL);
        const struct value *name = row_get(object_row(object), FIELD_NAME);
        uint64_t created;

        draft->inferred = true;
        say(judging, N_("no socket is bound to this file of "));
        say_user(judging, (uid_t)number_or_zero(object, FIELD_OWNER));
        if (number_of(object, FIELD_CREATED_AT, &created) && created) {
                draft->since = (int64_t)created;
                say(judging, N_(", made "));
                say_span(judging, seconds_since(judging, created));
                say(judging, N_(" ago"));
        }
        /* A reference is one shell word; what it leads to is a path only if nothing of it is hidden. */
        if (name && name->type == VALUE_TEXT && name->len > 0 && name->data[0] == '/' &&
            object->ref.len == name->len + strlen("unix:"))
                finding_remedy(judging, "rm -- %.*s", (int)name->len, name->data);
        else
                finding_remedy(judging, "ipcview show %.*s", (int)object->ref.len, object->ref.data);
        finding_end(judging);
}

static void socket_lost(struct judging *judging, const struct object *object, bool replaced)
{
        const struct value *name = row_get(object_row(object), FIELD_NAME);
        const struct value *state = row_get(object_row(object), FIELD_STATE);
        struct finding *draft = finding_begin(judging, FINDING_SOCKET_LOST, object, NULL);
        uint64_t phase;

        draft->inferred = state->inferred;
        /* Some bind a name for the answer, and remove it at once; and what is deduced proves nothing. */
        if (!number_of(object, FIELD_SOCKET_STATE, &phase) || phase != SOCKET_LISTENING || state->inferred)
                draft->severity = SEVERITY_NOTICE;
        say(judging, replaced ? N_("another file lies at ") : N_("there is no file at "));
        if (name && name->type == VALUE_TEXT)
                escape_display(&judging->text, value_text(name), judging->options->utf8);
        say(judging, replaced ? N_(" now") : N_(" any more"));
        if (object->nholds) {
                say(judging, N_("; the socket is "));
                say_process(judging, object->holds[0].process);
                say(judging, N_("'s"));
        }
        finding_end(judging);
}

void findings_sockets(struct judging *judging, const struct object *object)
{
        uint64_t states;

        if (judging_wants(judging, FINDING_BACKLOG_FULL))
                backlog_full(judging, object);
        if (topic_of(judging, object) != TOPIC_UNIX)
                return;
        states = number_or_zero(object, FIELD_STATE);
        if (judging_wants(judging, FINDING_SOCKET_STALE) && states & WORD_BIT(STATE_STALE))
                socket_stale(judging, object);
        else if (judging_wants(judging, FINDING_SOCKET_LOST) &&
                 states & (WORD_BIT(STATE_REPLACED) | WORD_BIT(STATE_UNLINKED)))
                socket_lost(judging, object, states & WORD_BIT(STATE_REPLACED));
}
