/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/browse-acts.h"

#include "base/memory.h"
#include "base/thread.h"
#include "command/browse-order.h"
#include "sys/host.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { ORDERS_MOST = 16 };              /* that wait */

struct acts_queue {
        struct host *host;              /* of the thread alone: it remembers things */
        pthread_t thread;
        pthread_mutex_t lock;           /* for all below */
        pthread_cond_t changed;
        struct order *orders[ORDERS_MOST];
        unsigned norders;
        bool busy, stop, untouched;
        struct outcome *outcomes;       /* those before `taken` are gone */
        size_t taken, noutcomes, room;
        int fd;
};

/* --- outcomes: any thread ------------------------------------------------------- */

/* Progress that nobody has looked at yet is outdated by the next. */
static bool replaces(const struct outcome *before, const struct outcome *outcome)
{
        return before->only_progress && !before->last && outcome->only_progress && before->number == outcome->number;
}

static void add_outcome(struct acts_queue *acts, const struct outcome *outcome)
{
        if (acts->noutcomes > acts->taken && replaces(&acts->outcomes[acts->noutcomes - 1], outcome))
                outcome_done(&acts->outcomes[--acts->noutcomes]);
        if (acts->noutcomes == acts->room) {
                acts->room = acts->room ? acts->room * 2 : 16;
                acts->outcomes = memory_resize(acts->outcomes, acts->room, sizeof(*acts->outcomes));
        }
        acts->outcomes[acts->noutcomes++] = *outcome;
}

/* Takes its buffers. */
static void tell(void *data, struct outcome *outcome)
{
        struct acts_queue *acts = data;

        pthread_mutex_lock(&acts->lock);
        add_outcome(acts, outcome);
        pthread_mutex_unlock(&acts->lock);
        (void)eventfd_write(acts->fd, 1);
}

int acts_fd(const struct acts_queue *acts)
{
        return acts->fd;
}

bool acts_take(struct acts_queue *acts, struct outcome *ret)
{
        eventfd_t count;
        bool found;

        pthread_mutex_lock(&acts->lock);
        found = acts->noutcomes > acts->taken;
        if (found)
                *ret = acts->outcomes[acts->taken++];
        if (acts->noutcomes == acts->taken) {
                acts->noutcomes = acts->taken = 0;
                (void)eventfd_read(acts->fd, &count);
        }
        pthread_mutex_unlock(&acts->lock);
        return found;
}

/* --- the thread ------------------------------------------------------------------ */

static bool stops(void *data)
{
        struct acts_queue *acts = data;
        bool stop;

        pthread_mutex_lock(&acts->lock);
        stop = acts->stop;
        pthread_mutex_unlock(&acts->lock);
        return stop;
}

/* The next order; NULL: it is over. */
static struct order *next_order(struct acts_queue *acts)
{
        struct order *order = NULL;

        pthread_mutex_lock(&acts->lock);
        acts->busy = false;
        while (!acts->stop && acts->norders == 0)
                pthread_cond_wait(&acts->changed, &acts->lock);
        if (!acts->stop) {
                order = acts->orders[0];
                acts->norders--;
                memmove(acts->orders, acts->orders + 1, acts->norders * sizeof(*acts->orders));
                acts->busy = true;
        }
        pthread_mutex_unlock(&acts->lock);
        return order;
}

static void *work(void *data)
{
        struct acts_queue *acts = data;
        struct order *order;

        while ((order = next_order(acts))) {
                struct carrier carrier = { .host = acts->host, .data = acts, .tell = tell, .stop = stops };
                bool complete = order_carry_out(&carrier, order);

                order_free(order);
                pthread_mutex_lock(&acts->lock);
                acts->untouched |= !complete;
                pthread_mutex_unlock(&acts->lock);
        }
        return NULL;
}

/* --- from outside ------------------------------------------------------------------ */

static void acts_free(struct acts_queue *acts)
{
        for (unsigned i = 0; i < acts->norders; i++)
                order_free(acts->orders[i]);
        for (size_t i = acts->taken; i < acts->noutcomes; i++)
                outcome_done(&acts->outcomes[i]);
        free(acts->outcomes);
        if (acts->fd >= 0)
                close(acts->fd);
        host_close(acts->host);
        pthread_cond_destroy(&acts->changed);
        pthread_mutex_destroy(&acts->lock);
        free(acts);
}

int acts_start(struct acts_queue **ret)
{
        struct acts_queue *acts = memory_new(sizeof(*acts));
        int r;

        pthread_mutex_init(&acts->lock, NULL);
        pthread_cond_init(&acts->changed, NULL);
        acts->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        r = acts->fd < 0 ? -errno : host_open(NULL, &acts->host);
        if (r == 0) {
                /* Remembered from now on, as by whoever takes snapshots: the starts of processes are the same then. */
                (void)host_boot_time(acts->host);
                if (thread_start(&acts->thread, work, acts)) {
                        *ret = acts;
                        return 0;
                }
                r = -EAGAIN;
        }
        acts_free(acts);
        return r;
}

bool acts_stop(struct acts_queue *acts)
{
        bool untouched;

        if (!acts)
                return false;
        pthread_mutex_lock(&acts->lock);
        acts->stop = true;
        /* It waits there for long work to ask for it (sys/interrupt.h), and ends with the thread. */
        pthread_kill(acts->thread, SIGTERM);
        pthread_cond_signal(&acts->changed);
        pthread_mutex_unlock(&acts->lock);
        pthread_join(acts->thread, NULL);
        untouched = acts->untouched || acts->norders > 0;
        acts_free(acts);
        return untouched;
}

void acts_perform(struct acts_queue *acts, struct order *order)
{
        struct outcome outcome = { .number = order->number };
        bool full, waits;

        if (!acts) {
                order_free(order);
                return;
        }
        pthread_mutex_lock(&acts->lock);
        full = acts->norders == ORDERS_MOST;
        waits = acts->busy || acts->norders > 0;
        if (full || waits)
                order_outcome_waits(order, full, &outcome);
        if (!full)
                acts->orders[acts->norders++] = order;
        if (full || waits)
                add_outcome(acts, &outcome);
        pthread_cond_signal(&acts->changed);
        pthread_mutex_unlock(&acts->lock);
        if (full || waits)
                (void)eventfd_write(acts->fd, 1);
        if (full)
                order_free(order);
}
