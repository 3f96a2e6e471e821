/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_HOST_H
#define SYS_HOST_H

/*
 * The machine, behind a movable root: everything that ipcview reads of files
 * goes through here, below "/" or below the DIR of --sysroot. Only sys/ opens
 * files, sockets and mounts.
 *
 * A recorded machine (--sysroot) is never completed from the running one:
 * system calls that answer for this kernel (msgctl, mq_getattr...) are not
 * made; host_live() tells. What a plain directory cannot hold (inodes, owners,
 * times) may stand in DIR/.ipcview, one fact a line, blank separated:
 *
 *   time SECONDS[.FRACTION]                 the moment of the recording
 *   uid N                                   who recorded
 *   stat PATH DEV INODE MODE UID GID SIZE BLOCKS NLINK ATIME MTIME CTIME [BTIME]
 *   statvfs PATH BYTES FREE_BYTES FILES FREE_FILES      of the file system that PATH lies in; 0 of 0: no limit
 *
 * PATH is absolute in the recorded machine, %HH-escaped; DEV is major:minor;
 * MODE octal with the type; BLOCKS of 512 bytes; times SECONDS[.FRACTION].
 * Blank lines and lines that begin with # are comments; a fact given twice, an
 * unknown word or a last line without its newline is malformed.
 */
#include "base/buf.h"

#include <stdint.h>
#include <sys/types.h>

struct host;

/* What matters of statx(2). Times are ns since the epoch; btime 0: not kept. */
struct file_facts {
        uint64_t dev;                   /* major << 32 | minor */
        uint64_t rdev;                  /* of a device file; 0 when recorded */
        uint64_t inode;
        uint32_t mode;                  /* with the type bits of stat(2) */
        uid_t uid;
        gid_t gid;
        uint64_t size, allocated;       /* bytes */
        uint32_t nlink;
        int64_t atime, mtime, ctime, btime;
};

/*
 * root: NULL or "/" for the running machine, else the directory that stands
 * for it. 0, or -errno (ENOENT, ENOTDIR, EACCES...; -EINVAL: a malformed .ipcview).
 */
int host_open(const char *root, struct host **ret);
void host_close(struct host *host);     /* NULL is fine */

/*
 * For whoever looks again and again: what directories list is kept while they do not change (directory_init_again()).
 * No thread may use the host at the same time as another then. Of a recorded machine nothing is kept.
 */
void host_keep_listings(struct host *host);
void host_forget_listings(const struct host *host);

bool host_live(const struct host *host);

/* Now, or the recorded moment (0: not recorded); ns since the epoch. */
int64_t host_time(const struct host *host);

/* When the machine booted (btime of /proc/stat), ns since the epoch; 0: unknown. */
int64_t host_boot_time(const struct host *host);

/* Size of a page; of a recorded machine the usual one. */
unsigned host_page_bytes(const struct host *host);

/* Effective user of the reader, or of the recorder ((uid_t)-1: not recorded). */
uid_t host_uid(const struct host *host);

/* Name of the machine and boot id; into buffers that the caller provides. */
void host_name(const struct host *host, struct buf *out);
void host_boot_id(const struct host *host, struct buf *out);

/*
 * Reads a whole file, path as on the machine ("/proc/sysvipc/shm"), appending
 * to *out. At most `most` bytes, else -EFBIG. 0 or -errno; on failure *out is
 * as it was. Never follows a link out of the root, never blocks on a FIFO.
 */
int host_read(const struct host *host, const char *path, size_t most, struct buf *out);

/*
 * Opens a directory or file below the root with O_CLOEXEC | O_NOCTTY |
 * O_NONBLOCK and the flags given, resolved within the root. A descriptor, or -errno.
 */
int host_openat(const struct host *host, const char *path, int flags);

/*
 * statx of a name in an open directory, with AT_STATX_DONT_SYNC and
 * AT_NO_AUTOMOUNT so that a dead network mount cannot hang us; links are not
 * followed unless `follow`. path is the machine's path of the same file, for
 * the recorded facts (NULL when live only); a recorded machine is asked by the
 * path alone when there is one. An empty name is dir itself. 0 or -errno.
 */
int host_stat(const struct host *host, int dir, const char *name, const char *path, bool follow,
              struct file_facts *ret);

/* Room of a file system; a total of 0: as much as there is memory. */
struct space_facts {
        uint64_t bytes, free_bytes;
        uint64_t files, free_files;
};

/*
 * statvfs of a path. It may ask a server: only for paths that lie on local
 * file systems. 0 or -errno; -ENOENT: not recorded.
 */
int host_space(const struct host *host, const char *path, struct space_facts *ret);

/*
 * The same of the running machine, for whoever acts upon what it says: file
 * servers are asked, links are not followed.
 */
int host_stat_now(int dir, const char *name, struct file_facts *ret);

/*
 * Inode of a namespace of the reader ("ipc", "mnt", ...), from /proc/self/ns;
 * 0 when it can't be told.
 */
uint64_t host_namespace(const struct host *host, const char *type);

/*
 * Names of user and group ids: the name service when live, DIR/etc/passwd and
 * DIR/etc/group when recorded. Appends to *out; false when there is no name.
 */
bool host_user_name(const struct host *host, uid_t uid, struct buf *out);
bool host_group_name(const struct host *host, gid_t gid, struct buf *out);

/* The other way round, by the name service; false: no such name, or a recorded machine. */
bool host_user_id(const struct host *host, struct text name, uid_t *ret);
bool host_group_id(const struct host *host, struct text name, gid_t *ret);

#endif
