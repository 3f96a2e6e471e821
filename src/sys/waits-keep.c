/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What threads wait for, kept as long as they sleep. */
#include "sys/waits.h"

#include "base/memory.h"
#include "sys/waits-private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Of the lists there is one at most. */
struct kept_wait {
        struct wait_thread thread;
        int64_t since;
        size_t n;
        bool more;
        int *fds;
        uint64_t *words;
};

void waits_kept_done(struct waits_kept *kept)
{
        for (size_t i = 0; i < kept->n; i++) {
                free(kept->threads[i].fds);
                free(kept->threads[i].words);
        }
        free(kept->threads);
        *kept = (struct waits_kept){ 0 };
}

void waits_keep_begin(struct waits *waits, struct waits_kept *kept)
{
        waits->kept = kept;
        waits->telling = kept && kept->whole;
        waits->keeping = kept && !kept->whole;
        waits->at = 0;
        waits->known = NULL;
        if (waits->keeping)
                waits_kept_done(kept);
}

void waits_keep_end(struct waits *waits)
{
        if (waits->keeping)
                waits->kept->whole = !waits->err;
        waits->keeping = false;
}

bool waits_keep_tell(struct waits *waits, struct wait_thread *ret)
{
        waits->known = NULL;
        if (waits->at == waits->kept->n)
                return false;
        waits->known = &waits->kept->threads[waits->at++];
        *ret = waits->known->thread;
        waits->tid = ret->tid;
        return true;
}

/* Its lists; 0 or -errno. What more than its descriptors and words tells what it waits for is asked each time. */
static int read_lists(struct waits *waits, const struct wait_call *call, struct kept_wait *ret)
{
        uint64_t words[WAIT_FDS_MOST];
        int fds[WAIT_FDS_MOST], n;

        switch (call->target) {
        case WAIT_FD:
        case WAIT_FDS:
        case WAIT_POLL:
        case WAIT_SELECT:
        case WAIT_SOCKET:
                n = waits_fds(waits, call, fds, &ret->more);
                if (n > 0)
                        ret->fds = memcpy(memory_resize(NULL, (size_t)n, sizeof(*fds)), fds, (size_t)n * sizeof(*fds));
                break;
        case WAIT_FUTEX:
        case WAIT_FUTEXES:
                n = waits_futexes(waits, call, words, &ret->more);
                if (n > 0)
                        ret->words = memcpy(memory_resize(NULL, (size_t)n, sizeof(*words)), words,
                                            (size_t)n * sizeof(*words));
                break;
        default:
                n = -EOPNOTSUPP;
        }
        if (n < 0)
                return n;
        ret->n = (size_t)n;
        return 0;
}

void waits_keep_thread(struct waits *waits, const struct wait_thread *thread)
{
        struct waits_kept *kept = waits->kept;
        struct kept_wait wait = { .thread = *thread };

        waits->known = NULL;
        if (!waits->keeping)
                return;
        if (read_lists(waits, &thread->call, &wait) < 0) {
                waits->keeping = false;
                return;
        }
        wait.since = waits_since(waits);
        kept->threads = memory_resize(kept->threads, kept->n + 1, sizeof(*kept->threads));
        kept->threads[kept->n++] = wait;
        waits->known = &kept->threads[kept->n - 1];
}

int waits_known_fds(const struct waits *waits, int ret[WAIT_FDS_MOST], bool *ret_more)
{
        const struct kept_wait *known = waits->known;

        if (known->fds)
                memcpy(ret, known->fds, known->n * sizeof(*ret));
        *ret_more = known->more;
        return known->fds ? (int)known->n : 0;
}

int waits_known_futexes(const struct waits *waits, uint64_t ret[WAIT_FDS_MOST], bool *ret_more)
{
        const struct kept_wait *known = waits->known;

        if (known->words)
                memcpy(ret, known->words, known->n * sizeof(*ret));
        *ret_more = known->more;
        return known->words ? (int)known->n : 0;
}

int64_t waits_known_since(const struct waits *waits)
{
        return waits->known->since;
}
