/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/names.h"

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_name(struct text base)
{
        return base.len > 0 && base.len <= NAME_MAX && !memchr(base.data, 0, base.len) &&
               !memchr(base.data, '/', base.len) && !text_equal(base, TEXT(".")) && !text_equal(base, TEXT(".."));
}

int named_at(int dir, struct text base, struct named *ret)
{
        if (!is_name(base)) {
                close(dir);
                return base.len > NAME_MAX ? -ENAMETOOLONG : -EINVAL;
        }
        *ret = (struct named){ .dir = dir };
        buf_add(&ret->base, base);
        return 0;
}

/* One step down; what is no directory, above all a link to one, is no way. */
static int step(int dir, struct text component)
{
        char name[NAME_MAX + 1];
        int next;

        if (component.len > NAME_MAX)
                return -ENAMETOOLONG;
        if (memchr(component.data, 0, component.len) || text_equal(component, TEXT("..")))
                return -EINVAL;
        memcpy(name, component.data, component.len);
        name[component.len] = 0;
        next = file_open_directory(dir, name, O_PATH);
        return next == -ELOOP ? -ENOTDIR : next;
}

/* Takes over dir. */
static int walk_down(int dir, struct text path)
{
        struct text component;

        while (dir >= 0 && text_split(&path, '/', &component)) {
                int next;

                if (component.len == 0 || text_equal(component, TEXT(".")))
                        continue;
                next = step(dir, component);
                close(dir);
                dir = next;
        }
        return dir;
}

static int open_parent(const struct host *host, const char *root, struct text parent, enum named_way way)
{
        struct buf whole = { 0 };
        int dir;

        if (way == NAMED_STRICT)
                return walk_down(host_openat(host, root ? root : "/", O_PATH | O_DIRECTORY), parent);
        if (root)
                buf_string(&whole, root);
        buf_byte(&whole, '/');
        buf_add(&whole, parent);
        dir = strlen(whole.data) == whole.len ? host_openat(host, whole.data, O_PATH | O_DIRECTORY) : -EINVAL;
        buf_done(&whole);
        return dir;
}

int named_open(const struct host *host, const char *root, struct text path, enum named_way way, struct named *ret)
{
        size_t end = path.len;
        int dir;

        while (end > 0 && path.data[end - 1] != '/')
                end--;
        if (end == 0 || path.data[0] != '/')
                return -EINVAL;
        dir = open_parent(host, root, (struct text){ path.data, end - 1 }, way);
        return dir < 0 ? dir : named_at(dir, text_from(path, end), ret);
}

void named_close(struct named *named)
{
        close(named->dir);
        buf_done(&named->base);
}

int named_stat(const struct named *named, struct file_facts *ret)
{
        return host_stat_now(named->dir, named->base.data, ret);
}

int named_facts(int fd, struct file_facts *ret)
{
        return host_stat_now(fd, "", ret);
}

int named_unlink(const struct named *named)
{
        return unlinkat(named->dir, named->base.data, 0) < 0 ? -errno : 0;
}

/* A name that is not taken, and that nobody can know. */
static int hidden_name(char ret[HIDDEN_NAME])
{
        uint64_t number;

        if (getrandom(&number, sizeof(number), 0) != sizeof(number))
                return -errno;
        snprintf(ret, HIDDEN_NAME, ".ipcview-%016llx", (unsigned long long)number);
        return 0;
}

static bool same_file(const struct file_facts *a, const struct file_facts *b)
{
        return a->dev == b->dev && a->inode == b->inode && a->btime == b->btime &&
               (a->mode & S_IFMT) == (b->mode & S_IFMT);
}

/* What was moved aside: away with it, or back. */
static int judge_hidden(const struct named *named, const char *hidden, const struct file_facts *seen,
                        struct file_facts *ret_other)
{
        int r = host_stat_now(named->dir, hidden, ret_other);

        if (r == 0 && !same_file(seen, ret_other))
                r = -ESTALE;
        else if (r == 0 && unlinkat(named->dir, hidden, 0) == 0)
                return 0;
        else if (r == 0)
                r = -errno;
        if (renameat2(named->dir, hidden, named->dir, named->base.data, RENAME_NOREPLACE) < 0)
                return errno == ENOENT ? -ENOENT : -EEXIST;
        return r;
}

int named_remove(const struct named *named, const struct file_facts *seen, struct file_facts *ret_other)
{
        char hidden[HIDDEN_NAME];

        if (hidden_name(hidden) == 0) {
                if (renameat2(named->dir, named->base.data, named->dir, hidden, RENAME_NOREPLACE) == 0)
                        return judge_hidden(named, hidden, seen, ret_other);
                if (errno == ENOENT)
                        return -ENOENT;
        }
        return named_unlink(named);
}

int named_open_file(const struct named *named, int flags)
{
        int fd;

        flags |= O_CLOEXEC | O_NOFOLLOW;
        if (!(flags & O_PATH))
                flags |= O_NOCTTY | O_NONBLOCK;
        fd = openat(named->dir, named->base.data, flags);
        return fd < 0 ? -errno : fd;
}

