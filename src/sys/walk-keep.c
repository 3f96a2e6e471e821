/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a walk keeps of processes for the next one, and what it takes from the one before: sys/sleepers.h. */
#include "sys/walk-private.h"

#include "base/memory.h"
#include "sys/file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { EXPECTED = 4 };                  /* processes: so many are met while memory is waited for */

void walk_keep_open(struct walk *walk)
{
        const struct numbers *pids = &walk->pids;
        uint32_t *awake = memory_resize(NULL, pids->n + 1, sizeof(*awake));
        size_t nawake = 0;

        sleepers_begin(walk->sleepers, walk->flags);
        walk->asleep = memory_resize(NULL, pids->n + 1, sizeof(struct sleeper *));
        for (size_t i = 0; i < pids->n; i++) {
                if (i + EXPECTED < pids->n)
                        sleepers_expect(walk->sleepers, (pid_t)pids->list[i + EXPECTED]);
                walk->asleep[i] = sleepers_meet(walk->sleepers, (pid_t)pids->list[i]);
                if (!walk->asleep[i])
                        awake[nawake++] = pids->list[i];
        }
        sleepers_met_all(walk->sleepers);
        numbers_of(&walk->awake, awake, nawake);
        walk->ahead = ahead_open(walk->host, walk->proc, walk->flags, walk->sleepers, &walk->awake);
}

static void enter(struct walk *walk, struct sleeper *sleeper)
{
        pid_t parent = sleeper->facts.stat.parent;

        walk->kept = sleeper;
        walk->pid = walk->tid = sleeper->pid;
        walk->kept_at = 0;
        walk->facts = &sleeper->facts;
        walk->waitless = sleeper->waitless;
        /* Whose parent ends gets another, asleep or not; the first process is that for ever. */
        if (parent > 1 && !sleepers_met(walk->sleepers, parent))
                walk->facts->parts &= ~(unsigned)PART_STAT;
}

int walk_keep_next(struct walk *walk, struct ahead_process **ret_gathered)
{
        struct sleeper *sleeper;

        if (walk->place == walk->pids.n)
                return 0;
        sleeper = walk->asleep[walk->place++];
        if (sleeper)
                enter(walk, sleeper);
        else
                *ret_gathered = ahead_next(walk->ahead);
        return 1;
}

/* In it there is nothing: whoever reads there hears the same as of a process that has ended. */
static int open_nothing(const struct walk *walk)
{
        return file_open_directory(walk->proc, "self/fdinfo", O_PATH);
}

/*
 * Another one may have got its pid. One that sleeps as before is the same; of one that was woken the beginning
 * tells.
 */
static bool is_of_kept(const struct walk *walk, int dir)
{
        struct process_stat stat;
        struct buf text = { 0 };
        bool same;

        if (pulse_is_same(&walk->kept->pulse))
                return true;
        same = process_read_stat(dir, &text, &stat) == 0 && stat.start == walk->kept->facts.stat.start;
        buf_done(&text);
        return same;
}

int walk_process_dir(struct walk *walk)
{
        char name[NUMBERS_TEXT];

        if (walk->dir < 0 && walk->kept) {
                walk->dir = file_open_directory(walk->proc, numbers_text((uint32_t)walk->pid, name), O_PATH);
                if (walk->dir >= 0 && !is_of_kept(walk, walk->dir)) {
                        close(walk->dir);
                        walk->dir = -1;
                }
                if (walk->dir < 0)
                        walk->dir = open_nothing(walk);
        }
        return walk->dir;
}

int walk_fds(struct walk *walk)
{
        if (walk->fds < 0 && walk->kept)
                walk->fds = file_open_directory(walk_process_dir(walk), "fd", O_PATH);
        return walk->fds;
}

const struct process_facts *walk_facts(struct walk *walk, unsigned parts)
{
        if (process_facts_missing(walk->facts, parts))
                process_facts_read(walk->facts, walk_process_dir(walk), parts);
        return walk->facts;
}

void walk_settle(struct walk *walk)
{
        walk->known.settled = walk->settled = true;
}

void walk_settle_waits(struct walk *walk)
{
        walk->waitless = true;
}

bool walk_waits_settled(const struct walk *walk)
{
        return walk->kept && walk->waitless;
}

struct waits_kept *walk_waits_kept(struct walk *walk)
{
        return walk->kept ? &walk->kept->waits : NULL;
}

void walk_keep_entry(struct walk *walk)
{
        if (!walk->kept && walk->told == ENTRY_FD) {
                ahead_put(&walk->told_fds, &walk->known);
        } else if (!walk->kept && walk->told == ENTRY_MAP && !walk->settled) {
                buf_add(&walk->told_maps, walk->line);
                buf_byte(&walk->told_maps, '\n');
        }
        walk->told = ENTRY_PROCESS;
}

