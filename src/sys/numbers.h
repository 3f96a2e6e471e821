/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_NUMBERS_H
#define SYS_NUMBERS_H

/*
 * Private to sys/: the entries of a directory whose names are numbers, as
 * /proc, /proc/PID/fd and /proc/PID/task have them. The kernel lists them in
 * ascending order; the directories of a recording are in any order and are
 * sorted, so that every copy of it gives the same snapshot.
 */
#include "sys/directory.h"

#include <stdint.h>

enum { NUMBERS_TEXT = 16 };             /* bytes that a name needs */

struct numbers {
        struct directory directory;
        bool sorted;
        uint32_t *list;                 /* sorted: all of them */
        size_t at, n, size;
        char text[NUMBERS_TEXT];
};

/*
 * Starts on an open directory (borrowed, with the buffer, for the whole
 * reading). A struct that was used before keeps its memory; a new one is { 0 }.
 */
void numbers_init(struct numbers *numbers, bool sorted, int fd, char *buffer, size_t size);

/* Starts on a list instead, which is taken; numbers was not used before, or is done. */
void numbers_of(struct numbers *numbers, uint32_t *list, size_t n);
void numbers_done(struct numbers *numbers);

/* The next number, at most INT32_MAX, and its name; false at the end, or on an error. */
bool numbers_next(struct numbers *numbers, uint32_t *ret, const char **ret_name);

/* The name of a number. Returns text. */
const char *numbers_text(uint32_t number, char text[NUMBERS_TEXT]);

/*
 * Before numbers_init() of an open /proc/PID/fd that is live: lower descriptors
 * need not be listed (but may be). There n stands at the place n + 2.
 */
void numbers_skip_fds(int fds, uint32_t first);

/* Why it ended: 0 or -errno. */
int numbers_error(const struct numbers *numbers);

#endif
