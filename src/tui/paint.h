/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

/*
 * The terminal: a grid goes out, keys come in. Nobody else knows of curses, or writes to a terminal.
 */
#include "tui/grid.h"
#include "tui/key.h"

struct paint;

struct paint_options {
        bool colour, mouse, utf8;
        int in, out;                    /* descriptors of the terminal, borrowed */
};

/*
 * Takes the terminal. 0, or -ENOTTY (no terminal), -ENOTSUP (TERM can't move a
 * cursor, or is not known). Nothing was written then.
 */
int paint_open(const struct paint_options *options, struct paint **ret);
void paint_close(struct paint *paint);          /* as it was before; NULL is fine */

/*
 * Between leave and enter the terminal is as others expect it: suspension, a command that is run.
 * What happened to it meanwhile does not matter, its size included.
 */
void paint_leave(struct paint *paint);
void paint_enter(struct paint *paint);

/*
 * Restores the terminal by what was made ready beforehand, unless it was left already:
 * for handlers of deadly signals (async-signal-safe).
 */
void paint_restore_now(const struct paint *paint);

void paint_size(const struct paint *paint, unsigned *ret_width, unsigned *ret_height);
void paint_resized(struct paint *paint);        /* after SIGWINCH */
void paint_frame(struct paint *paint, const struct grid *grid);
void paint_all(struct paint *paint);            /* the next frame is drawn wholly: C-l */

/*
 * The next key that has come, without waiting; false: none. Esc alone is told after 25 ms. UI_KEY_PASTE: text was
 * pasted, which is there until the next call.
 */
bool paint_key(struct paint *paint, struct input *ret);
struct text paint_pasted(const struct paint *paint);
int paint_fd(const struct paint *paint);        /* becomes readable when keys come */

/*
 * To the clipboard by OSC 52: at most 64 KiB of text without control characters. 0, -EINVAL, or -ENOTSUP:
 * the terminal is known to have none. Whether it has one that may be written, it does not tell.
 */
int paint_copy(struct paint *paint, struct text text);

#endif
