/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/terminal.h"

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int terminal_find(bool taken, struct terminal *ret)
{
        struct terminal terminal = { .in = STDIN_FILENO, .out = STDERR_FILENO };

        if (!isatty(STDERR_FILENO)) {
                if (!isatty(STDOUT_FILENO))
                        return -ENOTTY;
                terminal.out = STDOUT_FILENO;
        }
        if (taken || !isatty(STDIN_FILENO)) {
                terminal.in = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
                if (terminal.in < 0)
                        return -ENOTTY;
                terminal.out = terminal.in;
                terminal.opened = true;
        }
        *ret = terminal;
        return 0;
}

void terminal_close(struct terminal *terminal)
{
        if (terminal->opened)
                close(terminal->in);
        terminal->opened = false;
}

int terminal_write(const struct terminal *terminal, struct text text)
{
        return file_write(terminal->out, text);
}

/* A byte at a time: what follows the line is somebody else's. A terminal gives no more than a line anyway. */
int terminal_read_line(const struct terminal *terminal, struct buf *ret)
{
        struct buf line = { 0 };
        int r = 0;

        for (;;) {
                char byte;
                ssize_t n = read(terminal->in, &byte, 1);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0) {
                        r = n < 0 ? -errno : -ENODATA;
                        break;
                }
                if (byte == '\n')
                        break;
                if (line.len <= TERMINAL_LINE_MOST)
                        buf_byte(&line, byte);
        }
        if (r == 0 && line.len > TERMINAL_LINE_MOST)
                r = -ENODATA;
        if (r == 0)
                buf_add(ret, buf_text(&line));
        buf_done(&line);
        return r;
}
