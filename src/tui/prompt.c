/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/prompt.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "tui/paste.h"
#include "tui/ui-private.h"

#include <stdlib.h>

/* --- the text -------------------------------------------------------------- */

/* A character is a code point with the combining marks behind it. */
static size_t next_character(struct text text, size_t at)
{
        uint32_t code;
        bool first = true;

        while (at < text.len) {
                unsigned len = utf8_decode(text_from(text, at), &code);

                if (!first && (len == 0 || utf8_width(code) != 0))
                        break;
                at += len > 0 ? len : 1;
                first = false;
        }
        return at;
}

static size_t previous_character(struct text text, size_t at)
{
        size_t begin = 0;

        for (size_t next = 0; next < at; next = next_character(text, next))
                begin = next;
        return begin;
}

static void cut(struct prompt *prompt, size_t from, size_t to)
{
        struct buf *text = &prompt->text;

        if (from >= to || to > text->len)
                return;
        memmove(text->data + from, text->data + to, text->len - to + 1);
        text->len -= to - from;
        prompt->cursor = from;
}

/* What could not be shown as it is does not come in: controls, marks that turn the direction of text. */
static void insert(struct ui *ui, uint32_t code)
{
        struct prompt *prompt = &ui->prompt;
        struct buf *text = &prompt->text;
        char bytes[4];
        unsigned len;

        if (code >= KEY_FIRST || utf8_width(code) < 0 || (code >= 0x80 && !ui->options.utf8) ||
            text->len + sizeof(bytes) > PROMPT_MOST)
                return;
        len = utf8_encode(code, bytes);
        buf_reserve(text, len);
        memmove(text->data + prompt->cursor + len, text->data + prompt->cursor, text->len - prompt->cursor + 1);
        memcpy(text->data + prompt->cursor, bytes, len);
        text->len += len;
        prompt->cursor += len;
}

static void insert_text(struct ui *ui, struct text text)
{
        while (text.len > 0) {
                uint32_t code;
                unsigned len = utf8_decode(text, &code);

                if (len > 0)
                        insert(ui, code);
                text = text_from(text, len > 0 ? len : 1);
        }
}

static void replace_text(struct ui *ui, struct text text)
{
        struct prompt *prompt = &ui->prompt;

        buf_clear(&prompt->text);
        buf_reserve(&prompt->text, 0)[0] = 0;
        prompt->cursor = 0;
        insert_text(ui, text);
}

static size_t word_begin(const struct prompt *prompt)
{
        size_t at = prompt->cursor;

        while (at > 0 && prompt->text.data[at - 1] == ' ')
                at--;
        while (at > 0 && prompt->text.data[at - 1] != ' ')
                at--;
        return at;
}

/* --- history --------------------------------------------------------------- */

static bool has_controls(struct text text)
{
        for (size_t i = 0; i < text.len; i++)
                if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
                        return true;
        return !utf8_valid(text);
}

void prompt_remember(struct prompt *prompt, enum prompt_type type, struct text line)
{
        char **history = prompt->history[type];
        size_t n = prompt->nhistory[type], kept = 0;
        struct buf copy = { 0 };

        if (line.len == 0 || line.len > PROMPT_MOST || has_controls(line))
                return;
        if (!history)
                prompt->history[type] = history = memory_new(PROMPT_HISTORY_MOST * sizeof(*history));
        for (size_t i = 0; i < n; i++)
                if (text_equal(text_of(history[i]), line))
                        free(history[i]);
                else
                        history[kept++] = history[i];
        if (kept == PROMPT_HISTORY_MOST) {
                free(history[0]);
                memmove(history, history + 1, --kept * sizeof(*history));
        }
        buf_add(&copy, line);
        history[kept++] = copy.data;
        prompt->nhistory[type] = kept;
}

