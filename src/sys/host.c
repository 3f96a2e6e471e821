/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/host.h"

#include "base/memory.h"
#include "base/number.h"
#include "sys/file.h"
#include "sys/host-private.h"
#include "sys/listings.h"
#include "sys/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum { SMALL_FILE = 4096, BIG_FILE = 64 << 20, TRIES = 64 };

static const int64_t ns_per_second = 1000000000;

/* What is read at the first question only. */
struct host_cache {
        bool has_boot_time;
        int64_t boot_time;
        struct users *users, *groups;
        struct listings *listings;      /* NULL: nobody looks again */
};

struct host {
        int root;                       /* -1: live */
        struct recorded *recorded;      /* NULL: live */
        struct host_cache *cache;
};

/*
 * Opens within the directory, whatever links and ".." the path has. Of the
 * links in /proc only their text counts in a recording.
 */
static int open_within(int dir, const char *path, int flags, uint64_t resolve)
{
        struct open_how how = { .resolve = resolve | RESOLVE_NO_MAGICLINKS };
        long fd;

        /* openat2(2) refuses flags that have no meaning beside O_PATH. */
        if (flags & O_PATH)
                flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
        else
                flags |= O_NOCTTY | O_NONBLOCK;
        how.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC);

        /* EAGAIN: a rename raced with "..". */
        for (unsigned i = 0; i < TRIES; i++) {
                fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
                if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
                        break;
        }
        if (fd < 0)
                return errno == ENOSYS ? -EOPNOTSUPP : -errno;
        return (int)fd;
}

/* Opening a device can have effects of its own, and a recording has no use for one. */
static int refuse_device(const struct host *host, const char *path, int flags)
{
        int fd = open_within(host->root, path, O_PATH | (flags & O_NOFOLLOW), RESOLVE_IN_ROOT);
        struct stat st;
        int r = 0;

        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                r = -errno;
        else if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
                r = -ENXIO;
        close(fd);
        return r;
}

int host_openat(const struct host *host, const char *path, int flags)
{
        int fd;

        if (path[0] != '/')
                return -EINVAL;
        if (host_live(host)) {
                do
                        fd = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
                while (fd < 0 && errno == EINTR);
                return fd < 0 ? -errno : fd;
        }
        if (!(flags & (O_PATH | O_DIRECTORY))) {
                int r = refuse_device(host, path, flags);

                if (r < 0)
                        return r;
        }
        return open_within(host->root, path, flags, RESOLVE_IN_ROOT);
}

int host_read(const struct host *host, const char *path, size_t most, struct buf *out)
{
        int fd = host_openat(host, path, O_RDONLY), r;
        struct stat st;

        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                r = -errno;
        else if (!S_ISREG(st.st_mode))
                r = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
        else
                r = file_read(fd, most, out);
        close(fd);
        return r;
}

static int open_recorded(struct host *host, const char *root)
{
        struct buf text = { 0 };
        int r;

        host->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (host->root < 0)
                return -errno;
        /* Not NULL from here on: this is what makes the host a recorded one. */
        r = recorded_parse(TEXT(""), &host->recorded);
        if (r < 0)
                return r;
        r = host_read(host, "/.ipcview", BIG_FILE, &text);
        if (r == -ENOENT)
                r = 0;
        if (r == 0) {
                struct recorded *told;

                r = recorded_parse(buf_text(&text), &told);
                if (r == 0) {
                        recorded_free(host->recorded);
                        host->recorded = told;
                }
        }
        buf_done(&text);
        return r;
}

int host_open(const char *root, struct host **ret)
{
        struct host *host = memory_new(sizeof(*host));
        int r = 0;

        host->cache = memory_new(sizeof(*host->cache));
        host->root = -1;
        if (root && strcmp(root, "/") != 0)
                r = open_recorded(host, root);
        if (r < 0) {
                host_close(host);
                return r;
        }
        *ret = host;
        return 0;
}

void host_close(struct host *host)
{
        if (!host)
                return;
        if (host->root >= 0)
                close(host->root);
        recorded_free(host->recorded);
        users_free(host->cache->users);
        users_free(host->cache->groups);
        listings_free(host->cache->listings);
        free(host->cache);
        free(host);
}

