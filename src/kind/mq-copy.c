/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queues into copies, and back. The kernel has no way to look at a message without taking it. */
#include "kind/mq-acts.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "kind/mq-messages.h"
#include "sys/copy.h"
#include "sys/mqueue-acts.h"
#include "sys/mqueue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { PAGE = 4096 };

static const uint64_t room_most = UINT64_C(1) << 40;
static const size_t messages_most = (size_t)1 << 31;   /* bytes of them all, when they are brought back */

/* The queue itself, opened to be read, and what is in it. */
static int open_queue(struct act *act, struct mqueue_facts *ret)
{
        int fd = file_acts_open(act, &mq_file, O_RDONLY, NULL), r;
        char link[32];

        if (fd < 0)
                return fd;
        snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
        r = mqueue_read_link(act->host, AT_FDCWD, link, ret);
        if (r == 0)
                return fd;
        close(fd);
        return r;
}

/*
 * Where the messages go. Each is received right into the mapped file, behind
 * its head, so that what the kernel gave is never in memory alone.
 */
struct drain {
        char *file;
        uint64_t size, used;
        size_t most;                    /* of a message */
        uint64_t taken;
};

/*
 * While a killed process is inside the kernel, pages that are not there may stay
 * away, and a message would go nowhere: they are written to before.
 */
static void touch(char *room, size_t len)
{
        for (size_t at = 0; at < len; at += PAGE)
                ((volatile char *)room)[at] = 0;
        ((volatile char *)room)[len - 1] = 0;
}

/* 0; -EAGAIN: the queue is empty; -EXFULL: there is no room; or another -errno. */
static int take(struct drain *drain, int queue)
{
        char *head = drain->file + drain->used;
        unsigned priority;
        size_t len;
        int r;

        if (drain->size - drain->used < MQ_MESSAGE_EXTRA + drain->most)
                return -EXFULL;
        mq_message_expect(head);
        touch(head + MQ_MESSAGE_HEAD, drain->most + 1);
        r = mqueue_receive(queue, head + MQ_MESSAGE_HEAD, drain->most, &len, &priority);
        if (r < 0)
                return r;
        head[MQ_MESSAGE_HEAD + len] = '\n';
        mq_message_head(head, priority, (uint32_t)len);
        drain->used += MQ_MESSAGE_EXTRA + len;
        drain->taken++;
        return 0;
}

/* Room for a full queue, if that is not too much; else for what there is now, and one more. */
static uint64_t room_for(const struct mqueue_facts *facts)
{
        uint64_t each = facts->max_message_bytes + MQ_MESSAGE_EXTRA, full = (facts->max_messages + 1) * each;
        uint64_t now = facts->queued_bytes + facts->queued_messages * MQ_MESSAGE_EXTRA + each;

        return full <= 16 << 20 || full < now ? full : now;
}

static int drain_queue(struct act *act, int queue, const struct mqueue_facts *facts, struct copy_writer *copy)
{
        struct drain drain = { .size = room_for(facts), .most = facts->max_message_bytes };
        void *file;
        int r, ended;

        if (drain.size > room_most)
                return -EFBIG;
        r = copy_mapped(copy, MQ_MESSAGES_FILE, drain.size, &file);
        if (r < 0)
                return r;
        drain.file = file;
        while ((r = take(&drain, queue)) == 0)
                if (act->progress)
                        act->progress(act->progress_data, drain.used, drain.size);
        ended = copy_mapped_end(copy, drain.used);
        if (r == -EXFULL) {
                act->reason = N_("more messages came in than there was room for; "
                                 "those that were taken are in the copy");
                return -EAGAIN;
        }
        if (r != -EAGAIN)
                return r;
        act->drained = true;
        return ended;
}

int queue_save(struct act *act, struct copy_writer *copy)
{
        struct mqueue_facts facts;
        int queue = open_queue(act, &facts), r = 0;

        if (queue == -EXDEV) {
                act->reason = N_("no mqueue file system is mounted for this IPC namespace");
                return -EOPNOTSUPP;
        }
        if (queue < 0)
                return queue;
        if (facts.queued_messages > 0 && !act->drain) {
                act->reason = N_("messages of a POSIX queue can't be copied, only taken out (--drain)");
                r = -EOPNOTSUPP;
        } else if (facts.queued_messages > 0) {
                r = drain_queue(act, queue, &facts, copy);
        }
        close(queue);
        return r;
}

static int send_messages(struct making *making, int queue)
{
        struct buf bytes = { 0 };
        struct mq_message message;
        struct text rest;
        int r = copy_read_file(making->copy, MQ_MESSAGES_FILE, messages_most, &bytes), more;

        if (r < 0) {
                buf_done(&bytes);
                return r == -ENOENT ? 0 : r;
        }
        rest = buf_text(&bytes);
        while ((more = mq_message_next(&rest, &message)) > 0 && r == 0)
                r = mqueue_send(queue, message.bytes.data, message.bytes.len, message.priority);
        if (more < 0)
                r = more;
        if (r < 0)
                making->failed = more < 0 ? N_("its messages are damaged") :
                                            N_("the messages do not fit into the queue");
        buf_done(&bytes);
        return r;
}

/* Removes what we made, if the name still is of it. */
static void take_away(const char *name, int queue)
{
        const struct gift readable = { .has_mode = true, .mode = 0400 };
        struct file_facts made, now;
        int again;

        if (gift_give(queue, &readable) < 0)
                return;
        again = mqueue_open(name);
        if (again < 0)
                return;
        if (named_facts(queue, &made) == 0 && named_facts(again, &now) == 0 && made.dev == now.dev &&
            made.inode == now.inode)
                mqueue_unlink(name);
        close(again);
}

static int make_queue(struct making *making, const char *name)
{
        struct gift gift = making_gift(making);
        uint64_t max_messages = 10, max_message_bytes = 8192;   /* the kernel's own defaults */
        int queue, r = 0;

        making_uint(making, FIELD_MAX_MESSAGES, &max_messages);
        making_uint(making, FIELD_MAX_MESSAGE_BYTES, &max_message_bytes);
        queue = mqueue_make(name, max_messages, max_message_bytes);
        if (queue == -EINVAL || queue == -EMFILE || queue == -ENOMEM)
                making->failed = N_("so many or so long messages are more than /proc/sys/fs/mqueue/msg_max, "
                                    "msgsize_max or the limit of the user (RLIMIT_MSGQUEUE) allow");
        if (queue < 0)
                return queue;
        if (making->copy)
                r = send_messages(making, queue);
        if (r == 0)
                r = gift_give(queue, &gift);
        if (r < 0)
                take_away(name, queue);
        close(queue);
        return r;
}

int queue_make(struct making *making)
{
        struct text wanted = making_name(making);
        struct buf name = { 0 };
        int r;

        if (wanted.len < 2 || wanted.data[0] != '/' || memchr(wanted.data, 0, wanted.len) ||
            memchr(wanted.data + 1, '/', wanted.len - 1)) {
                making->failed = N_("the name of a queue is a slash and more, without another one");
                return -EINVAL;
        }
        buf_add(&name, wanted);
        r = make_queue(making, name.data);
        buf_done(&name);
        if (r == 0)
                making_done(making);
        return r;
}
