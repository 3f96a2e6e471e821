/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System V message queues: msgget(2), msgsnd(2), msgctl(2). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/sysv-acts.h"
#include "kind/sysv-table.h"
#include "model/limit.h"
#include "sys/sysv.h"

#include <errno.h>

/*
 * A queue is full when the next message would pass msg_qbytes, in bytes or in
 * number: messages without text count too (ipc/msg.c, msg_fits_inqueue).
 */
static void tell_full(struct builder *builder, struct object *object, uint64_t most)
{
        const struct value *bytes = row_get(object_row(object), FIELD_QUEUED_BYTES);
        const struct value *messages = row_get(object_row(object), FIELD_QUEUED_MESSAGES);

        if ((bytes->type == VALUE_UINT && bytes->u >= most) ||
            (messages->type == VALUE_UINT && messages->u >= most))
                builder_state(builder, object, WORD_BIT(STATE_FULL), false);
}

static void complete(const struct host *host, struct builder *builder, struct object *object)
{
        const struct want *want = builder_want(builder);
        uint64_t most;
        int err;

        if (!field_set_has(&want->fields, FIELD_MAX_BYTES) && !field_set_has(&want->fields, FIELD_STATE))
                return;
        err = sysv_msg_limit(host, (int)object->key.id, &most);
        if (err == 0) {
                builder_uint(builder, object, FIELD_MAX_BYTES, most);
                tell_full(builder, object, most);
                return;
        }
        builder_unknown(builder, object, FIELD_MAX_BYTES);
        /* EIDRM, EINVAL: removed since the table was read. */
        if (err != -EIDRM && err != -EINVAL)
                builder_gap(builder, &kind_msg, "msgctl(MSG_STAT_ANY)", -err,
                            host_live(host) ? NULL : N_("a recorded machine can't be asked"));
}

static const struct sysv_column columns[] = {
        { "qnum",   FIELD_QUEUED_MESSAGES },
        { "cbytes", FIELD_QUEUED_BYTES },
        { "lspid",  FIELD_LAST_SEND_PID },
        { "lrpid",  FIELD_LAST_RECEIVE_PID },
        { "stime",  FIELD_SENT_AT },
        { "rtime",  FIELD_RECEIVED_AT },
};

static const struct sysv_source source = {
        .kind = &kind_msg, .path = "/proc/sysvipc/msg", .id = "msqid",
        .columns = columns, .ncolumns = COUNT(columns), .complete = complete,
};

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        (void)want;
        sysv_scan(&source, host, builder);
}

static struct object *waited(struct waiting *waiting)
{
        return sysv_waited(&source, waiting, WAIT_MSG);
}

static const uint16_t fields[] = {
        FIELD_ID, FIELD_KEY, FIELD_OWNER, FIELD_GROUP, FIELD_CREATOR, FIELD_CREATOR_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_QUEUED_MESSAGES, FIELD_QUEUED_BYTES, FIELD_MAX_BYTES,
        FIELD_LAST_SEND_PID, FIELD_LAST_SEND_LIFE, FIELD_LAST_RECEIVE_PID, FIELD_LAST_RECEIVE_LIFE,
        FIELD_SENT_AT, FIELD_RECEIVED_AT, FIELD_CHANGED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_KEY, FIELD_QUEUED_MESSAGES, FIELD_QUEUED_BYTES, FIELD_MAX_BYTES, FIELD_OWNER, FIELD_MODE,
        FIELD_STATE, FIELD_AGE_SECONDS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_QUEUED_MESSAGES, FIELD_QUEUED_BYTES };

static const struct kind_history history[] = {
        { NO_ROWS, FIELD_LAST_SEND_PID, FIELD_LAST_SEND_LIFE, { FIELD_SENT_AT }, 1, WAY_LAST,
          N_("last message sent by") },
        { NO_ROWS, FIELD_LAST_RECEIVE_PID, FIELD_LAST_RECEIVE_LIFE, { FIELD_RECEIVED_AT }, 1, WAY_LAST,
          N_("last message received by") },
};

/* The next message is likely to be as long as those that wait. */
static bool usual_message(const struct object *object, uint64_t *ret)
{
        const struct value *bytes = row_get(object_row(object), FIELD_QUEUED_BYTES);
        const struct value *messages = row_get(object_row(object), FIELD_QUEUED_MESSAGES);

        if (!bytes || bytes->type != VALUE_UINT || !messages || messages->type != VALUE_UINT || messages->u == 0)
                return false;
        *ret = bytes->u / messages->u + (bytes->u % messages->u != 0);
        return true;
}

static const struct kind_charge charges[] = {
        { .limit = LIMIT_MSGMNI, .how = CHARGE_ONE, .exact = true },
        { .limit = LIMIT_MSG_QUEUE_BYTES, .how = CHARGE_OWN, .field = FIELD_QUEUED_BYTES, .most = FIELD_MAX_BYTES,
          .amount = usual_message },
        { .limit = LIMIT_MSG_QUEUE_MESSAGES, .how = CHARGE_OWN, .field = FIELD_QUEUED_MESSAGES,
          .most = FIELD_MAX_BYTES },
};

const struct kind kind_msg = {
        .name = "msg",
        .title = N_("System V message queue"),
        .scope = NAMESPACE_IPC,
        .address = ADDRESS_ID,
        .family = FAMILY_MSG,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .consequence = N_("its messages are lost; threads that wait on it wake up with EIDRM"),
        .acts = &msg_acts,
        .uncounted = true,
        .scan = scan,
        .wake = WAKE_LAST,
        .waited = waited,
        .history = history, .nhistory = COUNT(history),
};
