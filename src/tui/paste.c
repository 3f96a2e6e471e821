/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/paste.h"

#include "base/utf8.h"

enum { SILENCE_MS = 1000, INTERRUPT = 'c' & 0x1f };

static void add(struct paste *paste, uint32_t code)
{
        char bytes[4];
        unsigned len = utf8_encode(code, bytes);

        if (paste->text.len + len <= PASTE_MOST)
                buf_add(&paste->text, (struct text){ bytes, len });
}

/* Is it the next byte of the mark that is waited for? True: the last one. What was no mark is text of the paste. */
static bool match(struct paste *paste, uint32_t code)
{
        const char *mark = paste->open ? PASTE_ENDS : PASTE_BEGINS;

        if (code == (unsigned char)mark[paste->matched])
                return !mark[++paste->matched];
        for (unsigned i = 0; paste->open && i < paste->matched; i++)
                add(paste, (unsigned char)mark[i]);
        paste->matched = code == (unsigned char)mark[0];
        if (paste->open && !paste->matched && code)
                add(paste, code);
        return false;
}

enum pasted paste_begin(struct paste *paste, int64_t now_ms)
{
        buf_clear(&paste->text);
        paste->open = true;
        paste->matched = 0;
        paste->at = now_ms;
        return PASTED_MORE;
}

enum pasted paste_end(struct paste *paste)
{
        bool was_open = paste->open;

        paste->open = false;
        paste->matched = 0;
        return was_open ? PASTED_ALL : PASTED_MORE;
}

enum pasted paste_take(struct paste *paste, uint32_t code, int64_t now_ms)
{
        int64_t silence = now_ms - paste->at;

        paste->at = now_ms;
        /* Should the end never come: whoever is at the keyboard gets out. Within a paste there is no such pause. */
        if (paste->open && code == INTERRUPT && silence >= SILENCE_MS) {
                paste->open = false;
                paste->matched = 0;
                return PASTED_MORE;
        }
        if (match(paste, code))
                return paste->open ? paste_end(paste) : paste_begin(paste, now_ms);
        return paste->open ? PASTED_MORE : PASTED_NOTHING;
}

void paste_done(struct paste *paste)
{
        buf_done(&paste->text);
}

static bool is_blank(uint32_t code)
{
        return code == '\n' || code == '\r' || code == '\t';
}

static bool is_control(uint32_t code)
{
        return code < ' ' || (code >= 0x7f && code < 0xa0);
}

bool paste_next(struct text *rest, uint32_t *ret)
{
        bool blank = false;

        while (rest->len > 0) {
                unsigned len = utf8_decode(*rest, ret);

                /* The blank comes first; the character stays for the next call. */
                if (len > 0 && !is_control(*ret) && blank) {
                        *ret = ' ';
                        return true;
                }
                *rest = text_from(*rest, len > 0 ? len : 1);
                if (len > 0 && !is_control(*ret))
                        return true;
                blank |= is_blank(*ret);
        }
        return false;
}
