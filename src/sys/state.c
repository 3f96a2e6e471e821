/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/state-private.h"

#include "base/memory.h"
#include "base/number.h"
#include "sys/file-replace.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONFIGURATION_MOST = 1 << 20, LOGINUID_MOST = 64 };

/* A directory that a variable names. Relative ones don't count, says the XDG base directory specification. */
static bool add_variable(const char *name, struct buf *out)
{
        const char *value = secure_getenv(name);

        if (!value || *value != '/')
                return false;
        buf_string(out, value);
        return true;
}

static bool add_home(struct buf *out)
{
        enum { ROOM_FIRST = 1024, ROOM_MOST = 1 << 20 };
        struct passwd entry, *found = NULL;
        char *room = NULL;
        int r = ERANGE;

        if (add_variable("HOME", out))
                return true;
        for (size_t size = ROOM_FIRST; r == ERANGE && size <= ROOM_MOST; size *= 2) {
                room = memory_resize(room, size, 1);
                r = getpwuid_r(geteuid(), &entry, room, size, &found);
        }
        if (r != 0 || !found || found->pw_dir[0] != '/')
                found = NULL;
        else
                buf_string(out, found->pw_dir);
        free(room);
        return found;
}

int state_directory(struct buf *out)
{
        if (add_variable("XDG_STATE_HOME", out))
                buf_string(out, "/ipcview");
        else if (geteuid() == 0)
                buf_string(out, "/var/lib/ipcview");
        else if (add_home(out))
                buf_string(out, "/.local/state/ipcview");
        else
                return -ENOENT;
        return 0;
}

bool state_is_ours(const struct stat *st, bool root_too)
{
        return (st->st_uid == geteuid() || (root_too && st->st_uid == 0)) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Every directory of the path that is not there; others have no business in them. */
static int make_directories(char *path)
{
        for (char *slash = path + 1; *slash; slash++) {
                int r;

                if (*slash != '/')
                        continue;
                *slash = 0;
                r = mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
                *slash = '/';
                if (r < 0)
                        return r;
        }
        return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int state_open(bool make)
{
        struct buf path = { 0 };
        struct stat st;
        int r = state_directory(&path), fd;

        if (r == 0 && make)
                r = make_directories(path.data);
        if (r < 0) {
                buf_done(&path);
                return r;
        }
        fd = open(path.data, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        r = fd < 0 ? -errno : 0;
        if (r == 0 && fstat(fd, &st) < 0)
                r = -errno;
        else if (r == 0 && !state_is_ours(&st, false))
                r = -EPERM;
        buf_done(&path);
        if (r == 0)
                return fd;
        if (fd >= 0)
                close(fd);
        return r;
}

int state_open_file(const char *name, int flags, struct stat *ret_st)
{
        bool append = flags == O_RDWR;
        int dir = state_open(append), fd, r = 0;

        if (dir < 0)
                return dir;
        if (append)
                flags |= O_APPEND | O_CREAT;
        fd = openat(dir, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
        if (fd < 0)
                r = errno == EISDIR || errno == ENXIO ? -EINVAL : -errno;
        close(dir);
        if (r < 0)
                return r;
        if (fstat(fd, ret_st) < 0)
                r = -errno;
        else if (!S_ISREG(ret_st->st_mode))
                r = -EINVAL;
        else if (!state_is_ours(ret_st, false))
                r = -EPERM;
        if (r == 0)
                return fd;
        close(fd);
        return r;
}

int state_file_read(const char *name, size_t most, struct buf *out)
{
        struct stat st;
        int fd = state_open_file(name, O_RDONLY, &st), r;

        if (fd < 0)
                return fd;
        r = file_read(fd, most, out);
        close(fd);
        return r;
}

/*
 * sudo may keep the variables of who called it: directories that root makes in
 * the home of another would keep that user out of them.
 */
static int may_make(void)
{
        struct buf path = { 0 };
        struct stat st;
        int r = state_directory(&path);

        while (r == 0) {
                char *slash = strrchr(path.data, '/');

                if (stat(path.len > 0 ? path.data : "/", &st) == 0) {
                        r = geteuid() != 0 || st.st_uid == 0 ? 1 : -EPERM;
                        break;
                }
                if (errno != ENOENT || !slash)
                        r = -errno;
                else {
                        *slash = 0;
                        path.len = (size_t)(slash - path.data);
                }
        }
        buf_done(&path);
        return r < 0 ? r : 0;
}

int state_file_write(const char *name, struct text contents)
{
        int r = may_make(), dir;

        if (r < 0)
                return r;
        dir = state_open(true);
        if (dir < 0)
                return dir;
        r = file_replace_at(dir, name, contents, 0600);
        close(dir);
        return r;
}

/* Links are followed: configuration is often kept elsewhere and linked. What they lead to is looked at. */
static int read_trusted(const char *path, struct buf *out)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), r;
        struct stat st;

        if (fd < 0)
                return -errno;
        if (fstat(fd, &st) < 0)
                r = -errno;
        else if (!S_ISREG(st.st_mode))
                r = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
        else if (!state_is_ours(&st, true))
                r = -EPERM;
        else
                r = file_read(fd, CONFIGURATION_MOST, out);
        close(fd);
        return r;
}

static bool user_configuration(struct buf *out)
{
        if (add_variable("XDG_CONFIG_HOME", out)) {
                buf_string(out, "/ipcview/ipcview.conf");
                return true;
        }
        if (!add_home(out))
                return false;
        buf_string(out, "/.config/ipcview/ipcview.conf");
        return true;
}

static int read_one(const char *path, void (*found)(const char *path, struct text text, void *data), void *data,
                    struct buf *ret_path)
{
        struct buf text = { 0 };
        int r = read_trusted(path, &text);

        if (r == 0)
                found(path, buf_text(&text), data);
        else if (r == -ENOENT || r == -ENOTDIR)
                r = 0;
        else
                buf_string(ret_path, path);
        buf_done(&text);
        return r;
}

int state_configuration(void (*found)(const char *path, struct text text, void *data), void *data,
                        struct buf *ret_path)
{
        struct buf path = { 0 };
        int r = read_one("/etc/ipcview.conf", found, data, ret_path);

        if (r == 0 && user_configuration(&path))
                r = read_one(path.data, found, data, ret_path);
        buf_done(&path);
        return r;
}

uid_t state_login_uid(void)
{
        int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
        struct buf text = { 0 };
        uint64_t uid;

        if (fd < 0)
                return (uid_t)-1;
        if (file_read(fd, LOGINUID_MOST, &text) < 0 || number_parse(buf_text(&text), UINT32_MAX, &uid) < 0)
                uid = UINT32_MAX;
        close(fd);
        buf_done(&text);
        return (uid_t)uid;
}
