/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/walk-private.h"

#include "base/memory.h"
#include "base/number.h"
#include "sys/file.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAPS_MOST = 256 << 20 };

static void close_fd(int *fd)
{
        if (*fd >= 0)
                close(*fd);
        *fd = -1;
}

static void close_tables(struct walk *walk)
{
        close_fd(&walk->fds);
        close_fd(&walk->fdinfo);
        close_fd(&walk->task);
}

/* Does "self" in this /proc bear our pid? Not so in another pid namespace's. */
static bool is_our_proc(int proc)
{
        char link[16];
        ssize_t n = readlinkat(proc, "self", link, sizeof(link));
        uint64_t pid;

        return n > 0 && number_parse((struct text){ link, (size_t)n }, INT32_MAX, &pid) == 0 &&
               (pid_t)pid == getpid();
}

int walk_open(const struct host *host, enum walk_flags flags, struct sleepers *sleepers, struct walk **ret)
{
        int proc = host_openat(host, "/proc", O_RDONLY | O_DIRECTORY);
        struct walk *walk;

        if (proc < 0)
                return proc;
        walk = memory_new(sizeof(*walk));
        walk->host = host;
        walk->flags = flags;
        walk->proc = proc;
        walk->can_compare = host_live(host) && is_our_proc(proc);
        walk->dir = walk->task = walk->fds = walk->fdinfo = -1;
        walk->facts = &walk->fresh;
        /* Who sleeps is asked by pid, too. */
        walk->sleepers = walk->can_compare ? sleepers : NULL;
        numbers_init(&walk->pids, walk->sleepers || !host_live(host), proc, walk->pid_list, sizeof(walk->pid_list));
        if (walk->sleepers)
                walk_keep_open(walk);
        else if (host_live(host))
                walk->ahead = ahead_open(host, proc, flags, NULL, &walk->pids);
        *ret = walk;
        return 0;
}

void walk_close(struct walk *walk)
{
        if (!walk)
                return;
        ahead_close(walk->ahead);
        close_tables(walk);
        close_fd(&walk->dir);
        close_fd(&walk->proc);
        numbers_done(&walk->pids);
        numbers_done(&walk->awake);
        free(walk->asleep);
        process_facts_done(&walk->fresh);
        buf_done(&walk->told_fds);
        buf_done(&walk->told_maps);
        numbers_done(&walk->numbers);
        threads_done(&walk->threads);
        buf_done(&walk->maps);
        buf_done(&walk->scratch);
        free(walk);
}

bool walk_can_compare(const struct walk *walk)
{
        return walk->can_compare;
}

static struct entry new_entry(const struct walk *walk, enum entry_type type)
{
        return (struct entry){ .type = type, .pid = walk->pid, .tid = walk->tid, .fd = -1, .kept = walk->kept };
}

/* Can there be no tables at all? A thread of the kernel, or a zombie: *ret_threads is how many threads it has. */
static bool is_idle(struct walk *walk, unsigned *ret_threads)
{
        const struct process_facts *facts;

        *ret_threads = 0;
        if (walk->dir < 0)
                return false;
        facts = walk_facts(walk, PART_STAT);
        if (facts->stat_err < 0)
                return false;
        if (facts->stat.flags & PROCESS_KERNEL_THREAD)
                return true;
        *ret_threads = facts->stat.nthreads;
        return facts->stat.state == 'Z' || facts->stat.state == 'X';
}

/*
 * Makes an ENTRY_ERROR of err (negative), or returns false when all is normal:
 * the process is gone, or has nothing that could be refused.
 */
static bool make_error(struct walk *walk, const char *where, int err, struct entry *ret)
{
        unsigned nthreads;

        if (err == -ENOENT || err == -ESRCH)
                return false;
        if (walk->task < 0 && is_idle(walk, &nthreads))
                return false;
        walk->failed = true;
        if (err == -EACCES || err == -EPERM)
                walk->denied = true;
        walk->any = true;
        *ret = new_entry(walk, ENTRY_ERROR);
        ret->where = where;
        ret->err = -err;
        return true;
}

