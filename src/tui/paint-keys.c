/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes from a terminal: keys, the mouse, pasted text. */
#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>
#include <time.h>

/* The last one: it includes curses. */
#include "tui/paint-private.h"

enum {
        ESCAPE_MS = 25,
        KEY_PASTE_BEGIN = 0x2000, KEY_PASTE_END,        /* codes that curses gives to nothing */
};

/* Keys as terminals send them that are not in the mode, or not the terminal, that terminfo thinks of. */
static void know_more_keys(void)
{
        static const struct {
                const char *sequence;
                int key;
        } more[] = {
                { "\033[A", KEY_UP }, { "\033[B", KEY_DOWN }, { "\033[C", KEY_RIGHT }, { "\033[D", KEY_LEFT },
                { "\033OA", KEY_UP }, { "\033OB", KEY_DOWN }, { "\033OC", KEY_RIGHT }, { "\033OD", KEY_LEFT },
                { "\033[H", KEY_HOME }, { "\033[F", KEY_END }, { "\033OH", KEY_HOME }, { "\033OF", KEY_END },
                { "\033[1~", KEY_HOME }, { "\033[4~", KEY_END }, { "\033[7~", KEY_HOME }, { "\033[8~", KEY_END },
                { "\033[2~", KEY_IC }, { "\033[3~", KEY_DC }, { "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE },
                { "\033[Z", KEY_BTAB },
                { "\033OP", KEY_F(1) }, { "\033OQ", KEY_F(2) }, { "\033OR", KEY_F(3) }, { "\033OS", KEY_F(4) },
                { "\033[11~", KEY_F(1) }, { "\033[12~", KEY_F(2) }, { "\033[13~", KEY_F(3) }, { "\033[14~", KEY_F(4) },
                { "\033[[A", KEY_F(1) }, { "\033[[B", KEY_F(2) }, { "\033[[C", KEY_F(3) }, { "\033[[D", KEY_F(4) },
                { "\033[[E", KEY_F(5) }, { "\033[15~", KEY_F(5) }, { "\033[17~", KEY_F(6) }, { "\033[18~", KEY_F(7) },
                { "\033[19~", KEY_F(8) }, { "\033[20~", KEY_F(9) }, { "\033[21~", KEY_F(10) },
        };

        for (unsigned i = 0; i < COUNT(more); i++)
                if (key_defined(more[i].sequence) == 0)
                        define_key(more[i].sequence, more[i].key);
        define_key(PASTE_BEGINS, KEY_PASTE_BEGIN);
        define_key(PASTE_ENDS, KEY_PASTE_END);
}

void paint_set_up_keys(struct paint *paint)
{
        const char *escape = getenv("ESCDELAY");

        paint->keys = newpad(1, 1);
        if (!paint->keys)
                memory_exhausted();
        raw();
        noecho();
        nonl();
        keypad(paint->keys, TRUE);
        nodelay(paint->keys, TRUE);
        meta(paint->keys, TRUE);
        if (!escape || !*escape)
                set_escdelay(ESCAPE_MS);
        know_more_keys();
        if (paint->options.mouse) {
                /* A press is a click at once: what is double is found out here. */
                mouseinterval(0);
                mousemask(BUTTON1_PRESSED | BUTTON3_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        }
}

static uint32_t named_key(wint_t key)
{
        static const struct {
                int curses;
                uint32_t key;
        } keys[] = {
                { KEY_UP, UI_KEY_UP }, { KEY_DOWN, UI_KEY_DOWN },
                { KEY_LEFT, UI_KEY_LEFT }, { KEY_RIGHT, UI_KEY_RIGHT },
                { KEY_PPAGE, UI_KEY_PAGE_UP }, { KEY_NPAGE, UI_KEY_PAGE_DOWN }, { KEY_HOME, UI_KEY_HOME },
                { KEY_FIND, UI_KEY_HOME }, { KEY_END, UI_KEY_END }, { KEY_SELECT, UI_KEY_END }, { KEY_LL, UI_KEY_END },
                { KEY_IC, UI_KEY_INSERT }, { KEY_DC, UI_KEY_DELETE }, { KEY_BACKSPACE, UI_KEY_BACKSPACE },
                { KEY_BTAB, UI_KEY_BACK_TAB }, { KEY_ENTER, UI_KEY_ENTER },
        };

        for (unsigned i = 0; i < COUNT(keys); i++)
                if ((int)key == keys[i].curses)
                        return keys[i].key;
        if (key >= (wint_t)KEY_F(1) && key <= (wint_t)KEY_F(10))
                return UI_KEY_F1 + (uint32_t)(key - (wint_t)KEY_F(1));
        return 0;
}

static int64_t now_ms(void)
{
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool mouse_input(struct paint *paint, struct input *ret)
{
        MEVENT event;

        if (getmouse(&event) != OK || event.x < 0 || event.y < 0)
                return false;
        *ret = (struct input){ .key = UI_KEY_MOUSE, .x = (unsigned)event.x, .y = (unsigned)event.y };
        if (event.bstate & BUTTON1_PRESSED)
                ret->mouse = click_type(&paint->clicks, ret->x, ret->y, now_ms());
        else if (event.bstate & BUTTON3_PRESSED)
                ret->mouse = MOUSE_RIGHT;
        else if (event.bstate & BUTTON4_PRESSED)
                ret->mouse = MOUSE_WHEEL_UP;
        else if (event.bstate & BUTTON5_PRESSED)
                ret->mouse = MOUSE_WHEEL_DOWN;
        return ret->mouse != MOUSE_NONE;
}

static enum pasted take_paste(struct paint *paint, wint_t code, bool named)
{
        if (named && code == (wint_t)KEY_PASTE_BEGIN)
                return paste_begin(&paint->paste, now_ms());
        if (named && code == (wint_t)KEY_PASTE_END)
                return paste_end(&paint->paste);
        return paste_take(&paint->paste, named ? 0 : (uint32_t)code, now_ms());
}

bool paint_key(struct paint *paint, struct input *ret)
{
        enum pasted pasted;
        wint_t code;
        int type;

        while ((type = wget_wch(paint->keys, &code)) != ERR) {
                bool named = type == KEY_CODE_YES;

                *ret = (struct input){ .key = named ? named_key(code) : key_of_byte((uint32_t)code) };
                if (named && code == KEY_MOUSE && !mouse_input(paint, ret))
                        continue;
                pasted = take_paste(paint, code, named);
                if (pasted == PASTED_ALL)
                        ret->key = UI_KEY_PASTE;
                if (pasted != PASTED_MORE && ret->key)
                        return true;
        }
        return false;
}

struct text paint_pasted(const struct paint *paint)
{
        return buf_text(&paint->paste.text);
}
