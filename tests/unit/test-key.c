/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/action.h"
#include "tui/clipboard.h"
#include "tui/key.h"
#include "tui/paste.h"

#include "base/array.h"
#include "base/utf8.h"
#include "command/browse-run.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tree.h"

static void names(void **state)
{
        static const struct {
                const char *name;
                uint32_t key;
        } pairs[] = {
                { "Up", UI_KEY_UP }, { "F10", UI_KEY_F10 }, { "S-Tab", UI_KEY_BACK_TAB }, { "Enter", '\r' },
                { "Tab", '\t' }, { "Esc", 0x1b }, { "Space", ' ' }, { "C-a", 1 }, { "C-z", 26 }, { "x", 'x' },
                { "<", '<' }, { "é", 0xe9 }, { "漢", 0x6f22 },
        };

        (void)state;
        for (size_t i = 0; i < COUNT(pairs); i++) {
                uint32_t key = 0;

                assert_true(key_find(text_of(pairs[i].name), &key));
                assert_int_equal(key, pairs[i].key);
        }
}

static void no_names(void **state)
{
        static const struct text wrong[] = {
                TEXT(""), TEXT("up"), TEXT("F11"), TEXT("C-"), TEXT("C-A"), TEXT("C-aa"), TEXT("xy"), TEXT("\x1b"),
                TEXT("\x7f"), TEXT("\xff"), TEXT("\0"),
        };

        (void)state;
        for (size_t i = 0; i < COUNT(wrong); i++) {
                uint32_t key;

                assert_false(key_find(wrong[i], &key));
        }
}

/* Each name in the key table is a key, and in each place a key does one thing. */
static void key_table(void **state)
{
        (void)state;
        for (unsigned i = 1; i < ACTION_COUNT; i++) {
                const struct action_facts *facts = action_facts((enum action)i);
                struct text rest = text_of(facts->keys), name;

                assert_true(rest.len > 0);
                while (text_word(&rest, &name)) {
                        uint32_t key;

                        assert_true(key_find(name, &key));
                        for (unsigned where = IN_TABLE; where <= IN_PAGE; where <<= 1)
                                if (facts->where & where)
                                        assert_int_equal(action_of_key(key, where), i);
                }
        }
}

static void clicks(void **state)
{
        struct clicks clicks = { 0 };

        (void)state;
        assert_int_equal(click_type(&clicks, 3, 4, 1000), MOUSE_CLICK);
        assert_int_equal(click_type(&clicks, 3, 4, 1300), MOUSE_DOUBLE);
        assert_int_equal(click_type(&clicks, 3, 4, 1400), MOUSE_CLICK);
        assert_int_equal(click_type(&clicks, 3, 5, 1500), MOUSE_CLICK);
        assert_int_equal(click_type(&clicks, 3, 5, 2500), MOUSE_CLICK);
}

static void script(void **state)
{
        struct text rest = TEXT("# a comment\nab<Down*5>\r\n<lt><#><<><>>\n<Wait 2m><Wait 250ms><Size 100x30>"
                                "<Click 10,3><Wheel-down 0,0><Paste D\nq #><Refresh><Frame><Looks> é # the end");
        static const struct script_step expected[] = {
                { .word = SCRIPT_INPUT, .input.key = 'a', .times = 1 },
                { .word = SCRIPT_INPUT, .input.key = 'b', .times = 1 },
                { .word = SCRIPT_INPUT, .input.key = UI_KEY_DOWN, .times = 5 },
                { .word = SCRIPT_INPUT, .input.key = '<', .times = 1 },
                { .word = SCRIPT_INPUT, .input.key = '#', .times = 1 },
                { .word = SCRIPT_INPUT, .input.key = '<', .times = 1 },
                { .word = SCRIPT_INPUT, .input.key = '>', .times = 1 },
                { .word = SCRIPT_WAIT, .ns = UINT64_C(120000000000) },
                { .word = SCRIPT_WAIT, .ns = 250000000 },
                { .word = SCRIPT_SIZE, .width = 100, .height = 30 },
                { .word = SCRIPT_INPUT, .input = { UI_KEY_MOUSE, MOUSE_CLICK, 10, 3 }, .times = 1 },
                { .word = SCRIPT_INPUT, .input = { UI_KEY_MOUSE, MOUSE_WHEEL_DOWN, 0, 0 }, .times = 1 },
                { .word = SCRIPT_PASTE, .text = TEXT("D\nq #") },
                { .word = SCRIPT_REFRESH },
                { .word = SCRIPT_FRAME },
                { .word = SCRIPT_LOOKS },
                { .word = SCRIPT_INPUT, .input.key = ' ', .times = 1 },
                { .word = SCRIPT_INPUT, .input.key = 0xe9, .times = 1 },
                { .word = SCRIPT_INPUT, .input.key = ' ', .times = 1 },
        };
        struct script_step step;

        (void)state;
        for (size_t i = 0; i < COUNT(expected); i++) {
                assert_int_equal(script_next(&rest, &step), 1);
                assert_int_equal(step.word, expected[i].word);
                assert_int_equal(step.input.key, expected[i].input.key);
                assert_int_equal(step.input.mouse, expected[i].input.mouse);
                assert_int_equal(step.input.x, expected[i].input.x);
                assert_int_equal(step.input.y, expected[i].input.y);
                assert_int_equal(step.ns, expected[i].ns);
                assert_true(text_equal(step.text, expected[i].text));
                assert_int_equal(step.width, expected[i].width);
                assert_int_equal(step.height, expected[i].height);
                if (step.word == SCRIPT_INPUT)
                        assert_int_equal(step.times, expected[i].times);
        }
        assert_int_equal(script_next(&rest, &step), 0);
}

