/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/paint.h"

#include "base/array.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "tui/clipboard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/* The last ones: they define words like `columns`. */
#include "tui/paint-private.h"
#include <term.h>

enum { MARKS_MOST = CCHARW_MAX - 1 };

/* --- to take it and to leave it ----------------------------------------------- */

static bool has_string(const char *capability)
{
        const char *string = tigetstr(capability);

        return string && string != (const char *)-1;
}

/* A capability without the pauses ("$<5>") of terminals on paper. */
static void add_string(struct buf *out, const char *capability)
{
        const char *string = has_string(capability) ? tigetstr(capability) : "";

        while (*string) {
                const char *end = strncmp(string, "$<", 2) == 0 ? strchr(string, '>') : NULL;

                if (end)
                        string = end + 1;
                else
                        buf_byte(out, *string++);
        }
}

static void prepare_restore(struct paint *paint)
{
        struct buf leave = { 0 };

        /* Also what curses would not say unless it had set it: it may have been about to. */
        if (paint->options.mouse && has_string("kmous"))
                buf_string(&paint->restore, "\033[?1000l\033[?1002l\033[?1006l");
        if (paint->marks_pastes)
                buf_string(&paint->restore, PASTE_MARKS_OFF);
        add_string(&paint->restore, "sgr0");
        add_string(&paint->restore, "op");
        add_string(&paint->restore, "rmkx");
        add_string(&paint->restore, "cnorm");
        add_string(&leave, "rmcup");
        if (leave.len > 0)
                buf_add(&paint->restore, buf_text(&leave));
        else
                buf_string(&paint->restore, "\r\n");
        buf_done(&leave);
}

/* Can it move its cursor and clear its screen? */
static int ask_terminfo(int fd)
{
        static const char *const needed[] = { "cup", "clear" };
        int found, err = 0;

        if (setupterm(NULL, fd, &found) == ERR)
                return -ENOTSUP;
        for (unsigned i = 0; i < COUNT(needed); i++)
                if (!has_string(needed[i]))
                        err = -ENOTSUP;
        /* Hard copy, or a name for anything that is not known better. */
        if (tigetflag("hc") > 0 || tigetflag("gn") > 0)
                err = -ENOTSUP;
        del_curterm(cur_term);
        return err;
}

static FILE *copy_of(int fd, const char *mode)
{
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        FILE *file;

        if (copy < 0)
                return NULL;
        file = fdopen(copy, mode);
        if (!file)
                close(copy);
        return file;
}

static void set_up_colours(struct paint *paint)
{
        static const short colours[] = { [STYLE_GOOD] = COLOR_GREEN, [STYLE_WARN] = COLOR_YELLOW,
                                         [STYLE_BAD] = COLOR_RED };

        paint->coloured = paint->options.colour && has_colors() && start_color() == OK &&
                          use_default_colors() == OK;
        for (short i = STYLE_GOOD; paint->coloured && i <= STYLE_BAD; i++)
                if (init_pair(i, colours[i], -1) == ERR)
                        paint->coloured = false;
}

/* Behind what curses has written, or before what it is going to. */
static void say(struct paint *paint, struct text text)
{
        fflush(paint->out);
        fwrite(text.data, 1, text.len, paint->out);
        fflush(paint->out);
}

static void mark_pastes(struct paint *paint, bool on)
{
        if (paint->marks_pastes)
                say(paint, text_of(on ? PASTE_MARKS_ON : PASTE_MARKS_OFF));
}

int paint_open(const struct paint_options *options, struct paint **ret)
{
        struct paint *paint;
        int err;

        if (!isatty(options->in) || !isatty(options->out))
                return -ENOTTY;
        err = ask_terminfo(options->out);
        if (err < 0)
                return err;
        paint = memory_new(sizeof(*paint));
        paint->options = *options;
        paint->in = copy_of(options->in, "r");
        paint->out = copy_of(options->out, "w");
        if (!paint->in || !paint->out || tcgetattr(options->in, &paint->before) < 0)
                err = -errno;
        else if (!(paint->screen = newterm(NULL, paint->out, paint->in)))
                err = -ENOTSUP;
        if (err < 0) {
                paint_close(paint);
                return err;
        }
        /* Those with a mouse are, or do as, xterm; others would not know what is asked of them. */
        paint->marks_pastes = has_string("BE") || has_string("kmous");
        prepare_restore(paint);
        paint->taken = 1;
        mark_pastes(paint, true);
        set_up_colours(paint);
        paint_set_up_keys(paint);
        paint_resized(paint);
        *ret = paint;
        return 0;
}

void paint_leave(struct paint *paint)
{
        if (!paint->taken)
                return;
        mark_pastes(paint, false);
        endwin();
        tcsetattr(paint->options.in, TCSADRAIN, &paint->before);
        paint->taken = 0;
}

void paint_enter(struct paint *paint)
{
        if (paint->taken)
                return;
        /* The shell may have changed it meanwhile, for good. */
        tcgetattr(paint->options.in, &paint->before);
        reset_prog_mode();
        paint->taken = 1;
        mark_pastes(paint, true);
        paint_resized(paint);
        paint_all(paint);
}

void paint_close(struct paint *paint)
{
        if (!paint)
                return;
        paint_leave(paint);
        if (paint->keys)
                delwin(paint->keys);
        if (paint->screen)
                delscreen(paint->screen);
        if (paint->in)
                fclose(paint->in);
        if (paint->out)
                fclose(paint->out);
        buf_done(&paint->restore);
        paste_done(&paint->paste);
        grid_done(&paint->shown);
        free(paint);
}

