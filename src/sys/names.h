/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_NAMES_H
#define SYS_NAMES_H

/*
 * Acting upon a name in a directory. The directory is resolved once and kept
 * open: whatever is renamed above it, or put in the place of a part of the
 * path later, nobody is led elsewhere between a look at the name and the deed.
 *
 * The kernel offers no way to say "remove the name of this file only": who may
 * write to the directory can put something else there after it was looked at.
 * See named_remove() for what is done about that.
 */
#include "sys/host.h"

enum { HIDDEN_NAME = 9 + 16 + 1 };      /* ".ipcview-", 16 hex digits, NUL */

struct named {
        int dir;                        /* O_PATH */
        struct buf base;                /* the last component */
};

/* How a path is followed to its last component, which is never followed. */
enum named_way {
        NAMED_STRICT,                   /* no symbolic link on the way: -ENOTDIR; no ".." */
        NAMED_FOLLOW,                   /* as the kernel follows it */
};

/*
 * The directory that `path` ("/a/b") leads to below `root`: the directory
 * itself is opened as the kernel follows it; NULL: "/". 0 or -errno; -EINVAL: the path
 * does not end in a name. Of a failure nothing stays.
 */
int named_open(const struct host *host, const char *root, struct text path, enum named_way way, struct named *ret);

/* The same for one component in an open directory, whose descriptor is taken over. */
int named_at(int dir, struct text base, struct named *ret);

void named_close(struct named *named);

/* What the name stands for now; links are not followed, file servers are asked. 0 or -errno. */
int named_stat(const struct named *named, struct file_facts *ret);

/*
 * Removes the name, if it is still of the file that was looked at. It is moved
 * aside first, to a name that nobody knows (".ipcview-", 16 hex digits), looked at
 * there, and then removed, or moved back: so nothing is lost that took its
 * place at the last moment. Where names can't be moved (mqueue; no space for
 * it), it is removed right after the look, and that moment is the risk.
 *
 * 0 or -errno; -ESTALE: it was another one, with its facts in *ret_other, and
 * is back in its place; -EEXIST: what was moved could not go back, as that
 * place was taken meanwhile: it keeps the name that nobody knows.
 */
int named_remove(const struct named *named, const struct file_facts *seen, struct file_facts *ret_other);

/* Removes the name, whatever it stands for. 0 or -errno. */
int named_unlink(const struct named *named);

/* The file itself: no link is followed, nothing blocks. flags: O_PATH, O_RDONLY or O_RDWR. A descriptor, or -errno. */
int named_open_file(const struct named *named, int flags);

/* The absolute path without links, as the kernel has it now; appended. 0 or -errno. */
int named_path(const struct named *named, struct buf *out);

/* What an open file is. 0 or -errno. */
int named_facts(int fd, struct file_facts *ret);

/* What a file is to be given. */
struct gift {
        bool has_uid, has_gid, has_mode;
        uid_t uid;
        gid_t gid;
        uint32_t mode;                  /* 07777 at most; regardless of the umask */
};

/*
 * Gives it all of that to an open file (O_PATH suffices), or nothing: 0 or
 * -errno, and what was given before the failure is taken back.
 */
int gift_give(int fd, const struct gift *gift);

/*
 * Makes a FIFO or socket file (type: S_IFIFO, S_IFSOCK), which nobody but root
 * can open before it is complete. 0 or -errno; -EEXIST. On failure nothing stays.
 */
int named_make_node(const struct named *named, uint32_t type, const struct gift *gift);

/* A regular file that has no name yet. */
struct unborn {
        int fd;                         /* O_RDWR, empty */
        char hidden[HIDDEN_NAME];       /* where there can't be files without a name: its name so far */
};

int unborn_make(const struct named *named, struct unborn *ret);

/* Its size, bytes of it, and when it was last written to (ns since the epoch). 0 or -errno. */
int unborn_resize(const struct unborn *unborn, uint64_t size);
int unborn_write(const struct unborn *unborn, uint64_t at, const void *data, size_t len);
int unborn_set_time(const struct unborn *unborn, int64_t modified);

/* Gives it its name, unless that is taken: -EEXIST. Either way it is closed; of a failure nothing stays. */
int unborn_finish(const struct named *named, struct unborn *unborn, const struct gift *gift);
void unborn_abandon(const struct named *named, struct unborn *unborn);

#endif
