/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_COPY_H
#define SYS_COPY_H

/*
 * Saved copies on disk. A copy is a directory (0700) of files (0600):
 *
 *   object.json   what it was: kind, reference, attributes, moment, host
 *   data ...      raw contents, files named by the kind
 *   SUMS          "HASH  NAME" a line, XXH3 128 bits, of all the others
 *                 (what `xxh128sum -c SUMS` checks)
 *
 * It is made as ".NAME.XXXXXX.partial", every file and the directory are synced,
 * all is read back and compared, and only then it gets its name, in one step and
 * never in the place of something else. Whatever fails or is interrupted
 * before leaves no copy: the next writer in that directory sweeps away what a
 * killed one left (its lock is free), see copy_prepare().
 *
 * Writing looks for signals that wait (sys/interrupt.h): -EINTR.
 *
 * Files are written sparsely: runs of zeros of a page and more become holes.
 * Memory use does not depend on sizes.
 */
#include "base/buf.h"

#include <stdbool.h>

struct copy_writer;
struct copy_reader;

/*
 * Begins a copy that will be DIR/NAME, or DIR/NAME-2, -3... if that is taken.
 * DIR and its missing parents are made (0700). name: a plain file name of at most
 * COPY_NAME_MOST bytes. 0 or -errno; *ret_why: N_(), what the errno does not
 * say, or NULL.
 */
enum { COPY_NAME_MOST = 200 };
int copy_begin(const char *dir, const char *name, struct copy_writer **ret, const char **ret_why);

/*
 * Makes DIR and what is missing above it (0700), looks whether copies are safe there, and
 * sweeps away what killed writers of this user left. Once before the first copy of a run:
 * it reads the whole directory. 0 or -errno; *ret_why: N_(), what the errno does not say, or NULL.
 */
int copy_prepare(const char *dir, const char **ret_why);

/* The file that follows; ends the one before. Plain names: letters, digits, - . _ 0 or -errno. */
int copy_file(struct copy_writer *copy, const char *name);

/* Appends to the current file. 0 or -errno (-ENOSPC, -EDQUOT...). */
int copy_write(struct copy_writer *copy, const void *data, size_t len);

/* Appends so many zeros that were never written: a hole. */
int copy_hole(struct copy_writer *copy, uint64_t len);

/*
 * Appends so many bytes of an open file, from `at` on: its holes are not read.
 * -ENODATA: it has become shorter.
 */
int copy_from(struct copy_writer *copy, int fd, uint64_t at, uint64_t len);

/*
 * For contents that are gone from where they were once they are read: a
 * mapping of a new file of `size` bytes, into which the kernel may write
 * directly, so that what is taken survives even SIGKILL. From now on the copy is
 * "NAME.XXXXXX.partial", visible, and stays when it fails; copy_open_partial()
 * reads it: the file then has its full size, zeros behind what was taken. Other
 * files (MANIFEST_FILE) must have been written before. Ends with
 * copy_mapped_end(), which says how many of the bytes count.
 */
int copy_mapped(struct copy_writer *copy, const char *name, uint64_t size, void **ret);
int copy_mapped_end(struct copy_writer *copy, uint64_t used);

/*
 * Syncs, reads back, compares, gives it its name. The copy is freed either
 * way; on failure it is gone from disk, too, unless contents were moved into it.
 * ret_path (appended): where it is now. 0 or -errno; -EIO: what was read is not what was written.
 */
int copy_finish(struct copy_writer *copy, struct buf *ret_path);

/*
 * Gives up: removes what was written, or keeps it if contents were moved into it:
 * then true, and its path is appended to *ret_path.
 */
bool copy_abandon(struct copy_writer *copy, struct buf *ret_path);

/*
 * Opens a copy and checks every sum, all files and nothing but those files
 * (regular, of the caller or root, not writable by others). 0 or -errno:
 * -EBADMSG: damaged, -EPERM: somebody else might have written it, both with the
 * file's name appended to *ret_what; -ENOENT, -ENOTDIR: no copy.
 */
int copy_open(const char *path, struct copy_reader **ret, struct buf *ret_what);

/* The same for what copy_mapped() kept: there may be no sums. -EBUSY: somebody still writes it. */
int copy_open_partial(const char *path, struct copy_reader **ret, struct buf *ret_what);

/*
 * The copies in a directory of copies, in the order of their names (hidden and
 * partial ones are none). Calls back with "PATH/NAME", borrowed; stops when that
 * is not 0 and returns it. 0, -ENOTDIR: path is itself a copy (or no directory), or -errno.
 */
int copy_list(const char *path, int (*found)(const char *copy, void *data), void *data);

void copy_close(struct copy_reader *copy);      /* NULL is fine */

/* A whole small file. Appends. 0 or -errno (-EFBIG). */
int copy_read_file(struct copy_reader *copy, const char *name, size_t most, struct buf *out);

/* A descriptor of one of its files, from its beginning; borrowed. -errno: -ENOENT. ret_size may be NULL. */
int copy_descriptor(struct copy_reader *copy, const char *name, uint64_t *ret_size);

/*
 * What is not zero in one of its files, from `at` 0 on, in blocks: for objects
 * that are born full of zeros. Stops when the callback's value is not 0, and returns it. 0 or -errno.
 */
int copy_data(struct copy_reader *copy, const char *name,
              int (*found)(void *data, uint64_t at, const void *bytes, size_t len), void *data);

#endif
