/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sleepers-private.h"

#include "base/map.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SECOND INT64_C(1000000000)

enum {
        FDS_SPARED = 256,               /* descriptors for everything else */
        FDS_MOST = 65536,
        SECONDS_LEAST = 60,             /* that something is kept; up to twice as long */
        LOOKS_MOST = 8,                 /* that what fdinfo said of a thing is told */
        SAID_MOST = 1024,
};

struct sleepers {
        struct map by_pid;              /* -> struct sleeper */
        struct map refused;             /* pids that this walk shall not keep */
        struct map stirred, stirred_before;     /* things that somebody awake had: in this walk, in the one before */
        enum walk_flags flags;
        uint64_t kinds;
        uint64_t walk;                  /* its number, from 1 */
        int64_t now;                    /* when it began */
        bool able;                      /* it can be told who sleeps */
        size_t fds, fds_most;           /* descriptors that it takes, and may take */
        bool *have;                     /* by descriptor, of the first nhave */
        size_t nhave;
        size_t beyond;                  /* none from here on */
        size_t told;
};

static int64_t monotonic(void)
{
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        return time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}

/* Nothing here uses select(2), for which the soft limit is kept low. */
static size_t raise_descriptors(void)
{
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return 0;
        if (limit.rlim_cur < limit.rlim_max && limit.rlim_cur < FDS_MOST) {
                struct rlimit raised = { .rlim_cur = limit.rlim_max < FDS_MOST ? limit.rlim_max : FDS_MOST,
                                         .rlim_max = limit.rlim_max };

                if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
                        limit = raised;
        }
        return limit.rlim_cur > FDS_MOST ? FDS_MOST : limit.rlim_cur;
}

struct sleepers *sleepers_new(void)
{
        struct sleepers *sleepers = memory_new(sizeof(*sleepers));
        size_t most = raise_descriptors();

        sleepers->able = pulse_can_be_told();
        sleepers->fds_most = most > FDS_SPARED ? most - FDS_SPARED : 0;
        return sleepers;
}

static void empty(struct map *map)
{
        map_done(map);
        *map = (struct map){ 0 };
}

static void free_sleeper(struct sleepers *sleepers, struct sleeper *sleeper)
{
        sleepers->fds -= sleeper->ninfos;
        for (size_t i = 0; i < sleeper->ninfos; i++) {
                close(sleeper->infos[i].fd);
                free(sleeper->infos[i].said);
        }
        free(sleeper->infos);
        free(sleeper->fds);
        free(sleeper->maps);
        waits_kept_done(&sleeper->waits);
        buf_done(&sleeper->links);
        buf_done(&sleeper->lines);
        process_facts_done(&sleeper->facts);
        free(sleeper);
}

void sleepers_forget(struct sleepers *sleepers)
{
        size_t at = 0;
        uint64_t pid;
        void *sleeper;

        while (map_next(&sleepers->by_pid, &at, &pid, &sleeper))
                free_sleeper(sleepers, sleeper);
        empty(&sleepers->by_pid);
}

void sleepers_free(struct sleepers *sleepers)
{
        if (!sleepers)
                return;
        sleepers_forget(sleepers);
        empty(&sleepers->refused);
        empty(&sleepers->stirred);
        empty(&sleepers->stirred_before);
        free(sleepers->have);
        free(sleepers);
}

void sleepers_look_for(struct sleepers *sleepers, uint64_t kinds)
{
        if (kinds != sleepers->kinds)
                sleepers_forget(sleepers);
        sleepers->kinds = kinds;
}

size_t sleepers_told(const struct sleepers *sleepers)
{
        return sleepers->told;
}

void sleepers_begin(struct sleepers *sleepers, enum walk_flags flags)
{
        if (flags != sleepers->flags)
                sleepers_forget(sleepers);
        empty(&sleepers->refused);
        empty(&sleepers->stirred_before);
        sleepers->stirred_before = sleepers->stirred;
        sleepers->stirred = (struct map){ 0 };
        sleepers->flags = flags;
        sleepers->walk++;
        sleepers->now = monotonic();
        sleepers->told = 0;
}

