/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_CHILD_H
#define SYS_CHILD_H

/*
 * Runs this program again, with these arguments (arguments[0] is its name, NULL
 * ends them), on the same terminal, and waits. Signals of the keyboard are for
 * the child meanwhile: SIGINT and SIGQUIT pass us by, SIGTSTP stops both.
 * Its exit status, 128 and the signal that ended it, or -errno.
 */
int child_run(char *const arguments[]);

#endif
