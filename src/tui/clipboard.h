/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_CLIPBOARD_H
#define TUI_CLIPBOARD_H

/* Text to the clipboard of whoever sits at the terminal, by way of the terminal: OSC 52. */
#include "base/buf.h"

enum { CLIPBOARD_MOST = 64 * 1024 };

/*
 * Appends what has to be written. term, tmux: $TERM and $TMUX, NULL: not set; within
 * tmux and screen it is wrapped, so that they pass it on. 0, -EINVAL (empty, too long, control
 * characters), or -ENOTSUP: the terminal is known to have no clipboard.
 */
int clipboard_sequence(const char *term, const char *tmux, struct text text, struct buf *out);

#endif
