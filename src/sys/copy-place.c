/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The directory that copies are made in: nobody else may have a hand in it
 * while root writes there, and what a killed writer left is swept away.
 */
#include "sys/copy-private.h"

#include "base/i18n.h"
#include "sys/directory.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        RANDOM_LENGTH = 6,
        TRIES = 100,
        ENTRIES = 32768,                /* bytes of a directory at a time */
};

static const char tail[] = ".partial";

int copy_sync(int fd)
{
        int r;

        do
                r = fsync(fd);
        while (r < 0 && errno == EINTR);
        return r < 0 && errno != EINVAL && errno != ENOSYS ? -errno : 0;
}

/* Syncs the directory that holds the last component of a path. */
static int sync_parent(struct text path)
{
        struct buf parent = { 0 };
        int fd, r;

        while (path.len > 0 && path.data[path.len - 1] != '/')
                path.len--;
        buf_add(&parent, path);
        fd = open(path.len ? parent.data : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        buf_done(&parent);
        if (fd < 0)
                return -errno;
        r = copy_sync(fd);
        close(fd);
        return r;
}

/* Makes what is missing of a path, for nobody but us. */
static int make_directories(struct text path)
{
        struct buf part = { 0 };
        int r = 0;

        for (size_t i = 1; r == 0 && i <= path.len; i++) {
                if (i < path.len && path.data[i] != '/')
                        continue;
                if (path.data[i - 1] == '/')
                        continue;
                buf_clear(&part);
                buf_add(&part, (struct text){ path.data, i });
                if (mkdir(part.data, 0700) == 0)
                        r = sync_parent(buf_text(&part));
                else if (errno != EEXIST)
                        r = -errno;
        }
        buf_done(&part);
        return r;
}

/* Root believes nobody: in a directory of others names could be exchanged under its hands. */
static int check_place(int fd, const char **ret_why)
{
        struct stat st;

        if (fstat(fd, &st) < 0)
                return -errno;
        if (geteuid() != 0 || !(st.st_mode & (S_IWGRP | S_IWOTH)) || st.st_mode & S_ISVTX)
                return 0;
        *ret_why = N_("others may write to the directory, and it is not sticky: "
                      "what root saves there could be exchanged");
        return -EPERM;
}

int copy_place_open(const char *dir, const char **ret_why)
{
        int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

        if (fd < 0 && errno == ENOENT && *dir) {
                r = make_directories(text_of(dir));
                if (r < 0)
                        return r;
                fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        }
        if (fd < 0)
                return -errno;
        r = check_place(fd, ret_why);
        if (r < 0) {
                close(fd);
                return r;
        }
        return fd;
}

static int add_random(struct buf *out)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
        unsigned char bytes[RANDOM_LENGTH];

        if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
                return -EIO;
        for (unsigned i = 0; i < sizeof(bytes); i++)
                buf_byte(out, letters[bytes[i] % 32]);
        return 0;
}

/* Is the name still that of the open directory? A sweeper may have been between making and locking it. */
static bool still_there(int place, const char *name, int fd)
{
        struct stat there, here;

        return fstatat(place, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && fstat(fd, &here) == 0 &&
               there.st_dev == here.st_dev && there.st_ino == here.st_ino && here.st_uid == geteuid();
}

/* A descriptor; -EAGAIN: another name must be tried. */
static int make_hidden(int place, const char *name)
{
        int fd;

        if (mkdirat(place, name, 0700) < 0)
                return errno == EEXIST ? -EAGAIN : -errno;
        fd = file_open_directory(place, name, O_RDONLY);
        if (fd < 0)
                return fd == -ENOENT ? -EAGAIN : fd;
        /* Where there are no locks, nobody sweeps either. */
        if ((flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) || !still_there(place, name, fd)) {
                close(fd);
                return -EAGAIN;
        }
        return fd;
}

int copy_place_hidden(int place, const char *name, struct buf *ret_hidden)
{
        size_t start = ret_hidden->len;
        int fd = -EAGAIN;

        for (unsigned i = 0; fd == -EAGAIN && i < TRIES; i++) {
                int r;

                ret_hidden->len = start;
                buf_byte(ret_hidden, '.');
                buf_string(ret_hidden, name);
                buf_byte(ret_hidden, '.');
                r = add_random(ret_hidden);
                if (r < 0)
                        return r;
                buf_string(ret_hidden, tail);
                fd = make_hidden(place, ret_hidden->data + start);
        }
        return fd;
}

int copy_place_rename(int place, const char *from, const char *to)
{
        if (renameat2(place, from, place, to, RENAME_NOREPLACE) == 0)
                return 0;
        if (errno != EINVAL && errno != ENOSYS)
                return -errno;
        /* Some file systems only know rename(2), which replaces an empty directory: one that we make. */
        if (mkdirat(place, to, 0700) < 0)
                return -errno;
        if (renameat(place, from, place, to) == 0)
                return 0;
        else {
                int r = -errno;

                unlinkat(place, to, AT_REMOVEDIR);
                return r;
        }
}

int copy_place_remove(int place, const char *name, int fd)
{
        char entries[ENTRIES];
        struct directory directory;
        struct directory_entry entry;

        /* From the beginning: it may have been read before. */
        if (lseek(fd, 0, SEEK_SET) < 0)
                return -errno;
        directory_init(&directory, fd, entries, sizeof(entries));
        while (directory_next(&directory, &entry))
                unlinkat(fd, entry.name, 0);
        return unlinkat(place, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

/* ".NAME.XXXXXX.partial" */
static bool looks_partial(struct text name)
{
        size_t least = 1 + 1 + 1 + RANDOM_LENGTH + sizeof(tail) - 1;
        size_t random = name.len - (sizeof(tail) - 1) - RANDOM_LENGTH;

        if (name.len < least || name.data[0] != '.' || !text_ends(name, text_of(tail)) || name.data[random - 1] != '.')
                return false;
        for (unsigned i = 0; i < RANDOM_LENGTH; i++) {
                char byte = name.data[random + i];

                if (!(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '5'))
                        return false;
        }
        return true;
}

static void sweep_one(int place, const char *name)
{
        int fd = file_open_directory(place, name, O_RDONLY);
        struct stat st;

        if (fd < 0)
                return;
        if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 0777) == 0700 &&
            flock(fd, LOCK_EX | LOCK_NB) == 0 && still_there(place, name, fd))
                copy_place_remove(place, name, fd);
        close(fd);
}

int copy_prepare(const char *dir, const char **ret_why)
{
        char entries[ENTRIES];
        struct directory directory;
        struct directory_entry entry;
        int place;

        *ret_why = NULL;
        place = copy_place_open(dir, ret_why);
        if (place < 0)
                return place;
        directory_init(&directory, place, entries, sizeof(entries));
        while (directory_next(&directory, &entry))
                if (looks_partial(text_of(entry.name)))
                        sweep_one(place, entry.name);
        close(place);
        return 0;
}