/* Of a descriptor of ours. */
static void link_of(int fd, char ret[32])
{
        snprintf(ret, 32, "/proc/self/fd/%d", fd);
}

int named_path(const struct named *named, struct buf *out)
{
        char link[32], *path = buf_reserve(out, PATH_MAX);
        ssize_t n;

        link_of(named->dir, link);
        n = readlink(link, path, PATH_MAX);
        if (n < 0)
                return -errno;
        if (n > 1)
                out->len += (size_t)n;
        buf_byte(out, '/');
        buf_add(out, buf_text(&named->base));
        return 0;
}

/* Whoever could give it can take it back. */
static void take_back(int fd, const struct stat *before)
{
        if (fchownat(fd, "", before->st_uid, before->st_gid, AT_EMPTY_PATH) < 0)
                return;
}

int gift_give(int fd, const struct gift *gift)
{
        bool gives = gift->has_uid || gift->has_gid;
        struct stat before;
        char link[32];
        int r;

        if (fstat(fd, &before) < 0)
                return -errno;
        if (gives && fchownat(fd, "", gift->has_uid ? gift->uid : (uid_t)-1, gift->has_gid ? gift->gid : (gid_t)-1,
                              AT_EMPTY_PATH) < 0)
                return -errno;
        if (!gift->has_mode)
                return 0;
        /* fchmod(2) does not take an O_PATH descriptor; its link does. */
        link_of(fd, link);
        if (chmod(link, gift->mode & 07777) == 0)
                return 0;
        r = -errno;
        if (gives)
                take_back(fd, &before);
        return r;
}

/* Takes away what we made ourselves, if it still is what the name stands for. */
static void take_away(const struct named *named, int fd)
{
        struct file_facts made, now;

        if (named_facts(fd, &made) == 0 && named_stat(named, &now) == 0 && made.inode == now.inode &&
            made.dev == now.dev)
                named_unlink(named);
}

int named_make_node(const struct named *named, uint32_t type, const struct gift *gift)
{
        struct file_facts made;
        int fd, r;

        /* Without any right, whatever umask and default ACL say: it gets them when it is complete. */
        if (mknodat(named->dir, named->base.data, (mode_t)type, 0) < 0)
                return -errno;
        fd = named_open_file(named, O_PATH);
        if (fd < 0) {
                named_unlink(named);
                return fd;
        }
        r = named_facts(fd, &made);
        /* Is it still ours, or did somebody put another one there? */
        if (r == 0 && ((made.mode & S_IFMT) != type || made.uid != geteuid() || made.nlink != 1))
                r = -ESTALE;
        if (r == 0)
                r = gift_give(fd, gift);
        if (r < 0 && r != -ESTALE)
                take_away(named, fd);
        close(fd);
        return r;
}

/* A file under a name that nobody asks for. */
static int make_hidden(const struct named *named, struct unborn *ret)
{
        int fd = -1, r;

        for (unsigned i = 0; fd < 0 && i < 16; i++) {
                r = hidden_name(ret->hidden);
                if (r < 0)
                        return r;
                fd = openat(named->dir, ret->hidden, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
                if (fd < 0 && errno != EEXIST)
                        return -errno;
        }
        ret->fd = fd;
        return fd < 0 ? -EEXIST : 0;
}

int unborn_make(const struct named *named, struct unborn *ret)
{
        int fd = openat(named->dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

        *ret = (struct unborn){ .fd = fd };
        if (fd >= 0)
                return 0;
        /* What kernels and file systems without such files say. */
        if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
                return -errno;
        return make_hidden(named, ret);
}

void unborn_abandon(const struct named *named, struct unborn *unborn)
{
        if (*unborn->hidden)
                unlinkat(named->dir, unborn->hidden, 0);
        close(unborn->fd);
        unborn->fd = -1;
}

int unborn_finish(const struct named *named, struct unborn *unborn, const struct gift *gift)
{
        char link[32];
        int r = gift_give(unborn->fd, gift);

        link_of(unborn->fd, link);
        /* Unlike rename(2), link(2) never replaces anything. */
        if (r == 0 && linkat(AT_FDCWD, link, named->dir, named->base.data, AT_SYMLINK_FOLLOW) < 0)
                r = -errno;
        unborn_abandon(named, unborn);
        return r;
}

int unborn_resize(const struct unborn *unborn, uint64_t size)
{
        if (size > INT64_MAX)
                return -EFBIG;
        return ftruncate(unborn->fd, (off_t)size) < 0 ? -errno : 0;
}

int unborn_write(const struct unborn *unborn, uint64_t at, const void *data, size_t len)
{
        return file_write_at(unborn->fd, (struct text){ data, len }, at);
}

int unborn_set_time(const struct unborn *unborn, int64_t modified)
{
        const int64_t second = 1000000000;
        struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { 0 } };

        times[1].tv_sec = modified / second - (modified % second < 0);
        times[1].tv_nsec = modified % second + (modified % second < 0 ? second : 0);
        return futimens(unborn->fd, times) < 0 ? -errno : 0;
}
