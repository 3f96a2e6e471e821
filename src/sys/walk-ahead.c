/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/walk-ahead.h"

#include "base/memory.h"
#include "base/thread.h"
#include "sys/file.h"
#include "sys/sleepers-private.h"
#include "sys/walk-private.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        SLOTS = 8,                      /* so many processes are read ahead, at most */
        THREADS_MOST = 2,
        FDS_LEAST = 128,                /* descriptors that we may have: with fewer, none are spent on this */
        PIDS_LEAST = 16,                /* fewer are read sooner than a thread has begun and ended */
        LINKS_MOST = 128 << 10,         /* bytes of a process */
        MAPS_AHEAD_MOST = 512 << 10,
};

struct slot {
        struct ahead_process process;
        bool ready;
};

struct ahead {
        const struct host *host;
        int proc;
        enum walk_flags flags;
        const struct sleepers *sleepers;
        pid_t self;
        pthread_t threads[THREADS_MOST];
        unsigned nthreads;

        /* The rest changes under the lock; a slot that is not ready is of who fills it. */
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct numbers *pids;
        bool ended;                     /* no pids any more, or nobody wants them */
        bool using;                     /* the caller has the first slot */
        struct slot slots[SLOTS];
        size_t first, next;             /* in use: from first to before next, modulo SLOTS */
};

/* Before the text of a link; behind that, and the NUL, stand the facts, if there are any. */
struct link_head {
        uint32_t fd, len, mode, more;
        bool has_facts, settled;
};

bool ahead_fd(const struct buf *links, size_t *at, struct ahead_fd *ret)
{
        const char *place = links->data + *at;
        struct link_head head;

        if (*at >= links->len)
                return false;
        memcpy(&head, place, sizeof(head));
        place += sizeof(head);
        ret->fd = head.fd;
        ret->link = (struct text){ place, head.len };
        ret->mode = head.mode;
        ret->settled = head.settled;
        ret->more = head.more;
        ret->has_facts = head.has_facts;
        place += head.len + 1;
        if (head.has_facts) {
                memcpy(&ret->facts, place, sizeof(ret->facts));
                place += sizeof(ret->facts);
        }
        *at = (size_t)(place - links->data);
        return true;
}

/* What stands behind the link, which is there already, behind room for the head. */
static void finish_fd(struct buf *links, const struct ahead_fd *fd)
{
        struct link_head head = { .fd = fd->fd, .len = (uint32_t)fd->link.len, .mode = fd->mode,
                                  .more = fd->more, .has_facts = fd->has_facts, .settled = fd->settled };
        char *place = links->data + links->len;

        memcpy(place, &head, sizeof(head));
        place += sizeof(head) + head.len;
        *place++ = 0;
        if (fd->has_facts) {
                memcpy(place, &fd->facts, sizeof(fd->facts));
                place += sizeof(fd->facts);
        }
        links->len = (size_t)(place - links->data);
}

void ahead_put(struct buf *links, const struct ahead_fd *fd)
{
        char *place = buf_reserve(links, sizeof(struct link_head) + fd->link.len + 1 + sizeof(fd->facts));

        memcpy(place + sizeof(struct link_head), fd->link.data, fd->link.len);
        finish_fd(links, fd);
}

/*
 * What is going to be asked of a descriptor beside its link. All that is read
 * ahead is divided among the threads; what the walk asks for later is its own.
 */
