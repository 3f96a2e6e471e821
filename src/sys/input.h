/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_INPUT_H
#define SYS_INPUT_H

/* A file that the user named on the command line, to be read whole. */
#include "base/buf.h"

/*
 * Reads it: a regular file, a FIFO (the shell's <(...)), whatever open(2) takes
 * and read(2) ends; links are followed, as the user's own rights are all that
 * counts. "-" is standard input. Appends at most `most` bytes. 0 or -errno;
 * -EFBIG: there are more; -EISDIR, ENOENT...
 */
int input_read(const char *path, size_t most, struct buf *out);

#endif
