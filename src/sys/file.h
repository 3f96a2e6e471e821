/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_FILE_H
#define SYS_FILE_H

/*
 * Private to sys/: reading small files by name in an open directory. Names
 * are single components and links are never followed, so that nothing leaves
 * the directory; what is no regular file is refused before it is opened.
 */
#include "base/buf.h"

#include <sys/types.h>

/* Descriptor of the regular file `name` in dir, opened for reading; or -errno (-EINVAL: something else). */
int file_open(int dir, const char *name);

/* Opens the directory `name` in dir. flags: O_PATH or O_RDONLY. A descriptor, or -errno. */
int file_open_directory(int dir, const char *name, int flags);

/*
 * The file of that path (O_PATH), by names that the kernel has in memory only: no
 * server is asked, and no disk. flags: besides O_PATH; resolve: besides
 * RESOLVE_CACHED, of openat2(2). A descriptor, or -errno (-EAGAIN: a name is not in memory).
 */
int file_open_cached(int dir, const char *path, int flags, uint64_t resolve);

/*
 * Appends what is left of an open file. At most `most` bytes, else -EFBIG.
 * 0 or -errno; on failure *out is as it was.
 */
int file_read(int fd, size_t most, struct buf *out);

/*
 * The same of a file that the kernel makes as a whole when it is read (seq_file with
 * single_open(), as fdinfo has it): a read(2) that leaves room was the last.
 */
int file_read_whole(int fd, size_t most, struct buf *out);

/* The same of one that stays open: from its beginning, wherever it stands. */
int file_read_again(int fd, size_t most, struct buf *out);

/* The first bytes of a file of /proc, by one read(2): for what stands near its beginning. How many, or -errno. */
ssize_t file_read_start(int dir, const char *name, char *to, size_t room);

/* file_open() and file_read(). */
int file_read_at(int dir, const char *name, size_t most, struct buf *out);

/* Like file_read(), but keeps the first `most` bytes of a longer file. */
int file_read_head(int fd, size_t most, struct buf *out);

/* Writes all of it, from where the file stands, or at an offset of a file that has offsets. 0 or -errno. */
int file_write(int fd, struct text bytes);
int file_write_at(int fd, struct text bytes, uint64_t at);

/* The number in the text of a link such as "ipc:[4026531839]", for the prefix "ipc". 0, or -EBADMSG. */
int file_parse_link(struct text link, struct text prefix, uint64_t *ret);

#endif