static void read_more(const struct ahead *ahead, int fds, const char *name, struct ahead_fd *fd)
{
        struct stat st;

        if (ahead->flags & WALK_PATH_STATS && text_starts(fd->link, TEXT("/")))
                fd->has_facts = host_stat(ahead->host, fds, name, NULL, true, &fd->facts) == 0;
        else if (ahead->flags & WALK_PIPE_MODES && text_starts(fd->link, TEXT("pipe:")) &&
                 fstatat(fds, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
                fd->mode = st.st_mode;
}

/* Looking again and again shall not mean to look at what that takes. */
static bool is_our_own(const struct ahead *ahead, const struct ahead_process *process, uint32_t number)
{
        return ahead->sleepers && sleepers_have(ahead->sleepers, number) && process->pid == ahead->self;
}

static bool read_fd(const struct ahead *ahead, struct ahead_process *process, uint32_t number, const char *name)
{
        struct buf *links = &process->links;
        struct ahead_fd fd;
        char *place;
        ssize_t n;

        if (links->len > LINKS_MOST)
                return false;
        if (is_our_own(ahead, process, number)) {
                process->next = number + 1;
                while (sleepers_have(ahead->sleepers, process->next))
                        process->next++;
                ahead_put(links, &(struct ahead_fd){ .fd = number, .link = TEXT(""), .settled = true,
                                                     .more = process->next - number - 1 });
                return true;
        }
        place = buf_reserve(links, sizeof(struct link_head) + LINK_SIZE + sizeof(fd.facts));
        place += sizeof(struct link_head);
        n = readlinkat(process->fds, name, place, LINK_SIZE);
        if (n < 0 || n >= LINK_SIZE)
                return false;
        fd.fd = number;
        fd.link = (struct text){ place, (size_t)n };
        fd.mode = fd.more = 0;
        fd.has_facts = fd.settled = false;
        read_more(ahead, process->fds, name, &fd);
        finish_fd(links, &fd);
        process->next = number + 1;
        return true;
}

/*
 * Most of our own are what the sleepers take, in whose midst there are few others and few holes: a number that is
 * none is tried for a tenth of what it costs to list one. Ends early where one can't be read.
 */
static void read_own_fds(const struct ahead *ahead, struct ahead_process *process)
{
        const uint32_t beyond = sleepers_beyond(ahead->sleepers);
        char name[NUMBERS_TEXT];

        while (process->next < beyond) {
                uint32_t fd = process->next;

                if (!sleepers_have(ahead->sleepers, fd) && fcntl((int)fd, F_GETFD) < 0)
                        process->next++;
                else if (read_fd(ahead, process, fd, numbers_text(fd, name)))
                        continue;
                /* The other threads, which read as well, close what they opened. */
                else if (fcntl((int)fd, F_GETFD) < 0)
                        process->next++;
                else
                        break;
        }
}

/*
 * Most tables have no holes, so that the next number is the next descriptor:
 * listing them costs half as much as reading them. The list is asked only for
 * what follows the first that is not there.
 */
static void read_fds(const struct ahead *ahead, struct ahead_process *process)
{
        struct numbers numbers = { 0 };
        char list[LIST_SIZE], name[NUMBERS_TEXT];
        const char *listed;
        uint32_t fd;

        process->fds = file_open_directory(process->dir, "fd", O_RDONLY);
        if (process->fds < 0)
                return;
        if (ahead->sleepers && process->pid == ahead->self)
                read_own_fds(ahead, process);
        while (process->next <= INT32_MAX &&
               read_fd(ahead, process, process->next, numbers_text(process->next, name)))
                ;
        if (process->links.len > LINKS_MOST)
                return;
        numbers_skip_fds(process->fds, process->next);
        numbers_init(&numbers, false, process->fds, list, sizeof(list));
        process->all = true;
        while (process->all && numbers_next(&numbers, &fd, &listed))
                process->all = fd < process->next || read_fd(ahead, process, fd, listed);
        if (numbers_error(&numbers) < 0)
                process->all = false;
        numbers_done(&numbers);
}

static void read_maps(struct ahead_process *process)
{
        int fd = openat(process->dir, "maps", O_RDONLY | O_CLOEXEC);

        if (fd < 0)
                return;
        process->has_maps = file_read(fd, MAPS_AHEAD_MOST, &process->maps) == 0;
        close(fd);
}

static void release(struct ahead_process *process)
{
        if (process->fds >= 0)
                close(process->fds);
        if (process->dir >= 0)
                close(process->dir);
        process->fds = process->dir = -1;
}

static void gather(const struct ahead *ahead, struct ahead_process *process)
{
        char name[NUMBERS_TEXT];

        buf_clear(&process->links);
        buf_clear(&process->maps);
        process->next = 0;
        process->all = process->has_maps = false;
        process->pulse = (struct pulse){ 0 };
        process->dir = file_open_directory(ahead->proc, numbers_text((uint32_t)process->pid, name), O_PATH);
        if (process->dir < 0)
                return;
        /* We are awake whenever we look. */
        if (ahead->sleepers && sleepers_able(ahead->sleepers) && process->pid != ahead->self)
                pulse_take(&process->pulse, process->pid);
        if (ahead->flags & WALK_FDS)
                read_fds(ahead, process);
        if (ahead->flags & WALK_MAPS)
                read_maps(process);
}

/* Lock held. A slot for the next process; NULL: there is none, of the one or the other. */
static struct slot *take(struct ahead *ahead)
{
        struct slot *slot = &ahead->slots[ahead->next % SLOTS];
        const char *name;
        uint32_t pid;

        if (ahead->ended || ahead->next - ahead->first == SLOTS)
                return NULL;
        if (!numbers_next(ahead->pids, &pid, &name)) {
                ahead->ended = true;
                pthread_cond_broadcast(&ahead->changed);
                return NULL;
        }
        ahead->next++;
        slot->ready = false;
        slot->process.pid = (pid_t)pid;
        return slot;
}

/* Lock held, but not meanwhile. */
static void fill(struct ahead *ahead, struct slot *slot)
{
        pthread_mutex_unlock(&ahead->lock);
        gather(ahead, &slot->process);
        pthread_mutex_lock(&ahead->lock);
        slot->ready = true;
        pthread_cond_broadcast(&ahead->changed);
}

static void *work(void *data)
{
        struct ahead *ahead = data;

        pthread_mutex_lock(&ahead->lock);
        while (!ahead->ended) {
                struct slot *slot = take(ahead);

                if (slot)
                        fill(ahead, slot);
                else if (!ahead->ended)
                        pthread_cond_wait(&ahead->changed, &ahead->lock);
        }
        pthread_mutex_unlock(&ahead->lock);
        return NULL;
}

struct ahead_process *ahead_next(struct ahead *ahead)
{
        struct slot *slot = NULL;

        pthread_mutex_lock(&ahead->lock);
        if (ahead->using) {
                release(&ahead->slots[ahead->first++ % SLOTS].process);
                pthread_cond_broadcast(&ahead->changed);
        }
        for (;;) {
                struct slot *other;

                slot = ahead->first < ahead->next ? &ahead->slots[ahead->first % SLOTS] : NULL;
                if (slot && slot->ready)
                        break;
                other = take(ahead);
                if (other)
                        fill(ahead, other);
                else if (slot)
                        pthread_cond_wait(&ahead->changed, &ahead->lock);
                else if (ahead->ended)
                        break;
        }
        ahead->using = slot;
        pthread_mutex_unlock(&ahead->lock);
        return slot ? &slot->process : NULL;
}

/* As many as there are other processors; none where descriptors are scarce, or pids are known to be few. */
static unsigned count_threads(const struct numbers *pids)
{
        struct rlimit limit;
        cpu_set_t set;
        int n;

        if (pids->sorted && pids->n < PIDS_LEAST)
                return 0;
        if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < FDS_LEAST ||
            sched_getaffinity(0, sizeof(set), &set) < 0)
                return 0;
        n = CPU_COUNT(&set) - 1;
        return n < THREADS_MOST ? (unsigned)n : THREADS_MOST;
}

struct ahead *ahead_open(const struct host *host, int proc, enum walk_flags flags, const struct sleepers *sleepers,
                         struct numbers *pids)
{
        struct ahead *ahead = memory_new(sizeof(*ahead));
        unsigned n;

        ahead->host = host;
        ahead->proc = proc;
        ahead->flags = flags;
        ahead->sleepers = sleepers;
        ahead->self = getpid();
        ahead->pids = pids;
        for (unsigned i = 0; i < SLOTS; i++)
                ahead->slots[i].process.dir = ahead->slots[i].process.fds = -1;
        pthread_mutex_init(&ahead->lock, NULL);
        pthread_cond_init(&ahead->changed, NULL);
        n = flags & (WALK_FDS | WALK_MAPS) ? count_threads(pids) : 0;
        while (ahead->nthreads < n && thread_start(&ahead->threads[ahead->nthreads], work, ahead))
                ahead->nthreads++;
        return ahead;
}

void ahead_close(struct ahead *ahead)
{
        if (!ahead)
                return;
        pthread_mutex_lock(&ahead->lock);
        ahead->ended = true;
        pthread_cond_broadcast(&ahead->changed);
        pthread_mutex_unlock(&ahead->lock);
        for (unsigned i = 0; i < ahead->nthreads; i++)
                pthread_join(ahead->threads[i], NULL);
        for (unsigned i = 0; i < SLOTS; i++) {
                release(&ahead->slots[i].process);
                buf_done(&ahead->slots[i].process.links);
                buf_done(&ahead->slots[i].process.maps);
        }
        pthread_cond_destroy(&ahead->changed);
        pthread_mutex_destroy(&ahead->lock);
        free(ahead);
}