static void recall(struct ui *ui, bool older)
{
        struct prompt *prompt = &ui->prompt;
        size_t n = prompt->nhistory[prompt->type];

        if (older ? prompt->recalled >= n : prompt->recalled == 0)
                return;
        if (prompt->recalled == 0) {
                buf_clear(&prompt->typed);
                buf_add(&prompt->typed, buf_text(&prompt->text));
        }
        prompt->recalled += older ? 1 : -1;
        replace_text(ui, prompt->recalled == 0 ? buf_text(&prompt->typed)
                                               : text_of(prompt->history[prompt->type][n - prompt->recalled]));
}

/* --- opening and closing --------------------------------------------------- */

void prompt_open(struct ui *ui, enum prompt_type type, struct text text)
{
        struct prompt *prompt = &ui->prompt;

        prompt->type = type;
        prompt->recalled = 0;
        prompt->fault = SIZE_MAX;
        prompt->before = *ui_level(ui);
        buf_clear(&prompt->hint);
        replace_text(ui, text);
        ui->searched = 0;
}

void prompt_close(struct ui *ui)
{
        ui->prompt.type = PROMPT_NONE;
        ui->prompt.fault = SIZE_MAX;
        buf_clear(&ui->prompt.hint);
}

void prompt_done(struct prompt *prompt)
{
        for (unsigned type = 0; type <= PROMPT_WRITE; type++) {
                for (size_t i = 0; i < prompt->nhistory[type]; i++)
                        free(prompt->history[type][i]);
                free(prompt->history[type]);
        }
        buf_done(&prompt->text);
        buf_done(&prompt->typed);
        buf_done(&prompt->hint);
        *prompt = (struct prompt){ .fault = SIZE_MAX };
}

/* What is wrong with the text: N_() and where. It stays there to be mended. */
static void prompt_fault(struct ui *ui, const struct parse_error *error)
{
        struct prompt *prompt = &ui->prompt;
        struct buf raw = { 0 };
        size_t at = error->at < prompt->text.len ? error->at : prompt->text.len;
        unsigned column = 1;

        for (size_t i = 0; i < at; i = next_character(buf_text(&prompt->text), i))
                column++;
        buf_printf(&raw, _("column %u: %s"), column, _(error->message));
        prompt->fault = at;
        buf_clear(&prompt->hint);
        escape_display(&prompt->hint, buf_text(&raw), ui->options.utf8);
        buf_done(&raw);
}

/* --- Enter ----------------------------------------------------------------- */

static int accept_filter(struct ui *ui, struct parse_error *ret_error)
{
        return ui_filter(ui, ui_level(ui)->view, ui->prompt.text.data, ret_error);
}

static int accept_write(struct ui *ui, struct parse_error *ret_error)
{
        struct buf text = { 0 };

        *ret_error = (struct parse_error){ N_("the name of a new file is needed"), 0 };
        if (ui->prompt.text.len == 0)
                return -1;
        ui_table_text(ui, &text);
        ui_request(ui, REQUEST_WRITE, buf_text(&text), buf_text(&ui->prompt.text));
        buf_done(&text);
        return 0;
}

/* The prompt stays when something is wrong with what stands there. */
static void accept(struct ui *ui)
{
        struct prompt *prompt = &ui->prompt;
        enum prompt_type type = prompt->type;
        struct buf line = { 0 };
        struct parse_error error;
        int r = 0;

        buf_add(&line, buf_text(&prompt->text));
        switch (type) {
        case PROMPT_SEARCH:  ui_search_accept(ui); break;
        case PROMPT_FILTER:  r = accept_filter(ui, &error); break;
        case PROMPT_WRITE:   r = accept_write(ui, &error); break;
        case PROMPT_COMMAND: r = prompt_command(ui, buf_text(&line), &error); break;
        case PROMPT_NONE:    break;
        }
        if (r < 0)
                prompt_fault(ui, &error);
        else {
                prompt_remember(prompt, type, buf_text(&line));
                if (prompt->type == type)
                        prompt_close(ui);
        }
        buf_done(&line);
        ui_settle(ui);
}

/* --- keys ------------------------------------------------------------------ */