/* The next of the list: 1, with its directory open (but of one that is kept); 0 at the end; or -errno. */
static int next_pid(struct walk *walk)
{
        struct ahead_process *gathered = NULL;
        char name[NUMBERS_TEXT];
        const char *listed;
        uint32_t pid;

        walk->gathered = NULL;
        if (walk->sleepers) {
                if (!walk_keep_next(walk, &gathered))
                        return 0;
                if (walk->kept)
                        return 1;
                pid = (uint32_t)gathered->pid;
        } else if (walk->ahead) {
                gathered = ahead_next(walk->ahead);
                if (!gathered)
                        return 0;
                pid = (uint32_t)gathered->pid;
        } else if (!numbers_next(&walk->pids, &pid, &listed)) {
                return 0;
        }
        walk->pid = walk->tid = (pid_t)pid;
        if (gathered && gathered->dir >= 0) {
                walk->dir = gathered->dir;
                gathered->dir = -1;
                walk->gathered = gathered;
                return 1;
        }
        walk->dir = file_open_directory(walk->proc, numbers_text(pid, name), O_PATH);
        return walk->dir < 0 ? walk->dir : 1;
}

/* Nothing is known of the next one. */
static void leave_process(struct walk *walk)
{
        if (walk->sleepers && walk->inside)
                walk_keep_process(walk);
        close_tables(walk);
        close_fd(&walk->dir);
        process_facts_clear(&walk->fresh);
        walk->facts = &walk->fresh;
        walk->kept = NULL;
        walk->kept_facts = NULL;
        walk->inside = walk->ended = false;
        walk->any = walk->denied = walk->failed = walk->extra = walk->unshared = walk->waitless = false;
}

static bool next_process(struct walk *walk, struct entry *ret)
{
        int r;

        close_tables(walk);
        if (walk->flags & WALK_ENDS && walk->inside && !walk->ended) {
                walk->ended = true;
                walk->tid = walk->pid;
                *ret = new_entry(walk, ENTRY_END);
                return true;
        }
        leave_process(walk);
        while ((r = next_pid(walk)) != 0) {
                if (r > 0) {
                        walk->inside = true;
                        walk->phase = walk->kept ? PHASE_KEPT : PHASE_OPEN_FDS;
                        *ret = new_entry(walk, ENTRY_PROCESS);
                        return true;
                }
                if (make_error(walk, "/proc/PID", r, ret))
                        return true;
        }
        walk->phase = PHASE_END;
        walk->pid = walk->tid = 0;
        r = numbers_error(&walk->pids);
        return r < 0 && make_error(walk, "/proc", r, ret);
}

/* From the place on where the open directory stands. */
static void list_fds(struct walk *walk, uint32_t first)
{
        walk->listing = true;
        walk->first = first;
        numbers_init(&walk->numbers, !host_live(walk->host), walk->fds, walk->fd_list, sizeof(walk->fd_list));
}

/* This and the next four: true when *ret has become an entry. */
static bool open_fds(struct walk *walk, struct entry *ret)
{
        struct ahead_process *gathered = walk->task < 0 ? walk->gathered : NULL;
        int fd;

        walk->phase = walk->extra ? PHASE_THREADS : PHASE_OPEN_MAPS;
        if (!(walk->flags & WALK_FDS))
                return false;
        if (gathered && gathered->fds >= 0) {
                walk->fds = gathered->fds;
                gathered->fds = -1;
                walk->gathered_at = 0;
                walk->listing = false;
        } else {
                fd = file_open_directory(walk_tables(walk), "fd", O_RDONLY);
                if (fd < 0)
                        return make_error(walk, "/proc/PID/fd", fd, ret);
                walk->fds = fd;
                list_fds(walk, 0);
        }
        walk->phase = PHASE_FDS;
        return false;
}

