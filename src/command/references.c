/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/references.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "command/message.h"
#include "kind/kinds.h"
#include "model/resolver.h"

#include <stdlib.h>

void references_init(struct references *references, struct session *session)
{
        *references = (struct references){ .session = session };
}

void references_done(struct references *references)
{
        references->session->want.named = NULL;
        references->session->want.nnamed = 0;
        free(references->list);
        free(references->typed);
        free(references->named);
        free(references->errors);
}

enum exit_status references_add(struct references *references, const char *argument)
{
        struct session *session = references->session;
        struct reference reference;
        struct parse_error error;

        if (reference_parse(&all_kinds, text_of(argument), &session->arena, &reference, &error) < 0) {
                message_parse(session->invocation, NULL, argument, &error);
                return STATUS_USAGE;
        }
        references_put(references, &reference, argument);
        return STATUS_DONE;
}

void references_put(struct references *references, const struct reference *reference, const char *typed)
{
        struct session *session = references->session;

        if (references->n == references->room) {
                references->room = references->room ? references->room * 2 : 16;
                references->list = memory_resize(references->list, references->room, sizeof(*references->list));
                references->typed = memory_resize(references->typed, references->room, sizeof(*references->typed));
                references->named = memory_resize(references->named, references->room, sizeof(*references->named));
        }
        references->list[references->n] = *reference;
        references->typed[references->n++] = typed;
        session->want.named = references->list;
        session->want.nnamed = references->n;
        if (reference->kind && (references->n == 1 || reference->kind != references->list[references->n - 2].kind))
                session_want_kind(session, reference->kind);
}

struct gathering {
        const struct snapshot *snapshot;
        struct object_set *set;
};

static void gather(const struct object *object, void *data)
{
        const struct gathering *gathering = data;

        object_set_add(gathering->set, gathering->snapshot, object);
}

void references_missing(struct references *references, size_t number)
{
        const char *typed = references->typed[number];

        message(references->session->invocation, typed, _("no such object"));
        references->errors = memory_resize(references->errors, references->nerrors + 1, sizeof(*references->errors));
        references->errors[references->nerrors++] =
                (struct json_error){ text_of(typed), "no such object", STATUS_MISSING };
}

void references_look(struct references *references, const struct snapshot *snapshot, struct object_set *ret)
{
        struct gathering gathering = { snapshot, ret };
        struct resolver resolver;

        resolver_init(&resolver, snapshot);
        references->found = 0;
        for (size_t i = 0; i < references->n; i++) {
                if (references->list[i].by == REFERENCE_PID)
                        continue;
                references->named[i] = resolver_find(&resolver, &references->list[i], gather, &gathering) > 0;
                references->found += references->named[i];
        }
        resolver_done(&resolver);
        for (size_t i = 0; i < snapshot->nobjects; i++)
                if (references->kinds >> snapshot->objects[i].kind_order & 1)
                        object_set_add(ret, snapshot, &snapshot->objects[i]);
}

void references_tell(struct references *references)
{
        for (size_t i = 0; i < references->n; i++)
                if (references->list[i].by != REFERENCE_PID && !references->named[i])
                        references_missing(references, i);
}

void references_find(struct references *references, const struct snapshot *snapshot, struct object_set *ret)
{
        references_look(references, snapshot, ret);
        references_tell(references);
}

enum exit_status references_status(const struct references *references)
{
        if (references->nerrors == 0)
                return STATUS_DONE;
        return references->found ? STATUS_SOME : STATUS_MISSING;
}
