/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/key.h"

#include "base/array.h"
#include "base/number.h"
#include "base/utf8.h"

#include <errno.h>

enum { DOUBLE_CLICK_MS = 400 };

static const struct {
        uint32_t key;
        const char *name;
} names[] = {
        { UI_KEY_ENTER, "Enter" },
        { UI_KEY_TAB, "Tab" },
        { UI_KEY_ESC, "Esc" },
        { ' ', "Space" },
#define NAMED(id, name) { UI_KEY_##id, name },
#include "tui/key.list"
#undef NAMED
};

bool key_find(struct text name, uint32_t *ret)
{
        uint32_t code;

        for (unsigned i = 0; i < COUNT(names); i++)
                if (text_equal(name, text_of(names[i].name))) {
                        *ret = names[i].key;
                        return true;
                }
        if (name.len == 3 && text_starts(name, TEXT("C-")) && name.data[2] >= 'a' && name.data[2] <= 'z') {
                *ret = (uint32_t)(name.data[2] - 'a' + 1);
                return true;
        }
        if (name.len == 0 || utf8_decode(name, &code) != name.len || code < ' ' || code == 0x7f)
                return false;
        *ret = code;
        return true;
}

uint32_t key_of_byte(uint32_t code)
{
        switch (code) {
        case 0x7f:
        case 0x08:
                return UI_KEY_BACKSPACE;
        case '\n':
                return UI_KEY_ENTER;
        }
        return code <= 0x10ffff ? code : 0;
}

enum mouse click_type(struct clicks *clicks, unsigned x, unsigned y, int64_t now_ms)
{
        bool again = clicks->at && now_ms - clicks->at <= DOUBLE_CLICK_MS && x == clicks->x && y == clicks->y;

        clicks->x = x;
        clicks->y = y;
        /* A third one begins anew. */
        clicks->at = again ? 0 : now_ms;
        return again ? MOUSE_DOUBLE : MOUSE_CLICK;
}

/* --- scripts ------------------------------------------------------------------ */

enum { TIMES_MOST = 1000, SIZE_MOST = 1000 };

/* "10,3" or "100x30" */
static int read_pair(struct text text, char separator, uint64_t least, unsigned *ret_a, unsigned *ret_b)
{
        struct text first;
        uint64_t a, b;

        if (!text_split(&text, separator, &first) || number_parse(first, SIZE_MOST, &a) < 0 ||
            number_parse(text, SIZE_MOST, &b) < 0 || a < least || b < least)
                return -EINVAL;
        *ret_a = (unsigned)a;
        *ret_b = (unsigned)b;
        return 0;
}

/* "3s", "2m" as everywhere, and "250ms" */
static int read_wait(struct text text, uint64_t *ret_ns)
{
        uint64_t number;

        if (text_ends(text, TEXT("ms"))) {
                text.len -= 2;
                if (number_parse(text, UINT32_MAX, &number) < 0)
                        return -EINVAL;
                *ret_ns = number * 1000000;
                return 0;
        }
        if (number_parse_span(text, &number) < 0 || number > UINT32_MAX)
                return -EINVAL;
        *ret_ns = number * 1000000000;
        return 0;
}

static int read_mouse(struct text word, struct text place, struct input *ret)
{
        static const struct {
                const char *word;
                enum mouse mouse;
        } mice[] = { { "Click", MOUSE_CLICK }, { "Double", MOUSE_DOUBLE }, { "Right-click", MOUSE_RIGHT },
                     { "Wheel-up", MOUSE_WHEEL_UP }, { "Wheel-down", MOUSE_WHEEL_DOWN } };

        for (unsigned i = 0; i < COUNT(mice); i++)
                if (text_equal(word, text_of(mice[i].word))) {
                        *ret = (struct input){ .key = UI_KEY_MOUSE, .mouse = mice[i].mouse };
                        return read_pair(place, ',', 0, &ret->x, &ret->y);
                }
        return -EINVAL;
}

/* "Down" or "Down*5" */
static int read_key(struct text text, struct script_step *step)
{
        const char *star = text.len > 1 ? memchr(text.data + 1, '*', text.len - 1) : NULL;
        uint64_t times = 1;

        if (star) {
                struct text count = text_from(text, (size_t)(star - text.data) + 1);

                if (number_parse(count, TIMES_MOST, &times) < 0 || times == 0)
                        return -EINVAL;
                text.len = (size_t)(star - text.data);
        }
        step->times = (unsigned)times;
        if (text_equal(text, TEXT("lt"))) {
                step->input.key = '<';
                return 0;
        }
        if (!key_find(text, &step->input.key) || step->input.key == UI_KEY_MOUSE || step->input.key == UI_KEY_PASTE)
                return -EINVAL;
        return 0;
}

/* What stands between < and >. */
static int read_word(struct text text, struct script_step *step)
{
        static const struct {
                const char *word;
                enum script_word what;
        } words[] = { { "Refresh", SCRIPT_REFRESH }, { "Frame", SCRIPT_FRAME }, { "Looks", SCRIPT_LOOKS } };
        struct text rest = text, word;

        for (unsigned i = 0; i < COUNT(words); i++)
                if (text_equal(text, text_of(words[i].word))) {
                        step->word = words[i].what;
                        return 0;
                }
        if (!text_split(&rest, ' ', &word) || word.len == text.len)
                return read_key(text, step);
        if (text_equal(word, TEXT("Wait"))) {
                step->word = SCRIPT_WAIT;
                return read_wait(rest, &step->ns);
        }
        if (text_equal(word, TEXT("Size"))) {
                step->word = SCRIPT_SIZE;
                return read_pair(rest, 'x', 1, &step->width, &step->height);
        }
        if (text_equal(word, TEXT("Paste"))) {
                step->word = SCRIPT_PASTE;
                step->text = rest;
                return 0;
        }
        return read_mouse(word, rest, &step->input);
}

static struct text pass_over(struct text rest)
{
        while (rest.len > 0) {
                const char *end;

                if (*rest.data == '\n' || *rest.data == '\r') {
                        rest = text_from(rest, 1);
                } else if (*rest.data == '#') {
                        end = memchr(rest.data, '\n', rest.len);
                        rest = text_from(rest, end ? (size_t)(end - rest.data) : rest.len);
                } else {
                        break;
                }
        }
        return rest;
}

int script_next(struct text *rest, struct script_step *ret)
{
        struct script_step step = { .word = SCRIPT_INPUT, .times = 1 };
        const char *end;
        unsigned len;

        *rest = pass_over(*rest);
        if (rest->len == 0)
                return 0;
        if (*rest->data == '<') {
                end = memchr(rest->data, '>', rest->len);
                /* <>> is the key ">". */
                if (end == rest->data + 1 && rest->len > 2 && rest->data[2] == '>')
                        end++;
                if (!end)
                        return -EINVAL;
                len = (unsigned)(end - rest->data) + 1;
                if (read_word((struct text){ rest->data + 1, len - 2 }, &step) < 0)
                        return -EINVAL;
        } else {
                len = utf8_decode(*rest, &step.input.key);
                if (len == 0 || step.input.key < ' ' || step.input.key == 0x7f)
                        return -EINVAL;
        }
        *rest = text_from(*rest, len);
        *ret = step;
        return 1;
}
