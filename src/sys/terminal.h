/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_TERMINAL_H
#define SYS_TERMINAL_H

/* The terminal at which a person can be asked. */
#include "base/buf.h"

struct terminal {
        int in, out;
        bool opened;                    /* /dev/tty, to be closed */
};

enum { TERMINAL_LINE_MOST = 255 };

/*
 * Who is asked must see the question: standard output or error must be a
 * terminal. Answers come from standard input if that is one and not `taken`,
 * else from the controlling terminal. 0, or -ENOTTY: nobody can be asked.
 */
int terminal_find(bool taken, struct terminal *ret);
void terminal_close(struct terminal *terminal);

/* All of it, or -errno. */
int terminal_write(const struct terminal *terminal, struct text text);

/*
 * The next line, without its newline. -ENODATA: the end of the file came first,
 * or the line was longer than anybody's answer; what was typed is forgotten.
 */
int terminal_read_line(const struct terminal *terminal, struct buf *ret);

#endif
