/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/browse-run.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "sys/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

/* Appends the quoted part that *rest begins with. */
static int take_quoted(struct text *rest, struct buf *out)
{
        char quote = *rest->data;

        for (size_t i = 1; i < rest->len; i++) {
                char byte = rest->data[i];

                if (byte == quote) {
                        *rest = text_from(*rest, i + 1);
                        return 0;
                }
                if (byte == '\\' && i + 1 < rest->len && (rest->data[i + 1] == quote || rest->data[i + 1] == '\\'))
                        byte = rest->data[++i];
                buf_byte(out, byte);
        }
        return -EINVAL;
}

/* The next word with a NUL behind it. 1, 0 at the end, or -EINVAL. */
static int take_word(struct text *rest, struct buf *out)
{
        while (rest->len > 0 && (*rest->data == ' ' || *rest->data == '\t'))
                *rest = text_from(*rest, 1);
        if (rest->len == 0)
                return 0;
        while (rest->len > 0 && *rest->data != ' ' && *rest->data != '\t') {
                if (*rest->data == '\'' || *rest->data == '"') {
                        if (take_quoted(rest, out) < 0)
                                return -EINVAL;
                } else {
                        buf_byte(out, *rest->data);
                        *rest = text_from(*rest, 1);
                }
        }
        buf_byte(out, 0);
        return 1;
}

int command_line_split(struct text line, const char *const *global, struct command_line *ret)
{
        struct command_line result = { .n = 0 };
        size_t n = 0, at = 0;
        int r;

        buf_add(&result.text, (struct text){ PACKAGE, sizeof(PACKAGE) });
        for (n = 1; *global; global++, n++)
                buf_add(&result.text, (struct text){ *global, strlen(*global) + 1 });
        do {
                size_t before = result.text.len;

                r = take_word(&line, &result.text);
                if (r > 0 && at == 0 && strcmp(result.text.data + before, PACKAGE) == 0)
                        result.text.len = before;
                else if (r > 0)
                        n++;
                at++;
        } while (r > 0);
        if (r < 0) {
                buf_done(&result.text);
                return r;
        }
        result.words = memory_resize(NULL, n + 1, sizeof(*result.words));
        for (at = 0; result.n < n; result.n++) {
                result.words[result.n] = result.text.data + at;
                at += strlen(result.text.data + at) + 1;
        }
        result.words[n] = NULL;
        *ret = result;
        return 0;
}

void command_line_done(struct command_line *command_line)
{
        free(command_line->words);
        buf_done(&command_line->text);
}

static void say(const struct terminal *terminal, struct buf *text)
{
        (void)terminal_write(terminal, buf_text(text));
        buf_clear(text);
}

/* Until Enter; or until a signal comes that somebody else shall see to. */
static void wait_for_enter(const struct terminal *terminal)
{
        struct pollfd fd = { .fd = terminal->in, .events = POLLIN };
        struct buf line = { 0 };
        sigset_t mask;

        sigprocmask(SIG_SETMASK, NULL, &mask);
        sigaddset(&mask, SIGWINCH);
        if (ppoll(&fd, 1, NULL, &mask) > 0)
                (void)terminal_read_line(terminal, &line);
        buf_done(&line);
}

int command_line_run(const struct command_line *command_line, const struct terminal *terminal, bool utf8)
{
        struct buf text = { 0 };
        int status;

        buf_string(&text, "\n$");
        for (size_t i = 0; i < command_line->n; i++) {
                buf_byte(&text, ' ');
                escape_display(&text, text_of(command_line->words[i]), utf8);
        }
        buf_byte(&text, '\n');
        say(terminal, &text);
        status = child_run(command_line->words);
        if (status < 0)
                buf_printf(&text, "%s\n", strerror(-status));
        else if (status > 0)
                buf_printf(&text, _("exit status %d\n"), status);
        buf_string(&text, _("Press Enter to go back: "));
        say(terminal, &text);
        wait_for_enter(terminal);
        buf_done(&text);
        return status;
}
