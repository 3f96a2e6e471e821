/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_COPY_PRIVATE_H
#define SYS_COPY_PRIVATE_H

/* Private to sys/copy*.c: what the writer and the reader of copies share. */
#include "sys/copy.h"

#include <xxhash.h>

#define COPY_SUMS_FILE "SUMS"

enum {
        COPY_BLOCK = 1 << 17,           /* read and written at a time: stays in the second cache */
        COPY_PAGE = 4096,               /* zeros from here on become holes */
        COPY_FILES_MOST = 16,
        COPY_FILE_NAME_MOST = 64,
        COPY_SUM_LINE = 32 + 2 + COPY_FILE_NAME_MOST + 1,
        COPY_SUMS_MOST = COPY_FILES_MOST * COPY_SUM_LINE,
};

/* --- sums: copy-sum.c --- */

/* The sum of what comes piece by piece. */
struct copy_sum {
        XXH3_state_t *state;
};

void copy_sum_begin(struct copy_sum *sum);
void copy_sum_add(struct copy_sum *sum, const void *data, size_t len);
/* The same for so many zeros. -EINTR when a signal waits. */
int copy_sum_zeros(struct copy_sum *sum, uint64_t len);
/* Frees it. *ret may be NULL: the sum is not wanted. */
void copy_sum_end(struct copy_sum *sum, XXH128_hash_t *ret);

/* The whole of an open file of `size` bytes; buffer: COPY_BLOCK bytes. -ENODATA: it is shorter. */
int copy_sum_file(int fd, uint64_t size, void *buffer, XXH128_hash_t *ret);

/* A line of SUMS, and back: 0 or -EBADMSG. */
void copy_sum_print(const char *name, XXH128_hash_t sum, struct buf *out);
int copy_sum_parse(struct text line, struct text *ret_name, XXH128_hash_t *ret);

/* May it be the name of a file of a copy? */
bool copy_file_name(struct text name);

/* Is all of it zero? len > 0. */
bool copy_zero(const void *data, size_t len);

/*
 * Where an open file has data, as far as it was asked: to find the end of a run
 * takes time that grows with the run. { .fd = -1 } at first.
 */
struct copy_extent {
        int fd;
        uint64_t from;                  /* asked for: a hole from here to `at` */
        uint64_t at, end;
};

/* The next run of data in [at, end): *ret_at == end: none. 0 or -errno. */
int copy_next_data(struct copy_extent *extent, int fd, uint64_t at, uint64_t end, uint64_t *ret_at, uint64_t *ret_end);

/* --- the directory: copy-place.c --- */

/* Opens DIR, makes what is missing of it. A descriptor or -errno; *ret_why as of copy_begin(). */
int copy_place_open(const char *dir, const char **ret_why);

/*
 * Makes a hidden directory in it that is locked; appends its name. A descriptor or -errno.
 */
int copy_place_hidden(int place, const char *name, struct buf *ret_hidden);

/* Gives what is called `from` the name `to`, unless that is taken: -EEXIST. Does not sync. */
int copy_place_rename(int place, const char *from, const char *to);

/* Removes a directory of files. Best effort; 0 or -errno. */
int copy_place_remove(int place, const char *name, int fd);

/* --- reading: copy-read.c --- */

/*
 * Opens and checks what is in an open directory, which it takes over. See
 * copy_open(). most: the sums of larger files are not looked at.
 */
int copy_check(int fd, uint64_t most, struct copy_reader **ret, struct buf *ret_what);

/* fsync(2): 0 or -errno. File systems that have no way to sync a directory are no failure. */
int copy_sync(int fd);

#endif
