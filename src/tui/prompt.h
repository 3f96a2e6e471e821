/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

/* The line at the bottom: an editor, what is done with its text, and what it may be completed to. */
#include "tui/ui.h"

enum { PROMPT_MOST = 4096, PROMPT_HISTORY_MOST = 50 };

/* Opens it with a text to begin with. */
void prompt_open(struct ui *ui, enum prompt_type type, struct text text);
void prompt_key(struct ui *ui, const struct input *input);
bool prompt_paste(struct ui *ui, struct text text);     /* false: it is not open */
void prompt_close(struct ui *ui);
void prompt_done(struct prompt *prompt);

/* Puts a line at the end of a history, where it is only once; not if it is empty or holds control bytes. */
void prompt_remember(struct prompt *prompt, enum prompt_type type, struct text line);

/* --- what ":" takes: prompt-command.c ------------------------------------- */

enum prompt_argument {
        ARGUMENT_NONE,
        ARGUMENT_FILTER,
        ARGUMENT_SORT,
        ARGUMENT_COLUMNS,
        ARGUMENT_TEXT,                  /* nothing that could be completed */
        ARGUMENT_ERROR,                 /* EAGAIN */
        ARGUMENT_COMMAND,               /* references, kinds */
};

/* A word that ":" begins with, from the one table that also makes completion and help. */
struct prompt_command {
        const char *name;
        const char *usage;              /* N_(): what stands behind the name; "" */
        const char *help;               /* N_() */
        enum prompt_argument argument;
        bool program;                   /* a command of ipcview, which leaves the screen meanwhile */
        bool changes;                   /* not with --readonly */
        /* Carries it out; 0, or -EINVAL with *ret_error about the argument. NULL: a command of ipcview. */
        int (*run)(struct ui *ui, struct text argument, struct parse_error *ret_error);
};

const struct prompt_command *prompt_commands(unsigned *ret_n);

/* Carries a line out. 0, or -EINVAL with *ret_error. */
int prompt_command(struct ui *ui, struct text line, struct parse_error *ret_error);

/* --- complete.c ------------------------------------------------------------ */

/* The word at the cursor, as far as there is one way on; else the ways are told in the hint. */
void prompt_complete(struct ui *ui);

#endif
