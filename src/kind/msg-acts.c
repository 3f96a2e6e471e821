/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done to message queues. kind/messages.h says how a copy holds their contents. */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/messages.h"
#include "kind/sysv-acts.h"
#include "sys/copy.h"
#include "sys/interrupt.h"
#include "sys/sysv-contents.h"

#include <errno.h>

enum {
        COUNT_MOST = 1 << 16,           /* minutes: the time grows with the square, see sys/sysv-contents.h */
};

/* --- saving ------------------------------------------------------------------ */

static int refuse(struct act *act, int err)
{
        if (err == -ENOSYS) {
                act->reason = N_("this kernel can't copy messages: it is built without CONFIG_CHECKPOINT_RESTORE");
                return -EOPNOTSUPP;
        }
        if (err == -EMSGSIZE)
                act->reason = N_("a message is longer than kernel.msgmax is now");
        if (err == -EAGAIN)
                act->reason = N_("it is in use: messages come and go while they are copied");
        if (err == -EFBIG)
                act->reason = N_("so many messages can't be copied in reasonable time");
        return err;
}

static int write_message(struct copy_writer *copy, int64_t type, struct text text, struct buf *head)
{
        int r;

        buf_clear(head);
        message_head(type, text.len, head);
        r = copy_write(copy, head->data, head->len);
        if (r == 0 && text.len > 0)
                r = copy_write(copy, text.data, text.len);
        return r < 0 ? r : copy_write(copy, "\n", 1);
}

/* As many as there were; that it is all of them, and no others, is checked afterwards. */
static int write_messages(struct act *act, struct copy_writer *copy, const struct sysv_facts *queue,
                          uint64_t *ret_bytes)
{
        struct buf buffer = { 0 }, head = { 0 };
        struct text text = TEXT("");
        uint64_t bytes = 0;
        int64_t type;
        int r = 0;

        for (uint64_t i = 0; r == 0 && i < queue->msg.messages; i++) {
                r = interrupt_waits() ? -EINTR : sysv_copy_message(act->host, queue->id, i, &buffer, &type, &text);
                if (r < 0)
                        break;
                bytes += text.len;
                r = write_message(copy, type, text, &head);
                if (act->progress)
                        act->progress(act->progress_data, bytes, queue->msg.bytes);
        }
        buf_done(&buffer);
        buf_done(&head);
        *ret_bytes = bytes;
        return r;
}

/* Was it used between the two looks? A first look in the second of the last use could not tell. */
static bool unused(const struct sysv_facts *first, const struct sysv_facts *last)
{
        return first->changed == last->changed && first->key == last->key &&
               first->msg.messages == last->msg.messages && first->msg.bytes == last->msg.bytes &&
               first->msg.sent_at == last->msg.sent_at && first->msg.received_at == last->msg.received_at &&
               first->msg.last_send_pid == last->msg.last_send_pid &&
               first->msg.last_receive_pid == last->msg.last_receive_pid;
}

static int64_t last_use(const struct sysv_facts *queue)
{
        return queue->msg.sent_at > queue->msg.received_at ? queue->msg.sent_at : queue->msg.received_at;
}

/*
 * The first look: in a second after that of the last use, as only then the times
 * tell of every later one. Used while we wait for that, it is in use: -EAGAIN.
 */
static int look_first(struct act *act, struct sysv_facts *ret)
{
        struct sysv_facts first;
        int r = sysv_act_look(act, true, &first);

        if (r < 0)
                return r;
        if (first.msg.messages > COUNT_MOST)
                return refuse(act, -EFBIG);
        sysv_pass_second(last_use(&first));
        r = sysv_act_look(act, false, ret);
        return r == 0 && !unused(&first, ret) ? refuse(act, -EAGAIN) : r;
}