void paint_restore_now(const struct paint *paint)
{
        struct text rest = buf_text(&paint->restore);

        if (!paint->taken)
                return;
        while (rest.len > 0) {
                ssize_t n = write(paint->options.out, rest.data, rest.len);

                if (n <= 0 && errno != EINTR)
                        break;
                rest = text_from(rest, n > 0 ? (size_t)n : 0);
        }
        tcsetattr(paint->options.in, TCSANOW, &paint->before);
}

/* --- frames ---------------------------------------------------------------------- */

void paint_size(const struct paint *paint, unsigned *ret_width, unsigned *ret_height)
{
        *ret_width = paint->shown.width;
        *ret_height = paint->shown.height;
}

void paint_resized(struct paint *paint)
{
        struct winsize size = { 0 };
        unsigned width = (unsigned)COLS, height = (unsigned)LINES;

        if (ioctl(paint->options.out, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
                width = size.ws_col;
                height = size.ws_row;
        }
        if (width > GRID_MOST)
                width = GRID_MOST;
        if (height > GRID_MOST)
                height = GRID_MOST;
        if ((int)width != COLS || (int)height != LINES)
                resizeterm((int)height, (int)width);
        grid_resize(&paint->shown, width, height);
        paint_all(paint);
}

void paint_all(struct paint *paint)
{
        paint->all = true;
        clearok(curscr, TRUE);
}

static attr_t attributes(const struct paint *paint, unsigned look, short *ret_pair)
{
        unsigned style = look & LOOK_STYLE;
        attr_t attributes = A_NORMAL;

        *ret_pair = 0;
        if (paint->coloured && style >= STYLE_GOOD && style <= STYLE_BAD)
                *ret_pair = (short)style;
        if (style == STYLE_TITLE || style == STYLE_BAD || look & LOOK_BOLD)
                attributes |= A_BOLD;
        if (style == STYLE_DIM || look & LOOK_DIM)
                attributes |= A_DIM;
        if (look & LOOK_UNDER)
                attributes |= A_UNDERLINE;
        if (look & LOOK_REVERSE)
                attributes |= A_REVERSE;
        return attributes;
}

/*
 * The characters of a cell. What the C library takes for another width than the
 * grid does would move all that follows: something else stands for it.
 */
static void put_cell(const struct paint *paint, unsigned x, unsigned y, const struct grid_cell *cell)
{
        struct text rest = { cell->bytes, cell->len };
        wchar_t wide[MARKS_MOST + 2] = { 0 };
        unsigned n = 0;
        cchar_t out;
        short pair;
        attr_t looks = attributes(paint, cell->look, &pair);

        while (rest.len > 0 && n <= MARKS_MOST) {
                uint32_t code;
                unsigned len = utf8_decode(rest, &code);

                if (len == 0)
                        break;
                if (n == 0 ? wcwidth((wchar_t)code) == cell->width : wcwidth((wchar_t)code) == 0)
                        wide[n++] = (wchar_t)code;
                else if (n == 0)
                        break;
                rest = text_from(rest, len);
        }
        if (n == 0) {
                wide[0] = L'?';
                if (cell->width == 2 && setcchar(&out, L" ", looks, pair, NULL) == OK)
                        mvadd_wch((int)y, (int)x + 1, &out);
        }
        /* In the last place of the screen this fails to move on, nothing else. */
        if (setcchar(&out, wide, looks, pair, NULL) == OK)
                (void)mvadd_wch((int)y, (int)x, &out);
}

static bool same_cell(const struct grid_cell *a, const struct grid_cell *b)
{
        return a->len == b->len && a->look == b->look && a->width == b->width &&
               memcmp(a->bytes, b->bytes, a->len) == 0;
}

static void put_line(struct paint *paint, unsigned y, const struct grid *grid)
{
        const struct grid_cell *cells = &grid->cells[(size_t)y * grid->width];
        struct grid_cell *shown = &paint->shown.cells[(size_t)y * grid->width];
        bool wide = false;

        /* Most lines stay. Cells have no gaps in between, and behind their bytes are zeros. */
        if (!paint->all && memcmp(cells, shown, grid->width * sizeof(*cells)) == 0)
                return;
        for (unsigned x = 0; x < grid->width; x++) {
                if (!paint->all && same_cell(&cells[x], &shown[x]))
                        continue;
                /* Curses mends the other half of what is written over: then nothing of the line is sure. */
                wide |= cells[x].width != 1 || shown[x].width != 1;
        }
        for (unsigned x = 0; x < grid->width; x++) {
                if (cells[x].width > 0 && (paint->all || wide || !same_cell(&cells[x], &shown[x])))
                        put_cell(paint, x, y, &cells[x]);
                shown[x] = cells[x];
        }
}

void paint_frame(struct paint *paint, const struct grid *grid)
{
        unsigned width = paint->shown.width;

        /* Drawn for another size: the next one is on its way. */
        if (grid->width != width || grid->height != paint->shown.height)
                return;
        for (unsigned y = 0; y < grid->height; y++)
                put_line(paint, y, grid);
        paint->all = false;
        if (grid->cursor != paint->shown.cursor || grid->cursor)
                curs_set(grid->cursor ? 1 : 0);
        paint->shown.cursor = grid->cursor;
        if (grid->cursor && grid->cursor_x < width && grid->cursor_y < grid->height)
                move((int)grid->cursor_y, (int)grid->cursor_x);
        refresh();
}

int paint_fd(const struct paint *paint)
{
        return paint->options.in;
}

int paint_copy(struct paint *paint, struct text text)
{
        struct buf out = { 0 };
        int err = clipboard_sequence(getenv("TERM"), getenv("TMUX"), text, &out);

        if (err == 0)
                say(paint, buf_text(&out));
        buf_done(&out);
        return err;
}