static void no_script(void **state)
{
        static const char *const wrong[] = {
                "<", "<>", "<Nonsense>", "<Down", "<Down*0>", "<Down*1001>", "<Down*x>", "<Wait>", "<Wait x>",
                "<Wait 9999999999w>", "<Size 80>", "<Size 0x3>", "<Size 80x24x3>", "<Size 80x99999>", "<Click>",
                "<Click 3>", "<Click 3,>", "<Click -1,2>", "<Mouse>", "<Paste>", "\x1b", "\xff", "\t",
        };

        (void)state;
        for (size_t i = 0; i < COUNT(wrong); i++) {
                struct text rest = text_of(wrong[i]);
                struct script_step step;

                if (script_next(&rest, &step) != -EINVAL)
                        fail_msg("%s is no error", wrong[i]);
                assert_ptr_equal(rest.data, wrong[i]);
        }
}

/* What a terminal sent, a character each 10 ms; keys are noted with a point before, a paste as (text). */
static void assert_taken(struct paste *paste, const char *sent, const char *expected)
{
        static int64_t now;
        struct buf out = { 0 };

        buf_string(&out, "");
        for (; *sent; sent++) {
                now += *sent == '~' ? 400 : 10;         /* marks may be late */
                switch (paste_take(paste, (unsigned char)*sent, now)) {
                case PASTED_NOTHING:
                        buf_printf(&out, ".%c", *sent == 0x1b ? 'E' : *sent);
                        break;
                case PASTED_MORE:
                        break;
                case PASTED_ALL:
                        buf_printf(&out, "(%.*s)", (int)paste->text.len, buf_text(&paste->text).data);
                        break;
                }
        }
        assert_string_equal(out.data, expected);
        buf_done(&out);
        now += 100000;
}

static void pastes(void **state)
{
        struct paste paste = { 0 };

        (void)state;
        assert_taken(&paste, "ab", ".a.b");
        assert_taken(&paste, "\033[20D", ".E.[.2.0.D");
        /* Byte by byte: what comes before it is known is digits. */
        assert_taken(&paste, "\033[200~Dq\r\033[201~x", ".E.[.2.0.0(Dq\r).x");
        assert_taken(&paste, "\033\033[200~a\033[20b\033\033[201~", ".E.E.[.2.0.0(a\033[20b\033)");
        assert_taken(&paste, "\033[200~\033[201~", ".E.[.2.0.0()");
        assert_taken(&paste, "\033[201~", ".E.[.2.0.1.~");

        assert_int_equal(paste_begin(&paste, 1), PASTED_MORE);
        assert_int_equal(paste_take(&paste, 'D', 2), PASTED_MORE);
        assert_int_equal(paste_take(&paste, 0, 3), PASTED_MORE);        /* an arrow key, or the mouse */
        assert_int_equal(paste_take(&paste, 0xe9, 4), PASTED_MORE);
        assert_int_equal(paste_end(&paste), PASTED_ALL);
        assert_string_equal(paste.text.data, "D\xc3\xa9");
        assert_int_equal(paste_end(&paste), PASTED_MORE);
        assert_int_equal(paste_take(&paste, 0, 5), PASTED_NOTHING);

        /* Only what is kept is bounded. */
        paste_begin(&paste, 10);
        for (unsigned i = 0; i < 3 * PASTE_MOST; i++)
                assert_int_equal(paste_take(&paste, 0x6f22, 10), PASTED_MORE);
        assert_in_range(paste.text.len, PASTE_MOST - 3, PASTE_MOST);
        assert_taken(&paste, "D\003y", "");
        assert_int_equal(paste_end(&paste), PASTED_ALL);

        /* The end is lost: C-c gets out, but only somebody's who is at the keyboard. */
        paste_begin(&paste, 1000);
        assert_int_equal(paste_take(&paste, 3, 1100), PASTED_MORE);
        assert_int_equal(paste_take(&paste, 'D', 5000), PASTED_MORE);
        assert_int_equal(paste_take(&paste, 3, 6000), PASTED_MORE);
        assert_int_equal(paste_take(&paste, 'D', 6010), PASTED_NOTHING);
        paste_done(&paste);
}

