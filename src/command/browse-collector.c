/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/browse-collector.h"

#include "base/memory.h"
#include "base/thread.h"
#include "collect/collect.h"
#include "kind/kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC INT64_C(1000000000)

enum { DROPS_MOST = 64, FAREWELL_MS = 100 };

struct collector {
        struct host *host;
        struct sleepers *sleepers;      /* of this machine */
        struct builder_memory *memory;
        struct collector_source source;
        struct scene_options options;
        int levels[LIMIT_COUNT];
        size_t next;                    /* of the recorded ones */
        struct scene *previous;         /* of the thread alone */
        int64_t worked;                 /* the clock of processors when the scene before was begun; the same */
        pthread_t thread;
        int fd;

        pthread_mutex_t lock;           /* of what follows */
        pthread_cond_t wake, idle;
        bool asked, anew, busy, ending, abandoned;
        struct scene *ready;
        struct scene *drops[DROPS_MOST];
        unsigned ndrops;
};

static int64_t now(clockid_t clock)
{
        struct timespec time;

        clock_gettime(clock, &time);
        return (int64_t)time.tv_sec * NSEC_PER_SEC + time.tv_nsec;
}

static void collector_free(struct collector *collector)
{
        for (size_t i = collector->next; i < collector->source.nrecorded; i++)
                snapshot_free(collector->source.recorded[i]);
        free(collector->source.recorded);
        for (unsigned i = 0; i < collector->ndrops; i++)
                scene_drop(collector->drops[i]);
        scene_drop(collector->ready);
        scene_drop(collector->previous);
        sleepers_free(collector->sleepers);
        builder_memory_free(collector->memory);
        host_close(collector->host);
        if (collector->fd >= 0)
                close(collector->fd);
        pthread_cond_destroy(&collector->wake);
        pthread_cond_destroy(&collector->idle);
        pthread_mutex_destroy(&collector->lock);
        free(collector);
}

/* --- the thread ------------------------------------------------------------------ */

/* Owned by the caller, one reference. */
static struct scene *make(struct collector *collector)
{
        struct scene_options options = collector->options;
        struct snapshot *snapshot;
        int64_t begun = now(CLOCK_MONOTONIC), spent = now(CLOCK_PROCESS_CPUTIME_ID);

        if (collector->source.nrecorded) {
                if (collector->next == collector->source.nrecorded)
                        return scene_take(collector->previous);
                snapshot = collector->source.recorded[collector->next++];
        } else {
                snapshot = collect(collector->host, &all_kinds, &collector->source.want, collector->sleepers,
                                   collector->memory);
                options.cost = now(CLOCK_MONOTONIC) - begun;
                spent = now(CLOCK_PROCESS_CPUTIME_ID) - spent;
                /* Several processors may have been at it. */
                if (spent > options.cost)
                        options.cost = spent;
                options.work = now(CLOCK_PROCESS_CPUTIME_ID) - collector->worked;
                collector->worked += options.work;
        }
        return scene_make(collector->previous, snapshot, &options);
}

/* With the lock held, which it gives away meanwhile. */
static void clear_away(struct collector *collector)
{
        struct scene *drops[DROPS_MOST];
        unsigned n = collector->ndrops;

        memcpy(drops, collector->drops, n * sizeof(*drops));
        collector->ndrops = 0;
        pthread_mutex_unlock(&collector->lock);
        for (unsigned i = 0; i < n; i++)
                scene_drop(drops[i]);
        pthread_mutex_lock(&collector->lock);
}

static void forget(struct collector *collector)
{
        if (collector->sleepers)
                sleepers_forget(collector->sleepers);
        if (collector->host)
                host_forget_listings(collector->host);
}

static void collect_one(struct collector *collector)
{
        struct scene *scene, *unseen;
        bool anew = collector->anew;

        collector->asked = collector->anew = false;
        collector->busy = true;
        pthread_mutex_unlock(&collector->lock);
        if (anew)
                forget(collector);
        scene = make(collector);
        scene_drop(collector->previous);
        collector->previous = scene_take(scene);
        pthread_mutex_lock(&collector->lock);
        collector->busy = false;
        unseen = collector->ready;
        collector->ready = scene;
        /* It can't fail but for being full, and then it is readable. */
        (void)eventfd_write(collector->fd, 1);
        pthread_cond_broadcast(&collector->idle);
        if (unseen) {
                pthread_mutex_unlock(&collector->lock);
                scene_drop(unseen);
                pthread_mutex_lock(&collector->lock);
        }
}