/* Then another process may change them while this one sleeps. */
static bool shares_tables(struct walk *walk, const struct process_stat *stat)
{
        if (stat->flags & PROCESS_KERNEL_THREAD)
                return false;
        if (!walk->can_compare)
                return true;
        if (stat->parent <= 0 || !threads_share(walk->pid, stat->parent))
                return false;
        sleepers_refuse(walk->sleepers, stat->parent);
        return true;
}

/* One that waits for the disk, or for its child between vfork(2) and execve(2), is awake soon. */
static bool is_worth_keeping(struct walk *walk)
{
        const struct ahead_process *gathered = walk->gathered;
        const struct process_facts *facts = walk->facts;

        if (!gathered || walk->failed || walk->unshared || !gathered->pulse.ns)
                return false;
        if (walk->flags & WALK_FDS && !gathered->all)
                return false;
        if (walk->flags & WALK_MAPS && !gathered->has_maps)
                return false;
        return facts->parts & PART_STAT && facts->stat_err == 0 && facts->stat.state != 'D' &&
               !shares_tables(walk, &facts->stat);
}

/* The tables are told again and again: what can be known of their entries by then is worked out once. */
static void take_apart_fds(struct sleeper *sleeper)
{
        struct ahead_fd fd = { 0 };
        struct entry entry;
        size_t at = 0, room = 0;

        while (ahead_fd(&sleeper->links, &at, &fd)) {
                struct kept_fd *kept;

                if (sleeper->nfds == room) {
                        room = room ? room * 2 : 16;
                        sleeper->fds = memory_resize(sleeper->fds, room, sizeof(*sleeper->fds));
                }
                kept = &sleeper->fds[sleeper->nfds++];
                entry = (struct entry){ 0 };
                walk_classify(fd.link, &entry);
                *kept = (struct kept_fd){ .link = entry.link, .fd = fd.fd, .mode = (uint16_t)fd.mode,
                                          .settled = fd.settled, .link_type = (uint8_t)entry.link_type,
                                          .inode = entry.inode };
                if (!fd.has_facts)
                        continue;
                kept->facts = sleeper->links.data + at - sizeof(fd.facts);
                kept->dev = fd.facts.dev;
                kept->inode = fd.facts.inode;
        }
}

static void take_apart_maps(struct sleeper *sleeper)
{
        struct text rest = buf_text(&sleeper->lines), line;
        size_t room = 0;

        while (text_split(&rest, '\n', &line)) {
                struct entry entry;

                if (walk_parse_map(line, &entry) < 0)
                        continue;
                if (sleeper->nmaps == room) {
                        room = room ? room * 2 : 4;
                        sleeper->maps = memory_resize(sleeper->maps, room, sizeof(*sleeper->maps));
                }
                entry.pid = entry.tid = sleeper->pid;
                entry.kept = true;
                sleeper->maps[sleeper->nmaps++] = entry;
        }
}

static void tell_fd(struct walk *walk, const struct kept_fd *fd, struct entry *ret)
{
        *ret = (struct entry){ .type = ENTRY_FD, .pid = walk->pid, .tid = walk->pid, .kept = true,
                               .settled = fd->settled, .link = fd->link, .dev = fd->dev, .inode = fd->inode,
                               .fd = (int)fd->fd, .link_type = fd->link_type };
        walk->known.fd = fd->fd;
        walk->known.mode = fd->mode;
        walk->known.has_facts = false;
        walk->kept_facts = fd->facts;
        walk->number[0] = 0;
        walk->name = walk->number;
}

size_t walk_coming(const struct walk *walk, struct entry_file *ret, size_t n)
{
        const struct sleeper *sleeper = walk->kept;

        if (!sleeper)
                return 0;
        if (n > sleeper->nfds)
                n = sleeper->nfds;
        for (size_t i = 0; i < n; i++) {
                const struct kept_fd *fd = &sleeper->fds[i];

                ret[i] = (struct entry_file){ .link_type = fd->settled ? LINK_OTHER : (enum link_type)fd->link_type,
                                              .dev = fd->dev, .inode = fd->inode };
        }
        return n;
}

bool walk_keep_tell(struct walk *walk, struct entry *ret)
{
        const struct sleeper *sleeper = walk->kept;
        size_t at = walk->kept_at++;

        if (at < sleeper->nfds) {
                tell_fd(walk, &sleeper->fds[at], ret);
                return true;
        }
        walk->name = NULL;
        at -= sleeper->nfds;
        if (at < sleeper->nmaps)
                *ret = sleeper->maps[at];
        return at < sleeper->nmaps;
}

void walk_keep_process(struct walk *walk)
{
        struct sleeper *sleeper;

        if (!walk->kept && is_worth_keeping(walk)) {
                sleeper = sleepers_keep(walk->sleepers, walk->pid, walk->gathered->pulse, buf_text(&walk->told_fds),
                                        buf_text(&walk->told_maps), walk->facts);
                if (sleeper) {
                        sleeper->waitless = walk->waitless;
                        take_apart_fds(sleeper);
                        take_apart_maps(sleeper);
                }
        }
        buf_clear(&walk->told_fds);
        buf_clear(&walk->told_maps);
}
