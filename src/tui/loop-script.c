/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/loop-private.h"

#include "tui/layout.h"

#include <errno.h>
#include <poll.h>

enum { PATIENCE_MS = 60 * 1000 };

/* Waits for what was asked for: a scene, the outcome of orders. */
static void wait_for(struct loop *loop)
{
        int64_t end = loop_now() + PATIENCE_MS * INT64_C(1000000);

        loop_events(loop);
        while ((loop->asked || loop->norders > 0) && loop_now() < end) {
                struct pollfd fd = { .fd = loop->services->fd, .events = POLLIN };

                if (fd.fd < 0)
                        return;
                (void)poll(&fd, 1, PATIENCE_MS);
                loop_events(loop);
        }
}

static void print_frame(struct loop *loop, bool looks)
{
        loop_draw(loop);
        buf_printf(loop->out, "=== %ux%u\n", loop->grid.width, loop->grid.height);
        grid_dump(&loop->grid, looks, loop->out);
}

static void take_step(struct loop *loop, const struct script_step *step)
{
        switch (step->word) {
        case SCRIPT_INPUT:
                for (unsigned i = 0; i < step->times && !loop->leaving; i++)
                        loop_input(loop, &step->input);
                break;
        case SCRIPT_PASTE:
                loop_paste(loop, step->text);
                break;
        case SCRIPT_REFRESH:
                loop_refresh(loop, false);
                break;
        case SCRIPT_WAIT:
                ui_time(loop->ui, loop->ui->now + (int64_t)step->ns);
                break;
        case SCRIPT_SIZE:
                ui_size(loop->ui, step->width, step->height);
                loop->changed = true;
                break;
        case SCRIPT_FRAME:
        case SCRIPT_LOOKS:
                print_frame(loop, step->word == SCRIPT_LOOKS);
                break;
        }
        ui_settle(loop->ui);
        loop_requests(loop);
        wait_for(loop);
}

int loop_script(struct ui *ui, const struct services *services, struct text script, struct buf *out, size_t *ret_at)
{
        struct loop loop = { .ui = ui, .services = services, .out = out, .changed = true };
        struct text rest = script;
        struct script_step step;
        int r = 1;

        loop_refresh(&loop, false);
        wait_for(&loop);
        ui_settle(ui);
        loop_requests(&loop);
        while (!loop.leaving && (r = script_next(&rest, &step)) > 0)
                take_step(&loop, &step);
        grid_done(&loop.grid);
        if (r >= 0)
                return 0;
        *ret_at = script.len - rest.len;
        return -EINVAL;
}
