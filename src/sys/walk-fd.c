/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/walk-private.h"

#include "base/number.h"
#include "sys/file.h"
#include "sys/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { INFO_MOST = 16 << 20 };

void walk_classify(struct text link, struct entry *entry)
{
        entry->link = link;
        if (link.len > 0 && link.data[0] == '/')
                entry->link_type = LINK_PATH;
        else if (file_parse_link(link, TEXT("socket"), &entry->inode) == 0)
                entry->link_type = LINK_SOCKET;
        else if (file_parse_link(link, TEXT("pipe"), &entry->inode) == 0)
                entry->link_type = LINK_PIPE;
        else if (text_starts(link, TEXT("anon_inode:")))
                entry->link_type = LINK_ANON;
        else if (file_parse_link(link, TEXT("pidfd"), &entry->inode) == 0) {
                /* Linux 6.9 alone tells the inode; before and after it is the name that all know. */
                entry->link_type = LINK_ANON;
                entry->link = TEXT("anon_inode:[pidfd]");
        } else
                entry->link_type = LINK_OTHER;
}

/*
 * What the recording says of the open file: under the descriptor's own path,
 * under the link's, or under that of the name a deleted file had; else the
 * file that lies there. Not a file at the name that a deleted one had: that
 * would be another one.
 */
static int stat_recorded(const struct walk *walk, const struct entry *entry, struct file_facts *ret)
{
        const struct recorded *recorded = host_recorded(walk->host);
        const struct text deleted = TEXT(" (deleted)");
        const struct file_facts *facts;
        struct text link = entry->link;
        struct buf path = { 0 };

        buf_printf(&path, "/proc/%d/", entry->pid);
        walk_entry_path(walk, entry, &path);
        facts = recorded_stat(recorded, buf_text(&path));
        buf_done(&path);
        if (!facts)
                facts = recorded_stat(recorded, link);
        if (!facts && text_ends(link, deleted))
                facts = recorded_stat(recorded, (struct text){ link.data, link.len - deleted.len });
        if (facts) {
                *ret = *facts;
                return 0;
        }
        if (entry->type != ENTRY_FD || entry->link_type != LINK_PATH)
                return -ENOENT;
        return host_stat(walk->host, -1, "", walk->link, false, ret);
}

/* The name of the current descriptor. Of one that is kept it is made here: hardly anybody asks for it. */
static const char *fd_name(struct walk *walk)
{
        if (walk->name == walk->number && !walk->number[0])
                numbers_text(walk->known.fd, walk->number);
        return walk->name;
}

int walk_fd_stat(struct walk *walk, struct entry *entry, struct file_facts *ret)
{
        struct file_facts facts;
        int r;

        if (!walk->name)
                return -EBADF;
        if (walk->kept_facts) {
                memcpy(&facts, walk->kept_facts, sizeof(facts));
        } else if (walk->known.has_facts) {
                facts = walk->known.facts;
        } else {
                if (host_live(walk->host))
                        r = host_stat(walk->host, walk_fds(walk), fd_name(walk), NULL, true, &facts);
                else
                        r = stat_recorded(walk, entry, &facts);
                if (r < 0)
                        return r;
                walk->known.has_facts = true;
                walk->known.facts = facts;
        }
        entry->dev = facts.dev;
        entry->inode = facts.inode;
        *ret = facts;
        return 0;
}

void walk_entry_path(const struct walk *walk, const struct entry *entry, struct buf *out)
{
        if (entry->type == ENTRY_MAP)
                buf_printf(out, "map_files/%llx-%llx", (unsigned long long)entry->start,
                           (unsigned long long)entry->end);
        else if (walk->task >= 0)
                buf_printf(out, "task/%d/fd/%d", entry->tid, entry->fd);
        else
                buf_printf(out, "fd/%d", entry->fd);
}

int walk_map_stat(struct walk *walk, const struct entry *entry, struct file_facts *ret)
{
        struct buf path = { 0 };
        int r;

        if (!host_live(walk->host))
                return stat_recorded(walk, entry, ret);
        walk_entry_path(walk, entry, &path);
        r = host_stat(walk->host, walk_process_dir(walk), path.data, NULL, true, ret);
        buf_done(&path);
        return r;
}

