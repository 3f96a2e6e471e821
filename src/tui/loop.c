/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/loop-private.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

#define NSEC_PER_MSEC INT64_C(1000000)
#define NSEC_PER_SEC  INT64_C(1000000000)

enum { KEYS_MOST = 256 };               /* before somebody sees what they did */

static void take_size(struct loop *loop)
{
        unsigned width, height;

        paint_size(loop->paint, &width, &height);
        ui_size(loop->ui, width, height);
        loop->changed = true;
}

void loop_suspend(struct loop *loop)
{
        paint_leave(loop->paint);
        signals_stop(loop->signals);
        paint_enter(loop->paint);
        take_size(loop);
}

static void show(struct loop *loop)
{
        loop_draw(loop);
        paint_frame(loop->paint, &loop->grid);
}

static bool take_keys(struct loop *loop)
{
        struct input input;
        unsigned n = 0;

        while (n < KEYS_MOST && !loop->leaving && paint_key(loop->paint, &input)) {
                if (input.key == UI_KEY_PASTE)
                        loop_paste(loop, paint_pasted(loop->paint));
                else
                        loop_input(loop, &input);
                n++;
        }
        return n > 0;
}

/* The deadly signal that came, or 0. */
static int take_signals(struct loop *loop)
{
        struct signals_news news;

        signals_take(loop->signals, &news);
        if (news.deadly)
                return news.deadly;
        if (news.stop) {
                loop_suspend(loop);
        } else if (news.go_on) {
                /* Stopped by what can't be caught: whoever had the terminal since, left it in another state. */
                paint_leave(loop->paint);
                paint_enter(loop->paint);
                take_size(loop);
        } else if (news.resized) {
                paint_resized(loop->paint);
                take_size(loop);
        }
        return 0;
}

/* Until the next full second of the clock that is shown. */
static int64_t until_tick(const struct loop *loop)
{
        return NSEC_PER_SEC - loop->services->now(loop->services->data) % NSEC_PER_SEC;
}

/* Until a scene is due; negative: none is. */
static int64_t until_scene(const struct loop *loop)
{
        int due = ui_due_ms(loop->ui);
        int64_t left;

        if (due < 0 || loop->asked)
                return -1;
        /* What is due is counted from the moment that the ui knows of. */
        left = due * NSEC_PER_MSEC - (loop->services->now(loop->services->data) - loop->ui->now);
        return left > 0 ? left : 0;
}

/* For poll(2): rounded up, so that it is not too early. */
static int patience(const struct loop *loop)
{
        int64_t scene = until_scene(loop), least = -1;

        if (loop->changed)
                return 0;
        if (!loop->ui->options.recorded)
                least = until_tick(loop);
        if (scene >= 0 && (least < 0 || scene < least))
                least = scene;
        return least < 0 ? -1 : (int)((least + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC);
}

static void take_time(struct loop *loop, int64_t *second)
{
        int64_t now = loop->services->now(loop->services->data);

        if (loop->ui->options.recorded || now / NSEC_PER_SEC == *second)
                return;
        *second = now / NSEC_PER_SEC;
        ui_time(loop->ui, now);
        loop->ticked = true;
}

/* Until somebody leaves; the signal that ends it, or 0. */
static int go_round(struct loop *loop)
{
        struct pollfd fds[] = {
                { .fd = paint_fd(loop->paint), .events = POLLIN },
                { .fd = signals_fd(loop->signals), .events = POLLIN },
                { .fd = loop->services->fd, .events = POLLIN },
        };
        int64_t second = -1;

        while (!loop->leaving) {
                int n, signal = take_signals(loop);
                bool keys;

                if (signal)
                        return signal;
                take_time(loop, &second);
                loop_events(loop);
                keys = take_keys(loop);
                /* Nobody is there any more. */
                if (!keys && fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
                        return SIGHUP;
                loop_requests(loop);
                if (until_scene(loop) == 0)
                        loop_refresh(loop, false);
                if ((loop->changed || loop->ticked) && !loop->leaving)
                        show(loop);
                n = poll(fds, 3, keys ? 0 : patience(loop));
                if (n <= 0)
                        fds[0].revents = 0;
        }
        return 0;
}

int loop_run(struct ui *ui, const struct services *services, int *ret_signal)
{
        const struct paint_options options = {
                .colour = ui->options.colour, .mouse = ui->options.mouse, .utf8 = ui->options.utf8,
                .in = services->in, .out = services->out,
        };
        struct loop loop = { .ui = ui, .services = services, .changed = true };
        int err = signals_begin(&loop.signals);

        if (err < 0)
                return err;
        err = paint_open(&options, &loop.paint);
        if (err < 0) {
                signals_end(loop.signals);
                return err;
        }
        signals_guard(loop.signals, loop.paint);
        take_size(&loop);
        ui_time(ui, services->now(services->data));
        loop_refresh(&loop, false);
        *ret_signal = go_round(&loop);
        signals_guard(loop.signals, NULL);
        paint_close(loop.paint);
        grid_done(&loop.grid);
        signals_end(loop.signals);
        return 0;
}
