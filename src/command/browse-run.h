/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_BROWSE_RUN_H
#define COMMAND_BROWSE_RUN_H

/* A command of ipcview, as it is typed in the browser. */
#include "sys/terminal.h"

struct command_line {
        char **words;                   /* NULL ends them; words[0] is "ipcview" */
        size_t n;
        struct buf text;                /* what they point into */
};

/*
 * Splits a line into words, at blanks. '...' and "..." hold blanks, a backslash
 * in them escapes the quote and itself, as in filters; no shell, nothing is expanded. A word "ipcview" in front
 * is passed over. `global`: further arguments for the front, NULL ends them. 0, or -EINVAL: a quote is not closed.
 */
int command_line_split(struct text line, const char *const *global, struct command_line *ret);
void command_line_done(struct command_line *command_line);

/* Runs it, then waits for Enter. The terminal is in its usual state. The exit status, or -errno. */
int command_line_run(const struct command_line *command_line, const struct terminal *terminal, bool utf8);

#endif
