/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sockdiag-relay.h"

#include "base/memory.h"
#include "base/thread.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>

enum {
        ANSWER_MOST = 64 * 1024,        /* the kernel fills up to 32 KiB, as much as it is given room for */
        RING = 4,                       /* received and not worked on, at most */
        ALONE = 4,                      /* so many are received without a thread: most dumps are smaller */
};

struct datagram {
        char *bytes;
        ssize_t n;                      /* length, or -errno */
};

struct relay {
        int fd;
        uint32_t port, sequence;
        bool alone, threaded;
        pthread_t thread;

        /* The rest changes under the lock; a datagram is of the thread from `received` on. */
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct datagram ring[RING];
        size_t received, taken;
        bool using;                     /* the caller has the one at `taken` */
        bool ended;                     /* nothing more comes, or nobody wants it */
};

/* One datagram of the kernel's own (port 0). Its length or -errno; -EINTR is not one of them. */
static ssize_t receive(int fd, char *bytes)
{
        for (;;) {
                struct sockaddr_nl from = { 0 };
                socklen_t len = sizeof(from);
                ssize_t n = recvfrom(fd, bytes, ANSWER_MOST, MSG_TRUNC, (struct sockaddr *)&from, &len);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return errno == EAGAIN ? -ETIMEDOUT : -errno;
                if (n > ANSWER_MOST)
                        return -EBADMSG;
                if (len == sizeof(from) && from.nl_pid == 0)
                        return n;
        }
}

/*
 * Would waiting for another one be in vain? An answer that is malformed ends
 * the matter, too: but that is for whoever takes it to say.
 */
static bool is_last(const struct relay *relay, const struct datagram *datagram)
{
        size_t at = 0, len = datagram->n > 0 ? (size_t)datagram->n : 0;

        while (len - at >= sizeof(struct nlmsghdr)) {
                const struct nlmsghdr *message = (const void *)(datagram->bytes + at);
                size_t size = message->nlmsg_len;

                if (size < sizeof(*message) || size > len - at)
                        return true;
                if (message->nlmsg_pid == relay->port && message->nlmsg_seq == relay->sequence &&
                    (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR))
                        return true;
                size = MNL_ALIGN(size);
                at = size < len - at ? at + size : len;
        }
        return datagram->n < 0 || at < len;
}

/* Lock held, but not meanwhile. */
static void receive_one(struct relay *relay)
{
        struct datagram *datagram = &relay->ring[relay->received % RING];
        bool last;

        pthread_mutex_unlock(&relay->lock);
        if (!datagram->bytes)
                datagram->bytes = memory_new(ANSWER_MOST);
        datagram->n = receive(relay->fd, datagram->bytes);
        last = is_last(relay, datagram);
        pthread_mutex_lock(&relay->lock);
        relay->received++;
        relay->ended |= last;
        pthread_cond_signal(&relay->changed);
}

static void *work(void *data)
{
        struct relay *relay = data;

        pthread_mutex_lock(&relay->lock);
        while (!relay->ended) {
                if (relay->received - relay->taken < RING)
                        receive_one(relay);
                else
                        pthread_cond_wait(&relay->changed, &relay->lock);
        }
        pthread_mutex_unlock(&relay->lock);
        return NULL;
}

ssize_t relay_next(struct relay *relay, const char **ret)
{
        const struct datagram *datagram = NULL;

        if (!relay->alone && !relay->threaded && relay->received == ALONE && !relay->ended)
                relay->threaded = thread_start(&relay->thread, work, relay);
        pthread_mutex_lock(&relay->lock);
        relay->taken += relay->using;
        pthread_cond_signal(&relay->changed);
        if (!relay->threaded && !relay->ended)
                receive_one(relay);
        while (relay->received == relay->taken && !relay->ended)
                pthread_cond_wait(&relay->changed, &relay->lock);
        relay->using = relay->received > relay->taken;
        if (relay->using)
                datagram = &relay->ring[relay->taken % RING];
        pthread_mutex_unlock(&relay->lock);
        if (!datagram)
                return -ENODATA;
        *ret = datagram->bytes;
        return datagram->n;
}

struct relay *relay_open(int fd, uint32_t port, uint32_t sequence, bool alone)
{
        struct relay *relay = memory_new(sizeof(*relay));

        relay->fd = fd;
        relay->port = port;
        relay->sequence = sequence;
        relay->alone = alone;
        pthread_mutex_init(&relay->lock, NULL);
        pthread_cond_init(&relay->changed, NULL);
        return relay;
}

void relay_close(struct relay *relay)
{
        pthread_mutex_lock(&relay->lock);
        relay->ended = true;
        pthread_cond_signal(&relay->changed);
        pthread_mutex_unlock(&relay->lock);
        if (relay->threaded)
                pthread_join(relay->thread, NULL);
        for (unsigned i = 0; i < RING; i++)
                free(relay->ring[i].bytes);
        pthread_cond_destroy(&relay->changed);
        pthread_mutex_destroy(&relay->lock);
        free(relay);
}