bool sleepers_able(const struct sleepers *sleepers)
{
        return sleepers->able;
}

static void stir(struct sleepers *sleepers, uint64_t thing)
{
        *map_place(&sleepers->stirred, thing, 0) = sleepers;
}

/* It has run, or ended: what it had may have changed. */
static void drop(struct sleepers *sleepers, pid_t pid)
{
        struct sleeper *sleeper = map_get(&sleepers->by_pid, (uint64_t)pid, 0);

        if (!sleeper)
                return;
        for (size_t i = 0; i < sleeper->ninfos; i++)
                if (sleeper->infos[i].said)
                        stir(sleepers, sleeper->infos[i].thing);
        map_remove(&sleepers->by_pid, (uint64_t)pid, 0);
        free_sleeper(sleepers, sleeper);
}

void sleepers_refuse(struct sleepers *sleepers, pid_t pid)
{
        struct sleeper *sleeper = map_get(&sleepers->by_pid, (uint64_t)pid, 0);

        *map_place(&sleepers->refused, (uint64_t)pid, 0) = sleepers;
        /* The walk may still come to it: the next one does not. */
        if (sleeper)
                sleeper->until = sleepers->now;
}

void sleepers_expect(const struct sleepers *sleepers, pid_t pid)
{
        map_ahead(&sleepers->by_pid, (uint64_t)pid, 0);
}

struct sleeper *sleepers_meet(struct sleepers *sleepers, pid_t pid)
{
        struct sleeper *sleeper = map_get(&sleepers->by_pid, (uint64_t)pid, 0);

        if (!sleeper)
                return NULL;
        if (sleepers->now >= sleeper->until || !pulse_is_same(&sleeper->pulse)) {
                drop(sleepers, pid);
                return NULL;
        }
        sleeper->walk = sleepers->walk;
        sleeper->slept = true;
        sleepers->told++;
        return sleeper;
}

static void note_descriptor(struct sleepers *sleepers, size_t fd)
{
        if (fd >= sleepers->nhave) {
                size_t n = fd * 2 + 1;

                sleepers->have = memory_resize(sleepers->have, n, sizeof(*sleepers->have));
                memset(sleepers->have + sleepers->nhave, 0, (n - sleepers->nhave) * sizeof(*sleepers->have));
                sleepers->nhave = n;
        }
        sleepers->have[fd] = true;
        if (fd >= sleepers->beyond)
                sleepers->beyond = fd + 1;
}

static void drop_unmet(struct sleepers *sleepers)
{
        pid_t *gone = NULL;
        size_t ngone = 0, at = 0;
        uint64_t pid;
        void *value;

        if (sleepers->by_pid.used > 0)
                gone = memory_resize(NULL, sleepers->by_pid.used, sizeof(*gone));
        while (map_next(&sleepers->by_pid, &at, &pid, &value))
                if (((struct sleeper *)value)->walk != sleepers->walk)
                        gone[ngone++] = (pid_t)pid;
        for (size_t i = 0; i < ngone; i++)
                drop(sleepers, gone[i]);
        free(gone);
}

void sleepers_met_all(struct sleepers *sleepers)
{
        size_t at = 0;
        uint64_t pid;
        void *value;

        drop_unmet(sleepers);
        if (sleepers->nhave > 0)
                memset(sleepers->have, 0, sleepers->nhave * sizeof(*sleepers->have));
        sleepers->beyond = 0;
        while (map_next(&sleepers->by_pid, &at, &pid, &value)) {
                const struct sleeper *sleeper = value;

                for (size_t i = 0; i < sleeper->ninfos; i++)
                        note_descriptor(sleepers, (size_t)sleeper->infos[i].fd);
        }
}

bool sleepers_have(const struct sleepers *sleepers, uint32_t fd)
{
        return fd < sleepers->nhave && sleepers->have[fd];
}