static void make_fd(struct walk *walk, uint32_t fd, struct text link, struct entry *ret)
{
        walk->any = true;
        *ret = new_entry(walk, ENTRY_FD);
        ret->fd = (int)fd;
        ret->settled = walk->known.settled;
        ret->more = walk->known.more;
        walk_classify(link, ret);
        walk->told = ENTRY_FD;
}

/* One of those that were read ahead. False: no more of them; those that follow are listed, if there may be any. */
static bool next_gathered(struct walk *walk, struct entry *ret)
{
        if (ahead_fd(&walk->gathered->links, &walk->gathered_at, &walk->known)) {
                walk->name = numbers_text(walk->known.fd, walk->number);
                make_fd(walk, walk->known.fd, walk->known.link, ret);
                return true;
        }
        if (!walk->gathered->all) {
                numbers_skip_fds(walk->fds, walk->gathered->next);
                list_fds(walk, walk->gathered->next);
        }
        return false;
}

static bool next_fd(struct walk *walk, struct entry *ret)
{
        bool ended = false;
        uint32_t fd;
        ssize_t n;
        int r = 0;

        if (!walk->listing && next_gathered(walk, ret))
                return true;
        while (walk->listing && !ended && numbers_next(&walk->numbers, &fd, &walk->name)) {
                if (fd < walk->first)
                        continue;
                n = readlinkat(walk->fds, walk->name, walk->link, LINK_SIZE);
                if (n >= 0 && n < LINK_SIZE) {
                        walk->link[n] = 0;
                        walk->known = (struct ahead_fd){ .fd = fd, .link = { walk->link, (size_t)n } };
                        make_fd(walk, fd, walk->known.link, ret);
                        return true;
                }
                r = n < 0 ? -errno : -ENAMETOOLONG;
                /* No right to one of them is no right to any: say so once. */
                ended = r == -EACCES || r == -EPERM;
                if (!ended && make_error(walk, "/proc/PID/fd", r, ret))
                        return true;
        }
        walk->name = NULL;
        walk->phase = walk->extra ? PHASE_THREADS : PHASE_OPEN_MAPS;
        if (!ended)
                r = walk->listing ? numbers_error(&walk->numbers) : 0;
        return r < 0 && make_error(walk, "/proc/PID/fd", r, ret);
}

static bool open_maps(struct walk *walk, struct entry *ret)
{
        int fd, r;

        walk->phase = PHASE_OPEN_THREADS;
        if (!(walk->flags & WALK_MAPS))
                return false;
        walk->said_bad_map = false;
        if (walk->task < 0 && walk->gathered && walk->gathered->has_maps) {
                walk->rest = buf_text(&walk->gathered->maps);
                walk->phase = PHASE_MAPS;
                return false;
        }
        if (host_live(walk->host)) {
                fd = openat(walk_tables(walk), "maps", O_RDONLY | O_CLOEXEC);
                if (fd < 0)
                        fd = -errno;
        } else {
                fd = file_open(walk_tables(walk), "maps");
        }
        if (fd < 0)
                return make_error(walk, "/proc/PID/maps", fd, ret);
        buf_clear(&walk->maps);
        r = file_read(fd, MAPS_MOST, &walk->maps);
        close(fd);
        if (r < 0)
                return make_error(walk, "/proc/PID/maps", r, ret);
        walk->rest = buf_text(&walk->maps);
        walk->phase = PHASE_MAPS;
        return false;
}

/* A segment's inode is its shmid, and the first segment of all has the id 0. */
static bool is_file_mapping(const struct entry *entry)
{
        return entry->inode != 0 || text_starts(entry->link, TEXT("/SYSV"));
}