void host_keep_listings(struct host *host)
{
        if (host_live(host) && !host->cache->listings)
                host->cache->listings = listings_new();
}

void host_forget_listings(const struct host *host)
{
        if (host->cache->listings)
                listings_forget(host->cache->listings);
}

struct listings *host_listings(const struct host *host)
{
        return host->cache->listings;
}

bool host_live(const struct host *host)
{
        return !host->recorded;
}

const struct recorded *host_recorded(const struct host *host)
{
        return host->recorded;
}

int64_t host_time(const struct host *host)
{
        int64_t moment = 0;

        if (host_live(host)) {
                struct timespec now;

                clock_gettime(CLOCK_REALTIME, &now);
                return (int64_t)now.tv_sec * ns_per_second + now.tv_nsec;
        }
        recorded_time(host->recorded, &moment);
        return moment;
}

/* The line "btime SECONDS" of /proc/stat. */
static int64_t parse_boot_time(struct text text)
{
        struct text line, word;
        uint64_t seconds;

        while (text_split(&text, '\n', &line)) {
                if (!text_starts(line, TEXT("btime ")))
                        continue;
                line = text_from(line, strlen("btime "));
                if (text_word(&line, &word) &&
                    number_parse(word, (uint64_t)(INT64_MAX / ns_per_second), &seconds) == 0)
                        return (int64_t)seconds * ns_per_second;
        }
        return 0;
}

int64_t host_boot_time(const struct host *host)
{
        struct host_cache *cache = host->cache;
        struct buf text = { 0 };

        if (!cache->has_boot_time) {
                if (host_read(host, "/proc/stat", BIG_FILE, &text) == 0)
                        cache->boot_time = parse_boot_time(buf_text(&text));
                cache->has_boot_time = true;
                buf_done(&text);
        }
        return cache->boot_time;
}

unsigned host_page_bytes(const struct host *host)
{
        long size = host_live(host) ? sysconf(_SC_PAGESIZE) : 0;

        return size > 0 ? (unsigned)size : 4096;
}

uid_t host_uid(const struct host *host)
{
        uid_t uid = (uid_t)-1;

        if (host_live(host))
                return geteuid();
        recorded_uid(host->recorded, &uid);
        return uid;
}

/* Appends a file of one line without its newline. */
static int add_first_line(const struct host *host, const char *path, struct buf *out)
{
        struct buf text = { 0 };
        struct text rest, line;
        int r = host_read(host, path, SMALL_FILE, &text);

        rest = buf_text(&text);
        if (r == 0 && text_split(&rest, '\n', &line))
                buf_add(out, line);
        buf_done(&text);
        return r;
}

void host_name(const struct host *host, struct buf *out)
{
        if (add_first_line(host, "/proc/sys/kernel/hostname", out) < 0)
                add_first_line(host, "/etc/hostname", out);
}

void host_boot_id(const struct host *host, struct buf *out)
{
        add_first_line(host, "/proc/sys/kernel/random/boot_id", out);
}

static int64_t ns_of(struct statx_timestamp time)
{
        int64_t ns;

        /* File systems may keep nonsense: beyond the range of ns, the end of the range. */
        if (__builtin_mul_overflow((int64_t)time.tv_sec, ns_per_second, &ns) ||
            __builtin_add_overflow(ns, (int64_t)time.tv_nsec, &ns))
                return time.tv_sec < 0 ? INT64_MIN : INT64_MAX;
        return ns;
}

static void facts_from_statx(const struct statx *stx, struct file_facts *ret)
{
        *ret = (struct file_facts){
                .dev       = (uint64_t)stx->stx_dev_major << 32 | stx->stx_dev_minor,
                .rdev      = (uint64_t)stx->stx_rdev_major << 32 | stx->stx_rdev_minor,
                .inode     = stx->stx_ino,
                .mode      = stx->stx_mode,
                .uid       = stx->stx_uid,
                .gid       = stx->stx_gid,
                .size      = stx->stx_size,
                .allocated = stx->stx_blocks * 512,
                .nlink     = stx->stx_nlink,
                .atime     = ns_of(stx->stx_atime),
                .mtime     = ns_of(stx->stx_mtime),
                .ctime     = ns_of(stx->stx_ctime),
                .btime     = stx->stx_mask & STATX_BTIME ? ns_of(stx->stx_btime) : 0,
        };
}

