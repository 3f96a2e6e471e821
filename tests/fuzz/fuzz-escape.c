/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/escape.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* Nothing in it moves a cursor, hides or reorders; no mark without its letter. */
static void check_harmless(struct text text, bool utf8)
{
        bool first = true;

        while (text.len > 0) {
                uint32_t code;
                unsigned len = utf8_decode(text, &code);
                int width = utf8_width(code);

                check(len == 1 || (utf8 && len > 1));
                check(width > 0 || (width == 0 && !first));
                first = false;
                text = text_from(text, len);
        }
}

/* Reads the display form back: it is unambiguous. */
static void undo_display(struct text text, struct buf *out)
{
        while (text.len > 0) {
                static const char letters[] = "\\\\n\nt\tr\r";
                size_t used = 1;

                if (text.data[0] != '\\') {
                        buf_byte(out, text.data[0]);
                } else if (text.len > 1 && text.data[1] == 'x') {
                        used = 4;
                        check(text.len >= used);
                        check(escape_parse_word((struct text){ text.data, used }, out, NULL) == 0);
                } else {
                        const char *letter = letters;

                        used = 2;
                        check(text.len >= used);
                        while (*letter && *letter != text.data[1])
                                letter += 2;
                        check(*letter);
                        buf_byte(out, letter[1]);
                }
                text = text_from(text, used);
        }
}

static void check_display(struct text text, bool utf8)
{
        struct buf shown = { 0 }, back = { 0 };

        escape_display(&shown, text, utf8);
        check_harmless(buf_text(&shown), utf8);
        undo_display(buf_text(&shown), &back);
        check(text_equal(buf_text(&back), text));
        if (escape_is_plain(text))
                check(text_equal(buf_text(&shown), text));
        else if (!utf8)
                check(shown.len > text.len);
        buf_done(&shown);
        buf_done(&back);
}

static void check_word(struct text text, const char *hide)
{
        struct buf word = { 0 }, back = { 0 };

        escape_word(&word, text, hide);
        for (size_t i = 0; i < word.len; i++) {
                check(word.data[i] > ' ' && word.data[i] < 0x7f);
                check(!strchr("\"'\\$`*?[]{}()<>|&;!#~^,", word.data[i]));
                check(!(hide && strchr(hide, word.data[i])));
        }
        check(escape_parse_word(buf_text(&word), &back, NULL) == 0);
        check(text_equal(buf_text(&back), text));
        buf_done(&word);
        buf_done(&back);
}

static void check_parse(struct text word)
{
        struct buf out = { 0 };
        size_t at = word.len;
        int r = escape_parse_word(word, &out, &at);

        check(r == 0 || r == -EINVAL);
        if (r == 0)
                check(at == word.len && out.len <= word.len);
        else
                check(out.len == 0 && at < word.len && (word.data[at] == '%' || word.data[at] == '\\'));
        buf_done(&out);
}

/* shown: the text is a display form, whose characters take at most two columns each. */
static void check_cuts(struct text text, bool shown)
{
        unsigned whole = utf8_columns(text), before = 0;
        bool valid = utf8_valid(text);

        for (unsigned columns = 0; columns <= 20; columns++) {
                unsigned taken;
                struct text cut = utf8_cut(text, columns, &taken);

                check(cut.data == text.data && cut.len <= text.len);
                check(taken <= columns && taken >= before && taken <= whole);
                check(taken == utf8_columns(cut));
                if (whole <= columns)
                        check(cut.len == text.len);
                else
                        check(!shown || taken + 1 >= columns);
                if (valid)
                        check(utf8_valid(cut));
                before = taken;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        struct buf shown = { 0 };

        check_display(text, true);
        check_display(text, false);
        check_word(text, NULL);
        check_word(text, ":=,");
        check_parse(text);
        check_cuts(text, false);
        escape_display(&shown, text, true);
        check(utf8_valid(buf_text(&shown)));
        check_cuts(buf_text(&shown), true);
        buf_done(&shown);
        return 0;
}