static bool next_map(struct walk *walk, struct entry *ret)
{
        struct entry entry;
        struct text line;

        while (walk->rest.len > 0) {
                const char *end = memchr(walk->rest.data, '\n', walk->rest.len);
                int r;

                line = walk->rest;
                if (end)
                        line.len = (size_t)(end - line.data);
                walk->rest = text_from(walk->rest, line.len + 1);
                walk->any = true;
                r = end ? walk_parse_map(line, &entry) : -EBADMSG;
                if (r == 0 && is_file_mapping(&entry)) {
                        entry.pid = walk->pid;
                        entry.tid = walk->tid;
                        *ret = entry;
                        walk->line = line;
                        walk->settled = false;
                        walk->told = ENTRY_MAP;
                        return true;
                }
                if (r < 0 && !walk->said_bad_map) {
                        walk->said_bad_map = true;
                        if (make_error(walk, "/proc/PID/maps", r, ret))
                                return true;
                }
        }
        walk->phase = PHASE_OPEN_THREADS;
        return false;
}

/* Begins to read the descriptors (and mappings) of a thread. */
static bool enter_thread(struct walk *walk, pid_t tid)
{
        char name[16];
        int task, dir;

        close_tables(walk);
        task = file_open_directory(walk->dir, "task", O_PATH);
        if (task < 0)
                return false;
        snprintf(name, sizeof(name), "%d", tid);
        dir = file_open_directory(task, name, O_PATH);
        close(task);
        if (dir < 0)
                return false;
        walk->task = dir;
        walk->tid = tid;
        walk->phase = PHASE_OPEN_FDS;
        return true;
}

/* More threads than the leader and the one whose tables were read? Told by a link count, without opening. */
static bool has_threads(const struct walk *walk)
{
        struct stat st;

        return fstatat(walk->dir, "task", &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_nlink > 3;
}

static bool open_threads(struct walk *walk, struct entry *ret)
{
        unsigned nthreads;
        int r;

        walk->phase = PHASE_PROCESS;
        /* Nothing at all: perhaps the leader alone has exited. */
        if (!walk->any && walk->task < 0 && is_idle(walk, &nthreads) && nthreads > 1) {
                pid_t tid = threads_living(walk->host, walk->dir, walk->pid, &walk->scratch);

                if (tid > 0 && enter_thread(walk, tid))
                        return false;
        }
        if (!(walk->flags & WALK_FDS) || !walk->can_compare || walk->denied || !has_threads(walk))
                return false;
        r = threads_unshared(walk->dir, walk->tid, &walk->threads);
        walk->threads_done = 0;
        walk->extra = true;
        walk->unshared = r < 0 || walk->threads.n > 0;
        walk->phase = PHASE_THREADS;
        if (r == -ENOSYS)
                walk->can_compare = false;
        return r < 0 && make_error(walk, "/proc/PID/task", r, ret);
}

static void next_thread(struct walk *walk)
{
        while (walk->threads_done < walk->threads.n)
                if (enter_thread(walk, walk->threads.tids[walk->threads_done++]))
                        return;
        walk->phase = PHASE_PROCESS;
}

int walk_next(struct walk *walk, struct entry *ret)
{
        bool made = false;

        if (walk->sleepers)
                walk_keep_entry(walk);
        while (!made && walk->phase != PHASE_END)
                switch (walk->phase) {
                case PHASE_PROCESS:
                        made = next_process(walk, ret);
                        break;
                case PHASE_KEPT:
                        made = walk_keep_tell(walk, ret);
                        if (!made)
                                walk->phase = PHASE_PROCESS;
                        break;
                case PHASE_OPEN_FDS:
                        made = open_fds(walk, ret);
                        break;
                case PHASE_FDS:
                        made = next_fd(walk, ret);
                        break;
                case PHASE_OPEN_MAPS:
                        made = open_maps(walk, ret);
                        break;
                case PHASE_MAPS:
                        made = next_map(walk, ret);
                        break;
                case PHASE_OPEN_THREADS:
                        made = open_threads(walk, ret);
                        break;
                case PHASE_THREADS:
                        next_thread(walk);
                        break;
                case PHASE_END:
                        break;
                }
        return made;
}