static void *work(void *data)
{
        struct collector *collector = data;
        bool abandoned;

        thread_give_way();
        pthread_mutex_lock(&collector->lock);
        while (!collector->ending) {
                if (collector->ndrops)
                        clear_away(collector);
                else if (collector->asked)
                        collect_one(collector);
                else
                        pthread_cond_wait(&collector->wake, &collector->lock);
        }
        abandoned = collector->abandoned;
        pthread_mutex_unlock(&collector->lock);
        if (abandoned)
                collector_free(collector);
        return NULL;
}

/* --- the others -------------------------------------------------------------------- */

static int set_up(struct collector *collector, const struct collector_options *options)
{
        pthread_condattr_t attributes;
        int err;

        pthread_mutex_init(&collector->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&collector->wake, &attributes);
        pthread_cond_init(&collector->idle, &attributes);
        pthread_condattr_destroy(&attributes);
        collector->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (collector->fd < 0)
                return -errno;
        if (options->source.nrecorded)
                return 0;
        if (!options->source.sysroot)
                collector->sleepers = sleepers_new();
        collector->memory = builder_memory_new();
        err = host_open(options->source.sysroot, &collector->host);
        if (err == 0)
                host_keep_listings(collector->host);
        return err;
}

int collector_start(const struct collector_options *options, struct collector **ret)
{
        struct collector *collector = memory_new(sizeof(*collector));
        int err;

        collector->source = options->source;
        memcpy(collector->levels, options->levels, sizeof(collector->levels));
        collector->options = (struct scene_options){
                .findings = { .rules = options->rules, .levels = collector->levels, .translate = true,
                              .utf8 = options->utf8 },
                .protections = options->protections,
        };
        err = set_up(collector, options);
        if (err == 0 && !thread_start(&collector->thread, work, collector))
                err = -EAGAIN;
        if (err < 0) {
                collector_free(collector);
                return err;
        }
        *ret = collector;
        return 0;
}

bool collector_stop(struct collector *collector)
{
        struct timespec end;
        int64_t until = now(CLOCK_MONOTONIC) + FAREWELL_MS * (NSEC_PER_SEC / 1000);
        bool ended;
        pthread_t thread;

        if (!collector)
                return true;
        end = (struct timespec){ until / NSEC_PER_SEC, until % NSEC_PER_SEC };
        pthread_mutex_lock(&collector->lock);
        thread = collector->thread;
        collector->ending = true;
        pthread_cond_signal(&collector->wake);
        while (collector->busy && pthread_cond_timedwait(&collector->idle, &collector->lock, &end) != ETIMEDOUT)
                ;
        ended = !collector->busy;
        /* From when the lock is open, it may be gone. */
        collector->abandoned = !ended;
        pthread_mutex_unlock(&collector->lock);
        if (!ended) {
                pthread_detach(thread);
                return false;
        }
        pthread_join(thread, NULL);
        collector_free(collector);
        return true;
}

int collector_fd(const struct collector *collector)
{
        return collector->fd;
}

void collector_ask(struct collector *collector, bool anew)
{
        pthread_mutex_lock(&collector->lock);
        collector->asked = true;
        collector->anew |= anew;
        pthread_cond_signal(&collector->wake);
        pthread_mutex_unlock(&collector->lock);
}

struct scene *collector_take(struct collector *collector)
{
        struct scene *scene;
        eventfd_t count;

        pthread_mutex_lock(&collector->lock);
        (void)eventfd_read(collector->fd, &count);
        scene = collector->ready;
        collector->ready = NULL;
        pthread_mutex_unlock(&collector->lock);
        return scene;
}

void collector_drop(struct collector *collector, struct scene *scene)
{
        bool queued;

        pthread_mutex_lock(&collector->lock);
        queued = collector->ndrops < DROPS_MOST;
        if (queued) {
                collector->drops[collector->ndrops++] = scene;
                pthread_cond_signal(&collector->wake);
        }
        pthread_mutex_unlock(&collector->lock);
        if (!queued)
                scene_drop(scene);
}