uint32_t sleepers_beyond(const struct sleepers *sleepers)
{
        return (uint32_t)sleepers->beyond;
}

bool sleepers_met(const struct sleepers *sleepers, pid_t pid)
{
        const struct sleeper *sleeper = map_get(&sleepers->by_pid, (uint64_t)pid, 0);

        return sleeper && sleeper->slept && sleeper->walk == sleepers->walk;
}

struct sleeper *sleepers_keep(struct sleepers *sleepers, pid_t pid, struct pulse pulse, struct text links,
                              struct text maps, const struct process_facts *facts)
{
        struct sleeper *sleeper;
        void **place;

        if (map_get(&sleepers->refused, (uint64_t)pid, 0))
                return NULL;
        drop(sleepers, pid);
        place = map_place(&sleepers->by_pid, (uint64_t)pid, 0);
        *place = sleeper = memory_new(sizeof(*sleeper));
        sleeper->pulse = pulse;
        sleeper->pid = pid;
        buf_add(&sleeper->links, links);
        buf_add(&sleeper->lines, maps);
        process_facts_copy(facts, &sleeper->facts);
        sleeper->walk = sleepers->walk;
        /* Spread by pid, so that those of one walk are not all read anew by another one. */
        sleeper->until = sleepers->now + (SECONDS_LEAST + pid % SECONDS_LEAST) * NS_PER_SECOND;
        return sleeper;
}

/* The place of the first whose number is not smaller. */
static size_t place_of(const struct sleeper *sleeper, uint32_t number)
{
        size_t low = 0, high = sleeper->ninfos;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (sleeper->infos[middle].number < number)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static struct sleeper_info *find_info(const struct sleeper *sleeper, uint32_t number)
{
        size_t at = place_of(sleeper, number);

        return at < sleeper->ninfos && sleeper->infos[at].number == number ? &sleeper->infos[at] : NULL;
}

int sleepers_info(const struct sleeper *sleeper, uint32_t number)
{
        const struct sleeper_info *info = find_info(sleeper, number);

        return info ? info->fd : -1;
}

bool sleepers_take_info(struct sleepers *sleepers, struct sleeper *sleeper, uint32_t number, int fd)
{
        size_t at = place_of(sleeper, number);

        if (sleepers->fds >= sleepers->fds_most)
                return false;
        if (sleeper->ninfos == sleeper->infos_room) {
                sleeper->infos_room = sleeper->infos_room ? sleeper->infos_room * 2 : 2;
                sleeper->infos = memory_resize(sleeper->infos, sleeper->infos_room, sizeof(*sleeper->infos));
        }
        memmove(sleeper->infos + at + 1, sleeper->infos + at, (sleeper->ninfos - at) * sizeof(*sleeper->infos));
        sleeper->infos[at] = (struct sleeper_info){ .number = number, .fd = fd };
        sleeper->ninfos++;
        sleepers->fds++;
        return true;
}

void sleepers_said(struct sleepers *sleepers, struct sleeper *sleeper, uint32_t number, uint64_t thing,
                   struct text said)
{
        struct sleeper_info *info = sleeper ? find_info(sleeper, number) : NULL;

        if (!info || said.len > SAID_MOST) {
                stir(sleepers, thing);
                return;
        }
        info->said = memory_resize(info->said, said.len, 1);
        memcpy(info->said, said.data, said.len);
        info->len = (uint32_t)said.len;
        info->thing = thing;
}

/* All who have a thing are asked in the same walk, so that they tell the same. */
bool sleepers_tell(const struct sleepers *sleepers, const struct sleeper *sleeper, uint32_t number, struct text *ret)
{
        const struct sleeper_info *info = find_info(sleeper, number);

        if (!info || !info->said || (sleepers->walk + info->thing) % LOOKS_MOST == 0 ||
            map_get(&sleepers->stirred, info->thing, 0) || map_get(&sleepers->stirred_before, info->thing, 0))
                return false;
        *ret = (struct text){ info->said, info->len };
        return true;
}
