/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/file-replace.h"

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 16, TEMPORARY_SIZE = 32 };

/* Descriptor of the directory that the file lies in, and the file's name there; or -errno. */
static int open_directory_of(const char *path, const char **ret_name)
{
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
        size_t len = (size_t)(name - path);
        char directory[PATH_MAX];
        int fd;

        if (*path == 0)
                return -ENOENT;
        if (*name == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
                return -EISDIR;
        if (len >= sizeof(directory))
                return -ENAMETOOLONG;
        memcpy(directory, path, len);
        directory[len] = 0;
        fd = open(len > 0 ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        *ret_name = name;
        return fd;
}

/* May what is there now be replaced? */
static int look_at_old(int dir, const char *name)
{
        struct stat st;

        if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0)
                return errno == ENOENT ? 0 : -errno;
        if (S_ISREG(st.st_mode))
                return 0;
        if (S_ISLNK(st.st_mode))
                return -ELOOP;
        return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
}

/*
 * A new file with a name that nobody expects, hidden, and without the ending
 * that a reader of the directory may look for.
 */
static int create_temporary(int dir, char ret_name[TEMPORARY_SIZE])
{
        for (unsigned i = 0; i < TRIES; i++) {
                uint64_t number;
                int fd;

                if (getrandom(&number, sizeof(number), 0) != sizeof(number))
                        return errno ? -errno : -EIO;
                snprintf(ret_name, TEMPORARY_SIZE, ".ipcview-%016llx", (unsigned long long)number);
                fd = openat(dir, ret_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
                if (fd >= 0)
                        return fd;
                if (errno != EEXIST)
                        return -errno;
        }
        return -EEXIST;
}

/* Everything that can fail comes before the rename. Closes fd. */
static int fill(int fd, struct text contents, mode_t mode)
{
        int err = file_write(fd, contents);

        if (err == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
                err = -errno;
        if (close(fd) < 0 && err == 0)
                err = -errno;
        return err;
}

int file_replace_at(int dir, const char *name, struct text contents, mode_t mode)
{
        char temporary[TEMPORARY_SIZE];
        int err = look_at_old(dir, name), fd;

        if (err < 0)
                return err;
        fd = create_temporary(dir, temporary);
        if (fd < 0)
                return fd;
        err = fill(fd, contents, mode);
        if (err == 0 && renameat(dir, temporary, dir, name) < 0)
                err = -errno;
        if (err < 0)
                unlinkat(dir, temporary, 0);
        else
                fsync(dir);             /* some file systems can't; the file is whole in any case */
        return err;
}

int file_replace(const char *path, struct text contents, mode_t mode)
{
        const char *name;
        int dir = open_directory_of(path, &name), err;

        if (dir < 0)
                return dir;
        err = file_replace_at(dir, name, contents, mode);
        close(dir);
        return err;
}
