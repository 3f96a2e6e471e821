/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/clipboard.h"

#include "base/array.h"
#include "base/base64.h"

#include <errno.h>

enum { SCREEN_MOST = 512 };             /* screen(1) forgets what is longer than 768 bytes */

static bool begins(const char *term, const char *with)
{
        return term && strncmp(term, with, strlen(with)) == 0;
}

/* They would print it, or do something else. */
static bool has_clipboard(const char *term)
{
        static const char *const without[] = { "linux", "vt1", "vt2", "vt3", "vt4", "ansi", "cons", "dumb" };

        for (unsigned i = 0; i < COUNT(without); i++)
                if (begins(term, without[i]))
                        return false;
        return term && *term;
}

static bool is_plain(struct text text)
{
        for (size_t i = 0; i < text.len; i++)
                if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
                        return false;
        return text.len > 0 && text.len <= CLIPBOARD_MOST;
}

/* Each ESC of what is passed on is doubled. */
static void wrap_for_tmux(struct text sequence, struct buf *out)
{
        buf_string(out, "\033Ptmux;");
        for (size_t i = 0; i < sequence.len; i++) {
                if (sequence.data[i] == '\033')
                        buf_byte(out, '\033');
                buf_byte(out, sequence.data[i]);
        }
        buf_string(out, "\033\\");
}

/* In pieces, which the outer terminal sees as one. */
static void wrap_for_screen(struct text sequence, struct buf *out)
{
        while (sequence.len > 0) {
                size_t n = sequence.len < SCREEN_MOST ? sequence.len : SCREEN_MOST;

                buf_string(out, "\033P");
                buf_add(out, (struct text){ sequence.data, n });
                buf_string(out, "\033\\");
                sequence = text_from(sequence, n);
        }
}

int clipboard_sequence(const char *term, const char *tmux, struct text text, struct buf *out)
{
        struct buf sequence = { 0 };

        if (!is_plain(text))
                return -EINVAL;
        if (!has_clipboard(term))
                return -ENOTSUP;
        buf_string(&sequence, "\033]52;c;");
        base64_encode(&sequence, text);
        buf_byte(&sequence, '\a');
        if (begins(term, "tmux") || (begins(term, "screen") && tmux && *tmux)) {
                /* tmux takes it itself or passes it on, as it is configured; the same twice does no harm. */
                buf_add(out, buf_text(&sequence));
                wrap_for_tmux(buf_text(&sequence), out);
        } else if (begins(term, "screen")) {
                wrap_for_screen(buf_text(&sequence), out);
        } else {
                buf_add(out, buf_text(&sequence));
        }
        buf_done(&sequence);
        return 0;
}