static int stat_at(int dir, const char *name, int flags, struct file_facts *ret)
{
        struct statx stx;

        if (!*name)
                flags |= AT_EMPTY_PATH;
        if (statx(dir, name, flags | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_BTIME, &stx) < 0)
                return -errno;
        facts_from_statx(&stx, ret);
        return 0;
}

int host_stat(const struct host *host, int dir, const char *name, const char *path, bool follow,
              struct file_facts *ret)
{
        const struct file_facts *facts;
        int fd, r;

        if (host_live(host))
                return stat_at(dir, name, AT_STATX_DONT_SYNC | (follow ? 0 : AT_SYMLINK_NOFOLLOW), ret);

        facts = path ? recorded_stat(host->recorded, text_of(path)) : NULL;
        if (facts) {
                *ret = *facts;
                return 0;
        }
        /* A link in the recording must not lead out of it. */
        if (path)
                fd = open_within(host->root, path, O_PATH | (follow ? 0 : O_NOFOLLOW), RESOLVE_IN_ROOT);
        else
                fd = open_within(dir, name, O_PATH | (follow ? 0 : O_NOFOLLOW), RESOLVE_BENEATH);
        if (fd < 0)
                return fd;
        r = stat_at(fd, "", AT_STATX_DONT_SYNC, ret);
        close(fd);
        return r;
}

int host_stat_now(int dir, const char *name, struct file_facts *ret)
{
        return stat_at(dir, name, AT_SYMLINK_NOFOLLOW, ret);
}

int host_space(const struct host *host, const char *path, struct space_facts *ret)
{
        const struct space_facts *facts;
        struct statvfs fs;
        int dir, r = 0;

        if (!host_live(host)) {
                facts = recorded_space(host->recorded, text_of(path));
                if (facts)
                        *ret = *facts;
                return facts ? 0 : -ENOENT;
        }
        dir = host_openat(host, path, O_PATH | O_DIRECTORY);
        if (dir < 0)
                return dir;
        if (fstatvfs(dir, &fs) < 0)
                r = -errno;
        else
                *ret = (struct space_facts){ fs.f_blocks * fs.f_frsize, fs.f_bfree * fs.f_frsize,
                                             fs.f_files, fs.f_ffree };
        close(dir);
        return r;
}

uint64_t host_namespace(const struct host *host, const char *type)
{
        char link[64];
        uint64_t inode;
        ssize_t n;
        int dir;

        dir = host_openat(host, "/proc/self/ns", O_PATH | O_DIRECTORY);
        if (dir < 0)
                return 0;
        n = readlinkat(dir, type, link, sizeof(link));
        close(dir);
        if (n < 0 || file_parse_link((struct text){ link, (size_t)n }, text_of(type), &inode) < 0)
                return 0;
        return inode;
}

static const struct users *recorded_names(const struct host *host, const char *path, struct users **cached)
{
        struct buf text = { 0 };

        if (!*cached) {
                /* On failure the text stays empty, and so do the names. */
                host_read(host, path, BIG_FILE, &text);
                *cached = users_parse(buf_text(&text));
                buf_done(&text);
        }
        return *cached;
}

bool host_user_name(const struct host *host, uid_t uid, struct buf *out)
{
        if (host_live(host))
                return users_ask_user(uid, out);
        return users_name(recorded_names(host, "/etc/passwd", &host->cache->users), uid, out);
}

bool host_group_name(const struct host *host, gid_t gid, struct buf *out)
{
        if (host_live(host))
                return users_ask_group(gid, out);
        return users_name(recorded_names(host, "/etc/group", &host->cache->groups), gid, out);
}

bool host_user_id(const struct host *host, struct text name, uid_t *ret)
{
        return host_live(host) && users_ask_user_id(name, ret);
}

bool host_group_id(const struct host *host, struct text name, gid_t *ret)
{
        return host_live(host) && users_ask_group_id(name, ret);
}