/* A queue that is in use all the time can't be copied: the kernel gives one message at a time. */
static int save(struct act *act, struct copy_writer *copy)
{
        struct sysv_facts before, after;
        uint64_t bytes;
        int r = look_first(act, &before), copied;

        if (r == 0)
                r = copy_file(copy, MESSAGES_FILE);
        if (r < 0)
                return r;
        copied = write_messages(act, copy, &before, &bytes);
        /* Fewer than there were? That is for the second look to say. */
        if (copied < 0 && copied != -ENODATA && copied != -ENOENT)
                return refuse(act, copied);
        r = sysv_act_look(act, false, &after);
        if (r < 0)
                return r;
        return copied == 0 && bytes == before.msg.bytes && unused(&before, &after) ? 0 : refuse(act, -EAGAIN);
}

/* --- making ------------------------------------------------------------------ */

/* What the saved messages need of a queue. */
struct load {
        uint64_t messages, bytes;
};

static int message_fault(struct making *making, int err)
{
        making->failed = err == -EBADMSG ? N_("reading the saved messages")
                       : err == -EMSGSIZE ? N_("sending a message that is longer than kernel.msgmax is now")
                       : N_("sending its messages");
        return err;
}

/* Every message of the copy: counted (msqid < 0), or sent. */
static int each_message(struct making *making, int msqid, struct load *ret)
{
        struct message_stream stream = { 0 };
        struct load load = { 0 };
        struct message message;
        struct buf buffer = { 0 };
        int r = copy_descriptor(making->copy, MESSAGES_FILE, &stream.size);

        stream.fd = r;
        while (r >= 0 && (r = message_next(&stream, &message)) > 0) {
                load.messages++;
                load.bytes += message.text.len;
                if (interrupt_waits())
                        r = -EINTR;
                else if (msqid >= 0)
                        r = sysv_send_message(making->host, msqid, message.type, message.text, &buffer);
        }
        buf_done(&buffer);
        message_stream_done(&stream);
        if (r < 0)
                return message_fault(making, r);
        *ret = load;
        return 0;
}

/* The queue has its messages even if it could take no further one, now or then. */
static int fill(struct making *making, const struct sysv_facts *made)
{
        struct sysv_facts roomy = *made;
        struct load load;
        int r = each_message(making, -1, &load);
        uint64_t need;

        if (r < 0)
                return r;
        /* A message counts as its bytes, and as one: see msg_fits_inqueue() in ipc/msg.c. */
        need = load.bytes > load.messages ? load.bytes : load.messages;
        if (need > made->msg.max_bytes) {
                roomy.msg.max_bytes = need;
                r = sysv_set(making->host, SYSV_MSG, made->id, &roomy);
                if (r < 0)
                        making->failed = N_("making room for its messages "
                                            "(more than kernel.msgmnb needs CAP_SYS_RESOURCE)");
        }
        return r < 0 ? r : each_message(making, made->id, &load);
}

static int make(struct making *making)
{
        struct sysv_making sysv = { .type = SYSV_MSG };

        return sysv_act_make(making, &sysv, making->copy ? fill : NULL);
}

static const uint16_t identity[] = {
        FIELD_ID, FIELD_KEY, FIELD_CREATOR, FIELD_CREATOR_GROUP, FIELD_CHANGED_AT,
};
static const uint16_t counters[] = {
        FIELD_QUEUED_MESSAGES, FIELD_QUEUED_BYTES, FIELD_LAST_SEND_PID, FIELD_LAST_RECEIVE_PID,
        FIELD_SENT_AT, FIELD_RECEIVED_AT,
};
static const uint16_t settable[] = { FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_MAX_BYTES };
static const uint16_t makeable[] = { FIELD_KEY, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_MAX_BYTES };

const struct acts msg_acts = {
        .identity = identity, .nidentity = COUNT(identity),
        .counters = counters, .ncounters = COUNT(counters),
        .grain = SYSV_GRAIN,
        .settable = settable, .nsettable = COUNT(settable),
        .makeable = makeable, .nmakeable = COUNT(makeable),
        .remove = sysv_act_remove,
        .concurrent = true,
        .save = save,
        .make = make,
        .set = sysv_act_set,
};