static void pasted_text_is_a_line(void **state)
{
        static const struct {
                const char *pasted, *line;
        } cases[] = {
                { "", "" }, { "shm:7", "shm:7" }, { "shm:7\r\n", "shm:7" }, { "a\r\nb\n\n\tc\t", "a b c" },
                { "\na", " a" }, { "a\033[31mb\001\177\302\233c", "a[31mbc" }, { "\xff\xe6\xbc\xa2", "\xe6\xbc\xa2" },
        };

        (void)state;
        for (size_t i = 0; i < COUNT(cases); i++) {
                struct text rest = text_of(cases[i].pasted);
                struct buf out = { 0 };
                uint32_t code;

                buf_string(&out, "");
                while (paste_next(&rest, &code)) {
                        char bytes[4];

                        buf_add(&out, (struct text){ bytes, utf8_encode(code, bytes) });
                }
                assert_string_equal(out.data, cases[i].line);
                buf_done(&out);
        }
}

static void clipboard(void **state)
{
        static const struct {
                const char *term, *tmux, *expected;
        } cases[] = {
                { "xterm-256color", NULL, "\033]52;c;c2htOjc=\a" },
                { "screen", NULL, "\033P\033]52;c;c2htOjc=\a\033\\" },
                { "screen-256color", "/tmp/x,1,0", "\033]52;c;c2htOjc=\a\033Ptmux;\033\033]52;c;c2htOjc=\a\033\\" },
                { "tmux-256color", NULL, "\033]52;c;c2htOjc=\a\033Ptmux;\033\033]52;c;c2htOjc=\a\033\\" },
        };
        struct buf out = { 0 }, large = { 0 };

        (void)state;
        for (size_t i = 0; i < COUNT(cases); i++) {
                buf_clear(&out);
                assert_int_equal(clipboard_sequence(cases[i].term, cases[i].tmux, TEXT("shm:7"), &out), 0);
                assert_string_equal(out.data, cases[i].expected);
        }
        buf_clear(&out);
        assert_int_equal(clipboard_sequence("linux", NULL, TEXT("x"), &out), -ENOTSUP);
        assert_int_equal(clipboard_sequence(NULL, NULL, TEXT("x"), &out), -ENOTSUP);
        assert_int_equal(clipboard_sequence("xterm", NULL, TEXT(""), &out), -EINVAL);
        assert_int_equal(clipboard_sequence("xterm", NULL, TEXT("a\nb"), &out), -EINVAL);
        assert_int_equal(clipboard_sequence("xterm", NULL, TEXT("\033"), &out), -EINVAL);
        for (size_t i = 0; i < CLIPBOARD_MOST; i++)
                buf_byte(&large, 'x');
        assert_int_equal(clipboard_sequence("screen", NULL, buf_text(&large), &out), 0);
        buf_byte(&large, 'x');
        assert_int_equal(clipboard_sequence("xterm", NULL, buf_text(&large), &out), -EINVAL);
        buf_done(&out);
        buf_done(&large);
}

/* Words are joined by | here. */
static void assert_words(const char *line, const char *const *global, const char *expected)
{
        struct command_line command_line;
        struct buf out = { 0 };

        assert_int_equal(command_line_split(text_of(line), global, &command_line), 0);
        for (size_t i = 0; i < command_line.n; i++)
                buf_printf(&out, "%s|", command_line.words[i]);
        assert_string_equal(out.data, expected);
        assert_null(command_line.words[command_line.n]);
        command_line_done(&command_line);
        buf_done(&out);
}

static void command_lines(void **state)
{
        static const char *const none[] = { NULL }, *const root[] = { "--sysroot", "/a b", NULL };
        struct command_line command_line;

        (void)state;
        assert_words("list shm", none, "ipcview|list|shm|");
        assert_words("  ipcview  rm\t'a b' ipcview ", none, "ipcview|rm|a b|ipcview|");
        assert_words("list --filter 'name ~ \"*x\"' \"\" a'b'\"c\"", root,
                     "ipcview|--sysroot|/a b|list|--filter|name ~ \"*x\"||abc|");
        assert_words("show 'it\\'s' 'a\\b' $HOME;*\\", none, "ipcview|show|it's|a\\b|$HOME;*\\|");
        assert_words("", none, "ipcview|");
        assert_int_equal(command_line_split(TEXT("list 'shm"), none, &command_line), -EINVAL);
        assert_int_equal(command_line_split(TEXT("list \"a\\\""), none, &command_line), -EINVAL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names), cmocka_unit_test(no_names), cmocka_unit_test(key_table),
                cmocka_unit_test(clicks), cmocka_unit_test(script), cmocka_unit_test(no_script),
                cmocka_unit_test(pastes), cmocka_unit_test(pasted_text_is_a_line), cmocka_unit_test(clipboard),
                cmocka_unit_test(command_lines),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