#define CONTROL(letter) ((letter) - 'a' + 1)
enum { KEY_DELETE_ASCII = 0x7f };

/* Keys that move in the text or change it. */
static void edit(struct ui *ui, uint32_t key)
{
        struct prompt *prompt = &ui->prompt;
        struct text text = buf_text(&prompt->text);
        size_t at = prompt->cursor;

        switch (key) {
        case UI_KEY_LEFT:
        case CONTROL('b'):     prompt->cursor = previous_character(text, at); break;
        case UI_KEY_RIGHT:
        case CONTROL('f'):     prompt->cursor = next_character(text, at); break;
        case UI_KEY_HOME:
        case CONTROL('a'):     prompt->cursor = 0; break;
        case UI_KEY_END:
        case CONTROL('e'):     prompt->cursor = text.len; break;
        case CONTROL('u'):     cut(prompt, 0, at); break;
        case CONTROL('k'):     cut(prompt, at, text.len); break;
        case CONTROL('w'):     cut(prompt, word_begin(prompt), at); break;
        case UI_KEY_DELETE:
        case CONTROL('d'):     cut(prompt, at, next_character(text, at)); break;
        case UI_KEY_BACKSPACE:
        case KEY_DELETE_ASCII:
        case CONTROL('h'):     cut(prompt, previous_character(text, at), at); break;
        case UI_KEY_UP:
        case CONTROL('p'):     recall(ui, true); break;
        case UI_KEY_DOWN:
        case CONTROL('n'):     recall(ui, false); break;
        default:               insert(ui, key); break;
        }
}

static void cancel(struct ui *ui)
{
        if (ui->prompt.type == PROMPT_SEARCH)
                ui_search_cancel(ui);
        prompt_close(ui);
}

static bool is_delete(uint32_t key)
{
        return key == UI_KEY_BACKSPACE || key == KEY_DELETE_ASCII || key == CONTROL('h');
}

/* What was told about the line does not hold any more. */
static void forget_hint(struct prompt *prompt)
{
        prompt->fault = SIZE_MAX;
        buf_clear(&prompt->hint);
}

/* The line is another one than before. */
static void changed(struct ui *ui, struct text before)
{
        struct prompt *prompt = &ui->prompt;

        if (text_equal(before, buf_text(&prompt->text)))
                return;
        forget_hint(prompt);
        if (prompt->type == PROMPT_SEARCH)
                ui_search_typed(ui, before.len > 0 && text_starts(buf_text(&prompt->text), before));
}

static void typed(struct ui *ui, uint32_t key)
{
        struct buf before = { 0 };

        buf_add(&before, buf_text(&ui->prompt.text));
        edit(ui, key);
        if (key == UI_KEY_UP || key == UI_KEY_DOWN)
                forget_hint(&ui->prompt);
        changed(ui, buf_text(&before));
        buf_done(&before);
}

bool prompt_paste(struct ui *ui, struct text text)
{
        struct buf before = { 0 };
        uint32_t code;

        if (ui->prompt.type == PROMPT_NONE)
                return false;
        buf_add(&before, buf_text(&ui->prompt.text));
        while (paste_next(&text, &code))
                insert(ui, code);
        changed(ui, buf_text(&before));
        buf_done(&before);
        return true;
}

void prompt_key(struct ui *ui, const struct input *input)
{
        struct prompt *prompt = &ui->prompt;

        switch (input->key) {
        case UI_KEY_MOUSE:
                return;
        case UI_KEY_ESC:
        case CONTROL('c'):
        case CONTROL('g'):
                cancel(ui);
                return;
        case UI_KEY_ENTER:
        case CONTROL('j'):
                accept(ui);
                return;
        case UI_KEY_TAB:
                prompt_complete(ui);
                return;
        default:
                /* As in vi: to delete in an empty line leaves it. */
                if (prompt->text.len == 0 && is_delete(input->key))
                        cancel(ui);
                else
                        typed(ui, input->key);
                return;
        }
}
