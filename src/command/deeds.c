/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/deeds.h"

#include "base/i18n.h"
#include "command/message.h"
#include "sys/copy.h"

#include <errno.h>
#include <string.h>

enum exit_status deeds_status(const struct deed *deed)
{
        switch (deed->result) {
        case DEED_DONE:
                return STATUS_DONE;
        case DEED_GONE:
                return STATUS_MISSING;
        case DEED_CHANGED:
        case DEED_REFUSED:
                return deed->err == EPERM ? STATUS_FORBIDDEN : STATUS_REFUSED;
        case DEED_FAILED:
        case DEED_UNSAVED:
        case DEED_RESULT_COUNT:
                break;
        }
        if (deed->err == EPERM || deed->err == EACCES)
                return STATUS_FORBIDDEN;
        return deed->err == EEXIST ? STATUS_REFUSED : STATUS_FAILED;
}

void deeds_count(struct deeds_tally *tally, enum exit_status status)
{
        if (status == STATUS_DONE)
                tally->done++;
        else if (tally->undone++ == 0)
                tally->status = status;
}

enum exit_status deeds_sum(const struct deeds_tally *tally)
{
        return tally->done && tally->undone ? STATUS_SOME : tally->status;
}

static void add_owner(struct buf *text, const struct format *format, const struct object *object)
{
        const struct value *owner = row_get(object_row(object), FIELD_OWNER);
        struct buf name = { 0 };

        if (!owner || owner->type != VALUE_UINT)
                return;
        format_value(&name, owner, format);
        buf_printf(text, _(" (owner %s)"), name.data);
        buf_done(&name);
}

static void add_change(struct buf *text, const struct format *format, const struct act *act)
{
        struct buf before = { 0 }, now = { 0 };

        format_value(&before, &act->changed.before, format);
        format_value(&now, &act->changed.now, format);
        buf_printf(text, _("not the one that was seen any more: %s was %s and is %s; left as it is"),
                   field_get(act->changed.field)->name, before.data ? before.data : "", now.data ? now.data : "");
        buf_done(&before);
        buf_done(&now);
}

void deeds_put_failure(const struct deed *deed, const struct object *object, const struct format *format,
                       struct buf *out)
{
        const struct acts *acts = object->key.kind->acts;

        if (deed->result == DEED_GONE) {
                buf_string(out, _("gone meanwhile"));
        } else if (deed->result == DEED_CHANGED) {
                add_change(out, format, &deed->act);
        } else if (object->foreign) {
                buf_string(out, _("of another namespace: run ipcview there, by nsenter(1)"));
        } else if (deed->result == DEED_REFUSED && deed->act.reason) {
                buf_string(out, _(deed->act.reason));
        } else if (deed->result == DEED_REFUSED) {
                buf_string(out, acts ? _("refused") : _("nothing can be done to objects of this kind"));
        } else {
                buf_string(out, strerror(deed->err));
                if (deed->act.reason)
                        buf_printf(out, ": %s", _(deed->act.reason));
                if (deed->err == EPERM || deed->err == EACCES)
                        add_owner(out, format, object);
        }
}

enum exit_status deeds_prepare_copies(const struct invocation *invocation, const char *dir)
{
        struct buf text = { 0 };
        const char *why;
        int r = copy_prepare(dir, &why);

        if (r == 0)
                return STATUS_DONE;
        buf_string(&text, strerror(-r));
        if (why)
                buf_printf(&text, ": %s", _(why));
        message(invocation, dir, text.data);
        buf_done(&text);
        return r == -EPERM || r == -EACCES ? STATUS_FORBIDDEN : STATUS_FAILED;
}

void deeds_complain(const struct session *session, const struct deed *deed, const struct object *object)
{
        struct buf text = { 0 }, ref = { 0 };

        buf_add(&ref, object->ref);
        deeds_put_failure(deed, object, &session->format, &text);
        message(session->invocation, ref.data, text.data);
        buf_done(&text);
        buf_done(&ref);
}