/* What the kernel itself has put there may be opened without a look at what it is. */
static int open_info(struct walk *walk)
{
        int fd = openat(walk->fdinfo, fd_name(walk), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

        return fd < 0 ? -errno : fd;
}

/* The file of a sleeper stays open: to read it again costs a tenth. It speaks of no other process, ever. */
static int read_live(struct walk *walk, struct buf *out)
{
        bool taken = false;
        int fd = open_info(walk), r;

        if (fd < 0)
                return fd;
        r = file_read_whole(fd, INFO_MOST, out);
        if (r == 0 && walk->kept)
                taken = sleepers_take_info(walk->sleepers, walk->kept, walk->known.fd, fd);
        if (!taken)
                close(fd);
        return r;
}

int walk_fd_info(struct walk *walk, struct buf *out)
{
        int fd = walk->kept ? sleepers_info(walk->kept, walk->known.fd) : -1;

        if (!walk->name)
                return -EBADF;
        if (fd >= 0)
                return file_read_again(fd, INFO_MOST, out);
        if (walk->fdinfo < 0) {
                fd = file_open_directory(walk_tables(walk), "fdinfo", O_PATH);
                if (fd < 0)
                        return fd;
                walk->fdinfo = fd;
        }
        if (!host_live(walk->host))
                return file_read_at(walk->fdinfo, fd_name(walk), INFO_MOST, out);
        return read_live(walk, out);
}

int walk_fd_again(struct walk *walk, struct entry *entry)
{
        int fds = walk_fds(walk);
        ssize_t n;

        if (!walk->name)
                return -EBADF;
        if (fds < 0)
                return fds;
        n = readlinkat(fds, fd_name(walk), walk->link, LINK_SIZE);
        if (n < 0 || n == LINK_SIZE)
                return n < 0 ? -errno : -ENAMETOOLONG;
        walk->link[n] = 0;
        walk->known.has_facts = false;
        walk->kept_facts = NULL;
        walk_classify((struct text){ walk->link, (size_t)n }, entry);
        return 0;
}

/* The line "flags:\tOCTAL" of fdinfo: flags of open(2). */
static int parse_flags(struct text text, unsigned *ret_access)
{
        struct text line, word;
        uint64_t flags;

        while (text_split(&text, '\n', &line)) {
                if (!text_starts(line, TEXT("flags:")))
                        continue;
                line = text_from(line, strlen("flags:"));
                if (!text_word(&line, &word) || number_parse_base(word, 8, UINT32_MAX, &flags) < 0)
                        return -EBADMSG;
                if (flags & O_PATH)
                        *ret_access = 0;
                else if ((flags & O_ACCMODE) == O_WRONLY)
                        *ret_access = ENTRY_WRITE;
                else
                        *ret_access = ENTRY_READ | ((flags & O_ACCMODE) == O_RDWR ? ENTRY_WRITE : 0);
                return 0;
        }
        return -EBADMSG;
}

/* Can it be open for nothing but reading and writing? The kernel makes them so, and F_SETFL leaves it. */
static bool always_both(const struct entry *entry)
{
        return entry->link_type == LINK_SOCKET ||
               (entry->link_type == LINK_ANON && (text_equal(entry->link, TEXT("anon_inode:[eventfd]")) ||
                                                  text_equal(entry->link, TEXT("anon_inode:[eventpoll]"))));
}

int walk_fd_access(struct walk *walk, struct entry *entry)
{
        struct stat st;
        int r;

        if (!walk->name)
                return -EBADF;
        if (!host_live(walk->host)) {
                buf_clear(&walk->scratch);
                r = walk_fd_info(walk, &walk->scratch);
                return r < 0 ? r : parse_flags(buf_text(&walk->scratch), &entry->access);
        }
        st.st_mode = walk->known.mode;
        /* The mode of the link says it as well, and costs a tenth of reading fdinfo. */
        if (!st.st_mode && always_both(entry))
                st.st_mode = S_IRUSR | S_IWUSR;
        if (!st.st_mode && fstatat(walk_fds(walk), fd_name(walk), &st, AT_SYMLINK_NOFOLLOW) < 0)
                return -errno;
        walk->known.mode = st.st_mode;
        entry->access = (st.st_mode & S_IRUSR ? ENTRY_READ : 0) | (st.st_mode & S_IWUSR ? ENTRY_WRITE : 0);
        return 0;
}

int walk_fd_fstype(struct walk *walk, const struct entry *entry, uint64_t *ret)
{
        struct statfs st;
        int fd, r;

        (void)entry;
        if (!host_live(walk->host))
                return -EOPNOTSUPP;
        if (!walk->name)
                return -EBADF;
        fd = openat(walk_fds(walk), fd_name(walk), O_PATH | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        r = fstatfs(fd, &st) < 0 ? -errno : 0;
        close(fd);
        if (r == 0)
                *ret = (uint64_t)(unsigned long)st.f_type;
        return r;
}
