/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_KEY_H
#define TUI_KEY_H

/*
 * What people type, without curses: a key is a code point, or one of these above
 * all code points. Names are those of the help and of scripts: "k", "Up", "F9",
 * "C-l" (Ctrl), "Space", "Enter".
 */
#include "base/text.h"

#include <stdint.h>

enum key_code {
        /* These have a code point of their own: C-i, C-m, C-[. */
        UI_KEY_TAB = 0x09, UI_KEY_ENTER = 0x0d, UI_KEY_ESC = 0x1b,
        KEY_FIRST = 0x110000,
#define NAMED(id, name) UI_KEY_##id,
#include "tui/key.list"
#undef NAMED
        KEY_AFTER,
};

enum mouse { MOUSE_NONE, MOUSE_CLICK, MOUSE_DOUBLE, MOUSE_RIGHT, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct input {
        uint32_t key;                   /* code point or enum key_code; Ctrl-X is its control code (1 to 26) */
        enum mouse mouse;               /* of UI_KEY_MOUSE */
        unsigned x, y;
};

/* The key of a name: "Up", "C-l", "x", "é". False: there is none. */
bool key_find(struct text name, uint32_t *ret);

/* What a terminal may send for a key that has several codes: newline, delete. */
uint32_t key_of_byte(uint32_t code);

/* Presses of a button, to tell which are double: a second one at the same place, soon. */
struct clicks {
        unsigned x, y;
        int64_t at;                     /* ms; 0: none */
};
enum mouse click_type(struct clicks *clicks, unsigned x, unsigned y, int64_t now_ms);

/*
 * A script is text that is typed, and in <>: <Up>, <C-l>, <lt> for "<", with a count <Down*5>,
 * <Click 10,3>, <Double 10,3>, <Right-click 10,3>, <Wheel-up 10,3>, <Wheel-down 10,3>, and what is no key:
 * <Refresh> the next snapshot, <Wait 3s> that much later, <Size 100x30>, <Paste shm:7> text that is pasted (with
 * line ends, if it has some), <Frame> prints the screen, <Looks> with its looks.
 * Line ends are nothing; from # on a line is a comment: the key is <#>.
 */
enum script_word { SCRIPT_INPUT, SCRIPT_PASTE, SCRIPT_REFRESH, SCRIPT_WAIT, SCRIPT_SIZE, SCRIPT_FRAME, SCRIPT_LOOKS };

struct script_step {
        enum script_word word;
        struct input input;
        unsigned times;                 /* of an input: 1 to 1000 */
        struct text text;               /* SCRIPT_PASTE: lies in the script */
        uint64_t ns;                    /* SCRIPT_WAIT */
        unsigned width, height;         /* SCRIPT_SIZE */
};

/* The next step of *rest. 1, 0 at the end, or -EINVAL: *rest begins with what is none. */
int script_next(struct text *rest, struct script_step *ret);

#endif
